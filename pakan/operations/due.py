"""Due: until when a month may be declared and paid, with the days that moved because the service was down (C86).

The law's day comes from the law in force; an outage on it moves it to the next working day (A-62). It moves by itself, for
everybody alike, and never back. Below the verbs, since declaring, chasing and charging all ask for the same day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pakan.law.calendar.holidays import next_working_day
from pakan.operations.law_in_force import InForce, in_force
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.contributions import actions as contributions
from pakan.registers.service import actions, queries
from pakan.registers.service.models import Outage
from pakan.units.month import Month

COUNTS_FROM = time(6)  # a break in the night before costs nobody his day
ENOUGH = timedelta(hours=1)  # together, on the due day


@dataclass(frozen=True, slots=True)
class DueDays:
    """The due days of all months, for whoever asks about many: one query for the days that moved."""

    law: InForce
    moved: Mapping[date, date]

    def due_date(self, month: Month) -> date:
        """The day until which `month` is in time. Raises NoLawYet."""
        day = self.law.due_date(month)
        while day in self.moved:  # the day that it moved to may have had its own outage
            day = self.moved[day]
        return day


def due_days() -> DueDays:
    return DueDays(in_force(), queries.moved_days())


def due_on(month: Month) -> date:
    """The day until which `month` is in time. Raises NoLawYet."""
    return due_days().due_date(month)


def make_good(outage: Outage, at: datetime) -> list[date]:
    """Move every due day that this outage took an hour from, and the debts that stand on it. The days that moved."""
    law = in_force()
    day = outage.start.astimezone(VIENTIANE).date()
    moved = []
    while day <= outage.end.astimezone(VIENTIANE).date():
        if _lost(day) >= ENOUGH and _is_due_day(day, law):
            to = next_working_day(day + timedelta(days=1), law.holidays, banks=True)
            if actions.move_day(day, to, outage, at):
                contributions.move_due(day, to)
                moved.append(day)
        day += timedelta(days=1)
    return moved


def _is_due_day(day: date, law: InForce) -> bool:
    """Whether a month is due on `day`: by the law, or because its own day moved here."""
    month = Month.of(day) - 1
    return day in {law.due_date(month), law.due_date(month - 1), *queries.moved_days().values()}


def _lost(day: date) -> timedelta:
    """How long the service was down on `day`, all outages together; stretches that overlap count once."""
    start = datetime.combine(day, COUNTS_FROM, VIENTIANE)
    end = datetime.combine(day + timedelta(days=1), time(), VIENTIANE)
    lost, reached = timedelta(), start
    for outage in queries.outages_between(start, end):
        begin, stop = max(outage.start, reached), min(outage.end, end)
        if stop > begin:
            lost += stop - begin
            reached = stop
    return lost
