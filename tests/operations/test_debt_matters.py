"""Plans, waivers, disputes and assessments: asked, decided by another person, followed (C116 to C118, C120)."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from pakan.operations import appraise, chase, collect, dispute, late, plan, waive
from pakan.operations.agree import Refused
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.compliance.actions import issue_clearance
from pakan.registers.compliance.models import Charge, Matter, Pause
from pakan.registers.compliance.queries import charges_open
from pakan.registers.contributions.models import Obligation
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Employer, Person
from pakan.units.money import Kip
from pakan.units.month import Month
from tests.operations.debtors import chan, debt, pays_late, rate, sing, vone
from tests.operations.desk import at_once, broken, declared, pay, payment

__all__ = ["chan", "debt", "rate", "sing", "vone"]  # fixtures
pytestmark = pytest.mark.django_db
WHY = "The flood of September took our stock."
FINE = "We looked into it and agree."


def later(actor: Actor, days: int) -> Actor:
    return replace(actor, at=actor.at + timedelta(days=days))


# Plans


@pytest.fixture
def asked(rate: None, debt: Obligation, noy: Actor, factory: Employer) -> Matter:
    return plan.ask(noy, factory, 3, WHY, plan.preview(factory, 3, noy.today).seal)


def test_a_plan_is_what_was_previewed(asked: Matter, noy: Actor, factory: Employer, debt: Obligation) -> None:
    seen = plan.preview(factory, 3, noy.today)
    assert [(one.due_on, one.amount) for one in asked.instalments.order_by("place")] == list(seen.parts)
    assert asked.amount == sum(amount for _, amount in seen.parts) == seen.total > debt.owed
    assert broken() == {}


def test_days_stand_still_while_a_plan_is_asked_for_and_kept(
    asked: Matter, chan: Actor, noy: Actor, factory: Employer, debt: Obligation
) -> None:
    before = late.forecasts(factory.id, [debt], noy.today)[0].running
    plan.decide(chan, asked, True, FINE)
    assert late.forecasts(factory.id, [debt], noy.today + timedelta(days=90))[0].running == before


def test_a_refused_or_withdrawn_question_stops_no_day(
    asked: Matter, chan: Actor, noy: Actor, factory: Employer, debt: Obligation
) -> None:
    plan.decide(chan, asked, False, "You paid the same month late three times.")
    [told] = late.forecasts(factory.id, [debt], noy.today + timedelta(days=30))
    assert told.frozen == 0
    again = plan.ask(noy, factory, 2, WHY, plan.preview(factory, 2, noy.today).seal)
    plan.withdraw(noy, again)
    assert late.forecasts(factory.id, [debt], noy.today + timedelta(days=30))[0].frozen == 0


def test_one_plan_at_a_time_and_only_as_seen(asked: Matter, noy: Actor, factory: Employer) -> None:
    with pytest.raises(Refused, match="live"):
        plan.ask(noy, factory, 2, WHY, plan.preview(factory, 2, noy.today).seal)
    plan.withdraw(noy, asked)
    with pytest.raises(Refused, match="changed"):
        plan.ask(noy, factory, 2, WHY, "1:2020-01:1")
    for count in (1, 13):
        with pytest.raises(plan.WrongPlan, match="count"):
            plan.preview(factory, count, noy.today)


def test_nobody_decides_what_is_his_own(asked: Matter, noy: Actor, kham: Actor, factory: Employer) -> None:
    for actor in (noy, kham):
        with pytest.raises(NotAllowed):
            plan.decide(actor, asked, True, FINE)
    with pytest.raises(NotAllowed):
        plan.ask(kham, factory, 2, WHY, "")


def test_an_instalment_missed_caught_up_and_the_rest_paid(
    asked: Matter, chan: Actor, noy: Actor, factory: Employer, debt: Obligation, now: datetime
) -> None:
    plan.decide(chan, asked, True, FINE)
    first = asked.instalments.get(place=1)
    plan.follow_all((first.due_on - timedelta(days=3)).isoformat())
    plan.follow_all((first.due_on - timedelta(days=2)).isoformat())
    plan.follow_all((first.due_on + timedelta(days=1)).isoformat())
    asked.refresh_from_db()
    assert asked.state == "missed" and asked.until == first.due_on + timedelta(days=7)
    told = Message.objects.filter(wording__in=["plan_due", "plan_missed"]).values_list("wording", flat=True)
    assert sorted(told) == ["plan_due"] * 2 + ["plan_missed"] * 2, "both people once, though the job ran on"
    notice = collect.ask(noy, factory, [debt.month], most=Kip(first.amount))
    assert notice.amount == first.amount
    pay(now, payment(notice.amount, notice.reference, paid_at=now))
    plan.follow_all((first.due_on + timedelta(days=2)).isoformat())
    asked.refresh_from_db()
    assert asked.state == "approved"
    rest = plan.follow(asked, noy.today).rest
    assert rest == asked.amount - first.amount
    notice = collect.ask(noy, factory, [debt.month])
    assert notice.amount == rest
    pay(now, payment(notice.amount, notice.reference, "FT2", paid_at=now))
    plan.follow_all((first.due_on + timedelta(days=3)).isoformat())
    asked.refresh_from_db()
    debt.refresh_from_db()
    assert (asked.state, debt.open, charges_open(factory.id)) == ("done", 0, 0)
    assert not Pause.objects.filter(ends=None).exists()
    assert broken() == {}


def test_only_a_person_ends_a_missed_plan_and_the_certificates_on_it(
    asked: Matter, chan: Actor, noy: Actor, now: datetime
) -> None:
    plan.decide(chan, asked, True, FINE)
    assert noy.account_id is not None
    resting, other = (
        issue_clearance(
            number=number, employer=asked.employer, issued_at=now, issued_by_id=noy.account_id,
            until=noy.today + timedelta(days=30), plan=rests_on, code=number,
        )
        for number, rests_on in (("K26-AAAAAAAAAA", asked), ("K26-BBBBBBBBBB", None))
    )  # fmt: skip
    first = asked.instalments.get(place=1)
    plan.follow_all((first.due_on + timedelta(days=1)).isoformat())
    resting.refresh_from_db()
    assert resting.withdrawn_at is None, "no machine takes one back"
    with pytest.raises(NotAllowed):
        plan.end(Actor.system(now), asked, FINE)
    plan.end(chan, asked, "Two instalments are missing since May.")
    asked.refresh_from_db()
    assert asked.state == "ended"
    resting.refresh_from_db()
    other.refresh_from_db()
    assert (resting.withdrawn_by_id, resting.why) == (
        chan.account_id,
        "Two instalments are missing since May.",
    )
    assert other.withdrawn_at is None
    assert not Pause.objects.filter(ends=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_payment_racing_a_plan(
    rate: None, debt: Obligation, noy: Actor, factory: Employer, now: datetime
) -> None:
    """Either the plan is about the debt as it was seen, or it is refused: never about money that is paid."""
    notice = collect.ask(noy, factory, [debt.month])
    seal = plan.preview(factory, 2, noy.today).seal
    paid, outcome = at_once(
        lambda: pay(now, payment(notice.amount, notice.reference, paid_at=now)),
        lambda: plan.ask(noy, factory, 2, WHY, seal),
    )
    assert paid.amount == notice.amount
    if isinstance(outcome, Exception):
        assert isinstance(outcome, Refused | plan.WrongPlan)
    else:
        assert plan.follow(outcome, noy.today).rest == 0
    assert broken() == {}


def test_reminders_leave_plans_and_disputes_out(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month, workers: list[Person]
) -> None:
    declared(kham, noy, factory, open_month)
    month = Obligation.objects.get(month=open_month)
    before = noy if noy.today < month.due_on else replace(
        noy, at=datetime.combine(month.due_on - timedelta(days=3), time(5), VIENTIANE)
    )  # fmt: skip
    matter = dispute.line(before, factory, open_month, workers[0], WHY)
    chase.remind_employers((month.due_on - timedelta(days=3)).isoformat())
    said = {row.values["amount"] for row in Message.objects.filter(wording__startswith="remind_pay")}
    assert said == {f"{month.open - matter.amount:,}".replace(",", ".")}


# Waivers


@pytest.fixture
def charge(rate: None, debt: Obligation, kham: Actor, factory: Employer, now: datetime) -> Charge:
    collect.ask(kham, factory, [debt.month])
    pays_late(debt, now, debt.owed, 10)
    return Charge.objects.get()


def test_a_waiver_needs_another_person_and_gives_up_what_it_says(
    charge: Charge, noy: Actor, chan: Actor, factory: Employer
) -> None:
    matter = waive.ask(noy, factory, charge.month, Kip(charge.amount - 1), "disaster", WHY)
    waive.decide(chan, matter, True, FINE)
    charge.refresh_from_db()
    assert (charge.waived, charge.open) == (charge.amount - 1, 1)
    assert broken() == {}


def test_an_officers_own_proposal_is_decided_by_another(
    charge: Charge, chan: Actor, vone: Actor, factory: Employer
) -> None:
    matter = waive.ask(
        chan, factory, charge.month, Kip(charge.amount), "our_fault", "Our system was down that day."
    )
    with pytest.raises(Refused, match="same_person"):
        waive.decide(chan, matter, True, FINE)
    waive.decide(vone, matter, True, FINE)
    assert charges_open(factory.id) == 0 and broken() == {}


def test_a_large_waiver_needs_a_third_person(
    rate: None, noy: Actor, chan: Actor, vone: Actor, factory: Employer, open_month: Month, now: datetime
) -> None:
    Charge.objects.create(
        key="large", employer=factory, month=open_month - 2, debt=10**9, due_on=now.date(), paid_on=now.date(), late=10,
        per="day", rate="1 %", amount=6_000_000, made_at=now,
    )  # fmt: skip
    matter = waive.ask(noy, factory, open_month - 2, Kip(6_000_000), "disaster", WHY)
    assert waive.decide(chan, matter, True, FINE).state == "half"
    assert charges_open(factory.id) == 6_000_000
    with pytest.raises(Refused, match="same_person"):
        waive.decide(chan, matter, True, FINE)
    assert waive.decide(vone, matter, True, FINE).state == "approved"
    assert charges_open(factory.id) == 0


@pytest.mark.parametrize(
    ("amount", "reason", "text", "code"),
    [(0, "other", WHY, "amount"), (10**12, "other", WHY, "amount"), (1, "nice", WHY, "reason"), (1, "other", " a ", "short")],
)  # fmt: skip
def test_a_waiver_that_cannot_be(
    charge: Charge, noy: Actor, factory: Employer, amount: int, reason: str, text: str, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        waive.ask(noy, factory, charge.month, Kip(amount), reason, text)


# Disputes


def test_a_disputed_worker_stops_the_days_of_his_line_only(
    rate: None, debt: Obligation, kham: Actor, chan: Actor, factory: Employer, workers: list[Person]
) -> None:
    share = debt.owed // len(workers)
    before = late.forecasts(factory.id, [debt], kham.today)[0].running
    matter = dispute.line(kham, factory, debt.month, workers[0], "She left in June, as form 1-07 says.")
    assert matter.amount == share
    [told] = late.forecasts(factory.id, [debt], kham.today + timedelta(days=10))
    assert told.running - before == (debt.owed - share) * 10 // 1000
    dispute.answer(later(chan, 10), matter, False, "She is on the list that you signed.")
    [told] = late.forecasts(factory.id, [debt], kham.today + timedelta(days=20))
    assert {part.debt: part.frozen for part in told.parts} == {debt.owed - share: 0, share: 10}
    assert broken() == {}


def test_a_disputed_charge_is_asked_of_nobody_and_falls_by_two_officers(
    charge: Charge, kham: Actor, chan: Actor, vone: Actor, factory: Employer
) -> None:
    matter = dispute.charge(kham, factory, charge.id, "Our bank paid on the due date.")
    with pytest.raises(collect.NothingToPay):
        collect.ask(kham, factory, [charge.month])
    dispute.answer(chan, matter, True, "The bank's statement shows the due date.")
    [asked] = Matter.objects.filter(kind="waiver")
    with pytest.raises(Refused, match="same_person"):
        waive.decide(chan, asked, True, FINE)
    waive.decide(vone, asked, True, FINE)
    assert charges_open(factory.id) == 0 and broken() == {}


def test_an_answered_charge_is_asked_for_again(
    charge: Charge, kham: Actor, chan: Actor, factory: Employer
) -> None:
    matter = dispute.charge(kham, factory, charge.id, "Our bank paid on the due date.")
    dispute.answer(chan, matter, False, "The bank's statement shows ten days later.")
    assert collect.ask(kham, factory, [charge.month]).amount == charge.amount
    with pytest.raises(Refused, match="state"):
        dispute.answer(chan, matter, True, FINE)


def test_a_dispute_that_cannot_be(
    debt: Obligation,
    kham: Actor,
    factory: Employer,
    other_factory: Employer,
    workers: list[Person],
    open_month: Month,
) -> None:
    stranger = Person.objects.exclude(id__in=[one.id for one in workers]).first()
    assert stranger is not None
    for month, person in ((open_month - 1, workers[0]), (debt.month, stranger)):
        with pytest.raises(Refused, match="unknown"):
            dispute.line(kham, factory, month, person, WHY)
    with pytest.raises(Refused, match="unknown"):
        dispute.charge(kham, factory, 999_999, WHY)
    dispute.line(kham, factory, debt.month, workers[0], WHY)
    with pytest.raises(Refused, match="live"):
        dispute.line(kham, factory, debt.month, workers[0], WHY)


# Assessments


@pytest.fixture
def proposed(sing: Actor, factory: Employer, open_month: Month) -> Matter:
    return appraise.propose(
        sing, factory, open_month - 2, 10, Kip(3_000_000), "Seen at the visit of the works."
    )


def test_an_assessment_is_priced_by_the_law_and_shown_by_a_second_officer(
    proposed: Matter, sing: Actor, chan: Actor, noy: Actor
) -> None:
    assert proposed.amount == 10 * (180_000 + 165_000)
    with pytest.raises(Refused, match="same_person"):
        appraise.confirm(sing, proposed, True, FINE)
    with pytest.raises(Refused, match="state"):
        appraise.accept(noy, proposed)
    shown = appraise.confirm(chan, proposed, True, FINE)
    assert shown.until == chan.today + timedelta(days=30)
    assert Message.objects.filter(wording="assessment_shown").exists()
    assert appraise.accept(noy, shown).state == "accepted"
    assert not Obligation.objects.exists(), "it is his declaration that makes the debt"


def test_an_assessment_is_contested_in_time_and_answered_by_a_third(
    proposed: Matter, sing: Actor, chan: Actor, vone: Actor, noy: Actor
) -> None:
    shown = appraise.confirm(chan, proposed, True, FINE)
    with pytest.raises(Refused, match="late"):
        appraise.contest(later(noy, 31), shown, "We had six workers.")
    appraise.contest(later(noy, 30), shown, "We had six workers.")
    for actor in (sing, chan):
        with pytest.raises(Refused, match="same_person"):
            appraise.answer(actor, shown, True, FINE)
    assert appraise.answer(vone, shown, False, FINE).state == "refused"


def test_the_machine_and_the_employer_assess_nobody(
    factory: Employer, open_month: Month, now: datetime, noy: Actor
) -> None:
    for actor in (Actor.system(now), noy):
        with pytest.raises(NotAllowed):
            appraise.propose(actor, factory, open_month - 2, 10, Kip(3_000_000), FINE)


def test_an_assessment_that_cannot_be(
    debt: Obligation, sing: Actor, factory: Employer, open_month: Month
) -> None:
    wrong = [
        (debt.month, 1, 1, "declared"), (open_month + 1, 1, 1, "month"), (factory.first_month - 1, 1, 1, "month"),
        (open_month - 2, 0, 1, "workers"), (open_month - 2, 1, 0, "wage"),
    ]  # fmt: skip
    for month, workers, wage, code in wrong:
        with pytest.raises(Refused, match=code):
            appraise.propose(sing, factory, month, workers, Kip(wage), FINE)
