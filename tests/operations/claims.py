"""What tests of claims need: a small firm whose months are paid, two officers, a bank as a process, and jobs in order."""

import io
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.db import connection
from PIL import Image
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.integrations.formats.scan import Paper as Scan
from pakan.law.calendar.due import due_date
from pakan.operations import award, claim, collect, declare, payee
from pakan.operations.claim import _receive
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Account
from pakan.registers.benefits.models import Claim, ClaimDecision, Evidence
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.cast import enrol_factory
from tests.integrations.conftest import Process
from tests.operations.desk import ACCOUNT, payment

MODULE = "pakan.integrations.banks.sandbox"
WAGE = 4_000_000
MOTHER = {"leave_days": 105}
FATHER = {"claimant": "father", "wife_has_occupation": False, "leave_days": 0}
As = Callable[..., Actor]


@pytest.fixture
def firm(db: None, system: Actor, open_month: Month) -> Employer:
    """Three workers; every month of the last year was declared and paid in time."""
    made = enrol_factory(system, "0881201", "ໂຮງງານກະດາດ", open_month - 13, 3)
    for month in (open_month - 12).until(open_month):
        paid(made, month)
    return made


def paid(firm: Employer, month: Month, wage: int = WAGE) -> None:
    """A month that everybody earned the same in, declared and paid before it was due."""
    at = datetime.combine(due_date(month) - timedelta(days=2), time(9), VIENTIANE)
    actor = Actor.system(at, "payroll")
    ids = np.array(sorted(firm.employments.values_list("person_id", flat=True)), dtype=np.int64)
    declare.declare_wages(actor, firm, month, ids, np.full(len(ids), wage, dtype=np.int64))
    notice = collect.ask(actor, firm, [month])
    number = f"FT {firm.code} {month} {notice.amount}"
    collect.book(actor, "sandbox", ACCOUNT, payment(notice.amount, notice.reference, number))


@pytest.fixture
def crew(firm: Employer) -> list[Person]:
    """The workers, by number: the first and third are women, the second is a man."""
    return list(Person.objects.filter(employments__employer=firm).order_by("number"))


@pytest.fixture
def mother(crew: list[Person], as_actor: As, now: datetime) -> Actor:
    return as_actor(member_account(crew[0], now))


@pytest.fixture
def father(crew: list[Person], as_actor: As, now: datetime) -> Actor:
    return as_actor(member_account(crew[1], now))


@pytest.fixture
def chanthy(benefits_officer: Account, as_actor: As) -> Actor:
    """Proposes."""
    return as_actor(benefits_officer)


@pytest.fixture
def vilay(second_benefits_officer: Account, as_actor: As) -> Actor:
    """Decides."""
    return as_actor(second_benefits_officer)


@pytest.fixture(scope="session")
def _vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, Path]]:
    place = tmp_path_factory.mktemp("vault") / "bank.sqlite3"
    process = Process(MODULE, "--data", str(place), "--key", "sandbox-bank-key")
    yield process, place
    process.kill()


@pytest.fixture
def bank(_vault: tuple[Process, Path], settings: Any) -> Process:
    """The sandbox bank in a process of its own; it pays at once, and remembers no other test (numbers begin anew)."""
    process, place = _vault
    settings.BANKS = {"sandbox": settings.BANKS["sandbox"] | {"url": process.address}}
    with sqlite3.connect(place) as base:
        base.execute("DELETE FROM transfers")
        base.execute("DELETE FROM holders")
    behave(process, "pay")
    return process


def behave(bank: Process, how: str) -> None:
    assert bank.post("/behave", {"how": how}).status_code == 303


def run_jobs(most: int = 50) -> list[str]:
    """Do what waits, as a worker would; messages stay queued (there is no operator here). The names, in order."""
    done = []
    for _ in range(most):
        waiting = ProcrastinateJob.objects.filter(status="todo").exclude(task_name__startswith="notify.")
        job = waiting.order_by("id").first()
        if job is None:
            return done
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.id])
        app.tasks[job.task_name](**job.args)
        done.append(job.task_name)
    raise AssertionError(f"jobs without end: {done[-5:]}")


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 80), "white").save(out, "JPEG")
    return out.getvalue()


def hands_in(who: Actor, key: UUID, kind: str, paper_key: UUID | None = None) -> Evidence:
    """As if the photo had been looked at: the child process that does it is tried in its own tests."""
    scan = Scan("image/jpeg", photo(), 1)
    return _receive(who, key, kind, paper_key or uuid4(), "paper.jpg", scan)


def has_account(who: Actor, number: str = "", name: str = "SOUPHAPHONE K") -> None:
    """An account whose name the bank knows, checked."""
    payee.add(who, "sandbox", number or f"0101{uuid4().int % 10**8:08d}1", name)
    run_jobs()


def drafted(who: Actor, told: dict[str, Any], benefit: str = "maternity", key: UUID | None = None) -> Claim:
    key = key or uuid4()
    claim.start(who, benefit, key)
    return claim.answer(who, key, told, event_day=who.today - timedelta(days=10))


def lodged(who: Actor, told: dict[str, Any], papers: tuple[str, ...] = ("birth", "leave")) -> Claim:
    made = drafted(who, told)
    for kind in papers:
        hands_in(who, made.key, kind)
    return claim.lodge(who, made.key)


def accepted(officer: Actor, made: Claim) -> None:
    for paper in made.papers.filter(state="received").order_by("id"):
        award.judge(officer, paper.receipt_number, True)


def granted(proposer: Actor, decider: Actor, made: Claim) -> ClaimDecision:
    accepted(proposer, made)
    award.propose(proposer, made.number, "granted")
    return award.decide(decider, made.number, True)


__all__ = [
    "FATHER", "MOTHER", "WAGE", "_vault", "accepted", "bank", "behave", "chanthy", "crew", "drafted", "father", "firm",
    "granted", "hands_in", "has_account", "lodged", "mother", "paid", "run_jobs", "vilay",
]  # fmt: skip
