"""The numbers of terms.toml, read once."""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pakan.law.contributions.values import REGISTRATION


@dataclass(frozen=True)
class Terms:
    """Days without a touch until the reminder and the end; papers by kind of unit (A-16)."""

    days_to_reminder: int
    days_to_expiry: int
    papers: dict[str, list[str]]


@functools.cache
def terms() -> Terms:
    return Terms(**tomllib.loads(Path(__file__).with_name("terms.toml").read_text(encoding="utf-8")))


def late_days(first_hire: date, today: date) -> int:
    """How many days a unit asks later than it should (A-15: 30 days from the first hire); 0 in time. Nothing follows from it."""
    allowed = REGISTRATION.on(today).enterprise_deadline_days or 0
    return max(0, (today - first_hire).days - allowed)
