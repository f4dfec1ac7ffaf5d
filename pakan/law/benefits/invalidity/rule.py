"""Lasting loss of working capacity: part of the wage by category, from 1 (most severe) down."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from pakan.law.dated import History
from pakan.law.decision import Decision, sentences
from pakan.law.insured import Insured, birthday, months_later
from pakan.law.reckoning import Reckoning
from pakan.law.situation import Situation
from pakan.units.money import Kip
from pakan.units.rate import Rate

WORDS = sentences(Path(__file__).with_name("words.toml"))


@dataclass(frozen=True, slots=True)
class Values:
    """`step_per_category`: percentage points less for each lower category."""

    categories: int
    first_category: Rate
    step_per_category: Rate
    qualifying_months: int
    qualifying_months_work: int
    review_years: int
    review_below_age: int
    carer_allowance: Kip | None = None


def rate_of(values: Values, category: int) -> Rate:
    """80, 70, 60, 50, 40, 30 % for categories 1 to 6."""
    first, less = values.first_category, values.step_per_category
    exact = Fraction(first.numerator, first.denominator)
    exact -= Fraction(less.numerator, less.denominator) * (category - 1)
    return Rate(exact.numerator, exact.denominator)


def decide(person: Insured, situation: Situation, day: date, history: History[Values]) -> Decision:
    """For a category that the medical board gave on `day`."""
    r = Reckoning("invalidity", day, history, WORDS)
    category, after_work = situation.whole("category"), situation.yes("after_work_accident")
    needed = "qualifying_months_work" if after_work else "qualifying_months"
    r.need_months(person, getattr(r.values, needed), needed)
    r.need("board", "categories", True, category > 0, category > 0)
    if not category:
        return r.decision()
    average = r.average(person, named=False)
    kip = r.share(
        "of_category", "step_per_category", rate_of(r.values, category), average.exact, category=category
    )
    r.pay("monthly", "a_month", kip, day)
    review = months_later(day, 12 * r.values.review_years)
    if review < birthday(person.born, r.values.review_below_age):
        r.note("review", "review_years", review)
    return r.decision()
