"""Cards of the family: own subject and number, the law's own last day, withdrawn with the relation, printed in the batch,
believed by readers; and care given to a child counts on the insured parent."""

import base64
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from pakan.integrations.formats.credential import judge, read_keys, read_revoked
from pakan.operations import assess, care, certify, family, issuing, publish
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.care import actions
from pakan.registers.care.models import Facility, IssuedCard, Photo, Visit
from pakan.registers.lives.models import Death
from pakan.registers.people.models import District, Employer, Person
from pakan.registers.records.models import Credit
from pakan.units.month import Month
from tests.channels.member.months import declared, paid
from tests.operations.desk import Plant, broken, missed_faults
from tests.operations.faces import face
from tests.operations.families import SPOUSE, STUDENT, asked, confirmed, entered

__all__ = ["declared", "paid"]  # fixtures
Act = Callable[..., Actor]


@pytest.fixture
def covered(paid: Any, open_month: Month) -> None:
    for back in range(3, -1, -1):
        paid(open_month - back)


@pytest.fixture
def me(member: Account, as_actor: Act) -> Actor:
    return as_actor(member)


@pytest.fixture
def first(registrar: Account, as_actor: Act) -> Actor:
    return as_actor(registrar)


@pytest.fixture
def second(second_registrar: Account, as_actor: Act) -> Actor:
    return as_actor(second_registrar)


def verdict(code: str, now: datetime) -> str:
    """What a reader says that loaded its lists just now."""
    roots = {key.id: key for key in issuing.public_keys(now).values() if key.purpose == "keys"}
    keys = read_keys(publish.key_list(now), roots)
    return judge(code, keys.keys, keys.made_at, read_revoked(publish.revoked_list(now), keys.keys), now).code


def test_a_childs_card_has_its_own_subject_and_names_the_insured(
    covered: None, me: Actor, first: Actor, member_person: Person, now: datetime
) -> None:
    child = confirmed(me, first)
    own, held = certify.card(me), family.card(me, child)
    assert held.until == own.until and held.serial != own.serial
    found = certify.verify(held.code, now)
    assert isinstance(found.document, certify.Card)
    said = found.document
    assert (said.number, said.name, said.birth_date) == (child.number, child.name, child.birth_date)
    assert (said.group, said.insured, said.serial) == ("child", member_person.number, held.serial)
    assert verdict(held.code, now) == "genuine"
    assert family.card(me, child).code == held.code and certify.card(me).serial == own.serial
    assert IssuedCard.objects.count() == 2
    # The own card says nothing of a family.
    mine = certify.verify(own.code, now).document
    assert isinstance(mine, certify.Card) and (mine.group, mine.insured) == ("insured", "")


def test_no_card_without_cover_nor_before_it_is_confirmed_nor_for_others(
    paid: Any, me: Actor, first: Actor, second: Actor, workers: list[Person]
) -> None:
    paid()
    child = confirmed(me, first)
    assert family.card(me, child).code == "" and not family.card(me, child).cover.entitled
    theirs = family.decide(second, entered(first, workers[1]).number, True)
    for number, code in ((theirs.number, "unknown"), (asked(me, SPOUSE).number, "state")):
        with pytest.raises(family.Refused, match=code):
            family.take_card(me, number, me.today)
    assert not IssuedCard.objects.exists()


def test_a_students_card_ends_with_the_proof(covered: None, me: Actor, first: Actor) -> None:
    son = confirmed(me, first, STUDENT)
    assert family.card(me, son).code == ""
    proof = family._prove_study(me, son.number, me.today - timedelta(355), ("x.jpg", "image/jpeg", b"x"))
    family.judge_study(first, son.number, proof.id, True)
    until = family.card(me, son).until
    assert (
        until is not None
        and until < me.today + timedelta(12)
        and until < (certify.card(me).until or me.today)
    )


