"""A worker leaves: a day and a reason; the employment stays on record for ever (form 1-07, C67)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pakan.operations.hire.lists import AHEAD, Refused
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.people.actions import end_employment
from pakan.registers.people.models import Employer, Employment

MOST = 500  # leavers told in one call
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


@dataclass(frozen=True)
class Leaver:
    """Who leaves, as it was told: a clean number, or what stood in its place."""

    number: str
    day: date
    reason: str


@verb("hire.leave_all")
def leave_all(actor: Actor, employer: Employer, leavers: Sequence[Leaver]) -> list[tuple[int, str]]:
    """End all these employments; or none, and every problem by its place: 'twice', 'not_here', 'day' or 'reason'."""
    if not 0 < len(leavers) <= MOST:
        raise ValueError("leavers")
    numbers = [one.number for one in leavers]
    there = Employment.objects.filter(employer=employer, person__number__in=numbers, end=None).order_by("id")
    starts = dict(there.select_for_update(of=("self",)).values_list("person__number", "start"))
    problems = []
    for at, one in enumerate(leavers):
        start = starts.get(one.number)
        if one.number in numbers[:at]:
            problems.append((at, "twice"))
        elif start is None:
            problems.append((at, "not_here"))
        elif not start <= one.day <= actor.today + AHEAD:
            problems.append((at, "day"))
        if one.reason not in REASONS:
            problems.append((at, "reason"))
    remember(employer.code, leavers=len(leavers), problems=len(problems))
    if not problems:
        for one in leavers:
            leave(actor, employer, one.number, one.day, one.reason)
    return problems
