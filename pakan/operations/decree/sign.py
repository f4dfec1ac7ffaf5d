"""Approving by another person, by two others where the first day has passed; and withdrawing."""

from datetime import date

from pakan.operations.decree.entry import fits
from pakan.operations.decree.wrong import DecreeRefused
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.decrees import actions, queries
from pakan.registers.decrees.models import Decree
from pakan.registers.decrees.states import State


def back_dated(decree: Decree, today: date) -> bool:
    """Whether it would change days that have passed: its own first day, or that of the decree whose place it takes."""
    days = [decree.first_day, *([decree.supersedes.first_day] if decree.supersedes else [])]
    return min(days) < today


def people_needed(decree: Decree, today: date) -> int:
    """How many must sign besides the one who entered it."""
    return 2 if back_dated(decree, today) else 1


def _signable(actor: Actor, decree: Decree, rehearsal_id: int) -> str:
    """Why this person cannot sign it now; '' if nothing stands in the way."""
    rehearsal = queries.latest_rehearsal(decree)
    if decree.state in (State.APPROVED, State.WITHDRAWN):
        return "closed"
    if decree.entered_by_id == actor.account_id:
        return "own"
    if decree.state != State.REHEARSED or rehearsal is None or rehearsal.done_at is None:
        return "not_rehearsed"
    law, _seal = queries.newest_approved()
    if actor.account_id in queries.signed_by(decree, law):
        return "signed_already"
    if rehearsal.law != law:
        return "stale"
    if rehearsal.id != rehearsal_id:
        return "not_seen"
    return "" if fits(decree) else "no_longer_fits"


@verb("decree.approve")
def approve(actor: Actor, decree_id: int, rehearsal_id: int) -> Decree:
    """Sign it, having seen this rehearsal. The last signature needed makes it law. Raises DecreeRefused."""
    decree = actions.lock(decree_id)
    why = _signable(actor, decree, rehearsal_id)
    if why:
        raise DecreeRefused(why)
    rehearsal = queries.latest_rehearsal(decree)
    assert actor.account_id is not None and rehearsal is not None
    actions.sign(rehearsal, actor.account_id, actor.at)
    signed = len(queries.signed_by(decree, rehearsal.law))
    needed = people_needed(decree, actor.today)
    if signed >= needed:
        actions.approve(decree, actor.at, actor.today)
    remember(
        f"decree {decree.id} {decree.group}", values=decree.values, first_day=decree.first_day,
        signed=signed, needed=needed, number=decree.number, seal=decree.seal,
    )  # fmt: skip
    return decree


@verb("decree.withdraw")
def withdraw(actor: Actor, decree_id: int, why: str) -> Decree:
    """Take back what is not law yet. It stays readable. Raises DecreeRefused."""
    decree = actions.lock(decree_id)
    if decree.state in (State.APPROVED, State.WITHDRAWN):
        raise DecreeRefused("closed")
    assert actor.account_id is not None
    actions.withdraw(decree, actor.account_id, actor.at, why.strip()[:200])
    remember(f"decree {decree.id} {decree.group}", why=why)
    return decree
