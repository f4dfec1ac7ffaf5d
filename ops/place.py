"""Where things are on this machine, and the environment that every part is started with."""

import hashlib
import os
import secrets
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / ".run"  # everything a run writes: databases, keys, logs; never committed
PYTHON = ROOT / ".venv" / "bin" / "python"


class Refused(Exception):
    """Something the person at the keyboard can put right; the message says how."""


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is going on, then how long it took, on one line."""
    print(f"{title} … ", end="", flush=True)
    began = time.perf_counter()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.perf_counter() - began:.1f} s", flush=True)


def digest(files: Iterable[Path]) -> str:
    """One number for the content of these files: the same as long as none of them changed."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def stamped(stamp: Path, value: str) -> bool:
    """Whether `stamp` holds `value`, so that the work it stands for need not be done again."""
    return stamp.exists() and stamp.read_text() == value


def secret(name: str) -> str:
    """A random key of this installation, made once, readable by its owner alone."""
    file = RUN / name
    if not file.exists():
        RUN.mkdir(exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text()


def environment(**more: str) -> dict[str, str]:
    """The caller's environment, the project's Python first, and `more`.

    Bytecode is written whatever the caller prefers: many short processes start here, and each would compile everything anew.
    """
    path = os.pathsep.join([str(PYTHON.parent), os.environ.get("PATH", os.defpath)])
    unwanted = ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**kept, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", **more}


def demo_environment(
    database: str, port: int = 8000, bank: int = 8001, telco: int = 8002, link: int = 8003, centre: int = 2775,
    mail: int = 8004, smtp: int = 8025, identity: int = 8007, *, practice: int = 0,
) -> dict[str, str]:  # fmt: skip
    """What the demo's parts are told; real installations set the same names themselves (docs/operations)."""
    defaults = {
        "PAKAN_ENV": "demo",
        "PAKAN_SECRET_KEY": secret("secret"),
        "PAKAN_HOSTS": "localhost,127.0.0.1,[::1]",
        "PAKAN_BASE_URL": f"http://localhost:{port}",
        "PAKAN_BANK_URL": f"http://127.0.0.1:{bank}",
        "PAKAN_BANK_KEY": secret("bank-key"),
        "PAKAN_TELCO_URL": f"http://127.0.0.1:{telco}",
        "PAKAN_TELCO_KEY": secret("telco-key"),
        "PAKAN_USSD_KEY": secret("ussd-key"),
        "PAKAN_TELCO": "smpp",  # "sandbox" takes the operator's HTTP interface instead
        "PAKAN_LINK_URL": f"http://127.0.0.1:{link}",
        "PAKAN_MAIL_URL": f"http://127.0.0.1:{mail}",
        "PAKAN_MAIL_HOST": "127.0.0.1",
        "PAKAN_MAIL_PORT": str(smtp),
        "PAKAN_MAIL_TLS": "none",
        "PAKAN_IDENTITY_ISSUER": f"http://127.0.0.1:{identity}",
        "PAKAN_IDENTITY_KEY": secret("identity-key"),
        "PAKAN_IDENTITY_HIGH": "sandbox:card",
        # Where invented money is; 0: nowhere, and no page offers it.
        "PAKAN_PRACTICE_URL": f"http://localhost:{practice}" if practice else "",
        "PAKAN_PRACTICE_KEY": secret("practice-key"),
        "DJANGO_SETTINGS_MODULE": "pakan.site.settings",
    }
    chosen = {name: os.environ.get(name, value) for name, value in defaults.items()}
    return environment(**chosen, DATABASE_URL=database)


def practice_environment(env: dict[str, str], database: str, web: int, bank: int) -> dict[str, str]:
    """The practice house beside the one of `env`: its own database, keys and bank; in common only the tickets' key."""
    return env | {
        "PAKAN_PRACTICE": "1",
        "PAKAN_PRACTICE_URL": "",
        "PAKAN_PRACTICE_BACK": env["PAKAN_BASE_URL"],
        "PAKAN_BASE_URL": f"http://localhost:{web}",
        "PAKAN_SECRET_KEY": secret("practice-secret"),
        "PAKAN_BANK_URL": f"http://127.0.0.1:{bank}",
        "PAKAN_BANK_KEY": secret("practice-bank-key"),
        "PAKAN_MAIL_HOST": "",
        "PAKAN_IDENTITY_ISSUER": "",
        "DATABASE_URL": database,
    }


def fail(message: str) -> int:
    print(message, file=sys.stderr, flush=True)
    return 1
