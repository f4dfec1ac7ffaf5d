"""What is written about agreements with other funds, their lines on bills, and what is passed on."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import F

from pakan.registers.access.actor import VIENTIANE
from pakan.registers.funds import postings
from pakan.registers.funds.models import Agreement, Asked, Line, Received, Remittance
from pakan.registers.ledger.actions import post
from pakan.registers.people.actions import take_numbers
from pakan.units.money import Kip
from pakan.units.number import remittance_number

State = Remittance.State


def lock_fund(code: str) -> None:
    """Whoever begins or ends an agreement with a fund, or gathers its money, waits here for the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(1519, hashtext(%s))", [code])


# --- agreements ------------------------------------------------------------------------------------------------------


def enter(**facts: Any) -> Agreement:
    return Agreement.objects.create(**facts)


def lock_agreement(agreement_id: int) -> Agreement:
    """Raises Agreement.DoesNotExist."""
    return Agreement.objects.select_for_update().get(id=agreement_id)


def decide(agreement: Agreement, approved: bool, account_id: int, at: datetime) -> None:
    """The database refuses whoever entered it, and days that another agreement with the fund has."""
    agreement.approved, agreement.decided_by_id, agreement.decided_at = approved, account_id, at
    agreement.save(update_fields=["approved", "decided_by", "decided_at"])


def ask_end(agreement: Agreement, last_day: date, why: str, account_id: int) -> None:
    agreement.end_asked_on, agreement.end_why, agreement.end_asked_by_id = last_day, why, account_id
    agreement.save(update_fields=["end_asked_on", "end_why", "end_asked_by"])


def end(agreement: Agreement, account_id: int, at: datetime) -> None:
    """The database refuses whoever asked for it."""
    agreement.ended_on, agreement.ended_by_id, agreement.ended_at = agreement.end_asked_on, account_id, at
    agreement.save(update_fields=["ended_on", "ended_by", "ended_at"])


# --- lines on bills --------------------------------------------------------------------------------------------------


def add_line(**facts: Any) -> Line:
    return Line.objects.create(**facts)


def lock_line(line_id: int) -> Line:
    """Raises Line.DoesNotExist."""
    found = Line.objects.select_for_update(of=("self",)).select_related("agreement", "employer")
    return found.get(id=line_id)


def take_back(line: Line, account_id: int, at: datetime) -> None:
    line.taken_back_by_id, line.taken_back_at = account_id, at
    line.save(update_fields=["taken_back_by", "taken_back_at"])


def write_asked(bill: str, lines: Sequence[Line]) -> None:
    """What this notice asks for each line."""
    Asked.objects.bulk_create([Asked(bill=bill, line=line, amount=line.open) for line in lines])


def set_apart(line: Line, receipt: str, amount: Kip, at: datetime) -> None:
    """Money of a receipt pays this line: owed to its fund from now on."""
    Received.objects.create(line=line, receipt=receipt, amount=amount, at=at)
    Line.objects.filter(id=line.id).update(settled=F("settled") + amount)
    post(postings.set_apart(line, receipt, amount), at)


# --- passing on ------------------------------------------------------------------------------------------------------


def make_remittance(code: str, waiting: Sequence[Received], account_id: int, at: datetime) -> Remittance:
    """One payment of everything that waits; the fund must be locked."""
    year = at.astimezone(VIENTIANE).year
    made = Remittance.objects.create(
        number=remittance_number(year, take_numbers(f"remittance {year}")), code=code, made_at=at, made_by_id=account_id,
        amount=Kip(sum(one.amount for one in waiting)),
    )  # fmt: skip
    Received.objects.filter(id__in=[one.id for one in waiting]).update(remittance=made)
    return made


def lock_remittance(number: str) -> Remittance:
    """Raises Remittance.DoesNotExist."""
    return Remittance.objects.select_for_update().get(number=number)


def release(one: Remittance, account_id: int, at: datetime) -> None:
    """The database refuses its maker."""
    one.state, one.released_by_id, one.released_at, one.why = State.RELEASED, account_id, at, ""
    one.save(update_fields=["state", "released_by", "released_at", "why"])


def turn(one: Remittance, state: str, at: datetime, why: str = "") -> None:
    """What the bank made of it: paid, or refused (also after it had been paid)."""
    one.state, one.why = state, why[:30]
    one.paid_at = at if state == State.PAID else None
    one.save(update_fields=["state", "why", "paid_at"])
