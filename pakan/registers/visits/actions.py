"""Booking a desk at an office, and the queue of the day."""

import secrets
from datetime import date, datetime, time
from typing import Any

from django.db import connection

from pakan.registers.visits.models import Appointment, Office

BOOKED = Appointment.State.BOOKED


def lock_day(office: Office, day: date) -> None:
    """Whoever books at this office on this day waits here, so that each finds the desks as they are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [140_000 + int(office.code), day.toordinal()])


def free_desk(office: Office, day: date, slot: time) -> int | None:
    """The first free desk of a slot (the day is locked); None if all are taken."""
    taken = Appointment.objects.filter(office=office, day=day, slot=slot).exclude(
        state=Appointment.State.CANCELLED
    )
    used = set(taken.values_list("desk", flat=True))
    return next((desk for desk in range(1, office.desks + 1) if desk not in used), None)


def write(
    office: Office,
    person_id: int | None,
    day: date,
    slot: time | None,
    desk: int | None,
    about: str,
    state: str,
    at: datetime,
) -> Appointment:
    return Appointment.objects.create(
        key=secrets.token_urlsafe(18), office=office, person_id=person_id, day=day, slot=slot, desk=desk, about=about,
        state=state, made_at=at, here_at=at if state == Appointment.State.HERE else None,
    )  # fmt: skip


def lock(key: str) -> Appointment:
    """Raises Appointment.DoesNotExist."""
    found = Appointment.objects.select_for_update(of=("self",)).select_related("office__province", "person")
    return found.get(key=key)


def change(one: Appointment, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(one, name, value)
    one.save()
