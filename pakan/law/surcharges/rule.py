"""What is added to a debt that is paid late. The rate is 0 until the fund names one (A-01)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Literal

from pakan.law.dated import dated
from pakan.units.money import Kip, kip
from pakan.units.month import Month
from pakan.units.rate import Rate


@dataclass(frozen=True, slots=True)
class Terms:
    """`rate` of the debt for each day, or each begun month, of delay; never compounded.

    `cap`: the part of the debt that a surcharge never exceeds. `grace_days` after the due date are free.
    """

    rate: Rate
    per: Literal["day", "month"]
    grace_days: int
    cap: Rate | None = None


TERMS = dated(Terms, Path(__file__).with_name("terms.toml"))


def terms_for(month: Month) -> Terms:
    """The terms in force on the first day of the wage month. Raises NoLawYet."""
    return TERMS.on(month.first)


def periods_late(due: date, until: date, terms: Terms) -> int:
    """Days, or begun months, from the end of grace to `until`, the day of payment."""
    start = due + timedelta(days=terms.grace_days)
    if until <= start:
        return 0
    if terms.per == "day":
        return (until - start).days
    months = Month.of(until).number - Month.of(start).number
    # A month of delay ends on the same day of a later month, or on its last day where that day is missing.
    end_day = min(start.day, Month.of(until).last.day)
    return months + (1 if until.day > end_day else 0)


def surcharge(debt: Kip, due: date, until: date, terms: Terms) -> Kip:
    """What is added to `debt` (>= 0) if it is paid on `until`. Half up to whole kip, once, at the end.

    Raises ValueError for a debt below zero.
    """
    if debt < 0:
        raise ValueError("a debt below zero is a credit and carries no surcharge")
    exact = Fraction(terms.rate.numerator, terms.rate.denominator) * debt * periods_late(due, until, terms)
    charged = kip((2 * exact.numerator + exact.denominator) // (2 * exact.denominator))
    return charged if terms.cap is None else Kip(min(charged, terms.cap.of(debt)))


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that are not counted (A-90): a disputed part of the debt, or the whole of it in an agreed plan.

    The days after `begins` up to `ends` (None: still going on) do not count; `amount` None is the whole debt.
    """

    begins: date
    ends: date | None = None
    amount: Kip | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a debt with its own count of days: `late` periods were charged, `frozen` days were not counted."""

    debt: Kip
    late: int
    frozen: int
    charge: Kip


def frozen_days(start: date, until: date, pauses: Iterable[Pause]) -> int:
    """Days after `start` up to `until` that at least one of the pauses takes out, each once."""
    days, seen = 0, start
    for pause in sorted(pauses, key=lambda one: one.begins):
        begin, end = max(seen, pause.begins), min(until, pause.ends or until)
        if end > begin:
            days, seen = days + (end - begin).days, end
    return days


def charged(
    debt: Kip, paid: Kip, due: date, until: date, terms: Terms, pauses: Sequence[Pause] = ()
) -> list[Part]:
    """What paying `paid` of an open `debt` on `until` adds, part by part: what nobody disputes is paid first.

    Raises ValueError when more is paid than is open.
    """
    if not 0 <= paid <= debt:
        raise ValueError(f"{paid} kip cannot be paid of {debt} open kip")
    found, left = [], paid
    for amount, own in _slices(debt, pauses):
        part = Kip(min(left, amount))
        if part:
            frozen = frozen_days(due + timedelta(days=terms.grace_days), until, own)
            counted = until - timedelta(days=frozen)
            charge = surcharge(part, due, counted, terms)
            found.append(Part(part, periods_late(due, counted, terms), frozen, charge))
            left = Kip(left - part)
    return found


def _slices(debt: Kip, pauses: Sequence[Pause]) -> list[tuple[Kip, list[Pause]]]:
    """The open debt in the order in which it is paid, each slice with the pauses that touch it."""
    whole = [pause for pause in pauses if pause.amount is None]
    left, slices = debt, []
    for pause in pauses:
        if pause.amount is not None:
            part = Kip(min(left, pause.amount))
            slices.append((part, [pause, *whole]))
            left = Kip(left - part)
    return [(left, whole), *reversed(slices)]
