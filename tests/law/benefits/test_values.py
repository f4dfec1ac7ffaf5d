"""The values of the benefits, against the list of rules they were taken from."""

import csv
import dataclasses
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pakan.law.benefits import all_names, named
from pakan.law.common import COMMON
from pakan.law.dated import CONFIDENCES
from pakan.units.rate import Rate

TODAY = date(2026, 11, 1)
FOLDERS = {"work_injury": "work_accident", "pension_enterprise": "old_age", "pension_public": "old_age"}
# (benefit, rule, first day) in the list -> names in values.toml.
READ: dict[tuple[str, str, str], list[str]] = {
    ("health", "qualifying_contributions", "2018-06-27"): ["qualifying_months", "qualifying_window"],
    ("health", "protection_after_last_contribution", "2018-06-27"): ["protection_months"],
    ("health", "protection_after_short_term_benefit", "2018-06-27"): ["protection_months_after_benefit"],
    ("health", "episode_continuation", "2018-06-27"): ["episode_continuation"],
    ("health", "protection_after_death_of_insured", "2018-06-27"): ["protection_months_after_death"],
    ("health", "entitled_persons", "2018-06-27"): ["entitled_persons"],
    ("health", "child_age_limit", "2005-01-01"): ["child_age", "student_age"],
    ("health", "provider_rule", "2018-06-27"): ["provider_rule"],
    ("health", "integration", "2019-01-01"): ["integration"],
    ("health", "list_of_exclusions", "2010-01-01"): ["exclusions"],
    ("health", "cofinancing_after_months", "2010-01-01"): ["cofinancing_after_months"],
    ("sickness", "qualifying_contributions_work_related", "2018-06-27"): ["qualifying_months_work"],
    ("sickness", "qualifying_contributions_other", "2018-06-27"): ["qualifying_months_other"],
    ("sickness", "condition_wage_suspended", "2018-06-27"): ["wage_stopped"],
    ("sickness", "condition_medical_certificate", "2018-06-27"): ["medical_certificate"],
    ("sickness", "rate_work_related_first_period", "2018-06-27"): ["rate_work_first"],
    ("sickness", "duration_work_related_first_period", "2018-06-27"): ["months_work_first"],
    ("sickness", "rate_work_related_second_period", "2018-06-27"): ["rate_work_second"],
    ("sickness", "duration_work_related_second_period", "2018-06-27"): ["months_work_second"],
    ("sickness", "rate_other_first_period", "2018-06-27"): ["rate_other_first"],
    ("sickness", "duration_other_first_period", "2018-06-27"): ["months_other_first"],
    ("sickness", "rate_other_second_period", "2018-06-27"): ["rate_other_second"],
    ("sickness", "duration_other_second_period", "2018-06-27"): ["months_other_second"],
    ("sickness", "payment_frequency", "2018-06-27"): ["payment_frequency"],
    ("maternity", "qualifying_contributions_birth", "2018-06-27"): [
        "qualifying_months_birth",
        "pregnancy_months_birth",
    ],
    ("maternity", "qualifying_contributions_miscarriage", "2018-06-27"): [
        "qualifying_months_miscarriage",
        "pregnancy_months_miscarriage",
    ],
    ("maternity", "lump_sum_rate", "2018-06-27"): ["lump_sum"],
    ("maternity", "lump_sum_recipients", "2018-06-27"): ["lump_sum_recipients"],
    ("maternity", "monthly_rate", "2018-06-27"): ["monthly"],
    ("maternity", "monthly_recipients", "2018-06-27"): ["monthly_recipients"],
    ("maternity", "max_days", "2018-06-27"): ["most_days"],
    ("maternity", "max_days_twins", "2018-06-27"): ["most_days_twins"],
    ("work_injury", "qualifying_contributions", "2018-06-27"): ["qualifying_months"],
    ("work_injury", "covered_places", "2018-06-27"): ["covered_places"],
    ("work_injury", "occupational_disease", "2018-06-27"): ["occupational_disease"],
    ("work_injury", "temporary_rate", "2018-06-27"): ["temporary"],
    ("work_injury", "temporary_max", "2018-06-27"): ["temporary_months"],
    ("work_injury", "medical_care", "2018-06-27"): ["medical_care"],
    ("invalidity", "categories", "2018-06-27"): ["categories"],
    ("invalidity", "rate_category_1", "2018-06-27"): ["first_category"],
    ("invalidity", "rate_step_per_category", "2018-06-27"): ["step_per_category"],
    ("invalidity", "qualifying_contributions", "2018-06-27"): ["qualifying_months"],
    ("invalidity", "caretaker_allowance", "2018-06-27"): ["carer_allowance"],
    ("death", "qualifying_contributions", "2018-06-27"): ["qualifying_months", "qualifying_window"],
    ("death", "grant_insured_base", "2018-06-27"): ["grant_base"],
    ("death", "grant_spouse", "2018-06-27"): ["grant_spouse"],
    ("death", "grant_child", "2018-06-27"): ["grant_child"],
    ("death", "documents", "2018-06-27"): ["documents"],
    ("death", "grant_by_insured_years:0.25-1", "2018-06-27"): ["grant_first_years"],
    ("death", "grant_by_insured_years:2", "2018-06-27"): ["grant_2_years"],
    ("death", "grant_by_insured_years:3", "2018-06-27"): ["grant_3_years"],
    ("death", "grant_by_insured_years:4", "2018-06-27"): ["grant_4_years"],
    ("death", "grant_by_insured_years:5", "2018-06-27"): ["grant_5_years"],
    ("death", "grant_by_insured_years:6", "2018-06-27"): ["grant_6_years"],
    ("death", "grant_by_insured_years:7-8", "2018-06-27"): ["grant_7_8_years"],
    ("death", "grant_by_insured_years:9-10", "2018-06-27"): ["grant_9_10_years"],
    ("death", "grant_by_insured_years:11-12", "2018-06-27"): ["grant_11_12_years"],
    ("survivors", "qualifying_contributions", "2018-06-27"): ["qualifying_months"],
    ("survivors", "spouse_rate", "2018-06-27"): ["spouse"],
    ("survivors", "spouse_condition", "2018-06-27"): ["husband_age", "wife_age", "spouse_condition"],
    ("survivors", "child_rate", "2018-06-27"): ["child"],
    ("survivors", "child_age_limit", "2018-06-27"): ["child_age"],
    ("survivors", "child_disabled", "2018-06-27"): ["child_disabled"],
    ("survivors", "child_two_insured_parents", "2018-06-27"): ["two_insured_parents"],
    ("survivors", "parent_rate", "2018-06-27"): ["one_parent", "two_parents"],
    ("survivors", "parent_condition", "2018-06-27"): ["father_age", "mother_age", "parent_condition"],
    ("unemployment", "qualifying_contributions", "2018-06-27"): ["qualifying_months", "qualifying_window"],
    ("unemployment", "requalification", "2018-06-27"): ["new_months"],
    ("unemployment", "waiting_period", "2018-06-27"): ["certified_days"],
    ("unemployment", "causes", "2018-06-27"): ["causes"],
    ("unemployment", "other_conditions", "2018-06-27"): ["other_conditions"],
    ("unemployment", "rate", "2018-06-27"): ["rate"],
    ("unemployment", "duration_12_36_months_paid", "2018-06-27"): ["months_short"],
    ("unemployment", "duration_37_144_months_paid", "2018-06-27"): ["months_middle", "middle_from"],
    ("unemployment", "duration_145_plus_months_paid", "2018-06-27"): ["months_long", "long_from"],
    ("unemployment", "implementing_decision", "2014-12-23"): ["implementing_decision"],
    ("pension_enterprise", "age", "2001-06-01"): ["age_men", "age_women", "early_age", "deferred_age"],
    ("pension_enterprise", "min_contributions", "2001-06-01"): ["qualifying_months"],
    ("pension_enterprise", "accrual_rate", "2001-06-01"): ["accrual"],
    ("pension_enterprise", "reference_wage", "2001-06-01"): ["reference_months"],
    ("pension_enterprise", "age_men", "2014-01-01"): ["age_men"],
    ("pension_enterprise", "age_women", "2014-01-01"): ["age_women", "women_may_work_to"],
    ("pension_enterprise", "age_is_normal_rule_source", "2014-01-01"): ["age_note"],
    ("pension_enterprise", "early_max_years", "2014-01-01"): ["early_age", "deferred_age", "early_years"],
    ("pension_enterprise", "min_contributions", "2014-01-01"): ["qualifying_months"],
    ("pension_enterprise", "hazardous_age_men", "2014-01-01"): ["hazardous_age_men", "hazardous_years"],
    ("pension_enterprise", "hazardous_age_women", "2014-01-01"): ["hazardous_age_women"],
    ("pension_enterprise", "accrual_rate", "2014-01-01"): ["accrual", "reference_months"],
    ("pension_enterprise", "maximum_rate", "2018-06-27"): ["maximum"],
    ("pension_enterprise", "lump_sum_when_short", "2018-06-27"): ["lump_sum_when_short"],
    ("pension_public", "age", "2018-06-27"): ["public_age_men", "public_age_women", "public_age_latest"],
    ("pension_public", "service_years", "2018-06-27"): ["public_service_years"],
    ("pension_public", "shortfall_allowed", "2018-06-27"): [
        "public_short_age_years",
        "public_short_service_years",
        "public_points_per_year",
    ],
    ("pension_public", "age_men", "2025-06-02"): ["public_age_men", "public_age_latest"],
    ("pension_public", "age_women", "2025-06-02"): ["public_age_women"],
    ("pension_public", "service_years", "2025-06-02"): ["public_service_years"],
    ("pension_public", "service_years_reduced", "2025-06-02"): [
        "public_short_age_years",
        "public_short_service_years",
        "public_points_per_year",
    ],
    ("pension_public", "special_age", "2018-06-27"): [
        "special_age_men",
        "special_age_women",
        "special_service_years",
        "special_hazardous_years",
    ],
    ("pension_public", "service_credit_pre1975", "2018-06-27"): ["credit_for_each_years"],
    ("pension_public", "amount", "2018-06-27"): ["public_formula"],
    ("pension_public", "maximum_rate", "2018-06-27"): ["public_full"],
    ("pension_public", "lump_sum", "2025-06-02"): ["lump_sum_rate", "lump_sum_tenths"],
}
# No number in the list: where nothing was found, nothing is invented.
ELSEWHERE: dict[tuple[str, str], Callable[[], object]] = {
    ("survivors", "family_cap"): lambda: (
        named("survivors").values.sources("family_cap", TODAY).assumption == "A-41"
    ),
    ("childcare", "exists"): lambda: COMMON.on(TODAY).childcare == "no",
}

