import unicodedata
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pakan.units.money import with_sign, with_word
from pakan.units.month import Month
from pakan.units.name import WrongName, clean_name, search_key
from pakan.units.words import (
    english_date,
    english_month,
    kip_in_words_lao,
    lao_date,
    lao_month,
    number_in_words_lao,
)

from .vectors import vectors

LAO_TEXT = st.text(
    st.characters(min_codepoint=0x0E80, max_codepoint=0x0EDF) | st.sampled_from(" .-Aa"), max_size=40
)


@pytest.mark.parametrize("row", vectors("N"), ids=lambda row: row["id"])
def test_spellings_of_one_name_meet(row: dict[str, str]) -> None:
    one, other = row["input"].split(" / ")
    assert one != other
    assert search_key(one) == search_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ທ້າວ ສົມພອນ ພົມມະຈັນ", "ສົມພອນພົມມະຈັນ"),
        ("ນາງ ຈັນທາ", "ຈັນທາ"),
        ("ນາງສາວຈັນທາ", "ຈັນທາ"),
        ("Mr. Somphone  PHOMMACHANH", "somphone phommachanh"),
        ("Ms Chantha", "CHANTHA"),
        ("ຫລ້າ", "ຫຼ້າ"),
        ("ເເກ້ວ", "ແກ້ວ"),
        ("ສົມ\u200bພອນ", "ສົມພອນ"),
        ("O'Neil", "ONEIL"),
    ],
)
def test_titles_spaces_and_case_do_not_part_a_name(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize(("one", "other"), [("ກ້າ", "ກ່າ"), ("ສີ", "ສິ"), ("ນາງ", "ທ້າວ"), ("Mrak", "Ak")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@example("ຸິ຺")
@given(LAO_TEXT)
def test_a_key_is_its_own_key_and_knows_no_normal_form(text: str) -> None:
    key = search_key(text)
    assert search_key(key) == key
    assert (
        search_key(unicodedata.normalize("NFC", text))
        == search_key(unicodedata.normalize("NFD", text))
        == key
    )


def test_names_are_kept_as_typed_but_tidy() -> None:
    assert clean_name("  ສົມ\u200bພອນ \t ພົມ\n") == "ສົມພອນ ພົມ"
    assert clean_name("Zoe\u0301") == "Zo\u00e9"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \u200b ", "empty"),
        ("=cmd|' /C calc'!A0", "formula"),
        ("+ສົມ", "formula"),
        ("-ສົມ", "formula"),
        ("@ສົມ", "formula"),
        ("\u200b=1", "formula"),
        ("ສົມ\u202eພອນ", "hidden_characters"),
        ("ສົມ\u2066", "hidden_characters"),
        ("ສົມ\x00", "hidden_characters"),
        ("ກ" * 201, "too_long"),
    ],
)
def test_what_is_no_name_says_why(text: str, code: str) -> None:
    with pytest.raises(WrongName) as caught:
        clean_name(text)
    assert caught.value.code == code


@given(st.text(max_size=60))
def test_a_clean_name_stays_as_it_is(text: str) -> None:
    try:
        name = clean_name(text)
    except WrongName as reason:
        assert reason.code
    else:
        assert clean_name(name) == name


@pytest.mark.parametrize("row", vectors("W"), ids=lambda row: row["id"])
def test_amounts_in_words(row: dict[str, str]) -> None:
    assert kip_in_words_lao(int(row["input"])) == row["expected"]


@pytest.mark.parametrize("row", vectors("F"), ids=lambda row: row["id"])
def test_amounts_in_figures(row: dict[str, str]) -> None:
    amount = int(row["input"])
    assert [with_sign(amount), with_word(amount)] == row["expected"].split(" or ")


DIGITS = {"ໜຶ່ງ": 1, "ເອັດ": 1, "ສອງ": 2, "ສາມ": 3, "ສີ່": 4, "ຫ້າ": 5, "ຫົກ": 6, "ເຈັດ": 7, "ແປດ": 8, "ເກົ້າ": 9}
UNITS = {"ສິບ": 10, "ຮ້ອຍ": 100, "ພັນ": 1000, "ໝື່ນ": 10_000, "ແສນ": 100_000}


def spoken(words: str) -> int:
    """Reads words back, by another way than they were made: left to right."""
    for word, size in (("ຕື້", 10**9), ("ລ້ານ", 10**6)):
        if word in words:
            before, after = words.rsplit(word, 1) if word == "ຕື້" else words.split(word, 1)
            return spoken(before) * size + spoken(after)
    total, digit = 0, 0
    while words:
        word = next(w for w in (*DIGITS, *UNITS, "ຊາວ", "ສູນ") if words.startswith(w))
        words = words[len(word) :]
        if word in DIGITS:
            digit = DIGITS[word]
        elif word in UNITS:
            total, digit = total + max(digit, 1) * UNITS[word], 0
        else:
            total += 20 if word == "ຊາວ" else 0
    return total + digit


@given(st.integers(0, 9 * 10**15))
def test_words_are_read_back_as_the_same_number(value: int) -> None:
    assert spoken(number_in_words_lao(value)) == value


def test_a_negative_amount_has_no_words() -> None:
    with pytest.raises(ValueError, match="below zero"):
        kip_in_words_lao(-1)


def test_dates_and_months() -> None:
    assert lao_date(date(2026, 6, 5)) == "5 ມິຖຸນາ 2026"
    assert english_date(date(2026, 6, 5)) == "5 June 2026"
    assert lao_month(Month(2026, 10)) == "ຕຸລາ 2026"
    assert english_month(Month(2026, 10)) == "October 2026"
