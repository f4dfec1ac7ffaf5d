"""Corrections: before and after told first, how far back alone, and money that comes at the same moment (C113-C115)."""

from datetime import datetime

import pytest

from pakan.operations import collect, declare, late
from pakan.operations.declare import reach
from pakan.registers.access.actor import Actor
from pakan.registers.compliance.models import Charge, Matter
from pakan.registers.contributions.models import Declaration, Obligation, Sheet
from pakan.registers.payments.queries import credit_of
from pakan.registers.people.models import Employer, Employment, Person
from pakan.registers.records.models import Credit
from pakan.units.month import Month
from tests.operations.debtors import chan, debt, pays_late, rate, vone
from tests.operations.desk import at_once, broken, declared, lines, pays, sign

__all__ = ["chan", "debt", "rate", "vone"]  # fixtures
pytestmark = pytest.mark.django_db
WHY = "The wages of the night shift were left out."
FINE = "We looked into it and agree."


def correcting(kham: Actor, factory: Employer, month: Month, wage: int, people: int = 12) -> Sheet:
    sheet = declare.correct(kham, factory, month, f"correct {wage}")
    sheet = declare.write_wages(kham, sheet, dict.fromkeys(list(lines(sheet))[:people], str(wage)))
    return declare.confirm_all(kham, sheet, "wage_jump")


@pytest.fixture
def old(factory: Employer, kham: Actor, noy: Actor, open_month: Month) -> Month:
    """A month declared long ago: further back than an employer corrects alone."""
    month = open_month - 40
    Employer.objects.filter(id=factory.id).update(first_month=month.first)
    Employment.objects.filter(employer=factory).update(start=month.first)
    factory.refresh_from_db()
    declared(kham, noy, factory, month, key="old")
    return month


# Before and after