def test_with_the_relation_the_card_ends(
    covered: None, me: Actor, first: Actor, second: Actor, now: datetime
) -> None:
    wife = confirmed(me, first, SPOUSE)
    held = family.card(me, wife)
    family.ask_end(me, wife.number, "divorce", me.today)
    assert verdict(held.code, now) == "genuine"
    family.decide_end(first, wife.number, True)
    assert verdict(held.code, now) == "revoked"
    assert IssuedCard.objects.get().why == "ended"
    wife.refresh_from_db()
    assert family.card(me, wife).code == ""
    with pytest.raises(certify.CredentialRefused, match="revoked"):
        certify.verify(held.code, now)


def test_a_relatives_death_withdraws_the_relatives_card_only(
    covered: None, me: Actor, first: Actor, now: datetime
) -> None:
    wife = confirmed(me, first, SPOUSE)
    own, hers = certify.card(me), family.card(me, wife)
    certify.withdraw(first, hers.serial, "death")
    assert (verdict(own.code, now), verdict(hers.code, now)) == ("genuine", "revoked")
    assert certify.card(me).code == own.code


def test_after_the_insured_died_the_family_keeps_three_months(
    covered: None, me: Actor, first: Actor, second: Actor, member_person: Person, now: datetime
) -> None:
    child = confirmed(me, first)
    own, held = certify.card(me), family.card(me, child)
    death = Death.objects.create(
        person=member_person, died_on=me.today - timedelta(40), paper="certificate", paper_number="1",
        noted_by_id=first.account_id, noted_at=now,
    )  # fmt: skip
    Death.objects.filter(id=death.id).update(confirmed_by_id=second.account_id, confirmed_at=now)
    certify.tell_death(first, member_person)
    assert verdict(own.code, now) == "revoked"
    until = assess.relative_until(child, me.today)
    assert until == (Month.of(death.died_on) + 3).last and held.until is not None
    longer = held.until > until
    assert verdict(held.code, now) == ("revoked" if longer else "genuine")
    assert family.card(me, child).until == until


def test_a_month_that_is_corrected_away_withdraws_the_familys_cards_too(
    covered: None,
    me: Actor,
    first: Actor,
    system: Actor,
    member_person: Person,
    open_month: Month,
    now: datetime,
) -> None:
    child = confirmed(me, first)
    held = family.card(me, child)
    assert certify.withdraw_ended(system) == 0
    for credit in Credit.objects.filter(person=member_person, month__gte=(open_month - 2).first):
        Credit.objects.create(
            person=member_person, employer=credit.employer, month=credit.month, version=2, wage=0, insured=0,
            employer_share=0, worker_share=0, credited_at=now,
        )  # fmt: skip
    certify.withdraw_ended(system)
    assert verdict(held.code, now) == "revoked"


def test_the_batch_prints_the_familys_cards_once(
    covered: None, me: Actor, first: Actor, factory: Employer, member_person: Person, now: datetime
) -> None:
    child = confirmed(me, first)
    confirmed(me, first, STUDENT)  # without a proof of study: left out
    batch = certify.print_cards(first, factory)
    certify.make_batch(batch.number)
    batch.refresh_from_db()
    printed = list(batch.issued.select_related("person", "family").order_by("family_id"))
    assert [one.family_id for one in printed if one.family_id] == [child.id]
    assert batch.cards == len(printed) and batch.document is not None and batch.left_out >= 1
    sheet = {one["name"]: one for one in certify.sheet_of(printed)["cards"]}
    hers = sheet[child.name]
    assert (
        hers["number"] == child.number
        and hers["family_of"].replace("-", "").replace(" ", "") == member_person.number
    )
    assert sheet[member_person.name]["family_of"] == ""
    again = certify.print_cards(first, factory)
    certify.make_batch(again.number)
    assert not again.issued.filter(family=child).exists()
    new = certify.reprint(first, IssuedCard.objects.get(family=child, kind="paper").serial, "lost")
    assert new.issued.get().family_id == child.id


@pytest.fixture
def hospital(db: None) -> Facility:
    district = District.objects.get(code="0102")
    actions.write_facility(
        "H01",
        {"name_lo": "ໂຮງໝໍ", "kind": "hospital", "district": district, "contract_from": date(2020, 1, 1)},
    )
    return Facility.objects.get(code="H01")


