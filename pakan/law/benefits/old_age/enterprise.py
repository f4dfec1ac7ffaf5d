"""Pension of enterprise and voluntary members.

To 2013: points x 1.5 % x the average of twelve months, a point being a year at average earnings. The formula of today
is not known; the old one is reckoned for staff and not shown to members (A-35).
"""

from fractions import Fraction

from pakan.law.benefits.old_age.values import Values
from pakan.law.decision import Decision
from pakan.law.insured import Insured, birthday, full_years, half_up
from pakan.law.reckoning import Reckoning
from pakan.law.situation import Situation


def decide_enterprise(r: Reckoning[Values], person: Insured, situation: Situation) -> Decision:
    """Age, months paid, and the amount as far as it is known."""
    age, value = _age(r, person, situation)
    reached = birthday(person.born, age)
    r.need("age", value, age, full_years(person.born, r.day), r.day >= reached, reached)
    enough = r.need_months(person, r.values.qualifying_months, "qualifying_months")
    if r.day >= reached and not enough and r.is_set("lump_sum_when_short"):
        r.note("short", "lump_sum_when_short", weighs=True)
    _amount(r, person, situation)
    return r.decision()


def _age(r: Reckoning[Values], person: Insured, situation: Situation) -> tuple[int, str]:
    """The age of the way that is open, and the value that names it."""
    sex = "men" if person.sex == "m" else "women"
    normal, values = int(getattr(r.values, f"age_{sex}")), r.values
    hazardous = getattr(values, f"hazardous_age_{sex}")
    if hazardous is not None and person.longest_hazardous(r.day) >= r.known("hazardous_years"):
        return hazardous, f"hazardous_age_{sex}"
    if situation.yes("wants_early"):
        if values.early_age is not None:
            return values.early_age, "early_age"
        if values.early_years is not None and situation.yes("poor_health"):
            return normal - values.early_years, "early_years"
        r.note("early_needs_health", "early_years")
    return normal, f"age_{sex}"


def _amount(r: Reckoning[Values], person: Insured, situation: Situation) -> None:
    hidden = r.source("accrual").confidence != "high"
    average = person.average(r.values.reference_months, r.day)
    if not average.months:
        return
    r.step(
        "average_12", "reference_months", average.kip, hidden, months=len(average.months), total=average.total
    )
    points = situation.whole_or_none("points_hundredths")
    if points is None:
        points = person.paid_before(r.day) * 100 // 12
        if not hidden:  # the fund's own points would make it certain
            r.note("points_assumed", "points_when_unknown", weighs=True, points=_decimal(points))
    rate = Fraction(points, 100) * Fraction(r.values.accrual.numerator, r.values.accrual.denominator)
    most = r.values.maximum
    exact = average.exact * rate
    kip = r.step(
        "pension",
        "accrual",
        half_up(exact),
        hidden,
        points=_decimal(points),
        rate=r.values.accrual,
        of=average.kip,
    )
    if most is not None and rate > Fraction(most.numerator, most.denominator):
        kip = r.step(
            "at_most",
            "maximum",
            half_up(average.exact * most.numerator / most.denominator),
            hidden,
            rate=most,
        )
    if exact != kip and not hidden:
        r.step("rounded", "rounding", kip)
    if hidden:
        r.note("formula_unknown", "accrual", weighs=True)
    r.pay("monthly", "a_month", kip, r.day, staff_only=hidden)


def _decimal(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"
