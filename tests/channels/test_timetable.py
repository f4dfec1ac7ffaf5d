"""What happens by itself: dead workers' jobs come back, statements close the gaps, the night proves the books."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from pakan.channels import timetable
from pakan.integrations.sandbox.web import Ask, Reply
from pakan.registers.access.actions import count, make_code
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.access.models import Account, AuditRow, Limit, PhoneCode, SignIn
from pakan.registers.ledger.models import Posting
from pakan.registers.payments.models import BankMessage, Receipt, Statement
from tests.channels.partners.bank_hall import Hall, served, work
from tests.channels.partners.conftest import hall

__all__ = ["hall"]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90  # seconds until a process is taken for lost; not a measure of anything


def until(holds: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.1)


# A worker that dies (A18, fault harness in small)


class Workers:
    """Real workers on the test's database, as `run.py` starts them."""

    def __init__(self, bank_url: str, place: Path) -> None:
        wired = connection.settings_dict
        address = f"postgresql://{wired['USER']}@/{wired['NAME']}?host={wired['HOST']}&port={wired['PORT']}"
        self.env = os.environ | {"DATABASE_URL": address, "PAKAN_BANK_URL": bank_url, "PAKAN_ENV": "test"}
        self.place = place
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self) -> "subprocess.Popen[bytes]":
        log = (self.place / f"worker{len(self.started)}.log").open("wb")
        command = [
            sys.executable,
            "manage.py",
            "procrastinate",
            "worker",
            "--fetch-job-polling-interval",
            "0.5",
        ]
        with log:
            one = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=subprocess.STDOUT)
        self.started.append(one)
        return one

    def end(self) -> None:
        for one in self.started:
            if one.poll() is None:
                one.terminate()
        for one in self.started:
            try:
                one.wait(30)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


class SlowBank:
    """A bank that does not answer its first question, and then answers like the sandbox."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.asked: list[str] = []
        self.came = threading.Event()
        self.go_on = threading.Event()

    def answer(self, ask: Ask) -> Reply:
        if ask.path == "/state":
            self.asked.append(ask.query["reference"])
            if len(self.asked) == 1:
                self.came.set()
                self.go_on.wait(PATIENCE)
        return self.hall.counter.answer(ask)


@pytest.fixture
def empty_queue(transactional_db: None) -> Iterator[None]:
    """Procrastinate's tables are not emptied with ours."""
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"
        )


def job() -> ProcrastinateJob:
    return ProcrastinateJob.objects.get(task_name="collect.work_on")


def test_a_job_whose_worker_was_killed_comes_back_and_ends_once(
    empty_queue: None, hall: Hall, tmp_path: Path
) -> None:
    """The worker dies in the middle of its question to the bank; the sweep of the next worker brings the job back."""
    bank = SlowBank(hall)
    with served(bank.answer) as address:
        workers = Workers(address, tmp_path)
        try:
            hall.tells(hall.notice(hall.pays(640_000)))
            first = workers.start()
            assert bank.came.wait(PATIENCE), (tmp_path / "worker0.log").read_text()
            assert job().status == "doing"
            os.kill(first.pid, signal.SIGKILL)
            first.wait()
            bank.go_on.set()
            assert (job().status, Receipt.objects.count()) == ("doing", 0)  # it would stay so for ever
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'"
                )
            workers.start()
            until(lambda: job().status == "succeeded", "the job did not come back")
        finally:
            bank.go_on.set()
            workers.end()
    assert BankMessage.objects.get().state == "worked"
    assert Receipt.objects.get().amount == 640_000
    assert Posting.objects.filter(kind="money received").count() == 1
    happened = list(
        ProcrastinateEvent.objects.filter(job_id=job().id).order_by("id").values_list("type", flat=True)
    )
    assert happened.count("started") == 2 and happened.count("succeeded") == 1
    assert len(bank.asked) == 2


# The sweep in detail


