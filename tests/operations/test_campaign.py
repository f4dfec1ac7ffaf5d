"""Campaigns: two officers, their dates, and what they give up when the month is paid (C125)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from pakan.operations import campaign, collect
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.compliance.models import Campaign, Charge
from pakan.registers.contributions.models import Obligation
from pakan.registers.payments.queries import credit_of
from pakan.registers.people.models import Employer
from tests.operations.debtors import chan, debt, pays_late, rate, vone
from tests.operations.desk import broken

__all__ = ["chan", "debt", "rate", "vone"]  # fixtures
pytestmark = pytest.mark.django_db


def entered(actor: Actor, debt: Obligation, percent: int = 60, days: tuple[int, int] = (5, 400)) -> Campaign:
    starts, ends = (debt.due_on + timedelta(days=one) for one in days)
    return campaign.enter(
        actor, "ໂຄງການຜ່ອນຜັນ", "Relief 2026", "Decision of the fund 12/2026", starts, ends, debt.month, percent
    )


def paid(debt: Obligation, noy: Actor, amount: int, days: int, number: str = "FT1") -> Charge:
    collect.ask(noy, debt.employer, [debt.month])
    pays_late(debt, noy.at, amount, days, number)
    return Charge.objects.latest("id")


def test_whoever_pays_in_its_days_pays_a_part_of_the_charge(
    rate: None, debt: Obligation, chan: Actor, vone: Actor, noy: Actor, factory: Employer
) -> None:
    campaign.approve(vone, entered(chan, debt))
    full = debt.owed // 100
    charge = paid(debt, noy, debt.owed + full, 10)
    assert (charge.amount, charge.waived, charge.open) == (full, full * 60 // 100, 0)
    assert credit_of(factory.id) == full * 60 // 100, "who paid the whole notice keeps the rest"
    assert broken() == {}


@pytest.mark.parametrize("days", [4, 30])
def test_outside_its_days_nothing_is_given_up(
    rate: None, debt: Obligation, chan: Actor, vone: Actor, noy: Actor, days: int
) -> None:
    made = entered(chan, debt)
    campaign.approve(vone, made)
    Campaign.objects.filter(id=made.id).update(ends=debt.due_on + timedelta(days=29))
    assert paid(debt, noy, debt.owed, days).waived == 0
    assert broken() == {}


def test_a_part_payment_waits_for_the_whole_month(
    rate: None, debt: Obligation, chan: Actor, vone: Actor, noy: Actor
) -> None:
    campaign.approve(vone, entered(chan, debt, 100))
    assert paid(debt, noy, debt.owed // 2, 10).waived == 0
    paid(debt, noy, debt.owed - debt.owed // 2, 20, "FT2")
    assert all(one.waived == one.amount for one in Charge.objects.all())
    assert broken() == {}


def test_one_officer_alone_gives_nothing_up(
    rate: None, debt: Obligation, chan: Actor, vone: Actor, noy: Actor
) -> None:
    made = entered(chan, debt)
    with pytest.raises(campaign.Refused, match="same_person"):
        campaign.approve(chan, made)
    with pytest.raises(NotAllowed):
        campaign.approve(noy, made)
    assert paid(debt, noy, debt.owed, 10).waived == 0
    campaign.approve(vone, made)
    with pytest.raises(campaign.Refused, match="state"):
        campaign.approve(vone, made)


def test_a_campaign_that_cannot_be(debt: Obligation, chan: Actor) -> None:
    wrong = [
        (0, (5, 400), "percent"),
        (101, (5, 400), "percent"),
        (50, (9, 8), "days"),
        (50, (-90, 400), "last_month"),
    ]
    for percent, days, code in wrong:
        with pytest.raises(campaign.Refused, match=code):
            entered(chan, debt, percent, days)


def test_the_pages_of_the_office_and_of_the_employer(
    rate: None,
    debt: Obligation,
    chan: Actor,
    finance: Account,
    approver: Account,
    client_of: Callable[[Account], Client],
) -> None:
    made = entered(chan, debt)
    office = client_of(finance)
    assert office.post("/office/campaigns/", {"name_lo": ""}).status_code == 422
    assert "ໂຄງການຜ່ອນຜັນ" in office.get("/office/campaigns/").content.decode()
    employer = client_of(approver)
    address = f"/employer/{debt.employer.code}/debts/"
    assert "ໂຄງການຜ່ອນຜັນ" not in employer.get(address).content.decode(), "not approved yet"
    assert office.post("/office/campaigns/", {"approve": made.id}).status_code == 302
    assert "ໂຄງການຜ່ອນຜັນ" in employer.get(address).content.decode()
    assert office.post("/office/campaigns/", {"approve": "x"}).status_code == 404
