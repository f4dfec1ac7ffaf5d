from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pakan.law.surcharges.rule import Terms, periods_late, surcharge, terms_for
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.rate import Rate

DEBTS = st.integers(0, 10**12).map(Kip)
LATE = st.integers(0, 4000)
PERCENT = st.integers(0, 50_000).map(lambda parts: Rate.parse(f"{parts // 10_000}.{parts % 10_000:04d} %"))
TERMS = st.builds(
    Terms,
    PERCENT,
    st.sampled_from(["day", "month"]),
    st.integers(0, 40),
    st.none() | st.just(Rate.parse("100 %")) | PERCENT,
)
DUE = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@given(DEBTS, DUE, LATE, LATE, TERMS)
def test_later_is_never_cheaper_and_never_above_the_cap(
    debt: Kip, due: date, one: int, other: int, terms: Terms
) -> None:
    early, late = (due + timedelta(days=days) for days in sorted((one, other)))
    assert 0 <= surcharge(debt, due, early, terms) <= surcharge(debt, due, late, terms)
    if terms.cap is not None:
        assert surcharge(debt, due, late, terms) <= terms.cap.of(debt)
    assert surcharge(debt, due, due + timedelta(days=terms.grace_days), terms) == 0


@given(DUE, st.integers(1, 2000))
def test_begun_months_are_counted_from_the_same_day(due: date, days: int) -> None:
    terms = Terms(Rate.parse("1 %"), "month", 0)
    months = periods_late(due, due + timedelta(days=days), terms)
    assert 28 * (months - 1) < days <= 31 * months


@given(DEBTS, DUE, LATE)
def test_nothing_is_charged_while_the_fund_names_no_rate(debt: Kip, due: date, days: int) -> None:
    assert surcharge(debt, due, due + timedelta(days=days), terms_for(Month.of(due))) == 0


def test_a_credit_carries_no_surcharge() -> None:
    with pytest.raises(ValueError, match="credit"):
        surcharge(Kip(-1), date(2026, 4, 20), date(2026, 5, 20), terms_for(Month(2026, 3)))
