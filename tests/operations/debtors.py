"""What the tests of late debts share: a decree with a rate, a month long due, and officers."""

from datetime import datetime, time, timedelta

import pytest

from pakan.operations import enrol
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.roles import Role
from pakan.registers.contributions.models import Obligation
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from tests.operations.desk import declared, pay, payment
from tests.operations.lawyers import approved, entry, law_officer

DAILY = {"rate": "0,1 %", "per": "day", "grace_days": "0", "cap": "100"}
OLD = 3  # months back: long due


def officer(system: Actor, name: str, role: Role) -> Actor:
    account = enrol.account(system, name, "staff", name, staff_roles=[role.value])
    return Actor(name, system.at, "office", account.id, own=frozenset({role}))


@pytest.fixture
def rate(system: Actor, open_month: Month) -> None:
    """A decree that names 0.1 % a day, in force since before the months of these stories."""
    officers = [law_officer(system, name) for name in ("khamla", "bouala", "sivilay")]
    approved(officers, entry(DAILY, (open_month - 11).first, group="surcharges"))


@pytest.fixture
def debt(factory: Employer, kham: Actor, noy: Actor, open_month: Month) -> Obligation:
    declared(kham, noy, factory, open_month - OLD)
    return Obligation.objects.get(employer=factory, month=open_month - OLD)


@pytest.fixture
def chan(db: None, system: Actor) -> Actor:
    """A finance officer."""
    return officer(system, "chan.debt", Role.FINANCE)


@pytest.fixture
def vone(db: None, system: Actor) -> Actor:
    """Another finance officer."""
    return officer(system, "vone.debt", Role.FINANCE)


@pytest.fixture
def sing(db: None, system: Actor) -> Actor:
    """An inspector."""
    return officer(system, "sing.debt", Role.INSPECTOR)


def on(debt: Obligation, days: int) -> datetime:
    """Noon in Vientiane, so many days after the due date."""
    return datetime.combine(debt.due_on + timedelta(days=days), time(12), VIENTIANE)


def pays_late(debt: Obligation, now: datetime, amount: int, days: int, number: str = "FT1") -> Receipt:
    """The employer pays by its newest notice; the bank says on which day."""
    notice = Notice.objects.filter(employer=debt.employer).latest("id")
    return pay(now, payment(amount, notice.reference, number, paid_at=on(debt, days)))
