"""Edges that a small slip in the rule would move: found by changing the rules one sign at a time (mutants.md)."""

from datetime import date

import pytest

from pakan.law.calendar.due import DUE_DAYS, explain_due_date
from pakan.law.calendar.holidays import HOLIDAYS, Holiday, _rows, holiday_on, next_working_day
from pakan.law.contributions.explain import explain
from pakan.law.contributions.form import Lines
from pakan.law.contributions.rule import Rates, Scheme, rates_for, standing_code
from pakan.law.dated import NoLawYet
from pakan.law.surcharges.rule import surcharge, terms_for
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.rate import Rate


def test_the_list_of_holidays_is_read_line_by_line() -> None:
    assert tuple(sorted(_rows(), key=lambda holiday: holiday.day)) == HOLIDAYS
    women = [holiday for holiday in HOLIDAYS if holiday.women_only]
    assert {(holiday.day.month, holiday.category) for holiday in women} == {(3, "public")}
    assert {holiday.category for holiday in HOLIDAYS} == {"public", "bank"}
    lieu = {holiday.day for holiday in HOLIDAYS if holiday.in_lieu}
    assert date(2022, 1, 3) in lieu
    assert date(2022, 1, 1) not in lieu
    new_year = next(holiday for holiday in _rows() if holiday.day == date(2026, 1, 1))
    assert new_year.lo != new_year.en
    assert new_year.confidence in {"high", "medium", "low"}


def test_a_day_without_a_list_is_known_from_the_decree() -> None:
    day = date(2015, 12, 2)
    assert holiday_on(day) == Holiday(day, "ວັນຊາດ", "Lao National Day", "public", False, False, "low")


def test_the_day_of_the_banks_counts_only_where_money_moves() -> None:
    day = date(2026, 10, 7)
    assert holiday_on(day) is None
    assert next_working_day(day) == day
    early = DUE_DAYS.with_blocks(
        [
            {
                "date": date(2026, 9, 1),
                "cite": "Invented notice",
                "confidence": "high",
                "day": 7,
                "moved": "next working day",
            }
        ]
    )
    told = explain_due_date(Month(2026, 9), history=early)
    closed = holiday_on(day, banks=True)
    assert closed is not None
    assert (told.month, told.nominal, told.due) == (Month(2026, 9), day, date(2026, 10, 8))
    assert closed.en in told.steps[1].en
    assert closed.lo in told.steps[1].lo
    assert told.source.cite == "Invented notice"


@pytest.mark.parametrize("line", ["employer", "worker", "add", "deduct"])
def test_no_line_of_the_form_may_be_below_zero(line: str) -> None:
    lines = {"employer": Kip(5), "worker": Kip(5), "add": Kip(5), "deduct": Kip(5)}
    assert Lines(**lines).remitted == 10
    with pytest.raises(ValueError, match=r"^no line of the form"):
        Lines(**lines | {line: Kip(-1)})


BOUNDS = [
    ("enterprise", (2001, 6), (1_000_000, 93_600, 93_600), "ceiling employer floor lowest rounding worker"),
    ("enterprise", (2012, 1), (1_500_000, 0, 0), "ceiling employer rounding worker"),
    ("enterprise", (2017, 1), (4_500_000, 450_000, 450_000), "ceiling employer lowest minimum_wage rounding worker"),
    ("enterprise", (2026, 3), (4_500_000, 2_500_000, 1_250_000),
     "ceiling employer floor lowest minimum_wage rounding worker"),
    ("public", (2026, 3), (None, 0, 0), "ceiling employer rounding worker"),
    ("voluntary", (2014, 1), (None, 0, 0), "rounding worker"),
    ("voluntary", (2026, 3), (2_700_000, 1_200_000, 1_200_000), "ceiling floor lowest rounding worker"),
]  # fmt: skip


@pytest.mark.parametrize(("scheme", "month", "bounds", "named"), BOUNDS)
def test_the_bounds_of_a_month_each_with_its_text(
    scheme: Scheme, month: tuple[int, int], bounds: tuple[int | None, int, int], named: str
) -> None:
    rates = rates_for.__wrapped__(scheme, Month(*month))  # reckoned anew, not remembered
    assert (rates.ceiling, rates.floor, rates.lowest) == bounds
    assert " ".join(sorted(rates.sources)) == named
    assert all(source.cite for source in rates.sources.values())
    assert ("floor" not in rates.sources) or rates.sources["floor"].date <= Month(*month).first


