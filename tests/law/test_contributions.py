from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pakan.law.contributions.explain import explain
from pakan.law.contributions.form import Lines, difference
from pakan.law.contributions.rule import (
    SCHEMES,
    STANDINGS,
    Rates,
    Scheme,
    due,
    rates_for,
    standing,
    standing_code,
)
from pakan.law.contributions.values import LAW, Law
from pakan.law.dated import NoLawYet
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.rate import Rate

WAGES = st.one_of(st.integers(0, 20_000_000), st.integers(0, 10**15 - 1)).map(Kip)
MONTHS = st.builds(Month, st.integers(2014, 2030), st.integers(1, 12))
SCHEME = st.sampled_from(SCHEMES)
RATES = st.builds(rates_for, SCHEME, MONTHS)
BETWEEN = st.lists(WAGES, max_size=30)


def column(wages: list[Kip]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array(wages, dtype=np.int64)


@given(WAGES, WAGES, RATES)
def test_a_higher_wage_never_owes_less(one: Kip, other: Kip, rates: Rates) -> None:
    low, high = due(min(one, other), rates), due(max(one, other), rates)
    assert low.insured <= high.insured
    assert low.employer <= high.employer
    assert low.worker <= high.worker


@given(WAGES, RATES)
def test_nobody_owes_more_than_at_the_ceiling(wage: Kip, rates: Rates) -> None:
    owed = due(wage, rates)
    if rates.ceiling is not None:
        most = due(rates.ceiling, rates)
        assert owed.insured <= rates.ceiling
        assert owed.total <= most.total
    assert owed.total == owed.employer + owed.worker
    assert owed.insured in {wage, rates.lowest, rates.ceiling}


@given(BETWEEN, RATES)
def test_a_column_is_priced_like_its_rows(wages: list[Kip], rates: Rates) -> None:
    together, alone = due(column(wages), rates), [due(wage, rates) for wage in wages]
    assert together.insured.tolist() == [owed.insured for owed in alone]
    assert together.employer.tolist() == [owed.employer for owed in alone]
    assert together.worker.tolist() == [owed.worker for owed in alone]
    assert together.total.tolist() == [owed.total for owed in alone]
    assert together.insured.dtype == together.worker.dtype == np.int64
    codes = standing_code(column(wages), rates)
    assert [STANDINGS[code] for code in codes.tolist()] == [standing(wage, rates) for wage in wages]


@given(BETWEEN, st.integers(0, 30), RATES)
def test_a_file_cut_in_two_owes_the_same(wages: list[Kip], cut: int, rates: Rates) -> None:
    whole = due(column(wages), rates)
    parts = [due(column(wages[:cut]), rates), due(column(wages[cut:]), rates)]
    assert whole.total.sum() == sum(part.total.sum() for part in parts)
    assert whole.employer.sum() == sum(part.employer.sum() for part in parts)


@given(WAGES, RATES)
def test_a_standing_says_what_happened_to_the_wage(wage: Kip, rates: Rates) -> None:
    insured, stands = due(wage, rates).insured, standing(wage, rates)
    assert (insured > wage) == (stands == "under_half_floor")
    assert (insured < wage) == (stands == "over_ceiling")
    if stands == "under_floor":
        assert rates.lowest <= wage < rates.floor


@given(WAGES, SCHEME, MONTHS)
def test_the_explanation_tells_the_amounts_of_the_rule(wage: Kip, scheme: Scheme, month: Month) -> None:
    told = explain(wage, scheme, month)
    owed = due(wage, rates_for(scheme, month))
    steps = {step.label: step for step in told.steps}
    assert told.due == owed
    assert steps["declared"].result == wage
    assert told.steps[1].result == owed.insured
    for side, share in (("employer", owed.employer), ("worker", owed.worker)):
        assert share == (steps[side].result if side in steps else 0)
    if "total" in steps:
        assert steps["total"].result == owed.total
    for step in told.steps:
        assert step.lo and step.en and "{" not in step.lo + step.en
        assert step.label == "declared" or step.cite
        assert step.as_dict()["inputs"] == dict(step.inputs)


def test_an_explanation_names_its_texts_and_assumptions() -> None:
    told = explain(Kip(3_333_333), "enterprise", Month(2026, 3))
    steps = {step.label: step for step in told.steps}
    assert steps["worker"].article == "55-56"
    assert steps["worker"].confidence == "high"
    assert steps["worker"].en == "Worker's share: 3,333,333 × 5.5 % = 183,333 kip."
    assert steps["worker"].lo == "ສ່ວນຂອງຜູ້ອອກແຮງງານ: 3.333.333 × 5,5 % = 183.333 ກີບ."
    assert "1740/MOLSW" in steps["in_full"].cite
    assert told.assumptions == ("A-05",)
    assert explain(Kip(4_000_000), "public", Month(2026, 3)).assumptions == ("A-10",)


def test_whole_shares_need_no_rounding() -> None:
    labels = [step.label for step in explain(Kip(2_500_000), "enterprise", Month(2026, 3)).steps]
    assert labels == ["declared", "in_full", "employer", "worker", "total"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_there_is_no_law_before_the_first(scheme: Scheme) -> None:
    with pytest.raises(NoLawYet):
        rates_for(scheme, Month(2001, 5))


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="none of"):
        rates_for("private", Month(2026, 3))  # type: ignore[arg-type]


@pytest.mark.parametrize("wage", [2.5, True, "5", np.array([1.0]), np.array([1], dtype=np.int32)])
def test_only_whole_kip_are_priced(wage: object) -> None:
    with pytest.raises(TypeError):
        due(wage, rates_for("enterprise", Month(2026, 3)))  # type: ignore[call-overload]


def test_a_wage_below_zero_is_refused() -> None:
    rates = rates_for("enterprise", Month(2026, 3))
    for wage in (Kip(-1), column([Kip(5), Kip(-1)])):
        with pytest.raises(ValueError, match="below zero"):
            due(wage, rates)  # type: ignore[call-overload]


def test_bounds_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        Rates(Rate(6, 100), Rate(5, 100), ceiling=Kip(1), floor=Kip(2), lowest=Kip(2))


def test_the_total_rate_is_derived() -> None:
    assert str(rates_for("enterprise", Month(2026, 3)).total) == "11.5 %"
    assert str(rates_for("public", Month(2026, 3)).total) == "16.5 %"
    assert str(rates_for("voluntary", Month(2026, 3)).total) == "9 %"


def test_a_reform_can_be_tried_without_touching_the_law_in_force() -> None:
    decree = {
        "date": date(2027, 1, 1),
        "cite": "Invented decree",
        "confidence": "high",
        "ceiling": 12_500_000,
    }
    reform = Law(
        LAW.enterprise.with_blocks([decree]), LAW.public, LAW.voluntary, LAW.minimum_wage, LAW.rounding
    )
    assert rates_for("enterprise", Month(2027, 1), reform).ceiling == 12_500_000
    assert rates_for("enterprise", Month(2026, 12), reform) == rates_for("enterprise", Month(2026, 12))
    assert rates_for("enterprise", Month(2027, 1)).ceiling == 4_500_000
    assert explain(Kip(20_000_000), "enterprise", Month(2027, 1), reform).steps[1].cite == "Invented decree"


def test_a_minimum_wage_that_rises_lifts_both_bounds() -> None:
    decree = {"date": "2027-01-01", "cite": "Invented notice", "confidence": "high", "amount": 3_000_000}
    reform = Law(
        LAW.enterprise, LAW.public, LAW.voluntary, LAW.minimum_wage.with_blocks([decree]), LAW.rounding
    )
    rates = rates_for("enterprise", Month(2027, 1), reform)
    assert (rates.lowest, rates.floor) == (1_500_000, 3_000_000)
    assert rates.sources["minimum_wage"].cite == "Invented notice"


AMOUNTS = st.integers(0, 10**12).map(Kip)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_the_lines_of_the_form_add_up(employer: Kip, worker: Kip, add: Kip, deduct: Kip) -> None:
    lines = Lines(employer, worker, add, deduct)
    assert lines.remitted == employer + worker
    assert lines.amount_due - lines.credit_left == lines.remitted + add - deduct
    assert min(lines.amount_due, lines.credit_left) == 0


@given(AMOUNTS, AMOUNTS)
def test_a_correction_is_added_or_deducted(before: Kip, after: Kip) -> None:
    add, deduct = difference(before, after)
    assert before + add - deduct == after
    assert min(add, deduct) == 0


def test_no_line_is_below_zero() -> None:
    with pytest.raises(ValueError, match="below zero"):
        Lines(Kip(-1), Kip(0))
