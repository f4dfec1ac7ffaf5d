from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pakan.units.month import Month
from pakan.units.rate import Rate

PERCENTS = st.integers(0, 1_000_000).map(lambda parts: f"{parts // 10_000}.{parts % 10_000:04d} %")
MONTHS = st.builds(Month, st.integers(1950, 2150), st.integers(1, 12))


@given(PERCENTS, st.lists(st.integers(0, 9 * 10**15), max_size=20))
def test_a_share_is_rounded_half_up_alike_for_one_and_for_a_column(percent: str, amounts: list[int]) -> None:
    rate = Rate.parse(percent)
    exact = Fraction(rate.numerator, rate.denominator)
    expected = [int((2 * amount * exact + 1) // 2) for amount in amounts]
    assert [rate.of(amount) for amount in amounts] == expected
    assert rate.of(np.array(amounts, dtype=np.int64)).tolist() == expected


@given(PERCENTS)
def test_a_rate_is_written_as_it_is_read(percent: str) -> None:
    rate = Rate.parse(percent)
    assert Rate.parse(str(rate)) == rate


def test_rates_read_as_on_the_form() -> None:
    assert str(Rate.parse("5.5%")) == "5.5 %"
    assert Rate.parse("5.5 %").lao == "5,5 %"
    assert str(Rate.parse("6.0 %") + Rate.parse("5.5 %")) == "11.5 %"
    assert not Rate.parse("0 %")


@pytest.mark.parametrize("text", ["5,5 %", "101 %", "5.5", "-1 %", "", "໕ %", "1.00001 %"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is"):
        Rate.parse(text)


@given(MONTHS, st.integers(-500, 500))
def test_months_add_and_subtract(month: Month, ahead: int) -> None:
    assert (month + ahead) - ahead == month
    assert (month + ahead).number - month.number == ahead
    assert Month.parse(str(month)) == month


def test_a_month_has_its_days() -> None:
    february = Month.of(date(2024, 2, 10))
    assert (february.first, february.last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert [str(month) for month in Month(2025, 11).until(Month(2026, 1))] == [
        "2025-11",
        "2025-12",
        "2026-01",
    ]
    assert Month(2026, 1).until(Month(2025, 12)) == []


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "2026/01", "0026-01", "໒໐໒໖-໐໑", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        Month.parse(text)
