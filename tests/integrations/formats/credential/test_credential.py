"""Cards and statements: whole they are read, changed in a single bit they are nothing."""

import secrets
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pakan.integrations.formats.credential import (
    PURPOSES,
    Card,
    CredentialRefused,
    PublicKey,
    Statement,
    Year,
    base45,
    compose,
    signing_key,
    verify,
)
from pakan.integrations.formats.credential.keys import SigningKey
from pakan.integrations.formats.credential.sign1 import open_signed, unpack

SEED = bytes(range(32))
OTHER = bytes(range(1, 33))
ISSUER = "https://pakan.example.la"
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ENDS = NOW + timedelta(days=60)
CARD = Card("0123456789", "ບຸນມີ ພົມມະຈັນ", "Bounmy Phommachan", date(1990, 3, 5), "f", "enterprise", "insured")
PAPER = Statement(
    "S26-4F09A1B2", "0123456789", "ບຸນມີ ພົມມະຈັນ",
    (Year(2025, (3, 4, 12), 1_035_000), Year(2026, tuple(range(1, 10)), 3_105_000)), bytes(32),
)  # fmt: skip


def key(purpose: Any = "card", year: int = 2026, seed: bytes = SEED) -> SigningKey:
    return signing_key(seed, purpose, year)


KEYS: dict[str, PublicKey] = {
    made.id: made
    for made in (key(purpose, year).public for purpose in PURPOSES for year in (2025, 2026, 2027))
}


def signed(document: Card | Statement = CARD, seed: bytes = SEED, at: datetime = NOW) -> str:
    purpose = "card" if isinstance(document, Card) else "statement"
    return compose(document, key(purpose, at.year, seed), ISSUER, at, ENDS)


def refused(text: str, now: datetime = NOW) -> str:
    with pytest.raises(CredentialRefused) as fault:
        verify(text, KEYS, now)
    return fault.value.code


def packed(whole: bytes) -> str:
    return base45.encode(zlib.compress(whole, 9))


def forged(parts: list[Any], tag: int = 18) -> str:
    return packed(cbor2.dumps(cbor2.CBORTag(tag, parts), canonical=True))


def parts_of(text: str) -> list[Any]:
    return list(cbor2.loads(unpack(text)).value)


@pytest.mark.parametrize("document", [CARD, PAPER, replace(CARD, name_latin=""), replace(PAPER, years=())])
def test_whole_and_in_force(document: Card | Statement) -> None:
    found = verify(signed(document), KEYS, NOW)
    assert found.document == document
    assert (found.issuer, found.issued, found.expires) == (ISSUER, NOW, ENDS)


def test_the_card_stands_in_the_claim_169_layout_and_says_no_more_than_needed() -> None:
    _, claims = open_signed(unpack(signed()), KEYS)
    assert claims.keys() == {1, 2, 3, 4, 5, 6, 169}
    assert claims[169] == {
        1: "0123456789", 2: "1.2.2", 3: "lao", 4: CARD.name, 8: "19900305", 9: 2, 19: CARD.name_latin, 20: "eng",
        23: "LA", 75: "enterprise", 76: "insured",
    }  # fmt: skip


def test_the_header_names_one_algorithm_and_the_key_inside_what_is_signed() -> None:
    protected, unprotected, _, signature = parts_of(signed())
    assert cbor2.loads(protected) == {1: -8, 4: b"card-2026"}
    assert unprotected == {}
    assert len(signature) == 64


def test_sums_of_a_statement() -> None:
    assert (PAPER.months, PAPER.paid, str(PAPER.first), str(PAPER.last)) == (
        12,
        4_140_000,
        "2025-03",
        "2026-09",
    )


def test_thirty_years_fit_a_code_on_paper() -> None:
    years = tuple(Year(year, tuple(range(1, 13)), 6_210_000) for year in range(1997, 2027))
    assert len(signed(replace(PAPER, years=years))) < 900
    assert len(signed()) < 450


def test_ten_thousand_mutations_of_the_signed_bytes_none_accepted() -> None:
    """Bits turned, bytes changed, cut out, doubled, put in: in header, payload, signature and around them."""
    accepted, whole = [], unpack(signed())
    for _ in range(10_000):
        changed = bytearray(whole)
        for _ in range(1 + secrets.randbelow(3)):
            at, way = secrets.randbelow(len(changed)), secrets.randbelow(4)
            if way == 0:
                changed[at] ^= 1 << secrets.randbelow(8)
            elif way == 1:
                changed[at] = secrets.randbelow(256)
            elif way == 2:
                del changed[at : at + 1 + secrets.randbelow(4)]
            else:
                changed[at:at] = secrets.token_bytes(1 + secrets.randbelow(4))
            if not changed:
                break
        if bytes(changed) == whole:
            continue
        try:
            open_signed(bytes(changed), KEYS)
            accepted.append(bytes(changed))
        except CredentialRefused:
            pass
    assert accepted == []


