"""What every bank can do for us. One folder a bank; the sandbox is a bank like any other.

A notice is a hint, the bank is the truth: the caller asks `state_of` (or waits for the statement)
before it credits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from pakan.integrations.formats.iso20022 import Statement
from pakan.units.money import Kip

WORDS = {
    "missing": ("ແຈ້ງການບໍ່ມີລາຍເຊັນ", "The notice is not signed."),
    "malformed": ("ລາຍເຊັນຂອງແຈ້ງການຜິດຮູບແບບ", "The signature of the notice has a wrong form."),
    "wrong": ("ລາຍເຊັນຂອງແຈ້ງການບໍ່ຖືກຕ້ອງ", "The signature of the notice is wrong."),
    "stale": ("ແຈ້ງການເກົ່າເກີນໄປ", "The notice was signed too long ago, or a clock is wrong."),
    "unreadable": ("ແຈ້ງການອ່ານບໍ່ໄດ້", "The notice cannot be read."),
    "currency": ("ແຈ້ງການບໍ່ແມ່ນເງິນກີບ", "The notice is not in kip."),
    "amount": ("ຈຳນວນເງິນໃນແຈ້ງການບໍ່ຖືກຕ້ອງ", "The amount in the notice is wrong."),
    "time": ("ເວລາໃນແຈ້ງການບໍ່ຖືກຕ້ອງ", "The time in the notice is wrong."),
}


class NoticeRefused(ValueError):
    """A notice that must change nothing. `code` is a key of WORDS; `lo`, `en` are sentences for a person."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.lo, self.en = WORDS[code]
        super().__init__(self.en)


class BankUnreachable(Exception):
    """The bank did not answer, or not as agreed: ask again later, nothing is known."""


@dataclass(frozen=True, slots=True)
class BankConfig:
    """How we reach one bank, from the settings. Secrets come from the environment, never from a table."""

    address: str  # https://…, where the bank answers
    token: str = field(repr=False)  # bearer key for asking
    account: str  # our account there
    iin: str  # of the bank, eight digits
    receiver: str  # our number as a receiver of LAO QR
    receiver_name: str = "SOCIAL SECURITY FUND"  # Latin, at most 25
    place: str = "Vientiane"


@dataclass(frozen=True, slots=True)
class CodeOrder:
    """What a code is wanted for."""

    bill: str  # number of the contribution notice, 13 digits
    reference: str  # the same as ISO 11649 creditor reference
    amount: Kip
    purpose: str  # ASCII, at most 25: 'SSO 2026-02'
    terminal: str = "WEB01"
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A LAO QR text and where it came from, to be kept with the notice as it is."""

    text: str
    made_by: Literal["us", "bank"]
    expires: datetime | None


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """One payment as the bank tells it. Key: bank, account, bank_reference. The payer is personal data."""

    bank_reference: str
    scheme_reference: str
    bill: str  # 13-digit number of the notice if the payer's bank passed it on, else ''
    amount: Kip
    currency: str
    paid_at: datetime  # aware, UTC+7
    payer_name: str
    payer_account: str
    reference: str = (
        ""  # what stood in the reference field, as the payer wrote it; an RF number if all went well
    )
    text: str = ""  # free text of the payer


@dataclass(frozen=True, slots=True)
class PaymentState:
    """What the bank answers when asked. No payments: it knows of none (yet)."""

    reference: str  # what was asked for
    payments: tuple[PaymentNotice, ...]

    @property
    def paid(self) -> bool:
        return bool(self.payments)


# Whose account it is: the name fits, nearly fits (a person looks), does not, or the bank knows no such account.
NameCheck = Literal["match", "close", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class TransferOrder:
    """Money to be sent. The same `number` sent again is the same transfer, never a second one."""

    number: str
    uetr: UUID
    amount: Kip
    account: str
    name: str  # of the payee, as the payee's bank knows it
    text: str
    ordered_at: datetime  # of the intention, not of the call: the same order is the same file


@dataclass(frozen=True, slots=True)
class DebitOrder:
    """Money to be drawn from a payer who gave leave. The same `number` sent again is the same debit, never a second one."""

    number: str
    mandate: str
    given_on: date
    amount: Kip
    day: date
    account: str
    name: str  # of the payer, as the payer's bank knows it
    reference: str  # ISO 11649, of the bill that it pays
    announced_at: datetime


@dataclass(frozen=True, slots=True)
class TransferState:
    """What the bank says about a transfer, or about a debit ('paid': the money is with us under `bank_reference`).

    'not_known': it never got it, so it may be sent (again).
    """

    number: str
    state: Literal["not_known", "waiting", "paid", "refused"]
    reason: str = ""  # ISO code of a refusal
    bank_reference: str = ""


class Bank(Protocol):
    """The contract. Every bank keeps all of it; one without a call answers from its statement."""

    @property
    def name(self) -> str:
        """Name of the folder, stored with every receipt."""

    @property
    def account(self) -> str:
        """Our account there."""

    def ask_for_code(self, order: CodeOrder) -> Code:
        """A LAO QR for the order. Raises CodeRefused (of emvco) or BankUnreachable."""

    def state_of(self, reference: str) -> PaymentState:
        """What became of a bank reference, a bill number or an RF reference. Raises BankUnreachable."""

    def read_notice(
        self, headers: Mapping[str, str], body: bytes, keys: Sequence[bytes], now: datetime
    ) -> PaymentNotice:
        """The payment in a notice that was sent to us. Raises NoticeRefused, and then nothing may change."""

    def fetch_statement(self, day: date) -> Statement:
        """The statement of a day. Raises BankUnreachable or StatementRefused."""

    def check_account(self, number: str, name: str) -> NameCheck:
        """Whether the account with this number there belongs to this name. Raises BankUnreachable."""

    def send_transfer(self, order: TransferOrder) -> TransferState:
        """Pay from our account. Raises NoLatinName (of iso20022), or BankUnreachable: then nobody knows, ask `transfer_state`."""

    def transfer_state(self, number: str) -> TransferState:
        """What became of a transfer. Raises BankUnreachable."""

    def draw_debit(self, order: DebitOrder) -> TransferState:
        """Draw to our account. Raises NoLatinName, or BankUnreachable: then nobody knows, ask `debit_state`."""

    def debit_state(self, number: str) -> TransferState:
        """What became of a debit. Raises BankUnreachable."""
