"""Appraise: an officer's estimate of a month that nobody declared (C120). The machine never estimates by itself.

One officer proposes, another confirms, then the employer sees it with its figures: he accepts it, and it becomes the draft
of his declaration, or contests it within the days that the rule gives.
"""

from datetime import timedelta
from typing import cast

import numpy as np

from pakan.law.contributions.rule import Scheme, due
from pakan.law.recovery.rule import recovery_on
from pakan.operations import agree
from pakan.operations.agree import Refused
from pakan.operations.law_in_force import in_force
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.compliance import actions, queries
from pakan.registers.compliance.models import Matter
from pakan.registers.compliance.states import Kind, State
from pakan.registers.contributions.queries import latest_declaration
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.words import english_date, english_month, lao_date, lao_month

__all__ = ["Refused"]
MOST_WORKERS = 50_000


def priced(employer: Employer, month: Month, workers: int, wage: Kip) -> Kip:
    """What so many workers with this wage each owe for the month, by the law in force."""
    column = np.full(workers, wage, dtype=np.int64)
    lines = due(column, in_force().rates(cast(Scheme, employer.scheme), month))
    return Kip(int(lines.employer.sum() + lines.worker.sum()))


@verb("appraise.propose")
def propose(actor: Actor, employer: Employer, month: Month, workers: int, wage: Kip, text: str) -> Matter:
    """Raises Refused 'declared', 'month', 'workers', 'wage', 'live' or 'short'."""
    actions.lock_employer(employer.id)
    if latest_declaration(employer, month) is not None:
        raise Refused("declared")
    if not employer.first_month <= month < Month.of(actor.today):
        raise Refused("month")
    if not 0 < workers <= MOST_WORKERS:
        raise Refused("workers")
    if wage <= 0:
        raise Refused("wage")
    if any(one.month == month for one in queries.live(employer.id, Kind.ASSESSMENT)):
        raise Refused("live")
    amount = priced(employer, month, workers, wage)
    facts = {"workers": workers, "wage": wage, "law": in_force().number}
    return agree.opened(
        actor, Kind.ASSESSMENT, employer, month=month, amount=amount, text=agree.said(text), facts=facts
    )


@verb("appraise.confirm")
def confirm(actor: Actor, matter: Matter, agrees: bool, text: str) -> Matter:
    """A second officer lets the employer see it, or drops it. Raises Refused 'state', 'same_person' or 'short'."""
    matter = agree.held(actor, matter, Kind.ASSESSMENT)
    account = agree.second_person(actor, matter)
    then = State.SHOWN if agrees else State.REFUSED
    agree.moved(matter, then)
    until = actor.today + timedelta(days=recovery_on(actor.today).days_to_contest)
    matter = actions.step(
        matter,
        then,
        actor.at,
        account,
        agree.said(text),
        first_by_id=account,
        until=until if agrees else None,
    )
    if agrees:
        assert matter.month is not None
        agree.tell(
            actor, matter, "assessment_shown", then.value, until_lo=lao_date(until), until_en=english_date(until),
            month_lo=lao_month(matter.month), month_en=english_month(matter.month),
        )  # fmt: skip
    return matter


@verb("appraise.accept")
def accept(actor: Actor, matter: Matter) -> Matter:
    """The employer takes it as it is; his declaration begins with these figures. Raises Refused 'state'."""
    matter = agree.held(actor, matter, Kind.ASSESSMENT)
    agree.moved(matter, State.ACCEPTED)
    return actions.step(matter, State.ACCEPTED, actor.at, actor.account_id)


@verb("appraise.contest")
def contest(actor: Actor, matter: Matter, text: str) -> Matter:
    """The employer says what is wrong with it. Raises Refused 'state', 'late' or 'short'."""
    matter = agree.held(actor, matter, Kind.ASSESSMENT)
    agree.moved(matter, State.CONTESTED)
    if matter.until is not None and actor.today > matter.until:
        raise Refused("late")
    return actions.step(matter, State.CONTESTED, actor.at, actor.account_id, agree.said(text))


@verb("appraise.answer")
def answer(actor: Actor, matter: Matter, stands: bool, text: str) -> Matter:
    """Another officer than who proposed answers a contested one. Raises Refused 'state', 'same_person' or 'short'."""
    matter = agree.held(actor, matter, Kind.ASSESSMENT)
    remember(matter.number, stands=stands)
    if actor.account_id == matter.first_by_id:
        raise Refused("same_person")
    return agree.decided(actor, matter, State.APPROVED if stands else State.REFUSED, text)
