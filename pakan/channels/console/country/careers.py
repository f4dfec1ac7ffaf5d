"""Who works where from when to when, and for how much: a firm's people as columns."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from pakan.channels.console.country.dice import Dice, scattered
from pakan.channels.console.country.firms import Firm
from pakan.channels.console.country.names import a_name, a_phone
from pakan.law.contributions.rule import Column
from pakan.units.month import Month

STAYS = 10_000  # as a last month: still there
STEP = 10_000  # wages are agreed in steps of 10,000 kip


@dataclass
class Crew:
    """Everybody who ever works for a firm. Months count from the history's first; `ids` and `numbers` come with registration."""

    firm: Firm
    people: list[dict[str, Any]]
    first: Column
    last: Column
    base: Column
    raise_percent: Column
    ids: Column
    numbers: list[str]

    def at_work(self, month: int) -> Column:
        """The places of those at work in a month."""
        return np.flatnonzero((self.first <= month) & (self.last >= month))

    def wages(self, month: int, places: Column) -> Column:
        """Kip for the month: the agreed wage with a raise each year, and overtime that comes and goes."""
        years = (month + places % 12) // 12  # everybody has an own month of the raise
        agreed = self.base[places] * (100 + self.raise_percent[places] * years) // 100
        luck = scattered(places, month + 1, 10)
        overtime = agreed * np.where(luck < 3, scattered(places, month + 101, 15), 0) // 100
        return np.asarray((agreed + overtime) // STEP * STEP, dtype=np.int64)


def crew(firm: Firm, start: Month, months: int) -> Crew:
    """The people of a firm over the whole history; a seat that becomes free is taken in the next month."""
    dice = Dice(f"pakan crew {firm.code}")
    count = firm.size + firm.leavers
    first, last = np.full(count, firm.first, dtype=np.int64), np.full(count, STAYS, dtype=np.int64)
    for turn in range(firm.leavers):
        leaver = _leaver(dice, firm, last, turn)
        end = dice.between(int(first[leaver]) + 1, max(months - 2, int(first[leaver]) + 1))
        last[leaver], first[firm.size + turn] = end, end + 1
    return Crew(
        firm=firm,
        people=[_person(dice, firm, start) for _ in range(count)],
        first=first,
        last=last,
        base=np.array([_wage(dice, firm) for _ in range(count)], dtype=np.int64),
        raise_percent=np.array([dice.pick((0, 3, 4, 5, 8)) for _ in range(count)], dtype=np.int64),
        ids=np.zeros(count, dtype=np.int64),
        numbers=[],
    )


def _leaver(dice: Dice, firm: Firm, last: Column, turn: int) -> int:
    """Somebody of the first hour who has not left yet."""
    while True:
        leaver = dice.below(firm.size)
        if last[leaver] == STAYS or turn >= firm.size:
            return leaver


def _wage(dice: Dice, firm: Firm) -> int:
    """Most near the lower end; a few foremen and managers well above; a part-timer now and then below the floor."""
    least, most = firm.wage
    if dice.chance(5):
        return dice.between(4_000_000, 12_000_000)
    if dice.chance(1) and firm.scheme == "enterprise":
        return dice.between(1_400_000, 2_400_000)
    span = most - least
    return least + min(dice.below(span), dice.below(span))


def _person(dice: Dice, firm: Firm, start: Month) -> dict[str, Any]:
    name = a_name(dice)
    age = 18 * 365 + min(dice.below(38 * 365), dice.below(38 * 365))
    return {
        "given_name": name.given,
        "family_name": name.family,
        "name_latin": name.latin,
        "birth_date": birth(start, age + 40),
        "sex": "f" if dice.chance(firm.women) else "m",
        "phone": a_phone(dice) if dice.chance(95) else "",
        "district_id": firm.district,
    }


def birth(start: Month, days: int) -> date:
    return start.first - timedelta(days=days)
