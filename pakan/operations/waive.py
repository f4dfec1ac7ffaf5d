"""Waive: a late charge is given up for a reason, never by one person alone (C117)."""

from pakan.law.recovery.rule import needs_third, recovery_on
from pakan.operations import agree
from pakan.operations.agree import Refused
from pakan.registers.access.actor import Actor
from pakan.registers.access.verbs import verb
from pakan.registers.compliance import actions, queries
from pakan.registers.compliance.models import Matter
from pakan.registers.compliance.states import Kind, State
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month

__all__ = ["REASONS", "Refused"]
REASONS = ("disaster", "our_fault", "bank_fault", "first_time", "other")


@verb("waive.ask")
def ask(actor: Actor, employer: Employer, month: Month, amount: Kip, reason: str, text: str) -> Matter:
    """Ask that `amount` of a month's charges is given up. Raises Refused 'live', 'reason', 'amount', 'short'."""
    actions.lock_employer(employer.id)
    if any(one.month == month for one in queries.live(employer.id, Kind.WAIVER)):
        raise Refused("live")
    if reason not in REASONS:
        raise Refused("reason")
    open_now = sum(one.open for one in queries.charges_of(employer.id, month))
    if not 0 < amount <= open_now:
        raise Refused("amount")
    return agree.opened(
        actor, Kind.WAIVER, employer, month=month, amount=amount, reason=reason, text=agree.said(text)
    )


@verb("waive.withdraw")
def withdraw(actor: Actor, matter: Matter) -> Matter:
    """Raises Refused 'state'."""
    return agree.withdrawn(actor, agree.held(actor, matter, Kind.WAIVER))


@verb("waive.decide")
def decide(actor: Actor, matter: Matter, agrees: bool, text: str) -> Matter:
    """An officer answers; above the limit a second one has to agree too. Raises Refused 'state', 'same_person', 'short'."""
    matter = agree.held(actor, matter, Kind.WAIVER)
    if not agrees:
        return agree.decided(actor, matter, State.REFUSED, text)
    if matter.state == State.ASKED.value and needs_third(Kip(matter.amount), recovery_on(actor.today)):
        account = agree.second_person(actor, matter)
        return actions.step(matter, State.HALF, actor.at, account, agree.said(text), first_by_id=account)
    matter = agree.decided(actor, matter, State.APPROVED, text)
    _give_up(actor, matter)
    return matter


def _give_up(actor: Actor, matter: Matter) -> None:
    """The oldest first; what was paid meanwhile stays paid."""
    left = Kip(matter.amount)
    for one in actions.lock_charges(matter.employer_id):
        part = Kip(min(left, one.open))
        if one.month == matter.month and part and matter.charge_id in (None, one.id):
            actions.waive_charge(one, part, actor.at, matter.number)
            left = Kip(left - part)
