"""Late: what a contribution costs more because it comes late, by the law in force (C97, A-01, A-90).

Below the verbs. While a month is open its charge is only reckoned, for any day one asks about; it is fixed, as a row and
in the ledger, when money arrives, for the part that was paid and the day on which it was paid.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pakan.law.surcharges.rule import Part, Pause, Terms, charged
from pakan.operations.law_in_force import InForce, in_force
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.compliance import actions, queries
from pakan.registers.compliance import models as kept
from pakan.registers.contributions.models import Obligation
from pakan.registers.payments import actions as payments
from pakan.registers.payments.models import Receipt
from pakan.units.money import Kip
from pakan.units.month import Month


@dataclass(frozen=True)
class Forecast:
    """What a month would cost if its rest were paid on `day`: the formula part by part, and what is fixed already."""

    month: Month
    due_on: date
    day: date
    open: Kip
    terms: Terms
    parts: tuple[Part, ...]
    fixed: Kip  # charges of parts that were paid late, still open

    @property
    def running(self) -> Kip:
        return Kip(sum(part.charge for part in self.parts))

    @property
    def charges(self) -> Kip:
        return Kip(self.running + self.fixed)

    @property
    def total(self) -> Kip:
        return Kip(self.open + self.charges)

    @property
    def frozen(self) -> int:
        return max((part.frozen for part in self.parts), default=0)


def forecasts(employer_id: int, debts: Sequence[Obligation], day: date) -> list[Forecast]:
    """What each of these months costs if it is paid on `day`. Three queries, however many months."""
    law = in_force()
    pauses = _pauses(employer_id, [debt.month for debt in debts])
    fixed = _fixed(employer_id)
    return [_forecast(debt, day, law, pauses.get(debt.month, []), fixed) for debt in debts]


def charged_months(employer_id: int) -> list[Month]:
    """Months with a fixed charge that is open and not disputed."""
    return [month for month, amount in _fixed(employer_id).items() if amount]


def _fixed(employer_id: int) -> dict[Month, int]:
    """Open charges by month; what is disputed is asked of nobody."""
    disputed = queries.disputed_charges(employer_id)
    found: dict[Month, int] = {}
    for one in queries.charges_of(employer_id):
        if one.id not in disputed:
            found[one.month] = found.get(one.month, 0) + one.open
    return found


def _forecast(
    debt: Obligation, day: date, law: InForce, pauses: Sequence[Pause], fixed: Mapping[Month, int]
) -> Forecast:
    terms = law.surcharges.on(debt.month.first)
    parts = charged(Kip(debt.open), Kip(debt.open), debt.due_on, day, terms, pauses)
    return Forecast(
        debt.month, debt.due_on, day, Kip(debt.open), terms, tuple(parts), Kip(fixed.get(debt.month, 0))
    )


def _pauses(employer_id: int, months: Collection[Month]) -> dict[Month, list[Pause]]:
    rows = queries.pauses_of(employer_id, months)
    return {
        month: [
            Pause(row.begins, row.ends, None if row.amount is None else Kip(row.amount)) for row in of_month
        ]
        for month, of_month in rows.items()
    }


def fix(debt: Obligation, paid: Kip, paid_on: date, at: datetime, key: str) -> list[kept.Charge]:
    """Fix the charge of `paid` kip that are about to be set against a locked month. Nothing while the rate is 0."""
    law = in_force()
    terms = law.surcharges.on(debt.month.first)
    if not terms.rate or paid_on <= debt.due_on:
        return []
    pauses = _pauses(debt.employer_id, [debt.month]).get(debt.month, [])
    parts = charged(Kip(debt.open), paid, debt.due_on, paid_on, terms, pauses)
    return [
        actions.charge(
            key=f"{key}:{debt.month}:{place}", employer_id=debt.employer_id, month=debt.month, debt=part.debt,
            due_on=debt.due_on, paid_on=paid_on, late=part.late, per=terms.per, frozen=part.frozen,
            rate=str(terms.rate), amount=part.charge, law=law.number, made_at=at,
        )
        for place, part in enumerate(parts, 1)
        if part.charge
    ]  # fmt: skip


def forgive(debt: Obligation, paid_on: date, at: datetime) -> Kip:
    """What a campaign gives up once the month is paid in full within its days (C125)."""
    campaign = None if debt.open else queries.campaign_on(paid_on, debt.month)
    if campaign is None:
        return Kip(0)
    given = 0
    for one in actions.lock_charges(debt.employer_id):
        part = Kip(min(one.open, one.amount * campaign.percent // 100))
        if one.month == debt.month and part and not one.waived:
            actions.waive_charge(one, part, at, f"campaign:{campaign.id}")
            given += part
    return Kip(given)


def _in_order(employer_id: int, months: Collection[Month]) -> list[kept.Charge]:
    """Charges that money may be set against, locked: the named months first, the oldest first."""
    disputed = queries.disputed_charges(employer_id)
    found = [one for one in actions.lock_charges(employer_id) if one.id not in disputed]
    return sorted(found, key=lambda one: (one.month not in months, one.month, one.id))


def pay_charges(receipt: Receipt, months: Collection[Month], left: Kip, at: datetime) -> Kip:
    """Set what contributions left of a matched receipt against charges; what remains (C105)."""
    assert receipt.employer_id is not None
    for one in _in_order(receipt.employer_id, months) if left else ():
        part = Kip(min(left, one.open))
        if part:
            actions.settle_charge(one, part, at, receipt.number)
            payments.allocate(receipt, one.month, part, at, to_charges=True)
            left = Kip(left - part)
    return left


def pay_charges_from_credit(employer_id: int, months: Collection[Month], credit: Kip, at: datetime) -> Kip:
    """The same with credit that the fund keeps; what remains of it."""
    for one in _in_order(employer_id, months) if credit else ():
        part = Kip(min(credit, one.open))
        if part:
            used = payments.use_credit(employer_id, one.month, part, at, to_charges=True)
            actions.settle_charge(one, part, at, f"credit:{used.id}", from_credit=True)
            credit = Kip(credit - part)
    return credit


def day_of(moment: datetime) -> date:
    return moment.astimezone(VIENTIANE).date()
