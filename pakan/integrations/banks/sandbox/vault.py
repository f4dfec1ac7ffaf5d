"""The sandbox bank's other side: whose an account is, and the money that the fund sends to it.

Every account exists except those ending in 000; it belongs to whoever is first said to own it, or to whom the page says.
How the bank behaves is a switch: it pays, refuses, lets wait, pays without answering, or does not answer at all.
"""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from pakan.integrations.banks.bank import NameCheck
from pakan.integrations.formats.iso20022 import VIENTIANE, Report, Transfer
from pakan.integrations.sandbox.outbox import Book
from pakan.units.name import search_key

TABLES = """
create table if not exists holders (account text primary key, name text not null);
create table if not exists transfers (
    id integer primary key, number text not null unique, bank_reference text not null, amount integer not null,
    account text not null, name text not null, text text not null, status text not null, reason text not null,
    made text not null, file text not null
);
"""
BEHAVIOURS = ("pay", "refuse", "delay", "silent", "down")
NEARLY = 0.75


@dataclass(frozen=True)
class Sent:
    """A transfer as the bank keeps it."""

    number: str
    bank_reference: str
    amount: int
    account: str
    name: str
    text: str
    status: str
    reason: str
    made: str
    file: str

    @property
    def report(self) -> Report:
        return Report(self.number, self.status, self.reason, "", self.bank_reference)


class Conflict(ValueError):
    """The number is known with other content: never paid."""


class Vault:
    def __init__(self, book: Book) -> None:
        self.book = book
        with book.change() as base:
            base.executescript(TABLES)

    @property
    def behaviour(self) -> str:
        return self.book.switch("behaviour", "pay")

    def behave(self, how: str) -> None:
        self.book.turn("behaviour", how)

    def owner(self, account: str, name: str) -> NameCheck:
        """Whether `name` is the owner's."""
        if account.endswith("000"):
            return "unknown"
        with self.book.change() as base:
            base.execute("insert or ignore into holders values (?, ?)", (account, name))
            [row] = base.execute("select name from holders where account = ?", (account,)).fetchall()
        return _compare(name, row["name"])

    def open(self, account: str, name: str) -> None:
        """An account of this name, from now on."""
        with self.book.change() as base:
            base.execute("insert or replace into holders values (?, ?)", (account, name))

    def take(self, order: Transfer, file: str, at: datetime) -> Sent:
        """Book an order once. Raises Conflict when the number was used for something else."""
        with self.book.change() as base:
            known = base.execute("select * from transfers where number = ?", (order.number,)).fetchone()
            if known is not None:
                sent = _sent(known)
                if (sent.amount, sent.account, sent.name) != (
                    order.amount,
                    order.creditor_account,
                    order.creditor,
                ):
                    raise Conflict(order.number)
                return sent
            status, reason = self._judge(base, order)
            base.execute(
                "insert into transfers (number, bank_reference, amount, account, name, text, status, reason, made, file)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    order.number, f"ST{at:%y%m%d}{secrets.token_hex(4).upper()}", order.amount, order.creditor_account,
                    order.creditor, order.text, status, reason,
                    at.astimezone(VIENTIANE).isoformat(timespec="seconds"), file,
                ),
            )  # fmt: skip
            return _sent(base.execute("select * from transfers where number = ?", (order.number,)).fetchone())

    def _judge(self, base: sqlite3.Connection, order: Transfer) -> tuple[str, str]:
        if self.behaviour == "refuse":
            return "RJCT", "AC04"
        if order.creditor_account.endswith("000"):
            return "RJCT", "AC01"
        return ("PDNG", "") if self.behaviour == "delay" else ("ACSC", "")

    def settle(self, number: str, status: str, reason: str = "") -> bool:
        """A waiting transfer is paid or refused, or a paid one comes back; False if there is none such."""
        with self.book.change() as base:
            done = base.execute(
                "update transfers set status = ?, reason = ? where number = ? and status <> 'RJCT'",
                (status, reason, number),
            )
            return done.rowcount == 1

    def find(self, number: str) -> Sent | None:
        rows = self.book.read("select * from transfers where number = ?", number)
        return _sent(rows[0]) if rows else None

    def latest(self, many: int = 100) -> list[Sent]:
        return [
            _sent(row) for row in self.book.read("select * from transfers order by id desc limit ?", many)
        ]


def _sent(row: sqlite3.Row) -> Sent:
    return Sent(**{name: row[name] for name in row.keys() if name != "id"})  # noqa: SIM118 -- a Row is no dict


def _compare(asked: str, owner: str) -> NameCheck:
    one, other = search_key(asked), search_key(owner)
    if one == other:
        return "match"
    return "close" if SequenceMatcher(a=one, b=other, autojunk=False).ratio() >= NEARLY else "no"
