"""Records, declarations and allocations are only added to; the latest version of a month is the one that counts."""

from datetime import datetime

import numpy as np
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from pakan.operations import collect, declare
from pakan.registers.access.actor import Actor
from pakan.registers.contributions import queries as contributions
from pakan.registers.contributions.models import Obligation
from pakan.registers.people.models import Employer, Person
from pakan.registers.records.actions import credit
from pakan.registers.records.models import Credit
from pakan.registers.records.queries import months_counted, statement
from pakan.units.month import Month
from tests.operations.desk import pays

pytestmark = pytest.mark.django_db
NAMES = ("wage", "insured", "employer_share", "worker_share")


def wages(people: list[int], wage: int) -> dict[str, np.ndarray]:
    rows = {"person": np.array(people, dtype=np.int64)}
    return rows | {name: np.full(len(people), wage, dtype=np.int64) for name in NAMES}


@pytest.fixture
def paid(system: Actor, factory: Employer, workers: list[Person], open_month: Month, now: datetime) -> None:
    people = np.array([worker.id for worker in workers], dtype=np.int64)
    declare.declare_wages(system, factory, open_month, people, np.full(12, 3_000_000, dtype=np.int64))
    pays(now, collect.ask(system, factory, [open_month]))


@pytest.mark.parametrize(
    "table",
    ["records_credit", "payments_allocation", "contributions_declaredwage", "contributions_declaration"],
)
@pytest.mark.parametrize("act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_what_is_declared_paid_or_credited_stays(table: str, act: str, paid: None) -> None:
    column = {"payments_allocation": "amount", "contributions_declaration": "workers"}.get(table, "wage")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act.format(table, column))


def test_a_month_counts_once_for_a_version_and_the_latest_is_shown(
    factory: Employer, other_factory: Employer, workers: list[Person], open_month: Month, now: datetime
) -> None:
    one, two = sorted(worker.id for worker in workers[:2])
    assert credit(factory.id, open_month, 1, wages([one, two], 100), now) == 2
    assert credit(factory.id, open_month, 2, wages([one], 150), now) == 1
    assert credit(other_factory.id, open_month, 1, wages([one], 70), now) == 1
    assert credit(factory.id, open_month, 3, wages([], 0), now) == 0
    assert sorted((posted.version, posted.wage) for posted in statement(one)) == [(1, 70), (2, 150)]
    assert [(posted.version, posted.wage) for posted in statement(two, open_month)] == [(1, 100)]
    assert (months_counted(one), months_counted(two), statement(two, open_month - 1)) == (1, 1, [])
    with pytest.raises(IntegrityError), transaction.atomic():
        credit(factory.id, open_month, 2, wages([one], 999), now)
    assert credit(factory.id, open_month, 4, wages([two], 0), now) == 1
    assert statement(two) == [] and months_counted(two) == 0
    assert Credit.objects.count() == 5


def test_declared_paid_and_credited_are_three_things(
    system: Actor, factory: Employer, workers: list[Person], open_month: Month, now: datetime
) -> None:
    people = np.array([worker.id for worker in workers], dtype=np.int64)
    declare.declare_wages(system, factory, open_month, people, np.full(12, 3_000_000, dtype=np.int64))
    [before] = contributions.declared_for(workers[0].id)
    assert (before.paid_on, before.credited, statement(workers[0].id)) == (None, False, [])
    pays(now, collect.ask(system, factory, [open_month]), 4_139_999)
    assert not contributions.declared_for(workers[0].id)[0].credited
    pays(now, collect.ask(system, factory, [open_month]), number="FT2")
    [after] = contributions.declared_for(workers[0].id, open_month)
    assert after.credited and after.paid_on is not None and after.due_on == Obligation.objects.get().due_on
    assert len(statement(workers[0].id)) == 1


@pytest.mark.parametrize("settled", [-1, 4_140_001])
def test_a_debt_is_never_settled_below_zero_or_beyond_what_is_owed(settled: int, paid: None) -> None:
    with pytest.raises(IntegrityError, match="obligation_not_oversettled"), transaction.atomic():
        Obligation.objects.update(settled=settled)


def test_money_is_not_set_beyond_what_is_open(paid: None, now: datetime) -> None:
    from pakan.registers.contributions.actions import settle
    from pakan.units.money import Kip

    debt = Obligation.objects.get()
    for amount in (1, 0, -1):
        with pytest.raises(ValueError, match="cannot be set"):
            settle(debt, Kip(amount), now, "x")
