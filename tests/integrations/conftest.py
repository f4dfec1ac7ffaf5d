"""The sandboxes as processes, and a small neighbour that takes what they send."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Taker:
    """Takes notices like the product; `says` is the status it answers with."""

    address: str = ""
    says: int = 200
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, many: int) -> list[tuple[dict[str, str], bytes]]:
        """What was taken, as soon as there are `many`; a minute is the limit for a lost one, not a measure."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.taken) >= many, timeout=60), self.taken
            return list(self.taken)


@pytest.fixture
def taker() -> Iterator[Taker]:
    here = Taker()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with here.came:
                here.taken.append((dict(self.headers), body))
                here.came.notify_all()
            self.send_response(here.says)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    here.address = f"http://127.0.0.1:{server.server_address[1]}/notice"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()


class Process:
    """`python -m <module>` on a free port, ready when it has printed its address."""

    def __init__(self, module: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, "--port", "0", *arguments],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip().split(" on ")[1]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(timeout=60)
        assert self.process.stdout
        self.process.stdout.close()
        return code

    def post(self, path: str, form: dict[str, str], origin: str | None = None) -> httpx.Response:
        headers = {"Origin": self.address if origin is None else origin}
        return httpx.post(self.address + path, data=form, headers=headers, trust_env=False)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.address + path, trust_env=False)


@pytest.fixture
def process() -> Iterator[Callable[..., Process]]:
    """Starts a sandbox; whatever still runs at the end of the test is killed."""
    started: list[Process] = []

    def start(module: str, *arguments: str) -> Process:
        started.append(Process(module, *arguments))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.kill()
