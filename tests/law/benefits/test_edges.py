"""Edges of benefits together, retroactive change, careers and questions: found by changing the rules one sign at a
time (mutants.md)."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from pakan.law.benefits import all_names, named
from pakan.law.benefits.death.rule import months_for
from pakan.law.benefits.together import Together, together
from pakan.law.changes import AllLaw, Decided, compare
from pakan.law.contributions.values import LAW
from pakan.law.decision import Amount, AmountKind, Condition, Decision, decision_from
from pakan.law.insured import (
    Child,
    Entry,
    Event,
    Insured,
    Membership,
    Parent,
    Spouse,
    full_months,
    insure_again,
)
from pakan.law.situation import Choice, Question, read
from pakan.law.told import read_insured
from pakan.law.wrong import WrongSituation
from pakan.units.money import Kip
from pakan.units.month import Month

DAY = date(2026, 10, 5)
MOTHER: dict[str, Any] = {"born": "1990-05-01", "sex": "f"}
YEAR: dict[str, Any] = {"from": "2025-10", "to": "2026-09", "wage": 3_000_000}


def amount(kip: int, start: date | None, end: date | None = None, kind: AmountKind = "monthly") -> Amount:
    return Amount(kind, "x", "ກ", "x", Kip(kip), start, end)


def answer(benefit: str, *amounts: Amount, entitled: bool = True) -> Decision:
    return Decision(benefit, f"ກ {benefit}", f"Title {benefit}", DAY, entitled, (), (), amounts)


def paid(result: Together) -> list[tuple[str, int, date | None, date | None]]:
    return [(name, int(each.kip), each.start, each.end) for name, each in result.amounts]


OCT, NOV, DEC, LATE = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2026, 12, 31)


def test_of_two_equal_benefits_the_first_one_decided_is_paid() -> None:
    first, second = answer("sickness", amount(9, OCT, LATE)), answer("unemployment", amount(9, OCT, LATE))
    assert paid(together([first, second])) == [("sickness", 9, OCT, LATE)]
    assert paid(together([second, first])) == [("unemployment", 9, OCT, LATE)]
    (told,) = together([first, second]).gave_way
    assert told.en == "Title unemployment is not paid beside Title sickness. The higher one is paid."
    assert told.lo == "ກ unemployment ບໍ່ຈ່າຍພ້ອມກັບ ກ sickness. ຈ່າຍອັນທີ່ສູງກວ່າ."


def test_two_amounts_of_one_benefit_do_not_cut_each_other() -> None:
    both = answer("sickness", amount(9, OCT, LATE), amount(8, OCT, LATE))
    assert len(together([both]).amounts) == 2
    assert together([both]).gave_way == ()


def test_a_benefit_that_is_cut_by_two_keeps_what_is_left() -> None:
    """The second, lower rival comes first and leaves a hole; the other cuts only the part that it meets."""
    long = answer("unemployment", amount(5, OCT, None))
    one, other = (
        answer("sickness", amount(9, NOV, date(2026, 11, 30))),
        answer("invalidity", amount(8, DEC, LATE)),
    )
    assert paid(together([long, one, other])) == [
        ("unemployment", 5, OCT, date(2026, 10, 31)),
        ("unemployment", 5, date(2027, 1, 1), None),
        ("sickness", 9, NOV, date(2026, 11, 30)),
        ("invalidity", 8, DEC, LATE),
    ]
    early = answer("sickness", amount(9, date(2026, 10, 10), date(2026, 10, 20)))
    late = answer("invalidity", amount(8, DEC, LATE))
    assert [each[2:] for each in paid(together([long, late, early])) if each[0] == "unemployment"] == [
        (OCT, date(2026, 10, 9)),
        (date(2026, 10, 21), date(2026, 11, 30)),
        (date(2027, 1, 1), None),
    ]


def test_two_benefits_without_end_and_two_that_share_one_day() -> None:
    endless = together([answer("invalidity", amount(9, NOV)), answer("sickness", amount(5, OCT))])
    assert paid(endless) == [("invalidity", 9, NOV, None), ("sickness", 5, OCT, date(2026, 10, 31))]
    touching = together([answer("invalidity", amount(9, OCT, NOV)), answer("sickness", amount(5, NOV, LATE))])
    assert paid(touching) == [("invalidity", 9, OCT, NOV), ("sickness", 5, date(2026, 11, 2), LATE)]
    assert [(each.start, each.end) for each in touching.gave_way] == [(NOV, NOV)]


def test_a_month_is_compared_as_thirty_days_and_a_period_by_its_own() -> None:
    """310 kip for 31 days are 10 a day; 301 a month are more, 299 less."""
    leave = answer("maternity", amount(310, OCT, date(2026, 10, 31), "period"))
    for monthly, winner in ((301, "sickness"), (299, "maternity")):
        result = together([leave, answer("sickness", amount(monthly, OCT, date(2026, 10, 31)))])
        assert [name for name, _ in result.amounts] == [winner]


def test_a_leave_that_is_cut_is_rounded_half_up_to_whole_kip() -> None:
    leave = answer("maternity", amount(5, OCT, date(2026, 10, 10), "period"))
    sick = answer("sickness", amount(900, date(2026, 10, 4), LATE))
    ((_, left), _) = together([leave, sick]).amounts
    assert (left.kip, left.start, left.end) == (2, OCT, date(2026, 10, 3))  # 1.5 kip
    assert isinstance(left.kip, int)
    after = together([leave, answer("sickness", amount(900, OCT, date(2026, 10, 7)))])
    assert paid(after)[0] == ("maternity", 2, date(2026, 10, 8), date(2026, 10, 10))


def test_what_no_rule_knows_or_has_no_day_is_never_cut() -> None:
    unknown = answer("holiday", amount(5, OCT, LATE))
    assert paid(together([unknown, answer("sickness", amount(9, OCT, LATE))]))[0] == ("holiday", 5, OCT, LATE)
    undated = answer("invalidity", amount(5, None, None))
    assert paid(together([answer("sickness", amount(9, OCT, LATE)), undated]))[1] == (
        "invalidity",
        5,
        None,
        None,
    )
    refused = answer("sickness", amount(9, OCT, LATE), entitled=False)
    assert together([refused]).amounts == ()


def person(*lines: dict[str, Any], **more: Any) -> Insured:
    return read_insured(MOTHER | {"months": list(lines)} | more)


SICK = Decided("sickness", DAY, {"cause": "work", "wage_stopped": True, "certificate": True})


def test_why_a_contribution_changed() -> None:
    month = Month(2026, 9)

    def with_entry(*entries: Entry) -> Insured:
        return Insured(date(1990, 5, 1), "f", {month: entries} if entries else {})

    entry = Entry("1", Kip(3_000_000), Kip(3_000_000))
    unpaid = replace(entry, paid=False)
    assert {each.reason for each in compare(with_entry(entry), with_entry())} == {"month removed"}
    assert {each.reason for each in compare(with_entry(), with_entry(entry))} == {"month added"}
    (gone,) = compare(with_entry(entry), with_entry(unpaid))
    assert (gone.what, gone.before, gone.after, gone.reason) == ("insured", 3_000_000, 0, "no longer paid")
    (back,) = compare(with_entry(unpaid), with_entry(entry))
    assert (back.what, back.reason) == ("insured", "now paid")
    moved = compare(with_entry(entry), with_entry(replace(entry, scheme="public")))
    assert [(each.what, each.before, each.after, each.reason) for each in moved] == [
        ("employer", 180_000, 255_000, "scheme corrected"),
        ("worker", 165_000, 240_000, "scheme corrected"),
    ]
    taken = compare(with_entry(entry), with_entry())
    assert [(each.what, each.before, each.after) for each in taken] == [
        ("employer", 180_000, 0), ("worker", 165_000, 0), ("insured", 3_000_000, 0),
    ]  # fmt: skip
    added = compare(with_entry(), with_entry(entry))
    assert [each.what for each in added] == ["employer", "worker", "insured"]
    assert {each.where for each in added} == {"2026-09 1"}


def test_each_monthly_amount_that_changes_is_named_by_its_place() -> None:
    found = compare(person(YEAR), person(YEAR | {"wage": 3_600_000}), [SICK])
    benefit = [
        (each.subject, each.where, each.what, each.before, each.after)
        for each in found
        if each.subject != "contribution"
    ]
    where = "sickness 2026-10-05"
    assert benefit == [
        ("average", where, "average", 3_000_000, 3_600_000),
        ("benefit", where, "monthly 1", 2_400_000, 2_880_000),
        ("benefit", where, "monthly 2", 2_100_000, 2_520_000),
    ]


def test_a_right_that_appears_is_told_before_its_money() -> None:
    found = [each for each in compare(person(), person(YEAR), [SICK]) if each.subject != "contribution"]
    assert [(each.what, each.before, each.after, each.reason) for each in found] == [
        ("average", 0, 3_000_000, "months or wages changed"),
        ("entitled", 0, 1, "months or wages changed"),
        ("monthly 1", 0, 2_400_000, "months or wages changed"),
        ("monthly 2", 0, 2_100_000, "months or wages changed"),
    ]
    assert {each.where for each in found} == {"sickness 2026-10-05"}


def test_a_benefit_that_lasts_longer_is_told_in_days() -> None:
    asked = {"cause": "closed", "exit_certificate": True, "fit": True, "unemployed_days": 30}
    jobless = Decided("unemployment", DAY, asked)
    block = {"date": "2026-07-01", "cite": "Invented decree", "confidence": "high", "months_short": 4}
    other = named("unemployment").with_blocks([block])
    (longer,) = compare(
        person(YEAR), person(YEAR), [jobless], law_after=AllLaw(benefits={"unemployment": other})
    )
    assert (longer.subject, longer.where, longer.what) == ("benefit", "unemployment 2026-10-05", "days")
    # Three months from 5 October are 92 days, four are 123.
    assert (longer.before, longer.after, longer.reason) == (92, 123, "benefit rule changed")


def test_months_and_rule_that_change_together_are_told_as_months() -> None:
    block = {"date": "2026-07-01", "cite": "Invented decree", "confidence": "high", "lump_sum": "70 %"}
    after = AllLaw(benefits={"maternity": named("maternity").with_blocks([block])})
    birth = Decided("maternity", DAY, {"leave_days": 0})
    found = compare(person(YEAR), person(YEAR | {"wage": 3_600_000}), [birth], law_after=after)
    assert {each.reason for each in found if each.subject == "benefit"} == {"months or wages changed"}


def test_a_career_without_months_has_no_gap() -> None:
    assert person().gap(DAY) == 0
    assert person(YEAR).gap(date(2026, 10, 31)) == 0
    assert person(YEAR).gap(date(2026, 11, 1)) == 1


def test_service_begins_on_its_own_day() -> None:
    span = [{"scheme": "public", "start": "2026-10-05"}]
    month = {"month": "2026-09", "wage": 3_000_000, "scheme": "public"}
    assert person(month, memberships=span).service_months(DAY) == 0
    assert (
        person(month, memberships=span).service_months(date(2026, 10, 4)) == 1
    )  # not begun: the months paid
    assert person(month, memberships=span).service_months(date(2026, 11, 4)) == 1
    assert full_months(DAY, DAY) == 0
    assert full_months(DAY, date(2026, 11, 3)) == 0
    assert full_months(date(2026, 1, 31), date(2026, 2, 26)) == 0
    assert full_months(date(2026, 1, 31), date(2026, 2, 27)) == 1


def test_wages_insured_again_keep_the_rest_of_the_person() -> None:
    who = read_insured(
        MOTHER | {
            "months": [YEAR | {"to": "2026-08"}, {"month": "2026-09", "wage": 9_000_000, "insured": 5, "paid": False}],
            "died": "2026-09-30",
            "family": {"spouse": {"born": "1988-01-01", "sex": "m"}},
            "memberships": [{"scheme": "enterprise", "start": "2020-01-01", "hazardous": True}],
            "events": [{"benefit": "sickness", "start": "2025-01-01"}],
        }
    )  # fmt: skip
    again = insure_again(who, LAW)
    assert again.months[Month(2026, 9)] == (Entry("1", Kip(9_000_000), Kip(4_500_000), False, "enterprise"),)
    assert replace(again, months=who.months) == who


ASKED = (
    Question("when", "day", "ມື້ໃດ", "When", required=False),
    Question("fit", "yes_no", "ໄດ້", "Fit"),
    Question("cause", "choice", "ຍ້ອນ", "Cause", (Choice("a", "ກ", "A"), Choice("b", "ຂ", "B"))),
    Question("sum", "kip", "ເງິນ", "Sum"),
    Question("days", "whole", "ມື້", "Days", least=1, most=8),
)


def test_a_wrong_answer_is_told_what_is_allowed_in_both_languages() -> None:
    with pytest.raises(WrongSituation) as wrong:
        read(ASKED, {"when": "x", "fit": "yes", "cause": "c", "sum": -1, "days": 9})
    assert wrong.value.allowed("en") == {
        "when": "must be a day such as 2026-10-31",
        "fit": "must be true or false",
        "cause": "must be one of: a, b",
        "sum": "must be whole kip, 0 or more",
        "days": "must be a whole number, 1–8",
    }
    assert wrong.value.allowed("lo") == {
        "when": "ຕ້ອງເປັນວັນທີ ເຊັ່ນ 2026-10-31",
        "fit": "ຕ້ອງຕອບ ແມ່ນ (true) ຫຼື ບໍ່ແມ່ນ (false)",
        "cause": "ຕ້ອງແມ່ນໜຶ່ງໃນ: a, b",
        "sum": "ຕ້ອງເປັນຈຳນວນກີບເຕັມ ແຕ່ 0 ຂຶ້ນໄປ",
        "days": "ຕ້ອງເປັນຕົວເລກເຕັມ 1–8",
    }
    assert str(wrong.value).startswith("when: must be a day such as 2026-10-31; fit: must be true or false; ")
    edges = {"when": DAY, "fit": False, "cause": "b", "sum": 0, "days": 8}
    assert read(ASKED, edges).as_dict() == edges
    assert read(ASKED, edges | {"days": 1, "when": ""}).day("when") is None


@pytest.mark.parametrize("name", all_names())
def test_a_benefit_read_again_asks_the_same(name: str) -> None:
    fresh = named.__wrapped__(name)
    assert fresh.questions == named(name).questions
    assert all(isinstance(choice, Choice) for question in fresh.questions for choice in question.choices)


def test_a_day_before_the_law_or_the_birth_is_refused_in_both_languages() -> None:
    with pytest.raises(WrongSituation) as wrong:
        named("maternity").decide(person(YEAR), {"leave_days": 0}, date(1990, 4, 30))
    assert wrong.value.allowed("en")["day"] == "must not be before 1 May 1990"
    assert wrong.value.allowed("lo")["day"].startswith("ຕ້ອງບໍ່ກ່ອນວັນທີ 1 ")


def test_a_stored_answer_names_what_lists_search_for() -> None:
    decision = named("maternity").decide(person(YEAR | {"from": "2026-03"}), {"leave_days": 30}, DAY)
    told = decision.as_dict()
    assert told["missing"] == ["months"]
    assert (told["confidence"], told["estimate"], told["assumptions"]) == (
        decision.confidence, decision.estimate, list(decision.assumptions),
    )  # fmt: skip
    assert told["first_day"] == "2026-12-01"
    assert decision_from(told) == decision
    step = decision.steps[0]
    assert step.as_dict()["inputs"] == dict(step.inputs)


def test_the_table_of_staff_has_every_column_in_both_languages() -> None:
    decision = named("maternity").decide(person(YEAR), {"leave_days": 30}, DAY)
    columns = {
        "part", "label", "text", "needed", "found", "met", "result", "cite", "article", "confidence", "assumption",
    }  # fmt: skip
    for language in ("lo", "en"):
        rows = decision.as_table(language)
        assert all(set(row) == columns for row in rows)
        assert all(isinstance(value, str) and "XX" not in value for row in rows for value in row.values())
        kinds = [row["part"] for row in rows]
        assert kinds == sorted(kinds, key=["condition", "step", "note", "amount"].index)
    lao = [row for row in decision.as_table("lo") if row["part"] == "amount"]
    assert [(row["label"], row["result"], row["needed"], row["found"]) for row in lao][1] == (
        "leave_due", "2.400.000", "5 ຕຸລາ 2026", "3 ພະຈິກ 2026",
    )  # fmt: skip
    assert lao[0]["needed"] in {"", "5 ຕຸລາ 2026"}
    months = next(row for row in decision.as_table("lo") if row["label"] == "months")
    assert (months["needed"], months["found"], months["met"], months["result"]) == (
        "9",
        "12",
        "ແມ່ນ",
        "1 ກໍລະກົດ 2026",
    )


def test_a_refusal_tells_in_lao_when_the_right_begins() -> None:
    decision = named("maternity").decide(person(YEAR | {"from": "2026-02"}), {"leave_days": 0}, DAY)
    told = decision.as_sentences("lo")
    assert any("1 ພະຈິກ 2026" in sentence for sentence in told)
    assert told[0] == f"ຍັງບໍ່ມີສິດໄດ້ຮັບ: {decision.title_lo}."
    assert decision.title_lo != decision.title_en
    met = [condition.lo for condition in decision.conditions if condition.met]
    assert met
    assert not set(met) & set(told)


def test_an_unmet_condition_without_a_day_hides_the_first_day() -> None:
    def condition(met: bool, day: date | None) -> Condition:
        return Condition("x", "ກ", "x", 1, 1, met, "c", "", "high", "", day)

    known = replace(
        answer("sickness", entitled=False), conditions=(condition(False, DEC), condition(True, NOV))
    )
    assert known.first_day == DEC
    unknown = replace(known, conditions=(*known.conditions, condition(False, None)))
    assert unknown.first_day is None


def test_each_wrong_field_is_named_with_its_whole_path() -> None:
    with pytest.raises(WrongSituation) as wrong:
        read_insured(
            MOTHER | {
                "x": 1,
                "months": [{"from": "2026-01", "to": "2026-13", "wage": 5, "insured": -1, "paid": "no", "x": 1}],
                "memberships": [{"scheme": "public", "start": "2020-01-01", "end": "x", "hazardous": "x", "x": 1}],
                "events": [{"benefit": "sickness", "start": "2020-01-01", "end": "x", "x": 1}],
                "family": {
                    "x": 1,
                    "spouse": {"born": "1980-01-01", "sex": "x", "remarried": "x", "x": 1},
                    "children": [{"born": "2020-01-01", "student": "x", "x": 1}],
                    "parents": [{"born": "x", "sex": "f", "supported": True, "x": 1}],
                },
            }
        )  # fmt: skip
    assert set(wrong.value.fields) == {
        "x", "months[0].to", "months[0].insured", "months[0].paid", "months[0].x",
        "memberships[0].end", "memberships[0].hazardous", "memberships[0].x", "events[0].end", "events[0].x",
        "family.x", "family.spouse.sex", "family.spouse.remarried", "family.spouse.x",
        "family.children[0].student", "family.children[0].x", "family.parents[0].born", "family.parents[0].x",
    }  # fmt: skip
    told = wrong.value.allowed("en")
    assert told["family.parents[0].x"] == "is not known; there are: born, sex, supported"
    assert told["events[0].x"] == "is not known; there are: benefit, end, start"
    assert told["months[0].paid"] == "must be true or false"
    assert told["family.spouse.sex"] == "must be f or m"
    assert all(
        any("\u0e80" <= letter <= "\u0eff" for letter in text) for text in wrong.value.allowed("lo").values()
    )


def test_what_is_told_of_a_family_and_a_life_is_kept() -> None:
    who = read_insured(
        MOTHER | {
            "family": {
                "spouse": {"born": "1980-01-01", "sex": "m", "has_income": True, "invalid": True},
                "children": [{"born": "2020-01-01", "disabled": True}, {"born": "2006-01-01", "student": True}],
                "parents": [{"born": "1950-01-01", "sex": "m", "supported": False}, {"born": "1951-01-01", "sex": "f"}],
            },
            "events": [{"benefit": "sickness", "start": "2020-01-01", "end": "2020-01-09"}, {"start": "2021-01-01"}],
        }
    )  # fmt: skip
    family = who.family
    assert family.spouse == Spouse(date(1980, 1, 1), "m", has_income=True, invalid=True)
    assert family.children == (Child(date(2020, 1, 1), disabled=True), Child(date(2006, 1, 1), student=True))
    assert family.parents == (Parent(date(1950, 1, 1), "m", False), Parent(date(1951, 1, 1), "f", True))
    assert who.events == (
        Event("sickness", date(2020, 1, 1), date(2020, 1, 9)), Event("", date(2021, 1, 1), None),
    )  # fmt: skip


def test_a_public_wage_insured_again_stays_public() -> None:
    line = {"month": "2026-09", "wage": 9_000_000, "scheme": "public"}
    (entry,) = insure_again(person(line), LAW).months[Month(2026, 9)]
    assert (entry.scheme, entry.insured) == ("public", 9_000_000)


def test_who_asks_too_early_is_told_from_when_the_value_is_known() -> None:
    line = {"from": "2016-01", "to": "2018-05", "wage": 3_000_000, "scheme": "public"}
    with pytest.raises(WrongSituation) as wrong:
        named("old_age").decide(person(line), {}, date(2018, 6, 26))
    assert wrong.value.allowed("en") == {"day": "must not be before 27 June 2018"}


def test_a_stored_step_has_its_fields_and_no_other() -> None:
    step = named("maternity").decide(person(YEAR), {"leave_days": 30}, DAY).steps[0]
    assert set(step.as_dict()) == {each.name for each in fields(step)}


def test_the_words_of_a_refusal_in_both_languages() -> None:
    def refused(raw: dict[str, Any]) -> dict[str, tuple[str, str]]:
        with pytest.raises(WrongSituation) as wrong:
            read_insured(raw)
        lao, english = wrong.value.allowed("lo"), wrong.value.allowed("en")
        return {field: (lao[field], english[field]) for field in wrong.value.fields}

    line = {"month": "2026-13", "wage": -1, "paid": 1}
    assert refused(
        {"born": "x", "sex": "x", "died": "x", "months": [line], "events": "x", "family": "x"}
    ) == {
        "born": ("ຕ້ອງເປັນວັນທີ ເຊັ່ນ 2026-10-31", "must be a day such as 2026-10-31"),
        "died": ("ຕ້ອງເປັນວັນທີ ເຊັ່ນ 2026-10-31", "must be a day such as 2026-10-31"),
        "sex": ("ຕ້ອງແມ່ນ f (ຍິງ) ຫຼື m (ຊາຍ)", "must be f or m"),
        "months[0].month": ("ຕ້ອງເປັນເດືອນ 01 ຫາ 12 ເຊັ່ນ 2026-10", "must be a month 01 to 12, such as 2026-10"),
        "months[0].wage": ("ຕ້ອງເປັນຈຳນວນກີບເຕັມ ແຕ່ 0 ຂຶ້ນໄປ", "must be whole kip, 0 or more"),
        "months[0].paid": ("ຕ້ອງແມ່ນ true ຫຼື false", "must be true or false"),
        "events": ("ຕ້ອງເປັນລາຍການ", "must be a list of tables"),
        "family": ("ຕ້ອງເປັນຕາຕະລາງ", "must be a table"),
    }
    assert refused(MOTHER | {"family": {"x": 1}}) == {
        "family.x": (
            "ບໍ່ຮູ້ຈັກ. ມີແຕ່: children, parents, spouse", "is not known; there are: children, parents, spouse",
        )
    }  # fmt: skip
    assert refused(MOTHER | {"months": [{"from": "2026-05", "to": "2026-04", "wage": 5}]}) == {
        "months[0].to": ("ຕ້ອງບໍ່ກ່ອນ 2026-05", "must not be before 2026-05")
    }
    early = {"month": "2001-06", "wage": 500_000, "scheme": "public"}
    ((lao, english),) = refused({"born": "1970-01-01", "sex": "f", "months": [early]}).values()
    assert english == "tell the insured wage: no law is known before 1 January 2014"
    assert "2014" in lao


def test_the_days_of_notes_are_shown_in_lao() -> None:
    child = {"children": [{"born": "2020-01-01"}]}
    rows = named("health").decide(person(YEAR, family=child), {}, DAY).as_table("lo")
    assert [(row["label"], row["result"]) for row in rows if row["part"] == "note"] == [
        ("child_until", "31 ທັນວາ 2037"), ("hospital", ""),
    ]  # fmt: skip


def test_the_last_line_of_the_table_of_grants_ends_with_twelve_years() -> None:
    values = named("death").values.on(DAY)
    assert [months_for(values, years)[0] for years in (1, 6, 7, 12, 13)] == [
        "grant_first_years", "grant_6_years", "grant_7_8_years", "grant_11_12_years", "years_for_one_more",
    ]  # fmt: skip


def test_a_public_pension_without_a_salary_on_record_tells_no_amount() -> None:
    """Thirty years of service before the record began: the right is there, a pension of 0 kip would be a lie."""
    served = Membership("public", date(1985, 1, 1), date(2015, 1, 1))
    person = Insured(date(1960, 1, 1), "m", {}, memberships=(served,))
    decision = named("old_age").decide(person, {"scheme": "public"}, date(2026, 11, 1))
    assert (decision.entitled, decision.amounts) == (True, ())
    assert "salary_unknown" in [note.label for note in decision.notes]
