"""Every problem of a wage list has a row that shows it, a mend beside it, and is gone when the mend is applied."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pakan.law.contributions.rule import rates_for
from pakan.operations import declare, enrol
from pakan.registers.access.actor import Actor
from pakan.registers.contributions import queries as contributions
from pakan.registers.contributions.models import DeclaredWage, Sheet
from pakan.registers.people.models import Employer, Employment, Person
from pakan.units.month import Month
from pakan.units.number import issue_person_number, person_number_check
from tests.cast import people
from tests.operations.desk import (
    apply,
    broken,
    codes,
    declared,
    found,
    lines,
    mends,
    rows_of,
    sheet_of,
    sign,
)

pytestmark = pytest.mark.django_db

Make = Callable[..., Sheet]
NOBODY = issue_person_number("09", 1_234_567)  # rightly made, given to nobody
ALL_CODES = {
    "wage_empty", "wage_letter_o", "wage_decimals", "wage_negative", "wage_too_large", "wage_foreign",
    "wage_formula_text", "wage_ambiguous", "wage_not_a_number", "wage_error_cell", "wage_from_formula",
    "number_missing", "number_malformed", "number_check_digit", "number_unknown", "name_differs", "twice",
    "under_half_floor", "under_floor", "over_ceiling", "wage_jump", "joins", "too_young", "young", "zero_wage",
}  # fmt: skip


@pytest.fixture
def make_sheet(kham: Actor, factory: Employer, workers: list[Person], open_month: Month) -> Make:
    """The twelve workers with good wages, and the first row changed: number, name, wage."""

    def make(
        number: object = None, name: object = None, wage: object = 3_000_000, more: Sequence[Any] = ()
    ) -> Sheet:
        rows = rows_of(workers)
        rows[0][1] = workers[0].number if number is None else number
        rows[0][2] = workers[0].name if name is None else name
        rows[0][3] = wage
        return sheet_of(kham, factory, open_month, [*rows, *more], uuid4().hex)

    return make


def others_good(sheet: Sheet, count: int = 11) -> bool:
    """Every row but the first is good, and counts."""
    return not set(codes(sheet)) - {2} and sheet.summary["workers"] >= count


def wrong_digit(number: str) -> str:
    """One digit wrong in the middle: the check digit does not agree any more."""
    return number[:5] + str((int(number[5]) + 1) % 10) + number[6:]


# Amounts


@pytest.mark.parametrize(
    ("wage", "code", "mended"),
    [
        ("", "wage_empty", None),
        ("-", "wage_empty", None),
        ("2.5OO.OOO", "wage_letter_o", 2_500_000),
        ("3O00000", "wage_letter_o", 3_000_000),
        ("2500000,50", "wage_decimals", None),
        ("-2500000", "wage_negative", None),
        ("(2.500.000)", "wage_negative", None),
        ("1" * 20, "wage_too_large", None),
        ("100.000.000.000", "wage_too_large", None),
        ("$1,200", "wage_foreign", None),
        ("5000 ບາດ", "wage_foreign", None),
        ("1200 USD", "wage_foreign", None),
        ("=cmd|' /C calc'!A0", "wage_formula_text", None),
        ("@SUM(1+1)", "wage_formula_text", None),
        ("2.50.0000", "wage_ambiguous", None),
        ("3.33E+06", "wage_ambiguous", None),
        ("ສອງລ້ານ", "wage_not_a_number", None),
    ],
)
def test_an_amount_that_cannot_be_read_is_an_error_with_the_rest_kept(
    wage: str, code: str, mended: int | None, make_sheet: Make, kham: Actor, workers: list[Person]
) -> None:
    sheet = make_sheet(wage=wage)
    assert list(found(sheet, 2)) == [code]
    assert (found(sheet, 2)[code]["level"], found(sheet, 2)[code]["field"]) == ("error", "wage")
    assert others_good(sheet) and sheet.summary["wages"] == 11 * 3_000_000
    assert (sheet.summary["errors"], sheet.summary["missing_count"]) == (1, 0)
    assert mends(found(sheet, 2)[code]) == ([("wage", mended)] if mended else []) + [("leave_out", "")]
    with pytest.raises(declare.NotReady):
        declare.hand_over(kham, sheet, sheet.revision)
    if mended:
        sheet = apply(kham, sheet, 2, code, found(sheet, 2)[code]["mends"][0])
        assert lines(sheet)[2].wage == mended
    else:
        sheet = declare.leave_out(kham, sheet, 2)
        assert (codes(sheet), sheet.summary["left_out"], sheet.summary["missing_count"]) == ({}, 1, 1)
        sheet = declare.leave_out(kham, sheet, 2, out=False)
        assert code in found(sheet, 2)
        sheet = declare.write_line(kham, sheet, 2, wage="໓.໐໐໐.໐໐໐")
        assert lines(sheet)[2].wage == 3_000_000
    assert codes(sheet) == {} and declare.hand_over(kham, sheet, sheet.revision).state == "handed over"


def test_an_amount_at_the_limit_adds_up_and_signs(make_sheet: Make, kham: Actor, noy: Actor) -> None:
    sheet = make_sheet(wage=str(10**11 - 1))
    assert set(found(sheet, 2)) == {"over_ceiling"}
    signed = sign(kham, noy, sheet)
    assert signed.wages_declared == 10**11 - 1 + 33_000_000
    assert broken() == {}


# Floor, ceiling, last month


def test_under_the_floor_needs_a_reason_and_is_lifted_to_half(
    make_sheet: Make, kham: Actor, noy: Actor, factory: Employer, open_month: Month
) -> None:
    rates = rates_for("enterprise", open_month)
    for wage, code, facts in (
        (rates.floor - 1, "under_floor", {"floor": rates.floor}),
        (rates.lowest, "under_floor", {"floor": rates.floor}),
        (rates.lowest - 1, "under_half_floor", {"floor": rates.floor, "lowest": rates.lowest}),
    ):
        sheet = make_sheet(wage=wage)
        problem = found(sheet, 2)[code]
        assert (problem["level"], problem["facts"]) == ("question", facts)
        assert mends(problem) == [("confirm", "reason")]
        with pytest.raises(ValueError, match="reason_needed"):
            declare.confirm(kham, sheet, 2, code)
        assert codes(declare.confirm_all(kham, sheet, code)) == {2: [code]}
        sheet = declare.confirm(kham, sheet, 2, code, "part_time")
        assert codes(sheet) == {} and found(sheet, 2)[code]["facts"]["reason"] == "part_time"
    signed = sign(kham, noy, sheet)
    assert signed.wages_insured == rates.lowest + 33_000_000
    assert set(found(make_sheet(wage=rates.floor), 2)) == set()


def test_over_the_ceiling_is_said_and_stops_nothing(make_sheet: Make, kham: Actor, noy: Actor) -> None:
    sheet = make_sheet(wage=7_000_000)
    ceiling = found(sheet, 2)["over_ceiling"]
    assert (ceiling["level"], ceiling["facts"], codes(sheet)) == ("note", {"ceiling": 4_500_000}, {})
    assert (sheet.summary["at_ceiling"], sheet.summary["insured"]) == (1, 4_500_000 + 33_000_000)
    assert sign(kham, noy, sheet).employer_share == 270_000 + 11 * 180_000


@pytest.mark.parametrize(
    ("wage", "percent"),
    [(4_500_000, None), (4_500_001, 50), (6_000_000, 100), (1_500_000, None), (1_400_000, -53)],
)
def test_a_jump_of_more_than_half_is_asked_about(
    wage: int, percent: int | None, make_sheet: Make, kham: Actor, noy: Actor, factory: Employer, open_month: Month
) -> None:  # fmt: skip
    declared(kham, noy, factory, open_month - 1)
    sheet = make_sheet(wage=wage)
    jump = found(sheet, 2).get("wage_jump")
    assert (jump and jump["facts"]) == (percent and {"percent": percent, "before": 3_000_000})
    if percent:
        assert mends(jump) == [("confirm", "")] and jump["level"] == "question"
        sheet = declare.confirm(kham, sheet, 2, "wage_jump")
        assert "wage_jump" not in codes(sheet).get(2, [])
        # The answer was about that amount: a new one is asked about again.
        sheet = declare.write_line(kham, sheet, 2, wage="9.000.000")
        assert "wage_jump" in codes(sheet)[2]


def test_a_zero_wage_is_asked_about_and_then_not_declared(
    make_sheet: Make, kham: Actor, noy: Actor, workers: list[Person]
) -> None:
    sheet = make_sheet(wage=0)
    assert mends(found(sheet, 2)["zero_wage"]) == [("confirm", ""), ("leave_out", "")]
    sheet = declare.confirm(kham, sheet, 2, "zero_wage")
    signed = sign(kham, noy, sheet)
    assert (signed.workers, sheet.summary["workers"]) == (11, 11)
    assert not DeclaredWage.objects.filter(declaration=signed, person=workers[0]).exists()
    assert broken() == {}


# Who is meant


def test_a_wrong_check_digit_suggests_the_worker_one_slip_away(
    make_sheet: Make, kham: Actor, workers: list[Person]
) -> None:
    typed = wrong_digit(workers[0].number)
    assert not person_number_check(typed)
    sheet = make_sheet(number=typed, name="")
    problem = found(sheet, 2)["number_check_digit"]
    assert problem["mends"][0] == {
        "act": "number", "value": workers[0].number, "name": workers[0].name,
        "shown": f"{workers[0].number[:2]} {workers[0].number[2:6]} {workers[0].number[6:]}",
    }  # fmt: skip
    assert others_good(sheet)
    sheet = apply(kham, sheet, 2, "number_check_digit", problem["mends"][0])
    assert (codes(sheet), lines(sheet)[2].person_id) == ({}, workers[0].id)


def test_swapped_neighbours_are_one_slip(make_sheet: Make, workers: list[Person]) -> None:
    number = workers[0].number
    at = next(at for at in range(8) if number[at] != number[at + 1])
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    suggested = [
        value for act, value in mends(next(iter(found(make_sheet(number=swapped, name=""), 2).values())))
        if act == "number"
    ]  # fmt: skip
    assert number in suggested


def test_an_unknown_number_suggests_the_closest_name_and_registering(
    make_sheet: Make, kham: Actor, workers: list[Person]
) -> None:
    name = workers[0].name[:-1]  # a letter lost
    sheet = make_sheet(number=NOBODY, name=name)
    problem = found(sheet, 2)["number_unknown"]
    acts = mends(problem)
    assert acts[0] == ("number", workers[0].number)
    assert ("register", "") in acts and acts[-1] == ("leave_out", "")
    sheet = apply(kham, sheet, 2, "number_unknown", problem["mends"][0])
    assert (codes(sheet), lines(sheet)[2].person_id) == ({}, workers[0].id)


@pytest.mark.parametrize(
    ("number", "code"),
    [("", "number_missing"), ("12/34", "number_malformed"), ("9" * 21, "number_malformed")],
)
def test_no_number_or_none_that_could_be_one(
    number: str, code: str, make_sheet: Make, kham: Actor, workers: list[Person]
) -> None:
    sheet = make_sheet(number=number)
    assert list(found(sheet, 2)) == [code] and others_good(sheet)
    sheet = declare.write_line(kham, sheet, 2, number=f" {workers[0].number[:5]} {workers[0].number[5:]} ")
    assert codes(sheet) == {} and sheet.summary["missing_count"] == 0


def test_a_different_name_of_ones_own_worker_is_asked_and_may_be_confirmed(
    make_sheet: Make, kham: Actor, workers: list[Person]
) -> None:
    sheet = make_sheet(name="ສົມພອນ ໄຊຍະວົງສາ")
    problem = found(sheet, 2)["name_differs"]
    assert (problem["level"], problem["facts"]) == ("question", {"name": workers[0].name})
    sheet = declare.confirm(kham, sheet, 2, "name_differs")
    assert codes(sheet) == {} and lines(sheet)[2].person_id == workers[0].id
    # Another number later: that the name differs was said of the first person only.
    sheet = declare.leave_out(kham, sheet, 3)
    sheet = declare.write_line(kham, sheet, 2, number=workers[1].number)
    assert codes(sheet)[2] == ["name_differs"]


@pytest.mark.parametrize("written", ["ທ້າວ {0}", "{0} ", "ນາງ{0}", "BOUNMY PHOMMACHANH"])
def test_titles_gaps_and_latin_letters_are_the_same_name(
    written: str, make_sheet: Make, workers: list[Person]
) -> None:
    assert codes(make_sheet(name=written.format(workers[0].name))) == {}


def test_a_strangers_name_is_never_shown(make_sheet: Make, kham: Actor, other_factory: Employer) -> None:
    stranger = Person.objects.get(
        number=Person.objects.filter(employments__employer=other_factory).first().number
    )
    Person.objects.filter(id=stranger.id).update(given_name="ວິໄລວັນ", family_name="ຫຼວງລາດ", key="ວິໄລວັນຫຼວງລາດ")
    sheet = make_sheet(number=stranger.number, name="ສົມພອນ ໄຊຍະວົງສາ")
    problem = found(sheet, 2)["name_differs"]
    assert (problem["level"], problem["facts"]) == ("error", {})
    shown = str([line.problems for line in lines(sheet).values()]) + str(sheet.summary)
    assert "ວິໄລວັນ" not in shown and "ຫຼວງລາດ" not in shown
    with_slip = declare.write_line(kham, sheet, 2, number=wrong_digit(stranger.number))
    shown = str([line.problems for line in lines(with_slip).values()])
    assert "ວິໄລວັນ" not in shown and stranger.number not in shown
    # Nor does confirming what was never asked help.
    assert codes(declare.confirm(kham, sheet, 2, "name_differs"))[2] != []


def test_another_employers_worker_joins_when_that_is_confirmed(
    make_sheet: Make, kham: Actor, noy: Actor, factory: Employer, other_factory: Employer, workers: list[Person],
    open_month: Month,
) -> None:  # fmt: skip
    stranger = Person.objects.filter(employments__employer=other_factory).first()
    assert stranger is not None
    sheet = make_sheet(more=[[13, stranger.number, stranger.name, 2_600_000]])
    joins = found(sheet, 14)["joins"]
    assert (joins["level"], joins["facts"], mends(joins)) == ("question", {"known": True}, [("confirm", "")])
    sheet = declare.confirm(kham, sheet, 14, "joins")
    signed = sign(kham, noy, sheet)
    assert (signed.workers, signed.joined_known, signed.joined_new) == (13, 1, 0)
    started = Employment.objects.get(person=stranger, employer=factory)
    assert (started.start, started.end) == (open_month.first, None)
    assert Employment.objects.filter(person=stranger, employer=other_factory, end=None).exists()
    assert broken() == {}


def test_a_joiner_without_a_number_is_registered_and_counted(
    make_sheet: Make, kham: Actor, noy: Actor, factory: Employer, open_month: Month
) -> None:
    sheet = make_sheet(more=[["", "", "ວຽງສະຫວັນ ສຸກສະຫວັດ", 2_700_000]])
    assert ("register", "") in mends(found(sheet, 14)["number_missing"])
    facts = {"birth_date": date(1999, 5, 4), "sex": "m", "phone": "020 5555 1234"}
    with pytest.raises(declare.NotRegistered) as refused:
        declare.register_new(
            kham, sheet, 14, given_name="=x", family_name="", birth_date=date(1850, 1, 1), sex="x", phone="12"
        )
    assert refused.value.codes == ["given_name", "family_name", "sex", "birth_date", "phone"]
    sheet = declare.register_new(kham, sheet, 14, given_name="ວຽງສະຫວັນ", family_name="ສຸກສະຫວັດ", **facts)
    person = Person.objects.get(key="ວຽງສະຫວັນສຸກສະຫວັດ")
    assert person_number_check(person.number) and person.phone == "+8562055551234"
    assert (lines(sheet)[14].number, codes(sheet)) == (person.number, {})
    signed = sign(kham, noy, sheet)
    assert (signed.joined_new, signed.joined_known) == (1, 0)
    assert Employment.objects.get(person=person).start == open_month.first
    assert broken() == {}


def born(open_month: Month, years: int) -> date:
    last = open_month.last
    return date(last.year - years, last.month, last.day)


def test_children_are_refused_and_the_young_are_asked_about(
    make_sheet: Make, kham: Actor, workers: list[Person], open_month: Month
) -> None:
    Person.objects.filter(id=workers[0].id).update(birth_date=born(open_month, 14).replace(day=1))
    Person.objects.filter(id=workers[1].id).update(birth_date=born(open_month + 1, 14))
    Person.objects.filter(id=workers[2].id).update(birth_date=born(open_month, 18))
    sheet = make_sheet()
    assert (found(sheet, 2)["young"]["level"], found(sheet, 2)["young"]["facts"]) == ("question", {"age": 14})
    assert (found(sheet, 3)["too_young"]["level"], mends(found(sheet, 3)["too_young"])) == (
        "error",
        [("leave_out", "")],
    )
    assert found(sheet, 4) == {}
    sheet = declare.confirm(kham, sheet, 2, "young")
    assert codes(sheet) == {3: ["too_young"]}
    assert codes(declare.leave_out(kham, sheet, 3)) == {}


# Twice


def test_a_person_in_two_rows_is_added_up_or_left_out(
    make_sheet: Make, kham: Actor, workers: list[Person]
) -> None:
    again = [13, workers[0].number, workers[0].name, 1_000_000]
    sheet = make_sheet(more=[again])
    double = found(sheet, 14)["twice"]
    assert (double["level"], double["facts"]) == ("error", {"row": 2})
    assert mends(double) == [("add_up", 2), ("leave_out", "")]
    assert found(sheet, 2) == {}  # the first of them is good and counts
    added = apply(kham, sheet, 14, "twice", double["mends"][0])
    assert (codes(added), lines(added)[2].wage, lines(added)[14].left_out) == ({}, 4_000_000, True)
    assert added.summary["wages"] == 37_000_000
    left = apply(kham, make_sheet(more=[again]), 14, "twice", double["mends"][1])
    assert (codes(left), left.summary["wages"]) == ({}, 36_000_000)


def test_adding_up_asks_again_about_the_sum_and_waits_for_readable_wages(
    make_sheet: Make, kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    declared(kham, noy, factory, open_month - 1)
    sheet = make_sheet(wage=5_000_000, more=[[13, workers[0].number, workers[0].name, "ບໍ່ຮູ້"]])
    sheet = declare.confirm(kham, sheet, 2, "wage_jump")
    assert mends(found(sheet, 14)["twice"]) == [("leave_out", "")]
    assert codes(declare.add_up(kham, sheet, 14)) == codes(sheet)
    sheet = declare.write_line(kham, sheet, 14, wage="1.000.000")
    sheet = declare.add_up(kham, sheet, 14)
    assert (lines(sheet)[2].wage, codes(sheet)) == (6_000_000, {2: ["wage_jump"]})


# Missing


def test_missing_workers_left_are_on_leave_or_are_added(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    sheet = sheet_of(kham, factory, open_month, rows_of(workers[:9]))
    assert [one["person"] for one in sheet.summary["missing"]] == [worker.id for worker in workers[9:]]
    with pytest.raises(declare.NotReady):
        declare.hand_over(kham, sheet, sheet.revision)
    for kind, on in (("left", None), ("left", (open_month + 1).first), ("gone", None)):
        with pytest.raises(ValueError):
            declare.absent(kham, sheet, workers[9].id, kind, on)
    day = open_month.first.replace(day=20)
    sheet = declare.absent(kham, sheet, workers[9].id, "left", day)
    sheet = declare.absent(kham, sheet, workers[10].id, "leave")
    sheet = declare.absent(kham, sheet, workers[11].id, "leave")
    assert sheet.summary["missing_count"] == 0
    sheet = declare.absent(kham, sheet, workers[11].id, "undo")
    assert sheet.summary["missing_count"] == 1
    sheet = declare.add_worker(kham, sheet, workers[11].number, "3.000.000")
    assert (sheet.summary["missing_count"], codes(sheet), sheet.summary["workers"]) == (0, {}, 10)
    signed = sign(kham, noy, sheet)
    assert (signed.workers, signed.left_before) == (10, 1)
    assert Employment.objects.get(person=workers[9]).end == day
    assert Employment.objects.get(person=workers[10]).end is None
    assert broken() == {}


def test_saying_that_a_stranger_left_changes_and_counts_nothing(
    kham: Actor, noy: Actor, factory: Employer, other_factory: Employer, workers: list[Person], open_month: Month
) -> None:  # fmt: skip
    stranger = Employment.objects.filter(employer=other_factory).first()
    assert stranger is not None
    sheet = sheet_of(kham, factory, open_month, rows_of(workers))
    sheet = declare.absent(kham, sheet, stranger.person_id, "left", open_month.last)
    assert sign(kham, noy, sheet).left_before == 0
    stranger.refresh_from_db()
    assert stranger.end is None


def test_who_left_is_asked_about_when_he_comes_back_and_begins_anew(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    before = open_month - 1
    declared(kham, noy, factory, before - 1)
    sheet = sheet_of(kham, factory, before, rows_of(workers[1:]), "left")
    day = (before - 1).last
    sign(kham, noy, declare.absent(kham, sheet, workers[0].id, "left", day))
    sheet = sheet_of(kham, factory, open_month, rows_of(workers), "back")
    assert codes(sheet) == {2: ["joins"]}
    sign(kham, noy, declare.confirm(kham, sheet, 2, "joins"))
    stretches = Employment.objects.filter(person=workers[0]).order_by("start").values_list("start", "end")
    assert [end for _, end in stretches] == [day, None] and stretches[1][0] == open_month.first


def test_whoever_left_within_the_month_is_paid_for_it_and_stays_gone(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month, system: Actor
) -> None:
    enrol.departures(system, factory, [workers[0].id], open_month.first.replace(day=10))
    sheet = sheet_of(kham, factory, open_month, rows_of(workers))
    assert codes(sheet) == {}
    sign(kham, noy, sheet)
    assert Employment.objects.get(person=workers[0]).end == open_month.first.replace(day=10)


def test_correcting_an_old_month_employs_nobody_again_who_left_since(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month, system: Actor
) -> None:
    before = open_month - 1
    declared(kham, noy, factory, before)
    gone = open_month.first.replace(day=15)
    enrol.departures(system, factory, [workers[0].id], gone)
    sheet = declare.correct(kham, factory, before, "c")
    sign(kham, noy, declare.write_line(kham, sheet, 2, wage="3.100.000"))
    assert list(Employment.objects.filter(person=workers[0]).values_list("end", flat=True)) == [gone]


def test_a_correction_may_name_somebody_who_began_later(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month, system: Actor
) -> None:
    before = open_month - 1
    declared(kham, noy, factory, before)
    [number] = enrol.workers(system, factory, [people(13)[12]], open_month.first)
    sheet = declare.add_worker(kham, declare.correct(kham, factory, before, "c"), number, "2.600.000")
    row = max(lines(sheet))
    assert codes(sheet) == {row: ["joins"]}
    signed = sign(kham, noy, declare.confirm(kham, sheet, row, "joins"))
    assert (signed.workers, signed.joined_known) == (13, 1)
    stretches = Employment.objects.filter(person__number=number).order_by("start").values_list("start", "end")
    assert list(stretches) == [(before.first, before.last), (open_month.first, None)]


def test_a_correction_remembers_why_somebody_was_missing(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    sheet = sheet_of(kham, factory, open_month, rows_of(workers[1:]))
    sign(kham, noy, declare.absent(kham, sheet, workers[0].id, "leave"))
    sheet = declare.correct(kham, factory, open_month, "c")
    assert (sheet.summary["missing_count"], sheet.summary["workers"], codes(sheet)) == (0, 11, {})


# Papers


def test_the_marked_file_opens_and_names_the_rows(make_sheet: Make, workers: list[Person]) -> None:
    sheet = make_sheet(wage="2.5OO.OOO", more=[[13, workers[0].number, workers[0].name, 1_000_000]])
    content = declare.marked_file(sheet, lambda problem: f"<{problem['code']}>")
    book = openpyxl.load_workbook(io.BytesIO(content))
    table = [
        [str(cell) for cell in row if cell is not None]
        for row in book.worksheets[0].iter_rows(values_only=True)
    ]
    marked = {row[0]: row[-1] for row in table if row and row[-1].startswith("<")}
    assert marked == {"2": "<wage_letter_o>", "14": "<twice>"}
    assert any("2.5OO.OOO" in row for row in table)
    names = {worker.name for worker in workers}
    assert names <= {cell for row in table for cell in row}


def test_hostile_texts_come_back_as_text(make_sheet: Make) -> None:
    sheet = make_sheet(name='=HYPERLINK("http://x";"ກົດ")', wage="=cmd|' /C calc'!A0")
    book = openpyxl.load_workbook(io.BytesIO(declare.marked_file(sheet, lambda problem: "=1+1")))
    kinds = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    assert "f" not in kinds


def test_the_template_comes_back_ready_to_sign(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month
) -> None:
    declared(kham, noy, factory, open_month - 1)
    content = declare.template_file(factory, open_month)
    sheet = declare.take_in(kham, factory, open_month, declare.read_file("t.xlsx", content), "t")
    offered = {column.field: column.letter for column in declare.columns_offered(sheet) if column.field}
    sheet = declare.confirm_columns(kham, sheet, offered)
    assert (codes(sheet), sheet.summary["wages"], sheet.summary["missing_count"]) == ({}, 36_000_000, 0)


def test_the_summary_counts_what_the_page_shows(
    make_sheet: Make, kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    declared(kham, noy, factory, open_month - 1)
    sheet = make_sheet(wage="x", more=[[13, workers[1].number, workers[1].name, 1_000_000]])
    summary = sheet.summary
    assert (summary["lines"], summary["workers"], summary["errors"], summary["questions"]) == (13, 11, 2, 0)
    assert (summary["joined"], summary["left"], summary["missing_count"]) == (0, 0, 0)
    assert (summary["employer_share"], summary["worker_share"]) == (11 * 180_000, 11 * 165_000)
    assert summary["last_month"] == str(open_month - 1)
    assert contributions.lines_with_problems(sheet)[0].row == 2


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
ANY_WAGE = st.one_of(
    ANY_TEXT,
    st.integers(-(10**16), 10**21),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["3.000.000", "2.5OO.OOO", "໓.໐໐໐.໐໐໐"]),
)


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_stands_in_a_file_there_is_a_way_to_a_signature(
    data: st.DataObject, kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    outside = transaction.savepoint()
    number = st.one_of(
        ANY_TEXT, st.sampled_from([worker.number for worker in workers]), st.integers(0, 10**12)
    )
    name = st.one_of(ANY_TEXT, st.sampled_from([worker.name for worker in workers]))
    rows: list[Any] = data.draw(
        st.lists(st.tuples(st.just(""), number, name, ANY_WAGE).map(list), max_size=15)
    )
    sheet = sheet_of(kham, factory, open_month, [*rows_of(workers[:4]), *rows], uuid4().hex)
    for line in lines(sheet).values():
        assert all(problem["mends"] for problem in line.problems if problem["level"] == "error")
        assert line.wage is None or 0 <= line.wage < 10**11
    assert declare.marked_file(sheet, lambda problem: problem["code"]).startswith(b"PK")
    for row in list(codes(sheet)):
        sheet = declare.leave_out(kham, sheet, row)
    for missing in sheet.summary["missing"]:
        sheet = declare.absent(kham, sheet, missing["person"], "leave")
    assert (codes(sheet), sheet.summary["missing_count"]) == ({}, 0)
    signed = sign(kham, noy, sheet)
    assert signed.wages_declared == sheet.summary["wages"] and broken() == {}
    transaction.savepoint_rollback(outside)


def test_every_code_that_pages_put_into_words_is_made_by_a_row_here() -> None:
    here = "".join(
        (Path(__file__).parent / name).read_text()
        for name in ("test_declare_check.py", "test_declare_files.py")
    )
    body = here.replace(here[here.index("ALL_CODES = {") : here.index("}  # fmt: skip")], "")
    assert {code for code in ALL_CODES if f'"{code}"' not in body} == set()
