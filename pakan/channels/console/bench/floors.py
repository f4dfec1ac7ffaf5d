"""What the same rows cost with nothing around them: the least that any program could take here.

`copy_alone`: the rows of one month by COPY into a table with a primary key and one index. `by_hand`: the whole job
(price, keep, owe, post, book, credit) as a hand-written script would do it, without audit, rights or history.
"""

from datetime import date

from django.db import connection, transaction

from pakan.law.contributions.rule import Column, due, rates_for
from pakan.units.month import Month

MONTH = Month(2024, 10)
TABLES = """
CREATE TABLE IF NOT EXISTS bench_copy (declaration bigint, person bigint, wage bigint, insured bigint, employer bigint,
    worker bigint, PRIMARY KEY (declaration, person));
CREATE INDEX IF NOT EXISTS bench_copy_person ON bench_copy (person);
CREATE TABLE IF NOT EXISTS bench_wage (LIKE bench_copy INCLUDING ALL);
CREATE TABLE IF NOT EXISTS bench_credit (person bigint, month date, wage bigint, insured bigint, employer bigint,
    worker bigint, declaration bigint, PRIMARY KEY (person, month, declaration));
CREATE TABLE IF NOT EXISTS bench_declaration (id bigserial PRIMARY KEY, month date, owed bigint, settled bigint DEFAULT 0);
CREATE TABLE IF NOT EXISTS bench_entry (id bigserial PRIMARY KEY, declaration bigint, account text, debit bigint, credit bigint);
"""
COLUMNS = "(declaration, person, wage, insured, employer, worker)"


def make_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)


def _rows(*columns: Column) -> str:
    return "".join(
        ["\t".join(map(str, row)) + "\n" for row in zip(*(one.tolist() for one in columns), strict=True)]
    )


def _priced(people: Column, wage: Column) -> tuple[Column, ...]:
    priced = due(wage, rates_for("enterprise", MONTH))
    return people, wage, priced.insured, priced.employer, priced.worker


def copy_alone(people: Column, wage: Column) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nextval('bench_declaration_id_seq')")
        declaration = people * 0 + cursor.fetchone()[0]
        with cursor.copy(f"COPY bench_copy {COLUMNS} FROM STDIN") as copy:
            copy.write(_rows(declaration, *_priced(people, wage)))


def by_hand(people: Column, wage: Column) -> None:
    """Two transactions, as in life: the declaration with its debt, and the payment with its credits."""
    columns = _priced(people, wage)
    owed = int(columns[3].sum() + columns[4].sum())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_declaration (month, owed) VALUES (%s, %s) RETURNING id", [MONTH.first, owed]
        )
        declaration: int = cursor.fetchone()[0]
        with cursor.copy(f"COPY bench_wage {COLUMNS} FROM STDIN") as copy:
            copy.write(_rows(people * 0 + declaration, *columns))
        _post(declaration, "1100", "4010", owed)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE bench_declaration SET settled = owed WHERE id = %s", [declaration])
        _post(declaration, "1010", "1100", owed)
        _credit(declaration, MONTH.first)


def _post(declaration: int, debit: str, credit: str, amount: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_entry (declaration, account, debit, credit) VALUES (%s, %s, %s, 0), (%s, %s, 0, %s)",
            [declaration, debit, amount, declaration, credit, amount],
        )


def _credit(declaration: int, month: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_credit SELECT person, %s, wage, insured, employer, worker, declaration FROM bench_wage"
            " WHERE declaration = %s ORDER BY person",
            [month, declaration],
        )
