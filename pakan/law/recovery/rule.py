"""Late debts that people agree about: instalments, how far back, how long (A-91). The numbers stand in terms.toml."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pakan.law.calendar.holidays import next_working_day
from pakan.law.dated import dated
from pakan.units.money import Kip
from pakan.units.month import Month


@dataclass(frozen=True, slots=True)
class Recovery:
    """`waiver_of_two`: a waiver above it needs a third person; `months_corrected_alone`: older ones an officer too."""

    most_instalments: int
    least_instalment: Kip
    days_to_catch_up: int
    waiver_of_two: Kip
    months_corrected_alone: int
    days_to_contest: int
    certificate_days: int


RECOVERY = dated(Recovery, Path(__file__).with_name("terms.toml"))


def recovery_on(day: date) -> Recovery:
    """Raises NoLawYet."""
    return RECOVERY.on(day)


class WrongPlan(ValueError):
    """No plan can be made so: `code` is 'count', 'small' or 'nothing'."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def instalments(
    total: Kip, count: int, start: date, terms: Recovery, extra_holidays: Collection[date] = ()
) -> list[tuple[date, Kip]]:
    """`count` equal parts with their due days, a month apart, the first a month after `start`.

    Kip that cannot be shared out go to the first part. A day without banks moves on. Raises WrongPlan.
    """
    if total <= 0:
        raise WrongPlan("nothing")
    if not 2 <= count <= terms.most_instalments:
        raise WrongPlan("count")
    part, rest = divmod(total, count)
    if part < terms.least_instalment:
        raise WrongPlan("small")
    days = [
        next_working_day(_later(start, ahead), extra_holidays, banks=True) for ahead in range(1, count + 1)
    ]
    return [(day, Kip(part + (rest if place == 0 else 0))) for place, day in enumerate(days)]


def _later(day: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    month = Month.of(day) + months
    return month.first.replace(day=min(day.day, month.last.day))


def catch_up_until(due: date, terms: Recovery) -> date:
    """Until when a missed instalment may still be paid without ending the plan."""
    return due + timedelta(days=terms.days_to_catch_up)


def needs_officer(month: Month, today: date, terms: Recovery) -> bool:
    """Whether a correction of this month needs an officer beside the employer's own two people (C115)."""
    return Month.of(today).number - month.number > terms.months_corrected_alone


def needs_third(amount: Kip, terms: Recovery) -> bool:
    """Whether a waiver of this size needs a third person (C117)."""
    return amount > terms.waiver_of_two
