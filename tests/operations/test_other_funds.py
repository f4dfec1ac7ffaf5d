"""Social security and other funds in one payment: agreed by two, kept apart, passed on by two (C109)."""

import csv
import dataclasses
import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pakan.operations import ally, collect, enclose, pass_on, reconcile, refund
from pakan.operations.ally import Terms
from pakan.operations.apart import Refused, Wrong
from pakan.registers.access.actor import Actor
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.contributions.models import Obligation
from pakan.registers.contributions.queries import obligation
from pakan.registers.funds import queries
from pakan.registers.funds.models import Agreement, Asked, Line, Received, Remittance
from pakan.registers.ledger.queries import balance
from pakan.registers.payments.models import Allocation, Notice, Payout, Receipt
from pakan.registers.payments.queries import credit_of, open_notice
from pakan.registers.people.models import Employer
from pakan.registers.records.models import Credit
from pakan.units.money import Kip
from tests.operations.claims import _vault, bank, behave, run_jobs
from tests.operations.debtors import chan, debt, rate, vone
from tests.operations.desk import Plant, acting, at_once, broken, declared, missed_faults, pay, payment, pays

__all__ = ["_vault", "bank", "chan", "debt", "rate", "vone"]  # fixtures
pytestmark = pytest.mark.django_db
SKILLS, TAX = Kip(300_000), Kip(1_250_000)


def terms(today: date, code: str = "SKL", **facts: object) -> Terms:
    told = Terms(
        code=code, name_lo="ກອງທຶນພັດທະນາສີມື", name_en="Skills Fund", collects_lo="ເງິນສົມທົບພັດທະນາສີມື",
        collects_en="Skills levy", bank="sandbox", account="010000777", account_name="SKILLS FUND",
        basis="12/SKL", basis_on=today - timedelta(days=30), starts=today - timedelta(days=30),
        ends=today + timedelta(days=365), days=10,
    )  # fmt: skip
    return dataclasses.replace(told, **facts)  # type: ignore[arg-type]


def agreed(one: Actor, other: Actor, code: str = "SKL", **facts: object) -> Agreement:
    return ally.approve(other, ally.enter(one, terms(one.today, code, **facts)))


@pytest.fixture
def skills(bank: object, chan: Actor, vone: Actor) -> Agreement:
    return agreed(chan, vone)


def added(
    actor: Actor, debt: Obligation, fund: str = "SKL", amount: int = SKILLS, key: str = "", **facts: object
) -> Line:
    told = {
        "key": key or f"page {fund} {amount}",
        "fund": fund,
        "month": debt.month,
        "reference": "TIN-0042/1",
    }
    return enclose.add(actor, debt.employer, debt.month, amount=amount, **(told | facts))  # type: ignore[arg-type]


def test_the_total_is_asked_and_each_part_goes_its_own_way(
    skills: Agreement, debt: Obligation, kham: Actor, chan: Actor, vone: Actor, now: datetime
) -> None:
    before = collect.ask(kham, debt.employer, [debt.month])
    added(kham, debt)
    notice = collect.ask(kham, debt.employer, [debt.month])
    before.refresh_from_db()
    assert before.state == Notice.State.SUPERSEDED
    assert notice.amount == debt.open + SKILLS and str(notice.amount) in notice.code_text
    assert collect.ask(kham, debt.employer, [debt.month]) == notice, "nothing changed: the same bill"
    assert broken() == {}

    receipt = pays(now, notice)
    debt.refresh_from_db()
    assert (receipt.allocated, receipt.for_funds, receipt.credited) == (debt.owed, SKILLS, 0)
    assert debt.open == 0 and balance("2400") == -SKILLS and open_notice(debt.employer, debt.month) is None
    assert Credit.objects.filter(month=debt.month).exists(), "the workers have their month"
    assert sum(Allocation.objects.values_list("amount", flat=True)) == debt.owed, "no right comes of the rest"
    assert broken() == {}

    one = pass_on.gather(chan, "SKL")
    assert one.amount == SKILLS and queries.waiting() == []
    pass_on.release(vone, one)
    run_jobs()
    run_jobs()
    one.refresh_from_db()
    [sent] = Payout.objects.all()
    assert (sent.state, sent.amount, sent.account, sent.name) == ("paid", SKILLS, "010000777", "SKILLS FUND")
    assert one.state == "paid" and balance("2400") == 0
    assert broken() == {}


