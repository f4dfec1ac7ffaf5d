"""Reach: how far back an employer corrects alone (C115, A-91); what is older needs an officer's leave beside two signatures.

A month that nobody declared is no correction: it may be declared however old it is.
"""

from pakan.law.recovery.rule import needs_officer, recovery_on
from pakan.operations import agree
from pakan.operations.agree import Refused
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.verbs import verb
from pakan.registers.compliance import actions, queries
from pakan.registers.compliance.models import Matter
from pakan.registers.compliance.states import Kind, State
from pakan.registers.contributions.actions import Signed
from pakan.registers.contributions.queries import latest_declaration
from pakan.registers.people.models import Employer
from pakan.units.month import Month

__all__ = ["Refused"]


def is_far(month: Month, actor: Actor) -> bool:
    """Whether a correction of this month needs leave on the actor's day."""
    return needs_officer(month, actor.today, recovery_on(actor.today))


def leave_for(employer: Employer, month: Month) -> Matter | None:
    """The question for this month that goes on: asked, or granted and not used yet."""
    live = queries.live(employer.id, Kind.REACH)
    return next((one for one in live if one.month == month), None)


@verb("reach.ask")
def ask(actor: Actor, employer: Employer, month: Month, text: str) -> Matter:
    """Ask to correct a declared month that is too old for the employer alone. Raises Refused 'month', 'live', 'short'."""
    actions.lock_employer(employer.id)
    before = latest_declaration(employer, month)
    if before is None or not is_far(month, actor):
        raise Refused("month")
    if leave_for(employer, month):
        raise Refused("live")
    facts = {"version": before.version, "incoming": before.incoming_number}
    return agree.opened(actor, Kind.REACH, employer, month=month, text=agree.said(text), facts=facts)


@verb("reach.withdraw")
def withdraw(actor: Actor, matter: Matter) -> Matter:
    """Raises Refused 'state'."""
    return agree.withdrawn(actor, agree.held(actor, matter, Kind.REACH))


@verb("reach.decide")
def decide(actor: Actor, matter: Matter, agrees: bool, text: str) -> Matter:
    """An officer answers; the leave is for one correction. Raises Refused 'state', 'same_person' or 'short'."""
    matter = agree.held(actor, matter, Kind.REACH)
    return agree.decided(actor, matter, State.APPROVED if agrees else State.REFUSED, text)


def lacks_leave(employer: Employer, month: Month, actor: Actor) -> bool:
    """Whether this month is declared, too old to correct alone, and no officer has agreed."""
    if not is_far(month, actor) or latest_declaration(employer, month) is None:
        return False
    leave = leave_for(employer, month)
    return leave is None or leave.state != State.APPROVED.value


def use_leave(employer: Employer, month: Month, signed: Signed, version: int) -> None:
    """A signed correction uses up the leave that it needed; a later one asks again."""
    today = signed.at.astimezone(VIENTIANE).date()
    if version == 1 or not needs_officer(month, today, recovery_on(today)):
        return
    if leave := leave_for(employer, month):
        held = actions.lock(leave.number)
        if held.state == State.APPROVED.value:
            actions.step(held, State.DONE, signed.at, signed.approved_by, str(version))
