"""What a person allows, corrects and takes along: consents end at once, identity takes two, a copy holds no secret."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from PIL import Image

from pakan.operations import certify, enrol, entrust, voluntary, wish
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person
from pakan.registers.people.queries import named_like
from pakan.registers.wishes.models import Copy, Correction
from pakan.registers.wishes.queries import allows, consents_of
from pakan.units.month import Month
from tests.operations import families
from tests.operations.faces import face

Act = Callable[..., Actor]


@pytest.fixture
def me(member: Account, as_actor: Act) -> Actor:
    return as_actor(member)


@pytest.fixture
def first(registrar: Account, as_actor: Act) -> Actor:
    return as_actor(registrar)


@pytest.fixture
def second(system: Actor, as_actor: Act) -> Actor:
    return as_actor(
        enrol.account(system, "second", "staff", "ບຸນເພັງ ທະບຽນ", staff_roles=[Role.REGISTRAR.value])
    )


def photo() -> bytes:
    kept = io.BytesIO()
    Image.effect_noise((900, 700), 60).convert("RGB").save(kept, "JPEG")
    return kept.getvalue()


def asked(me: Actor, field: str = "birth_date", wanted: str = "1985-02-03") -> Correction:
    return wish.ask_correction(me, field, wanted, "", "id.jpg", "image/jpeg", photo())


def test_a_consent_counts_for_a_year_and_ends_at_once(
    me: Actor, member: Account, as_actor: Act, now: datetime
) -> None:
    person = me.person_id or 0
    wish.allow(me, "news")
    assert allows(person, "news", me.today) and not allows(person, "survey", me.today)
    assert consents_of(person, me.today)["news"].wording == wish.WORDING
    assert not allows(person, "news", me.today + timedelta(days=366))
    assert wish.withdraw(me, "news") and not wish.withdraw(me, "news")
    assert not allows(person, "news", me.today)
    wish.allow(me, "news")
    assert allows(person, "news", me.today)
    with pytest.raises(wish.Refused, match="purpose"):
        wish.allow(me, "anything")


def test_a_birth_date_is_changed_by_two_officers_and_the_member_is_told(
    me: Actor, first: Actor, second: Actor, member_person: Person
) -> None:
    case = asked(me)
    before = member_person.birth_date
    assert wish.decide(first, case.number, True, "").state == "proposed"
    member_person.refresh_from_db()
    assert member_person.birth_date == before
    with pytest.raises(wish.Refused, match="same person"):
        wish.decide(first, case.number, True, "")
    assert wish.decide(second, case.number, True, "").state == "done"
    member_person.refresh_from_db()
    assert member_person.birth_date == date(1985, 2, 3)
    assert Message.objects.get(wording="correction_done").person_id == member_person.id
    with pytest.raises(wish.Refused, match="closed"):
        wish.decide(second, case.number, False, "x")


def test_a_corrected_name_is_found_and_stands_everywhere(
    me: Actor, first: Actor, second: Actor, member: Account, member_person: Person
) -> None:
    own = voluntary.join(me, 1_200_000, 1, Month.of(me.today))
    case = asked(me, "given_name", "ສຸລິຍາ")
    wish.decide(first, case.number, True, "")
    wish.decide(second, case.number, True, "")
    for thing in (member_person, member, own.employer):
        thing.refresh_from_db()
    name = f"ສຸລິຍາ {member_person.family_name}"
    assert (member_person.name, member.full_name, own.employer.name_lo) == (name, name, name)
    assert named_like(name)[0].id == member_person.id


def test_a_village_takes_one_officer_and_a_no_has_a_reason(
    me: Actor, first: Actor, member_person: Person
) -> None:
    case = asked(me, "village", "ໂພນທັນ")
    with pytest.raises(wish.Refused, match="answer"):
        wish.decide(first, case.number, False, " ")
    wish.decide(first, case.number, True, "")
    member_person.refresh_from_db()
    assert member_person.village == "ໂພນທັນ"
    other = asked(me, "village", "ດົງໂດກ")
    assert wish.decide(first, other.number, False, "ບໍ່ເຫັນຫຼັກຖານ").state == "refused"
    member_person.refresh_from_db()
    assert member_person.village == "ໂພນທັນ"


@pytest.mark.parametrize(
    ("field", "wanted", "code"),
    [
        ("phone", "02055551234", "field"),
        ("number", "1", "field"),
        ("birth_date", "1985-02-30", "wanted"),
        ("birth_date", "2999-01-01", "wanted"),
        ("given_name", " ", "wanted"),
    ],
)
def test_what_cannot_be_is_refused(me: Actor, field: str, wanted: str, code: str) -> None:
    with pytest.raises(wish.Refused, match=code):
        asked(me, field, wanted)


def test_the_same_fact_is_asked_once_and_a_proof_is_a_real_file(me: Actor, member_person: Person) -> None:
    asked(me)
    with pytest.raises(wish.Refused, match="open"):
        asked(me)
    with pytest.raises(wish.Refused, match="same"):
        asked(me, "given_name", member_person.given_name)
    with pytest.raises(wish.PaperRefused):
        wish.ask_correction(me, "village", "ໂພນທັນ", "", "x.jpg", "image/jpeg", b"not a photo")


def test_a_copy_holds_everything_and_nothing_that_opens_something(
    me: Actor, member: Account, member_person: Person, workers: list[Person]
) -> None:
    member.pin = "argon2-of-a-pin"
    member.save()
    wish.allow(me, "news")
    voluntary.join(me, 1_200_000, 1, Month.of(me.today))
    copy = wish.ask_copy(me)
    assert wish.ask_copy(me).id == copy.id
    wish.make_copy(copy.id)
    wish.make_copy(copy.id)
    bundle = zipfile.ZipFile(io.BytesIO(bytes(Copy.objects.get().content)))
    found = json.loads(bundle.read("data.json"))
    for table in (
        "people.Person",
        "people.Employment",
        "wishes.Consent",
        "voluntary.Membership",
        "access.AuditRow",
    ):
        assert found[table], table
    told = bundle.read("data.json").decode() + bundle.read("read-me.html").decode()
    assert member_person.number in told and "argon2-of-a-pin" not in told
    for other in workers[1:]:
        assert other.number not in told and other.name not in told


def test_papers_of_the_family_are_in_the_copy_as_they_were_handed_in(
    me: Actor, first: Actor, member_person: Person, workers: list[Person]
) -> None:
    member = families.asked(me)
    certify.take_photo(first, member_person, face(), relative=member)
    bundle = zipfile.ZipFile(io.BytesIO(wish.packed(member_person)))
    [row] = json.loads(bundle.read("data.json"))["families.FamilyPaper"]
    assert row["member_id"] == member.id and row["kind"] == "relation"
    assert bundle.read(f"papers/familypaper-{row['id']}.jpg") == families.photo()
    [kept] = json.loads(bundle.read("data.json"))["care.Photo"]
    assert bundle.read(f"papers/photo-{kept['id']}.jpg").startswith(b"\xff\xd8")
    assert not [
        name for name in zipfile.ZipFile(io.BytesIO(wish.packed(workers[1]))).namelist() if "papers/" in name
    ]


def test_a_copy_is_only_the_persons_own_and_gone_after_a_day(
    me: Actor, member_person: Person, workers: list[Person]
) -> None:
    copy = wish.ask_copy(me)
    assert wish.of_person(member_person.id, me.at, copy.key) is None  # not made yet
    wish.make_copy(copy.id)
    assert wish.of_person(member_person.id, me.at, copy.key)
    assert wish.of_person(workers[1].id, me.at, copy.key) is None
    assert wish.of_person(member_person.id, me.at + timedelta(hours=25), copy.key) is None
    wish.drop_old_copies(me.at + timedelta(hours=25))
    assert not Copy.objects.exists()


def test_every_table_about_a_person_is_in_the_copy_or_named_as_not_his() -> None:
    """A new table is in the copy by itself; one that holds secrets only has to be named."""
    told = {model._meta.label for model, _column in wish.his_tables()}
    assert {"people.Employment", "relatives.Entrusted", "records.Credit", "cases.Case"} <= told
    assert not told & wish.NOT_HIS
    assert entrust.LONGEST
