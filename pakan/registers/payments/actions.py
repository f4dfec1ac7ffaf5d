"""What is written about payments."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.models import F

from pakan.registers.access.actor import VIENTIANE
from pakan.registers.ledger.actions import post
from pakan.registers.payments import postings
from pakan.registers.payments.models import (
    Allocation,
    BankMessage,
    CreditHold,
    Notice,
    NoticeLine,
    Payout,
    Receipt,
    Statement,
    StatementLine,
)
from pakan.registers.people.actions import take_numbers
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.number import benefit_number, receipt_number


def issue_notice(
    employer: Employer,
    lines: Sequence[tuple[Month, Kip]],
    *,
    number: str,
    reference: str,
    due_on: date,
    expires_on: date,
    bank: str,
    code_text: str,
    code_made_by: str,
    at: datetime,
    charges: Mapping[Month, Kip] | None = None,
    for_funds: int = 0,
) -> Notice:
    """A new notice of months, with their late `charges` beside the contribution, and what it asks `for_funds` besides.

    Open ones of the employer that ask for one of the same months are superseded and point to it.
    """
    extra = charges or {}
    notice = Notice.objects.create(
        number=number, reference=reference, employer=employer, state=Notice.State.OPEN,
        amount=Kip(sum(amount for _, amount in lines) + sum(extra.values()) + for_funds), made_at=at, expires_on=expires_on,
        due_on=due_on, bank=bank, code_text=code_text, code_made_by=code_made_by,
    )  # fmt: skip
    NoticeLine.objects.bulk_create(
        [
            NoticeLine(notice=notice, month=month, amount=amount, charges=extra.get(month, 0))
            for month, amount in lines
        ]
    )
    older = Notice.objects.filter(
        employer=employer, state=Notice.State.OPEN, lines__month__in=[month.first for month, _ in lines]
    ).exclude(id=notice.id)
    Notice.objects.filter(id__in=list(older.values_list("id", flat=True))).update(
        state=Notice.State.SUPERSEDED, successor=notice
    )
    return notice


def supersede(employer: Employer, months: Sequence[Month]) -> None:
    """Open notices for these months ask for a wrong amount now: they are no longer shown."""
    stale = Notice.objects.filter(
        employer=employer, state=Notice.State.OPEN, lines__month__in=[m.first for m in months]
    )
    Notice.objects.filter(id__in=list(stale.values_list("id", flat=True))).update(
        state=Notice.State.SUPERSEDED
    )


def supersede_bills(numbers: Sequence[str], after: date) -> list[Notice]:
    """Of these notices, the open ones that are good beyond a day are shown no more; which they were."""
    found = Notice.objects.select_related("employer").prefetch_related("lines")
    stale = list(found.filter(number__in=numbers, state=Notice.State.OPEN, expires_on__gt=after))
    Notice.objects.filter(id__in=[one.id for one in stale]).update(state=Notice.State.SUPERSEDED)
    return stale


def mark_paid(notice: Notice) -> None:
    Notice.objects.filter(id=notice.id).update(state=Notice.State.PAID)


def store_message(
    bank: str, key: str, headers: dict[str, str], body: bytes, at: datetime
) -> tuple[int, bool]:
    """Store a bank's message raw. Its id and whether it is new; the same one again is only counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_bankmessage AS m (bank, key, headers, body, state, why, times, received_at)"
            " VALUES (%s, %s, %s::jsonb, %s, 'new', '', 1, %s)"
            " ON CONFLICT (bank, key) DO UPDATE SET times = m.times + 1 RETURNING id, times",
            [bank, key, _json(headers), body, at],
        )
        found, times = cursor.fetchone()
    return found, times == 1


def _json(value: Any) -> str:
    return json.dumps(value)


def work_message(message: BankMessage, state: str, why: str, at: datetime) -> None:
    message.state, message.why, message.worked_at = state, why, at
    message.save(update_fields=["state", "why", "worked_at"])


