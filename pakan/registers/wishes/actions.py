"""Writing what a person allows, asks to be corrected, and asks a copy of."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from pakan.registers.people.actions import take_numbers
from pakan.registers.people.models import Person
from pakan.registers.wishes.models import Consent, Copy, Correction
from pakan.units.number import correction_number

KEPT = timedelta(hours=24)


def lock_person(person_id: int) -> Person:
    return Person.objects.select_for_update(no_key=True).get(id=person_id)


def allow(person_id: int, purpose: str, wording: int, until: date, at: datetime) -> Consent:
    """A new yes; the one before ends."""
    withdraw(person_id, purpose, at)
    return Consent.objects.create(
        person_id=person_id, purpose=purpose, wording=wording, given_at=at, until=until
    )


def withdraw(person_id: int, purpose: str, at: datetime) -> int:
    found = Consent.objects.filter(person_id=person_id, purpose=purpose, withdrawn_at=None)
    return found.update(withdrawn_at=at)


def ask_correction(year: int, **facts: Any) -> Correction:
    number = correction_number(year, take_numbers(f"correction {year}"))
    return Correction.objects.create(number=number, **facts)


def lock_correction(number: str) -> Correction:
    """Raises Correction.DoesNotExist."""
    found = Correction.objects.select_for_update(of=("self",)).select_related("person", "proof")
    return found.get(number=number)


def change(correction: Correction, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(correction, name, value)
    correction.save()


def ask_copy(person_id: int, at: datetime) -> Copy:
    return Copy.objects.create(key=secrets.token_urlsafe(18), person_id=person_id, asked_at=at)


def keep_copy(copy: Copy, content: bytes, at: datetime) -> None:
    copy.content, copy.made_at = content, at
    copy.save(update_fields=["content", "made_at"])


def drop_old_copies(at: datetime) -> int:
    """Copies over a day old are gone, whole."""
    return Copy.objects.filter(asked_at__lt=at - KEPT).delete()[0]
