"""Contributions: the wage counts between a floor and a ceiling, and each side pays its share of it.

One rule prices one worker (an int) and a whole file (an int64 column); nothing here branches on a wage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Generic, Literal, TypeVar, cast, overload

import numpy as np
from numpy.typing import NDArray

from pakan.law.contributions.values import LAW, Enterprise, Law
from pakan.law.dated import Source
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.rate import Rate

Scheme = Literal["enterprise", "public", "voluntary"]
SCHEMES: tuple[Scheme, ...] = ("enterprise", "public", "voluntary")
Standing = Literal["ok", "under_half_floor", "under_floor", "over_ceiling"]
STANDINGS: tuple[Standing, ...] = ("ok", "under_half_floor", "under_floor", "over_ceiling")

Column = NDArray[np.int64]
Amount = TypeVar("Amount", Kip, Column)

NO_RATE = Rate(0, 1)
NO_KIP = Kip(0)


@dataclass(frozen=True, slots=True)
class Rates:
    """What applies to one scheme and month. Kip a month; 0 as `floor` or `lowest` means there is none.

    `lowest`: a smaller wage is lifted to it. `floor`: a smaller wage counts as declared, with a reason.
    `ceiling`: what lies above is not insured. `sources` tells who set each value.
    """

    employer: Rate
    worker: Rate
    ceiling: Kip | None = None
    floor: Kip = NO_KIP
    lowest: Kip = NO_KIP
    sources: Mapping[str, Source] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.lowest <= self.floor or (self.ceiling is not None and self.ceiling < self.floor):
            raise ValueError(
                f"lowest {self.lowest}, floor {self.floor}, ceiling {self.ceiling} are out of order"
            )

    @property
    def total(self) -> Rate:
        """Both sides together: derived, never stored."""
        return self.employer + self.worker


@dataclass(frozen=True, slots=True)
class Due(Generic[Amount]):
    """For one wage, or for a column of wages."""

    insured: Amount
    employer: Amount
    worker: Amount

    @property
    def total(self) -> Amount:
        return cast(Amount, self.employer + self.worker)


@overload
def due(wage: Kip, rates: Rates) -> Due[Kip]: ...
@overload
def due(wage: Column, rates: Rates) -> Due[Column]: ...
def due(wage: Any, rates: Rates) -> Any:
    """What is owed for one month's declared wage, rounded per person and side (A-05).

    A wage of 0 means no insured employment in the month: nothing is owed. Raises ValueError below zero, and
    TypeError for anything but an int or an int64 column.
    """
    _refuse_wrong(wage)
    insured = _larger(wage, rates.lowest)
    if rates.ceiling is not None:
        insured = _smaller(insured, rates.ceiling)
    insured = insured * (wage > 0)
    return Due(insured, rates.employer.of(insured), rates.worker.of(insured))


@overload
def standing_code(wage: Kip, rates: Rates) -> int: ...
@overload
def standing_code(wage: Column, rates: Rates) -> Column: ...
def standing_code(wage: Any, rates: Rates) -> Any:
    """Where a wage stands between floor and ceiling: a place in STANDINGS, for one wage or a column."""
    _refuse_wrong(wage)
    some = wage > 0
    over = (wage > rates.ceiling) * 3 if rates.ceiling is not None else 0
    return some * (wage < rates.lowest) * 1 + some * (wage >= rates.lowest) * (wage < rates.floor) * 2 + over


def standing(wage: Kip, rates: Rates) -> Standing:
    """'under_half_floor': lifted to `lowest`; 'under_floor': needs a reason; 'over_ceiling': cut; or 'ok'."""
    return STANDINGS[standing_code(wage, rates)]


def _refuse_wrong(wage: object) -> None:
    column = isinstance(wage, np.ndarray) and wage.dtype == np.int64
    if not column and (isinstance(wage, bool) or not isinstance(wage, int)):
        raise TypeError("wages are whole kip: an int, or a column of int64")
    least = wage.min(initial=0) if isinstance(wage, np.ndarray) else wage
    if cast(int, least) < 0:
        raise ValueError("a wage below zero")


# Written out, because min and max of one number and of a column are different functions.
def _larger(amount: Any, bound: Kip) -> Any:
    return amount * (amount >= bound) + bound * (amount < bound)


def _smaller(amount: Any, bound: Kip) -> Any:
    return amount * (amount <= bound) + bound * (amount > bound)


@cache
def rates_for(scheme: Scheme, month: Month, law: Law = LAW) -> Rates:
    """The rates in force on the first day of the wage month. Raises NoLawYet; ValueError for no scheme."""
    day = month.first
    if scheme == "enterprise":
        return _enterprise(law, day)
    if scheme == "public":
        state = law.public.on(day)
        sources = {name: law.public.sources(name, day) for name in ("employer", "worker", "ceiling")}
        return _rates(law, day, sources, state.employer, state.worker, state.ceiling)
    if scheme == "voluntary":
        return _voluntary(law, day)
    raise ValueError(f"{scheme!r} is none of {SCHEMES}")


def _rates(
    law: Law, day: date, sources: dict[str, Source], employer: Rate, worker: Rate, ceiling: Kip | None,
    floor: Kip = NO_KIP, lowest: Kip = NO_KIP,
) -> Rates:  # fmt: skip
    rounding = {"rounding": law.rounding.sources("rule", day)}
    return Rates(employer, worker, ceiling, floor, lowest, MappingProxyType(sources | rounding))


def _enterprise(law: Law, day: date) -> Rates:
    values = law.enterprise.on(day)
    sources = {name: law.enterprise.sources(name, day) for name in ("employer", "worker", "ceiling")}
    floor = _bound(values, "floor_of_minimum_wage", law, day, sources, "floor")
    lowest = _bound(values, "lowest_of_minimum_wage", law, day, sources, "lowest")
    if values.floor is not None:  # the old decrees: one amount, below which every wage was lifted
        sources |= dict.fromkeys(("floor", "lowest"), law.enterprise.sources("floor", day))
        floor = lowest = values.floor
    return _rates(
        law, day, sources, values.employer, values.worker, values.ceiling, Kip(max(floor, lowest)), lowest
    )


def _bound(values: Enterprise, name: str, law: Law, day: date, sources: dict[str, Source], bound: str) -> Kip:
    part: Rate | None = getattr(values, name)
    if part is None:
        return Kip(0)
    sources[bound] = law.enterprise.sources(name, day)
    sources["minimum_wage"] = law.minimum_wage.sources("amount", day)
    return part.of(law.minimum_wage.on(day).amount)


def _voluntary(law: Law, day: date) -> Rates:
    values = law.voluntary.on(day)
    named = {
        "worker": "worker",
        "floor": "income_floor",
        "lowest": "income_floor",
        "ceiling": "income_ceiling",
    }
    known = {name for name in named if name == "worker" or getattr(values, named[name]) is not None}
    sources = {name: law.voluntary.sources(named[name], day) for name in sorted(known)}
    floor = values.income_floor or Kip(0)
    return _rates(law, day, sources, NO_RATE, values.worker, values.income_ceiling, floor, floor)
