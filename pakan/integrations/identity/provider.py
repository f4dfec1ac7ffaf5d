"""What a provider of identity is to us: how we reach it, what it tells of a person, and why an answer is not taken."""

from dataclasses import dataclass, field
from datetime import date

WORDS = {
    "declined": ("ທ່ານບໍ່ໄດ້ຍິນຍອມ. ບໍ່ມີຫຍັງປ່ຽນແປງ.", "You did not agree. Nothing has changed."),
    "late": ("ນານເກີນໄປ. ກະລຸນາເລີ່ມໃໝ່.", "It took too long. Start again."),
    "refused": (
        "ຄຳຕອບຈາກລະບົບຂອງລັດບໍ່ຖືກຕ້ອງ. ກະລຸນາເລີ່ມໃໝ່.",
        "The answer of the State's page is not right. Start again.",
    ),
    "unreachable": (
        "ລະບົບຂອງລັດບໍ່ຕອບ. ກະລຸນາລອງໃໝ່ພາຍຫຼັງ.",
        "The State's page does not answer. Try again later.",
    ),
}


class IdentityUnreachable(Exception):
    """The provider did not answer, or not as agreed: nothing is known, ask again later."""


class IdentityRefused(ValueError):
    """An answer that opens nothing. `code` is for the log; `words` is the key of WORDS that a person reads."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = code if code in WORDS else "refused"


@dataclass(frozen=True)
class ProviderConfig:
    """One provider, from the settings. `issuer` is pinned: what its discovery document says must be the same."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect: str  # our own page that takes the answer, as registered there
    scopes: str = "openid profile"
    national_id: str = "national_id"  # the claim that carries the number of the identity card
    # Values of `acr` that prove who somebody is. Others prove a telephone only, and count no more than a code.
    high: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Begun:
    """A question on its way: the address that the browser goes to, and what we keep to check the answer by."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """What the provider says of a person. `is_high`: known by more than a telephone."""

    issuer: str
    subject: str
    name: str
    birth_date: date | None
    national_id: str
    assurance: str
    is_high: bool
