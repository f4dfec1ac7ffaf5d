from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pakan.operations import enrol
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.people.models import Employer
from tests.cast import PASSWORD
from tests.channels.partners.bank_hall import Hall, served
from tests.channels.partners.payroll import Software, key_for


@pytest.fixture
def hall(tmp_path: Path, now: datetime, settings: Any) -> Iterator[Hall]:
    """The sandbox bank, open for questions."""
    hall = Hall(tmp_path / "bank.sqlite3", now)
    with served(hall.counter.answer) as address:
        settings.BANKS = {"sandbox": settings.BANKS["sandbox"] | {"url": address}}
        yield hall


@pytest.fixture
def administrator(factory: Employer, system: Actor) -> Account:
    return open_with_mandate(system, "vanh@example.la", factory)


@pytest.fixture
def software(administrator: Account, factory: Employer, as_actor: Callable[..., Actor]) -> Software:
    return key_for(as_actor(administrator), factory)[1]


def open_with_mandate(system: Actor, sign_in: str, employer: Employer) -> Account:
    account = enrol.account(system, sign_in, "employer", "ວັນ ພົມມາ", password=PASSWORD)
    enrol.mandate(system, employer, account, Role.EMPLOYER_ADMINISTRATOR)
    return account
