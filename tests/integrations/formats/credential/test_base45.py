"""Base45 as RFC 9285 writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pakan.integrations.formats.credential import base45


@pytest.mark.parametrize(
    ("content", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0")]
)  # fmt: skip
def test_examples_of_the_standard(content: bytes, text: str) -> None:
    assert base45.encode(content) == text
    assert base45.decode(text) == content


@given(st.binary(max_size=300))
def test_there_and_back(content: bytes) -> None:
    text = base45.encode(content)
    assert set(text) <= set(base45.ALPHABET)
    assert base45.decode(text) == content


@given(st.text(alphabet=base45.ALPHABET, max_size=12))
def test_no_two_texts_are_the_same_bytes(text: str) -> None:
    try:
        content = base45.decode(text)
    except ValueError:
        return
    assert base45.encode(content) == text


@pytest.mark.parametrize("text", ["A", "BB8A", "GGW", ":::", "::", "V5", "bb8", "ກຂຄ", "B8\n", "１２３"])
def test_what_is_not_base45(text: str) -> None:
    with pytest.raises(ValueError, match="not base45"):
        base45.decode(text)