def receive(
    *,
    bank: str,
    account: str,
    bank_reference: str,
    amount: Kip,
    paid_at: datetime,
    at: datetime,
    given_reference: str = "",
    payer_name: str = "",
    payer_account: str = "",
) -> tuple[Receipt, bool]:
    """The receipt of this money, and whether it is new. One a bank reference, however often we are told.

    Two notices at once: the second waits for the lock and then finds the first's receipt, so that no number is lost.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(1508, hashtext(%s))", [f"{bank}:{account}:{bank_reference}"]
        )
    known = (
        Receipt.objects.select_for_update()
        .filter(bank=bank, account=account, bank_reference=bank_reference)
        .first()
    )
    if known:
        return known, False
    year = at.astimezone(VIENTIANE).year
    receipt = Receipt.objects.create(
        number=receipt_number(year, take_numbers(f"receipt {year}")), bank=bank, account=account,
        bank_reference=bank_reference, amount=amount, paid_at=paid_at, given_reference=given_reference[:140],
        payer_name=payer_name[:140], payer_account=payer_account[:34], state=Receipt.State.UNMATCHED, received_at=at,
    )  # fmt: skip
    post(postings.received(receipt), at)
    return receipt, True


def match(receipt: Receipt, employer: Employer, notice: Notice | None, account_id: int | None = None) -> None:
    receipt.employer, receipt.notice, receipt.state = employer, notice, Receipt.State.MATCHED
    receipt.settled_by_id = account_id
    receipt.save(update_fields=["employer", "notice", "state", "settled_by"])


def allocate(receipt: Receipt, month: Month, amount: Kip, at: datetime, *, to_charges: bool = False) -> None:
    """Note that a part of the receipt was set against a month or its charges (the ledger entry is theirs)."""
    assert receipt.employer_id is not None
    Allocation.objects.create(
        receipt=receipt,
        employer_id=receipt.employer_id,
        month=month,
        amount=amount,
        to_charges=to_charges,
        at=at,
    )
    Receipt.objects.filter(id=receipt.id).update(allocated=F("allocated") + amount)


def count_for_funds(receipt: Receipt, amount: Kip) -> None:
    """Note that a part of the receipt is another fund's (its row and its ledger entry are the funds')."""
    Receipt.objects.filter(id=receipt.id).update(for_funds=F("for_funds") + amount)


def keep_credit(receipt: Receipt, amount: Kip, at: datetime) -> None:
    """The rest of a receipt stays with the employer."""
    if amount:
        Receipt.objects.filter(id=receipt.id).update(credited=F("credited") + amount)
        post(postings.kept_as_credit(receipt, amount), at)


def lock_credit(employer_id: int) -> None:
    """Whoever uses an employer's credit waits here, so that the same kip are not set against two months at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [employer_id])


def use_credit(
    employer_id: int, month: Month, amount: Kip, at: datetime, *, to_charges: bool = False
) -> Allocation:
    """Kept credit is set against a month or its charges; below zero, a corrected month gives money back to the credit."""
    return Allocation.objects.create(
        employer_id=employer_id, month=month, amount=amount, from_credit=True, to_charges=to_charges, at=at
    )


def hold_credit(employer_id: int, amount: Kip, key: str, at: datetime) -> None:
    """Set credit aside for the refund `key`, so that no month uses it; below zero, give it back. The credit is locked."""
    CreditHold.objects.create(employer_id=employer_id, amount=amount, key=key, at=at)
    post(postings.set_aside(employer_id, amount, key), at)


def take_in_statement(
    *, bank: str, account: str, number: str, day: date, opening: Kip, closing: Kip, at: datetime
) -> tuple[Statement, bool]:
    made = {"day": day, "opening": opening, "closing": closing, "taken_in_at": at}
    return Statement.objects.get_or_create(bank=bank, account=account, number=number, defaults=made)


def confirm(statement: Statement, receipt: Receipt, bank_reference: str, amount: Kip) -> None:
    """A statement line is this receipt: confirmed."""
    StatementLine.objects.get_or_create(
        statement=statement, bank_reference=bank_reference, defaults={"amount": amount, "receipt": receipt}
    )
    Receipt.objects.filter(id=receipt.id, confirmed_on=None).update(confirmed_on=statement.day)


# --- money out ---------------------------------------------------------------------------------------------------


def order_payout(*, subject: str, at: datetime, **facts: Any) -> tuple[Payout, bool]:
    """The payout of `subject`, and whether it is new: one that was not refused is the same one, however often asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(1510, hashtext(%s))", [subject])
    known = Payout.objects.filter(subject=subject).exclude(state=Payout.State.REFUSED).first()
    if known:
        return known, False
    year = at.astimezone(VIENTIANE).year
    number = benefit_number("P", year, take_numbers(f"payout {year}"))
    made = Payout.objects.create(number=number, uetr=uuid4(), subject=subject, ordered_at=at, **facts)
    return made, True


def lock_payout(payout_id: int) -> Payout:
    found = Payout.objects.select_for_update(of=("self",)).select_related("person", "employer")
    return found.get(id=payout_id)


def turn_payout(payout: Payout, state: str, at: datetime, why: str = "", bank_reference: str = "") -> None:
    """A new state. What the table does not allow, the database refuses; a payment and its return are posted here."""
    before, payout.state, payout.why = payout.state, state, why[:30]
    payout.bank_reference = bank_reference[:60] or payout.bank_reference
    if state == Payout.State.UNKNOWN:
        payout.tries, payout.asked_at = payout.tries + 1, payout.asked_at or at
    if state in (Payout.State.PAID, Payout.State.REFUSED):
        payout.settled_at = at
    payout.save(update_fields=["state", "why", "bank_reference", "tries", "asked_at", "settled_at"])
    if state == Payout.State.PAID:
        post(postings.paid_out(payout), at)
    if before == Payout.State.PAID and state == Payout.State.REFUSED:
        post(postings.came_back(payout), at)
