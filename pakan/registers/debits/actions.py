"""What is written about mandates and debits."""

from datetime import datetime
from typing import Any

from django.db import connection

from pakan.registers.access.actor import VIENTIANE
from pakan.registers.debits.models import REASON, Debit, DebitMandate
from pakan.registers.people.actions import take_numbers
from pakan.units.number import debit_number

State = Debit.State
SETTLED = (State.DRAWN, State.REFUSED, State.RETURNED, State.DROPPED)


def lock_employer(employer_id: int) -> None:
    """Whoever gives, revokes or announces for an employer waits here for the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(1511, %s)", [employer_id])


def give(*, at: datetime, **facts: Any) -> DebitMandate:
    year = at.astimezone(VIENTIANE).year
    number = debit_number("G", year, take_numbers(f"debit mandate {year}"))
    return DebitMandate.objects.create(number=number, asked_at=at, **facts)


def lock_mandate(mandate_id: int) -> DebitMandate:
    """Raises DebitMandate.DoesNotExist."""
    found = DebitMandate.objects.select_for_update(of=("self",)).select_related("employer")
    return found.get(id=mandate_id)


def confirm(mandate: DebitMandate, account_id: int, at: datetime) -> None:
    mandate.confirmed_by_id, mandate.confirmed_at = account_id, at
    mandate.save(update_fields=["confirmed_by", "confirmed_at"])


def checked(mandate: DebitMandate, said: str) -> None:
    mandate.check_result = said
    mandate.save(update_fields=["check_result"])


def end(mandate: DebitMandate, why: str, at: datetime, account_id: int | None) -> None:
    mandate.ended_at, mandate.ended_by_id, mandate.end_why = at, account_id, why
    mandate.save(update_fields=["ended_at", "ended_by", "end_why"])


def announce(mandate: DebitMandate, at: datetime, **facts: Any) -> Debit:
    year = at.astimezone(VIENTIANE).year
    number = debit_number("H", year, take_numbers(f"debit {year}"))
    return Debit.objects.create(number=number, mandate=mandate, announced_at=at, **facts)


def lock_debit(debit_id: int) -> Debit:
    found = Debit.objects.select_for_update(of=("self",)).select_related("mandate__employer")
    return found.get(id=debit_id)


def turn(debit: Debit, state: str, at: datetime, why: str = "", bank_reference: str = "") -> None:
    """A new state. What the table does not allow, the database refuses."""
    debit.state, debit.why = state, why[:REASON]
    debit.bank_reference = bank_reference[:60] or debit.bank_reference
    if state == State.UNKNOWN:
        debit.tries, debit.asked_at = debit.tries + 1, debit.asked_at or at
    if state in SETTLED:
        debit.settled_at = at
    debit.save(update_fields=["state", "why", "bank_reference", "tries", "asked_at", "settled_at"])
