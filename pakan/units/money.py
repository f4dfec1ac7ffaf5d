"""Kip: whole, bounded, never a float; how they are shown, and how they are read from what people type."""

import math
import re
from decimal import Decimal
from typing import Literal, NewType

from pakan.units.number import latin_digits

Kip = NewType("Kip", int)

# Money never leaves this range, so that a sum of sums still fits a 64-bit integer with room to spare.
KIP_LIMIT = 9 * 10**15
MOST_DIGITS = 15


def kip(value: int) -> Kip:
    """`value` whole kip as Kip. Raises TypeError for anything but an int, ValueError beyond +-9*10^15."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"kip are whole numbers, not {type(value).__name__}")
    if abs(value) > KIP_LIMIT:
        raise ValueError(f"{value} kip is beyond the limit of {KIP_LIMIT}")
    return Kip(value)


def dotted(value: int) -> str:
    """1234567 -> '1.234.567' (CLDR lo: points between thousands)."""
    return f"{value:,}".replace(",", ".")


def grouped(value: int, language: str) -> str:
    """Whole kip as each language groups them: '1.234.567' in Lao, '1,234,567' in English."""
    return f"{value:,}" if language == "en" else dotted(value)


def with_sign(value: int) -> str:
    """2500000 -> '₭2.500.000'."""
    return f"{'-' if value < 0 else ''}₭{dotted(abs(value))}"


def with_word(value: int) -> str:
    """2500000 -> '2.500.000 ກີບ'."""
    return f"{dotted(value)} ກີບ"


NotKipCode = Literal[
    "empty", "letter_o", "decimals", "negative", "too_large",
    "foreign", "formula", "ambiguous", "not_a_number",
]  # fmt: skip


class NotKip(ValueError):
    """What was typed is no amount in kip. `code` says why; `suggestion` is offered, never assumed."""

    def __init__(self, code: NotKipCode, suggestion: int | None = None) -> None:
        super().__init__(code)
        self.code: NotKipCode = code
        self.suggestion = suggestion


_SPACES = re.compile(r"[\s\u200B\u200C\u200D\u2060\uFEFF]+")
_FOREIGN = re.compile(
    r"[$€£¥฿₫₩₹]|\b(?:usd?|thb|eur|cny|rmb|vnd|gbp|jpy|krw|dollars?|baht|bath|euros?|yuan|dong)\b"
    r"|(?<![a-z])(?:usd|thb|eur|cny|rmb|vnd|gbp)(?![a-z])"
    r"|บาท|ดอลลาร์|ໂດລາ|ບາດ|ບາທ|ຢວນ|ເອີໂຣ|ຢູໂຣ|ດົງ",
    re.IGNORECASE,
)
_KIP_MARK = r"(?:₭|ກີບຖ້ວນ|ກີບ|lak|kips?)"
_MARKED = re.compile(rf"^{_KIP_MARK}?\.? ?(.*?) ?{_KIP_MARK}?\.?$", re.IGNORECASE)
# Letters that are typed, or read by a scanner, for a digit.
_LOOKALIKES = str.maketrans(dict.fromkeys("OoОоΟοໂວ", "0") | dict.fromkeys("lI|", "1"))
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([., '’])\d{3})(?:\1\d{3})*", re.ASCII)
_WITH_DECIMALS = re.compile(r"(.+?)[.,](\d{1,2}|\d{4,})", re.ASCII)


def read_kip(cell: object) -> Kip:
    """Whole kip from what an employer typed or a cell holds: text, int, float or Decimal. Raises NotKip.

    Reads '1.234.567', '1,234,567', '2 500 000', '2500000.00', Lao digits and kip signs. Points and commas
    between groups of three are thousands, since kip have no decimals.
    """
    if isinstance(cell, str):
        return _read_text(_SPACES.sub(" ", latin_digits(cell)).strip())
    if cell is None:
        raise NotKip("empty")
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        raise NotKip("not_a_number")
    if not math.isfinite(cell):
        raise NotKip("not_a_number")
    return _bounded(_whole(cell), negative=cell < 0)


def _whole(value: int | float | Decimal) -> int:
    if value != int(value):
        raise NotKip("decimals")
    return abs(int(value))


def _bounded(value: int, *, negative: bool = False) -> Kip:
    if value >= 10**MOST_DIGITS:
        raise NotKip("too_large")
    if negative and value:
        raise NotKip("negative")
    return Kip(value)


def _read_text(text: str) -> Kip:
    whole = _groups(text)
    if whole is not None:  # nearly every cell; the questions below are for the rest
        return Kip(whole)
    if text in {"", "-", "–", "—"}:  # a dash stands for "nothing" in wage lists
        raise NotKip("empty")
    if text[0] in "=+@" or re.match(r"-(?![\s\d₭.,(]|ກີບ|LAK|kip)", text, re.IGNORECASE):
        raise NotKip("formula")
    if _FOREIGN.search(text):
        raise NotKip("foreign")
    amount, negative = _unsigned(text)
    if _reads_as_digits(amount):
        return _bounded(_read_digits(amount), negative=negative)
    mended = amount.translate(_LOOKALIKES)
    if mended != amount and re.search(r"\d", amount) and _reads_as_digits(mended):
        raise NotKip("letter_o", _suggested(mended) if not negative else None)
    if re.fullmatch(r"\d+(?:[.,]\d+)?e\+?\d+", amount, re.ASCII | re.IGNORECASE):
        raise NotKip("ambiguous")  # 3.33E+06: the spreadsheet has thrown digits away
    raise NotKip("not_a_number")


def _unsigned(text: str) -> tuple[str, bool]:
    """The amount without kip marks, and whether it stood below zero: -5, −5, 5-, (5)."""
    bare = _unmarked(text)
    signed = re.fullmatch(r"[-−–] ?(.+)|(.+?) ?[-−–]|\((.+)\)", bare)
    if not signed:
        return bare, False
    return _unmarked((signed[1] or signed[2] or signed[3]).strip()), True


def _unmarked(text: str) -> str:
    found = _MARKED.match(text)
    return found[1] if found and re.search(_KIP_MARK, text, re.IGNORECASE) else text


def _reads_as_digits(text: str) -> bool:
    return re.fullmatch(r"\d[\d., '’]*", text, re.ASCII) is not None


def _suggested(text: str) -> int | None:
    try:
        return _bounded(_read_digits(text))
    except NotKip:
        return None


def _read_digits(text: str) -> int:
    whole = _groups(text)
    if whole is not None:
        return whole
    decimals = _WITH_DECIMALS.fullmatch(text)
    whole = _groups(decimals[1]) if decimals else None
    if (
        decimals is None
        or whole is None
        or (re.search(r"[.,]", decimals[1]) or [None])[0] == text[len(decimals[1])]
    ):
        raise NotKip("ambiguous")
    if decimals[2].strip("0"):
        raise NotKip("decimals")
    return whole


def _groups(text: str) -> int | None:
    """A plain number, or one in groups of three with one kind of mark between; None for anything else."""
    if re.fullmatch(r"0+|[1-9]\d*", text, re.ASCII) or _GROUPED.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        if len(digits) > MOST_DIGITS:
            raise NotKip("too_large")
        return int(digits)
    return None
