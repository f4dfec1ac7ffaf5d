"""Late charges: reckoned for any day, fixed when money comes late, paid after the contribution (C97, C105)."""

from datetime import date, datetime, timedelta

import pytest

from pakan.law.surcharges.rule import Pause, Terms, charged, frozen_days
from pakan.operations import collect, late
from pakan.operations.law_in_force import in_force
from pakan.registers.access.actor import Actor
from pakan.registers.compliance.models import Charge
from pakan.registers.compliance.queries import charges_open
from pakan.registers.contributions.models import Obligation
from pakan.registers.ledger.queries import balance
from pakan.registers.payments.models import Allocation, Notice
from pakan.registers.payments.queries import credit_of
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.rate import Rate
from tests.operations.debtors import debt, pays_late, rate
from tests.operations.desk import at_once, broken, declared, pay, payment, pays

pytestmark = pytest.mark.django_db
__all__ = ["debt", "rate"]  # fixtures


def test_nothing_is_charged_without_a_decree(
    debt: Obligation, kham: Actor, factory: Employer, now: datetime
) -> None:
    notice = collect.ask(kham, factory, [debt.month])
    assert notice.amount == debt.owed
    pays(now, notice)
    assert not Charge.objects.exists() and balance("1110") == 0
    assert late.forecasts(factory.id, [debt], debt.due_on + timedelta(days=400))[0].charges == 0
    assert broken() == {}


def test_each_day_is_shown_before_it_is_paid(rate: None, debt: Obligation, factory: Employer) -> None:
    for days, expected in (
        (-5, 0),
        (0, 0),
        (1, debt.owed // 1000),
        (10, debt.owed // 100),
        (5000, debt.owed),
    ):
        [told] = late.forecasts(factory.id, [debt], debt.due_on + timedelta(days=days))
        assert told.running == expected, days
        assert told.total == debt.owed + expected
    assert not Charge.objects.exists(), "asking fixes nothing"


def test_a_late_payment_fixes_the_charge_by_the_day_the_payer_paid(
    rate: None, debt: Obligation, kham: Actor, factory: Employer, now: datetime
) -> None:
    notice = collect.ask(kham, factory, [debt.month])
    extra = notice.amount - debt.owed
    assert extra == late.forecasts(factory.id, [debt], kham.today)[0].running > 0
    pays_late(debt, now, notice.amount, 10)
    [charge] = Charge.objects.all()
    assert (charge.amount, charge.late, charge.rate) == (debt.owed // 100, 10, "0.1 %")
    assert charge.law == in_force().number
    assert charge.open == 0 and credit_of(factory.id) == extra - charge.amount, (
        "paid sooner than the notice said"
    )
    assert broken() == {}


def test_contributions_come_before_charges_and_the_oldest_first(
    rate: None, debt: Obligation, kham: Actor, noy: Actor, factory: Employer, open_month: Month, now: datetime
) -> None:
    declared(kham, noy, factory, open_month - 2, key="second")
    later = Obligation.objects.get(month=open_month - 2)
    collect.ask(kham, factory, [debt.month, later.month])
    both = debt.owed + later.owed
    pays_late(later, now, both + 1000, 10)
    debt.refresh_from_db()
    later.refresh_from_db()
    assert debt.open == later.open == 0, "the rights of the workers come first"
    paid = Allocation.objects.filter(to_charges=True)
    assert [(part.month, part.amount) for part in paid] == [(debt.month, 1000)]
    assert charges_open(factory.id) == -(1000 - sum(one.amount for one in Charge.objects.all()))
    assert credit_of(factory.id) == 0
    assert broken() == {}
    rest = Notice.objects.filter(state="open")
    assert not rest.exists(), "what asked for paid months is no longer shown"
    again = collect.ask(kham, factory, [later.month])
    assert again.amount == charges_open(factory.id)
    assert all(line.amount == 0 for line in again.lines.all())
    pay(now, payment(again.amount, again.reference, "FT2"))
    assert charges_open(factory.id) == 0
    again.refresh_from_db()
    assert again.state == "paid" and broken() == {}


def test_a_part_payment_fixes_the_charge_of_that_part_only(
    rate: None, debt: Obligation, kham: Actor, factory: Employer, now: datetime
) -> None:
    collect.ask(kham, factory, [debt.month])
    pays_late(debt, now, 100_000, 20)
    assert [(one.debt, one.amount) for one in Charge.objects.all()] == [(100_000, 2_000)]
    debt.refresh_from_db()
    [told] = late.forecasts(factory.id, [debt], debt.due_on + timedelta(days=30))
    assert (told.fixed, told.running) == (2_000, round(debt.open * 30 / 1000))
    assert broken() == {}


def test_the_same_money_told_twice_is_charged_once(
    rate: None, debt: Obligation, kham: Actor, factory: Employer, now: datetime
) -> None:
    collect.ask(kham, factory, [debt.month])
    for _ in range(3):
        pays_late(debt, now, debt.owed, 10)
    assert Charge.objects.count() == 1
    assert broken() == {}


@pytest.mark.django_db(transaction=True)
def test_two_payments_at_once_charge_each_kip_once(
    rate: None, debt: Obligation, kham: Actor, factory: Employer, now: datetime
) -> None:
    collect.ask(kham, factory, [debt.month])
    half = debt.owed // 2
    at_once(*(lambda n=n: pays_late(debt, now, half, 10, f"FT{n}") for n in (1, 2)))
    assert sum(one.debt for one in Charge.objects.all()) == debt.owed
    assert broken() == {}


TERMS = Terms(Rate.parse("0.1 %"), "day", 0, Rate.parse("100 %"))
DUE = date(2026, 4, 20)


def day(number: int) -> date:
    return DUE + timedelta(days=number)


def test_days_of_a_pause_do_not_count() -> None:
    assert frozen_days(DUE, day(30), [Pause(day(5), day(10)), Pause(day(8), day(12))]) == 7
    assert frozen_days(DUE, day(30), [Pause(day(-9), day(3)), Pause(day(25))]) == 8
    assert frozen_days(DUE, day(30), [Pause(day(40))]) == 0


def test_a_disputed_part_waits_and_the_rest_goes_on() -> None:
    [free, disputed] = charged(
        Kip(1_000_000), Kip(1_000_000), DUE, day(10), TERMS, [Pause(day(2), day(6), Kip(300_000))]
    )
    assert (free.debt, free.late, free.charge) == (700_000, 10, 7_000)
    assert (disputed.debt, disputed.late, disputed.frozen, disputed.charge) == (300_000, 6, 4, 1_800)


def test_what_nobody_disputes_is_paid_first() -> None:
    pauses = [Pause(day(2), None, Kip(300_000))]
    assert [part.frozen for part in charged(Kip(1_000_000), Kip(700_000), DUE, day(10), TERMS, pauses)] == [0]
    [rest] = charged(Kip(300_000), Kip(300_000), DUE, day(10), TERMS, pauses)
    assert (rest.late, rest.frozen) == (2, 8)
    with pytest.raises(ValueError, match="cannot be paid"):
        charged(Kip(1), Kip(2), DUE, day(10), TERMS)
