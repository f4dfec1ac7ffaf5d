"""The practice house: the same build with invented people and invented money (docs/decisions/0015).

What marks a process as one, and what it may never share with the real house. Checked when the settings are read.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

DATABASE_ENDS = "_practice"
SHORTEST_KEY = 32


@dataclass(frozen=True)
class Practice:
    """`on`: this process is the practice house. `url`: where the real house finds it; `back`: where it finds the real one."""

    on: bool
    url: str
    back: str
    key: str  # signs the tickets from one house to the other, and nothing else


def practice_from(environ: Mapping[str, str], database: str, secrets: Collection[str]) -> Practice:
    """What the environment says. Raises ImproperlyConfigured where the two houses would share a ledger or a key."""
    wanted = environ.get("PAKAN_PRACTICE", "")
    if wanted not in ("", "0", "1"):
        raise ImproperlyConfigured(
            f"PAKAN_PRACTICE is {wanted!r}; use 1 in the practice house and nothing elsewhere"
        )
    found = Practice(
        on=wanted == "1",
        url=environ.get("PAKAN_PRACTICE_URL", "").rstrip("/"),
        back=environ.get("PAKAN_PRACTICE_BACK", "").rstrip("/") if wanted == "1" else "",
        key=environ.get("PAKAN_PRACTICE_KEY", ""),
    )
    _refuse_one_ledger(found.on, database)
    if found.on and found.url:
        raise ImproperlyConfigured(
            "PAKAN_PRACTICE_URL belongs to the real house; from practice nobody goes on to practise"
        )
    if found.on and environ.get("PAKAN_COLLECTING_BANK", "sandbox") != "sandbox":
        raise ImproperlyConfigured("PAKAN_COLLECTING_BANK: invented money goes to the sandbox bank only")
    if found.on or found.url:
        _refuse_one_key(found.key, secrets)
    return found


def _refuse_one_ledger(on: bool, database: str) -> None:
    """The name of the database says which house it is of, so that neither ever opens the other's by a mistake."""
    if on and not database.endswith(DATABASE_ENDS):
        raise ImproperlyConfigured(
            f"PAKAN_PRACTICE=1 on the database {database!r}: invented money needs one whose name ends in {DATABASE_ENDS}"
        )
    if not on and database.endswith(DATABASE_ENDS):
        raise ImproperlyConfigured(
            f"the database {database!r} is of the practice house: set PAKAN_PRACTICE=1"
        )


def _refuse_one_key(key: str, secrets: Collection[str]) -> None:
    if len(key) < SHORTEST_KEY:
        raise ImproperlyConfigured(
            f"PAKAN_PRACTICE_KEY needs {SHORTEST_KEY} letters or more, the same in both houses"
        )
    if key in secrets:
        raise ImproperlyConfigured(
            "PAKAN_PRACTICE_KEY is used for something else too; it may open nothing but practice"
        )


def apart(secret: str) -> str:
    """A secret of the practice house that follows from the one it was given, and is never that one.

    So an environment that was copied whole still signs nothing that the real house would call genuine.
    """
    return hmac.new(b"pakan practice house", secret.encode(), hashlib.sha256).hexdigest()
