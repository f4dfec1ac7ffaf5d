"""What is added to a debt that is paid late. The rate is 0 until the fund names one (A-01)."""

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
