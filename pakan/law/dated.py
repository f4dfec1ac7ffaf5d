"""Histories of legal values: since when, how much, by which text.

A history is a TOML file of `[[since]]` blocks, each one legal instrument that states only what it changed;
the rest carries forward. It becomes frozen typed values, so a missing, unknown or ill-typed name fails when
the program starts and never when money is reckoned. Decrees entered later are more blocks of the same form.
"""

import tomllib
import types
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pakan.units.money import Kip, kip
from pakan.units.rate import Rate

T = TypeVar("T")
Confidence = Literal["high", "medium", "low"]
CONFIDENCES: tuple[Confidence, ...] = ("high", "medium", "low")
_ABOUT = ("date", "cite", "confidence", "assumption", "article", "url", "note")


class WrongHistory(ValueError):
    """A history that cannot be trusted: the message names the block and what is wrong with it."""


class NoLawYet(ValueError):
    """Asked about a day before the first known value."""

    def __init__(self, first_day: date) -> None:
        super().__init__(f"no value is known before {first_day.isoformat()}")
        self.first_day = first_day


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from. An `assumption` ("A-14") means that no text was found."""

    date: date
    cite: str
    confidence: Confidence
    assumption: str = ""
    article: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One instrument: its source and the values that it set."""

    source: Source
    values: Mapping[str, object]


class History(Generic[T]):
    """The values of `kind` through time."""

    def __init__(self, kind: type[T], raw: Iterable[Mapping[str, object]]) -> None:
        self.kind = kind
        self._hints = get_type_hints(kind)
        self.blocks: tuple[Block, ...] = tuple(
            sorted((self._block(block) for block in raw), key=lambda block: block.source.date)
        )
        if not self.blocks:
            raise WrongHistory(f"{kind.__name__}: no block at all")
        self._days: list[date] = []
        self._values: list[T] = []
        self._sources: list[Mapping[str, Source]] = []
        self._carry_forward()

    @property
    def first_day(self) -> date:
        return self._days[0]

    def on(self, day: date) -> T:
        """The values in force on `day`. Raises NoLawYet."""
        return self._values[self._at(day)]

    def sources(self, name: str, on: date) -> Source:
        """Who set value `name` as it stood on that day. Raises NoLawYet; KeyError if nobody ever set it."""
        return self._sources[self._at(on)][name]

    def with_blocks(self, extra: Sequence[Mapping[str, object]]) -> "History[T]":
        """This history with decrees entered later. Raises WrongHistory as the loading does."""
        return History(self.kind, [*map(_raw, self.blocks), *extra]) if extra else self

    def _at(self, day: date) -> int:
        place = bisect_right(self._days, day) - 1
        if place < 0:
            raise NoLawYet(self.first_day)
        return place

    def _block(self, raw: Mapping[str, object]) -> Block:
        source = _source(raw, self.kind.__name__)
        values = {name: value for name, value in raw.items() if name not in _ABOUT}
        unknown = sorted(values.keys() - self._hints.keys())
        if unknown or not values:
            raise WrongHistory(f"{self.kind.__name__} {source.date}: unknown names {unknown} or no value")
        typed = {name: self._typed(source.date, name, value) for name, value in values.items()}
        return Block(source, types.MappingProxyType(typed))

    def _typed(self, day: date, name: str, value: object) -> object:
        try:
            return _read(self._hints[name], value)
        except (TypeError, ValueError) as wrong:
            raise WrongHistory(f"{self.kind.__name__} {day}: {name} = {value!r}: {wrong}") from wrong

    def _carry_forward(self) -> None:
        values: dict[str, Any] = {
            field.name: field.default
            for field in fields(cast(Any, self.kind))
            if field.default is not MISSING
        }
        sources: dict[str, Source] = {}
        for place, block in enumerate(self.blocks):
            day = block.source.date
            again = [name for name in block.values if name in sources and sources[name].date == day]
            if again:
                raise WrongHistory(f"{self.kind.__name__} {day}: {again} set twice on one day")
            values.update(block.values)
            sources.update(dict.fromkeys(block.values, block.source))
            if place + 1 < len(self.blocks) and self.blocks[place + 1].source.date == day:
                continue  # several instruments may begin on one day
            missing = sorted(self._hints.keys() - values.keys())
            if missing:
                raise WrongHistory(f"{self.kind.__name__} {day}: nothing says {missing}")
            self._days.append(day)
            self._values.append(self.kind(**values))
            self._sources.append(types.MappingProxyType(dict(sources)))


def dated(kind: type[T], path: Path, extra: Sequence[Mapping[str, object]] = ()) -> History[T]:
    """The history in a TOML file, with `extra` blocks. Raises WrongHistory."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    if content.keys() != {"since"}:
        raise WrongHistory(f"{path.name}: only [[since]] blocks are read, found {sorted(content)}")
    return History(kind, [*content["since"], *extra])


def _source(raw: Mapping[str, object], whose: str) -> Source:
    day = raw.get("date")
    day = date.fromisoformat(day) if isinstance(day, str) else day
    if not isinstance(day, date) or isinstance(day, datetime):
        raise WrongHistory(f"{whose}: a block without a date")
    about = {name: raw.get(name, "") for name in _ABOUT if name != "date"}
    texts = {name: text for name, text in about.items() if isinstance(text, str)}
    if len(texts) < len(about) or not texts["cite"].strip():
        raise WrongHistory(f"{whose} {day}: every block needs a citation, in text")
    confidence = next((level for level in CONFIDENCES if level == texts["confidence"]), None)
    if confidence is None:
        raise WrongHistory(f"{whose} {day}: confidence is one of {CONFIDENCES}")
    rest = {name: text for name, text in texts.items() if name not in {"cite", "confidence"}}
    return Source(date=day, cite=texts["cite"], confidence=confidence, **rest)


def _raw(block: Block) -> Mapping[str, object]:
    about = {name: getattr(block.source, name) for name in _ABOUT}
    written = {name: "none" if value is None else value for name, value in block.values.items()}
    return about | written


def _read(hint: Any, value: object) -> object:
    """One value as its type. TOML has no "nothing", so 'none' ends a value that may be absent."""
    if get_origin(hint) in {Union, types.UnionType}:
        if value == "none":
            return None
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise ValueError(f"one of {get_args(hint)}")
        return value
    if get_origin(hint) is tuple:
        return _whole_numbers(value)
    if hint is Rate:
        return value if isinstance(value, Rate) else Rate.parse(str(value))
    if hint is Kip:
        return _not_negative(kip(value))  # type: ignore[arg-type]
    if hint is int:
        return _not_negative(value)
    if hint is str and isinstance(value, str):
        return value
    raise TypeError(f"not a {hint}")


def _not_negative(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("a whole number, not below zero")
    return value


def _whole_numbers(value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError("a list of whole numbers")
    return tuple(_not_negative(part) for part in value)
