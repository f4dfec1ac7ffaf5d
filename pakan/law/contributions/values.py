"""What the law says about contributions, as typed values through time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pakan.law.dated import History, dated
from pakan.units.money import Kip
from pakan.units.rate import Rate

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Enterprise:
    """`floor`: the amount of the old decrees. The two rates say which part of the minimum wage is asked
    for, and which part is insured at least."""

    employer: Rate
    worker: Rate
    ceiling: Kip | None
    floor: Kip | None
    floor_of_minimum_wage: Rate | None = None
    lowest_of_minimum_wage: Rate | None = None


@dataclass(frozen=True, slots=True)
class Public:
    """`employer` is the State."""

    employer: Rate
    worker: Rate
    ceiling: Kip | None


@dataclass(frozen=True, slots=True)
class Voluntary:
    """`months_ahead`: for how many months may be paid at once. Ages in years, at entry."""

    worker: Rate
    months_ahead: tuple[int, ...]
    income_floor: Kip | None = None
    income_ceiling: Kip | None = None
    min_age: int | None = None
    max_age: int | None = None


@dataclass(frozen=True, slots=True)
class MinimumWage:
    """A month. `living_allowance`: for unskilled workers, in addition."""

    amount: Kip
    days_a_month: int | None = None
    days_a_week: int | None = None
    hours_a_day: int | None = None
    living_allowance: Kip | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    min_workers: int
    enterprise_deadline_days: int | None = None
    foreigner_min_stay_months: int | None = None
    processing_working_days: int | None = None


@dataclass(frozen=True, slots=True)
class Branches:
    """The enterprise total by branch: internal reports only (A-04)."""

    work_injury: Rate
    unemployment: Rate
    rest: Rate


@dataclass(frozen=True, slots=True)
class Rounding:
    """'half up': to whole kip, per person and side, before totals; `Rate.of` does it."""

    rule: Literal["half up"]


@dataclass(frozen=True, slots=True)
class Law:
    """All histories that contributions read. Another Law (with a decree more) rehearses a reform."""

    enterprise: History[Enterprise]
    public: History[Public]
    voluntary: History[Voluntary]
    minimum_wage: History[MinimumWage]
    rounding: History[Rounding]


LAW = Law(
    enterprise=dated(Enterprise, HERE / "enterprise.toml"),
    public=dated(Public, HERE / "public.toml"),
    voluntary=dated(Voluntary, HERE / "voluntary.toml"),
    minimum_wage=dated(MinimumWage, HERE / "minimum_wage.toml"),
    rounding=dated(Rounding, HERE / "rounding.toml"),
)
REGISTRATION = dated(Registration, HERE / "registration.toml")
BRANCHES = dated(Branches, HERE / "branches.toml")