def test_every_single_bit_counts() -> None:
    for document in (CARD, PAPER):
        whole = unpack(signed(document))
        for bit in range(len(whole) * 8):
            changed = bytearray(whole)
            changed[bit // 8] ^= 1 << bit % 8
            with pytest.raises(CredentialRefused):
                open_signed(bytes(changed), KEYS)


def test_ten_thousand_mutations_of_the_text_none_says_anything_else() -> None:
    """A text with a letter changed is refused, or unpacks to the very same signed bytes (zlib can pack them in two ways)."""
    text, said = signed(), []
    whole = unpack(text)
    for _ in range(10_000):
        letters = list(text)
        for _ in range(1 + secrets.randbelow(3)):
            letters[secrets.randbelow(len(letters))] = secrets.choice(base45.ALPHABET)
        changed = "".join(letters)
        try:
            verify(changed, KEYS, NOW)
        except CredentialRefused:
            continue
        if unpack(changed) != whole:
            said.append(changed)
    assert said == []


def test_an_empty_or_short_signature_is_never_accepted() -> None:
    protected, unprotected, payload, signature = parts_of(signed())
    for wrong in (b"", b"\x00" * 63, bytes(64), signature[:-1], signature + b"\x00", signature[::-1]):
        assert refused(forged([protected, unprotected, payload, wrong])) == "not_genuine"
    assert refused(forged([protected, unprotected, payload, None])) == "not_readable"
    assert refused(forged([protected, unprotected, payload])) == "not_readable"


def test_a_foreign_signature_is_never_accepted() -> None:
    assert refused(signed(seed=OTHER)) == "not_genuine"  # our key's name, another's key
    strange = PublicKey("card-1999", "card", 2026, b"")
    foreign = SigningKey(strange, Ed25519PrivateKey.generate())
    assert refused(compose(CARD, foreign, ISSUER, NOW, ENDS)) == "not_ours"


@pytest.mark.parametrize("algorithm", [-7, -35, -257, -37, 5, 0, None, "EdDSA", -19])
def test_another_algorithm_is_not_ours_even_when_rightly_signed(algorithm: Any) -> None:
    _, _, payload, _ = parts_of(signed())
    header = cbor2.dumps({1: algorithm, 4: b"card-2026"}, canonical=True)
    message = cbor2.dumps(["Signature1", header, b"", payload], canonical=True)
    assert refused(forged([header, {}, payload, key().signs.sign(message)])) == "not_ours"


def test_what_stands_outside_the_signature_counts_for_nothing() -> None:
    protected, _, payload, signature = parts_of(signed())
    assert refused(forged([protected, {4: b"card-2026"}, payload, signature])) == "not_readable"
    bare = cbor2.dumps({4: b"card-2026"}, canonical=True)
    assert refused(forged([bare, {1: -8}, payload, signature])) == "not_readable"
    assert refused(forged([bare, {}, payload, signature])) == "not_ours"


@pytest.mark.parametrize("tag", [16, 17, 61, 96, 97, 98])
def test_another_kind_of_message(tag: int) -> None:
    """Mac0, Encrypt0 and the others."""
    assert refused(forged(parts_of(signed()), tag)) == "not_readable"


def test_a_key_for_statements_issues_no_card() -> None:
    with pytest.raises(ValueError, match="may not sign a card"):
        compose(CARD, key("statement"), ISSUER, NOW, ENDS)
    _, _, payload, _ = parts_of(signed())
    header = cbor2.dumps({1: -8, 4: b"statement-2026"}, canonical=True)
    message = cbor2.dumps(["Signature1", header, b"", payload], canonical=True)
    assert refused(forged([header, {}, payload, key("statement").signs.sign(message)])) == "wrong_kind"


def test_a_key_signs_in_its_year_only() -> None:
    with pytest.raises(ValueError, match="card-2025 may not sign"):
        compose(CARD, key(year=2025), ISSUER, NOW, ENDS)
    later = NOW.replace(year=2027)
    relabelled = SigningKey(KEYS["card-2026"], key().signs)
    object.__setattr__(relabelled, "public", replace(KEYS["card-2026"], year=2027))
    text = compose(CARD, relabelled, ISSUER, later, later + timedelta(days=9))
    assert refused(text, later) == "wrong_kind"


def test_keys_differ_by_purpose_year_and_secret_and_hide_themselves() -> None:
    raws = {made.raw for made in KEYS.values()} | {key(seed=OTHER).public.raw}
    assert len(raws) == len(PURPOSES) * 3 + 1
    assert key().public.raw == key().public.raw
    assert repr(key()) == "SigningKey('card-2026')"
    with pytest.raises(ValueError, match="32 bytes"):
        signing_key(b"short", "card", 2026)


def test_a_document_is_in_force_from_its_day_to_its_day() -> None:
    text, minutes = signed(), timedelta(minutes=1)
    assert refused(text, ENDS + 6 * minutes) == "expired"
    assert refused(text, NOW - 6 * minutes) == "not_yet"
    for honest in (ENDS + 4 * minutes, NOW - 4 * minutes, ENDS):
        assert verify(text, KEYS, honest).document == CARD


def _claims(**changed: Any) -> str:
    """Rightly signed by us, with claims that we would not write."""
    _, claims = open_signed(unpack(signed()), KEYS)
    claims |= {int(name[1:]): value for name, value in changed.items()}
    payload = cbor2.dumps(
        {name: value for name, value in claims.items() if value is not None}, canonical=True
    )
    header = cbor2.dumps({1: -8, 4: b"card-2026"}, canonical=True)
    message = cbor2.dumps(["Signature1", header, b"", payload], canonical=True)
    return forged([header, {}, payload, key().signs.sign(message)])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"c3": "anyone"}, "wrong_kind"), ({"c3": None}, "not_readable"), ({"c169": None}, "wrong_kind"),
        ({"c4": None}, "not_readable"), ({"c4": "soon"}, "not_readable"), ({"c4": 2**70}, "not_readable"),
        ({"c6": None}, "not_readable"), ({"c169": []}, "not_readable"), ({"c169": {}}, "not_readable"),
        ({"c169": {1: "1", 4: "x", 8: "1990-31", 9: 1, 75: "", 76: ""}}, "not_readable"),
    ],
)  # fmt: skip
def test_claims_that_we_do_not_write(changed: dict[str, Any], code: str) -> None:
    assert refused(_claims(**changed)) == code


