"""Retroactive change, benefits together, and situations that cannot be."""

from datetime import date
from typing import Any

import pytest

from pakan.law.benefits import all_names, named
from pakan.law.benefits.together import together
from pakan.law.changes import AllLaw, Decided, compare
from pakan.law.common import last_day_to_claim
from pakan.law.contributions.values import LAW, Law
from pakan.law.insured import Insured
from pakan.law.told import read_insured
from pakan.law.wrong import WrongSituation

DAY = date(2026, 10, 5)
MOTHER: dict[str, Any] = {"born": "1990-05-01", "sex": "f"}
BIRTH = Decided("maternity", DAY, {"leave_days": 30})


def paid(*lines: dict[str, Any]) -> Insured:
    return read_insured(MOTHER | {"months": list(lines)})


YEAR = {"from": "2025-10", "to": "2026-09", "wage": 3_000_000}


def test_a_corrected_wage_changes_contribution_average_and_benefit() -> None:
    found = compare(paid(YEAR), paid(YEAR, {"month": "2026-09", "wage": 3_600_000}), [BIRTH])
    told = {(each.subject, each.what): (each.before, each.after, each.reason) for each in found}
    assert told == {
        ("contribution", "employer"): (180_000, 216_000, "wage corrected"),
        ("contribution", "worker"): (165_000, 198_000, "wage corrected"),
        ("contribution", "insured"): (3_000_000, 3_600_000, "wage corrected"),
        ("average", "average"): (3_000_000, 3_100_000, "months or wages changed"),
        ("benefit", "lump_sum"): (1_800_000, 1_860_000, "months or wages changed"),
        ("benefit", "period"): (2_400_000, 2_480_000, "months or wages changed"),
    }
    assert found[0].kip == 36_000
    assert found[0].en == "2026-09 1: 180,000 → 216,000 (wage corrected)"
    assert "ແກ້ຄ່າຈ້າງ" in found[0].lo


def test_a_month_that_is_paid_late_counts_from_then_on() -> None:
    eight = {"from": "2026-01", "to": "2026-08", "wage": 3_000_000}
    unpaid = {"month": "2026-09", "wage": 3_000_000, "paid": False}
    found = compare(paid(eight, unpaid), paid(eight, unpaid | {"paid": True}), [BIRTH])
    told = {(each.subject, each.what): (each.before, each.after, each.reason) for each in found}
    assert told["contribution", "insured"] == (0, 3_000_000, "now paid")
    assert told["benefit", "entitled"] == (0, 1, "months or wages changed")
    assert told["benefit", "lump_sum"] == (0, 1_800_000, "months or wages changed")


def test_a_month_added_and_a_month_taken_away() -> None:
    more = {"month": "2025-09", "wage": 3_000_000}
    assert {each.reason for each in compare(paid(YEAR), paid(YEAR, more))} == {"month added"}
    assert {each.kip for each in compare(paid(YEAR, more), paid(YEAR))} == {-180_000, -165_000, -3_000_000}


def test_a_decree_for_past_months_is_told_as_such() -> None:
    block = {"date": "2026-07-01", "cite": "Invented decree", "confidence": "high", "ceiling": 12_500_000}
    higher = Law(
        LAW.enterprise.with_blocks([block]), LAW.public, LAW.voluntary, LAW.minimum_wage, LAW.rounding
    )
    rich = paid(YEAR | {"wage": 9_000_000})
    found = compare(rich, rich, [BIRTH], law_after=AllLaw(higher))
    months = [each for each in found if each.what == "employer"]
    assert [each.where for each in months] == ["2026-07 1", "2026-08 1", "2026-09 1"]
    assert {(each.before, each.after, each.reason) for each in months} == {(270_000, 540_000, "law changed")}
    lump = next(each for each in found if each.what == "lump_sum")
    assert (lump.before, lump.after) == (2_700_000, 4_050_000)


