from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pakan.law.calendar.due import due_date, explain_due_date
from pakan.law.calendar.holidays import HOLIDAYS, YEARS_LISTED, holiday_on, is_working_day, next_working_day
from pakan.law.dated import NoLawYet
from pakan.units.month import Month

DAYS = st.dates(date(2005, 1, 1), date(2035, 12, 31))
MONTHS = st.builds(Month, st.integers(2002, 2040), st.integers(1, 12))


def test_holidays_are_listed_without_a_gap() -> None:
    assert sorted(YEARS_LISTED) == list(range(2018, 2031))
    assert len({(holiday.day, holiday.category, holiday.women_only) for holiday in HOLIDAYS}) == len(HOLIDAYS)
    for year in YEARS_LISTED:
        assert {(4, 14), (4, 15), (4, 16), (12, 2)} <= {
            (holiday.day.month, holiday.day.day) for holiday in HOLIDAYS if holiday.day.year == year
        }
    assert all(holiday.lo and holiday.en and holiday.confidence for holiday in HOLIDAYS)


@pytest.mark.parametrize(
    ("day", "offices", "banks"),
    [
        (date(2026, 3, 9), True, True),  # a Monday
        (date(2026, 3, 7), False, False),  # a Saturday
        (date(2026, 4, 15), False, False),  # Lao New Year
        (date(2022, 1, 3), False, False),  # in lieu of a Saturday
        (date(2027, 3, 8), True, True),  # for women only
        (date(2026, 10, 7), True, False),  # the banks' own day
        (date(2015, 12, 2), False, False),  # no list: the decree's fixed day
        (date(2015, 12, 3), True, True),
    ],
)
def test_who_works(day: date, offices: bool, banks: bool) -> None:
    assert is_working_day(day) == offices
    assert is_working_day(day, banks=True) == banks


@given(DAYS, st.sets(st.integers(0, 10)), st.booleans())
def test_the_next_working_day_is_the_first_one(day: date, added: set[int], banks: bool) -> None:
    extra = {day + timedelta(days=ahead) for ahead in added}
    found = next_working_day(day, extra, banks=banks)
    assert is_working_day(found, extra, banks=banks)
    between = [day + timedelta(days=ahead) for ahead in range((found - day).days)]
    assert not any(is_working_day(earlier, extra, banks=banks) for earlier in between)


@given(MONTHS)
def test_a_due_date_lies_in_the_following_month_when_banks_are_open(month: Month) -> None:
    told = explain_due_date(month)
    assert told.due == due_date(month)
    assert Month.of(told.due) == month + 1
    assert told.due.day >= told.nominal.day == (20 if month >= Month(2020, 2) else 15)
    assert is_working_day(told.due, banks=True)
    assert told.has_moved == (len(told.steps) == 2)
    assert told.source.assumption == "A-14"
    assert due_date(month + 1) > told.due


def test_why_a_due_date_moved() -> None:
    weekend = explain_due_date(Month(2025, 11)).steps[-1]
    assert weekend.en == (
        "20 December 2025 is a Saturday or Sunday, so the due date moves to the next working day: 22 December 2025."
    )
    assert "22 ທັນວາ 2025" in weekend.lo
    assert "Lao New Year" in explain_due_date(Month(2019, 3)).steps[-1].en
    added = explain_due_date(Month(2026, 3), {date(2026, 4, 20)})
    assert (added.due, "a holiday" in added.steps[-1].en) == (date(2026, 4, 21), True)


def test_before_the_first_rule_nothing_was_due() -> None:
    with pytest.raises(NoLawYet):
        due_date(Month(2001, 5))


def test_a_women_only_day_closes_nothing() -> None:
    assert holiday_on(date(2027, 3, 8), banks=True) is None
