"""A person as told in a TOML or JSON file, read into `Insured`; every problem is named, all at once.

    born = 1990-05-01
    sex = "f"
    months = [{ from = "2025-01", to = "2025-12", employer = "A", wage = 4_000_000 }]

A later line for the same month and employer corrects the earlier one. The insured wage follows from the law of the
month unless `insured` says it. `scheme` is enterprise and `paid` is true unless told.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any, TypeVar

from pakan.law.contributions.rule import SCHEMES, Scheme
from pakan.law.contributions.values import LAW, Law
from pakan.law.dated import NoLawYet
from pakan.law.insured import (
    FIRST_LAW,
    Child,
    Entry,
    Event,
    Family,
    Insured,
    Membership,
    Parent,
    Spouse,
    insured_wage,
    wrong_kip,
    wrong_scheme,
)  # fmt: skip
from pakan.law.wrong import Problem, WrongSituation
from pakan.units.money import KIP_LIMIT, Kip
from pakan.units.month import Month
from pakan.units.words import english_date, lao_date

T = TypeVar("T")
TOP = {"born", "sex", "months", "memberships", "family", "events", "died"}
LINE = {"month", "from", "to", "employer", "wage", "insured", "scheme", "paid"}


class Reader:
    """Gathers the problems of one file."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.found: list[Problem] = []

    def day(self, field: str, value: object) -> date | None:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str):
            with suppress(ValueError):
                return date.fromisoformat(value)
        self.found.append(Problem(field, "ຕ້ອງເປັນວັນທີ ເຊັ່ນ 2026-10-31", "must be a day such as 2026-10-31"))
        return None

    def day_or_none(self, field: str, value: object) -> date | None:
        return None if value is None else self.day(field, value)

    def month(self, field: str, value: object) -> Month | None:
        try:
            return Month.parse(str(value))
        except ValueError:
            lo, en = "ຕ້ອງເປັນເດືອນ 01 ຫາ 12 ເຊັ່ນ 2026-10", "must be a month 01 to 12, such as 2026-10"
            self.found.append(Problem(field, lo, en))
            return None

    def kip(self, field: str, value: object) -> Kip | None:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= KIP_LIMIT:
            self.found.append(wrong_kip(field))
            return None
        return Kip(value)

    def yes(self, field: str, value: object) -> bool:
        if not isinstance(value, bool):
            self.found.append(Problem(field, "ຕ້ອງແມ່ນ true ຫຼື false", "must be true or false"))
        return value is True

    def scheme(self, field: str, value: object) -> Scheme | None:
        if value not in SCHEMES:
            self.found.append(wrong_scheme(field))
            return None
        return value

    def sex(self, field: str, value: object) -> Any:
        if value not in ("f", "m"):
            self.found.append(Problem(field, "ຕ້ອງແມ່ນ f (ຍິງ) ຫຼື m (ຊາຍ)", "must be f or m"))
        return value

    def names(self, field: str, raw: Mapping[str, Any], known: set[str]) -> None:
        allowed = ", ".join(sorted(known))
        for name in sorted(raw.keys() - known):
            where = f"{field}.{name}" if field else name
            self.found.append(Problem(where, f"ບໍ່ຮູ້ຈັກ. ມີແຕ່: {allowed}", f"is not known; there are: {allowed}"))

    def each(
        self, field: str, raw: object, read: Callable[[str, Mapping[str, Any]], T | None]
    ) -> tuple[T, ...]:
        if not isinstance(raw, list | tuple) or not all(isinstance(line, Mapping) for line in raw):
            self.found.append(Problem(field, "ຕ້ອງເປັນລາຍການ", "must be a list of tables"))
            return ()
        parts = [read(f"{field}[{place}]", line) for place, line in enumerate(raw)]
        return tuple(part for part in parts if part is not None)

    def refuse(self) -> None:
        if self.found:
            raise WrongSituation(self.found)


def read_insured(raw: Mapping[str, Any], law: Law = LAW) -> Insured:
    """The person that a file tells about. Raises WrongSituation with every problem."""
    reader = Reader(law)
    reader.names("", raw, TOP)
    born = reader.day("born", raw.get("born"))
    sex = reader.sex("sex", raw.get("sex"))
    months = _months(reader, raw.get("months", []))
    memberships = reader.each("memberships", raw.get("memberships", []), lambda *a: _membership(reader, *a))
    events = reader.each("events", raw.get("events", []), lambda *a: _event(reader, *a))
    family = _family(reader, raw.get("family", {}))
    died = reader.day_or_none("died", raw.get("died"))
    reader.refuse()
    if born is None:  # refused above
        raise WrongSituation(reader.found)
    return Insured(born, sex, months, memberships, family, events, died)


def _months(reader: Reader, raw: object) -> dict[Month, tuple[Entry, ...]]:
    told: dict[Month, dict[str, Entry]] = {}
    for lines in reader.each("months", raw, lambda *a: _line(reader, *a)):
        for month, entry in lines:
            told.setdefault(month, {})[entry.employer] = entry
    return {month: tuple(entries.values()) for month, entries in told.items()}


