"""One bill as a LAO QR code: who is paid, how much, and which notice it is for.

The specification of the scheme is not public. What is here follows EMVCo and codes seen in use; a bank
confirms it before a code is shown to the public.
"""

import re
from dataclasses import dataclass

from pakan.integrations.formats.emvco.tlv import Malformed, crc, join, split
from pakan.units.money import Kip, kip

APPLICATION = "A005266284662577"  # in 38-00; tag 38 alone may also be a code of a neighbouring country
KIP_CURRENCY = "418"
COUNTRY = "LA"
GOVERNMENT_SERVICES = "9399"
MERCHANT = "002"

# Longest value of each field, in characters (EMVCo; 38-03 as seen).
_LIMITS = {
    "receiver": 99,
    "name": 25,
    "place": 15,
    "number": 25,
    "reference": 25,
    "terminal": 25,
    "purpose": 25,
}
_LATIN = re.compile(r"[ -~]*")
_AMOUNT = re.compile(r"(\d{1,13})(?:\.(\d*))?", re.ASCII)

WORDS = {
    "cut": ("ລະຫັດບໍ່ຄົບຖ້ວນ", "The code is cut off or has a wrong length inside."),
    "repeated": ("ລະຫັດມີຊ່ອງຊ້ຳກັນ", "The code says the same thing twice."),
    "crc": ("ເລກກວດສອບຂອງລະຫັດບໍ່ຖືກຕ້ອງ", "The check at the end of the code is wrong."),
    "format": ("ນີ້ບໍ່ແມ່ນລະຫັດຊຳລະເງິນ", "This is not a payment code."),
    "not_lao_qr": ("ນີ້ບໍ່ແມ່ນລະຫັດ LAO QR", "This is not a LAO QR code."),
    "bank": ("ລະຫັດທະນາຄານບໍ່ຖືກຕ້ອງ", "The number of the bank is wrong."),
    "currency": ("ລະຫັດນີ້ບໍ່ແມ່ນເງິນກີບ", "The code is not in kip."),
    "country": ("ລະຫັດນີ້ບໍ່ແມ່ນຂອງລາວ", "The code is not for Laos."),
    "category": ("ປະເພດຜູ້ຮັບເງິນບໍ່ຖືກຕ້ອງ", "The category of the receiver is wrong."),
    "amount": ("ຈຳນວນເງິນບໍ່ຖືກຕ້ອງ", "The amount is wrong."),
    "part_of_kip": ("ຈຳນວນເງິນມີເສດກີບ", "The amount has a part of a kip."),
    "tip": ("ລະຫັດນີ້ຂໍເງິນທິບ", "The code asks for a tip."),
    "too_long": ("ຂໍ້ຄວາມໃນລະຫັດຍາວເກີນໄປ", "A text is too long for the code."),
    "letters": ("ຂໍ້ຄວາມໃນລະຫັດຕ້ອງເປັນອັກສອນລາຕິນ", "A text in the code is not in Latin letters."),
}


