"""Header words of wage files, in Lao and English, and how texts are made comparable.

The words come from the official forms and from the common habits of payroll programs; a longer match wins, so
"ເລກບັດປະຈຳຕົວ" (identity card) is not taken for "ເລກບັດ" (card number).
"""

import re
import unicodedata
from typing import Final

# Fields a layout may use. The others are recognised so that nobody takes them for a wage.
FIELDS: Final = (
    "row_no",
    "number",
    "name",
    "given",
    "family",
    "latin_name",
    "wage",
    "birth",
    "sex",
    "remark",
)
# Kinds of wage column, best first: what the contribution is reckoned on, before what is paid out.
WAGE_KINDS: Final = ("wage_insured", "wage", "wage_gross", "wage_basic", "wage_net")

_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "row_no": ("ລ/ດ", "ລຳດັບ", "ລດ", "ທີ", "#", "no", "no.", "nr", "item", "s/n", "sn", "seq", "row"),
    "number": (
        "ລະຫັດປະກັນສັງຄົມ",
        "ເລກປະກັນສັງຄົມ",
        "ເລກທີປະກັນສັງຄົມ",
        "ເລກບັດປະກັນສັງຄົມ",
        "ລະຫັດ ປກສ",
        "ເລກ ປກສ",
        "ເລກບັດ ອປສ",
        "ລະຫັດຜູ້ປະກັນຕົນ",
        "ເລກຜູ້ປະກັນຕົນ",
        "ເລກບັດ",
        "ລະຫັດ",
        "social security number",
        "social security no",
        "social security code",
        "social security id",
        "social security",
        "sso no",
        "sso number",
        "sso id",
        "sso code",
        "sso",
        "ssn",
        "lsso",
        "insurance number",
        "insured number",
        "insurance no",
        "insured no",
        "card no",
        "id",
        "id no",
        "id number",
        "number",
    ),
    "name": (
        "ຊື່ ແລະ ນາມສະກຸນ",
        "ຊື່ນາມສະກຸນ",
        "ຊື່ ແລະ ສະກຸນ",
        "ຊື່ພະນັກງານ",
        "ຊື່ຜູ້ອອກແຮງງານ",
        "ຊື່ຜູ້ປະກັນຕົນ",
        "ຊື່ເຕັມ",
        "full name",
        "employee name",
        "name of employee",
        "worker name",
        "name and surname",
        "name surname",
        "employee",
        "name",
    ),
    "given": ("ຊື່", "given name", "first name", "firstname", "forename"),
    "family": ("ນາມສະກຸນ", "ສະກຸນ", "family name", "surname", "last name", "lastname"),
    "latin_name": (
        "ຊື່ພາສາອັງກິດ",
        "ຊື່ອັງກິດ",
        "ຊື່ເປັນພາສາອັງກິດ",
        "ຊື່ ແລະ ນາມສະກຸນ ພາສາອັງກິດ",
        "name in english",
        "english name",
        "latin name",
        "name latin",
        "name english",
        "name (english)",
    ),
    "wage_insured": (
        "ເງິນເດືອນປະກັນຕົນ",
        "ຄ່າແຮງງານປະກັນຕົນ",
        "ເງິນເດືອນປະກັນສັງຄົມ",
        "ເງິນເດືອນຄິດໄລ່ປະກັນສັງຄົມ",
        "ເງິນເດືອນທີ່ຖອກປະກັນສັງຄົມ",
        "insured wage",
        "insured salary",
        "insurable wage",
        "insurable earnings",
        "sso wage",
        "sso salary",
        "contributory wage",
        "wage for social security",
    ),
    "wage": (
        "ເງິນເດືອນ",
        "ຄ່າແຮງງານ",
        "ຄ່າຈ້າງ",
        "ເງິນເດືອນ ກີບ",
        "wage",
        "wages",
        "salary",
        "monthly wage",
        "monthly salary",
        "pay",
    ),
    "wage_gross": (
        "ເງິນເດືອນລວມ",
        "ລວມເງິນເດືອນ",
        "ເງິນເດືອນທັງໝົດ",
        "ລາຍຮັບລວມ",
        "ລວມລາຍຮັບ",
        "ລາຍຮັບທັງໝົດ",
        "ເງິນເດືອນກ່ອນຫັກ",
        "ເງິນເດືອນກ່ອນຫັກອາກອນ",
        "salary before tax",
        "salary before deductions",
        "gross",
        "gross salary",
        "gross wage",
        "gross pay",
        "total salary",
        "total wage",
        "total income",
        "total earnings",
    ),
    "wage_basic": (
        "ເງິນເດືອນພື້ນຖານ",
        "ເງິນເດືອນຂັ້ນພື້ນຖານ",
        "ຄ່າແຮງງານພື້ນຖານ",
        "ເງິນເດືອນຫຼັກ",
        "basic",
        "basic salary",
        "basic wage",
        "base salary",
        "base pay",
        "basic pay",
    ),
    "wage_net": (
        "ເງິນເດືອນສຸດທິ",
        "ເງິນເດືອນຮັບຕົວຈິງ",
        "ເງິນຮັບຕົວຈິງ",
        "ຮັບຕົວຈິງ",
        "ເງິນເດືອນເບີກຕົວຈິງ",
        "ສຸດທິ",
        "net",
        "net salary",
        "net pay",
        "take home",
        "take home pay",
        "net wage",
    ),
    "birth": (
        "ວັນເດືອນປີເກີດ",
        "ວດປ ເກີດ",
        "ວ/ດ/ປ ເກີດ",
        "ວັນເກີດ",
        "ປີເກີດ",
        "date of birth",
        "birth date",
        "birthdate",
        "birthday",
        "birth",
        "dob",
    ),
    "sex": ("ເພດ", "sex", "gender", "m/f"),
    "remark": ("ໝາຍເຫດ", "ຂໍ້ສັງເກດ", "remark", "remarks", "note", "notes", "comment", "comments"),
    "other": (
        "ເງິນສົມທົບ",
        "ສ່ວນຜູ້ໃຊ້ແຮງງານ",
        "ສ່ວນຜູ້ອອກແຮງງານ",
        "ຜູ້ໃຊ້ແຮງງານ",
        "ຜູ້ອອກແຮງງານ",
        "ຫົວໜ່ວຍແຮງງານ",
        "ເລກບັດປະຈຳຕົວ",
        "ບັດປະຈຳຕົວ",
        "ເລກບັນຊີ",
        "ບັນຊີທະນາຄານ",
        "ລະຫັດພະນັກງານ",
        "ໂທລະສັບ",
        "ເບີໂທ",
        "ຕຳແໜ່ງ",
        "ພະແນກ",
        "ອາກອນ",
        "ເງິນເພີ່ມ",
        "ເງິນອຸດໜູນ",
        "ລ່ວງເວລາ",
        "ໂອທີ",
        "ຫັກ",
        "ວັນເຂົ້າວຽກ",
        "ລາຍເຊັນ",
        "ລວມ",
        "employer",
        "employer share",
        "employee share",
        "employer contribution",
        "employee contribution",
        "worker contribution",
        "contribution",
        "id card",
        "phone number",
        "mobile number",
        "telephone number",
        "tax number",
        "tax id",
        "passport number",
        "contract number",
        "bank name",
        "account name",
        "company name",
        "department name",
        "nickname",
        "nick name",
        "ຊື່ທະນາຄານ",
        "ຊື່ບັນຊີ",
        "ຊື່ບໍລິສັດ",
        "ຊື່ຫົວໜ່ວຍ",
        "ຊື່ຫຼິ້ນ",
        "identity card",
        "passport",
        "bank account",
        "account no",
        "account number",
        "employee code",
        "employee id",
        "employee no",
        "employee number",
        "staff id",
        "staff code",
        "phone",
        "mobile",
        "position",
        "department",
        "allowance",
        "overtime",
        "ot",
        "bonus",
        "tax",
        "income tax",
        "deduction",
        "start date",
        "signature",
        "total",
        "tin",
    ),
}
_LAO_DIGITS: Final = str.maketrans("໐໑໒໓໔໕໖໗໘໙", "0123456789")
_INVISIBLE: Final = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PUNCTUATION: Final = re.compile(r"[\s\W_]+")
_SPACES: Final = re.compile(r"[\s\u00a0]+")
# Units and years behind a header say nothing about the column: "ເງິນເດືອນ (ກີບ)", "Wage 10/2026", "Salary LAK".
_UNITS: Final = re.compile(r"\b(lak|kip|ກີບ|₭)\b|\(\s*(lak|kip|kips|ກີບ|₭)\s*\)|₭", re.IGNORECASE)


