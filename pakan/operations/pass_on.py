"""Pass on: money of other funds leaves for them, gathered by one officer and released by another (C109).

A remittance is everything that waits for a fund. It leaves like every payment of ours: intention, job, bank, outcome; the
account is that of the fund's newest agreement, and nobody can type one. What the bank refuses waits for an officer who
releases it again. The list that goes with it names employer, reference, month and amount.
"""

import csv
import io
from datetime import datetime

from pakan.integrations.formats.wagefile.write import table
from pakan.operations import payout
from pakan.operations.apart import Refused
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.funds import actions, queries
from pakan.registers.funds.models import Received, Remittance
from pakan.registers.ledger.actions import OTHER_FUNDS
from pakan.registers.payments.models import Payout
from pakan.units.money import Kip
from pakan.units.number import shown_employer_code

__all__ = ["Refused", "csv_list", "gather", "release", "xlsx_list"]
KIND = "fund"
State = Remittance.State


@verb("pass_on.gather")
def gather(actor: Actor, code: str) -> Remittance:
    """One remittance of all that waits for a fund. Raises Refused 'nothing': also for whoever presses second."""
    assert actor.account_id is not None
    actions.lock_fund(code)
    waiting = queries.not_passed_on(code)
    if not waiting:
        raise Refused("nothing")
    made = actions.make_remittance(code, waiting, actor.account_id, actor.at)
    remember(made.number, fund=code, amount=made.amount, lines=len(waiting))
    return made


@verb("pass_on.release")
def release(actor: Actor, remittance: Remittance) -> Remittance:
    """Another officer releases it; the payment follows as a job. So does one that the bank refused, again.

    Raises Refused 'state' or 'same_person'.
    """
    assert actor.account_id is not None
    held = actions.lock_remittance(remittance.number)
    remember(held.number, fund=held.code, amount=held.amount)
    if held.state not in (State.MADE, State.BOUNCED):
        raise Refused("state")
    if held.made_by_id == actor.account_id:
        raise Refused("same_person")
    agreement = queries.newest_of(held.code)
    assert agreement is not None, f"money for {held.code} without an agreement"
    actions.release(held, actor.account_id, actor.at)
    payout.order(
        kind=KIND, subject=_subject(held), amount=Kip(held.amount), bank=agreement.bank, account=agreement.account,
        name=agreement.account_name, liability=OTHER_FUNDS, purpose=f"SSO {held.code} {held.number}", at=actor.at,
    )  # fmt: skip
    return held


def _subject(one: Remittance) -> str:
    return f"fund:{one.number}"


def _of(sent: Payout) -> Remittance:
    return actions.lock_remittance(sent.subject.removeprefix("fund:"))


def _may_send(sent: Payout, at: datetime) -> str:
    return "" if _of(sent).state == State.RELEASED else "not_approved"


def _paid(sent: Payout, at: datetime) -> None:
    actions.turn(_of(sent), State.PAID, at)


def _refused(sent: Payout, at: datetime) -> None:
    actions.turn(_of(sent), State.BOUNCED, at, sent.why)


payout.register(KIND, payout.Owner(_may_send, _paid, _refused))


# --- the list that goes with it --------------------------------------------------------------------------------------

HEADERS = (
    "ລະຫັດຫົວໜ່ວຍ\nEmployer code", "ຫົວໜ່ວຍແຮງງານ\nEmployer", "ເລກອ້າງອີງ\nReference", "ເດືອນ\nMonth",
    "ຈຳນວນເງິນ (ກີບ)\nAmount (kip)", "ໃບຮັບເງິນ\nReceipt", "ວັນທີໄດ້ຮັບ\nReceived on",
)  # fmt: skip


def _rows(one: Remittance) -> list[list[str | int]]:
    return [_row(item) for item in queries.items_of(one)]


def _row(item: Received) -> list[str | int]:
    line = item.line
    return [
        shown_employer_code(line.employer.code), line.employer.name_lo, line.reference, str(line.month), item.amount,
        item.receipt, queries.received_on(item).isoformat(),
    ]  # fmt: skip


def xlsx_list(one: Remittance) -> bytes:
    """As a workbook; every text is a text cell, whatever it begins with."""
    return table(f"{one.code} {one.number}", f"{one.amount} LAK", HEADERS, _rows(one))


def csv_list(one: Remittance) -> bytes:
    """As text that every program of a fund can read: UTF-8, English headings. References begin with a letter or figure."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([heading.split("\n")[1] for heading in HEADERS])
    writer.writerows(_rows(one))
    return text.getvalue().encode("utf-8-sig")
