"""Remind: the ladder that a late month climbs, step by step with its dates (C124): message, letter, call, visit, order.

The machine writes messages and tasks; letters, calls, visits and orders are people's. A plan or a dispute stops the climb,
payment ends it. An order is signed by another officer than who visited.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db.models import F
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.integrations.formats.letter import ReminderLetter, render
from pakan.operations import agree, late
from pakan.operations.agree import Refused
from pakan.operations.speak import people_of, say
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.compliance import actions, queries
from pakan.registers.compliance.models import Reminder
from pakan.registers.contributions.models import Obligation
from pakan.registers.people.models import Employer
from pakan.units.money import Kip, dotted
from pakan.units.month import Month
from pakan.units.words import english_date, english_month, lao_date, lao_month

__all__ = ["Refused"]
LADDER = RetryStrategy(max_attempts=6, wait=300)
NAME_LETTERS = 24
PAID = "paid"  # what a step says that nobody has to take any more
LETTERS = ("letter", "order")


@dataclass(frozen=True)
class Rung:
    """A step, how many days after the due day it comes, and whether the machine takes it."""

    step: str
    days: int
    by: str
    lo: str
    en: str


@cache
def rungs() -> tuple[Rung, ...]:
    """The ladder, lowest first. Raises ValueError for one that does not climb."""
    data = tomllib.loads(Path(__file__).with_name("ladder.toml").read_text(encoding="utf-8"))
    found = tuple(Rung(**one) for one in data["rung"])
    if any(low.days >= high.days for low, high in pairwise(found)):
        raise ValueError("each step of the ladder comes later than the one before it")
    return found


def next_rung(due_on: date, taken: list[Reminder]) -> tuple[Rung, date] | None:
    """The step after those that were taken (oldest first), and its day; None at the top or while a task waits."""
    if taken and taken[-1].done_at is None:
        return None
    if len(taken) == len(rungs()):
        return None
    rung = rungs()[len(taken)]
    day = due_on + timedelta(days=rung.days)
    if taken:
        gap = rung.days - rungs()[len(taken) - 1].days
        day = max(day, taken[-1].due_on + timedelta(days=gap))
    return rung, day


@app.task(name="remind.climb_all", retry=LADDER)
def climb_all(day: str) -> None:
    """Each overdue month, every day: its next step where its day has come; steps of paid months are ended."""
    today = date.fromisoformat(day)
    overdue = Obligation.objects.filter(settled__lt=F("owed"), due_on__lt=today).values_list("id", flat=True)
    for obligation_id in list(overdue.order_by("employer_id", "month")):
        _climb(Actor.system(timezone.now()), obligation_id, today)
    for one in _no_longer_needed():
        actions.reminder_done(one, timezone.now(), None, PAID)


@verb("remind.climb")
def _climb(actor: Actor, obligation_id: int, today: date) -> None:
    debt = Obligation.objects.select_related("employer").get(id=obligation_id)
    actions.lock_employer(debt.employer_id)
    due_on = _counted_from(debt, today)
    if due_on is None:
        return
    taken = list(Reminder.objects.filter(employer=debt.employer, month=debt.month).order_by("due_on", "id"))
    found = next_rung(due_on, taken)
    if found is None or found[1] > today:
        return
    rung, day = found
    remember(f"{debt.employer.code} {debt.month} {rung.step}", employer_id=debt.employer_id)
    by_machine = rung.by == "machine"
    made = Reminder(
        employer=debt.employer, month=debt.month, step=rung.step, due_on=max(day, today) if by_machine else day,
        done_at=actor.at if by_machine else None,
    )  # fmt: skip
    if actions.plan_reminders([made]) and by_machine:
        say(_messages(debt, actor.at), actor.at)


def _counted_from(debt: Obligation, today: date) -> date | None:
    """The due day, moved by the days that a plan took out; None while nothing of the month may be asked for."""
    still = queries.standing_still(debt.month).get(debt.employer_id, 0)
    if debt.open <= still:
        return None
    [told] = late.forecasts(debt.employer_id, [debt], today)
    whole = [part.frozen for part in told.parts]
    return debt.due_on + timedelta(days=min(whole, default=0))


def _messages(debt: Obligation, at: datetime) -> Iterator[dict[str, Any]]:
    still = queries.standing_still(debt.month).get(debt.employer_id, 0)
    for one in people_of(Employer.objects.filter(id=debt.employer_id), at):
        lao = one["account__language"] == "lo" or not one["employer__name_en"]
        yield {
            "key": f"overdue:{debt.month}:{debt.employer_id}:{one['account_id']}",
            "wording": "month_overdue",
            "values": {
                "employer": str(one["employer__name_lo" if lao else "employer__name_en"])[:NAME_LETTERS],
                "code": one["employer__code"],
                "amount": dotted(debt.open - still),
                "month_lo": lao_month(debt.month),
                "month_en": english_month(debt.month),
                "due_lo": lao_date(debt.due_on),
                "due_en": english_date(debt.due_on),
            },
            "language": one["account__language"],
            "phone": one["account__phone"],
            "account_id": one["account_id"],
        }


def _no_longer_needed() -> list[int]:
    """Tasks of months that are paid in full."""
    waiting = Reminder.objects.filter(done_at=None)
    paid = {
        (one.employer_id, one.month)
        for one in Obligation.objects.filter(
            employer_id__in=waiting.values("employer_id"), settled__gte=F("owed")
        )
    }
    return [one.id for one in waiting if (one.employer_id, one.month) in paid]


# --- what people do --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """A step that a person has to take, with what is open now."""

    reminder: Reminder
    rung: Rung
    open: Kip
    days: int  # since it should have been taken


def to_do(today: date, step: str = "") -> list[Task]:
    """Steps that wait for an officer, the oldest first; months that are paid, in a plan or disputed are left out."""
    waiting = [one for one in queries.reminders_to_do(today) if not step or one.step == step]
    debts = {
        (debt.employer_id, debt.month): debt
        for debt in Obligation.objects.filter(employer_id__in={one.employer_id for one in waiting})
    }
    still = {month: queries.standing_still(month) for month in {one.month for one in waiting}}
    named, found = {one.step: one for one in rungs()}, []
    for one in waiting:
        debt = debts.get((one.employer_id, one.month))
        rest = debt.open - still[one.month].get(one.employer_id, 0) if debt else 0
        if rest > 0:
            found.append(Task(one, named[one.step], Kip(rest), (today - one.due_on).days))
    return found


@verb("remind.done")
def done(actor: Actor, reminder: Reminder, text: str) -> None:
    """An officer took the step and says what came of it. Raises Refused 'state', 'short' or 'same_person'."""
    assert actor.account_id is not None
    actions.lock_employer(reminder.employer_id)
    remember(f"reminder {reminder.id}", employer_id=reminder.employer_id, step=reminder.step)
    before = Reminder.objects.filter(employer_id=reminder.employer_id, month=reminder.month, step="visit")
    if reminder.step == "order" and before.filter(done_by_id=actor.account_id).exists():
        raise Refused("same_person")
    if not actions.reminder_done(reminder.id, actor.at, actor.account_id, agree.said(text)):
        raise Refused("state")


def letter_pdf(reminder: Reminder, today: date) -> bytes:
    """The letter or the order, in Lao and English: what is open, since when, and what the employer can do."""
    debt = Obligation.objects.select_related("employer").get(
        employer_id=reminder.employer_id, month=reminder.month
    )
    [told] = late.forecasts(debt.employer_id, [debt], today)
    data: ReminderLetter = {
        "number": f"{debt.employer.code}-{debt.month}-{reminder.step}",
        "is_order": reminder.step == "order",
        "employer": debt.employer.name_lo,
        "employer_code": debt.employer.code,
        "month": str(debt.month),
        "due_on": debt.due_on.isoformat(),
        "open": told.open,
        "charges": told.charges,
        "issued_on": today.isoformat(),
        "before": [
            {
                "step_lo": rung.lo,
                "step_en": rung.en,
                "on": one.done_at.astimezone(VIENTIANE).date().isoformat(),
            }
            for one, rung in steps_of(debt.employer_id, debt.month)
            if one.done_at is not None and one.id != reminder.id
        ],
    }
    return render("reminder", data)


def steps_of(employer_id: int, month: Month | None = None) -> list[tuple[Reminder, Rung]]:
    """Each step of an employer's months, the newest first; of one month, the oldest first."""
    named = {one.step: one for one in rungs()}
    rows = queries.reminders_of(employer_id)
    if month is not None:
        rows = [one for one in reversed(rows) if one.month == month]
    return [(one, named[one.step]) for one in rows if one.text != PAID]
