"""Debit: an employer gives leave to draw his bills from an account; each debit is announced before it is drawn (C108).

Two people give the leave where two may approve, and the bank says whose the account is. A bill is announced three days
before it is drawn, on the last bank day before its due day; a bill that is too near its day is left to be paid by hand.
Intention, job, outcome: a time-out means unknown, and the bank is asked again about the same number. A bill that was paid,
replaced or put on hold meanwhile is not drawn; what is drawn comes in as a payment of the bill like every other (C102).
"""

import re
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.types import JSONValue

from pakan.integrations.banks.bank import Bank, DebitOrder, TransferState
from pakan.integrations.formats.iso20022.transfer import LONGEST_NAME, latin
from pakan.law.calendar.holidays import is_working_day
from pakan.operations import agree, steps
from pakan.operations.later import later
from pakan.operations.law_in_force import in_force
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.queries import approvers_besides
from pakan.registers.access.verbs import verb
from pakan.registers.compliance.queries import standing_still
from pakan.registers.contributions import actions as contributions
from pakan.registers.contributions.queries import open_obligations
from pakan.registers.debits import actions, queries
from pakan.registers.debits.models import Debit, DebitMandate
from pakan.registers.payments.models import Notice
from pakan.registers.payments.queries import notice_by_number, open_notice
from pakan.registers.people.models import Employer
from pakan.units.money import Kip, dotted
from pakan.units.month import Month
from pakan.units.number import latin_digits, shown_creditor_reference
from pakan.units.words import english_date, lao_date

__all__ = ["LONGEST", "Refused", "announce_all", "confirm", "draw_all", "draw_day", "give", "revoke"]

LONGEST = timedelta(days=3 * 366)  # a leave that nobody looked at for three years is given anew
BEFORE = timedelta(days=3)  # a debit is announced so long before it is drawn
WINDOW = timedelta(days=7)  # and not earlier than this: until then the bill may still change
LADDER = RetryStrategy(max_attempts=48, wait=300)
State, Check = Debit.State, DebitMandate.Check


