"""The sandbox bank's other side of a debit: it draws from a payer's account once, and the money is a payment of the bill.

It behaves as the switch of the vault says: it draws, refuses for want of money, lets wait, draws without answering, or does
not answer. A mandate that its payer withdrew here draws nothing any more. What was drawn is not given back (a debit between
businesses is final when it is settled).
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from pakan.integrations.banks.sandbox.till import Till, Transfer
from pakan.integrations.banks.sandbox.vault import Conflict, Vault
from pakan.integrations.formats.iso20022 import VIENTIANE, Debit, Report
from pakan.units.number import WrongNumber, read_creditor_reference

TABLES = """
create table if not exists debits (
    id integer primary key, number text not null unique, mandate text not null, bank_reference text not null,
    amount integer not null, account text not null, name text not null, reference text not null, status text not null,
    reason text not null, made text not null, file text not null
);
create table if not exists withdrawn (mandate text primary key);
"""


@dataclass(frozen=True)
class Drawn:
    """A debit as the bank keeps it."""

    number: str
    mandate: str
    bank_reference: str
    amount: int
    account: str
    name: str
    reference: str
    status: str
    reason: str
    made: str
    file: str

    @property
    def report(self) -> Report:
        return Report(self.number, self.status, self.reason, "", self.bank_reference)


class Drawing:
    def __init__(self, till: Till, vault: Vault) -> None:
        self.till, self.vault, self.book = till, vault, till.book
        with self.book.change() as base:
            base.executescript(TABLES)

    def take(self, order: Debit, file: str, at: datetime) -> Drawn:
        """Draw once. Raises Conflict when the number was used for something else."""
        with self.book.change() as base:
            known = base.execute("select * from debits where number = ?", (order.number,)).fetchone()
            if known is not None:
                drawn = _drawn(known)
                if (drawn.amount, drawn.account, drawn.reference) != (
                    order.amount,
                    order.debtor_account,
                    order.reference,
                ):
                    raise Conflict(order.number)
                return drawn
            status, reason = self._judge(base, order)
            base.execute(
                "insert into debits (number, mandate, bank_reference, amount, account, name, reference, status, reason,"
                " made, file) values (?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    order.number, order.mandate, order.amount, order.debtor_account, order.debtor, order.reference,
                    status, reason, at.astimezone(VIENTIANE).isoformat(timespec="seconds"), file,
                ),
            )  # fmt: skip
            if status == "ACSC":
                self._pay(base, order.number, at)
            return _drawn(base.execute("select * from debits where number = ?", (order.number,)).fetchone())

    def _judge(self, base: sqlite3.Connection, order: Debit) -> tuple[str, str]:
        if base.execute("select 1 from withdrawn where mandate = ?", (order.mandate,)).fetchone():
            return "RJCT", "MD01"
        if order.debtor_account.endswith("000"):
            return "RJCT", "AC01"
        if self.vault.behaviour == "refuse":
            return "RJCT", "AM04"
        return ("PDNG", "") if self.vault.behaviour == "delay" else ("ACSC", "")

    def _pay(self, base: sqlite3.Connection, number: str, at: datetime) -> None:
        """The money on our account, with its notice, in the transaction that draws it."""
        one = _drawn(base.execute("select * from debits where number = ?", (number,)).fetchone())
        reference = self.till.pay_in(
            base,
            Transfer(
                amount=one.amount,
                reference=one.reference,
                bill=_bill(one.reference),
                payer=one.name,
                payer_account=one.account,
                text=f"SSO DEBIT {number}",
                paid_at=at,
            ),
        )
        base.execute(
            "update debits set status = 'ACSC', reason = '', bank_reference = ? where number = ?",
            (reference, number),
        )

    def settle(self, number: str, paid: bool, at: datetime) -> bool:
        """A waiting debit is drawn now, or returned for want of money; False if none waits under this number."""
        with self.book.change() as base:
            waits = base.execute("select 1 from debits where number = ? and status = 'PDNG'", (number,))
            if waits.fetchone() is None:
                return False
            if paid:
                self._pay(base, number, at)
            else:
                base.execute("update debits set status = 'RJCT', reason = 'AM04' where number = ?", (number,))
            return True

    def withdraw(self, mandate: str) -> None:
        """The payer told the bank that this mandate is good for nothing any more."""
        with self.book.change() as base:
            base.execute("insert or ignore into withdrawn values (?)", (mandate,))

    def find(self, number: str) -> Drawn | None:
        rows = self.book.read("select * from debits where number = ?", number)
        return _drawn(rows[0]) if rows else None

    def latest(self, many: int = 100) -> list[Drawn]:
        return [_drawn(row) for row in self.book.read("select * from debits order by id desc limit ?", many)]


def _bill(reference: str) -> str:
    try:
        return read_creditor_reference(reference)
    except WrongNumber:
        return ""


def _drawn(row: sqlite3.Row) -> Drawn:
    return Drawn(**{name: row[name] for name in row.keys() if name != "id"})  # noqa: SIM118 -- a Row is no dict
