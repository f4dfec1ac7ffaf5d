"""Opening a concern, adding to it, answering it."""

from collections.abc import Iterable
from datetime import date

from pakan.registers.concerns.models import Concern, ConcernStep
from pakan.registers.documents.models import Document
from pakan.registers.people.actions import take_numbers
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from pakan.units.number import concern_number


def report(
    kind: str, where: str, text: str, code_digest: str, day: date, photo: Document | None = None
) -> Concern:
    return Concern.objects.create(
        number=_number(day), origin=Concern.Origin.REPORT, code_digest=code_digest, kind=kind, where=where, text=text,
        opened_on=day, photo=photo,
    )  # fmt: skip


def _number(day: date) -> str:
    return concern_number(day.year, take_numbers(f"concern {day.year}"))


def of_fund(employers: Iterable[Employer], month: Month, day: date) -> int:
    """One concern for each employer that has none for this month yet; how many were new."""
    known = set(
        Concern.objects.filter(origin=Concern.Origin.FUND, month=month).values_list("employer_id", flat=True)
    )
    made = [
        Concern(
            number=_number(day), origin=Concern.Origin.FUND, kind=Concern.Kind.NOT_PAID, where=one.name_lo,
            employer=one, month=month, opened_on=day,
        )
        for one in employers
        if one.id not in known
    ]  # fmt: skip
    return len(Concern.objects.bulk_create(made))


def lock(number: str) -> Concern:
    """Raises Concern.DoesNotExist."""
    return Concern.objects.select_for_update().get(number=number)


def step(concern: Concern, state: str, text: str, account_id: int | None, day: date) -> ConcernStep:
    concern.state = state
    concern.save(update_fields=["state"])
    return ConcernStep.objects.create(concern=concern, state=state, text=text, account_id=account_id, day=day)
