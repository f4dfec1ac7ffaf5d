"""The supervisor: a dead part comes back, and nothing is alive after the end."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pakan.site.supervisor import Part, Supervisor

# A part with a child of its own that would gladly outlive it.
STUBBORN = """
import signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""


def part(folder: Path, name: str, program: str) -> Part:
    return Part(name, [sys.executable, "-c", program], dict(os.environ), folder / f"{name}.log", folder)


def within(supervisor: Supervisor, fact: Callable[[], bool]) -> bool:
    """Whether `fact` comes true while the supervisor looks after its parts."""
    until = time.monotonic() + 20
    while time.monotonic() < until and not fact():
        supervisor.watch(0.1)
    return fact()


def is_alive(pid: int) -> bool:
    """Whether the process still runs; a zombie does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_part_that_dies_comes_back_after_a_growing_pause(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    dying = part(tmp_path, "dying", "print('here', flush=True)")
    supervisor.add(dying)
    try:
        assert within(supervisor, lambda: dying.log.read_text().count("here") >= 3)
    finally:
        supervisor.end_all()
    assert [line.split(" in ")[1].split(" s")[0] for line in said[:2]] == ["0.5", "1"]


def test_nothing_is_left_after_the_end_not_even_a_child_of_a_part(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda _: None)
    stubborn = part(tmp_path, "stubborn", STUBBORN)
    supervisor.add(stubborn)
    try:
        assert within(supervisor, lambda: stubborn.log.read_text().endswith("\n"))
        child = int(stubborn.log.read_text())
        assert is_alive(child)
    finally:
        supervisor.end_all()
    assert not stubborn.alive()
    assert within(Supervisor(lambda _: None), lambda: not is_alive(child))


def test_a_signal_ends_the_watch(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda _: None)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        supervisor.catch_signals()
        signal.raise_signal(signal.SIGTERM)
        supervisor.watch()
        assert supervisor.ending.is_set()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
