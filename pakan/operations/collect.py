"""Collect: ask for the money, hear from the bank, book it once, set it against the debt, credit the people.

The outside world is never called inside a transaction. A notice from a bank is stored raw and acknowledged; a job
asks the bank what is true and only then books (standards/security-reliability, section 2 rule 6).
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from pakan.integrations.banks.bank import Bank, BankUnreachable, Code, NoticeRefused, PaymentNotice
from pakan.integrations.formats import emvco
from pakan.integrations.formats.letter import CashSlipLetter, NoticeLetter, ReceiptLetter, render
from pakan.operations import apart, late, steps
from pakan.operations.later import later
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.contributions import actions as contributions
from pakan.registers.contributions.models import Obligation
from pakan.registers.contributions.queries import open_corrections
from pakan.registers.funds.models import Line as OthersLine
from pakan.registers.payments import actions as payments
from pakan.registers.payments import queries as payment_queries
from pakan.registers.payments.models import BankMessage, Notice, Receipt
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.number import creditor_reference

log = logging.getLogger("pakan.collect")

# What `book` is told, for channels that book; and what `ask` raises while the bank does not answer.
__all__ = ["BankUnreachable", "PaymentNotice"]

# What a notice asks for: a month, its open contribution, its late charges as of today.
Line = tuple[Month, Kip, Kip]
NOTICE_LIFE = timedelta(days=90)
MOST_MONTHS = 24
# Retry ladder: at once, then every five minutes up to four hours; then a person finds it on the worklist.
LADDER = RetryStrategy(max_attempts=48, wait=300)


class NothingToPay(ValueError):
    """None of these months has anything open."""


class AmountChanged(RuntimeError):
    """Between asking the bank and issuing the notice the debt changed: ask again."""


# --- ask for the money -----------------------------------------------------------------------------------------------


def ask(actor: Actor, employer: Employer, months: Sequence[Month], most: Kip | None = None) -> Notice:
    """The notice for what is open in these months: the open one if it still says the truth, else a new one.

    Differences of corrected earlier months and charges that are fixed come with it (line 3 of the form), and kept
    credit is used first (line 4). `most`: not more than this, the oldest first (an instalment of a plan).
    Raises NothingToPay (also where the credit covered everything).
    """
    months = _with_older(employer, months) if most is None else sorted(months)[:MOST_MONTHS]
    for _ in range(3):
        lines = _prepare(actor, employer, months, most)
        if not lines:
            raise NothingToPay
        others = _others(actor, employer, lines, most)
        current = _same(actor, employer, lines, others)
        if current:
            return current
        number = steps.notice_number_for(employer, lines[0][0])
        asked = [(month, Kip(amount + extra)) for month, amount, extra in lines]
        code = steps.ask_for_code(number, asked, apart.total(others))
        try:
            return _issue(actor, employer, lines, apart.amounts(others), number, code, most)
        except AmountChanged:
            continue
    raise AmountChanged


def rehearse(actor: Actor, employer: Employer, months: Sequence[Month]) -> list[Line]:
    """What a notice would ask for; nothing is written and no bank is asked (practice of payroll software)."""
    with transaction.atomic():
        lines = _prepare(actor, employer, _with_older(employer, months))
        transaction.set_rollback(True)
    return lines


def _with_older(employer: Employer, months: Sequence[Month]) -> list[Month]:
    """These months, with older ones that were corrected upwards or have a fixed charge open."""
    corrected = [debt.month for debt in open_corrections(employer.id, besides=max(months))]
    return sorted({*months, *corrected, *late.charged_months(employer.id)})[:MOST_MONTHS]


@verb("collect.use_credit")
def _prepare(
    actor: Actor, employer: Employer, months: Sequence[Month], most: Kip | None = None
) -> list[Line]:
    """Use what the fund keeps for the employer, and say what is open after it."""
    payments.lock_credit(employer.id)
    debts = contributions.lock_obligations(employer.id, months)
    credit = payment_queries.credit_of(employer.id)
    remember(f"{employer.code} {', '.join(map(str, months))}", credit=credit)
    if credit > 0:
        steps.use_credit(employer, debts, credit, actor.at)
        steps.close_notices(employer, [debt for debt in debts if debt.open == 0])
    return _open_lines(actor, employer, debts, most)


def _open_lines(
    actor: Actor, employer: Employer, debts: Sequence[Obligation], most: Kip | None
) -> list[Line]:
    """What is open with the charges of today; cut to `most` kip, contributions before charges."""
    found = late.forecasts(employer.id, debts, actor.today)
    lines = [(one.month, one.open, one.charges) for one in found if one.total]
    return _with_others(actor, employer, debts, lines) if most is None else _cut(lines, most)


def _with_others(
    actor: Actor, employer: Employer, debts: Sequence[Obligation], lines: list[Line]
) -> list[Line]:
    """A month that is paid stays on the bill, with nothing to pay, while what was added to it for another fund is open."""
    others = apart.lines_on(employer.id, [debt.month for debt in debts], actor.today)
    bare = {line.bill_month for line in others} - {month for month, _, _ in lines}
    return sorted([*lines, *((month, Kip(0), Kip(0)) for month in bare)])


def _others(actor: Actor, employer: Employer, lines: Sequence[Line], most: Kip | None) -> list[OthersLine]:
    """What the bill asks for other funds; an instalment of a plan asks for none."""
    months = [month for month, _, _ in lines]
    return apart.lines_on(employer.id, months, actor.today) if most is None else []


def _cut(lines: list[Line], most: Kip) -> list[Line]:
    amounts, charges = {}, {}
    for month, amount, _ in lines:
        amounts[month] = Kip(min(most, amount))
        most = Kip(most - amounts[month])
    for month, _, extra in lines:
        charges[month] = Kip(min(most, extra))
        most = Kip(most - charges[month])
    return [(month, amounts[month], charges[month]) for month in amounts if amounts[month] or charges[month]]


def _same(actor: Actor, employer: Employer, lines: list[Line], others: Sequence[OthersLine]) -> Notice | None:
    current = payment_queries.open_notice(employer, lines[0][0])
    if current is None or current.expires_on < actor.today:
        return None
    if sorted((line.month, line.amount, line.charges) for line in current.lines.all()) != lines:
        return None
    return current if apart.asked(current.number) == apart.amounts(others) else None


@verb("collect.ask")
def _issue(
    actor: Actor,
    employer: Employer,
    lines: list[Line],
    wanted: Sequence[tuple[int, int]],
    number: str,
    code: Code,
    most: Kip | None = None,
) -> Notice:
    """`wanted`: lines for other funds that the code was made with, and their amounts."""
    debts = contributions.lock_obligations(employer.id, [month for month, _, _ in lines])
    if _open_lines(actor, employer, debts, most) != lines or Notice.objects.filter(number=number).exists():
        raise AmountChanged
    others = _others(actor, employer, lines, most)
    if apart.amounts(others) != wanted:
        raise AmountChanged
    remember(number, lines=lines, for_funds=apart.total(others))
    apart.write(number, others)
    return payments.issue_notice(
        employer,
        [(month, amount) for month, amount, _ in lines],
        number=number,
        reference=creditor_reference(number),
        due_on=min(debt.due_on for debt in debts),
        expires_on=apart.last_day(others, actor.today + NOTICE_LIFE),
        bank=settings.COLLECTING_BANK,
        code_text=code.text,
        code_made_by=code.made_by,
        at=actor.at,
        charges={month: extra for month, _, extra in lines},
        for_funds=apart.total(others),
    )


def code_svg(notice: Notice) -> str:
    """The LAO QR of a notice as SVG markup (ours, no text of anybody's in it)."""
    return emvco.svg(notice.code_text)


# --- the bank tells us -----------------------------------------------------------------------------------------------

KEPT_HEADERS = ("x-signature", "content-type")


def store_notice(bank_name: str, headers: Mapping[str, str], body: bytes, at: datetime) -> int:
    """Store what a bank sent, raw, and let a job work on it. The same body twice is one message, counted."""
    kept = {name.lower(): value[:500] for name, value in headers.items() if name.lower() in KEPT_HEADERS}
    signature = kept.get("x-signature", "")
    key = hashlib.sha256(signature.encode() + b"\x00" + body).hexdigest()
    with transaction.atomic():
        message_id, is_new = payments.store_message(bank_name, key, kept, body, at)
        if is_new:
            lock = f"bank message {message_id}"
            later("collect.work_on", lock, message_id=message_id)
    return message_id


@app.task(name="collect.work_on", retry=LADDER)
def work_on(message_id: int) -> None:
    """Read a bank's message, ask the bank whether it is true, and book what the bank confirms."""
    message = BankMessage.objects.get(id=message_id)
    if message.state in (BankMessage.State.WORKED, BankMessage.State.REFUSED):
        return
    teller = steps.bank(message.bank)
    keys = [key.encode() for key in settings.BANKS[message.bank]["keys"]]
    try:
        told = teller.read_notice(message.headers, bytes(message.body), keys, message.received_at)
    except NoticeRefused as fault:
        # A forged notice is kept for a person to see, and changes nothing.
        payments.work_message(message, BankMessage.State.REFUSED, fault.code, timezone.now())
        log.warning("bank notice refused", extra={"facts": {"message": message_id, "why": fault.code}})
        return
    try:
        true = _known_to(teller, told.bank_reference)
    except BankUnreachable:
        payments.work_message(message, BankMessage.State.WAITING, "bank does not answer", timezone.now())
        raise
    if true is None:
        payments.work_message(message, BankMessage.State.REFUSED, "unknown to the bank", timezone.now())
        return
    book(Actor.system(timezone.now(), f"bank {message.bank}"), message.bank, teller.account, true)
    payments.work_message(message, BankMessage.State.WORKED, "", timezone.now())


def _known_to(teller: Bank, bank_reference: str) -> PaymentNotice | None:
    """The payment as the bank itself tells it. Raises BankUnreachable."""
    told = teller.state_of(bank_reference).payments
    return next((paid for paid in told if paid.bank_reference == bank_reference), None)


@app.task(name="collect.confirm", retry=LADDER)
def confirm(bank: str, bank_reference: str) -> None:
    """Book a payment that we know of without its notice (a debit that was drawn); the notice, late or never, adds nothing."""
    teller = steps.bank(bank)
    true = _known_to(teller, bank_reference)
    if true is None:
        raise BankUnreachable("the bank does not know yet what it told us")
    book(Actor.system(timezone.now(), f"bank {bank}"), bank, teller.account, true)


@verb("collect.book")
def book(actor: Actor, bank_name: str, account: str, paid: PaymentNotice) -> Receipt:
    """Book money once, and set it against what its reference names. Unknown references wait for a person."""
    receipt, is_new = payments.receive(
        bank=bank_name,
        account=account,
        bank_reference=paid.bank_reference,
        amount=paid.amount,
        paid_at=paid.paid_at,
        at=actor.at,
        given_reference=paid.reference or paid.text or paid.bill,
        payer_name=paid.payer_name,
        payer_account=paid.payer_account,
    )
    remember(receipt.number, bank_reference=paid.bank_reference, amount=paid.amount, is_new=is_new)
    if is_new:
        steps.match_by_reference(receipt, [paid.reference, paid.bill, paid.text], actor.at)
        receipt.refresh_from_db()
    return receipt


@app.task(name="collect.ask_again", retry=LADDER)
def ask_again(employer_id: int, months: list[str]) -> None:
    """After a part payment, or an approval: a notice for what is open."""
    employer = Employer.objects.get(id=employer_id)
    try:
        ask(Actor.system(timezone.now()), employer, [Month.parse(month) for month in months])
    except NothingToPay:
        return


def sweep_messages(now: datetime) -> int:
    """Bank messages without an outcome after fifteen minutes are worked on again (rule 11); how many of them."""
    waiting = payment_queries.messages_waiting(now - timedelta(minutes=15))
    again = 0
    for message in waiting:
        # One try at a time a message: in a long outage the sweep must not pile them up.
        try:
            with transaction.atomic():
                later("collect.work_on", f"bank message {message.id}", message_id=message.id)
            again += 1
        except AlreadyEnqueued:
            continue
    return again


# --- papers ----------------------------------------------------------------------------------------------------------


def notice_pdf(notice: Notice) -> bytes:
    """The payment notice with its LAO QR, in Lao and English."""
    return render("notice", _letter(notice))


def cash_slip_pdf(notice: Notice, today: date) -> bytes | None:
    """The slip for paying in cash at a counter or to an agent (C102); None where the notice must not be paid any more."""
    if notice.state != Notice.State.OPEN or notice.expires_on < today:
        return None
    months = sorted(str(line.month) for line in notice.lines.all())
    slip: CashSlipLetter = {
        **_letter(notice),
        "months": months,
        "expires_on": notice.expires_on.isoformat(),
    }
    return render("cash_slip", slip)


def _letter(notice: Notice) -> NoticeLetter:
    lo, en = steps.bank_name(notice.bank)
    wired = settings.BANKS[notice.bank]
    return {
        "number": notice.number,
        "reference": notice.reference,
        "code": notice.code_text,
        "employer": notice.employer.name_lo,
        "employer_code": notice.employer.code,
        "month": str(min(line.month for line in notice.lines.all())),
        "amount": notice.amount,
        "due_on": notice.due_on.isoformat(),
        "issued_on": notice.made_at.astimezone(VIENTIANE).date().isoformat(),
        "receiver": wired["receiver_name"],
        "account": wired["account"],
        "bank_lo": lo,
        "bank_en": en,
        "funds": apart.on_bill(notice.number),
    }


def receipt_pdf(receipt: Receipt) -> bytes:
    """The receipt of a matched payment: what it was set against, and where anybody can verify it (C111)."""
    assert receipt.employer is not None
    lo, en = steps.bank_name(receipt.bank)
    letter: ReceiptLetter = {
        "number": receipt.number,
        "employer": receipt.employer.name_lo,
        "employer_code": receipt.employer.code,
        "reference": receipt.notice.reference if receipt.notice else "",
        "lines": [
            {"month": str(part.month), "amount": part.amount, "is_charge": part.to_charges}
            for part in sorted(receipt.allocations.all(), key=lambda part: (part.month, part.to_charges))
        ],
        "amount": receipt.amount,
        "bank_lo": lo,
        "bank_en": en,
        "bank_reference": receipt.bank_reference,
        "paid_on": receipt.paid_at.astimezone(VIENTIANE).date().isoformat(),
        "issued_on": receipt.received_at.astimezone(VIENTIANE).date().isoformat(),
        "verify_at": f"{settings.BASE_URL}/check/{receipt.number}/",
        "funds": apart.on_receipt(receipt.number) if receipt.for_funds else [],
    }
    return render("receipt", letter)