def tidy(text: str) -> str:
    """One line, composed letters, nothing invisible, single spaces, trimmed."""
    if text.isascii():
        return " ".join(text.split())
    return _SPACES.sub(" ", unicodedata.normalize("NFC", _INVISIBLE.sub("", text))).strip()


def squeezed(text: str) -> str:
    """For comparing headers: lower case, one way to write Lao, no spaces, signs, units or figures."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).casefold().translate(_LAO_DIGITS)
    text = _UNITS.sub(" ", text)
    text = text.replace("ໍາ", "ຳ").replace("ຫນ", "ໜ").replace("ຫມ", "ໝ").replace("ຫຼ", "ຫລ")
    return "".join(letter for letter in text if unicodedata.category(letter)[0] in "LM" or letter == "#")


_EXACT: Final[dict[str, str]] = {squeezed(word): kind for kind, words in _WORDS.items() for word in words}
_LONGEST_FIRST: Final = sorted(_EXACT, key=len, reverse=True)
_TOTALS: Final = frozenset(
    squeezed(word)
    for word in (
        *("ລວມ", "ລວມທັງໝົດ", "ລວມທັງສິ້ນ", "ລວມຍ່ອຍ", "ຍອດລວມ", "ທັງໝົດ", "ລວມຍອດ", "ຜົນລວມ", "ລວມເງິນ"),
        *("ລວມເງິນເດືອນ", "ລວມທັງໝົດ ຄົນ", "ລວມ ຄົນ"),
        *("total", "totals", "grand total", "sum", "subtotal", "sub total", "total wages", "total amount"),
        *("ລວມ total", "total ລວມ", "ລວມທັງໝົດ total", "total persons", "total employees"),
    )
)
# Squeezing fifty thousand names costs seconds, so the first two letters decide whether to look closer.
_TOTAL_STARTS: Final = frozenset(word[:2] for word in _TOTALS)
_MARKS: Final = " \t*-:.()=#\u00a0\u200b\ufeff"
_SIGNATURES: Final = tuple(
    squeezed(word)
    for word in (
        *("ລາຍເຊັນ", "ຜູ້ອຳນວຍການ", "ອຳນວຍການ", "ຜູ້ສະຫຼຸບ", "ຜູ້ກະກຽມ", "ນັກບັນຊີ", "ບັນຊີ", "ຫົວໜ້າ"),
        *("ວຽງຈັນ ວັນທີ", "ວັນທີ", "ກາປະທັບ", "ຜູ້ອະນຸມັດ", "ຜູ້ກວດກາ", "ເຈົ້າຂອງຫົວໜ່ວຍແຮງງານ"),
        *(
            "signature",
            "signed",
            "director",
            "manager",
            "prepared by",
            "approved by",
            "checked by",
            "accountant",
        ),
    )
)


def kind_of_header(text: str) -> tuple[str, float]:
    """(kind, confidence 0..1) of a header text; ('', 0.0) when no word of ours is in it."""
    key = squeezed(text)
    if not key:
        return ("", 0.0)
    if kind := _EXACT.get(key):
        return (kind, 0.6 if key in _WEAK else 0.95)
    for word in _LONGEST_FIRST:
        if len(word) >= 3 and word in key:
            kind, share = _EXACT[word], len(word) / len(key)
            if kind.startswith("wage") and any(part in key and part not in word for part in _NOT_WAGES):
                kind = "other"
            return (kind, round(0.5 + 0.4 * share, 2) if word not in _WEAK else 0.5)
    return ("", 0.0)


# Beside a word for wage these make the column something else: "salary tax", "wage deduction".
_NOT_WAGES: Final = tuple(
    squeezed(word)
    for word in (
        *("ເງິນເພີ່ມ", "ອຸດໜູນ", "ລ່ວງເວລາ", "ຫັກ", "ອາກອນ", "ສົມທົບ"),
        *(
            "allowance",
            "overtime",
            "bonus",
            "deduct",
            "tax",
            "contribution",
            "share",
            "rate",
            "date",
            "grade",
        ),
    )
)

# Words that mean one thing in one file and another in the next.
_WEAK: Final = frozenset(
    squeezed(word)
    for word in (*("ເລກບັດ", "ລະຫັດ", "ທີ", "number", "card no", "id", "id no", "id number", "pay", "employee"),)
)


def is_total(text: str) -> bool:
    """Does the text head a totals row?"""
    start = text.lstrip(_MARKS)[:2].casefold()
    return start in _TOTAL_STARTS and squeezed(text) in _TOTALS


def is_signature(text: str) -> bool:
    """Does the text belong to the lines for signing under a table?"""
    key = squeezed(text)
    return bool(key) and any(key.startswith(word) for word in _SIGNATURES)


def rough_amount(value: object) -> int | None:
    """Kip as far as a glance tells, only to recognise columns and to compare totals; never for money."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return round(value)
    text = _UNITS.sub("", tidy(str(value)).translate(_LAO_DIGITS)).strip()
    if re.fullmatch(r"-?\d{1,3}([.,' ]\d{3})+([.,]\d{1,2})?", text):
        text = re.sub(r"(?<=\d{3})[.,]\d{1,2}$", "", text)
        return int(re.sub(r"[.,' ]", "", text))
    if re.fullmatch(r"-?\d+([.,]\d{1,2})?", text) and len(text) < 20:
        return int(re.split(r"[.,]", text)[0])
    return None
