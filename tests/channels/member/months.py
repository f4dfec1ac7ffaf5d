"""A factory whose months are in every state, made by the real operations."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pakan.operations import collect
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from tests.operations.test_main_job import pay, payment, sign, wage_list


@pytest.fixture
def phone(member: Account, client_of: Callable[[Account], Client]) -> Client:
    """The member's phone, signed in, in English."""
    client = client_of(member)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def declared(
    factory: Employer, preparer: Account, approver: Account, as_actor: Callable[..., Actor], open_month: Month
) -> Callable[..., None]:
    """Declare a month of the factory (last month unless said)."""

    def act(month: Month = open_month, wage: str = "3.000.000") -> None:
        sign(
            as_actor(preparer),
            as_actor(approver),
            wage_list(as_actor(preparer), factory, month, wage, f"page-{month}"),
        )

    return act


@pytest.fixture
def paid(
    factory: Employer,
    approver: Account,
    as_actor: Callable[..., Actor],
    open_month: Month,
    now: datetime,
    declared: Any,
) -> Callable[..., None]:
    """Declare a month and pay it; its workers are credited."""

    def act(month: Month = open_month) -> None:
        declared(month)
        notice = collect.ask(as_actor(approver), factory, [month])
        pay(now, payment(notice, notice.amount, number=f"FT-{month}"))

    return act
