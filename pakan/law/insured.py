"""An insured person as the law sees one: when born, which months were paid, who belongs to the family.

A month counts when its contribution was paid; a declared but unpaid month does not count yet (A-20). Two employers in
one month are two entries, each with its own insured wage (A-08).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import Literal

from pakan.law.contributions.rule import SCHEMES, Scheme, due, rates_for
from pakan.law.contributions.values import LAW, Law
from pakan.law.wrong import Problem, WrongSituation
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.words import english_date, lao_date

Sex = Literal["f", "m"]
FIRST_LAW = Month(2001, 6)  # Decree 207/PM in operation


@dataclass(frozen=True, slots=True)
class Entry:
    """One employer's month. Kip: `insured` is what counts after floor and ceiling."""

    employer: str
    declared: Kip
    insured: Kip
    paid: bool = True
    scheme: Scheme = "enterprise"


@dataclass(frozen=True, slots=True)
class Membership:
    """A time in a scheme. `hazardous`: in dangerous or toxic work. `end` None: still there."""

    scheme: Scheme
    start: date
    end: date | None = None
    hazardous: bool = False


@dataclass(frozen=True, slots=True)
class Spouse:
    born: date
    sex: Sex
    has_income: bool = False
    remarried: bool = False
    invalid: bool = False
    other_benefit: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """`disabled`: since before 18 and unable to earn. Own, adopted or step child: the law makes no difference."""

    born: date
    student: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Parent:
    born: date
    sex: Sex
    supported: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    spouse: Spouse | None = None
    children: tuple[Child, ...] = ()
    parents: tuple[Parent, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """A benefit that was already drawn: its name, first and last day."""

    benefit: str
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Average:
    """Exact: `total` kip of `months` months, rounded only for showing. `usual`: the unbroken months before the event
    were all insured, so that every reading of "the last months" gives this average. `shared`: two employers (A-08)."""

    total: Kip
    months: tuple[Month, ...]
    usual: bool
    shared: bool

    @property
    def exact(self) -> Fraction:
        return Fraction(self.total, len(self.months) or 1)

    @property
    def kip(self) -> Kip:
        return half_up(self.exact)


@dataclass(frozen=True)
class Insured:
    """Raises WrongSituation with all problems at once. Whoever holds it may not change it."""

    born: date
    sex: Sex
    months: Mapping[Month, tuple[Entry, ...]] = field(default_factory=dict)
    memberships: tuple[Membership, ...] = ()
    family: Family = Family()
    events: tuple[Event, ...] = ()
    died: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "months", MappingProxyType(_in_order(self.months)))
        found = problems(self)
        if found:
            raise WrongSituation(found)

    @cached_property
    def paid(self) -> Mapping[Month, Kip]:
        """Months that count, oldest first, with the insured wage of all employers together."""
        return _paid(self.months)

    @cached_property
    def _schemes(self) -> frozenset[Scheme]:
        return frozenset(entry.scheme for entries in self.months.values() for entry in entries)

    def only(self, *schemes: Scheme) -> "Insured":
        """The same person with the months of these schemes: each pension rule counts its own."""
        if self._schemes <= set(schemes):
            return self
        months = {
            month: tuple(entry for entry in entries if entry.scheme in schemes)
            for month, entries in self.months.items()
        }
        return replace(self, months={month: entries for month, entries in months.items() if entries})

    @cached_property
    def unpaid(self) -> frozenset[Month]:
        """Months that were declared and not paid: they count from the day they are paid (A-20)."""
        paid = self.paid
        return frozenset(month for month in self.months if month not in paid)

    @cached_property
    def _numbers(self) -> list[int]:
        # Searched by halves: a career of forty years is asked many times.
        return [month.number for month in self.paid]

    def paid_before(self, day: date) -> int:
        """How many months before the month of `day` count."""
        return bisect_left(self._numbers, Month.of(day).number)

    def paid_in_last(self, months: int, day: date) -> int:
        """How many of the `months` months before the month of `day` count."""
        now = Month.of(day).number
        return bisect_left(self._numbers, now) - bisect_left(self._numbers, now - months)

    def unpaid_before(self, day: date, months: int = 12_000) -> int:
        """Declared and unpaid months before the month of `day`, of the last `months`."""
        now = Month.of(day).number
        return sum(now - months <= month.number < now for month in self.unpaid)

    def recent(self, day: date, most: int) -> tuple[Month, ...]:
        """The `most` last months that count before the month of `day`, oldest first."""
        end = self.paid_before(day)
        return self._counted[max(0, end - most) : end]

    @cached_property
    def _counted(self) -> tuple[Month, ...]:
        return tuple(self.paid)

    def paid_through(self, day: date) -> tuple[Month, ...]:
        """The months that count up to and with the month of `day`, oldest first."""
        return self._counted[: bisect_right(self._numbers, Month.of(day).number)]

    def last_paid(self, day: date) -> Month | None:
        """The last month that counts before the month of `day`."""
        return next(iter(self.recent(day, 1)), None)

    def average(self, most: int, day: date) -> Average:
        """The `most` most recent months that count before the month of `day` (A-19). Fewer divide by their number."""
        used = self.recent(day, most)
        usual = len(used) == most and used[0] == Month.of(day) - most
        shared = any(sum(entry.paid for entry in self.months[month]) > 1 for month in used)
        return Average(Kip(sum(self.paid[month] for month in used)), used, usual, shared)

    def gap(self, day: date) -> int:
        """Months without contribution between the last month that counts and the month of `day`."""
        last = self.last_paid(day)
        return Month.of(day).number - last.number - 1 if last else 0

    def scheme_on(self, day: date) -> Scheme | None:
        """The scheme of the last month that counts before the month of `day`."""
        last = self.last_paid(day)
        return self.months[last][-1].scheme if last else None

    def longest_hazardous(self, day: date) -> int:
        """Unbroken full years of hazardous work up to `day`, the longest."""
        spans = [(each.start, min(each.end or day, day)) for each in self.memberships if each.hazardous]
        return max((full_years(start, end) for start, end in spans if end >= start), default=0)

    def service_months(self, day: date) -> int:
        """Months of public service before `day`: the recorded times, or the months paid where none is recorded."""
        spans = [each for each in self.memberships if each.scheme == "public" and each.start <= day]
        if not spans:
            return self.only("public").paid_before(day)
        return sum(full_months(each.start, min(each.end or day, day)) for each in spans)


