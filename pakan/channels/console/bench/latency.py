"""From the bank's notice to our receipt, through the real bank, the real worker and the queue between them."""

import http.server
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median

import httpx
import numpy as np
from django.conf import settings
from django.db import connection
from django.utils import timezone

from pakan.channels.console.bench.visitor import Refused
from pakan.operations import collect, declare
from pakan.registers.access.actor import Actor
from pakan.registers.payments.models import Receipt
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import workers_of
from pakan.units.month import Month

PATIENCE = 30.0  # seconds for one receipt before the bench gives up
PAYMENTS = 10


@dataclass
class Waited:
    """Seconds from the arrival of a notice to its receipt."""

    middle: float
    longest: float


@dataclass
class Ear:
    """Takes the bank's notices as the partners' page does: stores them raw and answers."""

    heard: list[float] = field(default_factory=list)

    def take(self, headers: dict[str, str], body: bytes) -> None:
        self.heard.append(time.perf_counter())
        collect.store_notice("sandbox", headers, body, timezone.now())
        connection.close()


def measured(employer: Employer, month: Month, at: datetime, address: str) -> Waited:
    """Months of a small employer, paid one after the other at the sandbox bank."""
    ear = Ear()
    with (
        tempfile.TemporaryDirectory() as folder,
        _listening(ear) as port,
        _partners(Path(folder), port, address) as bank,
    ):
        # The first payment waits for the worker to come up and is not counted.
        _, *waited = [_one(employer, month + turn, at, bank, ear) for turn in range(PAYMENTS + 1)]
    return Waited(median(waited), max(waited))


def _one(employer: Employer, month: Month, at: datetime, bank: str, ear: Ear) -> float:
    people = np.sort(np.fromiter(workers_of(employer, month), dtype=np.int64))
    actor = Actor.system(at, "bench")
    declare.declare_wages(actor, employer, month, people, people * 0 + 2_500_000)
    notice = collect.ask(actor, employer, [month])
    before = len(ear.heard)
    form = {
        "amount": str(notice.amount),
        "way": "exact",
        "reference": notice.reference,
        "bill": notice.number,
    }
    paid = httpx.post(f"{bank}/pay", data=form, headers={"Origin": bank}, trust_env=False)
    if not paid.is_redirect:
        raise Refused(f"the sandbox bank answered {paid.status_code}")
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        if Receipt.objects.filter(notice=notice).exists():
            return time.perf_counter() - ear.heard[before]
        time.sleep(0.005)
    raise TimeoutError("no receipt came")


@contextmanager
def _listening(ear: Ear) -> Iterator[int]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ear.take(dict(self.headers.items()), body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """A bench that prints every request measures the terminal."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _partners(folder: Path, port: int, address: str) -> Iterator[str]:
    """The sandbox bank and a worker, each a process of its own; the bank's address."""
    at = _free_port()
    bank = f"http://127.0.0.1:{at}"
    keys = {"SANDBOX_BANK_KEY": settings.BANK_KEY, "PAKAN_BANK_KEY": settings.BANK_KEY}
    places = {"DATABASE_URL": address, "PAKAN_BANK_URL": bank, "PYTHONPATH": str(settings.ROOT)}
    env = os.environ | keys | places | {"PAKAN_BULK": ""}
    commands = [
        ["-m", "pakan.integrations.banks.sandbox", "--port", str(at), "--data", str(folder / "bank.sqlite"),
         "--notify", f"http://127.0.0.1:{port}/", "--account", settings.BANKS["sandbox"]["account"]],
        [str(settings.ROOT / "manage.py"), "procrastinate", "worker", "--concurrency", "2"],
    ]  # fmt: skip
    started = [
        subprocess.Popen(
            [sys.executable, *words], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for words in commands
    ]
    try:
        _wait_for(bank)
        yield bank
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _wait_for(bank: str) -> None:
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        try:
            httpx.get(bank, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("the sandbox bank does not start")
