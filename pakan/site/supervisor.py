"""Keeps the running parts running, and ends them without leaving an orphan. Standard library only.

For one machine. On a server, systemd does the same work (docs/operations).
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds before a dead part is started again
WELL_AFTER = 60.0  # seconds alive after which the next death counts as the first
GRACE = 15.0  # seconds that a part has to finish its requests or jobs
LOG_LIMIT = 20 * 2**20  # bytes; a longer log is kept once as .old


@dataclass
class Part:
    """One program of the system and the log it writes."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    cwd: Path
    process: "subprocess.Popen[bytes] | None" = None
    began: float = 0.0
    wait: float = FIRST_WAIT
    due: float = field(default=0.0)

    def start(self) -> None:
        self.began = time.monotonic()
        with _opened(self.log) as out:
            self.process = subprocess.Popen(
                self.argv,
                env=dict(self.env),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone; we tell the parts, in order
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        if self.process is not None and self.alive():
            self.process.terminate()

    def end(self, until: float) -> None:
        """Wait for the end, then kill whatever its process group still holds."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, until - time.monotonic()))
        self.sweep()
        self.process.wait()

    def sweep(self) -> None:
        """Kill what is left of the part's process group: a dead server's own workers would hold its port."""
        # macOS answers "not permitted" for a group of zombies.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self.process is not None:
                os.killpg(self.process.pid, signal.SIGKILL)

    def last_lines(self, count: int = 15) -> str:
        return (
            "\n".join(self.log.read_text(errors="replace").splitlines()[-count:]) if self.log.exists() else ""
        )


class Supervisor:
    """Starts parts, restarts the dead ones with a growing pause, ends all of them in reverse order."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.parts: list[Part] = []
        self.ending = threading.Event()
        self._say = say

    def catch_signals(self) -> None:
        """SIGTERM, SIGINT and a closed terminal all mean: end cleanly."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._asked_to_end)

    def _asked_to_end(self, number: int, frame: FrameType | None) -> None:
        self.ending.set()

    def add(self, part: Part) -> None:
        self.parts.append(part)
        part.start()

    def watch(self, seconds: float | None = None) -> None:
        """Look after the parts until asked to end, or for `seconds`."""
        until = None if seconds is None else time.monotonic() + seconds
        while not self.ending.is_set() and (until is None or time.monotonic() < until):
            for part in self.parts:
                self._look_after(part)
            self.ending.wait(0.2)

    def _look_after(self, part: Part) -> None:
        now = time.monotonic()
        if part.alive():
            if now - part.began > WELL_AFTER:
                part.wait = FIRST_WAIT
            return
        if not part.due:
            part.sweep()
            part.due = now + part.wait
            code = part.process.returncode if part.process else None
            self._say(f"{part.name} ended ({code}); starting it again in {part.wait:g} s, see {part.log}")
            part.wait = min(part.wait * 2, LONGEST_WAIT)
        elif now >= part.due:
            part.due = 0.0
            part.start()

    def end_all(self) -> None:
        """Ask all, last started first; nothing of theirs is alive when this returns."""
        for part in reversed(self.parts):
            part.ask_to_end()
        until = time.monotonic() + GRACE
        for part in reversed(self.parts):
            part.end(until)


def _opened(log: Path) -> IO[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old"))
    return log.open("ab")


# Loaded before any fork: loading a library between fork and exec can hang.
_LIBC = ctypes.CDLL(None)


def _die_with_parent() -> None:
    """Ask Linux for a SIGTERM when the supervisor itself is killed (PR_SET_PDEATHSIG = 1)."""
    _LIBC.prctl(1, signal.SIGTERM)
