"""The register of decrees: what the database itself refuses, whoever writes."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.decrees import actions, queries
from pakan.registers.decrees.models import Decree, Rehearsal
from pakan.registers.decrees.states import MOVES, State, WrongMove, move
from pakan.registers.documents.actions import keep
from tests.operations.desk import unguarded
from tests.operations.lawyers import law_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None, system: Actor) -> list[int]:
    return [law_officer(system, name).account_id or 0 for name in ("one", "two", "three")]


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 11, 20, 10, tzinfo=VIENTIANE)


def entered(people: list[int], at: datetime, first_day: date = date(2027, 1, 1), **more: Any) -> Decree:
    scan = keep(
        kind="decree", name="x.pdf", media_type="application/pdf", content=b"%PDF-", employer=None,
        account_id=people[0], at=at,
    )  # fmt: skip
    facts: dict[str, Any] = {
        "group": "enterprise", "values": {"ceiling": 6_000_000}, "cite": "Decision 1", "article": "",
        "note": "", "confidence": "high", "supersedes": None,
    }  # fmt: skip
    return actions.enter(first_day=first_day, scan=scan, account_id=people[0], at=at, **(facts | more))


def rehearsed(
    people: list[int], at: datetime, first_day: date = date(2027, 1, 1), **more: Any
) -> tuple[Decree, Rehearsal]:
    decree = entered(people, at, first_day, **more)
    rehearsal = actions.ask_rehearsal(decree, queries.newest_approved()[0], people[0], at)
    actions.keep_rehearsal(rehearsal, {}, at)
    return decree, rehearsal


def approved(people: list[int], at: datetime, **more: Any) -> Decree:
    decree, rehearsal = rehearsed(people, at, **more)
    actions.sign(rehearsal, people[1], at)
    actions.approve(decree, at, at.date())
    return decree


def refused(statement: str, *parameters: object) -> str:
    with pytest.raises(IntegrityError) as fault, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(fault.value)


def test_the_table_of_moves_is_the_only_way() -> None:
    ways = {(now, then) for now in State for then in State if then in MOVES[now]}
    assert ways == {
        (State.ENTERED, State.REHEARSED),
        (State.ENTERED, State.WITHDRAWN),
        (State.REHEARSED, State.APPROVED),
        (State.REHEARSED, State.WITHDRAWN),
    }
    for now in State:
        for then in State:
            if (now, then) in ways:
                assert move(now, then) == then
            else:
                with pytest.raises(WrongMove):
                    move(now, then)


@pytest.mark.parametrize(
    "change",
    [
        "values = '{\"ceiling\": 1}'",
        "first_day = '2020-01-01'",
        "cite = 'another'",
        "state = 'withdrawn', withdrawn_at = now()",
        "state = 'rehearsed', number = NULL, approved_at = NULL, approved_on = NULL, seal = ''",
        "number = 7",
        "entered_by_id = entered_by_id",
    ],
)
def test_an_approved_decree_changes_no_more(people: list[int], at: datetime, change: str) -> None:
    decree = approved(people, at)
    assert "changes no more" in refused(f"UPDATE decrees_decree SET {change} WHERE id = %s", decree.id)


@pytest.mark.parametrize("table", ["decrees_decree", "decrees_signature", "decrees_rehearsal"])
def test_nothing_is_deleted(people: list[int], at: datetime, table: str) -> None:
    approved(people, at)
    assert "append-only" in refused(f"DELETE FROM {table}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # or the truncation would be refused for another reason
    assert "append-only" in refused(f"TRUNCATE {table} CASCADE")


def test_what_it_says_does_not_change_before_approval_either(people: list[int], at: datetime) -> None:
    decree, rehearsal = rehearsed(people, at)
    for change in ("values = '{}'", "first_day = '2028-01-01'", "cite = ''", f"entered_by_id = {people[1]}"):
        assert "withdraw it and enter another" in refused(
            f"UPDATE decrees_decree SET {change} WHERE id = %s", decree.id
        )
    assert "is done" in refused("UPDATE decrees_rehearsal SET result = '{}' WHERE id = %s", rehearsal.id)


APPROVE = "UPDATE decrees_decree SET state = 'approved', number = 1, seal = 'x', approved_at = %s, approved_on = %s WHERE id = %s"


def test_the_database_counts_the_people(people: list[int], at: datetime) -> None:
    decree, rehearsal = rehearsed(people, at)
    assert "needs 1 people besides" in refused(APPROVE, at, at.date(), decree.id)
    sign = "INSERT INTO decrees_signature (decree_id, rehearsal_id, account_id, at) VALUES (%s, %s, %s, %s)"
    assert "does not sign it" in refused(sign, decree.id, rehearsal.id, people[0], at)
    actions.sign(rehearsal, people[1], at)
    assert "decree_signed_once" in refused(sign, decree.id, rehearsal.id, people[1], at)
    assert "another day" in refused(APPROVE, at, at.date() - timedelta(days=1), decree.id)
    actions.approve(decree, at, at.date())
    assert (decree.number, decree.state) == (1, "approved")


def test_the_database_wants_a_third_for_a_day_that_has_passed(people: list[int], at: datetime) -> None:
    decree, rehearsal = rehearsed(people, at, at.date() - timedelta(days=1))
    actions.sign(rehearsal, people[1], at)
    assert "needs 2 people besides" in refused(APPROVE, at, at.date(), decree.id)
    actions.sign(rehearsal, people[2], at)
    actions.approve(decree, at, at.date())
    same_day, rehearsal = rehearsed(people, at, at.date())
    actions.sign(rehearsal, people[1], at)
    actions.approve(same_day, at, at.date())
    assert (decree.number, same_day.number) == (1, 2)


def test_an_old_rehearsals_signature_does_not_count(people: list[int], at: datetime) -> None:
    decree, rehearsal = rehearsed(people, at)
    actions.sign(rehearsal, people[1], at)
    approved(people, at, values={"worker": "6 %"})
    assert queries.signed_by(decree, 1) == set()
    with pytest.raises(IntegrityError, match="needs 1 people"), transaction.atomic():
        actions.approve(decree, at, at.date())


def test_a_decree_that_is_not_rehearsed_is_not_signed(people: list[int], at: datetime) -> None:
    decree = entered(people, at)
    rehearsal = actions.ask_rehearsal(decree, 0, people[0], at)
    sign = "INSERT INTO decrees_signature (decree_id, rehearsal_id, account_id, at) VALUES (%s, %s, %s, %s)"
    assert "only a rehearsed one" in refused(sign, decree.id, rehearsal.id, people[1], at)
    assert "does not become approved" in refused(APPROVE, at, at.date(), decree.id)
    with pytest.raises(IntegrityError, match="begins as entered"), transaction.atomic():
        entered_as = entered(people, at)
        entered_as.pk = None
        entered_as.state = "rehearsed"
        entered_as.save(force_insert=True)


def test_a_withdrawn_decree_stays_withdrawn(people: list[int], at: datetime) -> None:
    decree = entered(people, at)
    actions.withdraw(decree, people[1], at, "typing slip")
    assert "changes no more" in refused(
        "UPDATE decrees_decree SET state = 'entered' WHERE id = %s", decree.id
    )


def test_the_seals_find_a_change_made_behind_the_triggers(people: list[int], at: datetime) -> None:
    first, second, third = (approved(people, at, first_day=date(2027, month, 1)) for month in (1, 2, 3))
    assert [one.number for one in (first, second, third)] == [1, 2, 3]
    assert queries.first_broken_seal() is None
    with unguarded() as cursor:
        cursor.execute("UPDATE decrees_decree SET values = '{\"ceiling\": 9}' WHERE id = %s", [second.id])
    assert queries.first_broken_seal() == 2


def test_a_decree_steps_back_for_one_successor_only(people: list[int], at: datetime) -> None:
    first = approved(people, at)
    second = approved(people, at, supersedes=first)
    assert [one.id for one in queries.in_force("enterprise")] == [second.id]
    assert [one.id for one in queries.approved(1)] == [first.id]
    with pytest.raises(IntegrityError, match="decree_superseded_once"), transaction.atomic():
        approved(people, at, supersedes=first)