def stalled(attempts: int, beat: str) -> int:
    """A job in the hands of a worker whose last heartbeat was `beat` ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id",
            [beat],
        )
        [worker] = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts)"
            " VALUES ('default', 'timetable.tidy', '{\"timestamp\": 0}', 'todo', %s) RETURNING id",
            [attempts],
        )
        [job_id] = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, job_id]
        )
    return int(job_id)


def sweep() -> None:
    """The task as a worker runs it: on a connection of its own, and with a loop of its own."""

    async def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            async with worker.open_async():
                await timetable.revive.func(SimpleNamespace(app=worker), 0)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, run()).result(PATIENCE)


def states() -> dict[int, str]:
    return dict(ProcrastinateJob.objects.values_list("id", "status"))


def test_only_jobs_of_dead_workers_are_queued_again_and_killers_are_given_up(empty_queue: None) -> None:
    dead, alive = stalled(0, "31 seconds"), stalled(0, "5 seconds")
    killer = stalled(timetable.MOST_REVIVALS, "2 minutes")
    orphan = stalled(3, "1 hour")
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - interval '30 minutes'"
        )
    for _ in range(2):
        sweep()
        assert states() == {dead: "todo", alive: "doing", killer: "failed", orphan: "todo"}


# The other times of the day


def test_every_part_of_the_timetable_is_known_to_the_queue_and_locked_against_itself() -> None:
    app.perform_import_paths()
    registered = {
        task.task.name: (task.cron, task.task.queueing_lock)
        for task in app.periodic_registry.periodic_tasks.values()
    }
    assert {name: cron for name, (cron, _) in registered.items()} == {
        "timetable.revive": "* * * * *",
        "timetable.sweep_messages": "*/15 * * * *",
        "timetable.sweep_payouts": "7-59/15 * * * *",
        "timetable.debits": "20 1-10 * * *",
        "timetable.benefits": "30 1 * * *",
        "timetable.withdraw_cards": "15 19 * * *",
        "timetable.new_practice": "15 17 * * *",
        "crew.expire": "15 17 * * *",
        "watch.look": "* * * * *",
        "timetable.statements": "5 * * * *",
        "timetable.prove": "0 19 * * *",
        "timetable.speak_up": "0 1 * * *",
        "notify.sweep": "40 * * * *",
        "timetable.tidy": "30 18 * * *",
        "timetable.tidy_jobs": "45 18 * * *",
    }
    assert all(lock == name for name, (_, lock) in registered.items())


@pytest.mark.django_db
def test_a_bank_message_that_fell_between_is_worked_on_after_a_quarter_of_an_hour(hall: Hall) -> None:
    hall.tells(hall.notice(hall.pays(5_000)))
    ProcrastinateJob.objects.all()._raw_delete("default")
    timetable.sweep_messages(0)
    assert not ProcrastinateJob.objects.exists()
    BankMessage.objects.update(received_at=hall.now - timedelta(minutes=16))
    timetable.sweep_messages(0)
    again = ProcrastinateJob.objects.get()
    assert (again.task_name, again.args) == ("collect.work_on", {"message_id": BankMessage.objects.get().id})


@pytest.mark.django_db
def test_the_statement_of_yesterday_and_today_finds_what_no_notice_told_once(hall: Hall) -> None:
    hall.pays(5_000, paid_at=hall.now - timedelta(days=1))
    told = hall.pays(6_000)
    hall.tells(hall.notice(told))
    work()
    for _ in range(2):
        timetable.statements(0)
        assert sorted(Receipt.objects.values_list("amount", flat=True)) == [5_000, 6_000]
        assert Statement.objects.count() == 2
        assert not Receipt.objects.filter(confirmed_on=None).exists()
        assert Posting.objects.filter(kind="money received").count() == 2


@pytest.mark.django_db
def test_a_silent_bank_fails_the_hours_job_so_that_it_is_tried_again_and_then_seen(settings: Any) -> None:
    settings.BANKS = {"sandbox": settings.BANKS["sandbox"] | {"url": "http://127.0.0.1:9"}}
    with pytest.raises(Exception, match="ConnectError"):
        timetable.statements(0)
    assert timetable.statements.retry_strategy is not None
    assert not Statement.objects.exists()


@pytest.mark.django_db
def test_the_nights_proof_is_quiet_when_all_agrees_and_fails_by_name_when_not(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    hall.tells(hall.notice(hall.pays(5_000)))
    work()
    with caplog.at_level(logging.INFO, "pakan.timetable"):
        timetable.prove(0)
    assert [line.message for line in caplog.records if line.name == "pakan.timetable"] == ["proven"]
    assert AuditRow.objects.get(act="reconcile.prove").door == "timetable"
    Receipt.objects.update(amount=4_000)
    with pytest.raises(timetable.NotProven, match="I4, I7"):
        timetable.prove(0)
    wrong = [line for line in caplog.records if line.levelno == logging.ERROR]
    assert [line.facts["invariant"] for line in wrong] == ["I4", "I7"]  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_what_is_over_its_time_is_finished_and_what_lives_stays(
    finance: Account, preparer: Account, now: datetime
) -> None:
    def session(account: Account, door: str, key: str, began: timedelta, seen: timedelta) -> None:
        SignIn.objects.create(
            account=account,
            session_key=key,
            door=door,
            proof="test",
            began_at=now - began,
            seen_at=now - seen,
        )

    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    session(finance, "office", "lives", hour, minute)
    session(finance, "office", "idle", hour, 16 * minute)
    session(finance, "office", "whole", 11 * hour, minute)
    session(preparer, "employer", "idle too, but at this door not yet", 11 * hour, 29 * minute)
    kept = SessionStore()
    kept.create()
    old = SessionStore()
    old.create()
    Session.objects.filter(session_key=old.session_key).update(expire_date=now - minute)
    make_code(None, "sign_in", now)
    make_code(None, "sign_in", now - timedelta(days=3))
    count("fades", now - 2 * hour, 5, hour)
    count("counts", now, 5, hour)
    for _ in range(2):
        timetable.finish_old(now)
        assert set(SignIn.objects.filter(ended_at=None).values_list("session_key", flat=True)) == {
            "lives",
            "idle too, but at this door not yet",
        }
        assert list(Session.objects.values_list("session_key", flat=True)) == [kept.session_key]
        assert [code.made_at for code in PhoneCode.objects.all()] == [now]
        assert [limit.until > now for limit in Limit.objects.all()] == [True]


@pytest.mark.django_db
def test_at_eight_in_vientiane_the_fund_speaks_up_for_that_day() -> None:
    meant = datetime(2026, 11, 25, 8, tzinfo=VIENTIANE)
    timetable.speak_up(int(meant.timestamp()))
    jobs = ProcrastinateJob.objects.filter(task_name__startswith="chase.").order_by("id")
    assert [(job.task_name, job.args) for job in jobs] == [
        ("chase.remind_employers", {"day": "2026-11-25"}),
        ("chase.tell_missing_months", {"day": "2026-11-25"}),
    ]
