"""Inspect: on the spot, is this worker registered here? (C126). And which employers to visit first, with the reason (C127).

A look at a worker has a purpose, is kept, and the worker reads it. The list of visits names employers only; each point of
a score is told, and the weights are data.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.db.models import Count, F, Sum

from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.cases.models import Case
from pakan.registers.cases.states import State
from pakan.registers.contributions.filing import standing
from pakan.registers.contributions.models import DeclaredWage, Obligation
from pakan.registers.people.models import Employer, Employment, Person
from pakan.registers.people.queries import number_in_use, same_person
from pakan.units.month import Month

PURPOSES = ("visit", "complaint", "accident")
MOST = 200


class Refused(ValueError):
    """Why nothing is shown: `code` is 'purpose' or 'unknown'."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Found:
    """What an inspector may know of a worker at an employer: no wage, no other employer."""

    number: str
    name: str
    employer: Employer
    since: date | None
    until: date | None
    last_month: Month | None
    is_paid: bool

    @property
    def works_here(self) -> bool:
        return self.since is not None and self.until is None


@verb("inspect.worker")
def worker(actor: Actor, employer: Employer, number: str, purpose: str) -> Found:
    """Whether the person with this number works here, since when, and the last month declared. Raises Refused."""
    if purpose not in PURPOSES:
        raise Refused("purpose")
    person = Person.objects.filter(number=number_in_use(number)).first()
    if person is None:
        raise Refused("unknown")
    remember(f"check at {employer.code}", person_id=person.id, employer_id=employer.id, purpose=purpose)
    job = Employment.objects.filter(same_person(person.id), employer=employer).order_by("-start").first()
    line = (
        DeclaredWage.objects.filter(same_person(person.id), declaration__obligation__employer=employer)
        .order_by("-declaration__month")
        .values_list("declaration__month", "declaration__obligation__settled_at")
        .first()
    )
    return Found(
        number=person.number,
        name=person.name,
        employer=employer,
        since=job.start if job else None,
        until=job.end if job else None,
        last_month=line[0] if line else None,
        is_paid=bool(line and line[1]),
    )


# --- whom to visit ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Feature:
    """A reason to visit: so many points for each `per`, at most `most` points."""

    name: str
    lo: str
    en: str
    per: int
    points: int
    most: int

    def score(self, value: int) -> int:
        return min(self.most, value // self.per * self.points)


@dataclass(frozen=True)
class Scored:
    """An employer with the points of each reason: (feature, what was counted, points), the heaviest first."""

    employer: Employer
    parts: tuple[tuple[Feature, int, int], ...]

    @property
    def score(self) -> int:
        return sum(points for _feature, _value, points in self.parts)


@cache
def features() -> tuple[Feature, ...]:
    content = tomllib.loads(Path(__file__).with_name("visits.toml").read_text(encoding="utf-8"))
    return tuple(Feature(**row) for row in content["feature"])


def to_visit(today: date, district: str = "") -> list[Scored]:
    """Employers with at least one reason, the highest score first. Five queries, however many employers."""
    counted = _counted(today)
    ids = {employer for values in counted.values() for employer in values}
    employers = Employer.objects.filter(id__in=ids).select_related("district")
    if district:
        employers = employers.filter(district_id=district[:4])
    scored = [_scored(one, counted) for one in employers]
    return sorted((one for one in scored if one.score), key=lambda one: (-one.score, one.employer.code))[
        :MOST
    ]


def _scored(employer: Employer, counted: Mapping[str, Mapping[int, int]]) -> Scored:
    parts = []
    for feature in features():
        value = counted[feature.name].get(employer.id, 0)
        points = feature.score(value)
        if points:
            parts.append((feature, value, points))
    return Scored(employer, tuple(sorted(parts, key=lambda part: -part[2])))


def _counted(today: date) -> dict[str, dict[int, int]]:
    """What each feature counts, by employer."""
    late = Obligation.objects.filter(due_on__lt=today, settled__lt=F("owed"))
    last = Month.of(today) - 2  # surely due
    declared = dict(Obligation.objects.filter(month=last).values_list("employer_id", "declaration__workers"))
    before = dict(
        Obligation.objects.filter(month=last - 1).values_list("employer_id", "declaration__workers")
    )
    cases = Case.objects.exclude(state=State.CLOSED.value).filter(employer__isnull=False)
    return {
        "not_declared": {
            one: 1 for one in standing(last).values_list("id", flat=True) if one not in declared
        },
        "months_overdue": dict(late.values_list("employer_id").annotate(n=Count("id"))),
        "kip_overdue": {
            one: int(amount)
            for one, amount in late.values_list("employer_id").annotate(n=Sum(F("owed") - F("settled")))
        },
        "fewer_workers": {
            one: (before[one] - workers) * 100 // before[one]
            for one, workers in declared.items()
            if before.get(one, 0) > workers
        },
        "complaints": {
            int(one): count
            for one, count in cases.values_list("employer_id").annotate(n=Count("id"))
            if one is not None
        },
    }
