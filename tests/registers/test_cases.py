"""The register of cases: what was said stays, a case moves as its table says, whoever writes."""

from datetime import datetime
from typing import Any

import pytest
from django.db import Error, IntegrityError, connection, transaction

from pakan.registers.access.models import Account
from pakan.registers.cases import actions, queries
from pakan.registers.cases.models import Case, CaseStep
from pakan.registers.cases.states import MOVES, State, WrongMove, move
from pakan.units.month import Month
from tests.operations.desk import unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(member: Account, open_month: Month, now: datetime) -> dict[str, Any]:
    return {
        "person_id": member.person_id, "month": open_month, "employer_id": None, "kind": "other", "text": "x",
        "account_id": member.id, "at": now, "year": 2026,
    }  # fmt: skip


def refused(statement: str, *facts: object, why: str = "") -> None:
    with pytest.raises(Error, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, facts)


def test_numbers_run_without_a_gap_and_carry_a_check_digit(said: dict[str, Any]) -> None:
    cases = [actions.open_case(**(said | {"kind": kind})) for kind in Case.Kind.values[:2]]
    assert [case.number[:12] for case in cases] == ["C26-0000001-", "C26-0000002-"]
    assert all(len(case.number) == 13 for case in cases)


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("then", State)
def test_python_and_the_database_know_the_same_moves(
    before: State, then: State, said: dict[str, Any], finance: Account, now: datetime
) -> None:
    case = actions.open_case(**said)
    who = finance.id if before != State.OPEN else None
    with unguarded() as cursor:
        cursor.execute(
            "UPDATE cases_case SET state = %s, answered_by_id = %s, answered_at = %s WHERE id = %s",
            [before.value, who, now if who else None, case.id],
        )
    change = "UPDATE cases_case SET state = %s, answered_by_id = %s, answered_at = now() WHERE id = %s"
    if then in MOVES[before]:
        assert move(before.value, then) == then
        with connection.cursor() as cursor:
            cursor.execute(change, [then.value, finance.id, case.id])
    else:
        with pytest.raises(WrongMove):
            move(before.value, then)
        refused(change, then.value, finance.id, case.id, why="does not become")


@pytest.mark.parametrize(
    "change", ["text = 'y'", "kind = 'missing'", "person_id = person_id + 1", "month = '2020-01-01'", "number = 'C'"]
)  # fmt: skip
def test_what_was_said_stays(change: str, said: dict[str, Any], finance: Account) -> None:
    case = actions.open_case(**said)
    answered = "state = 'answered', answered_at = now(), answered_by_id = %s"
    refused(
        f"UPDATE cases_case SET {change}, {answered} WHERE id = %s",
        finance.id,
        case.id,
        why="was said in case",
    )
    refused("DELETE FROM cases_case WHERE id = %s", case.id)
    refused("TRUNCATE cases_case CASCADE")


def test_steps_are_only_added(said: dict[str, Any], finance: Account, now: datetime) -> None:
    case = actions.open_case(**said)
    actions.answer(actions.lock(case.number), "We look.", False, finance.id, now)
    actions.answer(actions.lock(case.number), "Mended.", True, finance.id, now)
    with pytest.raises(WrongMove):
        actions.answer(actions.lock(case.number), "Again.", True, finance.id, now)
    assert list(CaseStep.objects.order_by("id").values_list("state", "text")) == [
        ("open", "x"),
        ("answered", "We look."),
        ("closed", "Mended."),
    ]
    case.refresh_from_db()
    assert (case.state, case.answer, case.answered_by_id) == ("closed", "Mended.", finance.id)
    for statement in ("UPDATE cases_casestep SET text = ''", "DELETE FROM cases_casestep"):
        refused(statement)


def test_the_same_word_is_open_once(said: dict[str, Any], finance: Account, now: datetime) -> None:
    case = actions.open_case(**said)
    with pytest.raises(IntegrityError, match="case_once_while_open"), transaction.atomic():
        actions.open_case(**said)
    actions.answer(actions.lock(case.number), "Done.", True, finance.id, now)
    again = actions.open_case(**said)
    assert list(queries.waiting()) == [again]
    assert queries.of_person(said["person_id"], said["month"]) == [again, case]
