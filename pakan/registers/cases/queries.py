"""What is read about cases."""

from django.db.models import Q, QuerySet

from pakan.registers.cases.models import Case
from pakan.registers.cases.states import State
from pakan.units.month import Month


def of_person(person_id: int, month: Month) -> list[Case]:
    """What a person said about a month, newest first."""
    found = Case.objects.filter(person_id=person_id, month=month).select_related("employer")
    return list(found.order_by("-opened_at", "-id"))


def same_still_open(person_id: int, month: Month, employer_id: int | None, kind: str) -> Case | None:
    return (
        Case.objects.filter(Q(employer_id=employer_id), person_id=person_id, month=month, kind=kind)
        .exclude(state=State.CLOSED.value)
        .first()
    )


def open_count(person_id: int) -> int:
    return Case.objects.filter(person_id=person_id).exclude(state=State.CLOSED.value).count()


def waiting() -> QuerySet[Case]:
    """Cases that nobody answered yet first, then those still worked on; the oldest of each first."""
    return (
        Case.objects.exclude(state=State.CLOSED.value)
        .select_related("employer")
        .order_by("-state", "opened_at", "id")
    )


def case(number: str) -> Case | None:
    return (
        Case.objects.select_related("person", "employer")
        .prefetch_related("steps__account")
        .filter(number=number)
        .first()
    )
