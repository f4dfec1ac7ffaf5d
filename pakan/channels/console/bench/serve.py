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
from typing import Any

import httpx
from django.conf import settings
from django.db import connection

WAKE = 60.0  # seconds for the server to come up


@dataclass(frozen=True)
class Site:
    url: str
    port: int
    log: Path
    process: int

    def took(self, view: str, since: int = 0) -> list[dict[str, float]]:
        """The answers of `view` as the server wrote them down: `ms` it took, `cpu` its own work in them."""
        rows = [
            json.loads(line) for line in self.log.read_bytes()[since:].splitlines() if line.startswith(b"{")
        ]
        return [row for row in rows if row.get("view") == view and row.get("status") == 200]


def environment(database: str) -> dict[str, str]:
    """Of a process that works on the bench's database beside this one."""
    return os.environ | {
        "PAKAN_ENV": "demo",
        "PAKAN_BULK": "",
        "PAKAN_SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": database,
    }


@contextmanager
def site(database: str, workers: int, threads: int = 4) -> Iterator[Site]:
    """Granian with collected, compressed files, as run.py and a server start it."""
    with TemporaryDirectory() as folder:
        with socket.socket() as tried:
            tried.bind(("127.0.0.1", 0))
            port = int(tried.getsockname()[1])
        env = environment(database) | {"PAKAN_STATIC": f"{folder}/static"}
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(collect, cwd=settings.ROOT, env=env, check=True)
        words = f"--interface wsgi --host 127.0.0.1 --port {port} --http 1 --no-ws --workers {workers}"
        words += f" --blocking-threads {threads} --workers-kill-timeout 5"
        log = Path(folder) / "web.log"
        with log.open("wb") as out:
            command = [sys.executable, "-m", "granian", *words.split(), "pakan.site.wsgi:application"]
            server = subprocess.Popen(command, cwd=settings.ROOT, env=env, stdout=out, stderr=out)
        try:
            found = Site(f"http://localhost:{port}", port, log, server.pid)
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
    """Milliseconds: on the server, of it the server's own work, and as the caller waited since he wanted to ask."""

    page: str
    asked: int
    middle: float
    twentieth: float  # 95 of 100 were quicker
    hundredth: float
    cpu: float
    waited_middle: float
    waited_twentieth: float
    waited_hundredth: float


@dataclass(frozen=True)
class Drive:
    """One stretch at a fixed rate. Milliseconds of processor a page: the web's whole processes, the database's, the driver's."""

    took: list[Took]
    lost: list[str]
    web: float
    database: float
    driver: float
    others: float  # processors that were busy with what is not ours, of all there are


VIEWS = {"/member/": "member:home", "/member/record/": "member:record", "/member/card/": "member:card"}


def driven(at: Site, rate: float, seconds: float, sessions: Sequence[str]) -> Drive:
    """Home, record and card in turn at `rate` a second for `seconds`, by a process of its own."""
    module = "pakan.channels.console.bench.drive"
    command = [sys.executable, "-m", module, str(at.port), str(rate), str(seconds)]
    since, before, began = at.log.stat().st_size, _work(at), time.perf_counter()
    done = subprocess.run(
        command, input="\n".join(sessions), capture_output=True, text=True, check=True, cwd=settings.ROOT
    )
    after, lasted = _work(at), time.perf_counter() - began
    told: dict[str, Any] = json.loads(done.stdout)
    asked = int(rate * seconds)
    web, database, busy = (now - then for now, then in zip(after, before, strict=True))
    return Drive(
        took=[_took(at, page, times, since) for page, times in told["waited"].items() if len(times) > 1],
        lost=told["lost"],
        web=web / asked * 1000,
        database=database / asked * 1000,
        driver=told["cpu"] / asked * 1000,
        others=max(0.0, busy - web - database - told["cpu"]) / lasted,
    )


def _took(at: Site, page: str, waited: Sequence[float], since: int) -> Took:
    rows = at.took(VIEWS[page], since)
    server = [row["ms"] for row in rows]
    return Took(
        page, len(waited), median(server), _quantile(server, 95), _quantile(server, 99),
        median(row["cpu"] for row in rows),
        median(waited), _quantile(waited, 95), _quantile(waited, 99),
    )  # fmt: skip


def _quantile(times: Sequence[float], hundredths: int) -> float:
    return quantiles(times, n=100)[hundredths - 1]


def _work(at: Site) -> tuple[float, float, float]:
    """Seconds of processor so far: of the web's processes, of the database's, of the whole machine. Zeros without /proc."""
    proc = Path("/proc")
    if not (proc / "stat").exists():
        return 0.0, 0.0, 0.0
    parents, works, names = {}, {}, {}
    for file in proc.glob("[0-9]*/stat"):
        try:
            head, _, rest = file.read_text().rpartition(")")
        except OSError:  # ended meanwhile
            continue
        parts, number = rest.split(), int(file.parent.name)
        parents[number], names[number] = int(parts[1]), head.partition("(")[2]
        works[number] = int(parts[11]) + int(parts[12])
    web = sum(works[one] for one in works if at.process in (one, parents[one]))
    database = sum(works[one] for one in works if names[one] == "postgres" and _of_bench(proc / str(one)))
    busy = sum(
        int(part)
        for n, part in enumerate((proc / "stat").read_text().split("\n")[0].split()[1:9])
        if n not in (3, 4)
    )
    tick = os.sysconf("SC_CLK_TCK")
    return web / tick, database / tick, busy / tick


def _of_bench(process: Path) -> bool:
    """Whether a server process of PostgreSQL works for our database: it says so in its title."""
    try:
        return f" {connection.settings_dict['NAME']} " in process.joinpath("cmdline").read_text().replace(
            "\0", " "
        )
    except OSError:
        return False