def half_up(exact: Fraction) -> Kip:
    """Whole kip, half up: once, on the final amount."""
    return Kip((2 * exact.numerator + exact.denominator) // (2 * exact.denominator))


def birthday(born: date, years: int) -> date:
    """The day on which so many years are full. Who was born on 29 February gets older on 1 March in other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def full_years(start: date, day: date) -> int:
    """Whole years from `start` to `day`."""
    return day.year - start.year - (birthday(start, day.year - start.year) > day)


def full_months(start: date, day: date) -> int:
    """Whole months from `start` to `day`, both counted as worked."""
    after = date.fromordinal(day.toordinal() + 1)
    months = Month.of(after).number - Month.of(start).number
    return max(0, months - (after.day < min(start.day, Month.of(after).last.day)))


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last day of a shorter month."""
    month = Month.of(day) + months
    return date(month.year, month.month, min(day.day, month.last.day))


def insure_again(person: Insured, law: Law) -> Insured:
    """The same person with the insured wages that `law` gives to the declared ones."""
    months = {
        month: tuple(
            Entry(
                each.employer,
                each.declared,
                insured_wage(each.declared, each.scheme, month, law),
                each.paid,
                each.scheme,
            )
            for each in entries
        )
        for month, entries in person.months.items()
    }
    return Insured(
        person.born, person.sex, months, person.memberships, person.family, person.events, person.died
    )


def insured_wage(declared: Kip, scheme: Scheme, month: Month, law: Law = LAW) -> Kip:
    """What of a declared wage is insured. Raises NoLawYet."""
    return due(declared, rates_for(scheme, month, law)).insured


def problems(person: Insured) -> list[Problem]:
    """Everything that cannot be."""
    found = [*_family_problems(person), *_event_problems(person)]
    if person.sex not in ("f", "m"):
        found.append(Problem("sex", "ຕ້ອງແມ່ນ f (ຍິງ) ຫຼື m (ຊາຍ)", "must be f or m"))
    if person.died is not None and person.died < person.born:
        found.append(_not_before("died", person.born))
    return found + _months_problems(person)


def _not_before(name: str, day: date) -> Problem:
    return Problem(name, f"ຕ້ອງບໍ່ກ່ອນວັນທີ {lao_date(day)}", f"must not be before {english_date(day)}")


def _not_after(name: str, day: date) -> Problem:
    return Problem(name, f"ຕ້ອງບໍ່ຫຼັງວັນທີ {lao_date(day)}", f"must not be after {english_date(day)}")


def _months_problems(person: Insured) -> list[Problem]:
    """Careers are long and nearly always right: nothing is worded before something is wrong."""
    found = []
    first = max(FIRST_LAW.number, Month.of(person.born).number)
    last = Month.of(person.died).number if person.died is not None else None
    for month, entries in person.months.items():
        number = month.number
        if number < first:
            found.append(_not_before(f"months[{month}]", max(FIRST_LAW.first, person.born)))
        if last is not None and person.died is not None and number > last:
            found.append(_not_after(f"months[{month}]", person.died))
        for entry in entries:
            if _is_wrong(entry.declared):
                found.append(wrong_kip(f"months[{month}].wage"))
            if _is_wrong(entry.insured):
                found.append(wrong_kip(f"months[{month}].insured"))
            if entry.scheme not in SCHEMES:
                found.append(wrong_scheme(f"months[{month}].scheme"))
    return found


def _is_wrong(wage: object) -> bool:
    return isinstance(wage, bool) or not isinstance(wage, int) or wage < 0


def wrong_kip(name: str) -> Problem:
    return Problem(name, "ຕ້ອງເປັນຈຳນວນກີບເຕັມ ແຕ່ 0 ຂຶ້ນໄປ", "must be whole kip, 0 or more")


def wrong_scheme(name: str) -> Problem:
    allowed = ", ".join(SCHEMES)
    return Problem(name, f"ຕ້ອງແມ່ນໜຶ່ງໃນ: {allowed}", f"must be one of: {allowed}")


def _family_problems(person: Insured) -> list[Problem]:
    found = []
    for place, child in enumerate(person.family.children):
        if child.born < person.born:
            found.append(_not_before(f"family.children[{place}].born", person.born))
        # A father may die up to ten months before his child is born; a mother may not.
        if person.died is not None and child.born > months_later(person.died, 10 if person.sex == "m" else 0):
            found.append(_not_after(f"family.children[{place}].born", person.died))
    for place, parent in enumerate(person.family.parents):
        if parent.born > person.born:
            found.append(_not_after(f"family.parents[{place}].born", person.born))
    return found


def _event_problems(person: Insured) -> list[Problem]:
    found = []
    for place, event in enumerate(person.events):
        if event.start < person.born:
            found.append(_not_before(f"events[{place}].start", person.born))
        if event.end is not None and event.end < event.start:
            found.append(_not_before(f"events[{place}].end", event.start))
    for place, each in enumerate(person.memberships):
        if each.end is not None and each.end < each.start:
            found.append(_not_before(f"memberships[{place}].end", each.start))
        if each.scheme not in SCHEMES:
            found.append(wrong_scheme(f"memberships[{place}].scheme"))
    return found


def _in_order(months: Mapping[Month, tuple[Entry, ...]]) -> dict[Month, tuple[Entry, ...]]:
    return {month: months[month] for month in sorted(months, key=_number)}


_number = attrgetter("number")


def _paid(months: Mapping[Month, tuple[Entry, ...]]) -> Mapping[Month, Kip]:
    counted = {}
    for month, entries in months.items():
        wages = [entry.insured for entry in entries if entry.paid and entry.insured > 0]
        if wages:
            counted[month] = Kip(sum(wages))
    return counted