# Whole numbers that follow from the words of a row: 5 and 15 years in months, 25 less 23 years, 1.5 in tenths.
DERIVED = {
    ("min_contributions", 60), ("accrual_rate", 12), ("lump_sum", 15), ("service_years_reduced", 2),
    ("service_years_reduced", 0),
}  # fmt: skip


def rows() -> list[dict[str, str]]:
    with (Path(__file__).parent / "rules.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['benefit']} {row['rule']} {row['valid_from']}")
def test_a_rule_of_the_list_is_a_value_of_the_law(row: dict[str, str]) -> None:
    if (row["benefit"], row["rule"]) in ELSEWHERE:
        assert ELSEWHERE[row["benefit"], row["rule"]]()
        return
    benefit = named(FOLDERS.get(row["benefit"], row["benefit"]))
    first = date.fromisoformat(row["valid_from"])
    last = date.fromisoformat(row["valid_to"]) if row["valid_to"] else TODAY
    for name in READ[row["benefit"], row["rule"], row["valid_from"]]:
        for day in (first, last):
            source = benefit.values.sources(name, day)
            assert source.date == first, name
            assert_found(row, getattr(benefit.values.on(day), name))
            assert_confidence(row, source.confidence, source.assumption, source.url)


def assert_found(row: dict[str, str], value: Any) -> None:
    told = row["value"]
    if value is None:
        assert "not found" in told or row["rule"] == "early_max_years"
    elif isinstance(value, str):
        assert value in (told, "monthly")
    elif isinstance(value, Rate):
        assert str(value).removesuffix(" %") in [*numbers(told + row["unit"])]
    else:
        wanted = numbers(told + " " + row["unit"] + " " + row["rule"] + " " + row["legal_source"])
        if (row["rule"], value) not in DERIVED:
            assert str(value) in wanted


