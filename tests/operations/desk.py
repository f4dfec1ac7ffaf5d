"""What the tests of the operations do again and again: files, sheets, signatures, payments, and two at the same moment."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from pakan.integrations.banks.bank import PaymentNotice
from pakan.integrations.formats.wagefile.table import find_table, recognise
from pakan.integrations.formats.wagefile.workbook import Sheet as TableSheet
from pakan.integrations.formats.wagefile.workbook import Workbook
from pakan.operations import collect, declare, enrol, reconcile
from pakan.registers.access.actor import Actor
from pakan.registers.access.roles import Role
from pakan.registers.contributions.actions import remember_layout
from pakan.registers.contributions.models import Declaration, Sheet, SheetLine
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.people.models import Employer, Person
from pakan.units.money import Kip
from pakan.units.month import Month
from tests.integrations.formats.wagefile import wagefile_samples as make

HEADER = ["ລ/ດ", "ລະຫັດປະກັນສັງຄົມ", "ຊື່ ແລະ ນາມສະກຸນ", "ເງິນເດືອນ (ກີບ)", "ໝາຍເຫດ"]
WAGE = 3_000_000
ACCOUNT = "0100000000418"
Row = list[object]


def acting(system: Actor, sign_in: str, employer: Employer, *roles: Role) -> Actor:
    """A new account with these roles at the employer, as an actor."""
    account = enrol.account(system, sign_in, "employer", sign_in)
    for role in roles:
        enrol.mandate(system, employer, account, role)
    return Actor(sign_in, system.at, "employer", account.id, employers={employer.id: frozenset(roles)})


# Files and sheets


def rows_of(workers: Sequence[Person], wage: object = WAGE) -> list[Row]:
    return [[at, worker.number, worker.name, wage] for at, worker in enumerate(workers, 1)]


def file_of(rows: Sequence[Row]) -> bytes:
    return make.xlsx([HEADER, *rows])


def upload(
    actor: Actor,
    employer: Employer,
    month: Month,
    content: bytes,
    key: str = "page",
    filename: str = "wages.xlsx",
    columns: dict[str, str] | None = None,
) -> Sheet:
    """Read the file, take it in, and confirm the columns as recognised (or `columns`) where they must be."""
    sheet = declare.take_in(actor, employer, month, declare.read_file(filename, content), key)
    if sheet.state == Sheet.State.READ:
        offered = {column.field: column.letter for column in declare.columns_offered(sheet) if column.field}
        sheet = declare.confirm_columns(actor, sheet, columns or offered)
    return sheet


def sheet_of(actor: Actor, employer: Employer, month: Month, rows: Sequence[Row], key: str = "page") -> Sheet:
    """Rows [row number, number, name, wage] as a checked sheet; the first of them is row 2 of the file.

    As if the file had been read and its columns were known: the reading itself, in a child process, takes longer than
    everything else and is tried in test_declare_files.
    """
    table = [(at, list(row)) for at, row in enumerate([HEADER, *rows], 1)]
    book = Workbook("wages.xlsx", "xlsx", [TableSheet("ເງິນເດືອນ", rows=table)])
    layout = recognise(find_table(book))
    remember_layout(employer, layout.fingerprint, layout.to_json(), actor.at)
    return declare.take_in(actor, employer, month, declare.Upload("wages.xlsx", b"", book, layout, 0), key)


def lines(sheet: Sheet) -> dict[int, SheetLine]:
    return {line.row: line for line in SheetLine.objects.filter(sheet=sheet).order_by("row")}


def found(sheet: Sheet, row: int) -> dict[str, dict[str, Any]]:
    """The problems of a row by code."""
    return {problem["code"]: problem for problem in lines(sheet)[row].problems}


def codes(sheet: Sheet) -> dict[int, list[str]]:
    """Codes of what is wrong or asked, by row; notes are left out."""
    seen = {
        row: [one["code"] for one in line.problems if one["level"] != "note"]
        for row, line in lines(sheet).items()
    }
    return {row: ones for row, ones in seen.items() if ones}


def mends(problem: dict[str, Any]) -> list[tuple[str, object]]:
    return [(mend["act"], mend["value"]) for mend in problem["mends"]]


def apply(actor: Actor, sheet: Sheet, row: int, code: str, mend: dict[str, Any]) -> Sheet:
    """Press the button of a mend."""
    act, value = mend["act"], mend["value"]
    if act == "wage":
        return declare.write_line(actor, sheet, row, wage=str(value))
    if act == "number":
        return declare.write_line(actor, sheet, row, number=value)
    if act == "leave_out":
        return declare.leave_out(actor, sheet, row)
    if act == "add_up":
        return declare.add_up(actor, sheet, row)
    if act == "confirm":
        return declare.confirm(actor, sheet, row, code, "part_time" if value == "reason" else "")
    raise AssertionError(f"no button for {act}")


# Signing and paying


def sign(preparer: Actor, approver: Actor, sheet: Sheet) -> Declaration:
    sheet = declare.hand_over(preparer, sheet, sheet.revision)
    return declare.approve(approver, sheet, sheet.revision)


def declared(
    preparer: Actor,
    approver: Actor,
    employer: Employer,
    month: Month,
    wage: int = WAGE,
    key: str = "first",
) -> Declaration:
    """A month in which everybody earns the same, signed."""
    sheet = declare.start_typing(preparer, employer, month, f"{key} {month}")
    sheet = declare.write_wages(preparer, sheet, dict.fromkeys(lines(sheet), str(wage)))
    sheet = declare.confirm_all(preparer, sheet, "wage_jump")
    return sign(preparer, approver, sheet)


def payment(amount: int, reference: str = "", number: str = "FT1", **facts: Any) -> PaymentNotice:
    told = {
        "bank_reference": number,
        "scheme_reference": "",
        "bill": "",
        "amount": Kip(amount),
        "currency": "LAK",
        "paid_at": datetime(2026, 11, 10, 2, tzinfo=UTC),
        "payer_name": "CHAMPA GARMENT",
        "payer_account": "010000001",
        "reference": reference,
    }
    return PaymentNotice(**(told | facts))


def pay(at: datetime, paid: PaymentNotice) -> Receipt:
    return collect.book(Actor.system(at, "bank sandbox"), "sandbox", ACCOUNT, paid)


def pays(at: datetime, notice: Notice, amount: int | None = None, number: str = "FT1") -> Receipt:
    return pay(at, payment(notice.amount if amount is None else amount, notice.reference, number))


def ledger() -> list[tuple[Any, ...]]:
    """Every entry, without the numbers that only say when it was written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.key, p.kind, p.employer_id, p.month, e.account_id, e.debit, e.credit FROM ledger_entry e"
            " JOIN ledger_posting p ON p.id = e.posting_id ORDER BY 1, 5, 6, 7"
        )
        return list(cursor.fetchall())


