"""Every value of the law through time, by the name of its history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pakan.law.benefits import all_names, named
from pakan.law.calendar.due import DUE_DAYS
from pakan.law.care.terms import TERMS as CARE
from pakan.law.common import COMMON
from pakan.law.contributions.values import BRANCHES, LAW, REGISTRATION
from pakan.law.dated import History, Source
from pakan.law.recovery.rule import RECOVERY
from pakan.law.surcharges.rule import TERMS
from pakan.units.rate import Rate


@dataclass(frozen=True, slots=True)
class Since:
    """A value from the day of its source on. `value` None: ended, or known not to exist."""

    history: str
    name: str
    value: object
    source: Source

    def as_dict(self) -> dict[str, object]:
        """For JSON: rates as '5.5 %'."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        shown = str(value) if isinstance(value, Rate) else value
        about = {
            name: getattr(self.source, name)
            for name in ("cite", "article", "confidence", "assumption", "url", "note")
        }
        return {
            "history": self.history,
            "name": self.name,
            "since": self.source.date.isoformat(),
            "value": shown,
        } | about


def histories() -> Mapping[str, History[Any]]:
    """'contributions.enterprise', 'benefits.maternity' and so on."""
    found: dict[str, History[Any]] = {
        "contributions.enterprise": LAW.enterprise,
        "contributions.public": LAW.public,
        "contributions.voluntary": LAW.voluntary,
        "contributions.minimum_wage": LAW.minimum_wage,
        "contributions.rounding": LAW.rounding,
        "contributions.registration": REGISTRATION,
        "contributions.branches": BRANCHES,
        "calendar.due": DUE_DAYS,
        "surcharges": TERMS,
        "recovery": RECOVERY,
        "care": CARE,
        "benefits": COMMON,
    }
    return found | {f"benefits.{name}": named(name).values for name in all_names()}


def all_values() -> Iterable[Since]:
    """One line a value and change, oldest first in each history."""
    for name, history in histories().items():
        for block in history.blocks:
            for value_name, value in block.values.items():
                yield Since(name, value_name, value, block.source)