def assert_confidence(row: dict[str, str], confidence: str, assumption: str, url: str) -> None:
    told = row["confidence"]
    assert confidence in CONFIDENCES
    assert confidence in told or told.startswith("not found")
    assert confidence != "high" or told.startswith("high")
    if "ASSUMPTION" in row["url"]:
        assert confidence == "low"
        assert not url
        assert assumption or "not found" in told
    else:
        assert url == row["url"]


def test_every_row_is_read() -> None:
    found = {(row["benefit"], row["rule"], row["valid_from"]) for row in rows()}
    assert {key for key in found if key[:2] not in ELSEWHERE} == set(READ)


@pytest.mark.parametrize("name", all_names())
def test_every_value_is_used_or_told(name: str) -> None:
    """A history without a name that nobody set, and each value with a source on the last day."""
    values = named(name).values
    for field in dataclasses.fields(values.kind):
        assert values.sources(field.name, TODAY).cite


def test_the_public_rule_changes_with_the_ordinance() -> None:
    values = named("old_age").values
    before, after = values.on(date(2025, 6, 1)), values.on(date(2025, 6, 2))
    assert (before.public_age_men, after.public_age_men) == (60, 57)
    assert (before.public_short_age_years, after.public_short_age_years) == (3, 0)
    assert (before.lump_sum_rate, after.lump_sum_rate) == (None, Rate.parse("85 %"))
    assert values.sources("public_age_men", date(2025, 6, 2)).article == "34, 38"
