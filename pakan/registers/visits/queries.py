"""What is read about offices, appointments and queues."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, time

from pakan.registers.visits.models import Appointment, Office

SLOT = 20  # minutes


def offices() -> list[Office]:
    return list(Office.objects.select_related("province").order_by("code"))


def office(code: str) -> Office | None:
    return Office.objects.select_related("province").filter(code=code).first()


def coming(person_id: int, today: date) -> list[Appointment]:
    """A person's own appointments from today on."""
    found = Appointment.objects.filter(person_id=person_id, day__gte=today, state=Appointment.State.BOOKED)
    return list(found.select_related("office__province").order_by("day", "slot"))


def own(person_id: int, key: str) -> Appointment | None:
    found = Appointment.objects.select_related("office__province")
    return found.filter(person_id=person_id, key=key, state=Appointment.State.BOOKED).first()


def taken(one: Office, day: date) -> Counter[time]:
    """How many desks are taken, by slot."""
    rows = Appointment.objects.filter(office=one, day=day, slot__isnull=False)
    rows = rows.exclude(state=Appointment.State.CANCELLED)
    return Counter(slot for slot in rows.values_list("slot", flat=True) if slot)


def of_day(one: Office, day: date) -> list[Appointment]:
    """Everybody of a day: by the time they were promised, then those without one as they came."""
    rows = Appointment.objects.filter(office=one, day=day).exclude(state=Appointment.State.CANCELLED)
    return list(rows.select_related("person").order_by("slot", "here_at", "id"))


@dataclass(frozen=True)
class Queue:
    """How many wait now, how many are still to come today, and about how many minutes the next one waits."""

    waiting: int
    to_come: int
    minutes: int


def queue(one: Office, day: date) -> Queue:
    states = Counter(row.state for row in of_day(one, day))
    waiting = states[Appointment.State.HERE]
    return Queue(waiting, states[Appointment.State.BOOKED], -(-waiting * SLOT // one.desks))
