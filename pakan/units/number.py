"""Numbers that people type, read aloud and write on paper: persons, employers, notices, receipts, phones.

Only numbers that we issue carry a check digit. Numbers that the State issues have no published rule, so
none is invented for them (A-55).
"""

import re
from typing import Literal

from pakan.units.month import Month

PhoneKind = Literal["mobile", "wireless", "fixed", "foreign"]

_LAO_DIGITS = str.maketrans("໐໑໒໓໔໕໖໗໘໙", "0123456789")
_GAPS = re.compile(r"[\s\-\u2010\u2011–—.\u00AD\u200B\u200C\u200D\u2060\uFEFF]+")


class WrongNumber(ValueError):
    """A number that cannot be what it should be. `code` is for the words on the screen."""

    def __init__(self, code: str, text: str, suggestion: str | None = None) -> None:
        super().__init__(f"{code}: {text[:40]!r}")
        self.code = code
        self.suggestion = suggestion


def latin_digits(text: str) -> str:
    """Lao digits become 0-9, everything else stays."""
    return text.translate(_LAO_DIGITS)


def _bare(text: str) -> str:
    return _GAPS.sub("", latin_digits(text)).upper()


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11,10: finds every single wrong digit and nearly every swap of neighbours."""
    if not re.fullmatch(r"\d+", digits, re.ASCII):
        raise WrongNumber("not_digits", digits)
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def _padded(value: int, width: int, lowest: int = 0) -> str:
    if not lowest <= value < 10**width:
        raise WrongNumber("serial_out_of_range", str(value))
    return f"{value:0{width}d}"


# Persons


def issue_person_number(office: str, serial: int) -> str:
    """A new social security number: office (2 digits), serial (7), check digit. Raises WrongNumber."""
    if not re.fullmatch(r"\d{2}", office, re.ASCII):
        raise WrongNumber("not_an_office", office)
    body = office + _padded(serial, 7, lowest=1)
    return body + check_digit(body)


def person_number_check(text: str) -> bool:
    """Whether a 10-digit number in our form has its right check digit. Means nothing for older numbers."""
    number = _bare(text)
    return bool(re.fullmatch(r"\d{10}", number, re.ASCII)) and check_digit(number[:9]) == number[9]


def clean_person_number(text: str) -> str:
    """As stored: no gaps, Latin digits, capitals. Older numbers: up to 20 letters or digits (A-55).

    Raises WrongNumber 'empty', 'too_long' or 'not_letters_or_digits'. Does not look at the check digit.
    """
    number = _bare(text)
    if not number:
        raise WrongNumber("empty", text)
    if len(number) > 20:
        raise WrongNumber("too_long", text)
    if not number.isalnum() or not all(letter.isascii() or "຀" <= letter <= "໿" for letter in number):
        raise WrongNumber("not_letters_or_digits", text)
    return number


def shown_person_number(number: str) -> str:
    """'0123456789' -> '01 2345 6789'; an older number as it is."""
    if re.fullmatch(r"\d{10}", number, re.ASCII):
        return f"{number[:2]} {number[2:6]} {number[6:]}"
    return number


# Employers


def clean_employer_code(text: str) -> str:
    """The 5 + 2 digits of form 2-01 as 7 digits; no check digit is known.

    Raises WrongNumber 'not_an_employer_code'.
    """
    code = _bare(text)
    if not re.fullmatch(r"\d{7}", code, re.ASCII):
        raise WrongNumber("not_an_employer_code", text)
    return code


def shown_employer_code(code: str) -> str:
    """'1234567' -> '12345-67'."""
    code = clean_employer_code(code)
    return f"{code[:5]}-{code[5:]}"


def incoming_number(group: int, serial: int) -> str:
    """The incoming contribution number of form 2-01: '26-00042'.

    What its first two digits mean is not known (the year is a guess): the caller chooses. Raises WrongNumber.
    """
    return f"{_padded(group, 2)}-{_padded(serial, 5, lowest=1)}"


def clean_incoming_number(text: str) -> str:
    """'2600042' or '26-00042' -> '26-00042'. Raises WrongNumber 'not_an_incoming_number'."""
    number = _bare(text)
    if not re.fullmatch(r"\d{7}", number, re.ASCII):
        raise WrongNumber("not_an_incoming_number", text)
    return f"{number[:2]}-{number[2:]}"


# Contribution notices and receipts


def notice_number(month: Month, employer_code: str, version: int) -> str:
    """13 digits: month YYMM, employer code, version of the notice (1-99). Raises WrongNumber."""
    if not 2000 <= month.year <= 2099:
        raise WrongNumber("year_out_of_range", str(month))
    code = clean_employer_code(employer_code)
    return f"{month.year % 100:02d}{month.month:02d}{code}{_padded(version, 2, lowest=1)}"


def _rf_check(number: str) -> str:
    # ISO 11649: 'RF00' goes to the end with letters as numbers (R = 27, F = 15).
    return f"{98 - int(number + '271500') % 97:02d}"


def creditor_reference(number: str) -> str:
    """The ISO 11649 reference of a 13-digit notice: 'RFcc' and the number. Raises WrongNumber."""
    if not re.fullmatch(r"\d{13}", number, re.ASCII):
        raise WrongNumber("not_a_notice_number", number)
    return f"RF{_rf_check(number)}{number}"


def shown_creditor_reference(reference: str) -> str:
    """'RF12 2610 1234 ...': groups of four, as ISO 11649 prints it."""
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))


def read_creditor_reference(text: str) -> str:
    """The notice number inside a reference; spaces, small letters and Lao digits are welcome.

    Raises WrongNumber 'not_a_reference', or 'wrong_check' when its check digits do not agree (mod 97-10).
    """
    found = re.fullmatch(r"RF(\d{2})(\d{13})", _bare(text), re.ASCII)
    if not found:
        raise WrongNumber("not_a_reference", text)
    if _rf_check(found[2]) != found[1]:
        raise WrongNumber("wrong_check", text)
    return found[2]


def _serial_of_year(letter: str, year: int, serial: int) -> str:
    if not 2000 <= year <= 2099:
        raise WrongNumber("year_out_of_range", str(year))
    body = f"{year % 100:02d}{_padded(serial, 7, lowest=1)}"
    return f"{letter}{body[:2]}-{body[2:]}-{check_digit(body)}"


def receipt_number(year: int, serial: int) -> str:
    """'R26-0000123-C', C being a check digit. Serials run without a gap within a year. Raises WrongNumber."""
    return _serial_of_year("R", year, serial)


def case_number(year: int, serial: int) -> str:
    """'C26-0000123-C', the last being a check digit: what somebody said is wrong. Raises WrongNumber."""
    return _serial_of_year("C", year, serial)


def day_voucher_number(year: int, serial: int) -> str:
    """'D26-0000123-C': one day of work. Raises WrongNumber."""
    return _serial_of_year("D", year, serial)


def invitation_number(year: int, serial: int) -> str:
    """'I26-0000123-C': an invitation to act for an employer. Raises WrongNumber."""
    return _serial_of_year("I", year, serial)


def matter_number(year: int, serial: int) -> str:
    """'M26-0000123-C': what the fund and an employer decide about a debt. Raises WrongNumber."""
    return _serial_of_year("M", year, serial)


def benefit_number(kind: Literal["B", "E", "A", "L", "P"], year: int, serial: int) -> str:
    """A number around a benefit: B claim, E paper handed in, A appeal, L letter, P payment out. Raises WrongNumber."""
    return _serial_of_year(kind, year, serial)


def check_claim_number(text: str) -> str:
    """A claim's number as we print it. Raises WrongNumber 'not_a_claim' or 'wrong_check'."""
    found = re.fullmatch(r"B?(\d{9})(\d)", _bare(text), re.ASCII)
    if not found:
        raise WrongNumber("not_a_claim", text)
    if check_digit(found[1]) != found[2]:
        raise WrongNumber("wrong_check", text)
    return f"B{found[1][:2]}-{found[1][2:]}-{found[2]}"


