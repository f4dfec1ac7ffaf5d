"""Paying an award: what falls due, once a month, to the account that was decided on and that the person still has (A9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.law.calendar.holidays import next_working_day
from pakan.operations import payout, recovering
from pakan.operations.award.schedule import Part, less, parts
from pakan.operations.casework import Refused, payable, tell
from pakan.operations.later import later
from pakan.operations.law_in_force import in_force
from pakan.operations.payout import Payout
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.benefits import actions, queries
from pakan.registers.benefits.models import SUPERSEDED, Award, Claim, Instalment, PayeeAccount
from pakan.registers.benefits.states import State, StepName
from pakan.registers.ledger.actions import BENEFITS_PAYABLE
from pakan.registers.lives.queries import death_of, stands_still
from pakan.registers.payments.actions import lock_payout
from pakan.registers.payments.queries import payout_of
from pakan.units.money import Kip, dotted
from pakan.units.month import Month

PAY_DAY = 25  # of the month, or the next day on which banks are open
KIND = "benefit"
LADDER = RetryStrategy(max_attempts=6, wait=300)
WAITS = (Instalment.State.DUE, Instalment.State.HELD, Instalment.State.REFUSED)
HELD_FOR_A_PERSON = ("payee_changed", "no_account")


@dataclass(frozen=True)
class Planned:
    """A payment of the year: done, under way, or to come. `state` '' and no `id` of an instalment for one to come."""

    month: Month
    kip: Kip
    due_on: date
    benefit: str
    state: str
    paid_on: date | None
    id: int | None = None


# --- what falls due --------------------------------------------------------------------------------------------------


def parts_of(award: Award, until: Month) -> list[Part]:
    """The months of an award to `until`, less what an earlier award paid; none that begins after it ended."""
    every = parts(award.kind, award.kip, award.start, award.end, until)
    left = less(every, award.carried)
    if award.ended_on is None:
        return left
    return [(month, kip) for month, kip in left if month <= Month.of(award.ended_on)]


def pay_day(award: Award, month: Month) -> date:
    """A lump sum at once, a month on the pay day."""
    if award.kind == Award.Kind.LUMP_SUM:
        return award.start
    return next_working_day(month.first.replace(day=PAY_DAY), in_force().holidays, banks=True)


def fall_due(award: Award, today: date, at: datetime) -> list[Instalment]:
    """Instalments (award locked) of all months whose pay day has come, each once, and the orders to pay them."""
    if stands_still(award.person_id):
        return []  # its months fall due all together when it goes on
    there = set(award.instalments.values_list("month", flat=True))
    made = []
    for month, kip in parts_of(award, Month.of(today)):
        day = pay_day(award, month)
        if day <= today and month not in there:
            made.append(actions.fall_due(award, month, kip, max(day, today), at))
    for one in made:
        recovering.deduct(one, at)
        order(one, at)
    return made


def order(instalment: Instalment, at: datetime) -> Payout:
    """Have it paid to the account of the award."""
    award = instalment.award
    actions.mark(instalment, Instalment.State.ORDERED)
    return payout.order(
        kind=KIND, subject=f"instalment:{instalment.id}", amount=recovering.net(instalment), bank=award.payee.bank,
        account=award.payee.number, name=award.payee.name, liability=BENEFITS_PAYABLE,
        purpose=f"SSO {award.benefit.upper().replace('_', ' ')} {instalment.month} {award.claim.number}", at=at,
        person_id=award.person_id,
    )  # fmt: skip


@app.task(name="award.fall_due_all", retry=LADDER)
def fall_due_all() -> None:
    """Each day: whatever falls due of running awards. Run twice, it pays nothing twice."""
    now = timezone.now()
    for award_id in queries.running_awards(now.astimezone(VIENTIANE).date()):
        _fall_due(Actor.system(now, "benefits"), award_id)


@app.task(name="award.go_on", retry=LADDER)
def go_on(person_id: int) -> None:
    """A person's payments stood still and go on: the months since then fall due, and what was held is sent."""
    now = timezone.now()
    for award in queries.awards_of(person_id):
        _fall_due(Actor.system(now, "benefits"), award.id)
    with transaction.atomic():
        later("payout.retry_held")