class Refused(ValueError):
    """Why no leave was given; `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# --- the leave -------------------------------------------------------------------------------------------------------


def banks() -> list[tuple[str, str, str]]:
    """Banks that can draw for the fund: name, in Lao, in English."""
    return [(name, *steps.bank_name(name)) for name in sorted(settings.BANKS)]


@verb("debit.give")
def give(
    actor: Actor, employer: Employer, bank: str, account: str, name: str, limit: int, until: date
) -> DebitMandate:
    """Leave to draw from this account, at most `limit` kip in a calendar month, until a day.

    It waits for a second person where there is one. Raises Refused 'live', 'bank', 'account', 'name', 'limit', 'until' or
    'second_person'.
    """
    assert actor.account_id is not None
    bare, owner = re.sub(r"[\s.\-]", "", latin_digits(account)), " ".join(name.split()).upper()
    _right(actor, bank, bare, owner, limit, until)
    actions.lock_employer(employer.id)
    if queries.mandate_of(employer.id):
        raise Refused("live")
    alone = not approvers_besides(employer.id, actor.account_id, actor.at)
    if alone and not employer.one_person_may_approve:
        raise Refused("second_person")
    made = actions.give(
        at=actor.at, employer=employer, bank=bank, account=bare, name=owner, limit=limit, until=until,
        asked_by_id=actor.account_id,
    )  # fmt: skip
    remember(made.number, employer_id=employer.id, bank=bank, account=made.masked, limit=limit, until=until)
    if alone:
        actions.confirm(made, actor.account_id, actor.at)
        later("debit.check", f"debit mandate {made.id}", mandate_id=made.id)
    return made


def _right(actor: Actor, bank: str, bare: str, owner: str, limit: int, until: date) -> None:
    if bank not in settings.BANKS:
        raise Refused("bank")
    if not re.fullmatch(r"\d{6,20}", bare, re.ASCII):
        raise Refused("account")
    if not owner or latin(owner) != owner or len(owner) > LONGEST_NAME or not any(map(str.isalpha, owner)):
        raise Refused("name")
    if limit <= 0:
        raise Refused("limit")
    if not actor.today < until <= actor.today + LONGEST:
        raise Refused("until")


@verb("debit.confirm")
def confirm(actor: Actor, mandate: DebitMandate) -> DebitMandate:
    """The second person agrees; the bank is asked whose the account is. Raises Refused 'state' or 'same_person'."""
    assert actor.account_id is not None
    held = _held(mandate)
    if held.ended_at is not None or held.confirmed_at is not None:
        raise Refused("state")
    if held.asked_by_id == actor.account_id:
        raise Refused("same_person")
    actions.confirm(held, actor.account_id, actor.at)
    later("debit.check", f"debit mandate {held.id}", mandate_id=held.id)
    return held


def _held(mandate: DebitMandate) -> DebitMandate:
    actions.lock_employer(mandate.employer_id)
    held = actions.lock_mandate(mandate.id)
    remember(held.number, employer_id=held.employer_id, account=held.masked)
    return held


@verb("debit.revoke")
def revoke(actor: Actor, mandate: DebitMandate) -> DebitMandate:
    """Ended at once: what was announced is not drawn. What the bank has already is told on the page."""
    held = _held(mandate)
    if held.ended_at is None:
        _end(held, "revoked", actor.at, actor.account_id)
    return held


def _end(held: DebitMandate, why: str, at: datetime, account_id: int | None = None) -> None:
    actions.end(held, why, at, account_id)
    for one in held.debits.filter(state=State.ANNOUNCED).order_by("id"):
        actions.turn(actions.lock_debit(one.id), State.DROPPED, at, "revoked")


@app.task(name="debit.check", retry=LADDER)
def check(mandate_id: int) -> None:
    """Ask the bank whose account it is. Run twice, it asks twice and writes the same."""
    one = DebitMandate.objects.get(id=mandate_id)
    if one.check_result != Check.WAITING or one.ended_at is not None:
        return
    said = steps.bank(one.bank).check_account(one.account, one.name)
    _checked(Actor.system(timezone.now(), f"bank {one.bank}"), one, said)


@verb("debit.check")
def _checked(actor: Actor, mandate: DebitMandate, said: str) -> None:
    held = _held(mandate)
    if held.check_result != Check.WAITING or held.ended_at is not None:
        return
    actions.checked(held, said)
    if said != Check.MATCH:  # a name that nearly fits is typed again as the bank writes it
        _end(held, f"name_{said}", actor.at)
    _tell(held, "debit_leave", f"checked:{held.id}", actor.at, account=held.masked)


# --- announcing ------------------------------------------------------------------------------------------------------


def draw_day(due_on: date, today: date) -> date | None:
    """When a bill that is due on `due_on` is drawn if it is announced today; None where it is too near.

    The last bank day before the due day, so that a bank that does not answer has a day left; else the due day itself.
    """
    law, day = in_force(), due_on - timedelta(days=1)
    while not is_working_day(day, law.holidays, banks=True):
        day -= timedelta(days=1)
    if day - today >= BEFORE:
        return day
    return due_on if due_on - today >= BEFORE else None


@app.task(name="debit.announce_all", retry=LADDER)
def announce_all(day: str) -> None:
    """Announce what each mandate draws next; several times a day, it announces once."""
    today = date.fromisoformat(day)
    for mandate_id in queries.drawing():
        _announce(Actor.system(timezone.now(), "debits"), mandate_id, today)


@verb("debit.announce")
def _announce(actor: Actor, mandate_id: int, today: date) -> None:
    held = _held(DebitMandate.objects.get(id=mandate_id))
    if not held.draws or today > held.until:
        return
    seen: set[str] = set()
    for debt in open_obligations(held.employer_id):
        day = draw_day(debt.due_on, today)
        if day is None or day - today > WINDOW or day > held.until:
            continue
        bill = open_notice(held.employer, debt.month)
        if bill is None or bill.expires_on < day:
            # Without a bill there is nothing to announce: it is made by a job, and the next round announces it.
            _ask_for_bill(held.employer_id, debt.month)
        elif bill.number not in seen:
            seen.add(bill.number)
            _announce_bill(held, bill, day, actor.at)


def _ask_for_bill(employer_id: int, month: Month) -> None:
    months: list[JSONValue] = [str(month)]
    _once("collect.ask_again", f"bill {employer_id} {month}", employer_id=employer_id, months=months)


def _once(task: str, lock: str, **arguments: JSONValue) -> bool:
    try:
        with transaction.atomic():
            later(task, lock, None, **arguments)
    except AlreadyEnqueued:
        return False
    return True


def _announce_bill(held: DebitMandate, bill: Notice, day: date, at: datetime) -> None:
    if held.debits.filter(bill=bill.number).exists() or _on_hold(bill):
        return
    before = queries.debit_of_bill(bill.number)
    if before is not None and before.state in (State.UNKNOWN, State.SENT, State.DRAWN):
        return  # under a mandate that ended since; the bank has it
    within = queries.taken(held, Month.of(day)) + bill.amount <= held.limit
    made = actions.announce(
        held,
        at,
        bill=bill.number,
        reference=bill.reference,
        amount=bill.amount,
        due_on=bill.due_on,
        draw_on=day,
    )
    if not within:
        actions.turn(made, State.DROPPED, at, "limit")
        _tell_not_drawn(made, at)
        return
    _tell(
        held, "debit_announced", f"debit:{made.id}", at, amount=dotted(made.amount), day_lo=lao_date(day),
        day_en=english_date(day), reference=shown_creditor_reference(made.reference),
    )  # fmt: skip


def _on_hold(bill: Notice) -> bool:
    """A dispute or a plan stands over one of its months: people agree how that is paid."""
    months = [line.month for line in bill.lines.all()]
    return any(standing_still(month).get(bill.employer_id, 0) for month in months)


# --- drawing ---------------------------------------------------------------------------------------------------------


@app.task(name="debit.draw_all", retry=LADDER)
def draw_all(day: str) -> None:
    """A job for each debit whose day has come, and for each whose outcome is not known."""
    for one in queries.to_draw(date.fromisoformat(day)):
        _once("debit.draw", f"debit {one}", debit_id=one)


@app.task(name="debit.draw", retry=LADDER)
def draw(debit_id: int) -> None:
    """Ask the bank to draw, or what became of it. Run twice, at once or years apart, it draws once."""
    debit = Debit.objects.select_related("mandate").get(id=debit_id)
    teller, us = steps.bank(debit.mandate.bank), Actor.system(timezone.now(), "debits")
    if debit.state == State.ANNOUNCED:
        # The bank may know of a payment by hand before its notice has reached us.
        paid = [one.bank_reference for one in teller.state_of(debit.reference).payments]
        if paid:
            _paid_by_hand(us, debit_id, paid)
            return
    asked = _intend(us, debit_id)
    if asked is None:
        return
    first = debit.state == State.ANNOUNCED
    told = _order(teller, asked) if first else teller.debit_state(asked.number)
    if told.state == "not_known":
        if _intend(us, debit_id, unknown_to_bank=True) is None:
            return
        told = _order(teller, asked)
    _settle(Actor.system(timezone.now(), f"bank {debit.mandate.bank}"), debit_id, told)


def _order(teller: Bank, debit: Debit) -> TransferState:
    mandate = debit.mandate
    return teller.draw_debit(
        DebitOrder(
            number=debit.number, mandate=mandate.number, amount=Kip(debit.amount), day=debit.draw_on,
            given_on=(mandate.confirmed_at or mandate.asked_at).astimezone(VIENTIANE).date(),
            account=mandate.account, name=mandate.name, reference=debit.reference, announced_at=debit.announced_at,
        )
    )  # fmt: skip


@verb("debit.paid_by_hand")
def _paid_by_hand(actor: Actor, debit_id: int, references: list[str]) -> None:
    """The bill was paid before it was drawn: the debit is dropped, and the bank's payments are booked by their job."""
    debit = _locked(debit_id)
    if debit.state != State.ANNOUNCED:
        return
    actions.turn(debit, State.DROPPED, actor.at, "paid")
    for reference in references:
        _book(debit.mandate.bank, reference)