def test_the_list_names_employer_reference_month_and_amount(
    skills: Agreement, debt: Obligation, kham: Actor, chan: Actor, now: datetime
) -> None:
    added(kham, debt)
    receipt = pays(now, collect.ask(kham, debt.employer, [debt.month]))
    one = pass_on.gather(chan, "SKL")
    [heading, row] = csv.reader(io.StringIO(pass_on.csv_list(one).decode("utf-8-sig")))
    assert heading[:5] == ["Employer code", "Employer", "Reference", "Month", "Amount (kip)"]
    assert row[1:6] == [
        debt.employer.name_lo,
        "TIN-0042/1",
        str(debt.month),
        str(int(SKILLS)),
        receipt.number,
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(pass_on.xlsx_list(one))).active
    assert sheet is not None
    cells = [cell for line in sheet.iter_rows(values_only=True) for cell in line]
    assert "TIN-0042/1" in cells and SKILLS in cells


def test_contributions_then_charges_then_other_funds(
    skills: Agreement, rate: None, debt: Obligation, kham: Actor, chan: Actor, vone: Actor, now: datetime
) -> None:
    agreed(chan, vone, "TAX", name_lo="ຂະແໜງສ່ວຍສາອາກອນ", name_en="Tax office", account="010000888")
    added(kham, debt)
    added(kham, debt, "TAX", TAX)
    notice = collect.ask(kham, debt.employer, [debt.month])
    charges = sum(line.charges for line in notice.lines.all())
    assert charges and notice.amount == debt.open + charges + SKILLS + TAX
    first = pay(now, payment(debt.open + charges + 100_000, notice.reference, paid_at=now))
    assert (first.allocated, first.for_funds, first.credited) == (debt.owed + charges, 100_000, 0)
    run_jobs()
    rest = open_notice(debt.employer, debt.month)
    assert rest is not None and rest.amount == SKILLS - 100_000 + TAX, (
        "the rest is asked for, without contributions"
    )
    assert [line.amount + line.charges for line in rest.lines.all()] == [0]
    second = pays(now, rest, rest.amount + 5_000, "FT2")
    assert (second.allocated, second.for_funds, second.credited) == (0, rest.amount, 5_000)
    assert credit_of(debt.employer_id) == 5_000, "what was paid too much is the employer's, not a fund's"
    assert {one.line.agreement.code: one.amount for one in second_parts(second)} == {
        "SKL": 200_000,
        "TAX": TAX,
    }
    assert broken() == {}


def second_parts(receipt: Receipt) -> list[Received]:
    return queries.received_by([receipt.number])[receipt.number]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paid=st.lists(st.integers(1, 4_000_000), min_size=1, max_size=4), amount=st.integers(1, 3_000_000))
def test_however_it_is_paid_nothing_is_lost_or_mixed(
    paid: list[int], amount: int, skills: Agreement, debt: Obligation, kham: Actor, now: datetime
) -> None:
    with transaction.atomic():
        line = added(kham, debt, amount=amount)
        notice = collect.ask(kham, debt.employer, [debt.month])
        for at, part in enumerate(paid):
            pays(now, notice, part, f"FT{at}")
        total, owed = sum(paid), int(notice.amount) - amount
        line.refresh_from_db()
        found = obligation(debt.employer, debt.month)
        assert found is not None and found.settled == min(total, owed)
        assert line.settled == min(max(total - owed, 0), amount)
        assert credit_of(debt.employer_id) == max(total - owed - amount, 0)
        assert broken() == {}
        transaction.set_rollback(True)


def test_a_line_is_on_one_bill_and_a_bill_that_was_replaced_pays_it_once(
    skills: Agreement, debt: Obligation, kham: Actor, noy: Actor, now: datetime
) -> None:
    later = debt.month + 1
    declared(kham, noy, debt.employer, later)
    added(kham, debt)
    old = collect.ask(kham, debt.employer, [debt.month])
    both = collect.ask(kham, debt.employer, [debt.month, later])
    asked = list(Asked.objects.order_by("id").values_list("bill", "amount"))
    assert asked == [(old.number, SKILLS), (both.number, SKILLS)]
    pays(now, old)
    again = pays(now, both, None, "FT2")
    assert Received.objects.count() == 1 and again.for_funds == 0
    assert again.credited == old.amount, "the second payment of the month and the line is credit"
    assert broken() == {}