def test_a_decree_on_a_benefit_changes_the_benefit_only() -> None:
    block = {"date": "2026-07-01", "cite": "Invented decree", "confidence": "high", "lump_sum": "70 %"}
    after = AllLaw(benefits={"maternity": named("maternity").with_blocks([block])})
    (only,) = compare(paid(YEAR), paid(YEAR), [BIRTH], law_after=after)
    assert (only.what, only.before, only.after, only.reason) == (
        "lump_sum", 1_800_000, 2_100_000, "benefit rule changed",
    )  # fmt: skip


def test_the_higher_of_two_benefits_is_paid_and_the_other_gives_way() -> None:
    who = paid(YEAR)
    sick = named("sickness").decide(who, {"cause": "work", "wage_stopped": True, "certificate": True}, DAY)
    jobless = named("unemployment").decide(
        who,
        {"cause": "closed", "exit_certificate": True, "fit": True, "unemployed_days": 30},
        date(2026, 12, 5),
    )
    result = together([jobless, sick])
    assert [(name, amount.kip) for name, amount in result.amounts] == [
        ("sickness", 2_400_000),
        ("sickness", 2_100_000),
    ]
    (gave_way,) = result.gave_way
    assert (gave_way.winner, gave_way.loser, gave_way.source.assumption) == (
        "sickness",
        "unemployment",
        "A-44",
    )
    assert (gave_way.start, gave_way.end) == (date(2026, 12, 5), date(2027, 3, 4))


def test_what_outlasts_the_higher_benefit_is_paid_after_it() -> None:
    who = paid(YEAR)
    until = {"until": date(2026, 10, 31)}
    sick = named("sickness").decide(
        who, {"cause": "work", "wage_stopped": True, "certificate": True} | until, DAY
    )
    invalid = named("invalidity").decide(who, {"category": 6}, DAY)
    result = together([sick, invalid])
    assert [(name, amount.start, amount.end) for name, amount in result.amounts] == [
        ("sickness", DAY, date(2026, 10, 31)),
        ("invalidity", date(2026, 11, 1), None),
    ]


def test_a_leave_that_is_cut_is_paid_by_its_days_and_the_lump_sum_stays() -> None:
    who = paid(YEAR)
    birth = named("maternity").decide(who, {"leave_days": 30}, DAY)
    sick = named("sickness").decide(
        who, {"cause": "work", "wage_stopped": True, "certificate": True}, date(2026, 10, 20)
    )
    result = together([sick, birth])
    leave = next(amount for name, amount in result.amounts if name == "maternity" and amount.kind == "period")
    assert (leave.start, leave.end, leave.kip) == (DAY, date(2026, 10, 19), 1_200_000)
    assert any(amount.kind == "lump_sum" and amount.kip == 1_800_000 for _, amount in result.amounts)