@verb("award.fall_due")
def _fall_due(actor: Actor, award_id: int) -> int:
    award = actions.lock_award(award_id)
    made = fall_due(award, actor.today, actor.at)
    remember(award.claim.number, person_id=award.person_id, instalments=len(made))
    return len(made)


def replace_older(claim: Claim, label: str, on: date, at: datetime) -> tuple[int, Award | None]:
    """End the awards of the claim with this label: what they have not paid is cancelled. What they paid, and the newest."""
    paid, newest = 0, None
    for older in Award.objects.filter(claim=claim, label=label, ended_on=None).order_by("id"):
        award = actions.lock_award(older.id)
        for one in award.instalments.exclude(state=Instalment.State.CANCELLED).select_related("award"):
            if one.state in WAITS and _may_cancel(one, at):
                actions.cancel(one, at)
            else:
                paid += int(one.kip)
        paid += int(award.carried)
        actions.end_award(award, on, SUPERSEDED)
        newest = award
    return paid, newest


def _may_cancel(instalment: Instalment, at: datetime) -> bool:
    """Whether its money is not on the way; a held payout is ended with it."""
    found = payout_of(f"instalment:{instalment.id}")
    if found is None or found.state == Payout.State.REFUSED:
        return True
    held = lock_payout(found.id)
    if held.state != Payout.State.HELD:
        return False
    payout.cancel(held, at, "cancelled")
    return True


# --- the owner of its payouts ----------------------------------------------------------------------------------------


def _of(sent: Payout) -> Instalment:
    """The instalment, held with its award until the transaction ends."""
    instalment_id = int(sent.subject.removeprefix("instalment:"))
    award_id = Instalment.objects.values_list("award_id", flat=True).get(id=instalment_id)
    award = actions.lock_award(award_id)
    found = Instalment.objects.select_for_update().get(id=instalment_id)
    found.award = award
    return found


def may_send(sent: Payout, at: datetime) -> str:
    """Asked at the moment of sending: frozen, another account than decided, its name not checked, or still cooling?"""
    award = _of(sent).award
    if award.payee_digest != sent.digest:
        return "payee_changed"
    return payable(award.person_id, sent.digest, at)


def _paid(sent: Payout, at: datetime) -> None:
    instalment = _of(sent)
    claim, today = instalment.award.claim, at.astimezone(VIENTIANE).date()
    actions.mark(instalment, Instalment.State.PAID, paid_on=today)
    death = death_of(claim.person_id)
    if death is not None and death.confirmed_at is not None and instalment.month > Month.of(death.died_on):
        actions.overpaid_after_death(instalment, at)  # it was on its way when the death was confirmed
    locked = actions.lock_by_id(claim.id)
    actions.step(locked, StepName.INSTALMENT_PAID, at, text=str(instalment.month))
    tell(
        locked.person, f"instalment:{instalment.id}:{sent.number}", "benefit_paid", at, amount=dotted(sent.amount),
        number=claim.number, account=instalment.award.payee.masked,
    )  # fmt: skip
    if locked.state == State.APPROVED and all_paid(locked):
        actions.turn(locked, State.PAID, StepName.PAID, at)


def _refused(sent: Payout, at: datetime) -> None:
    instalment = _of(sent)
    actions.mark(instalment, Instalment.State.REFUSED, sent.why)
    locked = actions.lock_by_id(instalment.award.claim_id)
    if locked.state == State.PAID:
        actions.turn(locked, State.APPROVED, StepName.REOPENED, at, text="came_back")
    tell(
        locked.person, f"instalment:{instalment.id}:{sent.number}:no", "benefit_not_paid", at,
        amount=dotted(sent.amount), number=locked.number, account=instalment.award.payee.masked,
    )  # fmt: skip


def _held(sent: Payout, at: datetime) -> None:
    instalment = _of(sent)
    if instalment.state == Instalment.State.ORDERED:
        actions.mark(instalment, Instalment.State.HELD, sent.why)


def all_paid(claim: Claim) -> bool:
    """Whether everything that the claim's awards in force give is paid: never, where one has no end yet."""
    awards = list(Award.objects.filter(claim=claim).exclude(ended_why=SUPERSEDED))
    if not awards or any(award.total is None and award.ended_on is None for award in awards):
        return False
    for award in awards:
        last = Month.of(award.ended_on or award.end or award.start)
        paid = award.instalments.filter(state=Instalment.State.PAID).values_list("kip", flat=True)
        if sum(paid) < sum(kip for _, kip in parts_of(award, last)):
            return False
    return True