def correction_number(year: int, serial: int) -> str:
    """'D26-0000123-C': a fact about a person that shall be corrected. Raises WrongNumber."""
    return _serial_of_year("D", year, serial)


def debit_number(kind: Literal["G", "H"], year: int, serial: int) -> str:
    """G: an employer's leave to draw from an account; H: one debit under it. Raises WrongNumber."""
    return _serial_of_year(kind, year, serial)


def remittance_number(year: int, serial: int) -> str:
    """'N26-0000123-C': other funds' money that is passed on together. Raises WrongNumber."""
    return _serial_of_year("N", year, serial)


def family_number(year: int, serial: int) -> str:
    """'F26-0000123-C': somebody of an insured person's family. Raises WrongNumber."""
    return _serial_of_year("F", year, serial)


def joining_number(year: int, serial: int) -> str:
    """'J26-0000123-C': what a labour unit asks to be registered or changed. Raises WrongNumber."""
    return _serial_of_year("J", year, serial)


def check_joining_number(text: str) -> str:
    """Such a number as we print it. Raises WrongNumber 'not_a_request' or 'wrong_check'."""
    found = re.fullmatch(r"J?(\d{9})(\d)", _bare(text), re.ASCII)
    if not found:
        raise WrongNumber("not_a_request", text)
    if check_digit(found[1]) != found[2]:
        raise WrongNumber("wrong_check", text)
    return f"J{found[1][:2]}-{found[1][2:]}-{found[2]}"


