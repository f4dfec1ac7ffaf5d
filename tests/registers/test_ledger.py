"""The database itself keeps the ledger's promises, whoever writes: balance, no change, one side, a key once."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from pakan.registers.ledger.actions import BANK, CREDIT, UNMATCHED, AlreadyPosted, Draft, Unbalanced, post
from pakan.registers.ledger.models import Account, Entry, Posting
from pakan.registers.ledger.queries import balance, balances
from pakan.units.money import KIP_LIMIT, Kip
from pakan.units.month import Month

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, tzinfo=UTC)


def draft(amount: int = 500, key: str = "one", **sides: dict[str, Kip]) -> Draft:
    told = {"debits": {BANK: Kip(amount)}, "credits": {UNMATCHED: Kip(amount)}} | sides
    return Draft("test", key, told["debits"], told["credits"], month=Month(2026, 10))


def run(*statements: str) -> None:
    """As somebody with the database's password would; constraints that wait for the commit are asked at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


POSTING = "INSERT INTO ledger_posting (id, key, kind, at) VALUES (900001, 'raw', 'raw', now())"
ENTRY = "INSERT INTO ledger_entry (posting_id, account_id, debit, credit) VALUES "


@pytest.fixture
def posted() -> Iterator[Posting]:
    made = post(draft(), AT)
    assert made is not None
    with connection.cursor() as cursor:  # as at a commit: nothing waits any more
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    yield made


def test_a_posting_is_kept_with_its_sides(posted: Posting) -> None:
    entries = Entry.objects.filter(posting=posted).values_list("account_id", "debit", "credit")
    assert sorted(entries) == [(BANK, 500, 0), (UNMATCHED, 0, 500)]
    assert (balance(BANK), balance(UNMATCHED), balance(BANK, 1)) == (500, -500, 0)
    assert next((account.code, amount) for account, amount in balances()) == (BANK, 500)
    assert Posting.objects.get().month == Month(2026, 10)


@pytest.mark.parametrize(
    "entries",
    [
        "(900001, '1010', 5, 0)",
        "(900001, '1010', 5, 0), (900001, '2100', 0, 4)",
        "(900001, '1010', 5, 0), (900001, '2100', 5, 0)",
        "(900001, '1010', 9, 0), (900001, '2100', 0, 4), (900001, '2200', 0, 4)",
    ],
)
def test_raw_sql_that_does_not_balance_is_refused_at_the_commit(entries: str) -> None:
    with pytest.raises(DatabaseError, match="does not balance"):
        run(POSTING, ENTRY + entries)
    assert (Posting.objects.count(), Entry.objects.count()) == (0, 0)


def test_a_posting_without_entries_is_refused() -> None:
    with pytest.raises(DatabaseError, match="does not balance"):
        run(POSTING)


def test_a_later_entry_cannot_unbalance_an_old_posting(posted: Posting) -> None:
    with pytest.raises(DatabaseError, match="does not balance"):
        run(f"{ENTRY} ({posted.id}, '1010', 1, 0)")


@pytest.mark.django_db(transaction=True)
def test_the_commit_itself_refuses_and_nothing_stays() -> None:
    with (
        pytest.raises(DatabaseError, match="does not balance"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(POSTING)
        cursor.execute(f"{ENTRY} (900001, '1010', 5, 0), (900001, '2100', 0, 4)")
    assert Posting.objects.count() == 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(POSTING)
        cursor.execute(f"{ENTRY} (900001, '1010', 5, 0)")
        cursor.execute(f"{ENTRY} (900001, '2100', 0, 5)")  # balanced in the end: allowed
    assert balance(BANK) == 5


@pytest.mark.parametrize("sides", ["5, 5", "0, 0", "-5, 0", "0, -5"])
def test_an_entry_has_one_side_above_zero(sides: str) -> None:
    with pytest.raises(IntegrityError, match="entry_one_side"):
        run(POSTING, f"{ENTRY} (900001, '1010', {sides})")


def test_an_account_that_is_not_in_the_chart_is_refused() -> None:
    with pytest.raises(IntegrityError):
        run(POSTING, f"{ENTRY} (900001, '9999', 5, 0), (900001, '2100', 0, 5)")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET debit = debit + 1, credit = credit",
        "UPDATE ledger_entry SET account_id = '2200'",
        "UPDATE ledger_posting SET key = 'other'",
        "UPDATE ledger_entry SET debit = 1 WHERE false",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_posting",
        "TRUNCATE ledger_entry",
        "TRUNCATE ledger_posting CASCADE",
        "MERGE INTO ledger_entry e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    ],
)
def test_what_is_written_stays(statement: str, posted: Posting) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        run(statement)
    assert (balance(BANK), Posting.objects.get().key) == (500, "one")


def test_the_same_event_is_not_posted_twice(posted: Posting) -> None:
    with pytest.raises(AlreadyPosted), transaction.atomic():
        post(draft(700), AT)
    with pytest.raises(IntegrityError):
        run("INSERT INTO ledger_posting (key, kind, at) VALUES ('one', 'raw', now())")
    assert balance(BANK) == 500


@pytest.mark.parametrize(
    "sides",
    [
        {"debits": {BANK: Kip(4)}, "credits": {UNMATCHED: Kip(5)}},
        {"debits": {BANK: Kip(-5)}, "credits": {UNMATCHED: Kip(-5)}},
        {"debits": {BANK: Kip(5), CREDIT: Kip(-5)}, "credits": {}},
        {"debits": {}, "credits": {UNMATCHED: Kip(5)}},
    ],
)
def test_our_own_fault_is_stopped_before_the_database_has_to(sides: dict[str, dict[str, Kip]]) -> None:
    with pytest.raises(Unbalanced):
        post(draft(**sides), AT)
    assert Posting.objects.count() == 0


def test_a_draft_that_moves_nothing_is_no_posting() -> None:
    assert post(draft(0), AT) is None
    assert post(draft(debits={}, credits={}), AT) is None
    assert Posting.objects.count() == 0


@given(
    st.dictionaries(st.sampled_from(["1010", "1100", "2100"]), st.integers(0, 10**12), max_size=3),
    st.dictionaries(st.sampled_from(["2200", "4010", "4020"]), st.integers(0, 10**12), max_size=3),
)
def test_whatever_is_posted_balances(debits: dict[str, int], credits: dict[str, int]) -> None:
    outside = transaction.savepoint()
    told = draft(
        debits={code: Kip(amount) for code, amount in debits.items()},
        credits={code: Kip(amount) for code, amount in credits.items()},
    )
    if sum(debits.values()) == sum(credits.values()):
        post(told, AT)
    else:
        with pytest.raises(Unbalanced):
            post(told, AT)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert sum(amount for _, amount in balances()) == 0
    transaction.savepoint_rollback(outside)


def test_the_chart_is_filled_by_the_migration_in_both_languages() -> None:
    chart = {account.code: account for account in Account.objects.all()}
    assert {"1010", "1100", "2100", "2200", "4010", "4020"} < set(chart)
    assert all(account.name_lo and account.name_en for account in chart.values())


def test_the_largest_amount_goes_through_and_one_more_is_refused_at_the_door() -> None:
    post(draft(KIP_LIMIT), AT)
    assert balance(BANK) == KIP_LIMIT
    with pytest.raises(ValueError, match="beyond the limit"):
        Entry(debit=Kip(KIP_LIMIT + 1), credit=Kip(0), account_id=BANK).save()
