"""Which six digits others guess first."""

from datetime import date

import pytest

from pakan.units.pin import BadPin, clean_pin, new_pin

BORN = date(1990, 8, 15)


@pytest.mark.parametrize(
    "easy",
    ["123456", "654321", "000000", "012345", "890123", "121212", "123123", "112211", "135791", "150890", "081590",
     "900815", "199008", "081990", "151990", "150833", "555512"],
)  # fmt: skip
def test_what_others_guess_first_is_refused(easy: str) -> None:
    with pytest.raises(BadPin) as fault:
        new_pin(easy, BORN, ("0123456789", "+8562055551234"))
    assert fault.value.code == "easy"


def test_a_piece_of_ones_own_number_is_refused() -> None:
    with pytest.raises(BadPin):
        new_pin("740918", BORN, ("0177409182",))
    assert new_pin("740918", BORN, ("", "0123456789")) == "740918"


@pytest.mark.parametrize("typed", ["740918", "740 918", "໗໔໐໙໑໘", " 740918 "])
def test_a_pin_as_people_type_it(typed: str) -> None:
    assert new_pin(typed, BORN) == "740918"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12 34 5", "-74091", "٧٤٠٩١٨"])
def test_a_pin_has_exactly_six_digits(typed: str) -> None:
    with pytest.raises(BadPin) as fault:
        clean_pin(typed)
    assert fault.value.code == "length"
