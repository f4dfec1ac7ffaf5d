"""An exact rate, such as 5.5 %, and the one rounding rule.

Rounding: half up to whole kip, per person and side (assumption A-05).
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Self, TypeVar

import re

# One rule for one person and for a column: a whole number, or a NumPy array of int64.
Whole = TypeVar("Whole")


@dataclass(frozen=True, slots=True)
class Rate:
    numerator: int
    denominator: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """'5.5 %' or '5.5%' -> the exact rate 11/200. Raises ValueError for anything else, or outside 0..100 %."""
        found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,4})?) ?%", text, re.ASCII)
        if not found:
            raise ValueError(f"{text!r} is not a rate such as '5.5 %'")
        exact = Fraction(found[1]) / 100
        if exact > 1:
            raise ValueError(f"{text!r} is above 100 %")
        return cls(exact.numerator, exact.denominator)

    def of(self, amount: Whole) -> Whole:
        """This share of `amount` whole kip (>= 0), half up to whole kip. Accepts an int or an int64 column."""
        half_up = amount * (2 * self.numerator) + self.denominator  # type: ignore[operator]
        return half_up // (2 * self.denominator)  # type: ignore[no-any-return]

    def __str__(self) -> str:
        percent = Fraction(self.numerator, self.denominator) * 100
        whole = f"{float(percent):.4f}".rstrip("0").rstrip(".")
        return f"{whole} %"
