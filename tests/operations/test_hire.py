"""Workers come and go; doubles become questions (C66, C67, A5)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pakan.operations import declare, hire
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.contributions.models import SheetLine
from pakan.registers.joining.models import HireList, Override
from pakan.registers.people.actions import register_person
from pakan.registers.people.models import Employer, Employment, Person
from pakan.units.month import Month
from tests.cast import FAMILY, GIVEN
from tests.operations.desk import rows_of, sheet_of

pytestmark = pytest.mark.django_db
NEW = {
    "given_name": "ດາວເຮືອງ", "family_name": "ພິລາວັນ", "name_latin": "Daoheuang Philavanh", "birth_date": "05/03/1994",
    "sex": "ຍິງ", "phone": "020 5577 1234", "national_id": "01-223344", "start": "02/11/2026",
}  # fmt: skip


@pytest.fixture
def kham(preparer: Account, as_actor: Callable[..., Actor]) -> Actor:
    return as_actor(preparer)


def on_record(system: Actor, **other: object) -> Person:
    facts = {
        "given_name": "ດາວເຮືອງ", "family_name": "ພິລາວັນ", "name_latin": "Daoheuang Philavanh",
        "birth_date": date(1994, 3, 5), "sex": "f", "phone": "+8562055771234", "national_id": "01-223344",
    } | other  # fmt: skip
    return register_person(at=system.at, office="01", **facts)  # type: ignore[arg-type]


def take(kham: Actor, factory: Employer, *rows: dict[str, str]) -> HireList:
    return hire.take_in(kham, factory, [NEW | row for row in rows])


def test_a_new_worker_gets_a_number_and_is_employed(kham: Actor, factory: Employer) -> None:
    found = take(kham, factory, {"category": "temporary", "until": "31/12/2026"})
    ((name, number),) = hire.finish(kham, factory, found.id)

    person = Person.objects.get(number=number)
    there = Employment.objects.get(person=person, employer=factory)
    assert name == "ດາວເຮືອງ ພິລາວັນ" and person.national_id == "01-223344"
    assert (there.start, there.category, there.until) == (date(2026, 11, 2), "temporary", date(2026, 12, 31))
    with pytest.raises(hire.Refused):
        hire.finish(kham, factory, found.id)


def test_a_known_person_becomes_a_question_that_tells_little(
    kham: Actor, factory: Employer, system: Actor
) -> None:
    known = on_record(system)
    found = take(kham, factory, {})

    (like,) = found.lines[0]["like"]
    assert (
        like["name"] == known.name and like["year"] == 1994 and like["masked"] == f"•••• {known.number[-3:]}"
    )
    assert known.number not in str(found.lines) and set(like) == {"id", "name", "year", "masked", "signs"}
    with pytest.raises(hire.Refused):
        hire.finish(kham, factory, found.id)
    hire.answer(kham, factory, found.id, 0, "same", known.id)
    hire.finish(kham, factory, found.id)
    assert Employment.objects.filter(person=known, employer=factory, end=None).exists()
    assert Person.objects.filter(given_name="ດາວເຮືອງ").count() == 1


def test_an_override_has_a_reason_and_stands_before_the_registrar(
    kham: Actor, factory: Employer, system: Actor, registrar: Account, as_actor: Callable[..., Actor]
) -> None:
    known = on_record(system)
    found = take(kham, factory, {})
    with pytest.raises(hire.Refused):
        hire.answer(kham, factory, found.id, 0, "new", reason=" ")
    hire.answer(kham, factory, found.id, 0, "new", reason="ລູກແຝດ ບັດຄົນລະໃບ")
    hire.finish(kham, factory, found.id)

    noted = Override.objects.get()
    assert noted.like == known and noted.reason == "ລູກແຝດ ບັດຄົນລະໃບ"
    judged = hire.judge_override(as_actor(registrar), noted.id, False)
    assert judged.same is False and judged.looked_by == registrar
    with pytest.raises(hire.Refused):
        hire.judge_override(as_actor(registrar), noted.id, True)


def test_only_somebody_who_was_offered_can_be_the_same(
    kham: Actor, factory: Employer, other_factory: Employer, system: Actor
) -> None:
    on_record(system)
    stranger = Person.objects.filter(employments__employer=other_factory).first()
    assert stranger is not None
    found = take(kham, factory, {})
    with pytest.raises(hire.Refused):
        hire.answer(kham, factory, found.id, 0, "same", stranger.id)
    with pytest.raises(HireList.DoesNotExist):
        hire.answer(
            replace(kham, employers={other_factory.id: kham.employers[factory.id]}),
            other_factory,
            found.id,
            0,
            "out",
        )


def test_two_lists_at_one_moment_make_nobody_twice(kham: Actor, factory: Employer) -> None:
    first, second = take(kham, factory, {}), take(kham, factory, {})
    hire.finish(kham, factory, first.id)
    with pytest.raises(hire.Refused):
        hire.finish(kham, factory, second.id)
    assert Person.objects.filter(given_name="ດາວເຮືອງ").count() == 1


def test_every_wrong_field_and_the_same_row_twice_are_named(kham: Actor, factory: Employer) -> None:
    wrong = {"given_name": "=1", "birth_date": "31/02/1990", "sex": "?", "phone": "12"}
    found = take(kham, factory, wrong, {}, {})
    assert found.lines[0]["problems"] == ["given_name", "birth_date", "sex", "phone"]
    assert found.lines[2]["problems"] == ["twice"]


def test_a_child_is_not_taken(kham: Actor, factory: Employer) -> None:
    assert take(kham, factory, {"birth_date": "01/01/2020"}).lines[0]["problems"] == ["birth_date"]


def test_a_card_holder_joins_only_with_name_and_number(kham: Actor, factory: Employer, system: Actor) -> None:
    known = on_record(system)
    wrong = take(kham, factory, {"number": known.number, "given_name": "ຄົນອື່ນ", "family_name": "ບໍ່ແມ່ນ"})
    assert wrong.lines[0]["problems"] == ["number"] and known.name not in str(wrong.lines)
    right = take(kham, factory, {"number": known.number})
    assert hire.finish(kham, factory, right.id) == [(known.name, known.number)]


def test_a_table_in_its_own_layout_is_read(kham: Actor, factory: Employer) -> None:
    table = (
        "ບັນຊີຜູ້ອອກແຮງງານໃໝ່\n"
        "ລ/ດ,ຊື່ ແລະ ນາມສະກຸນ,Name (Latin),ວັນເດືອນປີເກີດ,ເພດ,ໂທລະສັບ,ວັນເລີ່ມວຽກ\n"
        "1,ດາວເຮືອງ ພິລາວັນ,Daoheuang Philavanh,05/03/1994,ຍິງ,020 5577 1234,02/11/2026\n"
        "2,ສົມພອນ ອິນທິລາດ,Somphone Inthilath,1990-12-24,ຊາຍ,,02/11/2026\n"
    )
    rows = hire.read_file("new.csv", table.encode())
    found = hire.take_in(kham, factory, rows)
    assert [line["problems"] for line in found.lines] == [[], []]
    assert len(hire.finish(kham, factory, found.id)) == 2
    with pytest.raises(hire.FileRefused):
        hire.read_file("new.csv", b"a,b,c\n1,2,3\n")


def test_leavers_end_with_day_and_reason_and_never_vanish(
    kham: Actor, factory: Employer, workers: list[Person]
) -> None:
    today = kham.today
    with pytest.raises(hire.Refused):
        hire.leave(kham, factory, workers[0].number, today, "")
    with pytest.raises(hire.Refused):
        hire.leave(kham, factory, workers[0].number, today + timedelta(days=400), "resigned")
    hire.leave(kham, factory, workers[0].number, today, "resigned")
    ended = Employment.objects.get(person=workers[0], employer=factory)
    assert (ended.end, ended.end_reason) == (today, "resigned")
    with pytest.raises(hire.Refused):
        hire.leave(kham, factory, workers[0].number, today, "resigned")
    with pytest.raises(DatabaseError), transaction.atomic():
        Override.objects.all().delete()


# --- A5: planted doubles ---------------------------------------------------------------------------------------------


def _invented(at: int) -> dict[str, object]:
    """One of 432 persons, no two alike; every fourth shares a telephone with a neighbour (families do)."""
    family = FAMILY[(at + at // 12) % 12]
    return {
        "given_name": GIVEN[at % 12] + ("" if at < 144 else "ທອງ" if at < 288 else "ສີ"),
        "family_name": family,
        "name_latin": "",
        "birth_date": date(1970 + at % 31, 1 + at * 5 % 12, 1 + at * 7 % 28),
        "sex": "f" if at % 2 else "m",
        "phone": f"+85620557{at - (at % 4 == 1):05d}",
        "national_id": f"ID{at:06d}",
    }


def _spoilt(facts: dict[str, object], how: int) -> dict[str, object]:
    """How one person comes twice: another spelling, a slip in the date, no numbers."""
    born = facts["birth_date"]
    assert isinstance(born, date)
    given, family = str(facts["given_name"]), str(facts["family_name"])
    without = facts | {"phone": "", "national_id": ""}
    kinds: list[dict[str, object]] = [
        without | {"given_name": f"ທ້າວ {given}", "family_name": family.replace("ຫຼ", "ຫລ")},
        without | {"family_name": family[:-1]},
        without | {"birth_date": born.replace(year=born.year + 1)},
        without | {"birth_date": born.replace(day=born.day % 28 + 1)},
        facts | {"national_id": "", "family_name": "ນາມສະກຸນໃໝ່", "birth_date": born},
        facts | {"phone": "", "given_name": "ຊື່ໃໝ່", "birth_date": date(1999, 1, 1)},
    ]
    return kinds[how % len(kinds)]


def test_abuse_A5_planted_doubles_are_found_and_others_let_through(system: Actor) -> None:
    """Of 120 planted doubles at least 98 % are asked about, and at least 95 % of the questions are about a real one."""
    for at in range(300):
        register_person(at=system.at, office="01", **_invented(at))  # type: ignore[arg-type]
    numbers = {str(person.national_id): person.id for person in Person.objects.all()}

    def asked(facts: dict[str, object]) -> list[int]:
        name = f"{facts['given_name']} {facts['family_name']}"
        born = facts["birth_date"]
        assert isinstance(born, date)
        found = hire.doubles_of(name, "", born, str(facts["phone"]), str(facts["national_id"]))
        return [one.person.id for one in found]

    planted = [(at, _spoilt(_invented(at), at)) for at in range(0, 300, 5)] + [
        (at, _spoilt(_invented(at), at + 1)) for at in range(2, 300, 5)
    ]
    hit = sum(numbers[f"ID{at:06d}"] in asked(facts) for at, facts in planted)
    false = sum(bool(asked(_invented(at))) for at in range(300, 432))

    assert len(planted) == 120
    assert hit / len(planted) >= 0.98, hit
    assert hit / (hit + false) >= 0.95, (hit, false)


def test_abuse_A5_latin_names_and_swapped_days_meet(system: Actor) -> None:
    known = on_record(system, phone="", national_id="")
    latin = hire.doubles_of("Daohuang Philavan", "Daohuang Philavan", date(1994, 3, 5), "", "")
    swapped = hire.doubles_of("ດາວເຮືອງ ພິລາວັນ", "", date(1994, 5, 3), "", "")
    assert [one.person for one in latin] == [known] == [one.person for one in swapped]


def test_a_shared_telephone_alone_is_no_question(system: Actor) -> None:
    on_record(system)
    assert hire.doubles_of("ສົມພອນ ອິນທິລາດ", "", date(1990, 1, 2), "+8562055771234", "") == []


# The kind of work, and the wage sheet as another door


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("", "regular"), ("ປະຈຳ", "regular"), ("ຊົ່ວຄາວ", "temporary"), ("Temporary crew", "temporary"),
        ("ຝຶກງານ", "intern"), ("INTERN", "intern"), ("ຄົນຕ່າງປະເທດ", "foreigner"), ("Foreigner", "foreigner"),
    ],
)  # fmt: skip
def test_a_file_says_the_kind_of_work_and_its_last_day(
    written: str, kind: str, kham: Actor, factory: Employer
) -> None:
    table = "ຊື່,ນາມສະກຸນ,ວັນເກີດ,ເພດ,ວັນເລີ່ມວຽກ,ປະເພດແຮງງານ,ວັນໝົດສັນຍາ\n"
    table += f"ດາວເຮືອງ,ພິລາວັນ,05/03/1994,ຍິງ,02/11/2026,{written},31/12/2026\n"
    found = hire.take_in(kham, factory, hire.read_file("new.csv", table.encode()))
    ((_, number),) = hire.finish(kham, factory, found.id)
    there = Employment.objects.get(person__number=number)
    assert (there.category, there.until) == (kind, date(2026, 12, 31))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"category": "sometimes"}, "category"), ({"category": "intern", "until": "31/02/2027"}, "until"),
        ({"category": "foreigner", "until": "01/11/2026"}, "until"),
    ],
)  # fmt: skip
def test_a_kind_that_we_do_not_know_is_asked_about_and_never_taken_for_regular(
    row: dict[str, str], problem: str, kham: Actor, factory: Employer
) -> None:
    found = take(kham, factory, row)
    assert found.lines[0]["problems"] == [problem]
    with pytest.raises(hire.Refused):
        hire.finish(kham, factory, found.id)
    known = take(kham, factory, {"number": "12", "category": "sometimes"})
    assert "category" in known.lines[0]["problems"], "of somebody with a card too"


def test_abuse_A5_the_wage_sheet_asks_about_doubles_like_every_list(
    kham: Actor, factory: Employer, other_factory: Employer, system: Actor, open_month: Month
) -> None:
    known = on_record(system)
    rows = rows_of(list(Person.objects.filter(employments__employer=factory).order_by("number")))
    sheet = sheet_of(kham, factory, open_month, [*rows, ["", "", "ດາວເຮືອງ ພິລາວັນ", 2_700_000]])
    row = len(rows) + 2
    facts: dict[str, Any] = {
        "given_name": "ດາວເຮືອງ", "family_name": "ພິລາວັນ", "birth_date": date(1994, 3, 5), "sex": "f",
        "phone": "020 5577 1234",
    }  # fmt: skip
    stranger = Person.objects.filter(employments__employer=other_factory).order_by("id")[0]
    for more in ({}, {"same": stranger.id}, {"reason": "no"}):
        with pytest.raises(declare.LooksKnown) as asked:
            declare.register_new(kham, sheet, row, **facts, **more)
        assert [one["id"] for one in asked.value.like] == [known.id]
        assert known.number not in str(asked.value.like)
    assert Person.objects.filter(given_name="ດາວເຮືອງ").count() == 1 and not Override.objects.exists()

    same = declare.register_new(kham, sheet, row, **facts, same=known.id)
    line = SheetLine.objects.get(sheet=same, row=row)
    assert line.number == known.number and line.confirmed["joins"] == ""
    assert Person.objects.filter(given_name="ດາວເຮືອງ").count() == 1


def test_another_person_in_the_wage_sheet_has_a_reason_that_a_registrar_reads(
    kham: Actor, factory: Employer, system: Actor, open_month: Month
) -> None:
    known = on_record(system)
    sheet = sheet_of(kham, factory, open_month, [["", "", "ດາວເຮືອງ ພິລາວັນ", 2_700_000]])
    facts: dict[str, Any] = {
        "given_name": "ດາວເຮືອງ", "family_name": "ພິລາວັນ", "birth_date": date(1994, 3, 5), "sex": "f",
    }  # fmt: skip
    declare.register_new(kham, sheet, 2, **facts, reason="ລູກແຝດ ບັດຄົນລະໃບ")
    noted = Override.objects.get()
    assert noted.like == known and noted.person != known and noted.reason == "ລູກແຝດ ບັດຄົນລະໃບ"
    assert SheetLine.objects.get(sheet=sheet, row=2).number == noted.person.number
