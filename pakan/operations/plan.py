"""Plan: a late debt is paid in instalments (C116): asked, previewed, approved by an officer, followed.

While a plan is asked for and kept, the days do not count for late charges and nobody is reminded but of its instalments.
A missed instalment is told and may be caught up; only a person ends a plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.law.recovery.rule import WrongPlan, catch_up_until, instalments, recovery_on
from pakan.operations import agree, late
from pakan.operations.agree import Refused
from pakan.operations.law_in_force import in_force
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.compliance import actions, queries
from pakan.registers.compliance.models import Instalment, Matter
from pakan.registers.compliance.states import Kind, State
from pakan.registers.contributions import actions as contributions
from pakan.registers.contributions.models import Obligation
from pakan.registers.contributions.queries import open_obligations
from pakan.registers.people.models import Employer
from pakan.units.money import Kip, dotted
from pakan.units.month import Month
from pakan.units.words import english_date, lao_date

__all__ = ["Refused", "WrongPlan"]
LADDER = RetryStrategy(max_attempts=6, wait=300)
TOLD_BEFORE = 3  # days before an instalment


@dataclass(frozen=True)
class Preview:
    """What a plan would be: its months, the whole sum, and each instalment. Nothing has happened yet."""

    lines: tuple[late.Forecast, ...]
    total: Kip
    parts: tuple[tuple[date, Kip], ...]

    @property
    def seal(self) -> str:
        """As one line: the form sends it back, and a debt that changed meanwhile is noticed."""
        return f"{self.total}:" + ",".join(f"{one.month}:{one.total}" for one in self.lines)


def preview(employer: Employer, count: int, today: date) -> Preview:
    """A plan for everything overdue. Raises WrongPlan 'nothing', 'count' or 'small'."""
    return _preview(
        employer.id, [one for one in open_obligations(employer.id) if one.due_on < today], count, today
    )


def _preview(employer_id: int, debts: Sequence[Obligation], count: int, today: date) -> Preview:
    lines = tuple(late.forecasts(employer_id, debts, today))
    total = Kip(sum(one.total for one in lines))
    parts = instalments(total, count, today, recovery_on(today), in_force().holidays)
    return Preview(lines, total, tuple(parts))


@verb("plan.ask")
def ask(actor: Actor, employer: Employer, count: int, text: str, seal: str) -> Matter:
    """Ask for instalments of everything overdue. Raises Refused 'live', 'changed', 'short'; WrongPlan."""
    actions.lock_employer(employer.id)
    if queries.live(employer.id, Kind.PLAN):
        raise Refused("live")
    months = [one.month for one in open_obligations(employer.id) if one.due_on < actor.today]
    found = _preview(employer.id, contributions.lock_obligations(employer.id, months), count, actor.today)
    if found.seal != seal:
        raise Refused("changed")
    facts = {"months": {str(one.month): one.total for one in found.lines}, "count": count}
    matter = agree.opened(actor, Kind.PLAN, employer, amount=found.total, text=agree.said(text), facts=facts)
    actions.write_instalments(matter, found.parts)
    for one in found.lines:
        actions.pause(matter, one.month, actor.today, None)
    return matter


@verb("plan.withdraw")
def withdraw(actor: Actor, matter: Matter) -> Matter:
    """The employer takes the question back: the days count as if it had not been asked. Raises Refused 'state'."""
    matter = agree.withdrawn(actor, agree.held(actor, matter, Kind.PLAN))
    _unpause(matter)
    return matter


@verb("plan.decide")
def decide(actor: Actor, matter: Matter, agrees: bool, text: str) -> Matter:
    """An officer answers. Raises Refused 'state', 'same_person' or 'short'."""
    matter = agree.held(actor, matter, Kind.PLAN)
    matter = agree.decided(actor, matter, State.APPROVED if agrees else State.REFUSED, text)
    if not agrees:
        _unpause(matter)
    return matter


def _unpause(matter: Matter) -> None:
    for pause in matter.pauses.filter(ends=None):
        actions.end_pauses(matter, pause.begins)


@verb("plan.end")
def end(actor: Actor, matter: Matter, text: str) -> Matter:
    """An officer ends a plan whose instalment was missed; from today the days count. Raises Refused 'state', 'short'.

    Certificates of good standing that rest on it are taken back by the same person with the same words (C122); a missed
    instalment alone takes none back, as no machine does.
    """
    matter = agree.held(actor, matter, Kind.PLAN)
    agree.moved(matter, State.ENDED)
    matter = actions.step(matter, State.ENDED, actor.at, actor.account_id, agree.said(text))
    actions.end_pauses(matter, actor.today)
    assert actor.account_id is not None
    withdrawn = actions.withdraw_clearances_of(matter, actor.at, actor.account_id, agree.said(text))
    remember(matter.number, certificates=withdrawn)
    agree.tell(actor, matter, "matter_answered", State.ENDED.value)
    return matter


# --- following -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Followed:
    """How far a plan is: each instalment with what was paid of it."""

    rest: Kip
    parts: tuple[tuple[Instalment, Kip], ...]

    def unpaid(self, day: date) -> tuple[Instalment, Kip] | None:
        """The first instalment due by `day` that is not whole, and all that is missing by then."""
        due = [
            (one, Kip(one.amount - paid))
            for one, paid in self.parts
            if one.due_on <= day and paid < one.amount
        ]
        return (due[0][0], Kip(sum(missing for _, missing in due))) if due else None

    @property
    def next(self) -> tuple[Instalment, Kip] | None:
        """The next instalment that is not whole, and what is missing of it and of those before."""
        return next(((one, Kip(one.amount - paid)) for one, paid in self.parts if paid < one.amount), None)


def months_of(matter: Matter) -> list[Month]:
    return [Month.parse(month) for month in matter.facts["months"]]


def follow(matter: Matter, day: date) -> Followed:
    """What is left of the plan's months, and so how many instalments are paid: whatever paid them."""
    debts = list(
        Obligation.objects.filter(
            employer_id=matter.employer_id, month__in=[m.first for m in months_of(matter)]
        )
    )
    rest = Kip(sum(one.total for one in late.forecasts(matter.employer_id, debts, day)))
    left, parts = Kip(max(0, matter.amount - rest)), []
    for one in matter.instalments.order_by("place"):
        paid = Kip(min(left, one.amount))
        parts.append((one, paid))
        left = Kip(left - paid)
    return Followed(rest, tuple(parts))


