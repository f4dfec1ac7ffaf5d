"""Childbirth and miscarriage: a lump sum for each child, and part of the wage while on leave."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Literal

from pakan.law.dated import History
from pakan.law.decision import Decision, sentences
from pakan.law.insured import Average, Insured
from pakan.law.reckoning import Reckoning
from pakan.law.situation import Situation
from pakan.units.rate import Rate

WORDS = sentences(Path(__file__).with_name("words.toml"))


@dataclass(frozen=True, slots=True)
class Values:
    qualifying_months_birth: int
    pregnancy_months_birth: int
    qualifying_months_miscarriage: int
    pregnancy_months_miscarriage: int
    last_miscarriage_month: int
    miscarriage_leave: Literal["by certificate"]
    lump_sum: Rate
    lump_sum_recipients: str
    monthly: Rate
    monthly_recipients: str
    most_days: int
    most_days_twins: int


def decide(person: Insured, situation: Situation, day: date, history: History[Values]) -> Decision:
    """For a birth, or the loss of a pregnancy, on `day`."""
    r = Reckoning("maternity", day, history, WORDS)
    months, days = situation.whole("pregnancy_months"), situation.whole("pregnancy_days")
    last = r.values.last_miscarriage_month
    is_birth = months > last or (months == last and days > 0)
    if months == last and days:
        r.note("between", "last_miscarriage_month", weighs=True, months=last)
    if is_birth:
        r.need_months(person, r.values.qualifying_months_birth, "qualifying_months_birth")
    else:
        least = r.values.pregnancy_months_miscarriage
        r.need("pregnancy", "pregnancy_months_miscarriage", least, months, months >= least)
        r.need_months(person, r.values.qualifying_months_miscarriage, "qualifying_months_miscarriage")
    own = _claimant(r, person, situation, is_birth)
    average = r.average(person)
    if is_birth:
        children = situation.whole("children")
        lump = r.share(
            "lump_sum", "lump_sum", r.values.lump_sum, average.exact, Fraction(children), children=children
        )
        r.pay("lump_sum", "lump_sum_due", lump, day, children=children)
    if own:
        _leave(r, situation, average, is_birth)
    return r.decision()


def _claimant(r: Reckoning[Values], person: Insured, situation: Situation, is_birth: bool) -> bool:
    """Whether the insured person herself gave birth, so that leave can be paid."""
    own = situation.choice("claimant") == "mother"
    if own:
        r.need("insured_woman", "monthly_recipients", True, person.sex == "f", person.sex == "f")
    elif is_birth:
        idle = not situation.yes("wife_has_occupation")
        r.need("wife_without_occupation", "lump_sum_recipients", True, idle, idle)
    else:
        r.need("only_insured_woman", "monthly_recipients", True, False, False)
    return own


def _leave(r: Reckoning[Values], situation: Situation, average: Average, is_birth: bool) -> None:
    asked, twins = situation.whole("leave_days"), situation.whole("children") > 1
    most_name = "most_days_twins" if twins and is_birth else "most_days"
    most = r.values.most_days_twins if twins and is_birth else r.values.most_days
    days = min(asked, most)
    if not is_birth:
        r.note("by_certificate", "miscarriage_leave", weighs=True)
    if asked > most:
        r.note("too_many_days", most_name, asked=asked, most=most)
    if not days:
        r.note("no_leave", "monthly_recipients")
        return
    month = r.share("monthly", "monthly", r.values.monthly, average.exact, final=False)
    exact = average.exact * Fraction(r.values.monthly.numerator, r.values.monthly.denominator)
    whole = r.pay_days("leave", exact, days, month=month)
    start = situation.day("leave_from") or r.day
    r.pay("period", "leave_due", whole, start, start + timedelta(days=days - 1), days=days)