def test_care_given_to_a_child_counts_on_the_insured_parent(
    covered: None, me: Actor, first: Actor, member_person: Person, hospital: Facility, now: datetime
) -> None:
    child = confirmed(me, first)
    held = family.card(me, child)
    note = care.Noted(uuid.uuid4(), held.serial, now, "out", 50_000, False)
    reader = Actor(name="", at=now, door="public")
    assert care.served(reader, hospital, note) == "stored"
    later = replace(reader, at=now + timedelta(seconds=1))
    assert care.served(later, hospital, note) == "again"
    visit = Visit.objects.get()
    assert (visit.person_id, visit.family_id, visit.findings) == (member_person.id, child.id, "")


def test_each_card_shows_the_face_of_whom_it_is(
    covered: None, me: Actor, first: Actor, factory: Employer, member_person: Person, workers: list[Person]
) -> None:
    child, wife = confirmed(me, first), confirmed(me, first, SPOUSE)
    certify.take_photo(first, member_person, face(120))
    certify.take_photo(first, member_person, face(130), relative=child)
    certify.take_photo(first, member_person, face(150), relative=child)
    with pytest.raises(certify.Refused, match="unknown"):
        certify.take_photo(first, workers[1], face(), relative=child)
    certify.make_batch(certify.print_cards(first, factory).number)
    printed = list(IssuedCard.objects.filter(kind="paper").select_related("person", "family"))
    shown = {one["name"]: one["photo"] for one in certify.sheet_of(printed)["cards"]}
    newest = {photo.family_id: photo for photo in Photo.objects.order_by("id")}
    kept = {whose: base64.b64encode(photo.content).decode() for whose, photo in newest.items()}
    assert Photo.objects.count() == 3 and kept[None] != kept[child.id]
    assert (shown[member_person.name], shown[child.name], shown[wife.name]) == (
        kept[None],
        kept[child.id],
        "",
    )


MERGED = """INSERT INTO people_alias (old_id, person_id, why, found_by, found_at, agreed_at, agreed_how, merged_by, merged_at)
SELECT max(insured_id), min(insured_id), 'x', 1, now(), now(), 'own', 2, now() FROM families_familymember"""
FAMILIES: list[Plant] = [
    ("I17", "card", "UPDATE families_familymember SET state = 'refused', answer = 'x' WHERE relation = 'child'"),
    ("I17", "card", "UPDATE care_issuedcard SET person_id = (SELECT max(id) FROM people_person) WHERE family_id IS NOT NULL"),
    ("I17", "visit", "UPDATE care_visit SET family_id = NULL"),
    ("I17", "spouse", MERGED),
    ("I17", "family", "UPDATE families_familymember SET decided_by_id = asked_by_id WHERE state = 'confirmed'"),
    ("I17", "family", "UPDATE families_familymember SET ended_by_id = end_by_id WHERE state = 'ended'"),
]  # fmt: skip


def test_faults_in_the_room_of_families_are_found_and_named(
    covered: None,
    me: Actor,
    first: Actor,
    second: Actor,
    workers: list[Person],
    hospital: Facility,
    now: datetime,
) -> None:
    """A child with a card that was used, a wife, a marriage that ended, and another family."""
    before = confirmed(me, first, SPOUSE, given_name="ແສງ", since=date(2010, 1, 1))
    family.ask_end(me, before.number, "divorce", date(2014, 1, 1))
    family.decide_end(first, before.number, True)
    confirmed(me, first, SPOUSE)
    theirs = replace(SPOUSE, given_name="ສີ", family_name="ແກ້ວ")
    family.decide(second, entered(first, workers[1], theirs).number, True)
    held = family.card(me, confirmed(me, first))
    care.served(
        Actor("", now, "public"), hospital, care.Noted(uuid.uuid4(), held.serial, now, "out", 0, False)
    )
    assert broken() == {}
    assert missed_faults(FAMILIES) == []
    assert broken() == {}