def test_a_correction_upwards_tells_money_charges_and_rights_before_it_is_signed(
    rate: None, debt: Obligation, kham: Actor, noy: Actor, factory: Employer
) -> None:
    sheet = correcting(kham, factory, debt.month, 3_500_000)
    told = declare.effect(sheet, kham.today)
    assert told is not None and told.original.version == 1
    assert (told.before.workers, told.after.workers) == (12, 12)
    assert (told.before.insured, told.after.insured) == (36_000_000, 42_000_000)
    assert (told.before.owed, told.after.owed) == (debt.owed, debt.owed * 7 // 6)
    assert told.after.charges > told.before.charges > 0 and told.credit == 0
    sign(kham, noy, sheet)
    now = Obligation.objects.get(id=debt.id)
    [then] = late.forecasts(factory.id, [now], kham.today)
    assert (now.owed, then.open, then.charges) == (told.after.owed, told.after.open, told.after.charges)
    assert broken() == {}


def test_a_correction_downwards_after_payment_tells_the_credit_and_quotes_the_receipt(
    debt: Obligation, kham: Actor, noy: Actor, factory: Employer, now: datetime
) -> None:
    receipt = pays(now, collect.ask(kham, factory, [debt.month]))
    sheet = correcting(kham, factory, debt.month, 2_500_000)
    told = declare.effect(sheet, kham.today)
    assert told is not None
    assert [one.number for one in told.receipts] == [receipt.number]
    assert told.paid == debt.owed and told.after.open == 0
    assert told.credit == debt.owed - told.after.owed == debt.owed // 6
    sign(kham, noy, sheet)
    assert credit_of(factory.id) == told.credit
    assert [one.version for one in Declaration.objects.order_by("version")] == [1, 2], "both versions stay"
    assert broken() == {}


def test_a_charge_stays_when_a_correction_gives_the_kip_back(
    rate: None, debt: Obligation, kham: Actor, noy: Actor, factory: Employer, now: datetime
) -> None:
    collect.ask(kham, factory, [debt.month])
    pays_late(debt, now, debt.owed, 10)
    [charge] = Charge.objects.all()
    sign(kham, noy, correcting(kham, factory, debt.month, 2_500_000))
    assert credit_of(factory.id) == debt.owed // 6
    again = Charge.objects.get()
    assert (again.amount, again.waived) == (charge.amount, 0), "people waive it, no machine (decision 0010)"
    assert broken() == {}


def test_a_first_declaration_has_no_before(kham: Actor, factory: Employer, open_month: Month) -> None:
    sheet = declare.start_typing(kham, factory, open_month, "first")
    assert declare.effect(sheet, kham.today) is None


def test_what_a_wage_is_insured_at_is_what_the_record_then_shows(
    debt: Obligation, kham: Actor, noy: Actor, factory: Employer, workers: list[Person], now: datetime
) -> None:
    for wage in (3_500_000, 9_000_000):
        [told] = declare.insured_of(factory.scheme, debt.month, [wage])
        sign(kham, noy, correcting(kham, factory, debt.month, wage))
        pays(now, collect.ask(kham, factory, [debt.month]), number=f"FT{wage}")
        assert Credit.objects.filter(person=workers[0]).latest("version").insured == told
    assert broken() == {}


# How far back


def test_an_old_month_is_corrected_with_an_officers_leave_once(
    old: Month, kham: Actor, noy: Actor, chan: Actor, factory: Employer
) -> None:
    sheet = correcting(kham, factory, old, 3_500_000)
    with pytest.raises(declare.LeaveNeeded):
        declare.hand_over(kham, sheet, sheet.revision)
    matter = reach.ask(noy, factory, old, WHY)
    with pytest.raises(declare.LeaveNeeded):
        declare.hand_over(kham, sheet, sheet.revision)
    with pytest.raises(reach.Refused, match="live"):
        reach.ask(noy, factory, old, WHY)
    reach.decide(chan, matter, True, FINE)
    assert sign(kham, noy, sheet).version == 2
    matter.refresh_from_db()
    assert matter.state == "done"
    again = correcting(kham, factory, old, 3_600_000)
    with pytest.raises(declare.LeaveNeeded):
        declare.hand_over(kham, again, again.revision)
    assert broken() == {}


def test_leave_that_is_refused_or_taken_back_opens_nothing(
    old: Month, kham: Actor, noy: Actor, chan: Actor, factory: Employer
) -> None:
    reach.decide(chan, reach.ask(noy, factory, old, WHY), False, "The wage books of that year are gone.")
    matter = reach.ask(noy, factory, old, WHY)
    reach.withdraw(noy, matter)
    sheet = correcting(kham, factory, old, 3_500_000)
    with pytest.raises(declare.LeaveNeeded):
        declare.hand_over(kham, sheet, sheet.revision)
    with pytest.raises(reach.Refused, match="state"):
        reach.decide(chan, matter, True, FINE)


def test_leave_taken_away_between_two_signatures_is_noticed(
    old: Month, kham: Actor, noy: Actor, chan: Actor, factory: Employer
) -> None:
    reach.decide(chan, reach.ask(noy, factory, old, WHY), True, FINE)
    sheet = correcting(kham, factory, old, 3_500_000)
    sheet = declare.hand_over(kham, sheet, sheet.revision)
    Matter.objects.update(state="done")
    with pytest.raises(declare.LeaveNeeded):
        declare.approve(noy, sheet, sheet.revision)
    assert Declaration.objects.count() == 1


def test_a_month_within_reach_asks_nobody(
    debt: Obligation, old: Month, noy: Actor, factory: Employer, open_month: Month
) -> None:
    for month in (debt.month, open_month - 30, old + 1):
        with pytest.raises(reach.Refused, match="month"):
            reach.ask(noy, factory, month, WHY)


def test_an_old_month_that_nobody_declared_needs_no_leave(
    old: Month, kham: Actor, noy: Actor, factory: Employer
) -> None:
    assert declared(kham, noy, factory, old + 1, key="never").version == 1


# Money at the same moment


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wage", [2_500_000, 3_500_000])
def test_a_payment_racing_a_correction_loses_nothing(
    rate: None, debt: Obligation, kham: Actor, noy: Actor, factory: Employer, now: datetime, wage: int
) -> None:
    notice = collect.ask(kham, factory, [debt.month])
    sheet = declare.hand_over(
        kham, *(lambda one: (one, one.revision))(correcting(kham, factory, debt.month, wage))
    )
    results = at_once(
        lambda: declare.approve(noy, sheet, sheet.revision),
        lambda: pays_late(debt, now, notice.amount, (kham.today - debt.due_on).days),
    )
    assert not [one for one in results if isinstance(one, Exception)], results
    after = Obligation.objects.get(id=debt.id)
    assert after.declaration.version == 2
    if wage < 3_000_000:
        assert after.open == 0 and credit_of(factory.id) > 0
        assert Credit.objects.filter(employer=factory, month=debt.month).exists()
    else:
        assert after.open > 0, "the difference is still to pay"
    assert broken() == {}
