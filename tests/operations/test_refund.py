"""Credit goes back to the account it came from, decided by finance, once (C107)."""

from datetime import datetime

import pytest

from pakan.operations import collect, refund
from pakan.operations.agree import Refused
from pakan.registers.access.actor import Actor
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.contributions.models import Obligation
from pakan.registers.ledger.queries import balance
from pakan.registers.payments.models import Payout
from pakan.registers.payments.queries import credit_of
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from tests.operations.claims import _vault, bank, behave, run_jobs
from tests.operations.debtors import chan, debt, vone
from tests.operations.desk import broken, pays

__all__ = ["_vault", "bank", "chan", "debt", "vone"]  # fixtures
pytestmark = pytest.mark.django_db
WHY = "We paid the month of July twice."
FINE = "The bank's statement shows both."
MORE = Kip(900_000)


@pytest.fixture
def credit(bank: object, debt: Obligation, kham: Actor, factory: Employer, now: datetime) -> Kip:
    """The month was paid with 900,000 kip too much."""
    notice = collect.ask(kham, factory, [debt.month])
    pays(now, notice, notice.amount + MORE)
    return credit_of(factory.id)


def test_a_refund_is_paid_once_to_the_account_it_came_from(
    credit: Kip, noy: Actor, chan: Actor, factory: Employer
) -> None:
    matter = refund.ask(noy, factory, credit, WHY)
    assert credit_of(factory.id) == 0, "set aside: no month can use it now"
    assert matter.facts["account"] == "010000001" and matter.facts["name_check"]
    assert broken() == {}
    refund.decide(chan, matter, True, FINE)
    run_jobs()
    run_jobs()
    [sent] = Payout.objects.all()
    matter.refresh_from_db()
    assert (sent.state, sent.amount, sent.account) == ("paid", MORE, "010000001")
    assert matter.state == "done" and balance("2210") == 0
    with pytest.raises(Refused, match="state"):
        refund.decide(chan, matter, True, FINE)
    assert broken() == {}


@pytest.mark.parametrize("way", ["refuse", "withdraw"])
def test_a_refund_that_is_not_paid_is_credit_again(
    way: str, credit: Kip, noy: Actor, chan: Actor, factory: Employer
) -> None:
    matter = refund.ask(noy, factory, credit, WHY)
    if way == "refuse":
        refund.decide(chan, matter, False, "The money belongs to October.")
    else:
        refund.withdraw(noy, matter)
    assert credit_of(factory.id) == credit and not Payout.objects.exists()
    assert broken() == {}


def test_what_the_bank_refuses_waits_for_a_person(
    bank: object, credit: Kip, noy: Actor, chan: Actor, factory: Employer
) -> None:
    matter = refund.ask(noy, factory, credit, WHY)
    behave(bank, "refuse")  # type: ignore[arg-type]
    refund.decide(chan, matter, True, FINE)
    run_jobs()
    matter.refresh_from_db()
    assert matter.state == "bounced" and balance("2210") == -credit
    assert broken() == {}


def test_abuse_A9_nobody_names_another_account_and_nobody_pays_alone(
    credit: Kip, noy: Actor, kham: Actor, chan: Actor, factory: Employer
) -> None:
    for actor in (kham, chan):
        with pytest.raises(NotAllowed):
            refund.ask(actor, factory, credit, WHY)
    for amount in (0, credit + 1):
        with pytest.raises(Refused, match="amount"):
            refund.ask(noy, factory, Kip(amount), WHY)
    matter = refund.ask(noy, factory, Kip(1000), WHY)
    with pytest.raises(Refused, match="live"):
        refund.ask(noy, factory, Kip(1000), WHY)
    with pytest.raises(NotAllowed):
        refund.decide(noy, matter, True, FINE)
