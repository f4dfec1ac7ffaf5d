"""The statement of ten years asks as few questions as that of one; how fast it was is nobody's failure."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from pakan.channels.console.bench import decade
from pakan.registers.access.models import Account
from pakan.registers.contributions.models import Obligation
from pakan.units.month import Month
from tests.operations.desk import broken

pytestmark = pytest.mark.django_db


def test_the_statement_of_ten_years(
    preparer: Account, client_of: Callable[[Account], Client], open_month: Month, now: datetime
) -> None:
    employer = decade.load(preparer, open_month, decade.MONTHS, now)
    debts = Obligation.objects.filter(employer=employer)
    assert debts.count() == decade.MONTHS
    assert debts.filter(settled=0).count() == decade.MONTHS // decade.OPEN_EVERY
    took = decade.measured(client_of(preparer), employer, decade.MONTHS, times=5)
    print(took)
    assert 0 < took.queries <= 30 and 0 < took.middle <= took.longest
    assert broken() == {}
