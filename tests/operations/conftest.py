"""Kham and Noy as actors without a browser: accounts without passwords, since hashing one takes longer than a month."""

from collections.abc import Callable

import pytest

from pakan.operations import enrol
from pakan.registers.access.actor import Actor
from pakan.registers.access.roles import Role
from pakan.registers.people.models import Employer
from tests.operations.desk import acting


@pytest.fixture
def kham(factory: Employer, system: Actor) -> Actor:
    """Prepares for the factory."""
    return acting(system, "kham.desk@example.la", factory, Role.EMPLOYER_PREPARER)


@pytest.fixture
def noy(factory: Employer, system: Actor) -> Actor:
    """Approves for the factory."""
    return acting(system, "noy.desk@example.la", factory, Role.EMPLOYER_APPROVER)


@pytest.fixture
def dara(db: None, system: Actor) -> Actor:
    """Finance officer."""
    account = enrol.account(system, "dara.desk", "staff", "ດາລາ", staff_roles=[Role.FINANCE.value])
    return Actor("dara.desk", system.at, "office", account.id, own=frozenset({Role.FINANCE}))


@pytest.fixture
def stranger_at(system: Actor) -> Callable[[Employer], Actor]:
    """Somebody who has every role, but at another employer."""

    def act(employer: Employer) -> Actor:
        roles = (Role.EMPLOYER_PREPARER, Role.EMPLOYER_APPROVER, Role.EMPLOYER_ADMINISTRATOR)
        return acting(system, f"at-{employer.code}@example.la", employer, *roles)

    return act
