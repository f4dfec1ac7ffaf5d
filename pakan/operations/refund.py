"""Refund: credit that the fund keeps goes back to the account it came from (C107).

Asked by an approver of the employer, decided by finance, paid once. No account can be typed: the money returns to the one
that the bank named when it came, and the bank is asked whose that is. From the question on the credit pays no month.
"""

from datetime import datetime

from pakan.integrations.banks.bank import BankUnreachable
from pakan.operations import agree, payout, steps
from pakan.operations.agree import Refused
from pakan.registers.access.actor import Actor
from pakan.registers.access.verbs import verb
from pakan.registers.compliance import actions, queries
from pakan.registers.compliance.models import Matter
from pakan.registers.compliance.states import Kind, State
from pakan.registers.ledger.actions import REFUNDS
from pakan.registers.payments import actions as payments
from pakan.registers.payments.models import Payout, Receipt
from pakan.registers.payments.queries import credit_of, paid_too_much
from pakan.registers.people.models import Employer
from pakan.units.money import Kip

__all__ = ["BankUnreachable", "Refused"]
KIND = "refund"


def ask(actor: Actor, employer: Employer, amount: Kip, text: str) -> Matter:
    """Ask for a refund. Raises Refused 'live', 'amount', 'no_account', 'short'; BankUnreachable."""
    receipt = paid_too_much(employer.id)
    if receipt is None:
        raise Refused("no_account")
    name_check = steps.bank(receipt.bank).check_account(receipt.payer_account, receipt.payer_name)
    return _ask(actor, employer, amount, text, receipt, str(name_check))


@verb("refund.ask")
def _ask(
    actor: Actor, employer: Employer, amount: Kip, text: str, receipt: Receipt, name_check: str
) -> Matter:
    actions.lock_employer(employer.id)
    payments.lock_credit(employer.id)
    if queries.live(employer.id, Kind.REFUND):
        raise Refused("live")
    if not 0 < amount <= credit_of(employer.id):
        raise Refused("amount")
    facts = {
        "receipt": receipt.number, "bank": receipt.bank, "account": receipt.payer_account, "name": receipt.payer_name,
        "name_check": name_check,
    }  # fmt: skip
    matter = agree.opened(actor, Kind.REFUND, employer, amount=amount, text=agree.said(text), facts=facts)
    payments.hold_credit(employer.id, amount, f"{matter.number}:0", actor.at)
    return matter


def _give_back(matter: Matter, at: datetime) -> None:
    payments.lock_credit(matter.employer_id)
    payments.hold_credit(matter.employer_id, Kip(-matter.amount), f"{matter.number}:back", at)


@verb("refund.withdraw")
def withdraw(actor: Actor, matter: Matter) -> Matter:
    """The credit is free again. Raises Refused 'state'."""
    matter = agree.withdrawn(actor, agree.held(actor, matter, Kind.REFUND))
    _give_back(matter, actor.at)
    return matter


@verb("refund.decide")
def decide(actor: Actor, matter: Matter, agrees: bool, text: str) -> Matter:
    """Finance answers; the payment follows as a job. Raises Refused 'state', 'same_person' or 'short'."""
    matter = agree.held(actor, matter, Kind.REFUND)
    bounced = matter.state == State.BOUNCED.value
    if bounced and not agrees:
        agree.moved(matter, State.WITHDRAWN)
        matter = actions.step(matter, State.WITHDRAWN, actor.at, actor.account_id, agree.said(text))
        agree.tell(actor, matter, "matter_answered", "given up")
        _give_back(matter, actor.at)
        return matter
    matter = agree.decided(actor, matter, State.APPROVED if agrees else State.REFUSED, text)
    if not agrees:
        _give_back(matter, actor.at)
        return matter
    facts = matter.facts
    payout.order(
        kind=KIND, subject=f"refund:{matter.number}", amount=Kip(matter.amount), bank=facts["bank"],
        account=facts["account"], name=facts["name"], liability=REFUNDS, purpose=f"SSO REFUND {matter.number}",
        at=actor.at, employer_id=matter.employer_id,
    )  # fmt: skip
    return matter


def _of(sent: Payout) -> Matter:
    return actions.lock(sent.subject.removeprefix("refund:"))


def _may_send(sent: Payout, at: datetime) -> str:
    return "" if _of(sent).state == State.APPROVED.value else "not_approved"


def _paid(sent: Payout, at: datetime) -> None:
    actions.step(_of(sent), State.DONE, at, None, sent.bank_reference)


def _refused(sent: Payout, at: datetime) -> None:
    actions.step(_of(sent), State.BOUNCED, at, None, sent.why)


payout.register(KIND, payout.Owner(_may_send, _paid, _refused))