def refused(raw: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(WrongSituation) as wrong:
        read_insured(raw)
    assert all(wrong.value.allowed("lo").values())
    return wrong.value.allowed("en")


def test_every_problem_is_told_at_once_with_what_is_allowed() -> None:
    told = refused(
        {
            "born": "1990-02-30",
            "sex": "x",
            "months": [
                {"month": "2026-13", "wage": -1},
                {"month": "2026-01", "wage": 5, "scheme": "private"},
                {"from": "2026-05", "to": "2026-04", "wage": 5},
                {"month": "2001-05", "wage": 5},
                {"month": "2026-02", "wage": 2.5, "sum": 3},
            ],
            "family": {"children": [{"born": "x"}]},
        }
    )
    assert set(told) == {
        "born", "sex", "months[0].month", "months[0].wage", "months[1].scheme", "months[2].to", "months[3].month",
        "months[4].wage", "months[4].sum", "family.children[0].born",
    }  # fmt: skip
    assert told["months[0].month"] == "must be a month 01 to 12, such as 2026-10"
    assert told["months[0].wage"] == "must be whole kip, 0 or more"
    assert told["months[1].scheme"] == "must be one of: enterprise, public, voluntary"
    assert told["months[3].month"] == "must not be before 1 June 2001"


def test_what_cannot_be_in_a_life_is_refused() -> None:
    life = {"born": "1990-05-01", "sex": "f", "died": "2020-01-01"}
    assert set(refused(life | {"family": {"children": [{"born": "2020-01-02"}]}})) == {
        "family.children[0].born"
    }
    assert set(refused(life | {"months": [{"month": "2020-02", "wage": 2_000_000}]})) == {"months[2020-02]"}
    assert set(
        refused({"born": "2010-01-01", "sex": "m", "months": [{"month": "2009-12", "wage": 1, "insured": 1}]})
    ) == {"months[2009-12]"}
    assert set(refused(life | {"died": "1980-01-01"})) == {"died"}
    father = read_insured(life | {"sex": "m", "family": {"children": [{"born": "2020-10-31"}]}})
    assert father.family.children[0].born == date(2020, 10, 31)


def test_a_wage_before_any_known_minimum_must_tell_what_was_insured() -> None:
    line = {"month": "2001-06", "wage": 500_000, "scheme": "public"}
    told = refused({"born": "1970-01-01", "sex": "f", "months": [line]})
    assert set(told) == {"months[0].insured"}
    person = read_insured({"born": "1970-01-01", "sex": "f", "months": [line | {"insured": 500_000}]})
    assert list(person.paid.values()) == [500_000]


def test_answers_are_checked_with_the_person_and_the_day() -> None:
    with pytest.raises(WrongSituation) as wrong:
        named("maternity").decide(paid(YEAR), {"children": 0, "leave_days": "many", "x": 1}, date(2018, 1, 1))
    assert set(wrong.value.fields) == {"day", "children", "leave_days", "x"}
    assert wrong.value.allowed("en")["children"] == "must be a whole number, 1–8"
    with pytest.raises(WrongSituation) as unknown:
        named("holiday")
    assert unknown.value.fields == ("benefit",)
    assert "maternity" in unknown.value.allowed("en")["benefit"]


@pytest.mark.parametrize("name", all_names())
def test_every_benefit_declares_what_forms_and_letters_need(name: str) -> None:
    benefit = named(name)
    assert benefit.account.isdigit()
    assert len(benefit.account) == 4
    assert benefit.evidence
    assert set(benefit.facts) <= {"born", "sex", "months", "memberships", "family", "events", "died"}
    words = [benefit.title, benefit.event, *benefit.questions, *benefit.evidence]
    words += [choice for question in benefit.questions for choice in question.choices]
    for each in words:
        assert any("\u0e80" <= letter <= "\u0eff" for letter in each.lo)
        assert not any("\u0e80" <= letter <= "\u0eff" for letter in each.en)
    for question in benefit.questions:
        assert (question.kind == "choice") == bool(question.choices)
        assert question.required == (question.default is None) or question.kind in ("day", "whole")


def test_accounts_are_not_shared() -> None:
    accounts = [named(name).account for name in all_names()]
    assert len(set(accounts)) == len(accounts)


def test_the_tenth_benefit_is_named_nowhere_but_in_its_folder() -> None:
    from pakan.law.benefits import HERE

    law = HERE.parent
    naming = {
        path.relative_to(law).parts[:2]
        for path in law.rglob("*")
        if path.suffix in {".py", ".toml"} and "pandemic_2020" in path.read_text("utf-8") + str(path.parent)
    }
    assert naming == {("benefits", "pandemic_2020")}
    assert named("pandemic_2020").values.on(date(2021, 1, 1)).amount is None


def test_benefits_do_not_know_each_other() -> None:
    from pakan.law.benefits import HERE

    rooms = {path.parent.name: path.parent for path in HERE.glob("*/rule.py")}
    for name, room in rooms.items():
        text = "".join(path.read_text("utf-8") for path in room.glob("*.py"))
        assert not [other for other in rooms if other != name and f"benefits.{other}" in text]


def test_a_claim_is_lodged_within_a_year_or_looked_at_by_staff() -> None:
    assert last_day_to_claim(date(2026, 10, 5)) == date(2027, 10, 5)
    assert last_day_to_claim(date(2024, 2, 29)) == date(2025, 2, 28)
    assert last_day_to_claim(date(2013, 12, 31)) is None


def test_what_a_person_can_be_asked_about_months() -> None:
    who = paid(
        {"from": "2025-01", "to": "2025-06", "wage": 3_000_000},
        {"month": "2025-09", "wage": 3_000_000, "paid": False},
    )
    assert who.gap(date(2025, 7, 31)) == 0
    assert who.gap(date(2025, 10, 1)) == 3
    assert who.paid_in_last(6, date(2025, 10, 1)) == 3
    assert (who.unpaid_before(date(2025, 10, 1)), who.unpaid_before(date(2025, 9, 30))) == (1, 0)
    assert (who.unpaid_before(date(2026, 3, 1), 6), who.unpaid_before(date(2026, 4, 1), 6)) == (1, 0)
    assert who.scheme_on(date(2025, 2, 1)) == "enterprise"
    assert who.scheme_on(date(2025, 1, 31)) is None
    average = who.average(6, date(2025, 7, 1))
    assert (average.kip, average.usual, average.shared) == (3_000_000, True, False)
    assert not who.average(6, date(2025, 8, 1)).usual
    assert who.average(6, date(2025, 1, 1)).kip == 0


def test_hazardous_work_counts_only_until_the_day() -> None:
    told = {"scheme": "enterprise", "start": "2020-01-01", "hazardous": True}
    later = {"scheme": "enterprise", "start": "2027-01-01", "hazardous": True}
    who = read_insured(
        MOTHER | {"memberships": [told, later, told | {"start": "2010-01-01", "hazardous": False}]}
    )
    assert who.longest_hazardous(date(2024, 12, 31)) == 4
    assert who.longest_hazardous(date(2025, 1, 1)) == 5
    assert who.longest_hazardous(date(2019, 12, 31)) == 0


def test_service_is_the_time_recorded_or_else_the_months_paid() -> None:
    month = {"from": "2025-01", "to": "2025-06", "wage": 3_000_000, "scheme": "public"}
    assert paid(month, YEAR).service_months(DAY) == 6
    spans = [
        {"scheme": "public", "start": "2000-01-01", "end": "2001-12-31"},
        {"scheme": "public", "start": "2026-01-01"},
        {"scheme": "public", "start": "2027-01-01"},
        {"scheme": "enterprise", "start": "2010-01-01"},
    ]
    served = read_insured(MOTHER | {"months": [month], "memberships": spans})
    assert served.service_months(date(2026, 9, 30)) == 24 + 9


def test_a_line_without_its_scheme_or_day_is_named() -> None:
    told = refused(
        MOTHER
        | {
            "memberships": [{"start": "2020-01-01"}, {"scheme": "public"}],
            "events": [{"benefit": "unemployment"}],
            "family": {"spouse": {"sex": "m"}, "parents": [{"born": "1960-01-01", "sex": "x", "supported": "yes"}]},
            "months": "none",
        }
    )  # fmt: skip
    assert set(told) == {
        "memberships[0].scheme", "memberships[1].start", "events[0].start", "family.spouse.born", "family.parents[0].sex",
        "family.parents[0].supported", "months",
    }  # fmt: skip
    cut = {"scheme": "public", "start": "2020-02-02", "end": "2020-02-01"}
    assert set(refused(MOTHER | {"memberships": [cut]})) == {"memberships[0].end"}
    event = {"benefit": "unemployment", "start": "2020-02-02", "end": "2020-02-01"}
    assert set(refused(MOTHER | {"events": [event]})) == {"events[0].end"}
    assert set(refused(MOTHER | {"events": [event | {"start": "1980-01-01"}]})) == {"events[0].start"}
    young = {"parents": [{"born": "1990-05-02", "sex": "f"}], "children": [{"born": "1990-04-30"}]}
    assert set(refused(MOTHER | {"family": young})) == {"family.children[0].born", "family.parents[0].born"}


def test_who_misses_months_is_told_the_day_and_who_has_them_is_not() -> None:
    eight = named("maternity").decide(paid(YEAR | {"from": "2026-02"}), {"leave_days": 0}, DAY)
    assert "If contributions go on every month, the right begins on 1 November 2026." in eight.as_sentences(
        "en"
    )
    twelve = named("maternity").decide(paid(YEAR), {"leave_days": 0}, DAY)
    assert twelve.first_day == date(2026, 7, 1)
    assert not any("begins" in sentence for sentence in twelve.as_sentences("en"))
    resigned = named("unemployment").decide(
        paid(YEAR), {"cause": "resigned", "exit_certificate": True, "fit": True, "unemployed_days": 30}, DAY
    )
    assert resigned.first_day is None
    assert not any("begins" in sentence for sentence in resigned.as_sentences("en"))


def test_the_table_for_staff_shows_every_figure() -> None:
    decision = named("maternity").decide(paid(YEAR), {"leave_days": 30}, DAY)
    rows = {(row["part"], row["label"]): row for row in decision.as_table("en")}
    months = rows["condition", "months"]
    assert (months["needed"], months["found"], months["met"], months["result"]) == (
        "9",
        "12",
        "yes",
        "1 July 2026",
    )
    leave = rows["step", "leave"]
    assert (leave["result"], leave["confidence"], leave["assumption"]) == ("2,400,000", "low", "A-21")
    due = rows["amount", "leave_due"]
    assert (due["needed"], due["found"], due["result"]) == ("5 October 2026", "3 November 2026", "2,400,000")
    assert decision.steps[-1].inputs["days"] == "30"


def test_a_month_without_wage_is_told_and_does_not_count() -> None:
    who = paid(YEAR, {"month": "2026-09", "wage": 0})
    assert who.paid_before(DAY) == 11
    assert [entry.declared for entry in who.months[max(who.months)]] == [0]
    assert set(refused(MOTHER | {"months": [5]})) == {"months"}
    assert set(refused(MOTHER | {"months": {"wage": 5}})) == {"months"}


def test_the_lump_sum_and_the_family_cap_say_their_figures() -> None:
    months = [{"from": "2024-01", "to": "2025-06", "wage": 3_000_000, "scheme": "public"}]
    served = {"scheme": "public", "start": "2015-07-02"}
    officer = read_insured({"born": "1980-01-01", "sex": "m", "months": months, "memberships": [served]})
    lump = named("old_age").decide(officer, {"leaves_service": True}, date(2025, 7, 1))
    assert lump.steps[-1].en == "Lump sum: 3,000,000 × 85 % × 1.5 × 10 years = 38,250,000 kip."
    children = [{"born": f"201{year}-01-01"} for year in range(6)]
    five_years = [{"from": "2021-10", "to": "2026-09", "wage": 4_000_000}]
    family = {"children": children}
    dead = read_insured(
        {"born": "1980-01-01", "sex": "m", "months": five_years, "family": family, "died": "2026-10-05"}
    )
    capped = named("survivors").decide(dead, {}, DAY)
    assert next(step for step in capped.steps if step.label == "capped").result == 4_000_000
    assert sum(amount.kip for amount in capped.amounts if amount.start == DAY) in range(3_999_997, 4_000_004)


def test_what_the_law_holds_cannot_be_changed_by_whoever_holds_it() -> None:
    import dataclasses
    import importlib
    import pkgutil

    import pakan.law

    kinds = set()
    for found in pkgutil.walk_packages(pakan.law.__path__, "pakan.law."):
        module = importlib.import_module(found.name)
        kinds |= {
            each
            for each in vars(module).values()
            if isinstance(each, type) and dataclasses.is_dataclass(each)
        }
    assert len(kinds) > 30
    assert [kind.__name__ for kind in kinds if not kind.__dataclass_params__.frozen] == []  # type: ignore[attr-defined]
