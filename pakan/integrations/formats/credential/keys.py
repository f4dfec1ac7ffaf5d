"""Keys of credentials: one for each purpose and year, so that a key for statements can never issue a card.

A series is one secret's worth of keys. When a secret has to be changed, a new series begins; the old one is still
read (what it signed is on paper), unless it was stolen.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Purpose = Literal["card", "statement", "lists", "keys"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
# What a key of each purpose may sign, in the words of the key list.
KINDS: Mapping[Purpose, tuple[str, ...]] = {
    "card": ("card",), "statement": ("statement",), "lists": ("revoked",), "keys": ("keys",),
}  # fmt: skip
SEED = 32  # bytes
# Keys whose private half stands in public test vectors (RFC 8032 section 7.1; the COSE examples use the first):
# whoever reads the vectors could sign with them.
PUBLISHED = frozenset(
    bytes.fromhex(x)
    for x in (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
        "ec172b93ad5e563f4932c70e1245034c35467ef2efd4d64ebf819683467e2bf2",
    )
)


class PublishedKey(ValueError):
    """The secret or key is one that anybody can read in public test material: nothing may be signed with it."""


@dataclass(frozen=True)
class PublicKey:
    """What a reader carries. The key signs from the first to the last day of `year`; `id` is 'card-2026'.

    `ended_at`: when its series was changed; `is_stolen`: and why, so that nothing it signed is believed offline.
    """

    id: str
    purpose: Purpose
    year: int
    raw: bytes
    ended_at: datetime | None = None
    is_stolen: bool = False

    @property
    def checks(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.raw)

    def as_dict(self) -> dict[str, Any]:
        """For the published list: an OKP key as RFC 8037 writes it, with what it may sign and when."""
        return {
            "kid": self.id,
            "kty": "OKP",
            "crv": "Ed25519",
            "alg": "EdDSA",
            "use": "sig",
            "x": base64.urlsafe_b64encode(self.raw).rstrip(b"=").decode(),
            "purpose": self.purpose,
            "kinds": list(KINDS[self.purpose]),
            "signs_from": date(self.year, 1, 1).isoformat(),
            "signs_until": date(self.year, 12, 31).isoformat(),
            "revoked": self.is_stolen,
        }


@dataclass(frozen=True, repr=False)
class SigningKey:
    """The private half, derived anew whenever it is needed; it has no representation that a log could show."""

    public: PublicKey
    signs: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"SigningKey({self.public.id!r})"


@dataclass(frozen=True, repr=False)
class Series:
    """The keys of one secret. `name` is '' for the first; the series that signs has not ended."""

    name: str
    seed: bytes
    ended_at: datetime | None = None
    is_stolen: bool = False

    def __repr__(self) -> str:
        return f"Series({self.name!r})"

    def key(self, purpose: Purpose, year: int) -> SigningKey:
        """Raises ValueError for a short secret, PublishedKey for one that is public."""
        made = signing_key(self.seed, purpose, year, self.name)
        return replace(made, public=replace(made.public, ended_at=self.ended_at, is_stolen=self.is_stolen))


def signing_key(seed: bytes, purpose: Purpose, year: int, series: str = "") -> SigningKey:
    """The key of a purpose and year, from the house's secret by HKDF-SHA256.

    Raises ValueError for a short secret, PublishedKey for one out of public test vectors.
    """
    if len(seed) < SEED:
        raise ValueError(f"the secret of the signing keys needs {SEED} bytes or more")
    refuse_published(seed)
    name = f"{purpose}-{year}-{series}" if series else f"{purpose}-{year}"
    derived = HKDF(SHA256(), SEED, salt=None, info=f"pakan credential {name}".encode()).derive(seed)
    private = Ed25519PrivateKey.from_private_bytes(derived)
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return SigningKey(PublicKey(name, purpose, year, raw), private)


def refuse_published(seed: bytes) -> None:
    """Raises PublishedKey when the secret is the private half of a public test key, in bytes or as hex."""
    for private in (seed[:SEED], _unhexed(seed)):
        if len(private) == SEED and _public_half(private) in PUBLISHED:
            raise PublishedKey("this secret stands in public test vectors: take a new one")


def _public_half(private: bytes) -> bytes:
    key = Ed25519PrivateKey.from_private_bytes(private).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _unhexed(seed: bytes) -> bytes:
    try:
        return bytes.fromhex(seed.decode("ascii"))[:SEED]
    except ValueError:
        return b""


def year_of(seconds: int) -> int:
    """The year in UTC of a moment in seconds; keys change with it in every office at once."""
    return datetime.fromtimestamp(seconds, UTC).year
