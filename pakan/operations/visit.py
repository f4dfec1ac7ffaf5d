"""Visit: a member books, moves or cancels an appointment at an office; the office sees its day and its queue (C14)."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.law.calendar.holidays import is_working_day
from pakan.operations.later import later
from pakan.operations.law_in_force import in_force
from pakan.operations.speak import say
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import Account
from pakan.registers.access.verbs import verb
from pakan.registers.visits import actions, queries
from pakan.registers.visits.models import Appointment, Office
from pakan.registers.visits.queries import SLOT
from pakan.units.words import english_date, lao_date

LADDER = RetryStrategy(max_attempts=6, wait=300)
HOURS = ((time(8, 30), time(11, 30)), (time(13, 30), time(15, 30)))  # no list of the fund's own hours
AHEAD = 30  # days
MOST = 3  # appointments of one person at a time
TOPICS = ("claim", "record", "card", "register", "other")
RINGS = time(8)  # of the day before


class Refused(ValueError):
    """Why nothing was booked: `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def slots() -> list[time]:
    """Every twenty minutes of the opening hours."""
    found = []
    for start, end in HOURS:
        at = datetime.combine(date.min, start)
        while at.time() < end:
            found.append(at.time())
            at += timedelta(minutes=SLOT)
    return found


def days(today: date) -> list[date]:
    """The working days that can be booked: from tomorrow, thirty days ahead."""
    holidays = in_force().holidays
    every = (today + timedelta(days=ahead) for ahead in range(1, AHEAD + 1))
    return [day for day in every if is_working_day(day, holidays)]


def free(office: Office, day: date) -> list[time]:
    """The slots of a day that still have a desk."""
    used = queries.taken(office, day)
    return [slot for slot in slots() if used[slot] < office.desks]


def _person_id(actor: Actor) -> int:
    if actor.person_id is None:
        raise PermissionError("only a person has an appointment")
    return actor.person_id


def _desk(actor: Actor, office: Office, day: date, slot: time) -> int:
    if day not in days(actor.today) or slot not in slots():
        raise Refused("time")
    actions.lock_day(office, day)
    desk = actions.free_desk(office, day, slot)
    if desk is None:
        raise Refused("taken")
    return desk


@verb("visit.book")
def book(actor: Actor, office: Office, day: date, slot: time, about: str) -> Appointment:
    """Raises Refused 'about', 'time', 'taken', 'many' or 'same day'."""
    person_id = _person_id(actor)
    if about not in TOPICS:
        raise Refused("about")
    desk = _desk(actor, office, day, slot)
    mine = queries.coming(person_id, actor.today)
    if len(mine) >= MOST:
        raise Refused("many")
    if any(one.day == day for one in mine):
        raise Refused("same day")
    made = actions.write(office, person_id, day, slot, desk, about, Appointment.State.BOOKED, actor.at)
    remember(f"office {office.code} {day} {slot:%H:%M}", person_id=person_id)
    _remind(made, actor.at)
    return made


def _own(actor: Actor, key: str) -> Appointment:
    try:
        one = actions.lock(key)
    except Appointment.DoesNotExist as nothing:
        raise Refused("gone") from nothing
    if one.person_id != _person_id(actor) or one.state != Appointment.State.BOOKED:
        raise Refused("gone")
    return one


@verb("visit.move")
def move(actor: Actor, key: str, day: date, slot: time) -> Appointment:
    """Another time at the same office. Raises Refused."""
    one = _own(actor, key)
    if any(
        other.day == day and other.id != one.id for other in queries.coming(_person_id(actor), actor.today)
    ):
        raise Refused("same day")
    desk = _desk(actor, one.office, day, slot)
    actions.change(one, day=day, slot=slot, desk=desk)
    remember(f"office {one.office_id} {day} {slot:%H:%M}", person_id=one.person_id)
    _remind(one, actor.at)
    return one


@verb("visit.cancel")
def cancel(actor: Actor, key: str) -> Appointment:
    """The desk is free again. Raises Refused 'gone'."""
    one = _own(actor, key)
    actions.change(one, state=Appointment.State.CANCELLED)
    remember(f"office {one.office_id} {one.day}", person_id=one.person_id)
    return one


def _remind(one: Appointment, at: datetime) -> None:
    rings = datetime.combine(one.day - timedelta(days=1), RINGS, VIENTIANE)
    start = f"{one.day} {one.slot:%H:%M}"
    later("visit.remind", not_before=max(rings, at), appointment_id=one.id, start=start)


@app.task(name="visit.remind", retry=LADDER)
def remind(appointment_id: int, start: str) -> None:
    """The day before; nothing for one that was moved or cancelled meanwhile, and never twice."""
    one = Appointment.objects.select_related("person", "office__province").get(id=appointment_id)
    person = one.person
    if one.state != Appointment.State.BOOKED or person is None or one.slot is None:
        return
    if start != f"{one.day} {one.slot:%H:%M}":
        return
    account = Account.objects.filter(person=person).first()
    row = {
        "key": f"appointment:{one.id}:{start}",
        "wording": "appointment",
        "values": {
            "day_lo": lao_date(one.day),
            "day_en": english_date(one.day),
            "time": f"{one.slot:%H:%M}",
            "office_lo": one.office.province.name_lo,
            "office_en": one.office.province.name_en,
        },
        "language": account.language if account else "lo",
        "phone": person.phone,
        "person_id": person.id,
        "account_id": account.id if account else None,
    }
    say([row], timezone.now())


# --- at the office ---------------------------------------------------------------------------------------------------


@verb("visit.arrive")
def arrive(actor: Actor, key: str) -> Appointment:
    """The person is here and waits. Raises Refused 'gone'."""
    return _at_office(actor, key, Appointment.State.BOOKED, Appointment.State.HERE)


@verb("visit.serve")
def serve(actor: Actor, key: str) -> Appointment:
    """The person was served. Raises Refused 'gone'."""
    return _at_office(actor, key, Appointment.State.HERE, Appointment.State.SERVED)


def _at_office(actor: Actor, key: str, state: str, then: str) -> Appointment:
    try:
        one = actions.lock(key)
    except Appointment.DoesNotExist as nothing:
        raise Refused("gone") from nothing
    if one.state != state or one.day != actor.today:
        raise Refused("gone")
    moment = {"here_at": actor.at} if then == Appointment.State.HERE else {"served_at": actor.at}
    actions.change(one, state=then, **moment)
    remember(f"office {one.office_id} {one.day}", person_id=one.person_id)
    return one


@verb("visit.walk_in")
def walk_in(actor: Actor, office: Office) -> Appointment:
    """Somebody came without an appointment and waits too; without a name."""
    remember(f"office {office.code} {actor.today}")
    return actions.write(office, None, actor.today, None, None, "other", Appointment.State.HERE, actor.at)
