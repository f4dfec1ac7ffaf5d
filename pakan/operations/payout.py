"""Money out: an order is written, a job asks the bank, and what the bank answers is written.

Below the verbs, so that a benefit and a refund leave in the same way. Whoever orders registers as the owner of a kind: it
is asked once more at the very moment of sending, and told what became of the money. A time-out means unknown: the bank is
asked again about the same number, and nothing is sent under another one.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from pakan.integrations.banks.bank import Bank, BankUnreachable, TransferOrder, TransferState
from pakan.integrations.formats.iso20022 import NoLatinName
from pakan.operations import steps
from pakan.operations.later import later
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.benefits.actions import account_digest as digest
from pakan.registers.payments import actions, queries
from pakan.registers.payments.models import Payout
from pakan.units.money import Kip

__all__ = [
    "BankUnreachable",
    "Owner",
    "Payout",
    "cancel",
    "digest",
    "order",
    "register",
    "release",
    "retry_held",
    "send",
    "sweep",
]

log = logging.getLogger("pakan.payout")

# At once, then every five minutes up to four hours; then the sweep, and a person finds it on the worklist.
LADDER = RetryStrategy(max_attempts=48, wait=300)
State = Payout.State


def _nothing(payout: Payout, at: datetime) -> None:
    return None


@dataclass(frozen=True)
class Owner:
    """Who ordered payouts of a kind. `may_send`: '' or why not now, asked under the payout's lock just before the bank is.

    `paid`, `refused`, `held`, `released` are told in the transaction that writes the outcome; `refused` also of
    money that came back.
    """

    may_send: Callable[[Payout, datetime], str]
    paid: Callable[[Payout, datetime], None]
    refused: Callable[[Payout, datetime], None]
    held: Callable[[Payout, datetime], None] = _nothing
    released: Callable[[Payout, datetime], None] = _nothing


_OWNERS: dict[str, Owner] = {}


def register(kind: str, owner: Owner) -> None:
    """At import of the owner's module."""
    _OWNERS[kind] = owner


def order(
    *, kind: str, subject: str, amount: Kip, bank: str, account: str, name: str, liability: str, purpose: str,
    at: datetime, person_id: int | None = None, employer_id: int | None = None, not_before: datetime | None = None,
) -> Payout:  # fmt: skip
    """The payout of `subject`, inside the caller's transaction; the same subject again is the same payout.

    `liability`: account of the ledger that is debited when it is paid. `purpose`: Latin, for the payee's statement.
    """
    made, is_new = actions.order_payout(
        subject=subject, at=at, kind=kind, amount=amount, bank=bank, account=account, name=name,
        digest=digest(bank, account, name), liability=liability, purpose=purpose[:60], person_id=person_id,
        employer_id=employer_id,
    )  # fmt: skip
    if is_new:
        later("payout.send", f"payout {made.id}", not_before, payout_id=made.id)
    return made


@app.task(name="payout.send", retry=LADDER)
def send(payout_id: int) -> None:
    """Ask the bank to pay, or what became of it. Run twice, at once or years apart, it pays once."""
    asked = _intend(Actor.system(timezone.now(), "payouts"), payout_id)
    if asked is None:
        return
    payout, first = asked
    told = _ask(steps.bank(payout.bank), payout, first)
    if told is not None:
        _settle(Actor.system(timezone.now(), f"bank {payout.bank}"), payout_id, told)
    elif _intend(Actor.system(timezone.now(), "payouts"), payout_id, unknown_to_bank=True) is not None:
        told = _pay(steps.bank(payout.bank), payout)
        _settle(Actor.system(timezone.now(), f"bank {payout.bank}"), payout_id, told)


def _ask(teller: Bank, payout: Payout, first: bool) -> TransferState | None:
    """The bank's answer; None when it never got the order. Raises BankUnreachable: nothing is known."""
    if first:
        return _pay(teller, payout)
    told = teller.transfer_state(payout.number)
    return None if told.state == "not_known" else told


