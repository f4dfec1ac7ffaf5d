"""Assess: a person's real months, as the law sees them, and what the law answers for a benefit.

The member's simulator asks here, and so will every award: there is one way from the record to the law, so that an
estimate and a decision cannot differ (C27). Reads only; nothing is decided or paid here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

from pakan.law.benefits import named
from pakan.law.benefits.health.family import Relation, Relative, family_cover
from pakan.law.contributions.rule import Scheme
from pakan.law.decision import Decision
from pakan.law.insured import Entry, Event, Family, Insured, Sex
from pakan.registers.benefits.queries import drawn_by
from pakan.registers.contributions.queries import Declared, declared_for
from pakan.registers.families.models import FamilyMember
from pakan.registers.families.queries import insured_now, studied_on
from pakan.registers.families.states import State
from pakan.registers.lives.queries import died_on
from pakan.registers.people.models import Person
from pakan.registers.records.queries import Posted, statement
from pakan.units.month import Month


def insured_of(
    person: Person,
    family: Family | None = None,
    besides: int | None = None,
    known: tuple[Sequence[Declared], Sequence[Posted]] | None = None,
) -> Insured:
    """The person with all months on the record, those declared but not yet paid (they do not count, A-20), and what
    was drawn before (besides the claim of that id, which is being decided). `known`: what a page has read already.
    """
    months: dict[Month, dict[str, Entry]] = {}
    all_declared, all_posted = known or (declared_for(person.id), statement(person.id))
    for declared in all_declared:
        scheme = cast(Scheme, declared.scheme)
        entry = Entry(declared.employer.code, declared.wage, declared.insured, paid=False, scheme=scheme)
        months.setdefault(declared.month, {})[declared.employer.code] = entry
    for posted in all_posted:
        scheme = cast(Scheme, posted.employer.scheme)
        entry = Entry(posted.employer.code, posted.wage, posted.insured, paid=True, scheme=scheme)
        months.setdefault(posted.month, {})[posted.employer.code] = entry
    entries = {month: tuple(of_month.values()) for month, of_month in months.items()}
    drawn = [
        Event(award.benefit, award.start, award.ended_on or award.end)
        for award in drawn_by(person.id, besides)
    ]
    return Insured(
        person.birth_date, cast(Sex, person.sex), entries, family=family or Family(), events=tuple(drawn)
    )


def estimate(
    person: Person,
    benefit: str,
    told: Mapping[str, Any],
    day: date,
    family: Family | None = None,
    besides: int | None = None,
) -> Decision:
    """The law's answer for an event on `day`, from the real record. Raises WrongSituation with every problem at once."""
    return named(benefit).decide(insured_of(person, family, besides), told, day)


def cover_of(member: FamilyMember, day: date, insured: Insured | None = None) -> Decision:
    """The law's answer for a family member's care on `day`. `insured`: as `insured_for_family` gave it, read once a page."""
    return family_cover(relative_of(member), insured or insured_for_family(insured_now(member)), day)


def relative_of(member: FamilyMember) -> Relative:
    """The family member as the law sees one."""
    kind = cast(Relation, member.relation)
    return Relative(kind, member.birth_date, member.since, member.until, studied_on(member))


def insured_for_family(person: Person) -> Insured:
    """The insured person as the family's cover needs him: also after a death that two officers confirmed."""
    found, died = insured_of(person), died_on(person.id)
    if died is None:
        return found
    months = {month: entries for month, entries in found.months.items() if month <= Month.of(died)}
    return replace(found, months=months, died=died)


def relative_until(member: FamilyMember, day: date) -> date | None:
    """The last day of a confirmed family member's cover; None without cover."""
    if member.state != State.CONFIRMED:
        return None
    return next((amount.end for amount in cover_of(member, day).amounts if amount.end), None)
