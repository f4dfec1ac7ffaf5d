"""Working days. Holidays: Decree on Holidays 386 (revised 15 Dec 2017) and the yearly notices of the banks.

8 March is a holiday for women only, so offices and banks are open and it is a working day here. The banks'
own holidays (7 October, the last three working days of the year) matter where money must move: nobody can
pay on them.
"""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

Category = Literal["public", "bank"]

# The fixed days of the decree, for years without a list.
_FIXED = {
    (1, 1): ("ວັນປີໃໝ່ສາກົນ", "New Year's Day"),
    (4, 14): ("ບຸນປີໃໝ່ລາວ", "Lao New Year's Day"),
    (4, 15): ("ບຸນປີໃໝ່ລາວ", "Lao New Year's Day"),
    (4, 16): ("ບຸນປີໃໝ່ລາວ", "Lao New Year's Day"),
    (5, 1): ("ວັນກຳມະກອນສາກົນ", "International Labor Day"),
    (12, 2): ("ວັນຊາດ", "Lao National Day"),
}


@dataclass(frozen=True, slots=True)
class Holiday:
    """`women_only`: 8 March. `in_lieu`: given because the holiday itself fell on a weekend."""

    day: date
    lo: str
    en: str
    category: Category
    in_lieu: bool
    women_only: bool
    confidence: str


def _rows() -> Iterator[Holiday]:
    path = Path(__file__).with_name("holidays.csv")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Holiday(
                day=date.fromisoformat(row["date"]),
                lo=row["name_lo"],
                en=row["name_en"],
                category="bank" if row["category"] == "bank" else "public",
                in_lieu=row["in_lieu"] == "yes",
                women_only=row["applies_to"] == "women only",
                confidence=row["confidence"],
            )


HOLIDAYS: tuple[Holiday, ...] = tuple(sorted(_rows(), key=lambda holiday: holiday.day))
YEARS_LISTED = frozenset(holiday.day.year for holiday in HOLIDAYS)


@cache
def _closed() -> dict[date, Holiday]:
    closed = {holiday.day: holiday for holiday in HOLIDAYS if not holiday.women_only}
    # Where a public and a bank holiday share a day, the public one closes everything.
    return closed | {holiday.day: holiday for holiday in closed.values() if holiday.category == "public"}


def holiday_on(day: date, *, banks: bool = False) -> Holiday | None:
    """The holiday that closes offices on `day`, if there is one; with `banks`, also one that closes only banks.

    Before 2018 and after 2030 no list is known: there the fixed days of the decree count (confidence low).
    """
    if day.year not in YEARS_LISTED:
        names = _FIXED.get((day.month, day.day))
        return (
            Holiday(day, *names, "public", in_lieu=False, women_only=False, confidence="low")
            if names
            else None
        )
    found = _closed().get(day)
    return found if found and (banks or found.category == "public") else None


def is_working_day(day: date, extra_holidays: Collection[date] = (), *, banks: bool = False) -> bool:
    """Monday to Friday and no holiday, nor a day that staff added. `banks`: banks must be open too."""
    return day.weekday() < 5 and day not in extra_holidays and holiday_on(day, banks=banks) is None


def next_working_day(day: date, extra_holidays: Collection[date] = (), *, banks: bool = False) -> date:
    """`day` itself, or the first working day after it."""
    while not is_working_day(day, extra_holidays, banks=banks):
        day += timedelta(days=1)
    return day
