"""A real web server on the bench's database, and how long its pages took by its own log."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import httpx
from django.conf import settings

WAKE = 30.0  # seconds for the server to come up


@dataclass(frozen=True)
class Site:
    url: str
    port: int
    log: Path

    def took(self, view: str) -> list[float]:
        """Milliseconds of each answer of `view`, as the server wrote them down."""
        rows = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [row["ms"] for row in rows if row.get("view") == view and row.get("status") == 200]


def environment(database: str) -> dict[str, str]:
    """Of a process that works on the bench's database beside this one."""
    return os.environ | {
        "PAKAN_ENV": "demo",
        "PAKAN_BULK": "",
        "PAKAN_SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": database,
    }


@contextmanager
def site(database: str, workers: int) -> Iterator[Site]:
    """Granian with collected, compressed files, as run.py and a server start it."""
    with TemporaryDirectory() as folder:
        with socket.socket() as tried:
            tried.bind(("127.0.0.1", 0))
            port = int(tried.getsockname()[1])
        env = environment(database) | {"PAKAN_STATIC": f"{folder}/static"}
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(collect, cwd=settings.ROOT, env=env, check=True)
        words = f"--interface wsgi --host 127.0.0.1 --port {port} --http 1 --no-ws --workers {workers}"
        words += " --blocking-threads 4 --workers-kill-timeout 5"
        log = Path(folder) / "web.log"
        with log.open("wb") as out:
            command = [sys.executable, "-m", "granian", *words.split(), "pakan.site.wsgi:application"]
            server = subprocess.Popen(command, cwd=settings.ROOT, env=env, stdout=out, stderr=out)
        try:
            found = Site(f"http://localhost:{port}", port, log)
            _wait_for(found.url)
            yield found
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(url: str) -> None:
    until = time.perf_counter() + WAKE
    while time.perf_counter() < until:
        try:
            httpx.get(f"{url}/health", trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("the web server does not start")


@dataclass(frozen=True)
class Took:
    """Milliseconds: on the server, and as the caller waited from the moment that he wanted to ask."""

    page: str
    asked: int
    middle: float
    hundredth: float  # 99 of 100 were quicker
    waited_middle: float
    waited_hundredth: float


def driven(at: Site, rate: float, seconds: float, sessions: Sequence[str]) -> list[Took]:
    """Home, record and card in turn at `rate` a second for `seconds`, by a process of its own."""
    command = [
        sys.executable,
        "-m",
        "pakan.channels.console.bench.drive",
        str(at.port),
        str(rate),
        str(seconds),
    ]
    done = subprocess.run(
        command, input="\n".join(sessions), capture_output=True, text=True, check=True, cwd=settings.ROOT
    )
    waited: dict[str, list[float]] = json.loads(done.stdout)
    views = {"/member/": "member:home", "/member/record/": "member:record", "/member/card/": "member:card"}
    found = []
    for page, times in waited.items():
        server = at.took(views[page])[-len(times) :]
        found.append(
            Took(page, len(times), median(server), _hundredth(server), median(times), _hundredth(times))
        )
    return found


def _hundredth(times: Sequence[float]) -> float:
    return quantiles(times, n=100)[98]
