"""One corpus of codes for every reader: what Python and the page for hospitals must say alike, code for code."""

import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pakan.integrations.formats.credential import (
    Card,
    Clearance,
    PublicKey,
    RevokedList,
    Series,
    Statement,
    Year,
    base45,
    compose,
    compose_keys,
    compose_revoked,
    read_revoked,
)
from pakan.integrations.formats.credential.keys import Purpose, SigningKey
from pakan.integrations.formats.credential.sign1 import unpack

ISSUER = "https://pakan.example.la"
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
MINE, OLD = (
    Series("b", bytes(range(40, 72))),
    Series("", bytes(range(80, 112)), NOW - timedelta(days=9), True),
)
FOREIGN = Series("b", bytes(range(120, 152)))
CARD = Card(
    "0123456789", "ບຸນມີ ພົມມະຈັນ", "Bounmy", date(1990, 3, 5), "f", "enterprise", "insured", "GENU1NE000000000"
)
PURPOSES: tuple[Purpose, ...] = ("card", "statement", "lists", "keys")
KEYS: dict[str, PublicKey] = {
    key.id: key
    for series in (MINE, OLD)
    for year in (2025, 2026)
    for key in (series.key(purpose, year).public for purpose in PURPOSES)
}


@dataclass(frozen=True)
class Case:
    """`says`: the verdict that every reader must give."""

    name: str
    text: str
    says: str


def key_file() -> bytes:
    return compose_keys(KEYS.values(), ISSUER, NOW, 2_000_000, MINE.key("keys", 2026))


def revoked_file(at: datetime = NOW) -> bytes:
    return compose_revoked(
        ["REV0KED000000000", "K26-W1THDRAWN0", *map(str, range(999))], ISSUER, at, MINE.key("lists", 2026)
    )


def revoked() -> RevokedList:
    return read_revoked(revoked_file(), KEYS)


def _signed(
    document: Card | Statement | Clearance = CARD,
    series: Series = MINE,
    ends: datetime = NOW + timedelta(days=60),
) -> str:
    purpose: Purpose = "card" if isinstance(document, Card) else "statement"
    begins = min(NOW, ends) - timedelta(days=30)
    return compose(document, series.key(purpose, begins.year), ISSUER, begins, ends)


def _packed(parts: list[Any], tag: int = 18) -> str:
    return base45.encode(zlib.compress(cbor2.dumps(cbor2.CBORTag(tag, parts), canonical=True), 9))


def _resigned(key: SigningKey, payload: bytes, header: dict[int, Any] | None = None) -> list[Any]:
    protected = cbor2.dumps(header or {1: -8, 4: key.public.id.encode()}, canonical=True)
    message = cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)
    return [protected, {}, payload, key.signs.sign(message)]


def cases() -> list[Case]:
    """Valid ones, and each way of being wrong."""
    good = _signed()
    protected, _, payload, signature = cbor2.loads(unpack(good)).value
    card_key, minutes = MINE.key("card", 2026), timedelta(minutes=1)
    stranger = SigningKey(PublicKey("card-2026-x", "card", 2026, b""), Ed25519PrivateKey.generate())
    paper = Statement("S26-4F09A1B2", CARD.number, CARD.name, (Year(2026, (1, 2), 690_000),), bytes(32))
    lost = Card(**{**CARD.__dict__, "serial": "REV0KED000000000"})
    certificate = Clearance("K26-0A1B2C3D4E", "0451201", "ໂຮງງານຕັດຫຍິບ ດອກຈຳປາ", "P26-0000012-3")
    ended = Clearance("K26-W1THDRAWN0", "0451201", certificate.name, certificate.plan)
    own = cbor2.loads(payload)
    return [
        Case("genuine", good, "genuine"),
        Case("white space around", f"\n {good} \r\n", "genuine"),
        Case("a statement", _signed(paper), "genuine"),
        Case("four minutes over", _signed(ends=NOW - 4 * minutes), "genuine"),
        Case("six minutes over", _signed(ends=NOW - 6 * minutes), "expired"),
        Case("withdrawn", _signed(lost), "revoked"),
        Case("a stolen key", _signed(series=OLD), "revoked"),
        Case("a certificate that rests on a plan", _signed(certificate), "genuine"),
        Case("a certificate whose plan has ended", _signed(ended), "revoked"),
        Case("our key's name, another's key", _signed(series=FOREIGN), "not_genuine"),
        Case("another's key", compose(CARD, stranger, ISSUER, NOW, NOW + minutes), "not_ours"),
        Case("no signature", _packed([protected, {}, payload, b""]), "not_genuine"),
        Case("a short signature", _packed([protected, {}, payload, signature[:-1]]), "not_genuine"),
        Case("a signature of zeros", _packed([protected, {}, payload, bytes(64)]), "not_genuine"),
        Case("three parts", _packed([protected, {}, payload]), "not_readable"),
        Case("algorithm ES256", _packed(_resigned(card_key, payload, {1: -7, 4: b"card-2026-b"})), "not_ours"),
        Case("algorithm outside", _packed([cbor2.dumps({4: b"card-2026-b"}), {1: -8}, payload, signature]), "not_readable"),
        Case("Mac0", _packed([protected, {}, payload, signature], 17), "not_readable"),
        Case("a card by the key for statements", _packed(_resigned(MINE.key("statement", 2026), payload)), "not_genuine"),
        Case("a card by the key for lists", _packed(_resigned(MINE.key("lists", 2026), payload)), "not_genuine"),
        Case("a key of last year", _packed(_resigned(MINE.key("card", 2025), payload)), "not_genuine"),
        Case("for somebody else", _packed(_resigned(card_key, cbor2.dumps({**own, 3: "x"}, canonical=True))), "not_genuine"),
        Case("begins tomorrow", _packed(_resigned(card_key, cbor2.dumps({**own, 5: own[6] + 10**7}, canonical=True))), "not_yet"),
        Case("a day in words", _packed(_resigned(card_key, cbor2.dumps({**own, 4: "soon"}, canonical=True))), "not_readable"),
        Case("a health certificate", "HC1:" + good, "not_readable"),
        Case("an address", "https://pakan.example.la/check/R26-0000123-4", "not_readable"),
        Case("nothing", "", "not_readable"),
        Case("small letters", good.lower(), "not_readable"),
        Case("a bomb", base45.encode(zlib.compress(bytes(1_000_000), 9)), "not_readable"),
        Case("something after the end", base45.encode(zlib.compress(unpack(good), 9) + b"more"), "not_readable"),
        Case("cut", good[:-30], "not_readable"),
    ]  # fmt: skip


def mutations(count: int, seed: int = 23) -> list[str]:
    """The genuine card with bytes changed, cut out, doubled or put in: never the same bytes as before."""
    dice, whole, found = Random(seed), unpack(_signed()), []
    while len(found) < count:
        changed = bytearray(whole)
        for _ in range(1 + dice.randrange(3)):
            at, way = dice.randrange(len(changed)), dice.randrange(4)
            if way == 0:
                changed[at] ^= 1 << dice.randrange(8)
            elif way == 1:
                changed[at] = dice.randrange(256)
            elif way == 2:
                del changed[at : at + 1 + dice.randrange(4)]
            else:
                changed[at:at] = dice.randbytes(1 + dice.randrange(4))
        if bytes(changed) != whole:
            found.append(base45.encode(zlib.compress(bytes(changed), 9)))
    return found
