"""Money out: sent once whatever the bank does, only to the account that was decided on, and never while it is held."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import Error, connection, transaction

from pakan.integrations.banks.bank import BankUnreachable
from pakan.operations import award, payee, payout
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.benefits import queries
from pakan.registers.benefits.models import Claim, Instalment, PayeeAccount
from pakan.registers.benefits.states import State
from pakan.registers.ledger.queries import balance
from pakan.registers.messages.models import Message
from pakan.registers.payments.models import Payout
from pakan.registers.people.models import Person
from tests.integrations.conftest import Process
from tests.operations.claims import (
    FATHER,
    _vault,
    accepted,
    bank,
    behave,
    chanthy,
    crew,
    father,
    firm,
    has_account,
    lodged,
    run_jobs,
    vilay,
)
from tests.operations.desk import broken

__all__ = ["_vault", "bank", "chanthy", "crew", "father", "firm", "vilay"]
pytestmark = pytest.mark.django_db
As = Callable[..., Actor]
OWN = "0101000000421"


@pytest.fixture
def made(father: Actor, chanthy: Actor, bank: Process) -> Claim:
    """A claim that waits only for its papers to be accepted; then the machine pays 2,400,000 kip."""
    has_account(father, OWN, "SOMSAK V")
    return lodged(father, FATHER, ("birth", "marriage"))


def sent(bank: Process) -> int:
    return bank.get("/out").text.count("<details><summary>pain.001")


def only() -> Payout:
    return Payout.objects.get()


def test_paid_once_with_postings_a_step_and_a_message(made: Claim, chanthy: Actor, bank: Process) -> None:
    accepted(chanthy, made)
    run_jobs()
    assert (only().state, only().amount, only().tries, only().account) == ("paid", 2_400_000, 1, OWN)
    for _ in range(3):
        payout.send(only().id)
    assert sent(bank) == 1 and balance("1010") == balance("1010")
    assert Message.objects.filter(wording="benefit_paid").count() == 1
    assert made.steps.filter(name="instalment_paid").count() == 1
    assert balance("2310") == 0
    assert broken() == {}


def test_a_bank_that_pays_and_does_not_answer_is_asked_again_and_pays_once(
    made: Claim, chanthy: Actor, bank: Process
) -> None:
    accepted(chanthy, made)
    behave(bank, "silent")
    with pytest.raises(BankUnreachable):
        run_jobs()
    assert only().state == "unknown" and balance("2310") == -2_400_000
    behave(bank, "pay")
    payout.send(only().id)
    assert only().state == "paid" and sent(bank) == 1
    assert broken() == {}


def test_a_bank_that_never_got_the_order_gets_the_same_one_again(
    made: Claim, chanthy: Actor, bank: Process
) -> None:
    accepted(chanthy, made)
    behave(bank, "down")
    with pytest.raises(BankUnreachable):
        run_jobs()
    number = only().number
    assert only().state == "unknown" and sent(bank) == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_payout SET asked_at = now() - interval '1 hour'")
    assert broken() == {"I11b": [f"payout {number}"]}
    behave(bank, "pay")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE payments_payout SET ordered_at = now() - interval '1 hour'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert payout.sweep(made.started_at + timedelta(minutes=1)) == 1
    run_jobs()
    assert (only().number, only().state) == (number, "paid") and sent(bank) == 1
    assert broken() == {}


def test_what_the_bank_lets_wait_is_not_paid_until_it_says_so(
    made: Claim, chanthy: Actor, bank: Process
) -> None:
    accepted(chanthy, made)
    behave(bank, "delay")
    run_jobs()
    assert only().state == "sent" and Instalment.objects.get().state == "ordered"
    payout.send(only().id)
    assert only().state == "sent"
    bank.post("/settle", {"number": only().number, "paid": "1"})
    payout.send(only().id)
    assert only().state == "paid"
    assert broken() == {}


def test_a_refused_transfer_is_owed_still_and_paid_again_by_another_order(
    made: Claim, chanthy: Actor, bank: Process
) -> None:
    accepted(chanthy, made)
    behave(bank, "refuse")
    run_jobs()
    row = Instalment.objects.get()
    assert (only().state, only().why, row.state, row.why) == ("refused", "AC04", "refused", "AC04")
    assert balance("2310") == -2_400_000 and Message.objects.filter(wording="benefit_not_paid").count() == 1
    assert broken() == {}
    behave(bank, "pay")
    award.pay_again(chanthy, row.id)
    run_jobs()
    assert [one.state for one in Payout.objects.order_by("id")] == ["refused", "paid"]
    with pytest.raises(award.Refused, match="state"):
        award.pay_again(chanthy, row.id)
    made.refresh_from_db()
    assert made.state == State.PAID and broken() == {}


def test_money_that_comes_back_is_owed_again(made: Claim, chanthy: Actor, bank: Process) -> None:
    accepted(chanthy, made)
    run_jobs()
    bank.post("/settle", {"number": only().number, "paid": "0"})
    actor = Actor.system(made.started_at, "bank sandbox")
    payout._settle(actor, only().id, payout.steps.bank("sandbox").transfer_state(only().number))
    made.refresh_from_db()
    assert (only().state, made.state, balance("2310")) == ("refused", State.APPROVED, -2_400_000)
    assert broken() == {}


# Held


def test_abuse_A09_an_account_changed_after_the_decision_is_not_paid(
    made: Claim, chanthy: Actor, vilay: Actor, father: Actor, bank: Process, as_actor: As, now: datetime
) -> None:
    accepted(chanthy, made)
    award.look(made.id)  # decided: the order to pay waits as a job
    assert only().state == "ordered"
    payee.add(father, "sandbox", "0101000000999", "THIEF T")
    run_jobs()
    assert (only().state, only().why, sent(bank)) == ("held", "payee_changed", 0)
    assert Instalment.objects.get().state == "held" and broken() == {}
    # Not by waiting either, and not by one who did it: only by a person, after the cooling time.
    payout.retry_held()
    assert only().state == "held"
    with pytest.raises(award.Refused, match="payee"):
        award.confirm_payee(chanthy, made.number)
    later = as_actor(Account.objects.get(id=vilay.account_id), now + timedelta(hours=73))
    assert award.confirm_payee(later, made.number) == 1
    assert [(one.state, one.account) for one in Payout.objects.order_by("id")] == [
        ("refused", OWN),
        ("ordered", "0101000000999"),
    ]
    with pytest.raises(award.Refused, match="nothing"):
        award.confirm_payee(later, made.number)
    assert broken() == {}


def test_abuse_A09_another_digest_is_never_released(made: Claim, chanthy: Actor, bank: Process) -> None:
    accepted(chanthy, made)
    award.look(made.id)
    with (
        pytest.raises(Error, match="stays as it was ordered"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE payments_payout SET account = '0101000000666'")
    with (
        pytest.raises(Error, match="stays: another one"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE benefits_payeeaccount SET number = '0101000000666'")
    with connection.cursor() as cursor:  # the intruder who has the database's password
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE benefits_payeeaccount SET number = '0101000000666'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    run_jobs()
    assert (only().state, only().why, sent(bank)) == ("held", "payee_changed", 0)


def test_a_member_freezes_and_thaws_the_own_payments(
    made: Claim, chanthy: Actor, father: Actor, bank: Process
) -> None:
    accepted(chanthy, made)
    award.look(made.id)
    held = payee.freeze(father)
    assert payee.freeze(father) == held
    run_jobs()
    assert (only().state, only().why, sent(bank)) == ("held", "frozen", 0)
    payout.retry_held()
    assert only().state == "held"
    payee.thaw(father)
    run_jobs()
    assert only().state == "paid" and sent(bank) == 1
    assert payee.thaw(father) is None
    assert {"payments_frozen", "payments_thawed"} <= set(Message.objects.values_list("wording", flat=True))
    assert broken() == {}


# The account


def test_a_change_cools_for_three_days_and_the_old_phone_hears_of_it(
    father: Actor, crew: list[Person], bank: Process
) -> None:
    has_account(father, OWN, "SOMSAK V")
    first = queries.payee_of(crew[1].id)
    assert first is not None and first.checked and first.usable_from == father.at
    assert payee.add(father, "sandbox", "0101 0000 00421", " somsak  v ") == first
    Account.objects.filter(person=crew[1]).update(phone="+8562077777777")
    second = payee.add(father, "sandbox", "0101000000888", "SOMSAK V")
    assert second.usable_from == father.at + timedelta(hours=72)
    first.refresh_from_db()
    assert first.ended_at == father.at
    phones = set(Message.objects.filter(wording="payee_changed").values_list("phone", flat=True))
    assert phones == {crew[1].phone, "+8562077777777"}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (("nowhere", OWN, "A B"), "bank"),
        (("sandbox", "12345", "A B"), "number"),
        (("sandbox", "1" * 21, "A B"), "number"),
        (("sandbox", "12ab567", "A B"), "number"),
        (("sandbox", OWN, "ສົມສັກ"), "name"),
        (("sandbox", OWN, " "), "name"),
    ],
)
def test_an_account_that_cannot_be_is_refused(facts: tuple[str, str, str], code: str, father: Actor) -> None:
    with pytest.raises(payee.Refused, match=code):
        payee.add(father, *facts)
    assert not PayeeAccount.objects.exists()


def test_the_bank_says_whose_account_it_is_and_a_person_looks_at_nearly(
    father: Actor, chanthy: Actor, crew: list[Person], bank: Process
) -> None:
    bank.post("/holder", {"account": OWN, "name": "SOMSAK VONGSA"})
    for name, said in (("SOMSAK VONGSAA", "close"), ("KEO MANY", "no"), ("SOMSAK VONGSA", "match")):
        payee.add(father, "sandbox", OWN, name)
        run_jobs()
        found = queries.payee_of(crew[1].id)
        assert found is not None and found.check_result == said
        if said == "close":
            accepted_one = payee.accept_name(chanthy, found.id, True, "One letter twice; same ID card.")
            assert accepted_one.checked
            with pytest.raises(payee.Refused, match="state"):
                payee.accept_name(chanthy, found.id, False, "No.")
    payee.add(father, "sandbox", "0101000000000", "SOMSAK VONGSA")
    run_jobs()
    found = queries.payee_of(crew[1].id)
    assert found is not None and found.check_result == "unknown" and not found.checked
    assert Message.objects.filter(wording="payee_name_wrong").exists()


def test_nobody_changes_somebody_elses_account(father: Actor, crew: list[Person]) -> None:
    with pytest.raises(payee.Refused, match="unknown"):
        payee.add(father, "sandbox", OWN, "THIEF T", person=crew[0])
