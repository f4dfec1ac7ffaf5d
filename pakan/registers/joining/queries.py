"""What is read about requests."""

from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet

from pakan.registers.joining.models import (
    WITH_FUND,
    Certificate,
    Change,
    HireList,
    Override,
    Paper,
    Request,
    RequestStep,
    State,
)
from pakan.registers.people.models import Employer


def request_by_id(request_id: object) -> Request | None:
    """The request of a browser's session, with what belongs to it."""
    if not isinstance(request_id, int):
        return None
    return Request.objects.select_related("district__province", "employer").filter(id=request_id).first()


def request_by_number(number: str) -> Request | None:
    found = Request.objects.select_related("district__province", "employer", "first_by", "decided_by")
    steps = Prefetch("steps", RequestStep.objects.select_related("account").order_by("id"))
    return found.prefetch_related(steps).filter(number=number).first()


def papers_of(request: Request) -> list[Paper]:
    return list(
        request.papers.filter(dropped_at=None)
        .select_related("document")
        .defer("document__content")
        .order_by("id")
    )


def missing_text(request: Request) -> str:
    """What the officer wrote last when he gave it back."""
    found = request.steps.filter(state=State.RETURNED).order_by("-id").values_list("text", flat=True).first()
    return found or ""


def refusal_text(request: Request) -> str:
    found = request.steps.filter(state=State.REFUSED).order_by("-id").values_list("text", flat=True).first()
    return found or ""


def waiting() -> QuerySet[Request]:
    """What the fund has to look at, the nearest promise first."""
    return (
        Request.objects.filter(state__in=WITH_FUND).select_related("district").order_by("promised_on", "id")
    )


def doubles(request: Request) -> list[tuple[Employer, list[str]]]:
    """Employers on record that may be the same, each with what agrees."""
    wanted = Q(name_key=request.name_key) if request.name_key else Q(pk=None)
    for column in ("tax_number", "enterprise_number", "phone"):
        if value := getattr(request, column):
            wanted |= Q(**{column: value})
    found = Employer.objects.filter(wanted).exclude(scheme=Employer.Scheme.VOLUNTARY).order_by("code")
    signs = ("tax_number", "enterprise_number", "name_key", "phone")
    return [
        (
            one,
            [
                sign
                for sign in signs
                if getattr(request, sign) and getattr(one, sign) == getattr(request, sign)
            ],
        )
        for one in found[:10]
    ]


def other_requests(request: Request) -> list[Request]:
    """Open requests with the same number or name."""
    same = Q(name_key=request.name_key) if request.name_key else Q(pk=None)
    for column in ("tax_number", "enterprise_number"):
        if value := getattr(request, column):
            same |= Q(**{column: value})
    found = Request.objects.filter(same, state__in=[State.WAITING, State.PROPOSED, State.RETURNED])
    return list(found.exclude(id=request.id).order_by("id")[:10])


def has_taken_access(request: Request) -> bool:
    """Whether the first administrator has come in."""
    return request.invitation is not None and request.invitation.taken_at is not None


def certificate_of(employer: Employer) -> Certificate | None:
    return Certificate.objects.select_related("employer").filter(employer=employer, replaced_at=None).first()


def is_certificate_withdrawn(number: str) -> bool:
    return Certificate.objects.filter(number=number, replaced_at__isnull=False).exists()


def certificates_withdrawn(today: date) -> list[str]:
    """Replaced ones whose own time is not over: readers without network must learn of them."""
    return list(
        Certificate.objects.filter(replaced_at__isnull=False, until__gte=today).values_list(
            "number", flat=True
        )
    )


def changes_of(employer: Employer) -> QuerySet[Change]:
    return Change.objects.filter(employer=employer).order_by("-id")


def changes_waiting() -> QuerySet[Change]:
    return Change.objects.filter(state__in=WITH_FUND).select_related("employer").order_by("promised_on", "id")


def change_by_number(number: str) -> Change | None:
    found = Change.objects.select_related("employer", "asked_by", "first_by", "decided_by")
    return found.filter(number=number).first()


def revivals() -> QuerySet[Change]:
    """Employers that were closed and opened again (A3), newest first."""
    done = Change.objects.filter(kind=Change.Kind.REOPEN, state=State.APPROVED)
    return done.select_related("employer", "first_by", "decided_by").order_by("-decided_at")


def revived_since(since: datetime) -> int:
    return Change.objects.filter(kind=Change.Kind.REOPEN, state=State.APPROVED, decided_at__gte=since).count()


def overrides_waiting() -> QuerySet[Override]:
    return (
        Override.objects.filter(looked_at=None)
        .select_related("employer", "person", "like", "account")
        .order_by("id")
    )


def hire_list(employer: Employer, list_id: int) -> HireList | None:
    """A list of this very employer."""
    return HireList.objects.filter(employer=employer, id=list_id).first()
