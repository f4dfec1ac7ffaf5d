"""What the sandbox identity remembers: invented cards, codes that were given out, and its key."""

import json
import secrets
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from joserfc.jwk import ECKey

from pakan.integrations.sandbox.outbox import Book

LIFE = 60  # seconds of a code
_TABLES = """
create table if not exists cards (
    subject text primary key, name text not null, born text not null, number text not null
);
create table if not exists codes (
    code text primary key, subject text not null, redirect text not null, challenge text not null,
    nonce text not null, made real not null, used integer not null default 0, token text not null default ''
);
"""


@dataclass(frozen=True)
class Card:
    subject: str
    name: str
    born: str
    number: str


class Cards:
    def __init__(self, path: Path) -> None:
        self.book = Book(path, _TABLES)
        if not self.book.switch("key"):
            made = ECKey.generate_key("P-256", {"kid": secrets.token_hex(4), "use": "sig", "alg": "ES256"})
            self.book.turn("key", json.dumps(made.as_dict(private=True)))
        self.key = ECKey.import_key(json.loads(self.book.switch("key")))

    def add(self, card: Card) -> None:
        with self.book.change() as base:
            base.execute(
                "insert or replace into cards values (?, ?, ?, ?)",
                (card.subject, card.name, card.born, card.number),
            )

    def all(self) -> list[Card]:
        return [_card(row) for row in self.book.read("select * from cards order by rowid limit 100")]

    def one(self, subject: str) -> Card | None:
        rows = self.book.read("select * from cards where subject = ?", subject)
        return _card(rows[0]) if rows else None

    def give_code(self, subject: str, redirect: str, challenge: str, nonce: str, at: float) -> str:
        code = secrets.token_urlsafe(24)
        with self.book.change() as base:
            base.execute(
                "insert into codes (code, subject, redirect, challenge, nonce, made) values (?, ?, ?, ?, ?, ?)",
                (code, subject, redirect, challenge, nonce, at),
            )
        return code

    def use_code(self, code: str, redirect: str, challenge: str, at: float) -> tuple[Card, str, str] | None:
        """Card, nonce and access token of a code, once. A code shown twice ends what it gave (RFC 6749, 4.1.2)."""
        token = secrets.token_urlsafe(24)
        with self.book.change() as base:
            row = base.execute("select * from codes where code = ?", (code,)).fetchone()
            if row is None:
                return None
            if row["used"]:
                base.execute("update codes set token = '' where code = ?", (code,))
                return None
            base.execute("update codes set used = 1, token = ? where code = ?", (token, code))
        right = (row["redirect"], row["challenge"]) == (redirect, challenge) and at - row["made"] <= LIFE
        card = self.one(str(row["subject"]))
        return (card, str(row["nonce"]), token) if right and card else None

    def of_token(self, token: str) -> Card | None:
        rows = self.book.read("select subject from codes where token = ? and token != ''", token)
        return self.one(str(rows[0]["subject"])) if rows else None


def _card(row: sqlite3.Row) -> Card:
    return Card(str(row["subject"]), str(row["name"]), str(row["born"]), str(row["number"]))
