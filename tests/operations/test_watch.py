"""The service was down: found by itself or written down, and due days that move for everybody (C86)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from pakan.operations import due, watch
from pakan.operations.law_in_force import in_force
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.contributions.models import Obligation
from pakan.registers.people.models import Employer
from pakan.registers.service.models import Extension, Outage, Pulse
from pakan.units.month import Month
from tests.operations.desk import declared

pytestmark = pytest.mark.django_db
MONTH = Month(2026, 1)  # due on Friday 20 February 2026
DUE = date(2026, 2, 20)
MONDAY = date(2026, 2, 23)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIENTIANE)


def seen(system: Actor, *moments: datetime) -> Outage | None:
    found = None
    for moment in moments:
        found = watch.seen_alive(replace(system, at=moment))
    return found


def test_the_law_says_friday() -> None:
    assert due.due_on(MONTH) == in_force().due_date(MONTH) == DUE


def test_an_hour_down_on_the_due_day_moves_it_to_the_next_working_day(system: Actor) -> None:
    outage = seen(system, at(DUE, 15), at(DUE, 16, 1))
    assert outage is not None and outage.found_by is None
    assert due.due_on(MONTH) == MONDAY
    assert due.due_days().due_date(MONTH) == MONDAY
    assert AuditRow.objects.filter(act="watch.found").count() == 1


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (at(DUE, 15), at(DUE, 15, 59)),  # less than an hour
        (at(DUE, 0), at(DUE, 6, 30)),  # at night, half an hour of the day
        (at(date(2026, 2, 19), 8), at(date(2026, 2, 19), 20)),  # the day before
    ],
)
def test_less_moves_nothing(system: Actor, start: datetime, end: datetime) -> None:
    assert seen(system, start, end) is not None
    assert due.due_on(MONTH) == DUE


def test_short_breaks_are_no_outage_and_long_ones_are_a_persons_matter(system: Actor) -> None:
    assert seen(system, at(DUE, 15), at(DUE, 15, 10)) is None
    assert seen(system, at(DUE, 15, 10) + timedelta(days=8)) is None
    assert Pulse.objects.get().at == at(DUE, 15, 10) + timedelta(days=8)
    assert not Outage.objects.exists()


def test_a_clock_that_goes_back_makes_no_outage(system: Actor) -> None:
    assert seen(system, at(DUE, 15), at(DUE, 12), at(DUE, 15, 5)) is None


def test_breaks_of_one_day_add_up_and_overlaps_count_once(system: Actor) -> None:
    assert seen(system, at(DUE, 8), at(DUE, 8, 40)) is not None
    assert due.due_on(MONTH) == DUE
    officer = replace(system, own=frozenset({"finance"}))  # type: ignore[arg-type]
    watch.note_outage(replace(officer, at=at(DUE, 20)), at(DUE, 8, 10), at(DUE, 8, 50), "ທະນາຄານ", "bank")
    assert due.due_on(MONTH) == DUE  # fifty minutes together
    watch.note_outage(replace(officer, at=at(DUE, 20)), at(DUE, 9), at(DUE, 9, 10), "ທະນາຄານ", "bank")
    assert due.due_on(MONTH) == MONDAY


def test_the_day_it_moved_to_may_move_again(system: Actor) -> None:
    seen(system, at(DUE, 15), at(DUE, 17))
    seen(system, at(MONDAY, 9), at(MONDAY, 11))
    assert due.due_on(MONTH) == date(2026, 2, 24)
    assert Extension.objects.count() == 2


def test_debts_that_stand_on_the_day_move_with_it(
    system: Actor, kham: Actor, noy: Actor, factory: Employer, open_month: Month
) -> None:
    declared(kham, noy, factory, open_month)
    debt = Obligation.objects.get()
    day = debt.due_on
    seen(system, at(day, 9), at(day, 11))
    debt.refresh_from_db()
    assert debt.due_on > day and debt.due_on == due.due_on(open_month)


def test_whoever_declares_afterwards_has_the_moved_day_too(
    system: Actor, kham: Actor, noy: Actor, factory: Employer, open_month: Month
) -> None:
    day = due.due_on(open_month)
    seen(system, at(day, 9), at(day, 11))
    declared(kham, noy, factory, open_month)
    assert Obligation.objects.get().due_on == due.due_on(open_month) > day


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (at(DUE, 10), at(DUE, 10), "backwards"),
        (at(DUE, 10), at(DUE, 23), "future"),
        (at(DUE, 10) - timedelta(days=8), at(DUE, 10), "too_long"),
    ],
)
def test_a_stretch_that_cannot_be_is_refused(
    finance: Account, system: Actor, start: datetime, end: datetime, code: str
) -> None:
    officer = replace(system, own=frozenset({"finance"}), at=at(DUE, 12))  # type: ignore[arg-type]
    with pytest.raises(watch.WrongStretch) as wrong:
        watch.note_outage(officer, start, end)
    assert wrong.value.code == code


def test_nobody_answers_where_nothing_listens(settings: object) -> None:
    settings.BASE_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    assert watch.web_answers() is False
    watch.look(0)
    assert not Pulse.objects.exists()
