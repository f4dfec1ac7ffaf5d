"""Direct debit: two people give leave, each bill is announced, drawn once, and never beside a payment by hand (C108)."""

import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import Error, connection, transaction

from pakan.integrations.banks.bank import BankUnreachable
from pakan.law.calendar.holidays import is_working_day
from pakan.operations import collect, debit, declare, steps
from pakan.registers.access.actor import Actor
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.contributions.models import Obligation
from pakan.registers.debits.models import Debit, DebitMandate
from pakan.registers.ledger.queries import balance
from pakan.registers.messages.models import Message
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.payments.queries import credit_of
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.integrations.conftest import Process
from tests.operations.claims import _vault, bank, behave, run_jobs
from tests.operations.desk import acting, broken, declared, lines, pays, unguarded

__all__ = ["_vault", "bank"]  # fixtures
pytestmark = pytest.mark.django_db
ACCOUNT, NAME, LIMIT = "0101000000777", "CHAMPA GARMENT", 50_000_000


@pytest.fixture
def tea(factory: Employer, system: Actor) -> Actor:
    """The second approver."""
    return acting(system, "tea.desk@example.la", factory, Role.EMPLOYER_APPROVER)


@pytest.fixture
def leave(
    _vault: tuple[Process, Path], bank: Process, noy: Actor, tea: Actor, factory: Employer
) -> DebitMandate:
    """A mandate that draws."""
    with sqlite3.connect(_vault[1]) as base:  # no other test's debits: numbers begin anew
        for table in ("debits", "withdrawn", "payments"):
            base.execute(f"DELETE FROM {table}")
    made = given(noy, factory)
    debit.confirm(tea, made)
    run_jobs()
    made.refresh_from_db()
    assert made.draws
    return made


@pytest.fixture
def bill(kham: Actor, noy: Actor, factory: Employer, open_month: Month) -> Notice:
    """An approved month with its notice; the stories look at it from the days before it is due."""
    declared(kham, noy, factory, open_month)
    return collect.ask(noy, factory, [open_month])


def given(actor: Actor, employer: Employer, limit: int = LIMIT, account: str = ACCOUNT) -> DebitMandate:
    until = actor.today + timedelta(days=400)
    return debit.give(actor, employer, "sandbox", account, NAME, limit, until)


def announced(bill: Notice, days: int = 6) -> Debit:
    debit.announce_all(str(bill.due_on - timedelta(days=days)))
    return Debit.objects.get(bill=bill.number)


def draw(one: Debit) -> Debit:
    """As on its day."""
    debit.draw_all(str(one.draw_on))
    run_jobs()
    one.refresh_from_db()
    return one


def at_bank(bank: Process) -> int:
    return bank.get("/drawn").text.count("<details><summary>pain.008")


# The leave


def test_two_people_give_leave_and_the_bank_says_whose_the_account_is(
    bank: Process, noy: Actor, tea: Actor, factory: Employer
) -> None:
    made = given(noy, factory)
    with pytest.raises(debit.Refused, match="same_person"):
        debit.confirm(noy, made)
    with pytest.raises(debit.Refused, match="live"):
        given(tea, factory)
    assert not made.draws and run_jobs() == []
    made = debit.confirm(tea, made)
    assert not made.draws, "the bank was not asked yet"
    assert run_jobs() == ["debit.check"]
    made.refresh_from_db()
    assert made.draws and made.masked == "••••0777"
    with pytest.raises(debit.Refused, match="state"):
        debit.confirm(tea, made)
    debit.check(made.id)
    debit.revoke(tea, made)
    again = debit.revoke(tea, made)
    assert (again.end_why, again.draws) == ("revoked", False)
    assert broken() == {}


def test_one_person_alone_gives_leave_only_where_one_may_approve(
    bank: Process, noy: Actor, factory: Employer
) -> None:
    with pytest.raises(debit.Refused, match="second_person"):
        given(noy, factory)
    Employer.objects.filter(id=factory.id).update(one_person_may_approve=True)
    factory.refresh_from_db()
    assert given(noy, factory).confirmed_by_id == noy.account_id


@pytest.mark.parametrize(("owner", "why"), [("SOMEBODY ELSE", "name_no"), ("CHAMPA GARMENTS", "name_close")])
def test_another_owner_ends_the_leave_before_it_draws(
    owner: str, why: str, bank: Process, noy: Actor, tea: Actor, factory: Employer
) -> None:
    bank.post("/holder", {"account": ACCOUNT, "name": owner})
    made = given(noy, factory)
    debit.confirm(tea, made)
    run_jobs()
    made.refresh_from_db()
    assert (made.end_why, made.draws) == (why, False)
    assert Message.objects.filter(wording="debit_leave").exists()
    assert given(noy, factory).id != made.id, "the right one can be given at once"


