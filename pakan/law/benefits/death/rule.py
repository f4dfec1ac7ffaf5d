"""The grant at a death: months of wage that rise with the insured years (A-39), or of the benefit that was drawn."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pakan.law.dated import History
from pakan.law.decision import Decision, sentences
from pakan.law.insured import Insured
from pakan.law.reckoning import Reckoning
from pakan.law.situation import Situation
from pakan.units.money import Kip

WORDS = sentences(Path(__file__).with_name("words.toml"))


@dataclass(frozen=True, slots=True)
class Values:
    """Months of wage. `years_for_one_more`: above the printed table, which nobody pays by machine."""

    qualifying_months: int
    qualifying_window: int
    grant_base: int
    grant_spouse: int
    grant_child: int
    documents: str
    grant_first_years: int
    grant_2_years: int
    grant_3_years: int
    grant_4_years: int
    grant_5_years: int
    grant_6_years: int
    grant_7_8_years: int
    grant_9_10_years: int
    grant_11_12_years: int
    reading: Literal["one grant"]
    years_for_one_more: int


def decide(person: Insured, situation: Situation, day: date, history: History[Values]) -> Decision:
    """For a death on `day`: of the insured person, or of a husband, wife or child."""
    r = Reckoning("death", day, history, WORDS)
    who, draws = situation.choice("who_died"), situation.whole("monthly_benefit")
    if not (who == "insured" and draws):
        r.need_months(person, r.values.qualifying_months, "qualifying_months", r.values.qualifying_window)
    certified = situation.yes("certificate")
    r.need("death_certificate", "documents", True, certified, certified)
    if who == "insured" and draws:
        kip = _months_of(r, "grant_base", r.values.grant_base, Kip(draws))
    elif who == "insured":
        kip = _by_years(r, person)
    else:
        name = f"grant_{who}"
        kip = _months_of(r, name, getattr(r.values, name), r.month_of_wage(person))
    r.pay("lump_sum", "grant", kip, day)
    return r.decision()


def _by_years(r: Reckoning[Values], person: Insured) -> Kip:
    months = person.paid_before(r.day)
    name, many = months_for(r.values, months // 12)
    wage = r.month_of_wage(person)
    kip = _months_of(r, name, many, wage)
    if months >= 12:  # below, both readings of the table give the same
        r.note("one_grant", "reading", weighs=True, years=months // 12)
    return kip


def months_for(values: Values, years: int) -> tuple[str, int]:
    """The line of the table for so many full years, and its months of wage."""
    if years < 2:
        return "grant_first_years", values.grant_first_years
    if years <= 6:
        return f"grant_{years}_years", int(getattr(values, f"grant_{years}_years"))
    if years <= 12:
        name = ("grant_7_8_years", "grant_9_10_years", "grant_11_12_years")[(years - 7) // 2]
        return name, int(getattr(values, name))
    more = -(-(years - 12) // values.years_for_one_more)
    return "years_for_one_more", values.grant_11_12_years + more


def _months_of(r: Reckoning[Values], value: str, many: int, monthly: Kip) -> Kip:
    return r.step("months_of", value, Kip(many * monthly), many=many, monthly=monthly)
