"""Cards that are withdrawn, printed and signed anew: what readers are told, and what stays true (C53, C54, A24, A39)."""

import base64
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from pakan.integrations.formats.credential import judge, read_keys, read_revoked
from pakan.integrations.formats.letter import pictures
from pakan.operations import certify, issuing, publish
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.care import actions
from pakan.registers.care.models import Batch, IssuedCard
from pakan.registers.people.models import Employer, Person
from pakan.registers.records.models import Credit
from pakan.units.month import Month
from tests.channels.member.months import declared, paid
from tests.codes import codes_on
from tests.operations.faces import face

__all__ = ["declared", "paid"]  # fixtures


@pytest.fixture
def covered(paid: Any, open_month: Month) -> None:
    for back in range(3, -1, -1):
        paid(open_month - back)


def verdict(code: str, now: datetime) -> str:
    """What a reader says that loaded its lists just now."""
    roots = {key.id: key for key in issuing.public_keys(now).values() if key.purpose == "keys"}
    keys = read_keys(publish.key_list(now), roots)
    revoked = read_revoked(publish.revoked_list(now), keys.keys)
    return judge(code, keys.keys, keys.made_at, revoked, now).code


def test_a_withdrawn_card_is_refused_by_us_and_by_readers_and_a_new_one_is_good(
    covered: None, member: Account, registrar: Account, as_actor: Callable[..., Actor], now: datetime
) -> None:
    lost = certify.card(as_actor(member))
    assert verdict(lost.code, now) == "genuine"
    certify.withdraw(as_actor(registrar), lost.serial, "lost")
    assert verdict(lost.code, now) == "revoked"
    with pytest.raises(certify.CredentialRefused, match="revoked"):
        certify.verify(lost.code, now)
    new = certify.card(as_actor(member))
    assert new.serial != lost.serial
    assert verdict(new.code, now) == "genuine"
    with pytest.raises(certify.Refused, match="withdrawn"):
        certify.withdraw(as_actor(registrar), lost.serial, "lost")


def test_withdrawing_needs_a_reason_a_card_and_a_registrar(
    covered: None, member: Account, registrar: Account, finance: Account, as_actor: Callable[..., Actor]
) -> None:
    card = certify.card(as_actor(member))
    for serial, why in ((card.serial, "no reason"), (card.serial, "key"), ("NOBODYS", "lost")):
        with pytest.raises(certify.Refused):
            certify.withdraw(as_actor(registrar), serial, why)
    with pytest.raises(NotAllowed):
        certify.withdraw(as_actor(finance), card.serial, "lost")
    assert IssuedCard.objects.get().revoked_at is None


def test_a_member_withdraws_her_own_lost_card_and_no_other(
    covered: None, member: Account, workers: list[Person], as_actor: Callable[..., Actor], now: datetime
) -> None:
    me = as_actor(member)
    mine = certify.card(me)
    other = actions.issue(workers[1].id, "phone", mine.until or now.date(), "card-2026", now, "enterprise")
    with pytest.raises(certify.Refused, match="unknown"):
        certify.report_lost(me, other.serial)
    certify.report_lost(me, mine.serial)
    assert {card.serial for card in IssuedCard.objects.filter(revoked_at=None)} == {other.serial}


def test_after_a_death_every_card_is_withdrawn_and_none_is_issued(
    covered: None, member: Account, member_person: Person, registrar: Account, as_actor: Callable[..., Actor],
    now: datetime,
) -> None:  # fmt: skip
    phone = certify.card(as_actor(member))
    actions.issue(member_person.id, "paper", phone.until or now.date(), "card-2026", now, "enterprise")
    assert certify.tell_death(as_actor(registrar), member_person) == 2
    assert verdict(phone.code, now) == "revoked"
    assert certify.card(as_actor(member)).code == ""
    assert not IssuedCard.objects.filter(revoked_at=None).exists()


def test_cards_that_say_more_than_the_law_are_withdrawn_by_night(
    covered: None, member: Account, member_person: Person, system: Actor, as_actor: Callable[..., Actor], now: datetime,
    open_month: Month,
) -> None:  # fmt: skip
    card = certify.card(as_actor(member))
    assert certify.withdraw_ended(system) == 0
    for credit in Credit.objects.filter(person=member_person, month__gte=(open_month - 2).first):
        Credit.objects.create(
            person=member_person, employer=credit.employer, month=credit.month, version=2, wage=0, insured=0,
            employer_share=0, worker_share=0, credited_at=now,
        )  # fmt: skip
    assert certify.withdraw_ended(system) == 1
    assert verdict(card.code, now) == "revoked"
    assert IssuedCard.objects.get(serial=card.serial).why == "ended"
    assert certify.withdraw_ended(system) == 0