@pytest.mark.parametrize(
    "whole",
    [
        b"", b"\x00", b"\x81" * 7_000 + b"\x00", b"\xd2\x84" + b"\x81" * 7_000, b"\xd2\x9f\xff", b"\xbf\xff",
        b"\xd2\x84\x40\xa0\x40",
        b"\xd8\x1c\x81\xd8\x1d\x00", b"\xd2\xd8\x1c\x84\x40\xa0\x40\xd8\x1d\x00", b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xc2\x59\x1f\x00" + b"\xff" * 7_936, b"\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00", b"\xd8\x23\x65(a+)+",
    ],
)  # fmt: skip
def test_hostile_bytes(whole: bytes) -> None:
    """Deep, endless, looping and huge things are one plain refusal."""
    assert refused(packed(whole)) == "not_readable"


@pytest.mark.parametrize(
    "text", ["", " ", "HELLO", "A" * 4297, "ສະບາຍດີ", "https://pakan.example.la/check/R26-0000123-4"]
)
def test_what_is_no_credential(text: str) -> None:
    assert refused(text) == "not_readable"


def test_a_bomb_is_not_unpacked() -> None:
    bomb = base45.encode(zlib.compress(bytes(1_000_000), 9))
    assert len(bomb) < 4296
    assert refused(bomb) == "not_readable"


def test_something_after_the_end_or_a_second_key_is_refused() -> None:
    whole = unpack(signed())
    assert refused(packed(whole + b"\x00")) == "not_readable"
    assert refused(base45.encode(zlib.compress(whole, 9) + b"more")) == "not_readable"
    assert refused(base45.encode(zlib.compress(whole, 9)[:-1])) == "not_readable"
    twice = b"\xa3\x01\x27\x01\x27\x04\x49card-2026"
    _, _, payload, signature = parts_of(signed())
    assert refused(forged([twice, {}, payload, signature])) == "not_readable"


def test_white_space_around_is_forgiven_and_nothing_else() -> None:
    text = signed()
    assert verify(f"\n  {text} \r\n", KEYS, NOW).document == CARD
    assert refused(text.lower()) == "not_readable"


def test_too_much_for_a_code_is_said_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="QR code"):
        signed(replace(CARD, name=secrets.token_hex(4000)))


def test_the_published_key() -> None:
    shown = KEYS["card-2026"].as_dict()
    assert shown["kid"] == "card-2026"
    assert (shown["kty"], shown["crv"], shown["alg"]) == ("OKP", "Ed25519", "EdDSA")
    assert (shown["signs_from"], shown["signs_until"]) == ("2026-01-01", "2026-12-31")
    assert "d" not in shown
