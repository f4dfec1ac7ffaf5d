"""`country`: load the small invented country."""

import gc
import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from pakan.channels.console.country import accounts, samples
from pakan.channels.console.country.careers import STAYS, crew
from pakan.channels.console.country.claims import claims
from pakan.channels.console.country.desks import desks
from pakan.channels.console.country.firms import BOOKS, DEMO, firms
from pakan.channels.console.country.history import Event, History, Unit, found, happen, move, settle_down
from pakan.channels.console.country.hospitals import found_hospitals
from pakan.channels.console.country.voluntary import insures_himself
from pakan.operations import enrol
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.contributions.queries import obligation
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month

MONTHS = 24
FEWEST_MONTHS = 6
SAMPLES = settings.ROOT / ".run" / "samples"


class Command(BaseCommand):
    help = "Load the small invented country: 3 provinces, 40 employers, 15,000 people, 24 months of history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there are employers already"
        )
        parser.add_argument(
            "--scale", type=float, default=1.0, help="below 1: fewer people, employers and months"
        )
        parser.add_argument("--today", type=date.fromisoformat, help="the day on which the history ends")
        parser.add_argument("--samples", type=Path, default=SAMPLES, help="folder for the sample wage files")

    def handle(self, *args: Any, **options: Any) -> None:
        accounts.refuse_in_production()
        if not 0 < options["scale"] <= 1:
            raise CommandError("--scale lies above 0 and not above 1")
        if Employer.objects.exists():
            if options["if_empty"]:
                self.stdout.write("There are employers already; nothing was done.")
                return
            raise CommandError("There are employers already: the invented country needs an empty database.")
        # Looking for unreachable cycles in between takes a seventh of the time and finds nothing worth it.
        gc.disable()
        try:
            self._load(_now(options["today"]), options)
        finally:
            gc.enable()

    def _load(self, now: datetime, options: dict[str, Any]) -> None:
        units, history = self._settle(now, options["scale"])
        with self._step(f"{history.months} months of history, {history.start} to {history.end}"):
            _live(units, history, _processes(options["scale"]))
        with self._step("two members, and the message about their last month"):
            _open_members(units[DEMO], history)
            accounts.link_cards(history.now)
        with self._step("one who insures himself") as said, app.replace_connector(InMemoryConnector()):
            person = insures_himself(units, history)
            said += [person.number] if person else []
        with self._step("claims in all states") as said:
            said += [f"{one.number} {one.state}" for one in claims(units[DEMO], history.now)]
        with self._step("hospitals"):
            found_hospitals(history.now)
        with self._step("what waits at the desks") as said, app.replace_connector(InMemoryConnector()):
            said += desks(units[DEMO:], history)
        with self._step("sample wage files") as said:
            said += [str(path) for path in _write_samples(units, history, options["samples"])]
        if not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    @contextmanager
    def _step(self, title: str) -> Iterator[list[str]]:
        began, said = time.perf_counter(), list[str]()
        yield said
        self.stdout.write(
            f"{title}: {time.perf_counter() - began:.1f} s" + "".join(f"\n  {line}" for line in said)
        )

    def _settle(self, now: datetime, scale: float) -> tuple[list[Unit], History]:
        _hurry()
        months = max(FEWEST_MONTHS, round(MONTHS * scale**0.5))
        start = Month.of(now.astimezone(VIENTIANE).date()) - (months + 1)
        before = datetime.combine(start.first - timedelta(days=10), clock(9), VIENTIANE)
        with self._step("employers and people"):
            units = [
                Unit(place, firm, crew(firm, start, months), found(firm, start, before))
                for place, firm in enumerate(firms(scale))
            ]
            for unit in units:
                settle_down(unit, start, before)
            move(units[BOOKS[0]], units[DEMO], months - 2)
        with self._step("sign-ins"):
            accounts.open_accounts(before, [unit.employer for unit in units])
        return units, History(start, months, now)


def _now(today: date | None) -> datetime:
    return datetime.combine(today, clock(7), VIENTIANE) if today else timezone.now()


def _hurry() -> None:
    """No waiting for the disk at each commit: a load that is cut is thrown away and begun again."""
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")


def _processes(scale: float) -> int:
    """Two for the whole country, unless the connections come from a pool, which does not survive a fork."""
    return 2 if scale >= 0.5 and os.environ.get("PAKAN_BULK") and (os.cpu_count() or 1) > 1 else 1


def _live(units: list[Unit], history: History, processes: int) -> None:
    if processes == 1:
        happen(history.events(units))
        return
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=_live_apart, args=(half,)) for half in history.halves(units)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    if any(child.exitcode for child in children):
        raise CommandError("the history broke off; what went wrong stands above")


def _live_apart(events: list[Event]) -> None:
    _hurry()
    happen(events)
    connections.close_all()


def _open_members(unit: Unit, history: History) -> None:
    """Two workers of the demo employer use the member page: one of the first hour, and one who came from another
    employer. They are told of the last month as everybody would be."""
    crew = unit.crew
    staying = np.flatnonzero((crew.first == 0) & (crew.last == STAYS)).tolist()
    veteran = next(place for place in staying if crew.people[place]["phone"])
    numbers = [crew.numbers[veteran], crew.numbers[-1]]
    system = Actor.system(history.now, "country")
    for person in [Person.objects.get(number=number) for number in numbers]:
        enrol.account(
            system, f"member-{person.number}", "member", person.name, person=person, phone=person.phone
        )
    debt = obligation(unit.employer, history.end)
    if debt is not None and debt.credited_version:
        with transaction.atomic():
            task = app.configure_task("notify.month_credited")
            task.defer(obligation_id=debt.id, version=debt.credited_version)


def _write_samples(units: list[Unit], history: History, folder: Path) -> list[Path]:
    elsewhere = units[-1]
    joins = samples.newcomer(elsewhere, history.months)
    return samples.write(units[DEMO], joins, history.months, history.end + 1, folder)
