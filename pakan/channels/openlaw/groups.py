"""The legal values by group: which histories there are, what each value is called, and when it changed.

The split of contributions by branch is not among them: it is an inference for internal reports (A-04).
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pakan.law.benefits import all_names, named
from pakan.law.care.terms import TERMS as CARE
from pakan.law.common import COMMON
from pakan.law.contributions.values import REGISTRATION
from pakan.law.dated import History, Source
from pakan.law.decision import Sentence
from pakan.law.recovery.rule import RECOVERY
from pakan.operations.law_in_force import InForce
from pakan.units.money import Kip, dotted
from pakan.units.rate import Rate

WORDS: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(
    Path(__file__).with_name("value_words.toml").read_text(encoding="utf-8")
)
ValueKind = Literal["kip", "rate", "whole", "list", "text"]
KINDS: dict[Any, ValueKind] = {Kip: "kip", Rate: "rate", int: "whole"}
# Those that a decree may change are read with the decrees in force.
BY_DECREE = ("enterprise", "public", "voluntary", "minimum_wage", "surcharges", "due_days")
OURS = (*BY_DECREE, "registration", "rounding", "common", "recovery", "care")


@dataclass(frozen=True, slots=True)
class Change:
    """From `source.date` on the value is `value`; None: there is none."""

    value: Any
    source: Source


@dataclass(frozen=True, slots=True)
class Value:
    """One legal value through time, oldest change first."""

    name: str
    kind: ValueKind
    title: Sentence
    changes: tuple[Change, ...]

    def on(self, day: date) -> Change | None:
        """The change in force on `day`."""
        return next((each for each in reversed(self.changes) if each.source.date <= day), None)


@dataclass(frozen=True, slots=True)
class Group:
    """Values that stand in one history. `benefit`: whether it belongs to a benefit of that name."""

    name: str
    title: Sentence
    benefit: bool
    values: tuple[Value, ...]


def all_groups() -> tuple[str, ...]:
    return (*OURS, *all_names())


@lru_cache(maxsize=256)
def group(name: str, law: InForce) -> Group:
    """Raises KeyError for an unknown name."""
    if name not in all_groups():
        raise KeyError(name)
    title = Sentence(**WORDS["group"][name]) if name in OURS else named(name).title
    return Group(name, title, name not in OURS, tuple(_values(name, _history(name, law))))


def _history(name: str, law: InForce) -> History[Any]:
    if name in BY_DECREE:
        return law.history(name)
    others: Mapping[str, History[Any]] = {
        "registration": REGISTRATION,
        "rounding": law.law.rounding,
        "common": COMMON,
        "recovery": RECOVERY,
        "care": CARE,
    }
    return others[name] if name in others else named(name).values


def _values(group_name: str, history: History[Any]) -> Iterator[Value]:
    hints = get_type_hints(history.kind)
    set_by: dict[str, list[Change]] = {}
    for block in history.blocks:
        for name, value in block.values.items():
            set_by.setdefault(name, []).append(Change(value, block.source))
    for name in hints:
        if name in set_by:
            yield Value(name, _kind(hints[name]), title_of(group_name, name), tuple(set_by[name]))


def _kind(hint: Any) -> ValueKind:
    if get_origin(hint) is tuple:
        return "list"
    parts = [part for part in get_args(hint) if part is not type(None)] or [hint]
    return KINDS.get(parts[0], "text")


def title_of(group_name: str, name: str) -> Sentence:
    """What a value is called; by its own name where no better words are written down."""
    words = WORDS["value"]
    found = words.get(f"{group_name}.{name}") or words.get(name)
    return Sentence(**found) if found else Sentence(name, name)


def shown(kind: ValueKind, value: Any, language: str) -> str:
    """One value in words."""
    if value is None:
        return WORDS["text"]["none"][language]
    if kind == "kip":
        return f"{dotted(value)} ກີບ" if language == "lo" else f"{value:,} kip"
    if kind == "rate":
        return value.lao if language == "lo" else str(value)
    if kind == "list":
        return ", ".join(str(each) for each in value)
    if kind == "whole":
        return str(value)
    said = WORDS["text"].get(str(value))
    return said[language] if said else str(value)


@dataclass(frozen=True, slots=True)
class Resting:
    """A value that rests on an assumption."""

    group: Group
    value: Value
    change: Change


def resting_on(number: str, law: InForce) -> list[Resting]:
    """Every value that an assumption was needed for."""
    return [
        Resting(each, value, change)
        for each in (group(name, law) for name in all_groups())
        for value in each.values
        for change in value.changes
        if change.source.assumption == number
    ]


def benefits_resting_on(number: str, law: InForce) -> list[str]:
    """The benefits whose own values, or whose list of papers, rest on an assumption."""
    of_values = {each.group.name for each in resting_on(number, law) if each.group.benefit}
    of_papers = {
        name for name in all_names() if any(number == each.assumption for each in named(name).evidence)
    }
    return sorted(of_values | of_papers)
