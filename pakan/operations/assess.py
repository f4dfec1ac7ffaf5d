"""Assess: a person's real months, as the law sees them, and what the law answers for a benefit.

The member's simulator asks here, and so will every award: there is one way from the record to the law, so that an
estimate and a decision cannot differ (C27). Reads only; nothing is decided or paid here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from pakan.law.benefits import named
from pakan.law.contributions.rule import Scheme
from pakan.law.decision import Decision
from pakan.law.insured import Entry, Family, Insured, Sex
from pakan.registers.contributions.queries import declared_for
from pakan.registers.people.models import Person
from pakan.registers.records.queries import statement
from pakan.units.month import Month


def insured_of(person: Person, family: Family | None = None) -> Insured:
    """The person with all months on the record, and those declared but not yet paid (they do not count, A-20)."""
    months: dict[Month, dict[str, Entry]] = {}
    for declared in declared_for(person.id):
        scheme = cast(Scheme, declared.scheme)
        entry = Entry(declared.employer.code, declared.wage, declared.insured, paid=False, scheme=scheme)
        months.setdefault(declared.month, {})[declared.employer.code] = entry
    for posted in statement(person.id):
        scheme = cast(Scheme, posted.employer.scheme)
        entry = Entry(posted.employer.code, posted.wage, posted.insured, paid=True, scheme=scheme)
        months.setdefault(posted.month, {})[posted.employer.code] = entry
    entries = {month: tuple(of_month.values()) for month, of_month in months.items()}
    return Insured(person.birth_date, cast(Sex, person.sex), entries, family=family or Family())


def estimate(
    person: Person, benefit: str, told: Mapping[str, Any], day: date, family: Family | None = None
) -> Decision:
    """The law's answer for an event on `day`, from the real record. Raises WrongSituation with every problem at once."""
    return named(benefit).decide(insured_of(person, family), told, day)
