"""What is read from the insurance record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from pakan.registers.kept import kept
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import employer_columns, employer_of_columns, same_person
from pakan.registers.records.models import Credit
from pakan.units.money import Kip
from pakan.units.month import Month


@dataclass(frozen=True)
class Posted:
    """A month that counts: the latest version of what was credited for it by one employer."""

    month: Month
    employer: Employer
    version: int
    wage: Kip
    insured: Kip
    employer_share: Kip
    worker_share: Kip
    credited_at: datetime


@kept(int)
def _posted(person_id: int) -> QuerySet[Credit, tuple[Any, ...]]:
    rows = Credit.objects.filter(same_person(person_id))
    latest = rows.order_by("-month", "employer_id", "person_id", "-version").distinct(
        "month", "employer_id", "person_id"
    )
    return latest.values_list(
        "month", "version", "wage", "insured", "employer_share", "worker_share", "credited_at",
        *employer_columns("employer__"),
    )  # fmt: skip


def statement(person_id: int, month: Month | None = None) -> list[Posted]:
    """The months credited to a person, also under an old number, newest first; a month corrected to nothing is left out."""
    rows = _posted(person_id) if month is None else _posted.queryset(person_id).filter(month=month)
    known: dict[int, Employer] = {}
    return [
        Posted(
            told, employer_of_columns(employer, known), version, Kip(wage), Kip(insured), Kip(employer_share),
            Kip(worker_share), credited_at,
        )
        for told, version, wage, insured, employer_share, worker_share, credited_at, *employer in rows
        if insured
    ]  # fmt: skip


def months_counted(person_id: int) -> int:
    """How many months count, however many employers paid for one."""
    return len({posted.month for posted in statement(person_id)})