def ordered_again(instalment: Instalment) -> None:
    """Its payout was released."""
    if instalment.state == Instalment.State.HELD:
        actions.mark(instalment, Instalment.State.ORDERED)


payout.register(
    KIND, payout.Owner(may_send, _paid, _refused, _held, lambda sent, at: ordered_again(_of(sent)))
)


# --- when a person must help -----------------------------------------------------------------------------------------


@verb("award.confirm_payee")
def confirm_payee(actor: Actor, number: str) -> int:
    """Pay the claim's awards to the account that the person has now: asked for by the person, confirmed by an officer
    who did not enter it, after it has cooled. How many held instalments go on.

    Raises Refused 'unknown', 'nothing', 'payee' (no account, or its name is not checked, or still cooling), 'same_person'.
    """
    claim = actions.lock(number)
    if claim is None:
        raise Refused("unknown")
    account = queries.payee_of(claim.person_id)
    if account is None or not account.checked or actor.at < account.usable_from:
        raise Refused("payee")
    if actor.account_id in (account.asked_by_id, account.looked_by_id):
        raise Refused("same_person")
    digest = actions.digest_of(account)
    awards = [
        actions.lock_award(one.id) for one in claim.awards.filter(ended_on=None).exclude(payee_digest=digest)
    ]
    if not awards:
        raise Refused("nothing")
    moved = sum(_pay_to(award, account, actor.at) for award in awards)
    actions.step(claim, StepName.PAYEE_CONFIRMED, actor.at, actor.account_id)
    remember(number, person_id=claim.person_id, account=account.id, instalments=moved)
    return moved


def _pay_to(award: Award, account: PayeeAccount, at: datetime) -> int:
    actions.pay_to(award, account)
    held = award.instalments.filter(state=Instalment.State.HELD).select_related(
        "award__payee", "award__claim"
    )
    moved = 0
    for one in held:
        found = payout_of(f"instalment:{one.id}")
        if found is not None and found.state == Payout.State.HELD:
            payout.cancel(lock_payout(found.id), at, "payee_changed")
        order(one, at)
        moved += 1
    return moved


@verb("award.pay_again")
def pay_again(actor: Actor, instalment_id: int) -> Instalment:
    """Pay what the bank refused or sent back, to the account of the award. Raises Refused 'unknown' or 'state'."""
    found = queries.instalment(instalment_id)
    if found is None:
        raise Refused("unknown")
    award = actions.lock_award(found.award_id)
    instalment = Instalment.objects.select_for_update().get(id=instalment_id)
    if instalment.state != Instalment.State.REFUSED:
        raise Refused("state")
    instalment.award = award
    order(instalment, actor.at)
    remember(award.claim.number, person_id=award.person_id, instalment=instalment_id)
    return instalment


# --- the calendar ----------------------------------------------------------------------------------------------------


def calendar(person_id: int, year: int, today: date) -> list[Planned]:
    """Every payment of a year: what was paid, what is under way, and what is planned, in the order of days (C49)."""
    found: list[Planned] = []
    still = stands_still(person_id)
    for award in queries.awards_of(person_id):
        there = {one.month: one for one in award.instalments.all() if one.state != Instalment.State.CANCELLED}
        found += [_done(one, award) for one in there.values()]
        if award.ended_why != SUPERSEDED and not still:
            found += _to_come(award, set(there), Month(year, 12), today)
    return sorted((one for one in found if one.due_on.year == year), key=lambda one: (one.due_on, one.month))


def _done(one: Instalment, award: Award) -> Planned:
    return Planned(one.month, Kip(one.kip), one.due_on, award.benefit, one.state, one.paid_on, one.id)


def _to_come(award: Award, there: set[Month], until: Month, today: date) -> Sequence[Planned]:
    planned: list[Any] = [
        Planned(month, kip, max(pay_day(award, month), today), award.benefit, "", None)
        for month, kip in parts_of(award, until)
        if month not in there
    ]
    return planned
