"""Pension of civil servants, police and army, before and after the ordinance of 2 June 2025; and the lump sum."""

from fractions import Fraction

from pakan.law.benefits.old_age.values import Values
from pakan.law.decision import Decision
from pakan.law.insured import Insured, birthday, full_years, half_up, months_later
from pakan.law.reckoning import Reckoning
from pakan.law.situation import Situation
from pakan.units.money import Kip
from pakan.units.rate import Rate


def decide_public(r: Reckoning[Values], person: Insured, situation: Situation) -> Decision:
    """Age and years of service, and which points are lost where one of them falls short."""
    service = _service_months(r, person, situation)
    last = _last_salary(r, person)
    if situation.yes("leaves_service"):
        return _lump_sum(r, service, last)
    special = situation.yes("special_case") or person.longest_hazardous(r.day) >= r.known(
        "special_hazardous_years"
    )
    if special:
        ages, years_name = "special_age", "special_service_years"
    else:
        ages, years_name = "public_age", "public_service_years"
    age_name = f"{ages}_{'men' if person.sex == 'm' else 'women'}"
    age, years = r.known(age_name), r.known(years_name)
    lost_service = 0 if special else _lost_service(r, service, years)
    lost_age = 0 if special or lost_service else _lost_age(r, person, age, situation)
    _need_age(r, person, age_name, age - lost_age)
    _need_service(r, service, years_name, years - lost_service)
    _early_open(r, person, age, situation, special)
    _amount(r, service, last, lost_age + lost_service)
    return r.decision()


def _service_months(r: Reckoning[Values], person: Insured, situation: Situation) -> int:
    """Months of service, with one more year for every three before 1975."""
    before = situation.whole("months_before_1975")
    credit: int = before // (12 * r.known("credit_for_each_years")) * 12
    if credit:
        r.note("credit", "credit_for_each_years", weighs=True, years=credit // 12)
    return person.service_months(r.day) + credit


def _last_salary(r: Reckoning[Values], person: Insured) -> Kip:
    """0 where no public salary is on the record: then no amount is told, for a pension of 0 kip would be a lie."""
    served = person.only("public")
    month = served.last_paid(r.day)
    if month is None:
        r.note("salary_unknown", "public_formula", weighs=True)
        return Kip(0)
    return r.step("last_salary", "public_formula", served.paid[month], month=month)


def _lost_service(r: Reckoning[Values], service: int, years: int) -> int:
    """Missing years of service, up to two; part years count as whole ones (A-38)."""
    missing = -((service - 12 * years) // 12)
    if not 0 < missing <= r.known("public_short_service_years"):
        return 0
    if (12 * years - service) % 12:
        r.note("part_years", "part_years", weighs=True)
    return missing


def _lost_age(r: Reckoning[Values], person: Insured, age: int, situation: Situation) -> int:
    """Missing years of age, up to three and only to 1 June 2025; part years count as whole ones (A-38)."""
    if not situation.yes("wants_early"):
        return 0
    missing = _missing_age(r, person, age)
    if missing and birthday(person.born, age - missing) != r.day:
        r.note("part_years", "part_years", weighs=True)
    return missing


def _missing_age(r: Reckoning[Values], person: Insured, age: int) -> int:
    most: int = r.known("public_short_age_years")
    return next((less for less in range(most + 1) if birthday(person.born, age - less) <= r.day), 0)


def _need_age(r: Reckoning[Values], person: Insured, name: str, age: int) -> None:
    reached = birthday(person.born, age)
    r.need("age", name, age, full_years(person.born, r.day), r.day >= reached, reached)


def _need_service(r: Reckoning[Values], service: int, name: str, years: int) -> None:
    missing = max(0, 12 * years - service)
    r.need(
        "service_years",
        name,
        years,
        service // 12,
        not missing,
        months_later(r.day, missing) if missing else None,
    )


def _early_open(r: Reckoning[Values], person: Insured, age: int, situation: Situation, special: bool) -> None:
    """Tells who is too young that an early pension is open, with fewer points."""
    missing = 0 if special or situation.yes("wants_early") else _missing_age(r, person, age)
    if missing:
        r.note("early_open", "public_short_age_years", points=missing * r.known("public_points_per_year"))


def _amount(r: Reckoning[Values], service: int, last: Kip, lost: int) -> None:
    if service < 12 * (r.known("public_service_years") - r.known("public_short_service_years")):
        r.note("percent_unknown", "percent_table", weighs=True)
        return
    if not last:
        return
    points = lost * r.known("public_points_per_year")
    full: Rate = r.known("public_full")
    percent = Fraction(full.numerator, full.denominator) - Fraction(points, 100)
    rate = Rate(percent.numerator, percent.denominator)
    if points:
        r.note("points_lost", "public_points_per_year", weighs=True, points=points)
    kip = r.share("public_pension", "public_full", rate, Fraction(last))
    r.pay("monthly", "a_month", kip, r.day)


def _lump_sum(r: Reckoning[Values], service: int, last: Kip) -> Decision:
    """Article 38: for who leaves before the years of a pension are full."""
    least = r.known("public_service_years") - r.known("public_short_service_years")
    rate, tenths = r.values.lump_sum_rate, r.values.lump_sum_tenths
    years = service // 12
    r.need("too_short_for_pension", "public_service_years", least, years, years < least)
    r.need("some_service", "public_service_years", 1, years, years >= 1)
    if rate is None or tenths is None:
        r.need("lump_sum_known", "percent_table", True, False, False, r.first_day("lump_sum_rate"))
        return r.decision()
    if not last:
        return r.decision()
    exact = Fraction(last * rate.numerator * tenths * years, rate.denominator * 10)
    kip = r.step(
        "lump_sum",
        "lump_sum_rate",
        half_up(exact),
        last=last,
        rate=rate,
        times=f"{tenths // 10}.{tenths % 10}",
        years=years,
    )
    if exact != kip:
        r.step("rounded", "rounding", kip)
    r.pay("lump_sum", "lump_sum_due", kip, r.day)
    return r.decision()
