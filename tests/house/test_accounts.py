"""What the law names, the ledger has."""

import pytest

from pakan.law.benefits import all_names, named
from pakan.registers.ledger.models import Account


@pytest.mark.django_db
def test_every_benefit_has_its_expense_account() -> None:
    wanted = {named(name).account for name in all_names()}
    assert wanted == set(Account.objects.filter(kind=Account.Kind.EXPENSE).values_list("code", flat=True))
