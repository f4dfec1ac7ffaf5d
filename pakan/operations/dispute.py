"""Dispute: one line is contested, and only that line waits (C118).

A worker's month: the days do not count for his part of the contribution, and reminders leave it out. A late charge: it is
asked of nobody until an officer has answered.
"""

from pakan.operations import agree
from pakan.operations.agree import Refused
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.compliance import actions, queries
from pakan.registers.compliance.models import Charge, Matter
from pakan.registers.compliance.states import Kind, State
from pakan.registers.contributions import actions as contributions
from pakan.registers.contributions.models import DeclaredWage
from pakan.registers.people.models import Employer, Person
from pakan.units.money import Kip
from pakan.units.month import Month

__all__ = ["Refused"]


@verb("dispute.line")
def line(actor: Actor, employer: Employer, month: Month, person: Person, text: str) -> Matter:
    """Contest a worker's line of a declared month. Raises Refused 'unknown', 'paid', 'live' or 'short'."""
    actions.lock_employer(employer.id)
    debts = contributions.lock_obligations(employer.id, [month])
    wage = debts and DeclaredWage.objects.filter(declaration=debts[0].declaration, person=person).first()
    if not debts or not wage:
        raise Refused("unknown")
    amount = Kip(min(debts[0].open, wage.employer_share + wage.worker_share))
    if not amount:
        raise Refused("paid")
    _once(employer, month, person.id, None)
    facts = {"wage": wage.wage, "declared": wage.employer_share + wage.worker_share}
    matter = agree.opened(
        actor,
        Kind.DISPUTE,
        employer,
        month=month,
        person=person,
        amount=amount,
        text=agree.said(text),
        facts=facts,
    )
    remember(matter.number, person_id=person.id)
    actions.pause(matter, month, actor.today, amount)
    return matter


@verb("dispute.charge")
def charge(actor: Actor, employer: Employer, charge_id: int, text: str) -> Matter:
    """Contest one late charge. Raises Refused 'unknown', 'paid', 'live' or 'short'."""
    actions.lock_employer(employer.id)
    one = Charge.objects.select_for_update().filter(id=charge_id, employer=employer).first()
    if one is None:
        raise Refused("unknown")
    if not one.open:
        raise Refused("paid")
    _once(employer, one.month, None, one.id)
    return agree.opened(
        actor,
        Kind.DISPUTE,
        employer,
        month=one.month,
        charge=one,
        amount=Kip(one.open),
        text=agree.said(text),
    )


def _once(employer: Employer, month: Month, person_id: int | None, charge_id: int | None) -> None:
    live = queries.live(employer.id, Kind.DISPUTE)
    if any((one.month, one.person_id, one.charge_id) == (month, person_id, charge_id) for one in live):
        raise Refused("live")


@verb("dispute.withdraw")
def withdraw(actor: Actor, matter: Matter) -> Matter:
    """The days count as if nothing had been said. Raises Refused 'state'."""
    matter = agree.withdrawn(actor, agree.held(actor, matter, Kind.DISPUTE))
    for pause in matter.pauses.filter(ends=None):
        actions.end_pauses(matter, pause.begins)
    return matter


@verb("dispute.answer")
def answer(actor: Actor, matter: Matter, is_right: bool, text: str) -> Matter:
    """An officer answers; from today the line goes on, and the days of the dispute stay uncounted.

    Where the employer is right about a charge, a waiver is asked for in the officer's name: another one decides it.
    Where he is right about a worker, he corrects the month. Raises Refused 'state', 'same_person' or 'short'.
    """
    matter = agree.held(actor, matter, Kind.DISPUTE)
    matter = agree.decided(actor, matter, State.APPROVED if is_right else State.REFUSED, text)
    actions.end_pauses(matter, actor.today)
    if is_right and matter.charge is not None and matter.charge.open:
        agree.opened(
            actor, Kind.WAIVER, matter.employer, month=matter.month, charge=matter.charge, amount=Kip(matter.charge.open),
            reason="our_fault", text=f"{matter.number}: {agree.said(text)}"[:500],
        )  # fmt: skip
    return matter