def _line(reader: Reader, field: str, raw: Mapping[str, Any]) -> list[tuple[Month, Entry]] | None:
    reader.names(field, raw, LINE)
    first_name = "month" if "month" in raw else "from"
    first = reader.month(f"{field}.{first_name}", raw.get(first_name))
    last = reader.month(f"{field}.to", raw["to"]) if "to" in raw else first
    wage = reader.kip(f"{field}.wage", raw.get("wage"))
    insured = reader.kip(f"{field}.insured", raw["insured"]) if "insured" in raw else None
    scheme = reader.scheme(f"{field}.scheme", raw.get("scheme", "enterprise"))
    paid = reader.yes(f"{field}.paid", raw.get("paid", True))
    if first is None or last is None or wage is None or scheme is None:
        return None
    if first < FIRST_LAW:
        day = FIRST_LAW.first
        lo, en = f"ຕ້ອງບໍ່ກ່ອນ {lao_date(day)}", f"must not be before {english_date(day)}"
        reader.found.append(Problem(f"{field}.{first_name}", lo, en))
        return None
    if last < first:
        reader.found.append(Problem(f"{field}.to", f"ຕ້ອງບໍ່ກ່ອນ {first}", f"must not be before {first}"))
        return None
    employer = str(raw.get("employer", "1"))
    return [
        (month, Entry(employer, wage, _insured(reader, field, wage, scheme, month) if insured is None else insured, paid, scheme))
        for month in first.until(last)
    ]  # fmt: skip


def _insured(reader: Reader, field: str, wage: Kip, scheme: Scheme, month: Month) -> Kip:
    try:
        return insured_wage(wage, scheme, month, reader.law)
    except NoLawYet as early:
        # Before the minimum wage or the public scheme was known there is nothing to reckon with: it must be told.
        lo = f"ບອກ insured ເອງ: ບໍ່ຮູ້ກົດໝາຍກ່ອນ {lao_date(early.first_day)}"
        en = f"tell the insured wage: no law is known before {english_date(early.first_day)}"
        if not any(problem.field == f"{field}.insured" for problem in reader.found):
            reader.found.append(Problem(f"{field}.insured", lo, en))
        return wage


def _membership(reader: Reader, field: str, raw: Mapping[str, Any]) -> Membership | None:
    reader.names(field, raw, {"scheme", "start", "end", "hazardous"})
    scheme = reader.scheme(f"{field}.scheme", raw.get("scheme"))
    start = reader.day(f"{field}.start", raw.get("start"))
    end = reader.day_or_none(f"{field}.end", raw.get("end"))
    hazardous = reader.yes(f"{field}.hazardous", raw.get("hazardous", False))
    return Membership(scheme, start, end, hazardous) if scheme and start else None


def _event(reader: Reader, field: str, raw: Mapping[str, Any]) -> Event | None:
    reader.names(field, raw, {"benefit", "start", "end"})
    start = reader.day(f"{field}.start", raw.get("start"))
    end = reader.day_or_none(f"{field}.end", raw.get("end"))
    return Event(str(raw.get("benefit", "")), start, end) if start else None


def _family(reader: Reader, raw: object) -> Family:
    if not isinstance(raw, Mapping):
        reader.found.append(Problem("family", "ຕ້ອງເປັນຕາຕະລາງ", "must be a table"))
        return Family()
    reader.names("family", raw, {"spouse", "children", "parents"})
    spouse = _spouse(reader, "family.spouse", raw["spouse"]) if "spouse" in raw else None
    children = reader.each("family.children", raw.get("children", []), lambda *a: _child(reader, *a))
    parents = reader.each("family.parents", raw.get("parents", []), lambda *a: _parent(reader, *a))
    return Family(spouse, children, parents)


def _spouse(reader: Reader, field: str, raw: Mapping[str, Any]) -> Spouse | None:
    flags = ("has_income", "remarried", "invalid", "other_benefit")
    reader.names(field, raw, {"born", "sex", *flags})
    born, sex = reader.day(f"{field}.born", raw.get("born")), reader.sex(f"{field}.sex", raw.get("sex"))
    yes = {name: reader.yes(f"{field}.{name}", raw.get(name, False)) for name in flags}
    return Spouse(born, sex, **yes) if born else None


def _child(reader: Reader, field: str, raw: Mapping[str, Any]) -> Child | None:
    reader.names(field, raw, {"born", "student", "disabled"})
    born = reader.day(f"{field}.born", raw.get("born"))
    yes = {name: reader.yes(f"{field}.{name}", raw.get(name, False)) for name in ("student", "disabled")}
    return Child(born, **yes) if born else None


def _parent(reader: Reader, field: str, raw: Mapping[str, Any]) -> Parent | None:
    reader.names(field, raw, {"born", "sex", "supported"})
    born, sex = reader.day(f"{field}.born", raw.get("born")), reader.sex(f"{field}.sex", raw.get("sex"))
    supported = reader.yes(f"{field}.supported", raw.get("supported", True))
    return Parent(born, sex, supported) if born else None
