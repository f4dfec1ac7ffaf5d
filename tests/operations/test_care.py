"""Hospitals, the choice of one, care that was noted offline, bills by two people, and ratings (C56–C61)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from pakan.channels.console.country.hospitals import found_hospitals
from pakan.operations import care, certify
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.care import queries
from pakan.registers.care.models import Choice, Facility, Rating, Visit
from pakan.registers.messages.models import Message
from pakan.registers.people.models import District, Person
from pakan.units.money import Kip
from pakan.units.month import Month
from tests.channels.member.months import declared, paid

__all__ = ["declared", "paid"]  # fixtures
HEAD = ",".join(care.COLUMNS)
LIST = f"""{HEAD}
H01,ໂຮງໝໍ ໜຶ່ງ,Hospital one,hospital,0102,ໜອງບົວ,021555001,yes,2020-01-01,
H02,ໂຮງໝໍ ສອງ,,district,0103,,,no,2020-01-01,
H03,ສຸກສາລາ ສາມ,,centre,1301,,,no,2020-01-01,
H04,ໂຮງໝໍ ເກົ່າ,,hospital,0102,,,no,2020-01-01,2020-12-31
"""


@pytest.fixture
def hospitals(registrar: Account, as_actor: Callable[..., Actor], db: None) -> dict[str, Facility]:
    care.load(as_actor(registrar), LIST.encode())
    return {one.code: one for one in Facility.objects.all()}


def test_a_list_is_taken_in_and_taken_in_again(
    hospitals: dict[str, Facility], registrar: Account, as_actor: Callable[..., Actor], now: datetime
) -> None:
    assert hospitals["H01"].emergency and hospitals["H01"].district_id == "0102"
    assert care.load(as_actor(registrar), LIST.replace("ສອງ", "2").encode("utf-8-sig")) == (0, 4)
    assert Facility.objects.get(code="H02").name_lo == "ໂຮງໝໍ 2"
    assert {one.code for one in queries.under_contract(now.date())} == {"H01", "H02", "H03"}
    assert queries.counts_by_province(now.date()) == {"01": 2, "13": 1}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\xff\xfe", [(1, "not_csv")]), (b"", [(1, "empty")]), (b"code,name_lo\nA,B\n", [(1, name) for name in ()]),
        (f"{HEAD}\nH 1,=1+1,,palace,9999,,,maybe,soon,\n".encode(),
         [(2, "code"), (2, "name_lo"), (2, "kind"), (2, "district"), (2, "emergency"), (2, "contract_from")]),
        (f"{HEAD}\nA,ກ,,centre,0102,,,no,2020-01-02,2020-01-01\nA,ກ,,centre,0102,,,no,2020-01-02,\n".encode(),
         [(2, "contract_until"), (3, "twice")]),
    ],
    ids=["not text", "empty", "columns", "every problem at once", "dates and doubles"],
)  # fmt: skip
def test_a_wrong_list_loads_nothing_and_names_each_line(
    content: bytes, found: list[tuple[int, str]], registrar: Account, as_actor: Callable[..., Actor], db: None
) -> None:
    with pytest.raises(care.ListRefused) as refusal:
        care.load(as_actor(registrar), content)
    said = [(one.line, one.code) for one in refusal.value.problems]
    assert said == found or (not found and {code for _, code in said} == {"column"})
    assert not Facility.objects.exists()


def test_nearest_first_by_district_then_province(hospitals: dict[str, Facility]) -> None:
    shown = queries.nearest_first(hospitals.values(), "1301")
    assert shown[0].code == "H03"
    assert {one.code for one in queries.nearest_first(hospitals.values(), "0102")[:2]} == {"H01", "H04"}


# --- choosing --------------------------------------------------------------------------------------------------------


def test_the_first_choice_counts_at_once_a_change_next_month_and_a_second_waits(
    hospitals: dict[str, Facility],
    member: Account,
    registrar: Account,
    as_actor: Callable[..., Actor],
    now: datetime,
) -> None:
    me, month = as_actor(member), Month.of(as_actor(member).today)
    assert me.person_id is not None
    assert care.choose(me, "H01").first_month == month
    change = care.choose(me, "H02", "yearly")
    assert (change.first_month, change.state) == (month + 1, "granted")
    assert queries.choice_in_force(me.person_id, month).facility.code == "H01"  # type: ignore[union-attr]
    assert queries.choice_in_force(me.person_id, month + 1).facility.code == "H02"  # type: ignore[union-attr]
    with pytest.raises(care.Refused, match="why"):
        care.choose(me, "H03", "yearly")
    wish = care.choose(me, "H03", "yearly", "ໃກ້ບ່ອນເຮັດວຽກ")
    assert wish.state == "waiting"
    with pytest.raises(care.Refused, match="waiting"):
        care.choose(me, "H01", "yearly", "again")
    with pytest.raises(care.Refused, match="why"):
        care.decide(as_actor(registrar), wish.id, False, " ")
    care.decide(as_actor(registrar), wish.id, False, "ໄກເກີນໄປ")
    assert queries.last_answer(me.person_id).answer == "ໄກເກີນໄປ"  # type: ignore[union-attr]
    with pytest.raises(care.Refused, match="decided"):
        care.decide(as_actor(registrar), wish.id, True, "")
    assert Message.objects.filter(wording="hospital_refused", person_id=me.person_id).count() == 1
    assert queries.choice_in_force(me.person_id, month + 1).facility.code == "H02"  # type: ignore[union-attr]


def test_after_a_year_one_may_change_again(
    hospitals: dict[str, Facility], member: Account, as_actor: Callable[..., Actor], now: datetime
) -> None:
    care.choose(as_actor(member), "H01")
    care.choose(as_actor(member), "H02", "yearly")
    later = as_actor(member, now + timedelta(days=366))
    assert care.choose(later, "H01", "yearly").state == "granted"


def test_moving_lets_one_change_and_only_to_another_district(
    hospitals: dict[str, Facility], member: Account, as_actor: Callable[..., Actor]
) -> None:
    me = as_actor(member)
    care.choose(me, "H02")
    care.choose(me, "H01", "yearly")
    assert care.choose(me, "H03", "moved").state == "granted"
    other = Facility.objects.create(
        code="H05", name_lo="x", kind="centre", district=hospitals["H02"].district, contract_from=me.today
    )
    with pytest.raises(care.Refused, match="not moved"):
        care.choose(me, other.code, "moved")


@pytest.mark.parametrize("code", ["H04", "H99", ""])
def test_only_a_hospital_under_contract_can_be_chosen(
    code: str, hospitals: dict[str, Facility], member: Account, as_actor: Callable[..., Actor]
) -> None:
    with pytest.raises(care.Refused, match="unknown"):
        care.choose(as_actor(member), code)
    assert not Choice.objects.exists()


# --- notes of hospitals ----------------------------------------------------------------------------------------------


@pytest.fixture
def card(paid: Any, open_month: Month, member: Account, as_actor: Callable[..., Actor]) -> certify.MemberCard:
    for back in range(3, -1, -1):
        paid(open_month - back)
    return certify.card(as_actor(member))


def note_of(card: certify.MemberCard, now: datetime, **facts: Any) -> care.Noted:
    return replace(care.Noted(uuid4(), card.serial, now, "out", 100_000, True), **facts)


def test_a_note_comes_once_however_often_it_is_sent(
    hospitals: dict[str, Facility], card: certify.MemberCard, now: datetime
) -> None:
    place, note = hospitals["H01"], note_of(card, now)
    door = Actor(name="", at=now, door="public")
    assert care.served(door, place, note) == "stored"
    later = replace(door, at=now + timedelta(minutes=3))
    assert care.served(later, place, note) == "again"
    assert care.served(later, place, replace(note, billed=900_000)) == "conflict"
    assert care.served(later, hospitals["H02"], note) == "conflict"
    visit = Visit.objects.get()
    assert (visit.billed, visit.person_id, visit.was_offline) == (100_000, card.person.id, True)


def test_what_a_reader_cannot_know_is_a_finding_and_no_refusal(
    hospitals: dict[str, Facility], card: certify.MemberCard, member: Account, registrar: Account,
    as_actor: Callable[..., Actor], now: datetime,
) -> None:  # fmt: skip
    door, place = Actor(name="", at=now, door="public"), hospitals["H01"]
    care.choose(as_actor(member), "H02")
    assert care.served(door, place, note_of(card, now, billed=5_000_000)) == "stored"
    assert Visit.objects.get().findings == "elsewhere above"
    certify.withdraw(as_actor(registrar, now - timedelta(hours=1)), card.serial, "lost")
    urgent = note_of(card, now, kind="emergency", was_offline=False)
    assert care.served(door, place, urgent) == "stored"
    assert Visit.objects.get(key=urgent.key).findings == "withdrawn"
    wrong = [note_of(card, now, serial="NOBODYS"), note_of(card, now + timedelta(days=3)),
             note_of(card, now, kind="dance"), note_of(card, now, billed=-1), note_of(card, now, billed=10**16)]  # fmt: skip
    assert [care.served(door, place, each) for each in wrong] == ["unknown", *["wrong"] * 4]


def test_only_the_key_of_a_hospital_opens_and_a_new_one_ends_it(
    hospitals: dict[str, Facility], registrar: Account, as_actor: Callable[..., Actor]
) -> None:
    assert care.facility_with_key("H01", "") is None
    key = care.new_key(as_actor(registrar), "H01")
    assert care.facility_with_key("H01", key) == hospitals["H01"]
    assert care.facility_with_key("H02", key) is None
    care.new_key(as_actor(registrar), "H01")
    assert care.facility_with_key("H01", key) is None
    assert key not in str(list(Facility.objects.values()))


# --- bills and ratings -----------------------------------------------------------------------------------------------


@pytest.fixture
def visit(
    hospitals: dict[str, Facility],
    member_person: Person,
    benefits_officer: Account,
    as_actor: Callable[..., Actor],
) -> Visit:
    officer = as_actor(benefits_officer)
    return care.note_visit(
        officer, member_person, hospitals["H01"], uuid4(), "in", officer.today, Kip(800_000)
    )


def test_a_bill_is_agreed_by_two_people_and_less_has_a_reason(
    visit: Visit, benefits_officer: Account, second_benefits_officer: Account, as_actor: Callable[..., Actor]
) -> None:
    one, other = as_actor(benefits_officer), as_actor(second_benefits_officer)
    with pytest.raises(care.Refused, match="nothing"):
        care.settle(other, visit.key)
    for amount, why, code in ((900_000, "", "amount"), (700_000, "", "why")):
        with pytest.raises(care.Refused, match=code):
            care.propose(one, visit.key, Kip(amount), why)
    care.propose(one, visit.key, Kip(700_000), "ບໍ່ຮວມອາຫານ")
    with pytest.raises(care.Refused, match="same person"):
        care.settle(one, visit.key)
    care.settle(other, visit.key)
    for act in (lambda: care.settle(other, visit.key), lambda: care.propose(one, visit.key, Kip(1), "x")):
        with pytest.raises(care.Refused, match="decided"):
            act()
    [pace] = [
        row for row in queries.pace(one.today, one.at - timedelta(days=9), 15) if row.facility.code == "H01"
    ]
    assert (pace.answered, pace.median, pace.late, pace.waiting) == (1, 0, 0, 0)


def test_the_database_refuses_one_person_deciding_alone(
    visit: Visit, benefits_officer: Account, as_actor: Callable[..., Actor]
) -> None:
    care.propose(as_actor(benefits_officer), visit.key, Kip(800_000), "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(id=visit.id).update(decided_by=benefits_officer, decided_at=visit.received_at)


def test_a_late_bill_is_counted_late(visit: Visit, now: datetime) -> None:
    Visit.objects.filter(id=visit.id).update(received_at=now - timedelta(days=20))
    rows = {row.facility.code: row for row in queries.pace(now.date(), now - timedelta(days=99), 15)}
    assert (rows["H01"].late, rows["H01"].waiting) == (1, 1)
    assert rows["H01"].oldest in (20, 21)
    assert (rows["H02"].late, rows["H02"].median) == (0, None)


def test_a_visit_is_rated_once_by_its_own_patient(
    visit: Visit, member: Account, workers: list[Person], as_actor: Callable[..., Actor], now: datetime
) -> None:
    me = as_actor(member)
    with pytest.raises(care.Refused, match="unknown"):
        care.rate(replace(me, person_id=workers[1].id), visit.key, 5, "")
    for stars in (0, 6):
        with pytest.raises(care.Refused, match="stars"):
            care.rate(me, visit.key, stars, "")
    care.rate(me, visit.key, 4, "  ດີ  ຫຼາຍ ")
    with pytest.raises(care.Refused, match="rated"):
        care.rate(replace(me, at=me.at + timedelta(minutes=1)), visit.key, 1, "")
    assert (Rating.objects.get().stars, Rating.objects.get().words) == (4, "ດີ ຫຼາຍ")
    rows = {row.facility.code: row for row in queries.pace(me.today, now - timedelta(days=9), 15)}
    assert (rows["H01"].stars, rows["H01"].ratings) == (4.0, 1)


def test_districts_of_the_list_are_those_of_the_register(db: None) -> None:
    assert {"0102", "0103", "1301"} <= set(District.objects.values_list("code", flat=True))


def test_the_invented_hospitals_are_a_right_list(db: None, now: datetime) -> None:
    assert found_hospitals(now) == 7
    assert queries.counts_by_province(now.date())["01"] == 3