def test_a_bank_that_does_not_answer_is_asked_again_about_the_name(
    bank: Process, noy: Actor, tea: Actor, factory: Employer
) -> None:
    made = given(noy, factory)
    debit.confirm(tea, made)
    behave(bank, "down")
    with pytest.raises(BankUnreachable):
        run_jobs()
    made.refresh_from_db()
    assert not made.draws and made.ended_at is None
    behave(bank, "pay")
    debit.check(made.id)
    made.refresh_from_db()
    assert made.draws


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"bank": "nobody"}, "bank"), ({"account": "12"}, "account"), ({"account": "12a4567"}, "account"),
        ({"name": "ດອກຈຳປາ"}, "name"), ({"name": " "}, "name"), ({"limit": 0}, "limit"), ({"until": 0}, "until"),
        ({"until": 2000}, "until"),
    ],
)  # fmt: skip
def test_a_leave_that_cannot_be_is_refused_in_its_own_word(
    change: dict[str, object], why: str, noy: Actor, tea: Actor, factory: Employer
) -> None:
    told = {"bank": "sandbox", "account": ACCOUNT, "name": NAME, "limit": LIMIT, "until": 30} | change
    told["until"] = noy.today + timedelta(days=int(str(told["until"])))
    with pytest.raises(debit.Refused, match=why):
        debit.give(noy, factory, **told)  # type: ignore[arg-type]
    assert not DebitMandate.objects.exists()


def test_abuse_A13_only_who_approves_here_gives_or_revokes(
    kham: Actor,
    noy: Actor,
    tea: Actor,
    dara: Actor,
    factory: Employer,
    other_factory: Employer,
    system: Actor,
) -> None:
    foreign = acting(system, "foreign.desk@example.la", other_factory, Role.EMPLOYER_APPROVER)
    made = given(noy, factory)
    for actor in (kham, foreign, dara):
        with pytest.raises(NotAllowed):
            given(actor, factory)
        with pytest.raises(NotAllowed):
            debit.confirm(actor, made)
        with pytest.raises(NotAllowed):
            debit.revoke(actor, made)


# Which day


def test_the_draw_day_is_a_bank_day_before_the_due_day_and_never_sooner_than_three_days() -> None:
    due = date(2026, 11, 20)
    for days in range(30):
        today = due - timedelta(days=days)
        day = debit.draw_day(due, today)
        if days < 3:
            assert day is None
        else:
            assert day is not None and day <= due and day - today >= timedelta(days=3)
            assert is_working_day(day, banks=True)
    assert debit.draw_day(due, date(2026, 11, 1)) == date(2026, 11, 19)
    assert debit.draw_day(due, date(2026, 11, 17)) == due


def test_a_debit_is_announced_once_with_amount_day_and_reference(leave: DebitMandate, bill: Notice) -> None:
    debit.announce_all(str(bill.due_on - timedelta(days=20)))
    assert not Debit.objects.exists(), "three weeks before, the bill may still change"
    one = announced(bill)
    debit.announce_all(str(bill.due_on - timedelta(days=5)))
    assert (one.amount, one.reference, one.state) == (bill.amount, bill.reference, "announced")
    assert one.draw_on < bill.due_on and Debit.objects.count() == 1
    told = Message.objects.filter(wording="debit_announced")
    assert {row.values["amount"] for row in told} == {f"{bill.amount:,}".replace(",", ".")}
    assert all(row.values["reference"].replace(" ", "") == bill.reference for row in told)
    assert broken() == {}


def test_a_bill_too_near_its_day_is_left_to_be_paid_by_hand(leave: DebitMandate, bill: Notice) -> None:
    for days in (2, 1, 0, -5):
        debit.announce_all(str(bill.due_on - timedelta(days=days)))
    assert not Debit.objects.exists()


def test_a_month_without_a_bill_gets_one_and_then_its_announcement(
    leave: DebitMandate, kham: Actor, noy: Actor, factory: Employer, open_month: Month
) -> None:
    declared(kham, noy, factory, open_month)
    due = Obligation.objects.get().due_on
    debit.announce_all(str(due - timedelta(days=6)))
    assert not Debit.objects.exists() and "collect.ask_again" in run_jobs()
    debit.announce_all(str(due - timedelta(days=6)))
    assert Debit.objects.get().bill == Notice.objects.get().number


