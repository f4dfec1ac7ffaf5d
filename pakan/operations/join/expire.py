"""Requests that the applicant left alone: a reminder first, the end later (C63)."""

from datetime import timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.operations.join.apply import tell
from pakan.operations.join.terms import terms
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.joining import actions


@app.task(name="join.look_after", retry=RetryStrategy(max_attempts=5, wait=300))
def run() -> None:
    """Daily; twice does nothing more."""
    look_after(Actor.system(timezone.now()))


@verb("join.look_after")
def look_after(actor: Actor) -> tuple[int, int]:
    """How many were reminded, and how many ended. None ends without a reminder at least the days between before it."""
    now, term = actor.at, terms()
    between = timedelta(days=term.days_to_expiry - term.days_to_reminder)
    ended = actions.expire(now - timedelta(days=term.days_to_expiry), now - between, now)
    idle = actions.idle_since(now - timedelta(days=term.days_to_reminder))
    for one in idle:
        actions.note_reminder(one, now)
        tell(one, "joining_idle", now, number=one.number, days=str(between.days))
    remember("requests", reminded=len(idle), ended=len(ended))
    return len(idle), len(ended)
