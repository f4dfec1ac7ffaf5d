"""Messages that must arrive: kept in SQLite, signed, sent until the other side says yes."""

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from pakan.integrations.formats import signature

log = logging.getLogger(__name__)

LONGEST_WAIT = 300.0  # seconds between two tries
_TABLES = """
create table if not exists notices (
    id integer primary key, about text not null, body text not null, forged integer not null default 0,
    state text not null default 'waiting', attempts integer not null default 0,
    next_try real not null, answer text not null default '', made real not null
);
create index if not exists notices_due on notices (state, next_try);
create table if not exists switches (name text primary key, value text not null);
"""


@dataclass(frozen=True)
class Sent:
    """One notice and how it fared. State: waiting, arrived, refused (a forged one is tried only once)."""

    id: int
    about: str
    forged: bool
    state: str
    attempts: int
    answer: str


class Book:
    """The SQLite file. Every step is one transaction with its own connection, so threads do not meet."""

    def __init__(self, path: Path, tables: str) -> None:
        self.path = path
        with self.change() as base:
            base.executescript(_TABLES + tables)

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees no other writer; all or nothing."""
        base = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        try:
            base.row_factory = sqlite3.Row
            base.execute("pragma journal_mode = wal")
            base.execute("begin immediate")
            try:
                yield base
            except BaseException:
                base.rollback()
                raise
            # executescript has already committed what went before it.
            if base.in_transaction:
                base.commit()
        finally:
            base.close()

    def read(self, query: str, *values: object) -> list[sqlite3.Row]:
        base = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        try:
            base.row_factory = sqlite3.Row
            return base.execute(query, values).fetchall()
        finally:
            base.close()

    def switch(self, name: str, default: str = "") -> str:
        rows = self.read("select value from switches where name = ?", name)
        return str(rows[0]["value"]) if rows else default

    def turn(self, name: str, value: str) -> None:
        with self.change() as base:
            base.execute("insert or replace into switches values (?, ?)", (name, value))


def put(
    base: sqlite3.Connection, about: str, body: dict[str, object], forged: bool = False, after: float = 0
) -> None:
    """Write a notice in the transaction of what it tells about; not to be sent for `after` seconds."""
    now = time.time()
    base.execute(
        "insert into notices (about, body, forged, next_try, made) values (?, ?, ?, ?, ?)",
        (about, json.dumps(body, ensure_ascii=False), int(forged), now + after, now),
    )


def sent(book: Book, about: str) -> list[Sent]:
    rows = book.read("select * from notices where about = ? order by id", about)
    return [
        Sent(row["id"], row["about"], bool(row["forged"]), row["state"], row["attempts"], row["answer"])
        for row in rows
    ]


class Sender:
    """A thread that sends what waits: oldest first, each again after 2, 4, 8 … seconds."""

    def __init__(self, book: Book, address: str, key: bytes, call: Callable[..., httpx.Response]) -> None:
        self.book, self.address, self.key, self.call = book, address, key, call
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=15)

    def wake(self) -> None:
        self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.send_due()
            except sqlite3.Error:
                log.exception("the book of notices cannot be read")
            self._wake.wait(timeout=0.5)
            self._wake.clear()

    def send_due(self) -> int:
        """Send everything that is due now; how many were tried."""
        if not self.address or self.book.switch("held") == "1":
            return 0
        due = self.book.read(
            "select * from notices where state = 'waiting' and next_try <= ? order by id",
            time.time(),
        )
        for row in due:
            self._send(row)
        return len(due)

    def _send(self, row: sqlite3.Row) -> None:
        body = str(row["body"]).encode()
        # A forged notice is well made in everything but the key.
        key = b"somebody else's key" if row["forged"] else self.key
        headers = {
            signature.HEADER: signature.sign(key, body, datetime.now(UTC)),
            "Content-Type": "application/json",
        }
        try:
            reply = self.call(self.address, content=body, headers=headers)
            arrived, answer = reply.is_success, str(reply.status_code)
        except httpx.HTTPError as error:
            arrived, answer = False, type(error).__name__
        attempts = row["attempts"] + 1
        state = "arrived" if arrived else "refused" if row["forged"] else "waiting"
        again = time.time() + min(2.0**attempts, LONGEST_WAIT)
        with self.book.change() as base:
            base.execute(
                "update notices set state = ?, attempts = ?, answer = ?, next_try = ? where id = ?",
                (state, attempts, answer, again, row["id"]),
            )


def post(address: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
    """Ten seconds are enough for a notice; proxies of the machine are not for a neighbour process."""
    return httpx.post(address, content=content, headers=headers, timeout=10, trust_env=False)