def test_what_is_over_the_limit_is_not_drawn_and_said(
    bank: Process, noy: Actor, tea: Actor, factory: Employer, bill: Notice
) -> None:
    made = given(noy, factory, limit=int(bill.amount) - 1)
    debit.confirm(tea, made)
    run_jobs()
    one = announced(bill)
    assert (one.state, one.why) == ("dropped", "limit")
    assert draw(one).state == "dropped" and Message.objects.filter(wording="debit_not_drawn").exists()


# Drawing


def test_a_debit_is_drawn_once_and_posted_like_every_payment(
    leave: DebitMandate, bill: Notice, bank: Process, factory: Employer
) -> None:
    one = draw(announced(bill))
    assert (one.state, one.tries, at_bank(bank)) == ("drawn", 1, 1)
    receipt = Receipt.objects.get()
    assert (receipt.bank_reference, receipt.amount, receipt.state) == (
        one.bank_reference,
        bill.amount,
        "matched",
    )
    assert Obligation.objects.get().open == 0 and balance("1010") == bill.amount
    assert Notice.objects.get().state == "paid"
    for _ in range(3):
        debit.draw(one.id)
        debit.announce_all(str(bill.due_on - timedelta(days=4)))
    collect.confirm("sandbox", one.bank_reference)
    assert (at_bank(bank), Receipt.objects.count(), Debit.objects.count()) == (1, 1, 1)
    assert broken() == {}


def test_a_bank_that_draws_and_does_not_answer_is_asked_again_and_draws_once(
    leave: DebitMandate, bill: Notice, bank: Process
) -> None:
    one = announced(bill)
    behave(bank, "silent")
    with pytest.raises(BankUnreachable):
        draw(one)
    one.refresh_from_db()
    assert one.state == "unknown" and not Receipt.objects.exists()
    behave(bank, "pay")
    assert draw(one).state == "drawn" and at_bank(bank) == 1
    assert Receipt.objects.get().amount == bill.amount
    assert broken() == {}


def test_a_bank_that_never_got_the_debit_gets_the_same_one_again(
    leave: DebitMandate, bill: Notice, bank: Process
) -> None:
    one = announced(bill)
    debit._intend(Actor.system(one.announced_at), one.id)  # the worker died before it reached the bank
    assert draw(one).state == "drawn" and at_bank(bank) == 1
    assert broken() == {}


def test_a_bank_that_is_down_draws_nothing_until_it_answers(
    leave: DebitMandate, bill: Notice, bank: Process
) -> None:
    one = announced(bill)
    behave(bank, "down")
    with pytest.raises(BankUnreachable):
        draw(one)
    one.refresh_from_db()
    assert (one.state, one.tries, at_bank(bank)) == ("unknown", 1, 0)
    behave(bank, "pay")
    assert draw(one).state == "drawn" and at_bank(bank) == 1


def test_the_notice_of_the_bank_twice_and_late_adds_nothing(
    leave: DebitMandate, bill: Notice, bank: Process, now: object
) -> None:
    one = draw(announced(bill))
    teller = steps.bank("sandbox")
    [told] = teller.state_of(one.bank_reference).payments
    for _ in range(2):
        collect.book(Actor.system(one.announced_at, "bank sandbox"), "sandbox", teller.account, told)
    assert Receipt.objects.count() == 1 and broken() == {}


def test_what_the_bank_refuses_is_told_and_can_be_paid_by_hand(
    leave: DebitMandate, bill: Notice, bank: Process, factory: Employer, noy: Actor
) -> None:
    one = announced(bill)
    behave(bank, "refuse")
    assert (draw(one).state, one.why) == ("refused", "AM04")
    assert Message.objects.filter(wording="debit_not_drawn").exists() and not Receipt.objects.exists()
    behave(bank, "pay")
    debit.announce_all(str(bill.due_on - timedelta(days=4)))
    assert draw(one).state == "refused" and Debit.objects.count() == 1, (
        "the same bill is not tried again by itself"
    )
    pays(noy.at, bill)
    assert Obligation.objects.get().open == 0 and credit_of(factory.id) == 0
    assert broken() == {}


def test_what_waits_at_the_bank_is_drawn_or_returned_when_it_says_so(
    leave: DebitMandate, bill: Notice, bank: Process
) -> None:
    one = announced(bill)
    behave(bank, "delay")
    assert draw(one).state == "sent" and not Receipt.objects.exists()
    debit.revoke(replace_actor(leave), leave)
    bank.post("/settle-debit", {"number": one.number, "paid": "0"})
    assert (draw(one).state, one.why) == ("returned", "AM04")
    assert broken() == {}


def replace_actor(leave: DebitMandate) -> Actor:
    roles = {leave.employer_id: frozenset({Role.EMPLOYER_APPROVER})}
    return replace(Actor.system(leave.asked_at), account_id=leave.asked_by_id, employers=roles)