@app.task(name="plan.follow_all", retry=LADDER)
def follow_all(day: str) -> None:
    """Each plan in force, every day: told before an instalment, missed, caught up, or done."""
    today = date.fromisoformat(day)
    live = Matter.objects.filter(kind=Kind.PLAN.value, state__in=queries.KEPT)
    for matter in live.order_by("id"):
        _follow_one(Actor.system(timezone.now()), matter, today)


@verb("plan.follow")
def _follow_one(actor: Actor, matter: Matter, today: date) -> None:
    actions.lock_employer(matter.employer_id)
    matter = actions.lock(matter.number)
    found = follow(matter, today)
    late_part = found.unpaid(today - timedelta(days=1))
    if found.rest == 0:
        actions.step(matter, State.DONE, actor.at, None)
        actions.end_pauses(matter, today)
    elif late_part and matter.state == State.APPROVED.value:
        part, missing = late_part
        until = catch_up_until(part.due_on, recovery_on(today))
        actions.step(matter, State.MISSED, actor.at, None, until=until)
        _tell(actor, matter, "plan_missed", part, missing, until)
    elif late_part is None and matter.state == State.MISSED.value:
        actions.step(matter, State.APPROVED, actor.at, None, until=None)
    elif ahead := found.unpaid(today + timedelta(days=TOLD_BEFORE)):
        _tell(actor, matter, "plan_due", *ahead, ahead[0].due_on)


def _tell(actor: Actor, matter: Matter, wording: str, part: Instalment, missing: Kip, until: date) -> None:
    agree.tell(
        actor, matter, wording, f"{wording}:{part.place}", place=str(part.place), amount=dotted(missing),
        until_lo=lao_date(until), until_en=english_date(until),
    )  # fmt: skip
