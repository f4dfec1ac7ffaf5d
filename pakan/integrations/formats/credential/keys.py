"""Keys of credentials: one for each purpose and year, so that a key for statements can never issue a card."""

import base64
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Purpose = Literal["card", "statement"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
SEED = 32  # bytes


@dataclass(frozen=True)
class PublicKey:
    """What a reader carries. The key signs from the first to the last day of `year`; `id` is 'card-2026'."""

    id: str
    purpose: Purpose
    year: int
    raw: bytes

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
            "signs_from": date(self.year, 1, 1).isoformat(),
            "signs_until": date(self.year, 12, 31).isoformat(),
        }


@dataclass(frozen=True, repr=False)
class SigningKey:
    """The private half, derived anew whenever it is needed; it has no representation that a log could show."""

    public: PublicKey
    signs: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"SigningKey({self.public.id!r})"


def signing_key(seed: bytes, purpose: Purpose, year: int) -> SigningKey:
    """The key of a purpose and year, from the house's secret by HKDF-SHA256. Raises ValueError for a short secret."""
    if len(seed) < SEED:
        raise ValueError(f"the secret of the signing keys needs {SEED} bytes or more")
    name = f"{purpose}-{year}"
    derived = HKDF(SHA256(), SEED, salt=None, info=f"pakan credential {name}".encode()).derive(seed)
    private = Ed25519PrivateKey.from_private_bytes(derived)
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return SigningKey(PublicKey(name, purpose, year, raw), private)


def year_of(seconds: int) -> int:
    """The year in UTC of a moment in seconds; keys change with it in every office at once."""
    return datetime.fromtimestamp(seconds, UTC).year
