"""The audit trail is a chain: whatever is altered, taken out or put in, the row is named (A34)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction

from pakan.registers.access import audit
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import Note, first_broken_row, look, remember, write
from pakan.registers.access.models import AuditRow
from pakan.registers.access.queries import looks_at
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import NotAllowed, verb
from tests.operations.desk import at_once, unguarded

pytestmark = pytest.mark.django_db
ROWS = 20


@pytest.fixture
def actor() -> Actor:
    return Actor.system(datetime.now(UTC), "test")


@pytest.fixture
def trail(actor: Actor) -> int:
    """Twenty rows of acts and looks."""
    for at in range(ROWS):
        write(
            actor,
            "declare.approve",
            Note(object=f"ໃບແຈ້ງ {at}", employer_id=at, facts={"wage": at, "day": actor.today}),
        )
    assert first_broken_row() is None
    return ROWS


def test_rows_number_date_and_chain_themselves(trail: int, actor: Actor) -> None:
    rows = list(AuditRow.objects.order_by("number"))
    assert [row.number for row in rows] == list(range(1, ROWS + 1))
    assert rows[0].previous == "0" * 64
    assert all(after.previous == before.hash for before, after in pairwise(rows))
    assert len({row.hash for row in rows}) == len({row.digest for row in rows}) == ROWS
    assert all(abs(row.at - datetime.now(UTC)) < timedelta(minutes=10) for row in rows)


def test_numbers_hashes_and_times_that_a_writer_hands_over_are_not_taken(trail: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_auditrow (number, at, actor, office, door, act, object, purpose, request, digest, previous,"
            " hash) VALUES (7, '2001-01-01', 'x', '', 'd', 'a', 'o', '', '-', '', 'forged', 'forged')"
        )
    last = AuditRow.objects.latest("number")
    assert (last.number, last.at.year >= 2024, len(last.hash)) == (ROWS + 1, True, 64)
    assert first_broken_row() is None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE access_auditrow SET actor = 'x'", "DELETE FROM access_auditrow", "TRUNCATE access_auditrow"],
)
def test_the_trail_is_only_added_to(statement: str, trail: int) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditRow.objects.count() == ROWS


ALTERED = {
    "at": "at + interval '1 microsecond'",
    "actor": "actor || 'x'",
    "account_id": "coalesce(account_id, 0) + 1",
    "office": "'elsewhere'",
    "door": "'office'",
    "act": "'declare.wages'",
    "object": "object || '0'",
    "person_id": "5",
    "employer_id": "employer_id + 1",
    "purpose": "'curiosity'",
    "request": "'other'",
    "digest": "repeat('a', 64)",
    "previous": "repeat('b', 64)",
    "hash": "repeat('c', 64)",
}


def tampered(statement: str) -> int | None:
    """The row that is named after the intruder's statement, which is then taken back."""
    outside = transaction.savepoint()
    with unguarded() as intruder:
        intruder.execute(statement)
        assert intruder.rowcount == 1, statement
    named = first_broken_row()
    transaction.savepoint_rollback(outside)
    return named


def test_abuse_A34_audit_altered_in_any_row_and_column_is_found_and_the_row_named(trail: int) -> None:
    named = {
        (number, column): tampered(f"UPDATE access_auditrow SET {column} = {value} WHERE number = {number}")
        for number in (1, 2, 11, ROWS)
        for column, value in ALTERED.items()
    }
    assert {key: row for key, row in named.items() if row != key[0]} == {}
    assert first_broken_row() is None


def test_abuse_A34_audit_rows_taken_out_or_put_in_are_found_and_named(trail: int) -> None:
    for number in range(1, ROWS):
        assert tampered(f"DELETE FROM access_auditrow WHERE number = {number}") == number + 1
    copy = (
        "INSERT INTO access_auditrow SELECT {0}, at, actor, account_id, office, door, act, object, person_id, employer_id,"
        " purpose, request, digest, previous, hash FROM access_auditrow WHERE number = {1}"
    )
    assert tampered(copy.format(ROWS + 1, ROWS)) == ROWS + 1
    assert tampered(copy.format(0, 1)) == 0


