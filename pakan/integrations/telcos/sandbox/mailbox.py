"""The sandbox operator's own record of messages: one SQLite file."""

import secrets
import sqlite3
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pakan.integrations.sandbox.outbox import Book, put
from pakan.integrations.telcos.sandbox.dialect import compose_receipt

DELAY = 30.0  # seconds that a delayed message is under way

# shown_at: when the telephone shows it; a lost message is never shown.
_TABLES = """
create table if not exists messages (
    id integer primary key, message_id text not null, key text not null unique, phone text not null,
    sender text not null, text text not null, made text not null, shown_at real, copies integer not null
);
create index if not exists messages_phone on messages (phone, id);
"""

MODES = ("normal", "lose", "delay", "double")


@dataclass(frozen=True)
class Message:
    phone: str
    sender: str
    text: str
    made: datetime


class Mailbox:
    def __init__(self, path: Path) -> None:
        self.book = Book(path, _TABLES)

    @property
    def mode(self) -> str:
        return self.book.switch("mode", "normal")

    def take(self, phone: str, sender: str, text: str, key: str, now: datetime) -> str:
        """Take a message once per key and write its receipts. The message id, the same for the same key."""
        mode = self.mode
        with self.book.change() as base:
            known = base.execute("select message_id from messages where key = ?", (key,)).fetchone()
            if known:
                return str(known["message_id"])
            message_id = f"SM{secrets.token_hex(6).upper()}"
            wait = DELAY if mode == "delay" else 0.0
            shown_at = None if mode == "lose" else time.time() + wait
            copies = 2 if mode == "double" else 1
            base.execute(
                "insert into messages (message_id, key, phone, sender, text, made, shown_at, copies)"
                " values (?, ?, ?, ?, ?, ?, ?, ?)",
                (message_id, key, phone, sender, text, now.isoformat(), shown_at, copies),
            )
            stat = "EXPIRED" if mode == "lose" else "DELIVRD"
            for _ in range(copies):
                put(base, message_id, compose_receipt(message_id, phone, stat, now), after=wait)
        return message_id

    def phones(self) -> list[tuple[str, int]]:
        """Every number that has something to show and how many messages, the latest first."""
        rows = self.book.read(
            "select phone, sum(copies) as many, max(id) as last from messages where shown_at <= ?"
            " group by phone order by last desc limit 200",
            time.time(),
        )
        return [(row["phone"], row["many"]) for row in rows]

    def messages(self, phone: str) -> list[Message]:
        """What the telephone shows, newest first; a doubled message stands there twice."""
        rows = self.book.read(
            "select * from messages where phone = ? and shown_at <= ? order by id desc limit 100",
            phone,
            time.time(),
        )
        return [_message(row) for row in rows for _ in range(row["copies"])]


def _message(row: sqlite3.Row) -> Message:
    return Message(row["phone"], row["sender"], row["text"], datetime.fromisoformat(row["made"]))