def test_what_comes_for_a_line_that_was_taken_back_is_credit_and_can_be_refunded(
    skills: Agreement, debt: Obligation, kham: Actor, noy: Actor, chan: Actor, now: datetime
) -> None:
    line = added(kham, debt)
    notice = collect.ask(kham, debt.employer, [debt.month])
    enclose.take_back(kham, debt.employer, line.id)
    notice.refresh_from_db()
    assert notice.state == Notice.State.SUPERSEDED
    assert collect.ask(kham, debt.employer, [debt.month]).amount == debt.open
    pays(now, notice)
    assert credit_of(debt.employer_id) == SKILLS and balance("2400") == 0
    refund.decide(
        chan, refund.ask(noy, debt.employer, SKILLS, "We took that line back."), True, "The bank shows it."
    )
    run_jobs()
    assert Payout.objects.get().state == "paid" and broken() == {}
    with pytest.raises(Refused, match="state"):
        enclose.take_back(kham, debt.employer, line.id)


def test_other_funds_money_is_no_credit_and_no_credit_pays_a_line(
    skills: Agreement, debt: Obligation, kham: Actor, noy: Actor, now: datetime
) -> None:
    added(kham, debt)
    pays(now, collect.ask(kham, debt.employer, [debt.month]))
    assert credit_of(debt.employer_id) == 0
    with pytest.raises(Refused.__base__):
        refund.ask(noy, debt.employer, SKILLS, "Give back what the other fund has.")
    second = declared(kham, noy, debt.employer, debt.month + 1)
    next_debt = Obligation.objects.get(declaration=second)
    notice = collect.ask(kham, debt.employer, [next_debt.month])
    pays(now, notice, notice.amount - 1, "FT2")
    next_debt.refresh_from_db()
    line = added(kham, next_debt, amount=50_000)
    pays(now, collect.ask(kham, debt.employer, [next_debt.month]), 40_001, "FT3")
    line.refresh_from_db()
    assert line.settled == 40_000
    pays(now, notice, 100_000, "FT4")
    line.refresh_from_db()
    assert line.settled == 50_000 and credit_of(debt.employer_id) == 90_000
    assert broken() == {}


@pytest.mark.parametrize("days", [0, 1])
def test_the_day_of_paying_decides_when_an_agreement_ends_between_bill_and_payment(
    days: int, skills: Agreement, debt: Obligation, kham: Actor, chan: Actor, vone: Actor, now: datetime
) -> None:
    added(kham, debt)
    notice = collect.ask(kham, debt.employer, [debt.month])
    ally.ask_end(chan, skills, chan.today, "The fund collects by itself again.")
    assert queries.in_force(chan.today) == [skills], "asked is not ended"
    with pytest.raises(Refused, match="same_person"):
        ally.end(chan, skills)
    ally.end(vone, skills)
    notice.refresh_from_db()
    assert notice.state == Notice.State.SUPERSEDED
    run_jobs()
    replaced = open_notice(debt.employer, debt.month)
    assert replaced is not None and replaced.expires_on == chan.today and replaced.amount == notice.amount
    at = now + timedelta(days=days)
    paid = collect.book(Actor.system(at), "sandbox", "0100000000418", notice_paid(notice, at))
    expected = SKILLS if days == 0 else 0
    assert (paid.for_funds, paid.credited) == (expected, SKILLS - expected)
    later = Actor("kham", at, "employer", kham.account_id, employers=kham.employers)
    if days:
        with pytest.raises(collect.NothingToPay):
            collect.ask(later, debt.employer, [debt.month])
    else:
        pass_on.release(vone, pass_on.gather(chan, "SKL"))
        run_jobs()
        assert balance("2400") == 0, "what came in while it held is passed on after its end"
    assert broken() == {}


def notice_paid(notice: Notice, at: datetime) -> collect.PaymentNotice:
    return payment(notice.amount, notice.reference, "FT9", paid_at=at)


