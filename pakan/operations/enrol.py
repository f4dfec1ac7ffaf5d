"""Enrol: employers, workers and the people who act for them come into the registers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pakan.registers.access import actions as access
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import Account, Mandate
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import verb
from pakan.registers.people import actions as people
from pakan.registers.people.models import District, Employer, Person
from pakan.units.month import Month
from pakan.units.name import clean_name
from pakan.units.number import clean_employer_code


@verb("enrol.employer")
def employer(
    actor: Actor, /, code: str, name_lo: str, district: District, first_month: Month, **facts: Any
) -> Employer:
    """Register a labour unit. Raises WrongNumber or WrongName for a code or name that cannot be."""
    made = people.register_employer(
        at=actor.at,
        code=clean_employer_code(code),
        name_lo=clean_name(name_lo),
        district=district,
        first_month=first_month,
        **facts,
    )
    remember(made.code, name=made.name_lo, district=district.code, employer_id=made.id)
    return made


@verb("enrol.workers")
def workers(actor: Actor, at: Employer, newcomers: Sequence[dict[str, Any]], start: date) -> list[str]:
    """Register persons and employ them from `start`; their numbers, in the same order."""
    numbers = people.register_people(actor.at, at.district_id[:2], newcomers)
    ids = Person.objects.filter(number__in=numbers).order_by("id").values_list("id", flat=True)
    people.employ(at, ids, start)
    remember(at.code, workers=len(numbers), start=start)
    return numbers


@verb("enrol.departures")
def departures(actor: Actor, at: Employer, people_ids: Sequence[int], end: date) -> int:
    """Workers left on `end` (form 1-07); how many of them were there."""
    ended = sum(people.end_employment(at, person, end) for person in people_ids)
    remember(at.code, left=ended, end=end)
    return ended


@verb("enrol.account")
def account(actor: Actor, /, sign_in: str, kind: str, full_name: str, **facts: Any) -> Account:
    """Open an account for one living person."""
    made = access.open_account(at=actor.at, sign_in=sign_in, kind=kind, full_name=full_name, **facts)
    remember(made.sign_in, kind=kind)
    return made


@verb("enrol.mandate")
def mandate(actor: Actor, for_employer: Employer, holder: Account, role: Role) -> Mandate:
    """Let an account act for an employer in one role."""
    made = access.grant(holder, for_employer, role, actor.at)
    remember(f"{holder.sign_in} {role}", employer_id=for_employer.id)
    return made
