"""Writing requests: begun, gone on with, decided. Each step is written beside it and stays."""

from datetime import datetime
from typing import Any

from pakan.registers.access.invitations import fits, new_code
from pakan.registers.documents.models import Document
from pakan.registers.joining.models import (
    Certificate,
    Change,
    HireList,
    Override,
    Paper,
    Request,
    RequestStep,
    State,
)
from pakan.registers.people.actions import take_numbers
from pakan.registers.people.models import Employer
from pakan.units.number import joining_number


def _number(year: int) -> str:
    return joining_number(year, take_numbers(f"joining {year}"))


def begin(kind: str, language: str, at: datetime, year: int) -> tuple[Request, str]:
    """A new draft and its code, which is nowhere else."""
    number = _number(year)
    code, digest = new_code(number)
    made = Request.objects.create(
        number=number, code_digest=digest, kind=kind, language=language, begun_at=at, touched_at=at
    )
    step(made, State.DRAFT, "", None, at)
    return made, code


def open_with(number: str, code: str) -> Request | None:
    """The request that this code opens, none if it is wrong. Guesses are counted by who asks (a lock that fades)."""
    kept = Request.objects.filter(number=number).first()
    right = fits(number, code, kept.code_digest if kept else "")
    return kept if right else None


def lock(number: str) -> Request:
    """Raises Request.DoesNotExist."""
    return Request.objects.select_for_update().get(number=number)


def change(request: Request, at: datetime, **facts: Any) -> None:
    """Write facts of a locked request; it counts as touched, and the days until the reminder begin anew."""
    request.reminded_at = None
    for name, value in facts.items():
        setattr(request, name, value)
    request.touched_at = at
    request.save(update_fields=[*facts, "touched_at", "reminded_at"])


def note_reminder(request: Request, at: datetime) -> None:
    """Said once; what the fund says does not count as touched."""
    request.reminded_at = at
    request.save(update_fields=["reminded_at"])


def step(request: Request, state: str, text: str, account_id: int | None, at: datetime) -> RequestStep:
    return RequestStep.objects.create(request=request, state=state, text=text, account_id=account_id, at=at)


def add_paper(request: Request, kind: str, document: Document) -> Paper:
    return Paper.objects.create(request=request, kind=kind, document=document)


def drop_paper(request: Request, paper_id: int, at: datetime) -> bool:
    """It is no longer part of the request; the file stays as long as files stay."""
    return bool(request.papers.filter(id=paper_id, dropped_at=None).update(dropped_at=at))


def next_code() -> str:
    """The next free employer code of 5 + 2 digits: a new main unit ends in 01."""
    while True:
        code = f"{take_numbers('employer code'):05d}01"
        if len(code) > 7:
            raise OverflowError("no employer code is left")
        if not Employer.objects.filter(code__startswith=code[:5]).exists():
            return code


def next_branch(code: str) -> str | None:
    """The next free last two digits under the same five; None when all are given."""
    Employer.objects.select_for_update().get(code=code)
    known = set(Employer.objects.filter(code__startswith=code[:5]).values_list("code", flat=True))
    free = (f"{code[:5]}{at:02d}" for at in range(1, 100))
    return next((one for one in free if one not in known), None)


def issue_certificate(employer: Employer, **facts: Any) -> Certificate:
    """A new certificate; those before it are replaced."""
    replace_certificates(employer, facts["issued_at"])
    return Certificate.objects.create(employer=employer, **facts)


def replace_certificates(employer: Employer, at: datetime) -> int:
    return Certificate.objects.filter(employer=employer, replaced_at=None).update(replaced_at=at)


def ask_change(year: int, **facts: Any) -> Change:
    return Change.objects.create(number=_number(year), **facts)


def lock_change(number: str) -> Change:
    """Raises Change.DoesNotExist."""
    return Change.objects.select_for_update(of=("self",)).select_related("employer").get(number=number)


def write_change(change: Change, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(change, name, value)
    change.save(update_fields=list(facts))


def note_override(**facts: Any) -> Override:
    return Override.objects.create(**facts)


def look_at_override(override_id: int, same: bool, account_id: int, at: datetime) -> Override | None:
    """A registrar says whether they are the same person; None if somebody said so before."""
    found = Override.objects.select_for_update().filter(id=override_id, looked_at=None).first()
    if found is not None:
        found.same, found.looked_by_id, found.looked_at = same, account_id, at
        found.save(update_fields=["same", "looked_by", "looked_at"])
    return found


def expire(before: datetime, reminded_before: datetime, at: datetime) -> list[Request]:
    """Requests that the applicant left alone since `before`, though reminded before `reminded_before`, end; each of them."""
    ended = []
    idle = Request.objects.select_for_update(skip_locked=True).filter(
        state__in=(State.DRAFT, State.RETURNED), touched_at__lt=before, reminded_at__lt=reminded_before
    )
    for one in idle:
        one.state = State.EXPIRED
        one.save(update_fields=["state"])
        step(one, State.EXPIRED, "", None, at)
        ended.append(one)
    return ended


def idle_since(before: datetime) -> list[Request]:
    """Requests with the applicant, untouched since `before`, of which nobody was reminded; locked."""
    found = Request.objects.select_for_update(skip_locked=True).filter(
        state__in=(State.DRAFT, State.RETURNED), touched_at__lt=before, reminded_at=None
    )
    return list(found.order_by("id"))


def keep_list(employer: Employer, lines: list[dict[str, Any]], account_id: int, at: datetime) -> HireList:
    return HireList.objects.create(employer=employer, lines=lines, made_by_id=account_id, made_at=at)


def lock_list(employer: Employer, list_id: int) -> HireList:
    """Raises HireList.DoesNotExist, also for another employer's."""
    return HireList.objects.select_for_update().get(employer=employer, id=list_id)


def write_list(found: HireList, at: datetime | None = None) -> None:
    """`at`: finished then."""
    found.finished_at = at or found.finished_at
    found.save(update_fields=["lines", "finished_at"])