def test_abuse_A34_a_row_whose_own_hash_was_made_right_again_breaks_the_next(trail: int) -> None:
    """Who knows how the hash is made can mend one row; then the one after it does not follow."""
    whole = audit.CHAIN_BROKEN
    should = (
        whole[whole.index("encode(sha256") : whole.index("AS should")].replace("\\\\x1f", "\\x1f").strip()
    )
    for number in (1, 7, ROWS - 1):
        outside = transaction.savepoint()
        with unguarded() as intruder:
            intruder.execute(f"UPDATE access_auditrow SET actor = 'me' WHERE number = {number}")
            intruder.execute(f"UPDATE access_auditrow SET hash = {should} WHERE number = {number}")
        assert first_broken_row() == number + 1
        transaction.savepoint_rollback(outside)


@pytest.mark.django_db(transaction=True)
def test_acts_at_once_make_one_chain(actor: Actor) -> None:
    def acts() -> None:
        for _ in range(5):
            with transaction.atomic():
                write(actor, "x", Note(object="y"))

    assert at_once(*(acts,) * 6) == [None] * 6
    assert (AuditRow.objects.count(), first_broken_row()) == (30, None)


def test_a_look_is_a_row_that_the_person_can_read(actor: Actor) -> None:
    look(actor, "record", 17, "case 5")
    look(actor, "record", 18, "case 6")
    [row] = looks_at(17)
    assert (row.act, row.purpose, row.actor) == ("look", "case 5", "test")


# The verb


@verb("enrol.employer")
def _act(actor: Actor, about: object, fail: bool = False) -> str:
    remember("thing", employer_id=9, purpose="why", before=1, after=2)
    if fail:
        raise LookupError("on purpose")
    return "done"


def test_a_verb_leaves_one_row_and_a_failed_or_forbidden_one_none(actor: Actor) -> None:
    assert _act(actor, None) == "done"
    row = AuditRow.objects.get()
    assert (row.act, row.object, row.employer_id, row.purpose, len(row.digest)) == (
        "enrol.employer",
        "thing",
        9,
        "why",
        64,
    )
    with pytest.raises(LookupError):
        _act(actor, None, fail=True)
    for role in Role:
        if role not in (Role.SYSTEM, Role.REGISTRAR):
            with pytest.raises(NotAllowed):
                _act(Actor("x", actor.at, "office", own=frozenset({role})), None)
    assert AuditRow.objects.count() == 1


def test_remembering_is_for_the_inside_of_a_verb() -> None:
    with pytest.raises(RuntimeError):
        remember("nothing")


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_came_too_late_is_waited_for_again(actor: Actor) -> None:
    import threading

    held, free = threading.Event(), threading.Event()
    patience = ["50ms", "20s"]

    @verb("enrol.employer")
    def holding(actor: Actor, about: None) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(77, 3)")
        held.set()
        assert free.wait(20)
        return "held"

    @verb("enrol.employer")
    def waiting(actor: Actor, about: None) -> str:
        assert held.wait(20)
        if len(patience) == 1:
            free.set()
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{patience.pop(0)}'")
            cursor.execute("SELECT pg_advisory_xact_lock(77, 3)")
        return "waited"

    assert at_once(lambda: holding(actor, None), lambda: waiting(actor, None)) == ["held", "waited"]
    assert AuditRow.objects.count() == 2 and first_broken_row() is None


@pytest.mark.django_db(transaction=True)
def test_a_deadlock_is_tried_again_and_leaves_one_row_each(actor: Actor) -> None:
    import threading

    met = threading.Barrier(2)
    firsts: set[int] = set()

    def lock(number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(77, %s)", [number])

    @verb("enrol.employer")
    def crossing(actor: Actor, about: None, one: int, other: int) -> int:
        remember(f"crossing {one}")
        lock(one)
        if one not in firsts:  # only the first time do both stand in each other's way
            firsts.add(one)
            met.wait(timeout=20)
        lock(other)
        return one

    results = at_once(lambda: crossing(actor, None, 1, 2), lambda: crossing(actor, None, 2, 1))
    assert results == [1, 2]
    assert sorted(AuditRow.objects.values_list("object", flat=True)) == ["crossing 1", "crossing 2"]
    assert first_broken_row() is None
