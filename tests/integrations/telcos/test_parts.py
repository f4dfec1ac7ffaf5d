"""A text costs as many messages as it has parts; what is counted here is what the operator bills."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pakan.integrations.telcos.parts import split, tidy


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "count"),
    [
        ("", "gsm7", 0, 1),
        ("a" * 160, "gsm7", 160, 1),
        ("a" * 161, "gsm7", 161, 2),
        ("a" * 306, "gsm7", 306, 2),
        ("a" * 307, "gsm7", 307, 3),
        ("€" * 80, "gsm7", 160, 1),
        ("€" * 81, "gsm7", 162, 2),
        # 76 double signs fill 152 of 153 septets, and the next one is not torn apart.
        ("€" * 153, "gsm7", 306, 3),
        ("ນ້ຳ", "ucs2", 3, 1),
        ("ກ" * 70, "ucs2", 70, 1),
        ("ກ" * 71, "ucs2", 71, 2),
        ("ກ" * 134, "ucs2", 134, 2),
        ("ກ" * 135, "ucs2", 135, 3),
        ("a" * 70 + "ກ", "ucs2", 71, 2),
        ("🙂" * 35, "ucs2", 70, 1),
        ("🙂" * 67, "ucs2", 134, 3),
        ("ç", "ucs2", 1, 1),
        ("Ç", "gsm7", 1, 1),
        ("₭", "ucs2", 1, 1),
    ],
)
def test_the_limits_of_the_standard(text: str, alphabet: str, units: int, count: int) -> None:
    found = split(text)
    assert (found.alphabet, found.units, found.count) == (alphabet, units, count)


@given(
    st.text(
        alphabet=st.one_of(
            st.characters(max_codepoint=0x2FFFF, exclude_categories=["Cs"]), st.sampled_from("ກ້ຳa€🙂")
        )
    )
)
def test_the_parts_join_to_the_text_and_none_is_too_long(text: str) -> None:
    found = split(text)
    assert "".join(found.parts) == text
    if found.count == 1:
        assert found.units <= (160 if found.alphabet == "gsm7" else 70)
        return
    for part in found.parts:
        size = len(part.encode("utf-16-be")) // 2 if found.alphabet == "ucs2" else split(part).units
        assert 0 < size <= (153 if found.alphabet == "gsm7" else 67)
    assert found.units > (160 if found.alphabet == "gsm7" else 70)


@given(st.text(alphabet="abc €ກ້ຳ🙂", max_size=400), st.sampled_from("ak€ກ🙂"))
def test_a_longer_text_is_never_cheaper(text: str, more: str) -> None:
    assert split(text + more).count >= split(text).count


def test_signs_that_double_the_price_are_replaced_in_latin_texts_only() -> None:
    assert tidy("287.500 ₭ – “ok”\u200b") == '287.500 LAK - "ok"'
    assert split(tidy("287.500 ₭ – “ok”")).alphabet == "gsm7"
    assert tidy("287.500 ₭\u200b ກີບ") == "287.500 ₭ ກີບ"