def _book(bank: str, reference: str) -> None:
    _once("collect.confirm", f"payment {bank} {reference}", bank=bank, bank_reference=reference)


def _locked(debit_id: int) -> Debit:
    """The debit, with the employer's lock and the debts of its bill locked before it: a payment by hand waits, or we do."""
    known = Debit.objects.select_related("mandate").get(id=debit_id)
    actions.lock_employer(known.mandate.employer_id)
    bill = notice_by_number(known.bill)
    if bill is not None:
        contributions.lock_obligations(bill.employer_id, [line.month for line in bill.lines.all()])
    debit = actions.lock_debit(debit_id)
    remember(debit.number, employer_id=debit.mandate.employer_id, bill=debit.bill, amount=debit.amount)
    return debit


@verb("debit.intend")
def _intend(actor: Actor, debit_id: int, unknown_to_bank: bool = False) -> Debit | None:
    """Write that the bank is asked now; None if it must not be."""
    debit = _locked(debit_id)
    if debit.state not in queries.ON_THE_WAY:
        return None
    if debit.state == State.ANNOUNCED or unknown_to_bank:
        why = _why_not(debit)
        if why:
            actions.turn(debit, State.DROPPED, actor.at, why)
            if why not in ("paid", "revoked"):
                _tell_not_drawn(debit, actor.at)
            return None
    if debit.state == State.ANNOUNCED:
        actions.turn(debit, State.UNKNOWN, actor.at)
    return debit


