"""The main job as a story: a wage file becomes money on each worker's record, and everything agrees."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.integrations.banks.bank import PaymentNotice
from pakan.operations import collect, declare, reconcile
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Account
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.contributions import queries as contributions
from pakan.registers.contributions.models import Declaration, Sheet
from pakan.registers.ledger.queries import balance
from pakan.registers.payments import queries as payments
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.people.models import Employer, Person
from pakan.registers.records import queries as records
from pakan.units.money import Kip
from pakan.units.month import Month

Act = Callable[..., Actor]


def assert_proven() -> None:
    wrong = {finding.invariant: finding.examples for finding in reconcile.prove() if not finding.holds}
    assert wrong == {}


def wage_list(
    actor: Actor, factory: Employer, month: Month, wage: str = "3.000.000", key: str = "page-1"
) -> Sheet:
    sheet = declare.start_typing(actor, factory, month, key)
    rows = [line.row for line in contributions.lines_of(sheet)]
    sheet = declare.write_wages(actor, sheet, dict.fromkeys(rows, wage))
    return declare.confirm_all(actor, sheet, "wage_jump")


def sign(preparer: Actor, approver: Actor, sheet: Sheet) -> Declaration:
    sheet = declare.hand_over(preparer, sheet, sheet.revision)
    return declare.approve(approver, sheet, sheet.revision)


def payment(
    notice: Notice | None, amount: int, reference: str | None = None, number: str = "FT1"
) -> PaymentNotice:
    return PaymentNotice(
        bank_reference=number,
        scheme_reference="",
        bill="",
        amount=Kip(amount),
        currency="LAK",
        paid_at=datetime(2026, 11, 10, 9, tzinfo=VIENTIANE),
        payer_name="CHAMPA GARMENT",
        payer_account="010000001",
        reference=reference if reference is not None else (notice.reference if notice else ""),
    )


def pay(now: datetime, paid: PaymentNotice) -> Receipt:
    return collect.book(Actor.system(now, "bank sandbox"), "sandbox", "0100000000418", paid)


def test_a_typed_month_is_declared_paid_and_credited(
    preparer: Account,
    approver: Account,
    factory: Employer,
    workers: list[Person],
    open_month: Month,
    as_actor: Act,
    now: datetime,
) -> None:
    sheet = wage_list(as_actor(preparer), factory, open_month)
    assert sheet.summary["errors"] == 0, [line.problems for line in contributions.lines_of(sheet)]
    declaration = sign(as_actor(preparer), as_actor(approver), sheet)
    assert (declaration.workers, declaration.employer_share, declaration.worker_share) == (
        12,
        12 * 180_000,
        12 * 165_000,
    )
    declared = contributions.declared_for(workers[0].id)
    assert [(month.month, month.paid_on, month.credited) for month in declared] == [(open_month, None, False)]
    assert records.statement(workers[0].id) == []

    notice = collect.ask(as_actor(approver), factory, [open_month])
    assert notice.amount == 12 * 345_000
    assert collect.ask(as_actor(approver), factory, [open_month]).id == notice.id

    receipt = pay(now, payment(notice, notice.amount))
    again = pay(now, payment(notice, notice.amount))
    assert (again.id, receipt.state, receipt.allocated) == (receipt.id, "matched", notice.amount)
    notice.refresh_from_db()
    assert notice.state == Notice.State.PAID
    posted = records.statement(workers[0].id)
    assert [(month.month, month.wage, month.employer_share, month.worker_share) for month in posted] == [
        (open_month, 3_000_000, 180_000, 165_000)
    ]
    assert balance("1100") == 0
    assert_proven()


def test_the_month_credited_is_told_by_a_job_that_repeats_without_harm(
    member: Account,
    preparer: Account,
    approver: Account,
    factory: Employer,
    open_month: Month,
    as_actor: Act,
    now: datetime,
) -> None:
    from pakan.operations import notify
    from pakan.registers.messages.models import Message

    sign(as_actor(preparer), as_actor(approver), wage_list(as_actor(preparer), factory, open_month))
    notice = collect.ask(as_actor(approver), factory, [open_month])
    pay(now, payment(notice, notice.amount))
    job = ProcrastinateJob.objects.get(task_name="notify.month_credited")
    for _ in range(2):
        notify.month_credited(**job.args)
    message = Message.objects.get()
    assert message.person_id == member.person_id
    assert "345.000" in notify.text_of(message, "lo") and "345.000" in notify.text_of(message, "en")
    assert app.tasks["notify.send"] is not None


def test_part_payment_credits_nobody_until_the_rest_comes(
    preparer: Account,
    approver: Account,
    factory: Employer,
    workers: list[Person],
    open_month: Month,
    as_actor: Act,
    now: datetime,
) -> None:
    sign(as_actor(preparer), as_actor(approver), wage_list(as_actor(preparer), factory, open_month))
    first = collect.ask(as_actor(approver), factory, [open_month])
    pay(now, payment(first, 1_000_000))
    assert records.statement(workers[0].id) == []
    first.refresh_from_db()
    assert first.state == Notice.State.SUPERSEDED
    rest = collect.ask(as_actor(approver), factory, [open_month])
    assert (rest.amount, rest.number[-2:]) == (first.amount - 1_000_000, "02")
    assert_proven()
    # He pays with the old code after all: the money finds the same debt, and nothing is collected twice.
    pay(now, payment(first, rest.amount, number="FT2"))
    assert len(records.statement(workers[0].id)) == 1
    rest.refresh_from_db()
    assert rest.state == Notice.State.PAID
    assert_proven()


def test_too_much_is_kept_as_credit_and_used_next_month(
    preparer: Account, approver: Account, factory: Employer, open_month: Month, as_actor: Act, now: datetime
) -> None:
    before = open_month - 1
    sign(as_actor(preparer), as_actor(approver), wage_list(as_actor(preparer), factory, before))
    notice = collect.ask(as_actor(approver), factory, [before])
    pay(now, payment(notice, notice.amount + 500_000))
    assert payments.credit_of(factory.id) == 500_000
    assert_proven()
    sheet = declare.same_as_last_month(as_actor(preparer), factory, open_month, "page-2")
    assert (sheet.summary["errors"], sheet.summary["questions"], sheet.summary["missing_count"]) == (0, 0, 0)
    sign(as_actor(preparer), as_actor(approver), sheet)
    declared = contributions.latest_declaration(factory, open_month)
    assert declared is not None and (declared.difference_up, declared.difference_down) == (0, 500_000)
    assert declare.form_pdf(declared).startswith(b"%PDF")
    following = collect.ask(as_actor(approver), factory, [open_month])
    assert collect.notice_pdf(following).startswith(b"%PDF")
    assert following.amount == notice.amount - 500_000
    assert payments.credit_of(factory.id) == 0
    assert_proven()


def test_a_wrong_reference_waits_for_a_person_who_finds_the_owner(
    preparer: Account, approver: Account, finance: Account, factory: Employer, workers: list[Person], open_month: Month,
    as_actor: Act, now: datetime,
) -> None:  # fmt: skip
    sign(as_actor(preparer), as_actor(approver), wage_list(as_actor(preparer), factory, open_month))
    notice = collect.ask(as_actor(approver), factory, [open_month])
    wrong = notice.reference[:-1] + str((int(notice.reference[-1]) + 1) % 10)
    receipt = pay(now, payment(None, notice.amount, reference=wrong))
    assert receipt.state == Receipt.State.UNMATCHED
    assert_proven()
    best = reconcile.suggest(receipt)[0]
    assert (best.employer.id, best.notice) == (factory.id, notice)
    assert {"reference_close", "amount_equal"} <= set(best.reasons)
    with pytest.raises(NotAllowed):
        reconcile.settle(as_actor(preparer), receipt.id, factory, [open_month])
    settled = reconcile.settle(as_actor(finance), receipt.id, factory, [open_month])
    assert (settled.state, settled.settled_by_id) == ("matched", finance.id)
    with pytest.raises(reconcile.AlreadySettled):
        reconcile.settle(as_actor(finance), receipt.id, factory, [open_month])
    assert len(records.statement(workers[0].id)) == 1
    assert_proven()


def test_a_correction_before_payment_replaces_and_after_payment_makes_a_difference(
    preparer: Account,
    approver: Account,
    factory: Employer,
    workers: list[Person],
    open_month: Month,
    as_actor: Act,
    now: datetime,
) -> None:
    one, two = as_actor(preparer), as_actor(approver)
    sign(one, two, wage_list(one, factory, open_month))
    first = collect.ask(two, factory, [open_month])

    sheet = declare.correct(one, factory, open_month, "c-1")
    sheet = declare.write_line(one, sheet, 1, wage="4.000.000")
    replaced = sign(one, two, sheet)
    assert (replaced.version, replaced.difference_up) == (2, 0)
    first.refresh_from_db()
    assert first.state == Notice.State.SUPERSEDED
    notice = collect.ask(two, factory, [open_month])
    assert notice.amount == first.amount + 115_000
    pay(now, payment(notice, notice.amount))
    assert_proven()

    sheet = declare.correct(one, factory, open_month, "c-2")
    sheet = declare.write_line(one, sheet, 2, wage="3.500.000")
    up = sign(one, two, sheet)
    assert (up.version, up.difference_up, up.difference_down) == (3, 57_500, 0)
    more = collect.ask(two, factory, [open_month])
    assert more.amount == 57_500
    assert records.statement(workers[1].id)[0].wage == 3_000_000
    assert_proven()
    pay(now, payment(more, 57_500, number="FT2"))
    assert records.statement(workers[1].id)[0].wage == 3_500_000
    assert_proven()

    sheet = declare.correct(one, factory, open_month, "c-3")
    sheet = declare.leave_out(one, sheet, 3)
    person = next(line.person_id for line in contributions.lines_of(sheet) if line.row == 4)
    assert person is not None
    sheet = declare.absent(one, sheet, sheet.summary["missing"][0]["person"], "leave")
    down = sign(one, two, sheet)
    assert (down.difference_up, down.difference_down) == (0, 345_000)
    assert declare.form_pdf(down).startswith(b"%PDF")
    assert payments.credit_of(factory.id) == 345_000
    assert records.statement(workers[2].id) == []
    assert len(contributions.declarations(factory, open_month)) == 4
    assert_proven()


def test_nobody_approves_what_he_prepared_while_another_can(
    preparer: Account, approver: Account, factory: Employer, open_month: Month, as_actor: Act, system: Actor
) -> None:
    from pakan.operations import enrol
    from pakan.registers.access.roles import Role

    enrol.mandate(system, factory, approver, Role.EMPLOYER_PREPARER)
    both = as_actor(approver)
    sheet = wage_list(both, factory, open_month)
    sheet = declare.hand_over(both, sheet, sheet.revision)
    with pytest.raises(declare.SecondPersonNeeded):
        declare.approve(both, sheet, sheet.revision)
    with pytest.raises(NotAllowed):
        declare.approve(as_actor(preparer), sheet, sheet.revision)
    factory.one_person_may_approve = True
    factory.save()
    assert declare.approve(both, sheet, sheet.revision).version == 1


def test_two_pages_of_the_approver_sign_once(
    preparer: Account, approver: Account, factory: Employer, open_month: Month, as_actor: Act
) -> None:
    sheet = wage_list(as_actor(preparer), factory, open_month)
    sheet = declare.hand_over(as_actor(preparer), sheet, sheet.revision)
    seen = sheet.revision
    declare.take_back(as_actor(approver), sheet)
    sheet.refresh_from_db()
    sheet = declare.hand_over(as_actor(preparer), sheet, sheet.revision)
    with pytest.raises(declare.SheetChanged):
        declare.approve(as_actor(approver), sheet, seen)
    declare.approve(as_actor(approver), sheet, sheet.revision)
    with pytest.raises(declare.AlreadyApproved):
        declare.approve(as_actor(approver), sheet, sheet.revision)


def test_a_month_without_workers_is_declared_in_one_act(
    preparer: Account, approver: Account, factory: Employer, open_month: Month, as_actor: Act
) -> None:
    sheet = declare.no_workers(as_actor(preparer), factory, open_month, "nil-1")
    declaration = sign(as_actor(preparer), as_actor(approver), sheet)
    assert (declaration.workers, declaration.employer_share) == (0, 0)
    with pytest.raises(collect.NothingToPay):
        collect.ask(as_actor(approver), factory, [open_month])
    assert_proven()


def test_months_that_cannot_be_declared_say_why(
    preparer: Account, factory: Employer, open_month: Month, as_actor: Act, now: datetime
) -> None:
    actor = as_actor(preparer)
    for month, code in ((Month.of(actor.today) + 1, "future"), (factory.first_month - 1, "before_start")):
        with pytest.raises(declare.MonthRefused) as refused:
            declare.start_typing(actor, factory, month, f"k-{month}")
        assert refused.value.code == code
    assert now - timedelta(days=1) < actor.at


def test_a_reason_for_a_low_wage_holds_for_the_same_wage_next_month(
    preparer: Account, approver: Account, factory: Employer, open_month: Month, as_actor: Act
) -> None:
    one, two = as_actor(preparer), as_actor(approver)
    sheet = wage_list(one, factory, open_month - 1)
    sheet = declare.write_line(one, sheet, 1, wage="1.600.000")
    assert sheet.summary["by_code"] == {"under_floor": 1}
    sheet = declare.confirm(one, sheet, 1, "under_floor", "part_time")
    sign(one, two, sheet)

    again = declare.same_as_last_month(one, factory, open_month, "page-9")
    assert (again.summary["errors"], again.summary["questions"]) == (0, 0)
    first = contributions.lines_of(again)[0]
    assert (first.confirmed["under_floor"], first.problems[0]["facts"]["reason"]) == (
        "part_time",
        "part_time",
    )
    changed = declare.write_line(one, again, 1, wage="1.700.000")
    assert changed.summary["by_code"] == {"under_floor": 1}  # another wage is another question
