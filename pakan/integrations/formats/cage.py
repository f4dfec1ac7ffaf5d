"""Strange files are opened in a child process that limits itself and may die without harming ours."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[3]
# How a child ends that asked for too much time, memory or disk.
TOO_HEAVY: Final = frozenset({-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ, -signal.SIGABRT})


def limit(memory: int, cpu_seconds: int, output: int) -> None:
    """Called by the child before the first byte: memory, processor time, output size in bytes; no core file
    that would keep what people sent on disk."""
    for kind, size in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        new = size if hard == resource.RLIM_INFINITY else min(size, hard)
        resource.setrlimit(kind, (new, new))


def ask(module: str, words: Sequence[str], content: bytes, wall_seconds: float) -> tuple[int, bytes]:
    """`python -m module words < content`: its exit code, negative for the signal that ended it, and its answer.

    It inherits no secrets of ours. What it imports is compiled once for all children, before any sees a strange byte.
    """
    search = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {"PYTHONPATH": search, "PATH": os.defpath}
    # Files instead of pipes: nothing can block, and the size limit of the child holds for its answer.
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(content)
        given.seek(0)
        try:
            code = subprocess.run(
                [sys.executable, "-s", "-m", module, *words],
                stdin=given.fileno(),
                stdout=answer.fileno(),
                stderr=subprocess.DEVNULL,
                env=environment,
                timeout=wall_seconds,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL
        answer.seek(0)
        return code, answer.read()
