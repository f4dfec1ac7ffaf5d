"""What a reader without network carries: the keys, and the documents that were withdrawn. Each a signed, dated file.

Withdrawn documents are the first bytes of the SHA-256 of their numbers, in order: small, quick to search, and nobody
can read a number out of it. Of 10,000 marks one good document in 100 million is taken for another.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pakan.integrations.formats.credential.documents import IAT, ISS
from pakan.integrations.formats.credential.keys import KINDS, PublicKey, Purpose, SigningKey
from pakan.integrations.formats.credential.sign1 import CredentialRefused, open_signed, sign_bytes

LIST = -70002  # private claim: {1: kind, 2: content, 3: kip that the fund guarantees (key list)}
MARK = 5  # bytes of a withdrawn document


@dataclass(frozen=True)
class KeyList:
    """`guarantee`: kip of care that the fund pays for a genuine card although nobody could ask it (C56)."""

    issuer: str
    made_at: datetime
    keys: Mapping[str, PublicKey]
    guarantee: int


@dataclass(frozen=True)
class RevokedList:
    made_at: datetime
    marks: bytes

    def __len__(self) -> int:
        return len(self.marks) // MARK

    def __contains__(self, serial: str) -> bool:
        """Whether this document was withdrawn."""
        marks, wanted = self.marks, mark_of(serial)
        at = bisect_left(
            range(len(self)), wanted, key=lambda place: marks[place * MARK : place * MARK + MARK]
        )
        return marks[at * MARK : at * MARK + MARK] == wanted


def mark_of(serial: str) -> bytes:
    return hashlib.sha256(serial.encode()).digest()[:MARK]


def compose_revoked(serials: Iterable[str], issuer: str, at: datetime, key: SigningKey) -> bytes:
    """The list of withdrawn documents. Raises ValueError for a key that may not sign it."""
    marks = b"".join(sorted({mark_of(serial) for serial in serials}))
    return _signed("revoked", {2: marks}, issuer, at, key)


def compose_keys(
    keys: Iterable[PublicKey], issuer: str, at: datetime, guarantee: int, key: SigningKey
) -> bytes:
    """The key list. Raises ValueError for a key that may not sign it."""
    told = [_key_told(each) for each in sorted(keys, key=lambda each: each.id)]
    return _signed("keys", {2: told, 3: guarantee}, issuer, at, key)


def read_revoked(content: bytes, keys: Mapping[str, PublicKey]) -> RevokedList:
    """Raises CredentialRefused for a list that is not ours and whole."""
    claims = _opened("revoked", content, keys)
    marks = claims[LIST][2]
    if not isinstance(marks, bytes) or len(marks) % MARK:
        raise CredentialRefused("not_readable")
    return RevokedList(_moment(claims[IAT]), marks)


def read_keys(content: bytes, keys: Mapping[str, PublicKey]) -> KeyList:
    """The list, checked by a key that the reader held before. Raises CredentialRefused."""
    claims = _opened("keys", content, keys)
    try:
        found = [_key_read(told) for told in claims[LIST][2]]
        return KeyList(
            str(claims[ISS]), _moment(claims[IAT]), {key.id: key for key in found}, int(claims[LIST][3])
        )
    except (LookupError, TypeError, ValueError) as fault:
        raise CredentialRefused("not_readable") from fault


def _signed(kind: str, content: dict[int, Any], issuer: str, at: datetime, key: SigningKey) -> bytes:
    if kind not in KINDS[key.public.purpose]:
        raise ValueError(f"{key.public.id} may not sign the list of {kind}")
    return sign_bytes({ISS: issuer, IAT: int(at.timestamp()), LIST: {1: kind} | content}, key)


def _opened(kind: str, content: bytes, keys: Mapping[str, PublicKey]) -> dict[int, Any]:
    key, claims = open_signed(content, keys)
    told = claims.get(LIST)
    if kind not in KINDS[key.purpose] or key.is_stolen or not isinstance(told, dict) or told.get(1) != kind:
        raise CredentialRefused("wrong_kind")
    if not isinstance(claims.get(IAT), int):
        raise CredentialRefused("not_readable")
    return claims


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _key_told(key: PublicKey) -> dict[int, Any]:
    """1 name, 2 the key, 3 purpose, 4 year, 5 kinds, 6 whether it was stolen, 7 until when it signed, if changed."""
    told: dict[int, Any] = {
        1: key.id, 2: key.raw, 3: key.purpose, 4: key.year, 5: list(KINDS[key.purpose]), 6: key.is_stolen,
    }  # fmt: skip
    return told | ({7: int(key.ended_at.timestamp())} if key.ended_at else {})


def _key_read(told: Mapping[int, Any]) -> PublicKey:
    purpose: Purpose = told[3]
    if purpose not in KINDS or tuple(told[5]) != KINDS[purpose]:
        raise ValueError("a key for what nobody signs")
    ended = _moment(told[7]) if 7 in told else None
    return PublicKey(str(told[1]), purpose, int(told[4]), bytes(told[2]), ended, bool(told[6]))
