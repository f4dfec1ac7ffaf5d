"""A calendar month: what contributions are declared, owed and credited for."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self


@dataclass(frozen=True, order=True, slots=True)
class Month:
    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError(f"month {self.month} is not between 1 and 12")
        if not 1900 <= self.year <= 2200:
            raise ValueError(f"year {self.year} is not between 1900 and 2200")

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """'2026-10' -> Month(2026, 10). Raises ValueError for anything else."""
        found = re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII)
        if not found:
            raise ValueError(f"{text!r} is not a month such as 2026-10")
        return cls(int(found[1]), int(found[2]))

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return (self + 1).first - timedelta(days=1)

    @property
    def number(self) -> int:
        """Months since year 0: two months subtract to a distance."""
        return self.year * 12 + self.month - 1

    def __add__(self, months: int) -> "Month":
        year, month = divmod(self.number + months, 12)
        return Month(year, month + 1)

    def __sub__(self, months: int) -> "Month":
        return self + -months

    def until(self, last: "Month") -> "list[Month]":
        """Every month from this one to `last`, both included; empty if `last` lies before."""
        return [self + ahead for ahead in range(last.number - self.number + 1)]

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