class CodeRefused(ValueError):
    """The code cannot be written or read. `code` is a key of WORDS; `lo`, `en` are sentences for a person."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.lo, self.en = WORDS[code]
        super().__init__(self.en)


@dataclass(frozen=True, slots=True)
class Bill:
    """What a code says. Empty text means: not in the code."""

    iin: str  # eight digits ending in 0418: the bank that holds the receiving account
    receiver: str  # the receiver's number, given by that bank
    amount: Kip | None = None  # None: a poster, the payer types the amount
    number: str = ""  # 62-01, number of the contribution notice
    reference: str = ""  # 62-05, the same as ISO 11649 creditor reference
    terminal: str = ""  # 62-07, where the code is shown: WEB01, APP01, CTR01
    purpose: str = ""  # 62-08
    name: str = ""  # 59, Latin letters
    place: str = ""  # 60
    name_lo: str = ""  # 64-01, the receiver's name in Lao; a payer's application may show it
    category: str = GOVERNMENT_SERVICES
    kind: str = MERCHANT


def compose(bill: Bill) -> str:
    """The text of the code. Raises CodeRefused when a value does not fit its field."""
    _fits(bill)
    account = [("00", APPLICATION), ("01", bill.iin), ("02", bill.kind), ("03", bill.receiver)]
    about = [("01", bill.number), ("05", bill.reference), ("07", bill.terminal), ("08", bill.purpose)]
    lao = [("00", "lo"), ("01", bill.name_lo)] if bill.name_lo else []
    text = join(
        [
            ("00", "01"),
            ("01", "11" if bill.amount is None else "12"),
            ("38", join(account)),
            ("52", bill.category),
            ("53", KIP_CURRENCY),
            ("54", "" if bill.amount is None else str(bill.amount)),
            ("58", COUNTRY),
            ("59", bill.name),
            ("60", bill.place),
            ("62", join(about)),
            ("64", join(lao)),
        ]
    )
    return f"{text}6304{crc(text + '6304')}"


def _fits(bill: Bill) -> None:
    for field, limit in _LIMITS.items():
        value = getattr(bill, field)
        if len(value) > limit:
            raise CodeRefused("too_long")
        if not _LATIN.fullmatch(value):
            raise CodeRefused("letters")
    if not re.fullmatch(r"\d{4}0418", bill.iin, re.ASCII) or not bill.receiver:
        raise CodeRefused("bank")
    if not re.fullmatch(r"\d{4}", bill.category, re.ASCII):
        raise CodeRefused("category")
    if bill.amount is not None and not 0 < bill.amount < 10**13:
        raise CodeRefused("amount")
    if len(bill.name_lo) > 25:
        raise CodeRefused("too_long")
    account = len(APPLICATION) + len(bill.iin) + len(bill.kind) + len(bill.receiver) + 16
    about = [bill.number, bill.reference, bill.terminal, bill.purpose]
    if account > 99 or sum(len(value) + 4 for value in about if value) > 99:
        raise CodeRefused("too_long")


def parse(text: str) -> Bill:
    """What the code says, whoever made it. Raises CodeRefused."""
    text = text.strip()
    if len(text) < 12 or text[-8:-4] != "6304" or not text.startswith("000201"):
        raise CodeRefused("format")
    # Some banks write the checksum in lower case.
    if text[-4:].upper() != crc(text[:-4]):
        raise CodeRefused("crc")
    try:
        fields = split(text)
        account = split(fields.get("38", ""))
        about = split(fields.get("62", ""))
        lao = split(fields.get("64", ""))
    except Malformed as refused:
        raise CodeRefused(refused.code) from refused
    _check(fields, account)
    return Bill(
        iin=account.get("01", ""),
        receiver=account.get("03", ""),
        amount=_amount(fields.get("54", "")),
        number=_used(about.get("01", "")),
        reference=_used(about.get("05", "")),
        terminal=_used(about.get("07", "")),
        purpose=_used(about.get("08", "")),
        name=fields.get("59", "").strip(),
        place=fields.get("60", "").strip(),
        name_lo=lao.get("01", "") if lao.get("00", "").lower() == "lo" else "",
        category=fields.get("52", ""),
        kind=account.get("02", ""),
    )


def _check(fields: dict[str, str], account: dict[str, str]) -> None:
    if account.get("00") != APPLICATION:
        raise CodeRefused("not_lao_qr")
    if not re.fullmatch(r"\d{4}0418", account.get("01", ""), re.ASCII):
        raise CodeRefused("bank")
    if fields.get("53") != KIP_CURRENCY:
        raise CodeRefused("currency")
    if fields.get("58") != COUNTRY:
        raise CodeRefused("country")
    if any(tag in fields for tag in ("55", "56", "57")):
        raise CodeRefused("tip")


def _amount(text: str) -> Kip | None:
    """'10000', '15000.00' and '15000.' are whole kip; nothing at all is a poster."""
    if not text:
        return None
    found = _AMOUNT.fullmatch(text)
    if not found or int(found[1]) == 0:
        raise CodeRefused("amount")
    if (found[2] or "").strip("0"):
        raise CodeRefused("part_of_kip")
    return kip(int(found[1]))


def _used(value: str) -> str:
    """One bank writes 0 into the fields that it does not use."""
    value = value.strip()
    return "" if value == "0" else value