def test_a_transfer_that_the_bank_refuses_is_released_again_and_arrives_once(
    bank: object, skills: Agreement, debt: Obligation, kham: Actor, chan: Actor, vone: Actor, now: datetime
) -> None:
    added(kham, debt)
    pays(now, collect.ask(kham, debt.employer, [debt.month]))
    one = pass_on.gather(chan, "SKL")
    behave(bank, "refuse")  # type: ignore[arg-type]
    pass_on.release(vone, one)
    run_jobs()
    one.refresh_from_db()
    assert one.state == "bounced" and one.why and balance("2400") == -SKILLS
    assert queries.unpaid_remittances() == [one] and broken() == {}
    behave(bank, "pay")  # type: ignore[arg-type]
    with pytest.raises(Refused, match="same_person"):
        pass_on.release(chan, one)
    pass_on.release(vone, one)
    run_jobs()
    one.refresh_from_db()
    assert one.state == "paid" and balance("2400") == 0
    assert sorted(Payout.objects.values_list("state", flat=True)) == ["paid", "refused"]
    with pytest.raises(Refused, match="state"):
        pass_on.release(vone, one)
    assert broken() == {}


def test_what_waits_too_long_is_late(
    skills: Agreement, debt: Obligation, kham: Actor, chan: Actor, now: datetime
) -> None:
    added(kham, debt)
    pays(now, collect.ask(kham, debt.employer, [debt.month]))
    [waits] = queries.waiting()
    assert (waits.amount, waits.count) == (SKILLS, 1) and waits.until == chan.today + timedelta(days=10)
    assert not waits.late_on(waits.until) and waits.late_on(waits.until + timedelta(days=1))
    assert queries.due_on(pass_on.gather(chan, "SKL")) == waits.until


def test_an_unmatched_total_that_an_officer_settles_reaches_the_fund(
    skills: Agreement, debt: Obligation, kham: Actor, chan: Actor, now: datetime
) -> None:
    added(kham, debt)
    notice = collect.ask(kham, debt.employer, [debt.month])
    receipt = pay(now, payment(notice.amount, "no reference at all", "FT1"))
    assert receipt.state == Receipt.State.UNMATCHED
    settled = reconcile.settle(chan, receipt.id, debt.employer, [debt.month])
    assert settled.for_funds == SKILLS and broken() == {}


def test_every_fault_is_said_at_once(skills: Agreement, debt: Obligation, kham: Actor, chan: Actor) -> None:
    with pytest.raises(Wrong) as wrong:
        enclose.add(
            kham,
            debt.employer,
            debt.month,
            key="k",
            fund="NONE",
            month=debt.month + 24,
            reference="=1+1",
            amount=0,
        )
    assert set(wrong.value.problems) == {"fund", "month", "reference", "amount"}
    with pytest.raises(Wrong) as wrong:
        ally.enter(
            chan,
            terms(
                chan.today,
                "1",
                name_lo="",
                bank="nobank",
                account="x",
                account_name="ກອງທຶນ",
                basis="",
                days=0,
                basis_on=chan.today + timedelta(days=1),
                ends=chan.today - timedelta(days=1),
            ),
        )
    assert set(wrong.value.problems) == {
        "code", "name_lo", "bank", "account", "account_name", "basis", "basis_on", "ends", "days",
    }  # fmt: skip
    with pytest.raises(Wrong) as wrong:
        ally.ask_end(chan, skills, chan.today - timedelta(days=1), "short")
    assert set(wrong.value.problems) == {"last_day", "why"}


def test_without_an_agreement_there_is_nothing(
    debt: Obligation, kham: Actor, chan: Actor, bank: object
) -> None:
    with pytest.raises(Wrong, match="fund"):
        added(kham, debt)
    waits = ally.enter(chan, terms(chan.today))
    with pytest.raises(Wrong, match="fund"):
        added(kham, debt)
    with pytest.raises(Wrong, match="waits"):
        ally.enter(chan, terms(chan.today))
    assert queries.in_force(chan.today) == [] and not waits.approved
    assert collect.ask(kham, debt.employer, [debt.month]).amount == debt.open


def test_pressed_twice_is_one_line_and_one_fund_has_one_line_a_bill(
    skills: Agreement, debt: Obligation, kham: Actor, noy: Actor, now: datetime
) -> None:
    one = added(kham, debt, key="page")
    assert added(kham, debt, key="page").id == one.id and Line.objects.count() == 1
    with pytest.raises(Wrong, match="there"):
        added(kham, debt, key="another page")
    pays(now, collect.ask(kham, debt.employer, [debt.month]))
    with pytest.raises(Refused, match="paid"):
        added(kham, debt, key="too late")


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_gather_once(
    skills: Agreement, debt: Obligation, kham: Actor, chan: Actor, vone: Actor, now: datetime
) -> None:
    added(kham, debt)
    pays(now, collect.ask(kham, debt.employer, [debt.month]))
    at_once(lambda: _gathered(chan), lambda: _gathered(vone))
    [one] = Remittance.objects.all()
    assert one.amount == SKILLS and broken() == {}


