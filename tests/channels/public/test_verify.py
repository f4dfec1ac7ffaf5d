"""Anyone checks a card or paper: what was signed is shown, anything else is refused in plain words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pakan.integrations.formats.credential import Card, Statement, Year, compose, signing_key
from pakan.registers.access.models import AuditRow

CARD = Card("0123456789", "ບຸນມີ ພົມມະຈັນ", "Bounmy Phommachan", date(1990, 3, 5), "f", "enterprise", "insured")
PAPER = Statement(
    "S26-4F09A1B2C3", "0123456789", "ບຸນມີ ພົມມະຈັນ", (Year(2025, (11, 12), 690_000), Year(2026, (1, 2, 3), 1_035_000)),
    bytes(32),
)  # fmt: skip


@pytest.fixture
def signed(now: datetime) -> Callable[..., str]:
    def act(document: Any = CARD, seed: str = settings.SIGNING_KEY, days: int = 30, before: int = 0) -> str:
        at = now - timedelta(days=before)
        purpose: Any = "card" if isinstance(document, Card) else "statement"
        key = signing_key(seed.encode(), purpose, at.astimezone(UTC).year)
        return compose(document, key, "http://localhost:8000", at, at + timedelta(days=days))

    return act


@pytest.fixture
def desk(client: Client, db: None) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def verdict(desk: Client, code: str) -> str:
    answer = desk.post("/verify/", {"code": code})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_genuine_card(desk: Client, signed: Callable[..., str]) -> None:
    page = verdict(desk, signed())
    for said in (
        "This card is genuine",
        CARD.name,
        CARD.name_latin,
        "5 March 1990",
        "Woman",
        "Covered until",
    ):
        assert said in page, said


def test_a_family_members_card_says_through_whom(desk: Client, signed: Callable[..., str]) -> None:
    child = replace(CARD, number="F26-0000001-0", name="ດາວ ພົມມະຈັນ", group="child", insured="0123456789")
    page = verdict(desk, signed(child))
    assert "This card is genuine" in page and "Child of the insured person with this number" in page
    assert "F26-0000001-0" not in page and "Child of the insured" not in verdict(desk, signed())


def test_a_genuine_statement_shows_what_its_paper_must_say(desk: Client, signed: Callable[..., str]) -> None:
    page = verdict(desk, signed(PAPER))
    for said in (
        "This statement is genuine",
        PAPER.document,
        "November 2025",
        "March 2026",
        "1,725,000 kip",
        "11, 12",
        "1, 2, 3",
    ):
        assert said in page, said


def test_the_same_in_lao(client: Client, db: None, signed: Callable[..., str]) -> None:
    assert "ກວດບັດ ຫຼື ເອກະສານ" in client.get("/verify/").content.decode()
    assert "ບັດນີ້ແມ່ນຂອງແທ້" in client.post("/verify/", {"code": signed()}).content.decode()
    assert "1.725.000 ກີບ" in client.post("/verify/", {"code": signed(PAPER)}).content.decode()
    refused = client.post(
        "/verify/", {"code": signed(seed="the secret of quite another house, 32+")}
    ).content.decode()
    assert "ນີ້ບໍ່ແມ່ນຂອງແທ້" in refused
    assert CARD.name not in refused


def test_a_foreign_signature_is_refused(desk: Client, signed: Callable[..., str]) -> None:
    page = verdict(desk, signed(seed="the secret of quite another house, 32+"))
    assert "This is not genuine" in page
    assert "1508" in page
    assert CARD.name not in page


def test_a_changed_letter_is_refused(desk: Client, signed: Callable[..., str]) -> None:
    code = signed()
    for at in (5, len(code) // 2, len(code) - 4):
        other = "A" if code[at] != "A" else "B"
        page = verdict(desk, code[:at] + other + code[at + 1 :])
        assert "This is not genuine" in page or "We cannot read this" in page
        assert CARD.name not in page


def test_what_is_over_says_so_and_nothing_of_the_person(desk: Client, signed: Callable[..., str]) -> None:
    page = verdict(desk, signed(days=1, before=3))
    assert "This is no longer good" in page
    assert CARD.name not in page


def test_what_has_not_begun(desk: Client, signed: Callable[..., str]) -> None:
    assert "This is not good yet" in verdict(desk, signed(before=-1))


@pytest.mark.parametrize(
    "rubbish", ["HELLO", "A" * 4000, "<script>alert(1)</script>", "ສະບາຍດີ", "https://example.la/?x=1"]
)
def test_what_is_no_code(desk: Client, rubbish: str) -> None:
    page = verdict(desk, rubbish)
    assert "We cannot read this" in page
    assert "alert(1)" not in page


def test_nothing_typed_is_said_at_the_field(desk: Client) -> None:
    page = verdict(desk, "  ")
    assert 'id="id_code_error"' in page
    assert "data-error-summary" in page


@pytest.mark.parametrize("written", ["R26-0000123-{}", "http://localhost:8000/check/R26-0000123-{}/"])
def test_the_code_of_a_receipt_leads_to_its_page(desk: Client, written: str) -> None:
    from pakan.units.number import check_digit

    digit = check_digit("260000123")
    answer = desk.post("/verify/", {"code": written.format(digit)})
    assert answer.headers["Location"] == f"/check/R26-0000123-{digit}/"


def test_a_code_in_the_address_is_not_read(desk: Client, signed: Callable[..., str]) -> None:
    """It holds a name, and addresses are written down by every machine on the way."""
    assert CARD.name not in desk.get("/verify/", {"code": signed()}).content.decode()


def test_checking_writes_nothing_about_anyone(desk: Client, signed: Callable[..., str]) -> None:
    verdict(desk, signed())
    assert not AuditRow.objects.filter(act__startswith="certify").exists()


def test_three_hundred_in_ten_minutes_from_one_place(desk: Client) -> None:
    answers = [desk.post("/verify/", {"code": "HELLO"}).status_code for _ in range(301)]
    assert answers == [200] * 300 + [429]


def test_the_published_keys_check_a_card_without_us(desk: Client, signed: Callable[..., str]) -> None:
    """Another program, with the list alone: the header names a key of the list, and its signature fits."""
    import base64
    import zlib

    import cbor2
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from pakan.integrations.formats.credential import base45

    answer = desk.get("/keys.json")
    assert answer.headers["Content-Type"] == "application/json"
    keys = {key["kid"]: key for key in answer.json()["keys"]}
    protected, _, payload, signature = cbor2.loads(zlib.decompress(base45.decode(signed()))).value
    key = keys[cbor2.loads(protected)[4].decode()]
    raw = base64.urlsafe_b64decode(key["x"] + "=")
    Ed25519PublicKey.from_public_bytes(raw).verify(
        signature, cbor2.dumps(["Signature1", protected, b"", payload])
    )
    assert cbor2.loads(payload)[169][1] == CARD.number
    assert key["purpose"] == "card"


def test_the_start_page_leads_there(desk: Client) -> None:
    assert 'href="/verify/"' in desk.get("/").content.decode()
