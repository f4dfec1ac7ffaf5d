"""A worker leaves: a day and a reason; the employment stays on record for ever (form 1-07, C67)."""

from datetime import date

from pakan.operations.hire.lists import AHEAD, Refused
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.people.actions import end_employment
from pakan.registers.people.models import Employer, Employment

REASONS = ("resigned", "dismissed", "contract_end", "retired", "died", "other")


@verb("hire.leave")
def leave(actor: Actor, employer: Employer, number: str, day: date, reason: str) -> None:
    """End the open employment of the person with this number. Raises Refused 'reason', 'day' or 'not_here'."""
    if reason not in REASONS:
        raise Refused("reason")
    there = Employment.objects.filter(employer=employer, person__number=number, end=None).first()
    if there is None:
        raise Refused("not_here")
    if not there.start <= day <= actor.today + AHEAD:
        raise Refused("day")
    if not end_employment(employer, there.person_id, day, reason):
        raise Refused("not_here")  # somebody else was as quick
    remember(f"{employer.code} {number}", person_id=there.person_id, end=day, reason=reason)
