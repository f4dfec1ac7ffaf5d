"""The values of both pension rules. Ages and `*_years` in years, `*_months` in months; None: not known at that time."""

from dataclasses import dataclass
from typing import Literal

from pakan.units.money import Kip
from pakan.units.rate import Rate


@dataclass(frozen=True, slots=True)
class Values:
    """Names with `public_`, `special_`, `credit_` and `lump_sum_rate` belong to the public scheme."""

    age_men: int
    age_women: int
    qualifying_months: int
    accrual: Rate
    reference_months: int
    points_when_unknown: Literal["one a year"]
    early_age: int | None = None
    deferred_age: int | None = None
    women_may_work_to: int | None = None
    age_note: str | None = None
    hazardous_age_men: int | None = None
    hazardous_age_women: int | None = None
    hazardous_years: int | None = None
    early_years: int | None = None
    maximum: Rate | None = None
    lump_sum_when_short: Kip | None = None
    indexation: Rate | None = None
    part_years: Literal["rounded up"] | None = None
    public_age_men: int | None = None
    public_age_women: int | None = None
    public_age_latest: int | None = None
    public_service_years: int | None = None
    public_short_age_years: int | None = None
    public_short_service_years: int | None = None
    public_points_per_year: int | None = None
    special_age_men: int | None = None
    special_age_women: int | None = None
    special_service_years: int | None = None
    special_hazardous_years: int | None = None
    credit_for_each_years: int | None = None
    public_formula: str | None = None
    public_full: Rate | None = None
    percent_table: str | None = None
    lump_sum_rate: Rate | None = None
    lump_sum_tenths: int | None = None