def _why_not(debit: Debit) -> str:
    """'' or why the bill may not be drawn, asked under the locks just before the bank is."""
    if debit.mandate.ended_at is not None or debit.draw_on > debit.mandate.until:
        return "revoked"
    bill = notice_by_number(debit.bill)
    if bill is None or bill.state == Notice.State.SUPERSEDED or bill.amount != debit.amount:
        return "replaced"
    if bill.state == Notice.State.PAID:
        return "paid"
    return "on_hold" if _on_hold(bill) else ""


@verb("debit.settle")
def _settle(actor: Actor, debit_id: int, told: TransferState) -> None:
    """Write what the bank said; the money itself is booked by the job that books every payment."""
    debit = _locked(debit_id)
    if debit.state not in queries.AT_THE_BANK:
        return
    if told.state == "paid":
        actions.turn(debit, State.DRAWN, actor.at, "", told.bank_reference)
        _book(debit.mandate.bank, told.bank_reference)
    elif told.state == "refused":
        after = State.RETURNED if debit.state == State.SENT else State.REFUSED
        actions.turn(debit, after, actor.at, told.reason, told.bank_reference)
        if told.reason.startswith("MD"):  # the payer withdrew the mandate at the bank
            _end(actions.lock_mandate(debit.mandate_id), "bank", actor.at)
        _tell_not_drawn(debit, actor.at)
    elif debit.state == State.UNKNOWN:
        actions.turn(debit, State.SENT, actor.at, "", told.bank_reference)


# --- telling ---------------------------------------------------------------------------------------------------------


def _tell_not_drawn(debit: Debit, at: datetime) -> None:
    _tell(
        debit.mandate, "debit_not_drawn", f"debit:{debit.id}:{debit.state}", at, amount=dotted(debit.amount),
        due_lo=lao_date(debit.due_on), due_en=english_date(debit.due_on),
    )  # fmt: skip


def _tell(mandate: DebitMandate, wording: str, key: str, at: datetime, **values: str) -> int:
    return agree.tell_people(mandate.employer_id, wording, key, at, number=mandate.number, **values)
