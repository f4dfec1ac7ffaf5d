"""The account: sums of all years, rows of the chosen one, and the same number of queries for one year and for ten (C119)."""

from typing import Any

import pytest

from pakan.operations import account, collect
from pakan.registers.access.actor import Actor
from pakan.registers.contributions.models import Obligation
from pakan.registers.people.models import Employer
from tests.operations.debtors import debt, pays_late, rate

__all__ = ["debt", "rate"]  # fixtures
pytestmark = pytest.mark.django_db


def test_the_sums_are_those_of_the_rows(
    rate: None, debt: Obligation, kham: Actor, factory: Employer, django_assert_max_num_queries: Any
) -> None:
    collect.ask(kham, factory, [debt.month])
    pays_late(debt, kham.at, 1_000_000, 10)
    with django_assert_max_num_queries(13):
        found = account.account(factory, kham.today)
    [row] = found.rows
    assert (row.settled, row.charges.amount) == (1_000_000, 10_000)
    assert found.total == row.open + row.running + row.charges.open
    assert sum(amount for _, amount in found.ages) == row.open and row.state == "overdue"
    assert account.account(factory, kham.today, debt.month.year).rows == found.rows
    assert account.account(factory, kham.today, 1999).year is None
    assert account.pdf(found).startswith(b"%PDF")