def test_a_floor_as_high_as_the_ceiling_is_in_order() -> None:
    rates = Rates(Rate(6, 100), Rate(5, 100), ceiling=Kip(9), floor=Kip(9), lowest=Kip(9))
    assert (standing_code(Kip(8), rates), standing_code(Kip(9), rates), standing_code(Kip(10), rates)) == (
        1,
        0,
        3,
    )


COUNTED = [
    ("enterprise", 0, "no_wage", {}, "There was no wage in this month, so no contribution is owed."),
    ("enterprise", 1, "lifted", {"wage": "1", "lowest": "1.250.000"},
     "This is below the least that is insured, 1,250,000 kip, so 1,250,000 kip count."),
    ("enterprise", 2_000_000, "under_floor", {"wage": "2.000.000", "floor": "2.500.000"},
     "This is below the minimum wage of 2,500,000 kip. It counts as declared when a reason is given: "
     "insured wage 2,000,000 kip."),
    ("enterprise", 2_500_000, "in_full", {"wage": "2.500.000"}, "The whole amount counts: insured wage 2,500,000 kip."),
    ("voluntary", 3_333_333, "over_ceiling", {"wage": "3.333.333", "ceiling": "2.700.000"},
     "This is above the ceiling of 2,700,000 kip, so only 2,700,000 kip count."),
]  # fmt: skip


@pytest.mark.parametrize(("scheme", "wage", "label", "inputs", "words"), COUNTED)
def test_what_counts_of_a_wage_is_said_with_its_numbers(
    scheme: Scheme, wage: int, label: str, inputs: dict[str, str], words: str
) -> None:
    told = explain(Kip(wage), scheme, Month(2026, 3))
    declared, counted = told.steps[0], told.steps[1]
    assert (told.scheme, told.month) == (scheme, Month(2026, 3))
    assert (declared.label, declared.result, declared.inputs) == (
        "declared",
        wage,
        {"wage": f"{wage:,}".replace(",", ".")},
    )
    assert (declared.cite, declared.confidence) == ("", "high")
    assert (counted.label, dict(counted.inputs), counted.en) == (label, inputs, words)
    assert counted.result == told.due.insured
    assert [step.label for step in told.steps[2:]] == {
        0: [], 3_333_333: ["worker"],
    }.get(wage, ["employer", "worker", "total"])  # fmt: skip


def test_the_shares_are_called_as_in_their_scheme() -> None:
    told = explain(Kip(1_000_001), "public", Month(2026, 3))
    assert [(step.label, int(step.result), step.en) for step in told.steps[2:]] == [
        ("employer", 85_000, "State's share: 1,000,001 × 8.5 % = 85,000 kip."),
        ("worker", 80_000, "Official's share: 1,000,001 × 8 % = 80,000 kip."),
        (
            "rounding",
            165_000,
            "Rounded to whole kip for each person and each side (half a kip is rounded up).",
        ),
        ("total", 165_000, "Contribution in all: 85,000 + 80,000 = 165,000 kip."),
    ]
    assert told.steps[0].en == "Salary declared for this month: 1,000,001 kip."
    alone = explain(Kip(1_500_000), "voluntary", Month(2026, 3))
    assert alone.steps[0].en == "Income that you chose to declare: 1,500,000 kip."
    assert alone.steps[2].en == "Your contribution: 1,500,000 × 9 % = 135,000 kip."


def test_an_odd_whole_share_is_not_called_rounded() -> None:
    """8.5 % of 1,000,200 are 85,017 kip exactly."""
    labels = [step.label for step in explain(Kip(1_000_200), "public", Month(2026, 3)).steps]
    assert labels == ["declared", "in_full", "employer", "worker", "total"]


def test_the_codes_of_a_column_are_those_of_the_list() -> None:
    rates = rates_for("enterprise", Month(2026, 3))
    codes = [standing_code(Kip(wage), rates) for wage in (0, 1, 1_250_000, 2_499_999, 2_500_000, 4_500_001)]
    assert codes == [0, 1, 2, 2, 0, 3]


def test_a_credit_is_no_debt() -> None:
    with pytest.raises(ValueError, match=r"^a debt below zero is a credit"):
        surcharge(Kip(-1), date(2026, 4, 20), date(2026, 4, 21), terms_for(Month(2026, 3)))


def test_who_asks_before_the_first_law_is_told_its_day() -> None:
    with pytest.raises(NoLawYet, match=r"^no value is known before 2014-01-01$"):
        rates_for("public", Month(2010, 3))
