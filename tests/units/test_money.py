from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pakan.units.money import KIP_LIMIT, NotKip, dotted, kip, read_kip, with_sign, with_word

AMOUNTS = st.integers(0, 10**15 - 1)
LAO = str.maketrans("0123456789", "໐໑໒໓໔໕໖໗໘໙")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.234.567", 1_234_567),
        ("1,234,567", 1_234_567),
        ("1'234'567", 1_234_567),
        ("2 500 000", 2_500_000),
        ("2\u00a0500\u202f000", 2_500_000),
        ("2500000.00", 2_500_000),
        ("2.500.000,00", 2_500_000),
        ("2,500,000.0", 2_500_000),
        ("₭2.500.000", 2_500_000),
        ("2.500.000 ກີບ", 2_500_000),
        ("2500000ກີບຖ້ວນ", 2_500_000),
        ("LAK 2,500,000", 2_500_000),
        ("2500000kip", 2_500_000),
        ("໒.໕໐໐.໐໐໐", 2_500_000),
        (" 0 ", 0),
        ("250\u200b0000", None),
        (2_500_000, 2_500_000),
        (2_500_000.0, 2_500_000),
        (Decimal("2500000.00"), 2_500_000),
    ],
)
def test_what_employers_type_is_read(typed: object, amount: int | None) -> None:
    if amount is None:
        with pytest.raises(NotKip, match="ambiguous"):
            read_kip(typed)
    else:
        assert read_kip(typed) == amount


@pytest.mark.parametrize(
    ("typed", "code", "suggestion"),
    [
        (None, "empty", None),
        ("", "empty", None),
        ("  ", "empty", None),
        ("-", "empty", None),
        ("25OOOOO", "letter_o", 2_500_000),
        ("2.5oo.ooo", "letter_o", 2_500_000),
        ("25ໂໂໂໂໂ", "letter_o", 2_500_000),
        ("l2OOOOO", "letter_o", 1_200_000),
        ("1O.5", "letter_o", None),
        ("2500000.5", "decimals", None),
        ("2.500.000,50", "decimals", None),
        (2_500_000.5, "decimals", None),
        (Decimal("0.1"), "decimals", None),
        ("-2500000", "negative", None),
        ("−2.500.000", "negative", None),
        ("(2,500,000)", "negative", None),
        ("2500000-", "negative", None),
        (-1, "negative", None),
        (-1.0, "negative", None),
        ("99999999999999999999", "too_large", None),
        ("1,000,000,000,000,000", "too_large", None),
        (10**15, "too_large", None),
        (1e300, "too_large", None),
        ("100 USD", "foreign", None),
        ("$100", "foreign", None),
        ("100THB", "foreign", None),
        ("฿5,000", "foreign", None),
        ("5000 บาท", "foreign", None),
        ("€100", "foreign", None),
        ("100 ໂດລາ", "foreign", None),
        ("5000 ບາດ", "foreign", None),
        ("=1+1", "formula", None),
        ("+2500000", "formula", None),
        ("@SUM(A1)", "formula", None),
        ("-cmd|' /C calc'!A0", "formula", None),
        ('=HYPERLINK("http://x")', "formula", None),
        ("1,234.567", "ambiguous", None),
        ("1.234,567", "ambiguous", None),
        ("2500.000", "ambiguous", None),
        ("0.500", "ambiguous", None),
        ("25 00000", "ambiguous", None),
        ("12.34.567", "ambiguous", None),
        ("0025", "ambiguous", None),
        ("3.33E+06", "ambiguous", None),
        ("two million", "not_a_number", None),
        ("ກີບ", "not_a_number", None),
        ("O", "not_a_number", None),
        ("5²", "not_a_number", None),
        (True, "not_a_number", None),
        (float("nan"), "not_a_number", None),
        (float("-inf"), "not_a_number", None),
        (b"5", "not_a_number", None),
    ],
)
def test_what_is_no_amount_says_why(typed: object, code: str, suggestion: int | None) -> None:
    with pytest.raises(NotKip) as caught:
        read_kip(typed)
    assert (caught.value.code, caught.value.suggestion) == (code, suggestion)


@given(AMOUNTS)
def test_every_amount_is_read_back_however_it_is_written(amount: int) -> None:
    forms = [str(amount), dotted(amount), f"{amount:,}", dotted(amount).replace(".", " "), with_sign(amount)]
    forms += [with_word(amount), f"LAK {amount:,}.00", f"{dotted(amount)},00", dotted(amount).translate(LAO)]
    assert {read_kip(form) for form in forms} == {amount}


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_reason(text: str) -> None:
    try:
        assert 0 <= read_kip(text) < 10**15
    except NotKip as reason:
        assert reason.code


@given(st.integers(1, 10**14 - 1), st.sampled_from("oOໂ"))
def test_a_letter_for_zero_is_offered_and_never_assumed(amount: int, letter: str) -> None:
    typed = f"{amount}0".replace("0", letter)
    with pytest.raises(NotKip) as caught:
        read_kip(typed)
    assert caught.value.code == "letter_o"
    assert caught.value.suggestion == amount * 10


@pytest.mark.parametrize("value", [1.0, True, "1", None])
def test_only_whole_numbers_are_kip(value: object) -> None:
    with pytest.raises(TypeError):
        kip(value)  # type: ignore[arg-type]


def test_kip_have_a_limit() -> None:
    assert kip(KIP_LIMIT) == KIP_LIMIT
    with pytest.raises(ValueError, match="limit"):
        kip(-KIP_LIMIT - 1)