def _gathered(actor: Actor) -> None:
    try:
        pass_on.gather(actor, "SKL")
    except Refused as refused:
        assert refused.code == "nothing"


# --- abuse -----------------------------------------------------------------------------------------------------------


def test_abuse_A9_nobody_agrees_ends_or_pays_alone(
    skills: Agreement, debt: Obligation, kham: Actor, chan: Actor, vone: Actor, now: datetime
) -> None:
    own = ally.enter(chan, terms(chan.today, "TAX"))
    for act in (ally.approve, ally.refuse):
        with pytest.raises(Refused, match="same_person"):
            act(chan, own)
    with pytest.raises(DatabaseError), transaction.atomic():
        Agreement.objects.filter(id=own.id).update(approved=True, decided_by=own.entered_by, decided_at=now)
    added(kham, debt)
    pays(now, collect.ask(kham, debt.employer, [debt.month]))
    one = pass_on.gather(chan, "SKL")
    with pytest.raises(Refused, match="same_person"):
        pass_on.release(chan, one)
    with pytest.raises(DatabaseError), transaction.atomic():
        Remittance.objects.filter(id=one.id).update(state="released", released_by=one.made_by)
    for act in (lambda: pass_on.gather(kham, "SKL"), lambda: ally.enter(kham, terms(chan.today, "OWN"))):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotAllowed):
        added(chan, debt, key="officer")
    assert not Payout.objects.exists()


def test_abuse_A9_the_account_of_a_fund_is_never_changed(
    bank: object, skills: Agreement, chan: Actor, vone: Actor
) -> None:
    for change in (
        {"account": "010000001"},
        {"account_name": "CHAN"},
        {"ends": date(2099, 1, 1)},
        {"code": "X1"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Agreement.objects.filter(id=skills.id).update(**change)
    twin = ally.enter(chan, terms(chan.today, account="010000001"))
    with pytest.raises(Refused, match="overlap"):
        ally.approve(vone, twin)
    with pytest.raises(DatabaseError), transaction.atomic():
        Agreement.objects.filter(id=twin.id).update(
            approved=True, decided_by=vone.account_id, decided_at=vone.at
        )
    ally.refuse(vone, twin)
    assert queries.newest_of("SKL") == skills


def test_abuse_A3_nobody_touches_the_line_of_another_company(
    skills: Agreement, debt: Obligation, kham: Actor, other_factory: Employer, system: Actor
) -> None:
    line = added(kham, debt)
    stranger = acting(system, "stranger", other_factory, Role.EMPLOYER_PREPARER)
    with pytest.raises(NotAllowed):
        enclose.take_back(stranger, debt.employer, line.id)
    with pytest.raises(LookupError):
        enclose.take_back(stranger, other_factory, line.id)
    with pytest.raises(NotAllowed):
        added(stranger, debt, key="strange")
    for change in ({"amount": 1}, {"reference": "MINE"}, {"settled": 0, "employer": other_factory.id}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Line.objects.filter(id=line.id).update(**change)


FUNDS: list[Plant] = [
    ("I18", "notice", "UPDATE funds_asked SET amount = amount - 1"),
    ("I18", "line", "UPDATE funds_line SET settled = settled - 1"),
    ("I18", "set apart", "UPDATE funds_received SET amount = amount - 1"),
    ("I18", "receipt", "UPDATE payments_receipt SET for_funds = for_funds - 1"),
    ("I18b", "remittance", "UPDATE funds_remittance SET amount = amount + 1"),
    ("I18b", "payment of N", "UPDATE funds_remittance SET state = 'bounced'"),
    ("I18b", "payment of N", "UPDATE payments_payout SET liability = '2210' WHERE kind = 'fund'"),
    ("I18b", "agreement", "UPDATE funds_agreement SET approved = false"),
]


def test_prove_finds_every_planted_fault(
    skills: Agreement, debt: Obligation, kham: Actor, chan: Actor, vone: Actor, now: datetime
) -> None:
    added(kham, debt)
    pays(now, collect.ask(kham, debt.employer, [debt.month]))
    pass_on.release(vone, pass_on.gather(chan, "SKL"))
    run_jobs()
    assert broken() == {}
    assert missed_faults(FUNDS) == []
