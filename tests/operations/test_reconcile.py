"""Money that nobody could match, the bank's statement, and `prove`: every invariant finds the fault planted for it."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pakan.integrations.banks.bank import BankUnreachable
from pakan.integrations.banks.sandbox.client import Client
from pakan.operations import collect, declare, reconcile
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import AuditRow
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.contributions.models import Obligation
from pakan.registers.ledger.queries import balance, balances
from pakan.registers.payments import queries as payments
from pakan.registers.payments.models import Allocation, Notice, Receipt, Statement, StatementLine
from pakan.registers.people.models import Employer, Person
from pakan.registers.records.models import Credit
from pakan.units.month import Month
from tests.cast import enrol_factory
from tests.channels.partners.bank_hall import Hall, declares, served
from tests.operations.desk import (
    Fault,
    Plant,
    at_once,
    broken,
    declared,
    failing_after,
    ledger,
    missed_faults,
    pay,
    payment,
    pays,
    rows_of,
    sheet_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(kham: Actor, noy: Actor, factory: Employer, open_month: Month) -> Notice:
    declared(kham, noy, factory, open_month)
    return collect.ask(noy, factory, [open_month])


@pytest.fixture
def hall(tmp_path: Path, now: datetime, settings: Any) -> Iterator[Hall]:
    """The sandbox bank, open for questions."""
    hall = Hall(tmp_path / "bank.sqlite3", now)
    with served(hall.counter.answer) as address:
        settings.BANKS = {"sandbox": settings.BANKS["sandbox"] | {"url": address}}
        yield hall


# Unmatched money


def test_suggestions_rank_the_reference_before_the_amount_and_the_name(
    kham: Actor, notice: Notice, factory: Employer, other_factory: Employer, open_month: Month, system: Actor,
    now: datetime,
) -> None:  # fmt: skip
    third = enrol_factory(system, "0888803", "ໂຮງງານນ້ຳດື່ມ", open_month - 12, 12, name_en="Champa Garment")
    for employer in (other_factory, third):
        declares(system, employer, open_month, 3_000_000)
        collect.ask(system, employer, [open_month])
    digits = notice.reference
    slip = digits[:-2] + digits[-1] + digits[-2]  # two neighbours swapped
    best = reconcile.suggest(pay(now, payment(notice.amount, slip)))
    assert [one.employer for one in best[:2]] == [factory, third]
    assert set(best[0].reasons) >= {"reference_close", "amount_equal"} and best[0].notice == notice
    assert set(best[1].reasons) == {"amount_equal", "payer_name"}
    assert 1 > best[0].score > best[1].score > 0
    assert best[0].months == (open_month,)
    assert other_factory not in [one.employer for one in best]
    # By the amount alone: two may be meant, the named one first; nothing at all for a foreign amount.
    both = reconcile.suggest(pay(now, payment(notice.amount, "", "FT2")))
    assert [one.employer for one in both] == [third, factory]
    assert reconcile.suggest(pay(now, payment(17, "SALARY", "FT3", payer_name=""))) == []


def test_the_amount_of_all_open_months_together_is_a_reason(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month, now: datetime
) -> None:
    for back in range(3):
        declared(kham, noy, factory, open_month - back)
    [only] = reconcile.suggest(pay(now, payment(3 * 4_140_000)))
    assert (only.employer, only.reasons) == (factory, ("amount_of_open_debt",))
    assert only.months == (open_month - 2, open_month - 1, open_month)


@pytest.mark.parametrize("written", ["", "RF", "ເງິນເດືອນ 10/2026", "🙂" * 70, "RF" + "9" * 138, "' OR 1=1 --"])
def test_whatever_a_payer_wrote_is_looked_at_without_harm(
    written: str, notice: Notice, now: datetime
) -> None:
    receipt = pay(now, payment(notice.amount, written))
    assert receipt.state == Receipt.State.UNMATCHED
    assert reconcile.suggest(receipt)[0].employer == notice.employer


def test_a_long_remark_is_looked_up_in_a_few_queries(
    notice: Notice, now: datetime, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    written = f"SALARY{'0123456789' * 5}{notice.reference}{'ABCDEFGH' * 6}"
    receipt = pay(now, payment(notice.amount - 1, written))
    with django_assert_max_num_queries(8):
        suggested = reconcile.suggest(receipt)
    assert suggested == []  # the number stands in it, but far too much else does
    close = pay(now, payment(notice.amount - 1, f"{notice.reference}9", "FT2"))
    assert reconcile.suggest(close)[0].reasons[0] == "reference_close"


def test_settling_by_hand_pays_the_oldest_first_and_keeps_the_rest(
    kham: Actor, noy: Actor, dara: Actor, factory: Employer, open_month: Month, now: datetime
) -> None:
    for back in range(2):
        declared(kham, noy, factory, open_month - back)
    receipt = pay(now, payment(4_140_000 + 1_000))
    settled = reconcile.settle(dara, receipt.id, factory)
    assert (settled.state, settled.allocated, settled.credited) == ("matched", 4_141_000, 0)
    assert {debt.month: debt.open for debt in Obligation.objects.all()} == {
        open_month - 1: 0,
        open_month: 4_139_000,
    }
    assert (settled.settled_by_id, Credit.objects.count()) == (dara.account_id, 12)
    second = reconcile.settle(dara, pay(now, payment(9_000_000, number="FT2")).id, factory, [open_month])
    assert (second.allocated, second.credited) == (4_139_000, 4_861_000)
    assert payments.credit_of(factory.id) == 4_861_000 and payments.unmatched() == []
    assert broken() == {}


def test_money_for_an_employer_who_owes_nothing_becomes_his_credit(
    dara: Actor, factory: Employer, open_month: Month, now: datetime
) -> None:
    settled = reconcile.settle(dara, pay(now, payment(5_000)).id, factory, [open_month])
    assert (settled.credited, payments.credit_of(factory.id)) == (5_000, 5_000)
    assert broken() == {}


def test_only_finance_settles_and_nobody_twice(
    kham: Actor, noy: Actor, dara: Actor, system: Actor, factory: Employer, other_factory: Employer, now: datetime
) -> None:  # fmt: skip
    receipt = pay(now, payment(5_000))
    for actor in (kham, noy, system):
        with pytest.raises(NotAllowed):
            reconcile.settle(actor, receipt.id, factory)
    reconcile.settle(dara, receipt.id, factory)
    before = ledger()
    with pytest.raises(reconcile.AlreadySettled):
        reconcile.settle(dara, receipt.id, other_factory)
    assert ledger() == before


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_settle_once(
    dara: Actor, factory: Employer, other_factory: Employer, now: datetime
) -> None:
    receipt = pay(now, payment(5_000))
    results = at_once(
        *(
            lambda owner=owner: reconcile.settle(dara, receipt.id, owner)
            for owner in (factory, other_factory) * 3
        )
    )
    assert sorted(type(one).__name__ for one in results) == ["AlreadySettled"] * 5 + ["Receipt"]
    assert payments.credit_of(factory.id) + payments.credit_of(other_factory.id) == 5_000
    assert broken() == {}


def test_a_fault_after_any_write_of_settling_leaves_the_money_unmatched(
    dara: Actor, notice: Notice, factory: Employer, now: datetime
) -> None:
    receipt = pay(now, payment(notice.amount + 1))
    before, write = (ledger(), Allocation.objects.count(), Credit.objects.count()), 0
    while True:
        write += 1
        try:
            with failing_after(write):
                reconcile.settle(dara, receipt.id, factory)
        except Fault:
            receipt.refresh_from_db()
            assert (receipt.state, receipt.employer_id) == ("unmatched", None)
            assert (ledger(), Allocation.objects.count(), Credit.objects.count()) == before
            continue
        break
    assert write > 8 and broken() == {}


# The bank's statement


def day_of(now: datetime) -> Any:
    return now.astimezone(VIENTIANE).date()


def test_a_statement_confirms_what_we_know_and_brings_what_nobody_announced(
    hall: Hall, notice: Notice, dara: Actor, now: datetime
) -> None:
    known = hall.pays(1_000_000, notice.reference)
    message = collect.store_notice("sandbox", hall.headers(hall.notice(known)), hall.notice(known), now)
    collect.work_on(message)
    lost = hall.pays(notice.amount - 1_000_000, notice.reference)
    nameless = hall.pays(77, "")
    result = reconcile.take_in_statement(dara, day_of(now))
    assert (result.lines, result.confirmed, result.new, result.differences) == (3, 1, 2, ())
    states = dict(Receipt.objects.values_list("bank_reference", "state"))
    assert states == {known: "matched", lost: "matched", nameless: "unmatched"}
    assert set(Receipt.objects.values_list("confirmed_on", flat=True)) == {day_of(now)}
    assert (Obligation.objects.get().open, Credit.objects.count()) == (0, 12)
    assert broken() == {}

    before = ledger()
    again = reconcile.take_in_statement(dara, day_of(now))
    assert (again.confirmed, again.new, again.differences) == (3, 0, ())
    assert (ledger(), Statement.objects.count(), StatementLine.objects.count()) == (before, 1, 3)
    late = collect.store_notice("sandbox", hall.headers(hall.notice(lost)), hall.notice(lost), now)
    collect.work_on(late)
    assert (ledger(), Receipt.objects.count()) == (before, 3)
    assert reconcile.newest_statement() == Statement.objects.get()


def test_a_statement_that_says_something_else_is_reported_and_confirms_nothing_of_it(
    hall: Hall, notice: Notice, dara: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = hall.pays(notice.amount, notice.reference)
    other = hall.pays(50, "")
    pay(now, payment(notice.amount - 5, notice.reference, reference))
    fetched = Client.fetch_statement

    def altered(self: Client, day: Any) -> Any:
        told = fetched(self, day)
        entries = [
            replace(entry, credit=False) if entry.bank_reference == other else entry for entry in told.entries
        ]
        return replace(told, entries=tuple(entries), closing=told.closing + 1)

    monkeypatch.setattr(Client, "fetch_statement", altered)
    result = reconcile.take_in_statement(dara, day_of(now))
    assert set(result.differences) == {"balance", f"debit {other}", f"amount {reference}"}
    assert (result.confirmed, result.new, StatementLine.objects.count()) == (0, 0, 0)
    assert Receipt.objects.get().confirmed_on is None


def test_a_day_without_money_and_a_bank_that_does_not_answer(
    hall: Hall, dara: Actor, now: datetime, settings: Any
) -> None:
    result = reconcile.take_in_statement(dara, day_of(now) - timedelta(days=30))
    assert (result.lines, result.differences) == (0, ())
    settings.BANKS = {"sandbox": settings.BANKS["sandbox"] | {"url": "http://127.0.0.1:9"}}
    with pytest.raises(BankUnreachable):
        reconcile.take_in_statement(dara, day_of(now))
    assert Statement.objects.count() == 1


def test_a_statement_is_for_finance(hall: Hall, kham: Actor, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        reconcile.take_in_statement(kham, day_of(now))
    assert Statement.objects.count() == 0


# Prove


@pytest.fixture
def history(
    hall: Hall, kham: Actor, noy: Actor, dara: Actor, factory: Employer, workers: list[Person], open_month: Month,
    now: datetime,
) -> None:  # fmt: skip
    """A paid month with a confirmed statement, an overpaid one whose rest is credit, one owed, and money of nobody."""
    declared(kham, noy, factory, open_month - 2)
    first = collect.ask(noy, factory, [open_month - 2])
    hall.pays(first.amount, first.reference)
    reconcile.take_in_statement(dara, day_of(now))
    declared(kham, noy, factory, open_month - 1)
    pays(now, collect.ask(noy, factory, [open_month - 1]), 4_140_000 + 900_000)
    declared(kham, noy, factory, open_month)
    collect.ask(noy, factory, [open_month])
    pay(now, payment(33, number="FT3"))
    sheet_of(kham, factory, open_month, rows_of(workers), "open one")
    assert broken() == {}


PAID = "id = (SELECT min(id) FROM contributions_obligation WHERE owed = settled)"
FIRST = "person_id = (SELECT min(id) FROM people_person)"
OLDEST = f"{FIRST} AND month = (SELECT min(month) FROM records_credit)"
LINE = f"{FIRST} AND declaration_id = (SELECT min(id) FROM contributions_declaration)"
DEBIT = "id = (SELECT min(id) FROM ledger_entry WHERE debit > 0)"


def entry(account: str, which: str = "min") -> str:
    return f"id = (SELECT {which}(id) FROM ledger_entry WHERE account_id = '{account}')"


PLANTS: list[Plant] = [  # the invariant that must speak, how its example begins, what the intruder does
    ("I1", "posting", f"UPDATE ledger_entry SET debit = debit + 1 WHERE {DEBIT}"),
    ("I1", "posting", "DELETE FROM ledger_entry WHERE id = (SELECT max(id) FROM ledger_entry)"),
    ("I1", "posting", "DELETE FROM ledger_entry WHERE posting_id = (SELECT max(id) FROM ledger_posting)"),
    ("I2", "sum 1", f"UPDATE ledger_entry SET debit = debit + 1 WHERE {DEBIT}"),
    ("I2", "sum -5", "INSERT INTO ledger_entry (posting_id, account_id, debit, credit) VALUES (1, '1010', 0, 5)"),
    ("I4", "R", "UPDATE payments_receipt SET amount = amount + 1"),
    ("I4", "R", "DELETE FROM ledger_posting WHERE key LIKE 'received:%FT3'"),
    ("I5", "declaration", f"UPDATE contributions_declaredwage SET wage = wage + 1 WHERE {LINE}"),
    ("I5", "declaration", "UPDATE contributions_declaredwage SET insured = insured - 1"),
    ("I5", "declaration", f"DELETE FROM contributions_declaredwage WHERE {LINE}"),
    ("I5", "declaration", "UPDATE contributions_declaration SET workers = workers + 1"),
    ("I5", "obligation", "UPDATE contributions_obligation SET owed = owed + 1"),
    ("I5b", "line", f"UPDATE contributions_declaredwage SET declaration_id = 0 WHERE {LINE}"),
    ("I5b", "credit of person 0", f"UPDATE records_credit SET person_id = 0 WHERE {OLDEST}"),
    ("I6", "obligation", f"UPDATE contributions_obligation SET settled = settled - 1 WHERE {PAID}"),
    ("I6", "obligation", "DELETE FROM payments_allocation WHERE id = (SELECT min(id) FROM payments_allocation)"),
    ("I6", "obligation", "UPDATE payments_allocation SET month = month + interval '1 month'"),
    ("I6", "receivable", f"UPDATE ledger_entry SET account_id = '1010' WHERE {entry('1100')}"),
    ("I7", "receipt", "UPDATE payments_receipt SET allocated = allocated - 1 WHERE allocated > 0"),
    ("I7", "receipt", "UPDATE payments_receipt SET state = 'matched' WHERE state = 'unmatched'"),
    ("I7", "unmatched", f"UPDATE ledger_entry SET account_id = '2200' WHERE {entry('2100', 'max')}"),
    ("I7", "statement line", "UPDATE payments_statementline SET amount = amount + 1"),
    ("I7b", "credit of employer", "UPDATE payments_receipt SET credited = credited - 1 WHERE credited > 0"),
    ("I7b", "credit of employer", "UPDATE payments_allocation SET amount = amount + 7 WHERE from_credit"),
    ("I8", "obligation", f"UPDATE contributions_obligation SET credited_version = 0 WHERE {PAID}"),
    ("I8", "obligation", "UPDATE contributions_obligation SET credited_version = 1 WHERE owed <> settled"),
    ("I8", "credited month", f"DELETE FROM records_credit WHERE {FIRST}"),
    ("I8", "credited month", f"UPDATE records_credit SET worker_share = worker_share + 1 WHERE {FIRST}"),
    # One person's share moved to another: every sum still agrees.
    ("I8", "credited month", "UPDATE records_credit SET worker_share = worker_share + CASE WHEN "
     f"{FIRST} THEN 5 ELSE -5 END WHERE {FIRST} OR person_id = (SELECT max(id) FROM people_person)"),
    ("I8", "credit without", f"UPDATE records_credit SET month = month - interval '9 years' WHERE {FIRST}"),
    ("I9", "sheet", "UPDATE contributions_sheet SET state = 'approved' WHERE state = 'open'"),
    ("I9", "sheet", "UPDATE contributions_sheet SET state = 'replaced' WHERE state = 'approved'"),
    ("I9", "notice", "UPDATE payments_notice SET state = 'open' WHERE state = 'paid'"),
    ("I10", "declarations 3 rows 0", "DELETE FROM access_auditrow WHERE act = 'declare.approve'"),
    ("I10b", "row 3", "UPDATE access_auditrow SET actor = 'somebody else' WHERE number = 3"),
    ("I11", "bank message", "INSERT INTO payments_bankmessage (bank, key, headers, body, state, why, times, received_at)"
     " VALUES ('sandbox', 'k', '{}', '', 'new', '', 1, now() - interval '16 minutes')"),
    ("I12", "job", "UPDATE procrastinate_jobs SET status = 'doing'"),
    ("I13", "declaration", "UPDATE contributions_declaration SET approved_by_id = prepared_by_id"),
]  # fmt: skip


def test_each_planted_fault_is_found_and_named_by_its_invariant(history: None) -> None:
    """Each fault is planted behind the triggers' back, found, and taken out again."""
    assert missed_faults(PLANTS) == []
    assert broken() == {}