def clean_tax_number(text: str) -> str:
    """A TIN as stored: 12 digits; 11 are taken too, since another source gives 11. Raises WrongNumber 'not_a_tin'."""
    number = _bare(text)
    if not re.fullmatch(r"\d{11,12}", number, re.ASCII):
        raise WrongNumber("not_a_tin", text)
    return number


def concern_number(year: int, serial: int) -> str:
    """'T26-0000123-C': what is said against an employer. Raises WrongNumber."""
    return _serial_of_year("T", year, serial)


def check_receipt_number(text: str) -> str:
    """A receipt number as we print it. Raises WrongNumber 'not_a_receipt' or 'wrong_check'."""
    found = re.fullmatch(r"R?(\d{9})(\d)", _bare(text), re.ASCII)
    if not found:
        raise WrongNumber("not_a_receipt", text)
    body = found[1]
    if check_digit(body) != found[2]:
        raise WrongNumber("wrong_check", text)
    return f"R{body[:2]}-{body[2:]}-{found[2]}"


# Telephones: the numbering plan as in libphonenumber's metadata for Laos

_PLAN: tuple[tuple[PhoneKind, re.Pattern[str]], ...] = (
    ("mobile", re.compile(r"20[23579]\d{7}|208[78]\d{6}", re.ASCII)),
    ("wireless", re.compile(r"30\d{7}", re.ASCII)),
    ("fixed", re.compile(r"(?:2[13]|[35-7][14]|41|8[1468])\d{6}", re.ASCII)),
)


def _lao_kind(national: str) -> PhoneKind | None:
    return next((kind for kind, pattern in _PLAN if pattern.fullmatch(national)), None)


def clean_phone(text: str) -> str:
    """E.164, such as '+8562055551234'. Accepts 020, 20, 856, 00856, Lao digits, gaps; foreign with +.

    Raises WrongNumber: 'empty', 'not_a_phone', 'no_such_phone', or 'area_missing' for 8 digits alone, which
    may be a mobile without 020 or a fixed line without 0 (the mobile is the suggestion, if there is one).
    """
    number = re.sub(r"[()/]", "", _bare(text))
    if not number:
        raise WrongNumber("empty", text)
    if not re.fullmatch(r"\+?\d{3,20}", number, re.ASCII):
        raise WrongNumber("not_a_phone", text)
    number = re.sub(r"^00", "+", number)
    if number.startswith("+") and not number.startswith("+856"):
        if not re.fullmatch(r"\+[1-9]\d{6,14}", number, re.ASCII):
            raise WrongNumber("no_such_phone", text)
        return number
    national = re.sub(r"^(?:\+856|856(?=\d{8,}))?0?", "", number)
    if len(number) == 8 and not number.startswith("0"):
        mobile = f"20{number}"
        raise WrongNumber("area_missing", text, f"+856{mobile}" if _lao_kind(mobile) else None)
    if _lao_kind(national) is None:
        raise WrongNumber("no_such_phone", text)
    return f"+856{national}"


def phone_kind(phone: str) -> PhoneKind:
    """Of a number from clean_phone. Only 'mobile' surely receives text, 'wireless' sometimes."""
    if not phone.startswith("+856"):
        return "foreign"
    kind = _lao_kind(phone[4:])
    if kind is None:
        raise WrongNumber("no_such_phone", phone)
    return kind


def is_mobile(phone: str) -> bool:
    """Whether a number from clean_phone is a Lao mobile (020)."""
    return phone_kind(phone) == "mobile"


def shown_phone(phone: str) -> str:
    """'+8562055551234' -> '020 5555 1234', as people write it here; a foreign number as it is."""
    kind = phone_kind(phone)
    if kind == "foreign":
        return phone
    area, rest = phone[4:6], phone[6:]
    cut = 4 if kind == "mobile" else 3
    return f"0{area} {rest[:cut]} {rest[cut:]}"


def masked_phone(phone: str) -> str:
    """'+8562055551234' -> '020 •••• 1234': enough to recognise one's own number, no more."""
    if not phone.startswith("+856"):
        return f"{phone[:3]} •••• {phone[-3:]}"
    return f"0{phone[4:6]} •••• {phone[-4:]}"
