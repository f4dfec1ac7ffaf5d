"""Amounts, dates and months in Lao words, as they stand on forms and receipts."""

from datetime import date

from pakan.units.month import Month

LAO_MONTHS = (
    "ມັງກອນ", "ກຸມພາ", "ມີນາ", "ເມສາ", "ພຶດສະພາ", "ມິຖຸນາ",
    "ກໍລະກົດ", "ສິງຫາ", "ກັນຍາ", "ຕຸລາ", "ພະຈິກ", "ທັນວາ",
)  # fmt: skip
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
LAO_WEEKDAYS = ("ວັນຈັນ", "ວັນອັງຄານ", "ວັນພຸດ", "ວັນພະຫັດ", "ວັນສຸກ", "ວັນເສົາ", "ວັນອາທິດ")  # Monday first

_DIGITS = ("", "ໜຶ່ງ", "ສອງ", "ສາມ", "ສີ່", "ຫ້າ", "ຫົກ", "ເຈັດ", "ແປດ", "ເກົ້າ")
# Ten thousand and a hundred thousand have words of their own here; some people say ສິບພັນ.
_PLACES = ((100_000, "ແສນ"), (10_000, "ໝື່ນ"), (1_000, "ພັນ"), (100, "ຮ້ອຍ"))


def _tens(value: int) -> str:
    ten, one = divmod(value, 10)
    if ten == 0:
        return _DIGITS[one]
    start = "ສິບ" if ten == 1 else "ຊາວ" if ten == 2 else _DIGITS[ten] + "ສິບ"
    return start + ("ເອັດ" if one == 1 else _DIGITS[one])


def _counted(value: int) -> str:
    for unit, word in ((10**9, "ຕື້"), (10**6, "ລ້ານ")):
        if value >= unit:
            return _counted(value // unit) + word + _counted(value % unit)
    said = ""
    for unit, word in _PLACES:
        digit, value = divmod(value, unit)
        said += _DIGITS[digit] + word if digit else ""
    return said + _tens(value)


def number_in_words_lao(value: int) -> str:
    """21 -> 'ຊາວເອັດ'. Raises ValueError below zero."""
    if value < 0:
        raise ValueError(f"{value} is below zero; say beside the words that it is deducted")
    return _counted(value) or "ສູນ"


def kip_in_words_lao(amount: int) -> str:
    """287500 -> 'ສອງແສນແປດໝື່ນເຈັດພັນຫ້າຮ້ອຍກີບຖ້ວນ'. Raises ValueError below zero."""
    return number_in_words_lao(amount) + "ກີບຖ້ວນ"


def lao_date(day: date) -> str:
    """'5 ມິຖຸນາ 2026'."""
    return f"{day.day} {LAO_MONTHS[day.month - 1]} {day.year}"


def english_date(day: date) -> str:
    """'5 June 2026'."""
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"


def lao_month(month: Month) -> str:
    """'ຕຸລາ 2026'."""
    return f"{LAO_MONTHS[month.month - 1]} {month.year}"


def english_month(month: Month) -> str:
    """'October 2026'."""
    return f"{ENGLISH_MONTHS[month.month - 1]} {month.year}"
