"""The sandbox operator's own record of messages: one SQLite file, whether they came by HTTP or by SMPP."""

import secrets
import sqlite3
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pakan.integrations.sandbox.outbox import Book, put
from pakan.integrations.telcos.dialect import compose_receipt
from pakan.integrations.telcos.smpp.letters import Found

DELAY = 30.0  # seconds that a delayed message is under way

# shown_at: when the telephone shows it; a lost message is never shown. pieces: parts of long texts that came by SMPP.
# outgoing: what the centre has to tell by deliver_sm, a receipt (stat) or what somebody typed (text).
_TABLES = """
create table if not exists messages (
    id integer primary key, message_id text not null, key text not null unique, phone text not null,
    sender text not null, text text not null, made text not null, shown_at real, copies integer not null
);
create index if not exists messages_phone on messages (phone, id);
create table if not exists pieces (
    phone text not null, reference integer not null, total integer not null, number integer not null,
    text text not null, message_id text not null, primary key (phone, reference, total, number)
);
create table if not exists outgoing (
    id integer primary key, phone text not null, sender text not null default '', message_id text not null default '',
    stat text not null default '', text text not null default '', made text not null, next_try real not null,
    done integer not null default 0
);
"""

# "throttle" says twice that it is busy and then delivers; "drop" takes one and breaks the line before it answers.
MODES = ("normal", "lose", "delay", "double", "hex", "tagged", "throttle", "full", "bad_number", "bad_sender",
         "submit_failed", "drop")  # fmt: skip
PASSING = {"throttle": 2, "full": 2, "drop": 1}  # how often, then normal again


@dataclass(frozen=True)
class Message:
    phone: str
    sender: str
    text: str
    made: datetime


@dataclass(frozen=True)
class Outgoing:
    """One deliver_sm to come."""

    id: int
    phone: str
    sender: str
    message_id: str
    stat: str
    text: str
    made: datetime


class Mailbox:
    def __init__(self, path: Path) -> None:
        self.book = Book(path, _TABLES)

    @property
    def mode(self) -> str:
        return self.book.switch("mode", "normal")

    def turn(self, mode: str) -> None:
        self.book.turn("left", str(PASSING.get(mode, 0)))
        self.book.turn("mode", mode)

    def passing(self) -> str:
        """The mode for one submit; a passing one counts down to normal."""
        mode = self.mode
        if mode in PASSING:
            left = int(self.book.switch("left", "0")) - 1
            self.book.turn("left", str(left))
            if left <= 0:
                self.book.turn("mode", "normal")
        return mode

    def take(self, phone: str, sender: str, text: str, key: str, now: datetime) -> str:
        """Take a message once per key and write its receipts. The message id, the same for the same key."""
        mode = self.mode
        with self.book.change() as base:
            known = base.execute("select message_id from messages where key = ?", (key,)).fetchone()
            if known:
                return str(known["message_id"])
            message_id = f"SM{secrets.token_hex(6).upper()}"
            wait = DELAY if mode == "delay" else 0.0
            copies = self._show(base, message_id, key, phone, sender, text, now, mode)
            stat = "EXPIRED" if mode == "lose" else "DELIVRD"
            for _ in range(copies):
                put(base, message_id, compose_receipt(message_id, phone, stat, now), after=wait)
        return message_id

    def take_part(self, phone: str, sender: str, found: Found, now: datetime, mode: str) -> str:
        """One submit_sm: shown when all its parts are there, its receipt written. The centre's id, in decimals."""
        wait = DELAY if mode == "delay" else 0.0
        with self.book.change() as base:
            message_id = str(secrets.randbelow(9 * 10**9) + 10**9)
            base.execute(
                "insert or replace into pieces values (?, ?, ?, ?, ?, ?)",
                (phone, found.reference, found.total, found.number, found.text, message_id),
            )
            here = "phone = ? and reference = ? and total = ?"
            place = (phone, found.reference, found.total)
            parts = base.execute(f"select text from pieces where {here} order by number", place).fetchall()  # noqa: S608
            copies = 2 if mode == "double" else 1
            if len(parts) == found.total:
                text = "".join(row["text"] for row in parts)
                self._show(base, message_id, message_id, phone, sender, text, now, mode)
                base.execute(f"delete from pieces where {here}", place)  # noqa: S608
            stat = "UNDELIV" if mode == "lose" else "DELIVRD"
            for _ in range(copies):
                base.execute(
                    "insert into outgoing (phone, sender, message_id, stat, text, made, next_try)"
                    " values (?, ?, ?, ?, ?, ?, ?)",
                    (phone, sender, message_id, stat, found.text, now.isoformat(), time.time() + wait),
                )
        return message_id

    @staticmethod
    def _show(
        base: sqlite3.Connection, message_id: str, key: str, phone: str, sender: str, text: str, now: datetime, mode: str
    ) -> int:  # fmt: skip
        """Put it on the telephone as the mode says; how many times."""
        shown_at = None if mode == "lose" else time.time() + (DELAY if mode == "delay" else 0.0)
        copies = 2 if mode == "double" else 1
        base.execute(
            "insert into messages (message_id, key, phone, sender, text, made, shown_at, copies)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (message_id, key, phone, sender, text, now.isoformat(), shown_at, copies),
        )
        return copies

    def typed(self, phone: str, text: str) -> None:
        """Somebody wrote to the fund on this telephone."""
        with self.book.change() as base:
            base.execute(
                "insert into outgoing (phone, text, made, next_try) values (?, ?, ?, ?)",
                (phone, text, datetime.now().astimezone().isoformat(), time.time()),
            )

    def outgoing(self) -> list[Outgoing]:
        rows = self.book.read(
            "select * from outgoing where done = 0 and next_try <= ? order by id limit 50", time.time()
        )
        return [
            Outgoing(row["id"], row["phone"], row["sender"], row["message_id"], row["stat"], row["text"],
                     datetime.fromisoformat(row["made"]))
            for row in rows
        ]  # fmt: skip

    def told(self, outgoing_id: int, arrived: bool) -> None:
        """The other side has it, or is asked again in two seconds."""
        with self.book.change() as base:
            base.execute(
                "update outgoing set done = ?, next_try = ? where id = ?",
                (int(arrived), time.time() + 2, outgoing_id),
            )

    def typed_by(self, phone: str) -> list[str]:
        rows = self.book.read(
            "select text from outgoing where phone = ? and stat = '' order by id desc limit 20", phone
        )
        return [row["text"] for row in rows]

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
