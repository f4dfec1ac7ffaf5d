"""A member's months, put together from what employers declared, what was posted, and where the member works.

Three things are told apart: declared, paid, posted (C19). A month is missing when it should have been declared or
paid by now: late is a question about today, never a stored state.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from pakan.law.dated import NoLawYet
from pakan.operations.due import DueDays, due_days
from pakan.operations.law_in_force import InForce
from pakan.registers.contributions.queries import Declared, declared_for
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import employments_of
from pakan.registers.records.queries import Posted, statement
from pakan.units.month import Month

State = Literal["paid", "coming", "missing", "future", "none"]
# What a month with several employers shows: it counts as soon as one has paid.
FIRST: tuple[State, ...] = ("paid", "missing", "coming", "future", "none")


@dataclass(frozen=True)
class Work:
    """One month at one employer. Days are days in Vientiane; `due` is None before there was a law."""

    month: Month
    employer: Employer
    state: State
    declared: Declared | None
    posted: Posted | None
    due: date | None


@dataclass(frozen=True)
class Record:
    """All of a member's months, by month; newest first within a month's employers does not matter."""

    works: dict[Month, list[Work]]
    today: date
    law: InForce

    @cached_property
    def _states(self) -> dict[Month, State]:
        return {
            month: min((work.state for work in works), key=FIRST.index)
            for month, works in self.works.items()
            if works
        }

    def state(self, month: Month) -> State:
        found = self._states.get(month)
        if found:
            return found
        return "future" if month > Month.of(self.today) else "none"

    @cached_property
    def paid(self) -> list[Month]:
        return sorted(month for month, state in self._states.items() if state == "paid")

    @cached_property
    def counted(self) -> list[Month]:
        """Paid months that are over: one that is paid ahead counts, as the law counts, when it is over."""
        return [month for month in self.paid if month < Month.of(self.today)]

    @property
    def ahead(self) -> int:
        """Months that are paid and not over yet."""
        return len(self.paid) - len(self.counted)

    def employers(self) -> list[tuple[Employer, list[Month]]]:
        """Whom the person worked for, the latest first, with the months: the career goes along by itself (C29)."""
        found: dict[int, tuple[Employer, list[Month]]] = {}
        for month in sorted(self.works):
            for work in self.works[month]:
                found.setdefault(work.employer.id, (work.employer, []))[1].append(month)
        return sorted(found.values(), key=lambda pair: pair[1][-1], reverse=True)

    def all_in(self, state: State) -> list[Work]:
        """Every month and employer in this state, newest first."""
        found = [work for works in self.works.values() for work in works if work.state == state]
        return sorted(found, key=lambda work: (-work.month.number, work.employer.id))

    def rows(self) -> tuple[list[Declared], list[Posted]]:
        """What it was put together from."""
        every = [work for works in self.works.values() for work in works]
        return [one.declared for one in every if one.declared], [one.posted for one in every if one.posted]

    @property
    def first(self) -> Month | None:
        return min(self.works, default=None)


def record_of(person_id: int, today: date) -> Record:
    return _record(person_id, today, None)


def month_of(person_id: int, month: Month, today: date) -> list[Work]:
    return _record(person_id, today, month).works.get(month, [])


def _record(person_id: int, today: date, only: Month | None) -> Record:
    posted = {(row.month, row.employer.id): row for row in statement(person_id, only)}
    declared = {(row.month, row.employer.id): row for row in declared_for(person_id, only)}
    there = _worked(person_id, Month.of(today), only)
    employers = {employer.id: employer for _, employer in there}
    employers |= {row.employer.id: row.employer for row in posted.values()}
    employers |= {row.employer.id: row.employer for row in declared.values()}
    keys = posted.keys() | declared.keys() | {(month, employer.id) for month, employer in there}
    works: dict[Month, list[Work]] = {}
    law = due_days()
    for month, employer_id in sorted(keys):
        key = (month, employer_id)
        due = _due(month, declared.get(key), law)
        state = _state(posted.get(key), declared.get(key), due, today)
        work = Work(month, employers[employer_id], state, declared.get(key), posted.get(key), due)
        works.setdefault(month, []).append(work)
    return Record(works, today, law.law)


def _worked(person_id: int, last: Month, only: Month | None) -> list[tuple[Month, Employer]]:
    """Each month until now in which the person worked for an employer that had to declare."""
    found = []
    for work in employments_of(person_id):
        first = max(Month.of(work.start), work.employer.first_month)
        ends = [last, *([Month.of(work.end)] if work.end else []), *_closed(work.employer)]
        found += [(month, work.employer) for month in first.until(min(ends)) if only in (None, month)]
    return found


def _closed(employer: Employer) -> Iterable[Month]:
    return [employer.last_month] if employer.last_month else []


def _due(month: Month, declared: Declared | None, law: DueDays) -> date | None:
    if declared is not None:
        return declared.due_on
    try:
        return law.due_date(month)
    except NoLawYet:
        return None


def _state(posted: Posted | None, declared: Declared | None, due: date | None, today: date) -> State:
    if posted is not None:
        return "paid"
    if due is None or (declared is not None and not declared.insured):
        return "none"
    if declared is not None and (declared.paid_on or today <= due):
        return "coming"
    return "missing" if today > due else "future"