# Racing


@pytest.mark.parametrize("how", ["known", "only_at_the_bank"])
def test_a_bill_that_was_paid_by_hand_is_not_drawn(
    how: str, leave: DebitMandate, bill: Notice, bank: Process, noy: Actor, factory: Employer
) -> None:
    one = announced(bill)
    form = {"way": "exact", "amount": str(bill.amount), "reference": bill.reference, "bill": bill.number}
    assert bank.post("/pay", form).status_code == 303
    if how == "known":
        [paid] = steps.bank("sandbox").state_of(bill.reference).payments
        collect.confirm("sandbox", paid.bank_reference)
    assert (draw(one).state, one.why, at_bank(bank)) == ("dropped", "paid", 0)
    assert Receipt.objects.get().amount == bill.amount and credit_of(factory.id) == 0
    assert Obligation.objects.get().open == 0 and broken() == {}


def test_money_by_hand_while_the_bank_draws_is_kept_as_credit_and_the_month_collects_once(
    leave: DebitMandate, bill: Notice, bank: Process, noy: Actor, factory: Employer
) -> None:
    one = announced(bill)
    behave(bank, "delay")
    draw(one)
    pays(noy.at, bill)
    bank.post("/settle-debit", {"number": one.number, "paid": "1"})
    assert draw(one).state == "drawn"
    debt = Obligation.objects.get()
    assert (debt.open, debt.settled, credit_of(factory.id)) == (0, debt.owed, bill.amount)
    assert broken() == {}


def test_leave_that_is_revoked_between_announcement_and_drawing_draws_nothing(
    leave: DebitMandate, bill: Notice, bank: Process, noy: Actor, tea: Actor, factory: Employer
) -> None:
    one = announced(bill)
    debit.revoke(noy, leave)
    assert (draw(one).state, one.why, at_bank(bank)) == ("dropped", "revoked", 0)
    new = given(noy, factory)
    debit.confirm(tea, new)
    run_jobs()
    debit.announce_all(str(bill.due_on - timedelta(days=5)))
    assert Debit.objects.filter(mandate=new, bill=bill.number, state="announced").count() == 1
    assert broken() == {}


def test_a_payer_who_withdrew_at_the_bank_is_drawn_from_no_more(
    leave: DebitMandate, bill: Notice, bank: Process
) -> None:
    one = announced(bill)
    bank.post("/withdraw", {"mandate": leave.number})
    assert (draw(one).state, one.why) == ("refused", "MD01")
    leave.refresh_from_db()
    assert (leave.end_why, leave.draws) == ("bank", False)


def test_a_bill_that_was_replaced_is_not_drawn(
    leave: DebitMandate, bill: Notice, bank: Process, kham: Actor, noy: Actor, factory: Employer,
    workers: list[Person], open_month: Month,
) -> None:  # fmt: skip
    one = announced(bill)
    sheet = declare.start_typing(kham, factory, open_month, "more")
    sheet = declare.write_wages(kham, sheet, dict.fromkeys(lines(sheet), "3500000"))
    sheet = declare.hand_over(kham, declare.confirm_all(kham, sheet, "wage_jump"), sheet.revision + 1)
    declare.approve(noy, sheet, sheet.revision)
    assert (draw(one).state, one.why, at_bank(bank)) == ("dropped", "replaced", 0)
    assert broken() == {}


# The database


@pytest.mark.parametrize(
    "words",
    [
        "UPDATE debits_debit SET amount = amount + 1", "UPDATE debits_debit SET state = 'drawn'", "DELETE FROM debits_debit",
        "UPDATE debits_debitmandate SET \"limit\" = 1", "UPDATE debits_debitmandate SET account = '1'",
    ],
)  # fmt: skip
def test_the_database_keeps_what_was_given_and_announced(
    words: str, leave: DebitMandate, bill: Notice
) -> None:
    announced(bill)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(words)


@pytest.mark.parametrize(
    "words",
    [
        "UPDATE debits_debit SET bank_reference = 'nobody', settled_at = now() - interval '1 hour'",
        "UPDATE debits_debit SET amount = amount + 1",
        "UPDATE debits_debit SET state = 'refused'",
        "UPDATE debits_debit SET state = 'unknown', settled_at = NULL, bank_reference = '', asked_at = now() - interval '2 days'",
        "UPDATE debits_debit SET bill = '0000000000000'",
    ],
)
def test_prove_finds_a_debit_that_differs_from_its_receipt(
    words: str, leave: DebitMandate, bill: Notice
) -> None:
    draw(announced(bill))
    assert broken() == {}
    with unguarded() as intruder:
        intruder.execute(words)
    assert list(broken()) == ["I16"]
