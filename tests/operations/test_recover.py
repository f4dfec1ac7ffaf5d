"""What was paid too much: seen first, agreed, approved by another, taken in parts, stopped by one word (C44, C45, C52)."""

from collections.abc import Callable
from datetime import datetime, time

import pytest
from django.db import Error, IntegrityError, transaction

from pakan.operations import award, recover
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.benefits.actions import overpaid_after_death
from pakan.registers.benefits.models import Award, Deduction, Overpayment, Recovery
from pakan.registers.benefits.queries import plan_of, taken_of
from pakan.registers.ledger.queries import balance
from pakan.registers.messages.models import Message
from pakan.registers.payments.models import Payout
from pakan.units.month import Month
from tests.cast import _staff
from tests.operations.claims import (
    _vault,
    bank,
    chanthy,
    crew,
    father,
    firm,
    mother,
    run_jobs,
    vilay,
)
from tests.operations.desk import broken
from tests.operations.test_life import PENSION, paid_until_now, pension

__all__ = ["_vault", "bank", "chanthy", "crew", "father", "firm", "mother", "pension", "vilay"]
pytestmark = pytest.mark.django_db
As = Callable[..., Actor]


def after_pay_day(now: datetime, ahead: int) -> datetime:
    """The end of the 28th of a month: its pay day has passed."""
    month = Month.of(now.date()) + ahead
    return datetime.combine(month.first.replace(day=28), time(23), VIENTIANE)


@pytest.fixture
def third(system: Actor, as_actor: As) -> Actor:
    """Offered and approved nothing."""
    return as_actor(_staff(system, "bounmy@lsso.example.la", "ບຸນມີ", Role.BENEFITS_OFFICER))


@pytest.fixture
def found(pension: Award, now: datetime) -> Overpayment:
    """A month of the pension that should not have been paid."""
    assert paid_until_now(pension, after_pay_day(now, 0)) > 3
    return overpaid_after_death(pension.instalments.order_by("month")[0], now)


def next_month(pension: Award, now: datetime, ahead: int) -> list[int]:
    """What the account got of the months that fell due `ahead` months later."""
    known = set(Payout.objects.values_list("id", flat=True))
    paid_until_now(pension, after_pay_day(now, ahead))
    return [int(one.amount) for one in Payout.objects.exclude(id__in=known).order_by("id")]


def test_a_plan_is_seen_agreed_and_approved_before_anything_is_taken_and_ends_by_itself(
    found: Overpayment, pension: Award, mother: Actor, chanthy: Actor, vilay: Actor, now: datetime
) -> None:
    with pytest.raises(recover.Refused, match="amount"):
        recover.propose(chanthy, found.id, PENSION // 5 + 1, "ເດືອນ 10 ຈ່າຍເກີນ")
    recover.propose(chanthy, found.id, 200_000, "ເດືອນ 10 ຈ່າຍເກີນ")
    assert Message.objects.filter(wording="overpaid_plan").count() == 1
    assert next_month(pension, now, 1) == [PENSION]
    with pytest.raises(recover.Refused, match="state"):
        recover.approve(vilay, found.id)
    recover.agree(mother, found.id)
    recover.agree(mother, found.id)
    with pytest.raises(recover.Refused, match="same_person"):
        recover.approve(chanthy, found.id)
    assert next_month(pension, now, 2) == [PENSION]
    recover.approve(vilay, found.id)
    assert next_month(pension, now, 3) == [800_000]
    taken = Deduction.objects.get()
    told = award.slip(taken.instalment)
    assert [line.kip for line in told.lines] == [PENSION, -200_000] and told.net == 800_000
    assert "you agreed on" in told.lines[1].why_en
    assert award.slip_pdf(taken.instalment).startswith(b"%PDF")
    assert balance("1300") == 800_000 and broken() == {}
    for ahead in range(4, 10):
        next_month(pension, now, ahead)
    plan = plan_of(found.id)
    assert plan is not None and plan.state == "done" and taken_of(found.id) == PENSION
    assert balance("1300") == 0 and broken() == {}


def test_the_person_names_the_amount_and_may_choose_more_but_never_all(
    found: Overpayment, pension: Award, mother: Actor, father: Actor, chanthy: Actor, now: datetime
) -> None:
    recover.propose(chanthy, found.id, 100_000, "ຈ່າຍເກີນ")
    with pytest.raises(recover.Refused, match="amount"):
        recover.offer(mother, found.id, PENSION)
    with pytest.raises(recover.Refused, match="unknown"):
        recover.offer(father, found.id, 10_000)
    recover.offer(mother, found.id, 500_000)
    recover.approve(chanthy, found.id)  # the other person is the member here
    assert next_month(pension, now, 1) == [500_000]
    assert list(Recovery.objects.order_by("id").values_list("state", flat=True)) == ["replaced", "running"]


def test_a_contest_without_a_paper_stops_it_at_once_and_the_fund_has_to_prove(
    found: Overpayment,
    pension: Award,
    mother: Actor,
    chanthy: Actor,
    vilay: Actor,
    third: Actor,
    now: datetime,
) -> None:
    recover.propose(chanthy, found.id, 200_000, "ຈ່າຍເກີນ")
    recover.agree(mother, found.id)
    recover.approve(vilay, found.id)
    assert next_month(pension, now, 1) == [800_000]
    recover.contest(mother, found.id)
    assert next_month(pension, now, 2) == [PENSION]
    for officer in (chanthy, vilay):
        with pytest.raises(recover.Refused, match="same_person"):
            recover.answer(officer, found.id, True, "ມີຫຼັກຖານ", "ມ. 44")
    with pytest.raises(recover.Refused, match="article"):
        recover.answer(third, found.id, True, "ມີຫຼັກຖານ")
    with pytest.raises(recover.Refused, match="empty"):
        recover.answer(third, found.id, True, " ", "ມ. 44")
    recover.answer(third, found.id, True, "ໃບແຈ້ງເສຍຊີວິດ ລົງວັນທີ 1", "ມ. 44")
    assert next_month(pension, now, 3) == [800_000]
    recover.contest(chanthy, found.id, "ສະມາຊິກເວົ້າຢູ່ໂຕະ")
    recover.answer(third, found.id, False, "ບໍ່ມີຫຼັກຖານ")
    run_jobs()
    back = Payout.objects.get(kind="giveback")
    assert (back.amount, back.state) == (400_000, "paid")
    assert next_month(pension, now, 4) == [PENSION]
    assert balance("1300") == 0 and broken() == {}


def test_nothing_is_taken_behind_the_back_of_the_person(
    found: Overpayment, pension: Award, chanthy: Actor, vilay: Actor, now: datetime
) -> None:
    plan = recover.propose(chanthy, found.id, 100_000, "ຈ່າຍເກີນ")
    one = pension.instalments.order_by("-month")[0]
    with pytest.raises(Error, match="is offered"), transaction.atomic():
        Deduction.objects.create(plan=plan, instalment=one, kip=1, at=now)
    with pytest.raises(Error, match="does not become"), transaction.atomic():
        Recovery.objects.update(state="running")
    with pytest.raises(IntegrityError, match="consent"), transaction.atomic():
        Recovery.objects.create(
            overpayment=Overpayment.objects.create(claim=found.claim, instalment=one, kip=5, found_at=now), monthly=1,
            reason="x", proposed_by_id=chanthy.account_id, proposed_at=now, state="running",
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        recover.agree(vilay, found.id)
    assert taken_of(found.id) == 0
