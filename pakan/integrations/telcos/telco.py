"""What every operator can do for us. One folder an operator; the sandbox is one like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

State = Literal["waiting", "delivered", "failed"]
DAY = timedelta(hours=24)

WORDS = {
    "missing": ("ໃບຮັບບໍ່ມີລາຍເຊັນ", "The receipt is not signed."),
    "malformed": ("ລາຍເຊັນຂອງໃບຮັບຜິດຮູບແບບ", "The signature of the receipt has a wrong form."),
    "wrong": ("ລາຍເຊັນຂອງໃບຮັບບໍ່ຖືກຕ້ອງ", "The signature of the receipt is wrong."),
    "stale": ("ໃບຮັບເກົ່າເກີນໄປ", "The receipt was signed too long ago, or a clock is wrong."),
    "unreadable": ("ໃບຮັບອ່ານບໍ່ໄດ້", "The receipt cannot be read."),
}


class ReceiptRefused(ValueError):
    """A delivery receipt that must change nothing. `code` is a key of WORDS."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.lo, self.en = WORDS[code]
        super().__init__(self.en)


class MessageRefused(Exception):
    """The operator will never send this one (wrong number, empty text): do not repeat it."""


class TelcoUnreachable(Exception):
    """The operator did not answer: send again later with the same key."""


@dataclass(frozen=True, slots=True)
class TelcoConfig:
    """How we reach one operator, from the settings. The token comes from the environment."""

    address: str
    token: str = field(repr=False)
    sender: str = "LSSO"  # what the telephone shows as the sender


@dataclass(frozen=True, slots=True)
class DeliveryReceipt:
    """What became of a message. A late 'delivered' wins over 'failed'; an unknown id is only logged."""

    message_id: str
    state: State
    at: datetime  # aware
    reason: str = ""  # why it failed: "sender" and "submit" are ours to mend


@dataclass(frozen=True, slots=True)
class IncomingText:
    """What somebody wrote to our number. The same id may come twice."""

    id: str
    sender: str  # as the operator writes it; a hint, not a proof of who it is
    text: str
    at: datetime  # aware


class Telco(Protocol):
    """The contract."""

    @property
    def name(self) -> str:
        """Name of the folder, stored with every message."""

    def send(self, to: str, text: str, key: str, life: timedelta = DAY) -> str:
        """Hand a message over; the operator's message id. After `life` it is worth nothing and need not arrive.

        `to` is E.164. The same `key` gives the same id and is sent once, however often it is asked for.
        Raises TelcoUnreachable (repeat) or MessageRefused (do not).
        """

    def read_told(
        self, headers: Mapping[str, str], body: bytes, keys: Sequence[bytes], now: datetime
    ) -> DeliveryReceipt | IncomingText:
        """What the operator told us: a delivery receipt, or a text for us. Raises ReceiptRefused."""
