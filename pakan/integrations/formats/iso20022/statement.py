"""What one statement of one account says, whatever file it came in."""

from dataclasses import dataclass
from datetime import date, timedelta, timezone

from pakan.units.money import Kip

# Banks here write times without a zone; there is no summer time.
VIENTIANE = timezone(timedelta(hours=7))

WORDS = {
    "size": ("ໄຟລ໌ໃຫຍ່ເກີນໄປ", "The file is too large."),
    "encoding": ("ໄຟລ໌ບໍ່ແມ່ນ UTF-8", "The file is not in UTF-8."),
    "dtd": ("ໄຟລ໌ມີຄຳສັ່ງທີ່ບໍ່ອະນຸຍາດ", "The file has declarations that are not allowed."),
    "xml": ("ໄຟລ໌ບໍ່ແມ່ນ XML ທີ່ຖືກຕ້ອງ", "The file is not proper XML."),
    "message": (
        "ນີ້ບໍ່ແມ່ນໃບແຈ້ງຍອດ camt.053; ພວກເຮົາອ່ານໄດ້ສະເພາະ camt.053.001",
        "This is not a statement camt.053; we read camt.053.001 of any version.",
    ),
    "several": ("ໄຟລ໌ມີໃບແຈ້ງຍອດຫຼາຍໃບ", "The file holds more than one statement."),
    "missing": ("ໃບແຈ້ງຍອດຂາດຂໍ້ມູນ", "The statement lacks something that it must have."),
    "currency": ("ໃບແຈ້ງຍອດບໍ່ແມ່ນເງິນກີບ", "The statement is not in kip."),
    "amount": ("ຈຳນວນເງິນບໍ່ຖືກຕ້ອງ", "An amount is wrong."),
    "part_of_kip": ("ຈຳນວນເງິນມີເສດກີບ", "An amount has a part of a kip."),
    "day": ("ວັນທີບໍ່ຖືກຕ້ອງ", "A day is not in the calendar."),
}


class StatementRefused(ValueError):
    """The file is not taken, none of it. `code` is a key of WORDS; `lo`, `en` are sentences for a person."""

    def __init__(self, code: str, where: str = "") -> None:
        self.code = code
        self.where = where
        self.lo, self.en = WORDS[code]
        super().__init__(f"{self.en} ({where})" if where else self.en)


@dataclass(frozen=True, slots=True)
class Entry:
    """Money that moved. `amount` is never negative; `credit` says whether it came in."""

    bank_reference: str  # key of the entry within the account; made from its contents if the bank gave none
    amount: Kip
    credit: bool
    booked_on: date
    remittance_reference: str = ""  # structured: our ISO 11649 reference, if the bank passed it on
    remittance_text: str = ""
    payer: str = ""
    payer_account: str = ""
    valued_on: date | None = None
    reversal: bool = False  # takes an earlier entry back; `credit` is already the real direction


@dataclass(frozen=True, slots=True)
class Statement:
    """One account, one day (or the last day of several). Only booked money is in `entries`."""

    bank: str  # BIC of the bank that keeps the account
    account: str
    number: str
    opening: Kip
    closing: Kip
    day: date
    entries: tuple[Entry, ...] = ()
    pending: tuple[Entry, ...] = ()  # announced, not booked: to show, never to post
    copy: bool = False  # a duplicate: never book it twice
    page: int = 1
    last_page: bool = True

    @property
    def balances(self) -> bool:
        """Opening and entries make the closing balance. If not, nothing of it may be posted."""
        moved = sum(entry.amount if entry.credit else -entry.amount for entry in self.entries)
        return self.opening + moved == self.closing
