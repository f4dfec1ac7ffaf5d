"""The values that all benefits share."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pakan.law.dated import dated
from pakan.law.insured import months_later


@dataclass(frozen=True, slots=True)
class Common:
    """`reference_months`: over how many months a wage is averaged. `daily_divisor`: days in a paid month."""

    rounding: Literal["half up"]
    unpaid_months_count: Literal["no"]
    several_employers: Literal["added"]
    daily_divisor: int
    claim_deadline_months: int | None = None
    processing_days: int | None = None
    objection_days: int | None = None
    reference_months: int | None = None
    reference_rule: str | None = None
    month_of_wage: str | None = None
    wage_replacing_at_once: int | None = None
    branches: str | None = None
    childcare: Literal["no"] | None = None


COMMON = dated(Common, Path(__file__).with_name("common.toml"))


def last_day_to_claim(event: date) -> date | None:
    """After it staff decide whether a claim is still taken: nobody loses a right by machine (A-22)."""
    months = COMMON.on(event).claim_deadline_months
    return months_later(event, months) if months is not None else None
