"""Enclose: an employer adds what he owes another fund to a bill of ours, and takes it back while it is not paid (C109).

We reckon none of it: the amount is what that fund, or the employer himself, has reckoned. Nothing can be added without an
agreement in force, and nothing at all to a bill that a direct debit is about to draw.
"""

import re
from datetime import date

from pakan.operations.apart import Refused, Wrong
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.contributions import actions as contributions
from pakan.registers.debits.queries import ON_THE_WAY, debit_of_bill
from pakan.registers.funds import actions, queries
from pakan.registers.funds.models import REFERENCE, Agreement, Line
from pakan.registers.payments import actions as payments
from pakan.registers.payments.queries import open_notice
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.number import latin_digits

__all__ = ["Refused", "Wrong", "add", "problems", "take_back"]

MOST = Kip(100_000_000_000)  # a mistyped amount is found before a bank finds it
OLDEST = 120  # months
# Nothing that a spreadsheet would reckon begins so.
REFERENCES = re.compile(rf"[0-9A-Z][0-9A-Z/.\-]{{2,{REFERENCE - 1}}}", re.ASCII)


@verb("enclose.add")
def add(
    actor: Actor, employer: Employer, bill_month: Month, *, key: str, fund: str, month: Month | None, reference: str,
    amount: int | None,
) -> Line:  # fmt: skip
    """A line for `fund` (its code) on the bill of a month; the same key again is the same line.

    `month`, `amount`: None where nothing readable was given. Raises Wrong 'fund', 'month', 'reference', 'amount';
    Refused 'paid', 'scheme' or 'debit'.
    """
    assert actor.account_id is not None
    known = queries.line_by_key(key)
    if known is not None and known.employer_id == employer.id:
        return known
    _may_change(employer, bill_month)
    debt = next(iter(contributions.lock_obligations(employer.id, [bill_month])), None)
    if debt is None or not debt.open:
        raise Refused("paid")
    agreement, bare = _agreement(actor, fund), _bare(reference)
    found = problems(actor, fund, month, reference, amount)
    there = queries.open_lines(employer.id, [bill_month], actor.today)
    if any(line.agreement == agreement for line in there):
        found["fund"] = "there"
    if found:
        raise Wrong(found)
    made = actions.add_line(
        key=key, agreement=agreement, employer=employer, bill_month=bill_month, month=month, reference=bare,
        amount=amount, added_at=actor.at, added_by_id=actor.account_id,
    )  # fmt: skip
    remember(f"line {made.id}", employer_id=employer.id, fund=fund, month=str(month), amount=amount)
    return made


def _agreement(actor: Actor, fund: str) -> Agreement | None:
    return next((one for one in queries.in_force(actor.today) if one.code == fund), None)


def _bare(reference: str) -> str:
    return "".join(latin_digits(reference).split()).upper()


def problems(
    actor: Actor, fund: str, month: Month | None, reference: str, amount: int | None
) -> dict[str, str]:
    """Every fault of a line at once: a code for each field."""
    found, this_month = {}, Month.of(actor.today)
    if _agreement(actor, fund) is None:
        found["fund"] = "fund"
    if month is None or not this_month - OLDEST <= month <= this_month + 1:
        found["month"] = "month"
    if not REFERENCES.fullmatch(_bare(reference)):
        found["reference"] = "reference"
    if amount is None or not 0 < amount <= MOST:
        found["amount"] = "amount"
    return found


def _may_change(employer: Employer, bill_month: Month) -> None:
    """Raises Refused."""
    if employer.scheme == Employer.Scheme.VOLUNTARY:
        raise Refused("scheme")
    notice = open_notice(employer, bill_month)
    drawn = debit_of_bill(notice.number) if notice else None
    if drawn is not None and drawn.state in ON_THE_WAY:
        raise Refused("debit")


@verb("enclose.take_back")
def take_back(actor: Actor, employer: Employer, line_id: int) -> Line:
    """What is open of a line is asked no more; bills that ask for it are replaced. Money that comes all the same is credit.

    Raises Refused 'state' (paid or taken back) or 'debit'; LookupError for a line of nobody or of another employer.
    """
    assert actor.account_id is not None
    found = queries.line(line_id)
    if found is None or found.employer_id != employer.id:
        raise LookupError(line_id)
    _may_change(employer, found.bill_month)
    contributions.lock_obligations(employer.id, [found.bill_month])
    line = actions.lock_line(line_id)
    remember(f"line {line.id}", employer_id=employer.id, fund=line.agreement.code, amount=line.open)
    if not line.open:
        raise Refused("state")
    actions.take_back(line, actor.account_id, actor.at)
    payments.supersede_bills(queries.bills_of(line), date.min)
    return line