def _pay(teller: Bank, payout: Payout) -> TransferState:
    wanted = TransferOrder(
        number=payout.number, uetr=payout.uetr, amount=Kip(payout.amount), account=payout.account, name=payout.name,
        text=payout.purpose, ordered_at=payout.ordered_at,
    )  # fmt: skip
    try:
        return teller.send_transfer(wanted)
    except NoLatinName:
        return TransferState(payout.number, "refused", "name")


@verb("payout.intend")
def _intend(actor: Actor, payout_id: int, unknown_to_bank: bool = False) -> tuple[Payout, bool] | None:
    """Write that the bank is asked now; None if it must not be. The second: whether it was never asked before."""
    payout = actions.lock_payout(payout_id)
    remember(payout.number, person_id=payout.person_id, employer_id=payout.employer_id, amount=payout.amount)
    if payout.state in (State.PAID, State.REFUSED, State.HELD):
        return None
    first = payout.state == State.ORDERED
    if first or unknown_to_bank:
        why = _OWNERS[payout.kind].may_send(payout, actor.at)
        if why:
            actions.turn_payout(payout, State.HELD, actor.at, why)
            _OWNERS[payout.kind].held(payout, actor.at)
            return None
    if first:
        actions.turn_payout(payout, State.UNKNOWN, actor.at)
    return payout, first


@verb("payout.settle")
def _settle(actor: Actor, payout_id: int, told: TransferState) -> None:
    """Write what the bank said. A paid transfer that is refused now came back."""
    payout = actions.lock_payout(payout_id)
    remember(
        payout.number,
        person_id=payout.person_id,
        employer_id=payout.employer_id,
        state=told.state,
        why=told.reason,
    )
    after = {"paid": State.PAID, "refused": State.REFUSED}.get(told.state, State.SENT)
    if payout.state in (after, State.REFUSED) or (payout.state == State.PAID and after == State.SENT):
        return
    actions.turn_payout(payout, after, actor.at, told.reason, told.bank_reference)
    if after == State.PAID:
        _OWNERS[payout.kind].paid(payout, actor.at)
    if after == State.REFUSED:
        _OWNERS[payout.kind].refused(payout, actor.at)


def release(payout: Payout, at: datetime) -> None:
    """A held payout (locked) is tried again; its owner is asked again before anything is sent."""
    actions.turn_payout(payout, State.ORDERED, at)
    _OWNERS[payout.kind].released(payout, at)
    _try_later(payout.id)


def cancel(payout: Payout, at: datetime, why: str) -> None:
    """A held payout (locked) will never be sent. Its owner knows, since it asks for it."""
    actions.turn_payout(payout, State.REFUSED, at, why)


def _try_later(payout_id: int) -> bool:
    try:
        with transaction.atomic():
            later("payout.send", f"payout {payout_id}", payout_id=payout_id)
    except AlreadyEnqueued:
        return False
    return True


def sweep(now: datetime) -> int:
    """Payouts without an outcome after fifteen minutes are asked about again; how many."""
    return sum(_try_later(one) for one in queries.payouts_without_outcome(now - timedelta(minutes=15)))


@app.task(name="payout.retry_held", retry=LADDER)
def retry_held() -> None:
    """Held payouts whose reason is gone (thawed, cooled, checked) go on."""
    now = timezone.now()
    for held in queries.payouts_to_look_at():
        if held.state == State.HELD:
            _retry(Actor.system(now, "payouts"), held.id)


@verb("payout.retry")
def _retry(actor: Actor, payout_id: int) -> None:
    payout = actions.lock_payout(payout_id)
    remember(payout.number, person_id=payout.person_id, employer_id=payout.employer_id)
    if payout.state == State.HELD and not _OWNERS[payout.kind].may_send(payout, actor.at):
        release(payout, actor.at)
