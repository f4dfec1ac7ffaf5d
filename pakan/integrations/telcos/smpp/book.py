"""What the link remembers: every text until its fate is known, part by part. One SQLite file.

Codes and texts are forgotten as soon as the centre has them, or will never have them.
"""

import secrets
import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pakan.integrations.sandbox.outbox import Book, put
from pakan.integrations.telcos.dialect import STATES, compose_incoming, compose_receipt
from pakan.integrations.telcos.smpp.letters import Way, pieces
from pakan.integrations.telcos.smpp.receipts import same_ids

URGENT = 600  # seconds of life; whatever lives shorter (codes) goes first
GRACE = 3600  # seconds after its life in which a receipt may still come

# states of a part: waiting, submitting, accepted, delivered, failed, unknown
_TABLES = """
create table if not exists texts (
    id text primary key, key text not null unique, phone text not null, sender text not null, text text not null,
    made real not null, until real not null, urgent integer not null, told text not null default ''
);
create table if not exists parts (
    text_id text not null references texts, number integer not null, state text not null, smsc_id text not null default '',
    tries integer not null default 0, next_try real not null, reason text not null default '',
    primary key (text_id, number)
);
create index if not exists parts_due on parts (state, next_try);
create index if not exists parts_id on parts (smsc_id);
create table if not exists heard (id text primary key, at real not null);
"""


@dataclass(frozen=True)
class Part:
    text_id: str
    number: int  # from 1
    phone: str
    sender: str
    text: str
    until: float  # moment of its end, as time.time()
    tries: int
    reference: int


