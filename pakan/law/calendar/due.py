"""When contributions are due (A-14)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pakan.law.calendar.holidays import holiday_on, next_working_day
from pakan.law.dated import History, Source, dated
from pakan.law.decision import Sentence, sentences
from pakan.units.month import Month
from pakan.units.words import english_date, english_month, lao_date, lao_month


@dataclass(frozen=True, slots=True)
class DueDays:
    """Days of the month that follows the wage month."""

    day: int
    moved: Literal["next working day"]
    reminder_day: int | None = None


HERE = Path(__file__).parent
DUE_DAYS = dated(DueDays, HERE / "due.toml")
WORDS = sentences(HERE / "words.toml")


@dataclass(frozen=True, slots=True)
class DueDate:
    """The due date of a month and how it came about: `nominal` before it moved off a weekend or holiday."""

    month: Month
    nominal: date
    due: date
    steps: tuple[Sentence, ...]
    source: Source

    @property
    def has_moved(self) -> bool:
        return self.nominal != self.due


def _in_force(month: Month) -> date:
    # The last day of the wage month: a rule that begins within a month already counts for it. That harms nobody,
    # since the due date lies later still.
    return month.last


def due_date(
    month: Month, extra_holidays: Collection[date] = (), history: History[DueDays] = DUE_DAYS
) -> date:
    """The day by which the contributions of `month` are paid. Raises NoLawYet.

    Banks' holidays move it too: without a bank nobody can pay. `extra_holidays`: days that staff added.
    """
    nominal = (month + 1).first.replace(day=history.on(_in_force(month)).day)
    return next_working_day(nominal, extra_holidays, banks=True)


def reminder_date(month: Month, history: History[DueDays] = DUE_DAYS) -> date | None:
    """The day by which reminders for `month` have arrived; None before there was one. Raises NoLawYet."""
    day = history.on(_in_force(month)).reminder_day
    return (month + 1).first.replace(day=day) if day else None


def explain_due_date(
    month: Month, extra_holidays: Collection[date] = (), history: History[DueDays] = DUE_DAYS
) -> DueDate:
    """The due date with its reasons in Lao and English. Raises NoLawYet."""
    nominal = (month + 1).first.replace(day=history.on(_in_force(month)).day)
    due = due_date(month, extra_holidays, history)
    about = {
        "month_lo": lao_month(month), "month_en": english_month(month),
        "day_lo": lao_date(nominal), "day_en": english_date(nominal),
        "due_lo": lao_date(due), "due_en": english_date(due),
    }  # fmt: skip
    steps = [WORDS["plain"].said(about)]
    if due != nominal:
        why = _why_closed(nominal)
        steps.append(WORDS["moved"].said(about | {"why_lo": why.lo, "why_en": why.en}))
    return DueDate(month, nominal, due, tuple(steps), history.sources("day", _in_force(month)))


def _why_closed(day: date) -> Sentence:
    if day.weekday() >= 5:
        return WORDS["weekend"]
    holiday = holiday_on(day, banks=True)
    return Sentence(holiday.lo, holiday.en) if holiday else WORDS["added_holiday"]
