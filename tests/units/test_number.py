import pytest
from hypothesis import given
from hypothesis import strategies as st

from pakan.units.month import Month
from pakan.units.number import (
    WrongNumber,
    case_number,
    check_digit,
    check_receipt_number,
    clean_employer_code,
    clean_incoming_number,
    clean_person_number,
    clean_phone,
    creditor_reference,
    incoming_number,
    is_mobile,
    issue_person_number,
    latin_digits,
    masked_phone,
    notice_number,
    person_number_check,
    phone_kind,
    read_creditor_reference,
    receipt_number,
    shown_creditor_reference,
    shown_employer_code,
    shown_person_number,
    shown_phone,
)

from .vectors import vectors

SERIALS = st.integers(1, 9_999_999)
LAO = str.maketrans("0123456789", "໐໑໒໓໔໕໖໗໘໙")


def refused(code: str, call: object, *given: object) -> None:
    assert callable(call)
    with pytest.raises(WrongNumber) as caught:
        call(*given)
    assert caught.value.code == code


def test_the_check_digit_follows_the_standard() -> None:
    assert check_digit("0794") == "5"  # the example of ISO 7064 for MOD 11,10


@given(st.integers(0, 99), SERIALS, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(office: int, serial: int, place: int, shift: int) -> None:
    number = issue_person_number(f"{office:02d}", serial)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert person_number_check(number)
    assert not person_number_check(wrong)


def test_person_numbers_are_cleaned_and_shown() -> None:
    number = issue_person_number("01", 234_567)
    assert clean_person_number(shown_person_number(number).translate(LAO)) == number
    assert shown_person_number("0123456789") == "01 2345 6789"
    assert clean_person_number(" ab-12 ກ๑".replace("๑", "໑")) == "AB12ກ1"
    assert shown_person_number("AB12") == "AB12"
    assert not person_number_check("AB12")
    refused("empty", clean_person_number, " - ")
    refused("too_long", clean_person_number, "1" * 21)
    for text in ("12'34", "=1", "1;DROP", "Ж12", "12\u202e34"):
        refused("not_letters_or_digits", clean_person_number, text)


def test_serials_and_offices_have_bounds() -> None:
    refused("serial_out_of_range", issue_person_number, "01", 0)
    refused("serial_out_of_range", issue_person_number, "01", 10_000_000)
    refused("not_an_office", issue_person_number, "1", 1)


def test_employer_codes_are_five_and_two_digits() -> None:
    assert clean_employer_code("12345-67") == clean_employer_code("໑໒໓໔໕ ໖໗") == "1234567"
    assert shown_employer_code("1234567") == "12345-67"
    for text in ("123456", "12345678", "1234A67", ""):
        refused("not_an_employer_code", clean_employer_code, text)


def test_incoming_numbers_are_two_and_five_digits() -> None:
    assert incoming_number(26, 42) == clean_incoming_number("26 00042") == "26-00042"
    refused("serial_out_of_range", incoming_number, 26, 100_000)
    refused("not_an_incoming_number", clean_incoming_number, "26-42")


def test_a_notice_has_its_reference() -> None:
    number = notice_number(Month(2026, 2), "00010-47", 1)
    assert number == "2602000104701"
    assert creditor_reference(number) == "RF342602000104701"
    assert shown_creditor_reference("RF342602000104701") == "RF34 2602 0001 0470 1"
    assert read_creditor_reference("rf34 2602 0001 0470 1".translate(LAO)) == number
    refused("not_a_reference", read_creditor_reference, "RF18539007547034")
    refused("not_a_notice_number", creditor_reference, "260200010470")
    refused("year_out_of_range", notice_number, Month(1999, 12), "0001047", 1)
    for version in (0, 100):
        refused("serial_out_of_range", notice_number, Month(2026, 2), "0001047", version)


NOTICES = st.integers(0, 10**13 - 1).map(lambda value: f"{value:013d}")


@given(NOTICES, st.integers(2, 16), st.integers(1, 9))
def test_one_wrong_digit_in_a_reference_is_always_found(number: str, place: int, shift: int) -> None:
    reference = creditor_reference(number)
    assert read_creditor_reference(shown_creditor_reference(reference)) == number
    # ISO 11649 itself: 'RF' and the check to the end, letters as numbers, remainder 1.
    assert int(number + "2715" + reference[2:4]) % 97 == 1
    wrong = reference[:place] + str((int(reference[place]) + shift) % 10) + reference[place + 1 :]
    refused("wrong_check", read_creditor_reference, wrong)


@given(st.integers(2000, 2099), SERIALS)
def test_receipts_are_read_back(year: int, serial: int) -> None:
    number = receipt_number(year, serial)
    assert check_receipt_number(f" {number.lower().translate(LAO)} ") == number
    assert check_receipt_number(number.replace("-", "")) == number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    refused("wrong_check", check_receipt_number, wrong)


def test_receipts_look_as_printed() -> None:
    assert receipt_number(2026, 123).startswith("R26-0000123-")
    assert case_number(2026, 123) == "C" + receipt_number(2026, 123)[1:]
    refused("not_a_receipt", check_receipt_number, "R26-123-4")
    refused("year_out_of_range", receipt_number, 1999, 1)
    refused("serial_out_of_range", receipt_number, 2026, 0)


@pytest.mark.parametrize("row", vectors("P"), ids=lambda row: row["id"])
def test_the_numbering_plan(row: dict[str, str]) -> None:
    if row["expected"] == "invalid":
        refused("no_such_phone", clean_phone, row["input"])
        return
    number, *facts = row["expected"].split("; ")
    assert clean_phone(row["input"]) == number
    assert is_mobile(number) == ("mobile" in facts)
    assert ("fixed" in facts) == (phone_kind(number) == "fixed")


@pytest.mark.parametrize(
    "text",
    ["020 5555 1234", "20.5555.1234", "+856 20 5555 1234", "+856 (0)20 5555 1234", "00856-20-5555-1234",
     "8562055551234", "໐໒໐ ໕໕໕໕ ໑໒໓໔", "020\u200b5555\u20111234"],
)  # fmt: skip
def test_a_mobile_number_however_it_is_written(text: str) -> None:
    assert clean_phone(text) == "+8562055551234"


def test_numbers_that_are_no_telephone() -> None:
    refused("empty", clean_phone, " ")
    refused("not_a_phone", clean_phone, "call me")
    refused("no_such_phone", clean_phone, "190")
    refused("no_such_phone", clean_phone, "020 8555 1234")
    refused("no_such_phone", clean_phone, "+0123456789")


def test_eight_digits_alone_are_a_question() -> None:
    with pytest.raises(WrongNumber) as caught:
        clean_phone("5555 1234")
    assert (caught.value.code, caught.value.suggestion) == ("area_missing", "+8562055551234")
    with pytest.raises(WrongNumber) as caught:
        clean_phone("4555 1234")
    assert (caught.value.code, caught.value.suggestion) == ("area_missing", None)


def test_foreign_numbers_are_kept_and_every_number_can_be_masked() -> None:
    assert clean_phone("0066 81 234 5678") == "+66812345678"
    assert phone_kind("+66812345678") == "foreign"
    assert not is_mobile("+66812345678")
    assert shown_phone("+8562055551234") == "020 5555 1234"
    assert shown_phone("+856305123456") == "030 512 3456"
    assert masked_phone("+8562055551234") == "020 •••• 1234"
    assert masked_phone("+66812345678") == "+66 •••• 678"


@given(st.text(max_size=25))
def test_any_text_is_a_telephone_or_a_reason(text: str) -> None:
    try:
        number = clean_phone(text)
    except WrongNumber as reason:
        assert reason.code
    else:
        assert clean_phone(number) == number
        assert clean_phone(shown_phone(number)) == number


def test_lao_digits() -> None:
    assert latin_digits("ເລກ ໐໑໒໓໔໕໖໗໘໙ 5") == "ເລກ 0123456789 5"