class Shelf:
    """The link's file. `way` is how the centre wants long texts."""

    def __init__(self, path: Path, way: Way = "udh") -> None:
        self.book = Book(path, _TABLES)
        self.way = way

    def take(self, phone: str, sender: str, text: str, key: str, seconds: int) -> str:
        """Keep a text once per key; the link's own id, the same for the same key."""
        now = time.time()
        with self.book.change() as base:
            known = base.execute("select id from texts where key = ?", (key,)).fetchone()
            if known:
                return str(known["id"])
            text_id = f"L{secrets.token_hex(8)}"
            base.execute(
                "insert into texts (id, key, phone, sender, text, made, until, urgent) values (?, ?, ?, ?, ?, ?, ?, ?)",
                (text_id, key, phone, sender, text, now, now + seconds, int(seconds <= URGENT)),
            )
            for number in range(1, len(pieces(text, 0, self.way)) + 1):
                base.execute(
                    "insert into parts (text_id, number, state, next_try) values (?, ?, 'waiting', ?)",
                    (text_id, number, now),
                )
        return text_id

    def due(self, most: int) -> list[Part]:
        """Parts to be submitted now, codes first; what outlived its worth is given up."""
        now = time.time()
        self._give_up(now)
        rows = self.book.read(
            "select parts.*, texts.rowid as place, phone, sender, text, until from parts join texts on texts.id = text_id"
            " where state = 'waiting' and next_try <= ? order by urgent desc, texts.rowid, number limit ?",
            now,
            most,
        )
        return [
            Part(row["text_id"], row["number"], row["phone"], row["sender"], row["text"], row["until"], row["tries"],
                 row["place"] % 256)
            for row in rows
        ]  # fmt: skip

    def _give_up(self, now: float) -> None:
        """Never submitted in its life, or submitted and no receipt an hour after its end: expired."""
        late = self.book.read(
            "select text_id, number from parts join texts on texts.id = text_id where (state = 'waiting' and until <= ?)"
            " or (state in ('accepted', 'unknown') and until <= ?)",
            now,
            now - GRACE,
        )
        for row in late:
            self.end(row["text_id"], row["number"], "failed", "expired")

    def submitting(self, part: Part) -> None:
        """It leaves now. From here on it is never sent again unless the centre says that it did not take it."""
        self._set(part, "submitting")

    def accepted(self, part: Part, smsc_id: str) -> None:
        [smsc_id] = same_ids(smsc_id)[:1]
        with self.book.change() as base:
            base.execute(
                "update parts set state = 'accepted', smsc_id = ? where text_id = ? and number = ?",
                (smsc_id, part.text_id, part.number),
            )
            self._forget_text(base, part.text_id)

    def wait(self, part: Part, seconds: float) -> None:
        """The centre is busy and did not take it: again in `seconds`."""
        with self.book.change() as base:
            base.execute(
                "update parts set state = 'waiting', tries = tries + 1, next_try = ? where text_id = ? and number = ?",
                (time.time() + seconds, part.text_id, part.number),
            )

    def unknown(self, part: Part) -> None:
        """The connection ended before the answer."""
        self._set(part, "unknown")
        with self.book.change() as base:
            self._forget_text(base, part.text_id)

    def after_a_crash(self) -> int:
        """Parts that were leaving when the process died: nobody knows whether they did. How many."""
        with self.book.change() as base:
            return base.execute("update parts set state = 'unknown' where state = 'submitting'").rowcount

    def _set(self, part: Part, state: str) -> None:
        with self.book.change() as base:
            base.execute(
                "update parts set state = ? where text_id = ? and number = ?",
                (state, part.text_id, part.number),
            )

    def end(self, text_id: str, number: int, state: str, reason: str = "") -> None:
        """The fate of a part. Tells ours when it decides the text's: all delivered, or one failed. Delivered wins."""
        with self.book.change() as base:
            base.execute(
                "update parts set state = ?, reason = ? where text_id = ? and number = ? and state <> 'delivered'",
                (state, reason, text_id, number),
            )
            if state == "failed":  # half a text is worth nothing
                base.execute(
                    "update parts set state = 'failed' where text_id = ? and state = 'waiting'", (text_id,)
                )
            states = base.execute("select state, reason from parts where text_id = ?", (text_id,)).fetchall()
            row = base.execute("select phone, told from texts where id = ?", (text_id,)).fetchone()
            stat = _fate([one["state"] for one in states])
            # Once for each fate: a failure may still be overtaken by a late delivery.
            if stat and stat != row["told"] and row["told"] != "DELIVRD":
                base.execute("update texts set told = ? where id = ?", (stat, text_id))
                why = next((one["reason"] for one in states if one["reason"]), "")
                put(base, text_id, compose_receipt(text_id, row["phone"], stat, datetime.now(UTC), why))
            self._forget_text(base, text_id)

    def receipt(self, smsc_id: str, stat: str) -> bool:
        """A receipt of the centre; False if it is about no part of ours."""
        for one in same_ids(smsc_id):
            rows = self.book.read("select text_id, number from parts where smsc_id = ?", one)
            if len(rows) == 1:
                ours = STATES.get(stat, "waiting")
                if ours != "waiting":
                    self.end(
                        rows[0]["text_id"], rows[0]["number"], ours, "" if ours == "delivered" else "phone"
                    )
                return True
        return False

    def heard(self, message_id: str, sender: str, text: str) -> None:
        """Somebody wrote to us: tell ours, once per id."""
        with self.book.change() as base:
            fresh = base.execute(
                "insert or ignore into heard values (?, ?)", (message_id, time.time())
            ).rowcount
            if fresh:
                put(base, message_id, compose_incoming(message_id, sender, text, datetime.now(UTC)))

    @staticmethod
    def _forget_text(base: sqlite3.Connection, text_id: str) -> None:
        base.execute(
            "update texts set text = '' where id = ? and not exists"
            " (select 1 from parts where text_id = texts.id and state in ('waiting', 'submitting'))",
            (text_id,),
        )


def _fate(states: list[str]) -> str:
    if all(state == "delivered" for state in states):
        return "DELIVRD"
    return "UNDELIV" if "failed" in states else ""