def test_abuse_A39_a_stolen_secret_is_changed_and_old_papers_still_verify_with_us(
    covered: None, member: Account, as_actor: Callable[..., Actor], now: datetime, settings: Any
) -> None:
    """Readers refuse everything of the stolen key; we, who know what we gave out, still believe that, and no forgery."""
    before = certify.card(as_actor(member))
    thief = issuing.series()[0]
    stolen = {"series": "", "seed": settings.SIGNING_KEY, "ended_at": now.isoformat(), "stolen": True}
    settings.SIGNING_BEFORE, settings.SIGNING_SERIES = [stolen], "b"
    settings.SIGNING_KEY = "a new secret of the house, thirty-two letters"
    assert verdict(before.code, now) == "revoked"
    assert certify.verify(before.code, now).serial == before.serial
    forged = certify.Card("0123456789", "x", "", date(1990, 1, 1), "f", "enterprise", "insured", "F0RGED")
    text = certify.compose(
        forged, thief.key("card", now.year), settings.BASE_URL, now, now + timedelta(days=9)
    )
    with pytest.raises(certify.CredentialRefused, match="revoked"):
        certify.verify(text, now)
    after = certify.card(as_actor(member))
    assert verdict(after.code, now) == "genuine"
    assert after.serial != before.serial
    assert certify.verify(before.code, now).serial == before.serial


def test_a_planned_change_of_keys_leaves_every_card_good(
    covered: None, member: Account, as_actor: Callable[..., Actor], now: datetime, settings: Any
) -> None:
    before = certify.card(as_actor(member))
    settings.SIGNING_BEFORE = [{"series": "", "seed": settings.SIGNING_KEY, "ended_at": now.isoformat()}]
    settings.SIGNING_SERIES, settings.SIGNING_KEY = "b", "a new secret of the house, thirty-two letters"
    assert verdict(before.code, now) == "genuine"
    after = certify.card(as_actor(member))
    assert (verdict(after.code, now), after.serial) == ("genuine", before.serial)
    assert IssuedCard.objects.count() == 1


# --- paper -----------------------------------------------------------------------------------------------------------


def test_paper_cards_of_an_employer_are_issued_and_printed_once(
    covered: None,
    factory: Employer,
    workers: list[Person],
    registrar: Account,
    as_actor: Callable[..., Actor],
) -> None:
    certify.take_photo(as_actor(registrar), workers[0], face())
    batch = certify.print_cards(as_actor(registrar), factory)
    certify.make_batch(batch.number)
    certify.make_batch(batch.number)
    made = Batch.objects.get()
    assert (made.cards, made.left_out, IssuedCard.objects.filter(kind="paper").count()) == (12, 0, 12)
    assert made.document is not None and bytes(made.document.content).startswith(b"%PDF-")
    again = certify.print_cards(as_actor(registrar), factory)
    certify.make_batch(again.number)
    assert Batch.objects.get(number=again.number).cards == 0
    sheets = pictures("cards", certify.sheet_of(list(made.issued.select_related("person"))), ppi=200)
    assert len(sheets) == 4  # twelve cards: two sheets, both sides
    read = {code.text for page in sheets for code in codes_on(Image.open(io.BytesIO(page)))}
    serials = {certify.verify(text, made.made_at or made.asked_at).serial for text in read}
    assert serials == set(made.issued.values_list("serial", flat=True))


def test_people_without_cover_get_no_card(
    paid: Any, factory: Employer, registrar: Account, as_actor: Callable[..., Actor]
) -> None:
    paid()
    batch = certify.print_cards(as_actor(registrar), factory)
    certify.make_batch(batch.number)
    made = Batch.objects.get()
    assert (made.cards, made.left_out, made.document) == (0, 12, None)
    assert made.made_at is not None


def test_printing_again_needs_a_reason_and_ends_the_old_card(
    covered: None, factory: Employer, registrar: Account, as_actor: Callable[..., Actor], now: datetime
) -> None:
    officer = as_actor(registrar)
    certify.make_batch(certify.print_cards(officer, factory).number)
    old = IssuedCard.objects.order_by("id")[0]
    for why in ("", "death", "key"):
        with pytest.raises(certify.Refused, match="why"):
            certify.reprint(officer, old.serial, why)
    batch = certify.reprint(officer, old.serial, "lost")
    certify.make_batch(batch.number)
    old.refresh_from_db()
    new = IssuedCard.objects.get(reprint_of=old)
    assert (old.why, new.person_id, new.kind) == ("lost", old.person_id, "paper")
    assert Batch.objects.get(number=batch.number).cards == 1
    with pytest.raises(certify.Refused):
        certify.reprint(officer, old.serial, "lost")
    assert AuditRow.objects.filter(act="certify.reprint", person_id=old.person_id).count() == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [(face(), []), (face(25), ["dark"]), (face(240), ["bright"]), (face(140, (90, 120)), ["small"])],
    ids=["good", "dark", "bright", "small"],
)
def test_a_photo_is_looked_at_before_it_is_kept(
    content: bytes, says: list[str], member_person: Person, registrar: Account, as_actor: Callable[..., Actor]
) -> None:
    found = certify.take_photo(as_actor(registrar), member_person, content)
    assert [one for one in found if one != "flat"] == says
    kept = member_person.photo_set.count()
    assert kept == (0 if found else 1)
    if found:
        certify.take_photo(as_actor(registrar), member_person, content, in_spite=True)
        assert member_person.photo_set.get().warnings == " ".join(found)


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<svg/>", base64.b64decode("iVBORw0KGgo="), b"\xff\xd8\xff" * 9]
)
def test_what_is_no_photo_is_refused(
    content: bytes, member_person: Person, registrar: Account, as_actor: Callable[..., Actor]
) -> None:
    with pytest.raises(certify.PhotoRefused, match="not_a_photo"):
        certify.take_photo(as_actor(registrar), member_person, content)
    with pytest.raises(certify.PhotoRefused, match="large"):
        certify.take_photo(as_actor(registrar), member_person, bytes(6_000_001))
