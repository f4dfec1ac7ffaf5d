"""An exact rate, such as 5.5 %, and the one rounding rule.

Rounding: half up to whole kip, per person and side (assumption A-05).
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self, TypeVar

# One rule for one person and for a column: a whole number, or a NumPy array of int64.
Whole = TypeVar("Whole")


@dataclass(frozen=True, slots=True)
class Rate:
    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if self.denominator <= 0 or self.numerator < 0:
            raise ValueError(f"{self.numerator}/{self.denominator} is not a rate")

    @classmethod
    def parse(cls, text: str) -> Self:
        """'5.5 %' or '5.5%' -> the exact rate 11/200. Raises ValueError for anything else, or above 100 %."""
        found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,4})?) ?%", text, re.ASCII)
        if not found:
            raise ValueError(f"{text!r} is not a rate such as '5.5 %'")
        exact = Fraction(found[1]) / 100
        if exact > 1:
            raise ValueError(f"{text!r} is above 100 %")
        return cls(exact.numerator, exact.denominator)

    def of(self, amount: Whole) -> Whole:
        """This share of `amount` whole kip (>= 0), half up to whole kip. Takes an int or an int64 column."""
        # Whole parts first: amount * numerator could leave 64 bits in a column, this cannot.
        kip: Any = amount
        parts = kip // self.denominator
        rest = kip - parts * self.denominator
        half_up = (rest * (2 * self.numerator) + self.denominator) // (2 * self.denominator)
        return parts * self.numerator + half_up  # type: ignore[no-any-return]

    def __add__(self, other: "Rate") -> "Rate":
        both = Fraction(self.numerator, self.denominator) + Fraction(other.numerator, other.denominator)
        return Rate(both.numerator, both.denominator)

    def __bool__(self) -> bool:
        return self.numerator != 0

    @property
    def lao(self) -> str:
        """'5,5 %': Lao forms write a comma before decimals."""
        return str(self).replace(".", ",")

    def __str__(self) -> str:
        whole, rest = divmod(Fraction(self.numerator * 100, self.denominator), 1)
        decimals = f"{int(rest * 10_000):04d}".rstrip("0")
        return f"{whole}.{decimals} %" if decimals else f"{whole} %"
