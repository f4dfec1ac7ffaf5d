"""Debts of the whole fund by age: how much is open, since when, where, and of whom. Read only.

All open debts together, with those that are not yet due, are the ledger's contributions receivable (account 1100).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, CharField, Count, F, Min, QuerySet, Sum, Value, When

from pakan.registers.contributions.models import Obligation
from pakan.registers.people.models import Employer

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

DAYS = (30, 90, 365)  # an age ends with this many days after the due date
COMING = "coming"  # not yet due
OVERDUE = (*map(str, DAYS), "more")


class Debt(TypedDict):
    """What an employer owes in the ages that were asked for: kip, months, and the oldest due date."""

    open: int
    months: int
    oldest: date


@dataclass
class Sums:
    """Kip by age of a district, a province or all; `of` counts employers with something overdue."""

    by_age: dict[str, int] = field(default_factory=lambda: dict.fromkeys([COMING, *OVERDUE], 0))
    of: int = 0

    @property
    def overdue(self) -> int:
        return sum(self.by_age[age] for age in OVERDUE)

    def add(self, other: "Sums") -> None:
        """Each employer lies in one district, so that its count may be added too."""
        self.of += other.of
        for age, kip in other.by_age.items():
            self.by_age[age] += kip


def by_district(today: date) -> Mapping[str, Sums]:
    """District code -> what is open there. Two queries, however many employers."""
    found: dict[str, Sums] = {}
    rows = _open().annotate(age=_age(today)).values_list("employer__district_id", "age")
    for district, age, kip in rows.annotate(kip=Sum(F("owed") - F("settled"))).order_by():
        found.setdefault(district, Sums()).by_age[age] += int(kip)
    late = _open().filter(due_on__lt=today).values_list("employer__district_id")
    for district, of in late.annotate(of=Count("employer_id", distinct=True)).order_by():
        found[district].of = of
    return found


def debtors(today: date, age: str = "") -> "QuerySet[WithAnnotations[Employer, Debt]]":
    """Employers with something overdue (of that age), who owe most first; their district and province come along."""
    after, until = _days_of(today, age)
    late = Employer.objects.filter(
        obligation__settled__lt=F("obligation__owed"), obligation__due_on__range=(after, until)
    )
    told = late.annotate(
        open=Sum(F("obligation__owed") - F("obligation__settled")),
        months=Count("obligation"),
        oldest=Min("obligation__due_on"),
    )
    return told.select_related("district__province").order_by("-open", "code")


def _open() -> QuerySet[Obligation]:
    return Obligation.objects.filter(settled__lt=F("owed"))


def _age(today: date) -> Case:
    older = [When(due_on__gte=today - timedelta(days=days), then=Value(str(days))) for days in DAYS]
    return Case(
        When(due_on__gte=today, then=Value(COMING)), *older, default=Value("more"), output_field=CharField()
    )


def _days_of(today: date, age: str) -> tuple[date, date]:
    """First and last due date of an age; of all that is overdue for any other word."""
    ends = [0, *DAYS]
    if age not in OVERDUE:
        return date.min, today - timedelta(days=1)
    at = OVERDUE.index(age)
    first = date.min if age == "more" else today - timedelta(days=ends[at + 1])
    return first, today - timedelta(days=ends[at] + 1)
