"""The sandbox bank's own record of payments: one SQLite file, nothing of it known to the product."""

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pakan.integrations.banks.bank import PaymentNotice
from pakan.integrations.banks.sandbox.dialect import compose_notice
from pakan.integrations.formats.iso20022 import VIENTIANE, Entry, Statement
from pakan.integrations.sandbox.outbox import Book, put
from pakan.units.money import Kip

BIC = "SANDLALA"

_TABLES = """
create table if not exists payments (
    id integer primary key, bank_reference text not null unique, scheme_reference text not null,
    bill text not null, reference text not null, amount integer not null check (amount > 0),
    day text not null, paid_at text not null, payer text not null, payer_account text not null,
    text text not null
);
create index if not exists payments_day on payments (day);
"""


@dataclass(frozen=True)
class Transfer:
    """A payment as the payer fills it in."""

    amount: int
    reference: str
    bill: str
    payer: str
    payer_account: str
    text: str
    paid_at: datetime


class Till:
    def __init__(self, path: Path, account: str) -> None:
        self.book = Book(path, _TABLES)
        self.account = account

    def pay(self, *transfers: Transfer) -> list[str]:
        """Book the transfers and write their notices, in one transaction. The bank references."""
        with self.book.change() as base:
            return [self.pay_in(base, transfer) for transfer in transfers]

    def pay_in(self, base: sqlite3.Connection, transfer: Transfer) -> str:
        """Book one transfer and write its notice, inside the caller's transaction. The bank reference."""
        moment = transfer.paid_at.astimezone(VIENTIANE).replace(microsecond=0)
        # Random, so that a sandbox that was wiped never gives a reference a second time.
        bank_reference = f"SB{moment:%y%m%d}{secrets.token_hex(4).upper()}"
        payment = PaymentNotice(
            bank_reference=bank_reference,
            scheme_reference=f"LQ{secrets.token_hex(6).upper()}",
            bill=transfer.bill,
            amount=Kip(transfer.amount),
            currency="LAK",
            paid_at=moment,
            payer_name=transfer.payer,
            payer_account=transfer.payer_account,
            reference=transfer.reference,
            text=transfer.text,
        )
        day = moment.date().isoformat()
        values = (
            bank_reference, payment.scheme_reference, payment.bill, payment.reference, payment.amount, day,
            moment.isoformat(), payment.payer_name, payment.payer_account, payment.text,
        )  # fmt: skip
        base.execute(
            "insert into payments (bank_reference, scheme_reference, bill, reference, amount, day, paid_at,"
            " payer, payer_account, text) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        put(base, bank_reference, compose_notice(payment))
        return bank_reference

    def notify_again(self, bank_reference: str, forged: bool = False) -> bool:
        """One more notice of a payment; a forged one claims twice the amount. False: no such payment."""
        found = self.state_of(bank_reference)
        if not found:
            return False
        body = compose_notice(found[0])
        if forged:
            body["txnAmount"] = str(found[0].amount * 2)
        with self.book.change() as base:
            put(base, bank_reference, body, forged)
        return True

    def state_of(self, reference: str) -> list[PaymentNotice]:
        """The payments with this bank reference, bill number or reference; none for an empty one."""
        if not reference:
            return []
        rows = self.book.read(
            "select * from payments where ? in (bank_reference, bill, reference) order by id", reference
        )
        return [_payment(row) for row in rows]

    def latest(self, many: int = 100) -> list[PaymentNotice]:
        return [
            _payment(row) for row in self.book.read("select * from payments order by id desc limit ?", many)
        ]

    def days(self) -> list[date]:
        rows = self.book.read("select distinct day from payments order by day desc limit 60")
        return [date.fromisoformat(row["day"]) for row in rows]

    def statement(self, day: date) -> Statement:
        """Every payment of the day on our account, with what lay there before."""
        [before] = self.book.read(
            "select coalesce(sum(amount), 0) as total from payments where day < ?", day.isoformat()
        )
        rows = self.book.read("select * from payments where day = ? order by id", day.isoformat())
        entries = tuple(_entry(_payment(row)) for row in rows)
        opening = int(before["total"])
        closing = opening + sum(entry.amount for entry in entries)
        number = f"{day:%Y%m%d}"
        return Statement(BIC, self.account, number, Kip(opening), Kip(closing), day, entries)


def _payment(row: sqlite3.Row) -> PaymentNotice:
    return PaymentNotice(
        bank_reference=row["bank_reference"],
        scheme_reference=row["scheme_reference"],
        bill=row["bill"],
        amount=Kip(row["amount"]),
        currency="LAK",
        paid_at=datetime.fromisoformat(row["paid_at"]),
        payer_name=row["payer"],
        payer_account=row["payer_account"],
        reference=row["reference"],
        text=row["text"],
    )


def _entry(payment: PaymentNotice) -> Entry:
    day = payment.paid_at.date()
    return Entry(
        bank_reference=payment.bank_reference,
        amount=payment.amount,
        credit=True,
        booked_on=day,
        remittance_reference=payment.reference,
        remittance_text=payment.text,
        payer=payment.payer_name,
        payer_account=payment.payer_account,
        valued_on=day,
    )
