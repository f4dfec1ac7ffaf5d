"""The groups of values and how each value is typed: kip, a rate, a whole number, several numbers, or a choice."""

import re
import types
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from pakan.operations.decree.wrong import Fault, WrongEntry
from pakan.operations.law_in_force import HISTORIES, HOLIDAYS
from pakan.units.money import Kip, NotKip, read_kip
from pakan.units.number import latin_digits
from pakan.units.rate import Rate

GROUPS: tuple[str, ...] = (*HISTORIES, HOLIDAYS)
Kind = Literal["kip", "rate", "number", "numbers", "choice", "days", "words"]
Value = int | str | list[int] | list[str]
NOTHING = "none"  # as the histories write it: from now on there is no such value
MOST_DAYS = 30


@dataclass(frozen=True)
class Field:
    """One value of a group. `may_end`: it can be taken away (typed as a dash)."""

    name: str
    kind: Kind
    may_end: bool = False
    choices: tuple[str, ...] = ()


_HOLIDAY_FIELDS = (Field("days", "days"), Field("name_lo", "words"), Field("name_en", "words"))


def fields_of(group: str) -> tuple[Field, ...]:
    """The values of a group that can be changed, in the order of its type. Raises KeyError for no group."""
    if group == HOLIDAYS:
        return _HOLIDAY_FIELDS
    kind = HISTORIES[group].kind
    hints = get_type_hints(kind)
    found = [_field(field.name, hints[field.name]) for field in fields(cast(Any, kind))]
    return tuple(field for field in found if field.kind != "choice" or len(field.choices) > 1)


def _field(name: str, hint: Any) -> Field:
    may_end = False
    if get_origin(hint) in {Union, types.UnionType}:
        may_end = True
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is Literal:
        return Field(name, "choice", may_end, tuple(map(str, get_args(hint))))
    if get_origin(hint) is tuple:
        return Field(name, "numbers", may_end)
    kinds: dict[Any, Kind] = {Kip: "kip", Rate: "rate", int: "number"}
    return Field(name, kinds[hint], may_end)


def read_values(group: str, typed: dict[str, str]) -> dict[str, Value]:
    """The values that were typed; what is empty stays as it is. Raises WrongEntry with every fault."""
    values: dict[str, Value] = {}
    faults: dict[str, list[Fault]] = {}
    for field in fields_of(group):
        text = typed.get(field.name, "").strip()
        if not text:
            if group == HOLIDAYS:
                faults[field.name] = [Fault("missing")]
            continue
        try:
            values[field.name] = _read(field, text)
        except NotKip as wrong:
            faults[field.name] = [Fault(f"kip_{wrong.code}")]
        except ValueError as wrong:
            faults[field.name] = [Fault(str(wrong))]
    if not values and not faults:
        faults[""] = [Fault("nothing_changes")]
    if faults:
        raise WrongEntry(faults)
    return values


def _read(field: Field, text: str) -> Value:
    """Raises NotKip, or ValueError whose text is the fault's code."""
    if text in {"-", "–", "—", NOTHING}:
        if not field.may_end:
            raise ValueError("cannot_end")
        return NOTHING
    if field.kind == "kip":
        return int(read_kip(text))
    if field.kind == "rate":
        return _rate(text)
    if field.kind == "number":
        return _number(text)
    if field.kind == "numbers":
        return sorted({_number(part) for part in re.split(r"[,;\s]+", text) if part})
    if field.kind == "days":
        return _days(text)
    if field.kind == "choice" and text not in field.choices:
        raise ValueError("not_a_choice")
    return text[:100]


def _rate(text: str) -> str:
    """'5,5', '5.5%' or '5.5 %', Lao digits too -> '5.5 %'."""
    bare = latin_digits(text).replace(",", ".").replace("%", "").strip()
    try:
        return str(Rate.parse(f"{bare} %"))
    except ValueError as wrong:
        raise ValueError("not_a_rate") from wrong


def _number(text: str) -> int:
    digits = latin_digits(text)
    if not re.fullmatch(r"\d{1,4}", digits, re.ASCII):
        raise ValueError("not_a_number")
    return int(digits)


def _days(text: str) -> list[str]:
    """Days as 2026-12-03 or 3/12/2026, apart by commas, spaces or lines."""
    found = {_day(part) for part in re.split(r"[,;\s]+", latin_digits(text)) if part}
    if len(found) > MOST_DAYS:
        raise ValueError("too_many_days")
    return sorted(day.isoformat() for day in found)


def _day(text: str) -> date:
    try:
        written = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text, re.ASCII)
        if written:
            return date(int(written[3]), int(written[2]), int(written[1]))
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise ValueError("not_a_day") from wrong