def broken() -> dict[str, list[str]]:
    """Invariants that do not hold, with examples."""
    return {finding.invariant: finding.examples for finding in reconcile.prove() if not finding.holds}


# At the same moment


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads with connections of their own, started together; each result or exception, in order."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(at: int) -> None:
        try:
            start.wait(timeout=30)
            results[at] = acts[at]()
        except Exception as fault:  # the test judges it
            results[at] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


class Fault(RuntimeError):
    """Injected by a test."""


@contextmanager
def failing_after(write: int) -> Iterator[list[str]]:
    """Raise Fault right after the n-th write to the database (from 1); the writes seen are collected."""
    seen: list[str] = []

    def watch(execute: Any, query: Any, parameters: Any, many: bool, context: Any) -> Any:
        result = execute(query, parameters, many, context)
        word = str(query).lstrip().split(" ", 1)[0].upper()
        if word in ("INSERT", "UPDATE", "DELETE"):
            seen.append(str(query)[:60])
            if len(seen) == write:
                raise Fault(seen[-1])
        return result

    with connection.execute_wrapper(watch):
        yield seen


@contextmanager
def unguarded() -> Iterator[Any]:
    """A cursor for which no trigger and no foreign key speaks: the intruder who has the database's password."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


# The invariant that must speak, how its example begins, what the intruder does.
Plant = tuple[str, str, str]
# The checks of the tables are the first wall; `prove` must see what went over it.
NO_CHECKS = """
DO $$ DECLARE one record; BEGIN
FOR one IN SELECT conrelid::regclass AS at, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0
    AND connamespace = current_schema()::regnamespace AND conislocal AND NOT conname LIKE 'procrastinate%'
LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.at, one.conname); END LOOP;
END $$
"""


def missed_faults(plants: Sequence[Plant]) -> list[tuple[str, str, dict[str, list[str]]]]:
    """Plant each fault behind the back of triggers and checks, and take it out again. Those that `prove` did not name."""
    missed = []
    checked = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # with one waiting no check can be dropped
        cursor.execute(NO_CHECKS)
    for invariant, says, statement in plants:
        outside = transaction.savepoint()
        with unguarded() as intruder:
            intruder.execute(statement)
            assert intruder.rowcount > 0, statement
        found = broken()
        if not any(example.startswith(says) for example in found.get(invariant, [])):
            missed.append((invariant, statement, found))
        transaction.savepoint_rollback(outside)
    transaction.savepoint_rollback(checked)
    return missed
