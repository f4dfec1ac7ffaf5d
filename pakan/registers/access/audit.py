"""Writing the audit trail, and checking its chain."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from pakan.registers.access.actor import Actor


@dataclass
class Note:
    """What a verb tells the audit trail about itself while it works."""

    object: str = ""
    person_id: int | None = None
    employer_id: int | None = None
    purpose: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


_note: ContextVar[Note | None] = ContextVar("audit_note", default=None)


def remember(
    object: str,
    *,
    person_id: int | None = None,
    employer_id: int | None = None,
    purpose: str = "",
    **facts: Any,
) -> None:
    """Called inside a verb: which object, and the facts whose digest the row carries (old and new values)."""
    note = _note.get()
    if note is None:
        raise RuntimeError("remember() is for the inside of a verb")
    note.object = object
    note.person_id = person_id if person_id is not None else note.person_id
    note.employer_id = employer_id if employer_id is not None else note.employer_id
    note.purpose = purpose or note.purpose
    note.facts |= facts


@contextmanager
def noting(employer_id: int | None) -> Iterator[Note]:
    note = Note(employer_id=employer_id)
    token = _note.set(note)
    try:
        yield note
    finally:
        _note.reset(token)


_ROW = """INSERT INTO access_auditrow
    (number, at, actor, account_id, office, door, act, object, person_id, employer_id, purpose, request, digest, previous, hash)
    VALUES (0, now(), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '')"""
_CHECKED_ROW = f"SET CONSTRAINTS ALL IMMEDIATE; {_ROW}"


def write(actor: Actor, act: str, note: Note, last: bool = False) -> None:
    """Add one row. Number, time and hashes come from the database's trigger, which holds the chain until the commit.

    `last`: nothing follows in this transaction, so what would be checked at the commit is checked before the chain is held:
    ten thousand lines of one employer keep nobody else waiting.
    """
    facts = json.dumps(note.facts, sort_keys=True, ensure_ascii=False, default=str) if note.facts else ""
    digest = hashlib.sha256(facts.encode()).hexdigest() if facts else ""
    with connection.cursor() as cursor:
        cursor.execute(
            _CHECKED_ROW if last else _ROW,
            [
                actor.name[:120], actor.account_id, actor.office, actor.door, act, note.object[:160], note.person_id,
                note.employer_id, note.purpose[:200], actor.request, digest,
            ],
        )  # fmt: skip


def look(actor: Actor, what: str, person_id: int, purpose: str) -> None:
    """Record that someone looked at a person's record; that person can read the row."""
    write(actor, "look", Note(object=what, person_id=person_id, purpose=purpose))


CHAIN_BROKEN = """
SELECT number FROM (
    SELECT number, hash, previous,
        lag(hash, 1, repeat('0', 64)) OVER (ORDER BY number) AS before,
        lag(number, 1, 0::bigint) OVER (ORDER BY number) AS number_before,
        encode(sha256(convert_to(concat_ws(E'\\x1f', previous, number::text,
            to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), actor, coalesce(account_id::text, ''), office, door,
            act, object, coalesce(person_id::text, ''), coalesce(employer_id::text, ''), purpose, request, digest),
            'UTF8')), 'hex')
            AS should
    FROM access_auditrow
) chain WHERE hash <> should OR previous <> before OR number <> number_before + 1 ORDER BY number LIMIT 1
"""


def first_broken_row() -> int | None:
    """The number of the first row that does not follow from the one before it; None if the chain is whole."""
    with connection.cursor() as cursor:
        cursor.execute(CHAIN_BROKEN)
        found = cursor.fetchone()
    return found[0] if found else None
