"""Appointments: no desk is given twice, moved and cancelled ones free theirs, and the office sees its day."""

from collections.abc import Callable
from datetime import UTC, datetime, time

import pytest
from django.test import Client

from pakan.operations import visit
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person
from pakan.registers.visits.models import Appointment, Office
from pakan.registers.visits.queries import office as office_by_code
from pakan.registers.visits.queries import offices, queue
from tests.channels.member.months import phone

__all__ = ["phone"]

Act = Callable[..., Actor]
SLOT = time(9, 10)
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)  # a Friday


@pytest.fixture
def vientiane(db: None) -> Office:
    found = office_by_code("01")
    assert found is not None
    return found


@pytest.fixture
def me(member: Account, as_actor: Act) -> Actor:
    return as_actor(member, NOW)


@pytest.fixture
def others(workers: list[Person], as_actor: Act) -> list[Actor]:
    return [as_actor(member_account(person, NOW), NOW) for person in workers[1:4]]


def test_there_is_an_office_in_each_province(db: None) -> None:
    assert len(offices()) == 18


def test_only_working_days_ahead_can_be_booked(me: Actor, vientiane: Office) -> None:
    days = visit.days(me.today)
    assert days[0].isoformat() == "2026-11-23"  # the Monday after
    assert all(day.weekday() < 5 for day in days)
    assert not any(day.isoformat() == "2026-12-02" for day in days)  # the national day
    for day, slot in ((me.today, SLOT), (days[0], time(12, 0)), (days[0], time(9, 11))):
        with pytest.raises(visit.Refused, match="time"):
            visit.book(me, vientiane, day, slot, "claim")


def test_a_desk_is_given_once(me: Actor, others: list[Actor], vientiane: Office) -> None:
    day = visit.days(me.today)[0]
    booked = [visit.book(actor, vientiane, day, SLOT, "claim") for actor in (me, others[0])]
    assert {one.desk for one in booked} == {1, 2}
    with pytest.raises(visit.Refused, match="taken"):
        visit.book(others[1], vientiane, day, SLOT, "claim")
    assert SLOT not in visit.free(vientiane, day)
    visit.cancel(me, booked[0].key)
    assert visit.book(others[1], vientiane, day, SLOT, "claim").desk == 1


def test_one_a_day_and_three_at_a_time(me: Actor, vientiane: Office) -> None:
    days = visit.days(me.today)
    for day in days[:3]:
        visit.book(me, vientiane, day, SLOT, "other")
        if day == days[0]:
            with pytest.raises(visit.Refused, match="same day"):
                visit.book(me, vientiane, day, time(13, 30), "other")
    with pytest.raises(visit.Refused, match="many"):
        visit.book(me, vientiane, days[3], SLOT, "other")


def test_a_moved_one_frees_its_desk_and_nobody_moves_anothers(
    me: Actor, others: list[Actor], vientiane: Office
) -> None:
    day, later_day = visit.days(me.today)[:2]
    one = visit.book(me, vientiane, day, SLOT, "card")
    with pytest.raises(visit.Refused, match="gone"):
        visit.move(others[0], one.key, later_day, SLOT)
    with pytest.raises(visit.Refused, match="gone"):
        visit.cancel(others[0], one.key)
    visit.move(me, one.key, later_day, SLOT)
    assert SLOT in visit.free(vientiane, day)
    assert Appointment.objects.get().day == later_day


def test_the_reminder_is_for_the_time_that_counts_and_comes_once(me: Actor, vientiane: Office) -> None:
    day, later_day = visit.days(me.today)[:2]
    one = visit.book(me, vientiane, day, SLOT, "card")
    visit.move(me, one.key, later_day, SLOT)
    for start in (f"{day} 09:10", f"{later_day} 09:10", f"{later_day} 09:10"):
        visit.remind(one.id, start)
    [message] = Message.objects.filter(wording="appointment")
    assert message.values["day_en"] == f"{later_day.day} November 2026"
    visit.cancel(me, one.key)
    visit.remind(one.id, f"{later_day} 09:10")
    assert Message.objects.filter(wording="appointment").count() == 1


def test_the_office_calls_up_and_the_queue_is_public(
    member: Account,
    member_person: Person,
    registrar: Account,
    finance: Account,
    vientiane: Office,
    now: datetime,
    client_of: Callable[[Account], Client],
    as_actor: Act,
) -> None:
    today = as_actor(registrar).today
    one = Appointment.objects.create(
        key="k", office=vientiane, person=member_person, day=today, slot=SLOT, desk=1, about="claim", state="booked", made_at=now,
    )  # fmt: skip
    assert client_of(finance).get("/office/appointments/01/").status_code == 404
    office = client_of(registrar)
    assert member_person.name in office.get("/office/appointments/01/").content.decode()
    assert AuditRow.objects.filter(act="look", person_id=member_person.id, purpose="appointment").exists()
    office.post("/office/appointments/01/act/", {"act": "here", "key": one.key})
    office.post("/office/appointments/01/act/", {"act": "walk_in"})
    assert queue(vientiane, today).waiting == 2
    page = Client().get("/queues/?office=01")
    assert page.context["queue"].minutes == 20
    assert member_person.name not in page.content.decode()
    office.post("/office/appointments/01/act/", {"act": "served", "key": one.key})
    office.post("/office/appointments/01/act/", {"act": "served", "key": one.key})
    assert queue(vientiane, today).waiting == 1


def test_from_the_phone(
    phone: Client, member_person: Person, vientiane: Office, member: Account, as_actor: Act
) -> None:
    day, other = visit.days(as_actor(member).today)[:2]
    assert phone.get("/member/appointments/at/01/").status_code == 200
    assert "09:10" in phone.get(f"/member/appointments/at/01/?day={day}").content.decode()
    phone.post("/member/appointments/at/01/", {"day": str(day), "slot": "09:10", "about": "claim"})
    [one] = Appointment.objects.all()
    assert "09:10" in phone.get("/member/appointments/").content.decode()
    assert phone.get(f"/member/appointments/move/{one.key}/?day={other}").status_code == 200
    phone.post(f"/member/appointments/move/{one.key}/", {"day": str(other), "slot": "13:30"})
    one.refresh_from_db()
    assert (one.day, one.slot) == (other, time(13, 30))
    phone.post("/member/appointments/cancel/", {"key": one.key})
    one.refresh_from_db()
    assert one.state == "cancelled"
    assert phone.post("/member/appointments/cancel/", {"key": one.key}).status_code == 404
    assert phone.get("/member/appointments/at/99/").status_code == 404
    bad = phone.post("/member/appointments/at/01/", {"day": "x", "slot": "y", "about": "claim"}, follow=True)
    assert "This time cannot be booked." in bad.content.decode()
