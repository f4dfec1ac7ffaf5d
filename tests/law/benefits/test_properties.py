"""What holds for every career, tried on invented ones."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pakan.law.benefits import all_names, named
from pakan.law.benefits.together import together
from pakan.law.changes import Decided, compare
from pakan.law.decision import Decision
from pakan.law.insured import (
    Child,
    Entry,
    Family,
    Insured,
    Membership,
    Spouse,
    birthday,
    full_months,
    full_years,
    months_later,
)
from pakan.units.money import Kip
from pakan.units.month import Month

DAY = date(2026, 10, 5)
ANSWERS: dict[str, dict[str, Any]] = {
    "health": {},
    "sickness": {"cause": "work", "wage_stopped": True, "certificate": True},
    "work_accident": {"place": "work", "certificate": True},
    "invalidity": {"category": 2},
    "maternity": {"leave_days": 90},
    "old_age": {},
    "death": {"who_died": "insured", "certificate": True},
    "survivors": {},
    "unemployment": {"cause": "closed", "exit_certificate": True, "fit": True, "unemployed_days": 40},
    "pandemic_2020": {"work_stopped": True},
}
WAGES = st.integers(1, 4_500_000)
CAREERS = st.lists(st.tuples(st.integers(1, 300), WAGES, st.booleans()), max_size=60)
NAMES = st.sampled_from(sorted(ANSWERS))


def person(career: list[tuple[int, int, bool]], more: int = 0) -> Insured:
    months = {
        Month.of(DAY) - back: (Entry("1", Kip(wage + more), Kip(wage + more), paid),)
        for back, wage, paid in career
    }
    family = Family(Spouse(date(1965, 1, 1), "m"), (Child(date(2012, 2, 29)), Child(date(2020, 1, 1))))
    return Insured(date(1966, 5, 1), "f", months, family=family)


def decide(name: str, who: Insured) -> Decision:
    return named(name).decide(who, ANSWERS[name], DAY)


def worth(decision: Decision) -> int:
    """To compare: money once, and each month times its length; without end counts forty years."""
    whole = decision.kip("lump_sum") + decision.kip("period")
    for amount in decision.amounts:
        if amount.kind == "monthly" and amount.start is not None:
            end = amount.end or amount.start + timedelta(days=40 * 365)
            whole += amount.kip * ((end - amount.start).days + 1)
    return whole


def test_every_benefit_is_tried() -> None:
    assert sorted(ANSWERS) == sorted(all_names())


@given(CAREERS, NAMES)
def test_the_same_question_has_the_same_answer(career: list[tuple[int, int, bool]], name: str) -> None:
    assert decide(name, person(career)) == decide(name, person(list(career)))


@given(CAREERS, NAMES, st.integers(0, 1_000_000))
def test_more_wage_is_never_less_benefit(career: list[tuple[int, int, bool]], name: str, more: int) -> None:
    less, greater = decide(name, person(career)), decide(name, person(career, more))
    assert less.entitled == greater.entitled
    assert worth(less) <= worth(greater)


@given(CAREERS, st.integers(301, 303), NAMES)
def test_an_older_month_more_never_takes_a_right_away(
    career: list[tuple[int, int, bool]], back: int, name: str
) -> None:
    before = decide(name, person(career))
    after = decide(name, person([*career, (back, 4_500_000, True)]))
    assert after.entitled or not before.entitled
    missing = {condition.label for condition in before.missing}
    # An only month, long ago, begins a protection that is long over: that is asked only once there is a month.
    assert {condition.label for condition in after.missing} <= missing | {"after_contributions"}


@given(WAGES, st.integers(0, 260), st.integers(1, 40))
def test_more_months_are_never_less_pension(wage: int, months: int, more: int) -> None:
    few = decide("old_age", person([(back, wage, True) for back in range(1, months + 1)]))
    many = decide("old_age", person([(back, wage, True) for back in range(1, months + more + 1)]))
    assert few.kip("monthly") <= many.kip("monthly")
    assert many.entitled or not few.entitled


@given(
    st.integers(15, 40),
    st.integers(0, 24),
    st.booleans(),
    st.sampled_from([date(2025, 6, 1), date(2025, 6, 2)]),
)
def test_more_service_is_never_less_public_pension(years: int, more: int, early: bool, day: date) -> None:
    wage = (Entry("1", Kip(3_000_000), Kip(3_000_000), True, "public"),)
    months = {Month(2025, 1) + ahead: wage for ahead in range(5)}

    def served(start: date) -> Decision:
        who = Insured(date(1967, 1, 1), "m", months, (Membership("public", start),))
        return named("old_age").decide(who, {"wants_early": early}, day)

    start = date(day.year - years, day.month, day.day)
    few, many = served(start), served(months_later(start, -more))
    assert few.kip("monthly") <= many.kip("monthly")


@given(CAREERS, NAMES)
def test_an_unpaid_month_is_worth_nothing_until_it_is_paid(
    career: list[tuple[int, int, bool]], name: str
) -> None:
    months = {month: entries for month, entries in person(career).months.items() if entries[0].paid}
    without = decide(name, replace(person(career), months=months))
    having = decide(name, person(career))
    assert (having.entitled, having.amounts) == (without.entitled, without.amounts)


@given(CAREERS, NAMES)
def test_a_first_day_that_is_told_is_true(career: list[tuple[int, int, bool]], name: str) -> None:
    """Whoever goes on paying has met every condition on contributions by then."""
    who = person(career)
    decision = decide(name, who)
    if not decision.missing or decision.first_day is None or decision.first_day <= DAY:
        return
    entry = (Entry("1", Kip(2_000_000), Kip(2_000_000)),)
    going_on = dict.fromkeys(Month.of(DAY).until(Month.of(decision.first_day) - 1), entry)
    later = named(name).decide(
        replace(who, months=dict(who.months) | going_on), ANSWERS[name], decision.first_day
    )
    assert not [label for label in later.missing if label.label.startswith(("months", "age"))]


@given(CAREERS, NAMES)
def test_changing_nothing_changes_nothing(career: list[tuple[int, int, bool]], name: str) -> None:
    who = person([line for line in career if line[0] < 100])
    assert compare(who, who, [Decided(name, DAY, ANSWERS[name])]) == []


@settings(max_examples=60)
@given(CAREERS, st.lists(NAMES, min_size=1, max_size=5, unique=True))
def test_two_benefits_never_replace_one_wage_on_the_same_day(
    career: list[tuple[int, int, bool]], names: list[str]
) -> None:
    decisions = [
        decide(name, person([*career, *((back, 2_000_000, True) for back in range(1, 13))])) for name in names
    ]
    result = together(decisions)
    replacing = [
        amount
        for name, amount in result.amounts
        if named(name).replaces_wage and amount.kind in ("monthly", "period") and amount.start is not None
    ]
    for place, one in enumerate(replacing):
        for other in replacing[place + 1 :]:
            assert one.start is not None
            assert other.start is not None
            assert (one.end is not None and one.end < other.start) or (
                other.end is not None and other.end < one.start
            )
    paid_before = sum(decision.kip("lump_sum") for decision in decisions)
    assert sum(amount.kip for _, amount in result.amounts if amount.kind == "lump_sum") == paid_before


@given(st.dates(date(1940, 1, 1), date(2010, 12, 31)), st.integers(0, 90))
def test_a_birthday_is_the_first_day_of_an_age(born: date, years: int) -> None:
    day = birthday(born, years)
    assert full_years(born, day) == years
    assert years == 0 or full_years(born, day - timedelta(days=1)) == years - 1


@given(st.dates(date(1980, 1, 1), date(2020, 12, 31)), st.integers(0, 600))
def test_months_counted_are_the_months_added(start: date, months: int) -> None:
    end = months_later(start, months)
    assert Month.of(end).number - Month.of(start).number == months
    assert full_months(start, end - timedelta(days=1)) == months if months else True
