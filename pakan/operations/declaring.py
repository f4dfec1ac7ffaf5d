"""A month becomes a declaration and a debt: priced by the law in force, kept, and owed.

Below the verbs: an employer's people sign a sheet, a voluntary member pays, and both become the same papers.
"""

from typing import cast

import numpy as np

from pakan.law.contributions.rule import Due, Scheme, due
from pakan.operations.due import due_on
from pakan.operations.law_in_force import InForce, in_force
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.columns import Column
from pakan.registers.contributions import actions
from pakan.registers.contributions.actions import Priced, Signed
from pakan.registers.contributions.models import Declaration, Obligation
from pakan.registers.payments import actions as payments
from pakan.registers.people.models import Employer
from pakan.registers.voluntary.models import Membership
from pakan.units.money import Kip
from pakan.units.month import Month


def price(employer: Employer, month: Month, person: Column, wage: Column) -> tuple[Priced, InForce]:
    """The lines of a month, priced by the law in force now, and that law."""
    law = in_force()
    priced = due(wage, law.rates(cast(Scheme, employer.scheme), month))
    return Priced(person, wage, priced.insured, priced.employer, priced.worker), law


def keep(
    employer: Employer, month: Month, columns: Priced, signed: Signed
) -> tuple[Declaration, Declaration | None, Obligation]:
    """Keep the month's next version and owe it. The month must be locked; nobody is credited yet."""
    declaration, before = actions.declare(employer, month, columns, signed)
    obligation, excess = actions.owe(declaration, before, due_on(month))
    if excess:
        payments.use_credit(employer.id, month, Kip(-excess), signed.at)
    if before:
        payments.supersede(employer, [month])
    return declaration, before, obligation


def price_of(income: int, month: Month, law: InForce) -> Due[Kip]:
    """What a voluntary member pays for one month on this income."""
    return due(Kip(income), law.rates("voluntary", month))


@verb("declare.voluntary")
def insure(actor: Actor, one: Membership, month: Month, income: int) -> Obligation:
    """A voluntary member's month comes into being, in the transaction of the money that pays it: never a debt before."""
    actions.lock_month(one.employer, month)
    person = np.array([one.person_id], dtype=np.int64)
    columns, law = price(one.employer, month, person, np.array([income], dtype=np.int64))
    signed = Signed(prepared_by=None, approved_by=None, at=actor.at, law=law.number)
    declaration, _before, obligation = keep(one.employer, month, columns, signed)
    remember(
        f"{one.employer.code} {month} version {declaration.version}",
        person_id=one.person_id, incoming=declaration.incoming_number, owed=obligation.owed,
    )  # fmt: skip
    return obligation
