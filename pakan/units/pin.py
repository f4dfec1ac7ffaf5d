"""The six digits that a person keeps in his head, and which of them others guess first."""

import itertools
import re
from collections.abc import Iterable
from datetime import date

from pakan.units.number import latin_digits

LENGTH = 6


class BadPin(ValueError):
    """Not a PIN to keep: `code` is 'length' or 'easy', for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean_pin(text: str) -> str:
    """Six Latin digits out of what was typed; gaps and Lao digits are welcome. Raises BadPin 'length'."""
    digits = "".join(latin_digits(text).split())
    if not re.fullmatch(rf"\d{{{LENGTH}}}", digits, re.ASCII):
        raise BadPin("length")
    return digits


def new_pin(text: str, birth_date: date | None, numbers: Iterable[str] = ()) -> str:
    """The PIN, unless others guess it: a pattern, the birth date, or a piece of a known number. Raises BadPin."""
    pin = clean_pin(text)
    born = birth_date is not None and pin in _days(birth_date)
    if _is_pattern(pin) or born or any(pin in number for number in numbers):
        raise BadPin("easy")
    return pin


def _is_pattern(pin: str) -> bool:
    """One, two or three digits again and again, a mirror of pairs, or an even climb or fall."""
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    repeats = any(pin == pin[:size] * (LENGTH // size) for size in (1, 2, 3))
    return repeats or len(steps) == 1 or len(set(pin)) < 3


def _days(day: date) -> set[str]:
    """How a birth date is written in six digits."""
    shapes = ("%d%m%y", "%m%d%y", "%y%m%d", "%y%d%m", "%Y%m", "%m%Y", "%Y%d", "%d%Y")
    written = {day.strftime(shape) for shape in shapes}
    buddhist = day.year + 543
    return written | {
        f"{day:%d%m}{buddhist % 100:02d}", f"{day:%m}{buddhist}", f"{buddhist}{day:%m}", f"{buddhist % 100:02d}{day:%m%d}"
    }  # fmt: skip