def test_prove_is_for_finance_auditors_and_the_system_and_leaves_a_row(
    kham: Actor, dara: Actor, stranger_at: Callable[[Employer], Actor], other_factory: Employer
) -> None:
    for actor in (kham, stranger_at(other_factory)):
        with pytest.raises(NotAllowed):
            reconcile.prove(actor)
    before = AuditRow.objects.count()
    assert all(finding.holds for finding in reconcile.prove(dara))
    assert AuditRow.objects.count() == before + 1


def test_the_balances_add_up_to_nothing(history: None) -> None:
    sums = {account.code: amount for account, amount in balances()}
    assert sum(sums.values()) == 0 and sums["1010"] == 4_140_000 + 5_040_000 + 33
    assert (sums["2100"], balance("1100")) == (-33, Obligation.objects.get(settled__lt=4_140_000).open)


@pytest.mark.parametrize("seed", range(3))
def test_a_random_quarter_of_declaring_correcting_and_paying_is_always_proven(
    seed: int, kham: Actor, noy: Actor, dara: Actor, system: Actor, factory: Employer, workers: list[Person],
    open_month: Month, now: datetime,
) -> None:  # fmt: skip
    dice = random.Random(seed)
    months = [open_month - back for back in range(3)]
    for step in range(24):
        month = dice.choice(months)
        kind = dice.randrange(5)
        if kind <= 1:
            some = sorted(dice.sample([worker.id for worker in workers], dice.randrange(0, 13)))
            wages = [dice.choice((900_000, 2_600_000, 3_000_000, 7_000_000)) for _ in some]
            declare.declare_wages(
                system, factory, month, np.array(some, dtype=np.int64), np.array(wages, dtype=np.int64)
            )
        elif kind == 2:
            try:
                notice = collect.ask(noy, factory, [month])
            except collect.NothingToPay:
                continue
            pays(now, notice, max(1, notice.amount + dice.choice((-100_000, 0, 0, 250_000))), f"FT{step}")
        elif kind == 3:
            late = Notice.objects.order_by("?").first()
            pay(now, payment(dice.randrange(1, 3_000_000), late.reference if late else "", f"FT{step}"))
        else:
            receipt = pay(now, payment(dice.randrange(1, 2_000_000), "", f"FT{step}"))
            reconcile.settle(dara, receipt.id, factory, dice.choice(([month], None)))
        assert broken() == {}, (seed, step, kind)
        assert payments.credit_of(factory.id) >= 0
