"""Watch: whether the service works, and what people are owed when it did not (C86, C191).

Once a minute the worker asks our own web for its health. A gap in those minutes is an outage, found by the house itself as
soon as it stands again; people may write one down too (a bank's or an operator's). Due days on it move (operations/due).
"""

import logging
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from pakan.operations import due
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.service import actions
from pakan.registers.service.models import Outage

log = logging.getLogger("pakan.watch")

WEB = "web"
GAP = timedelta(minutes=10)  # shorter ones are a restart
LONGEST = timedelta(days=7)  # a machine that was switched off on purpose; a person writes that down
ASK_SECONDS = 10


class WrongStretch(ValueError):
    """The outage cannot have been then: 'backwards', 'future' or 'too_long'."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@app.periodic(cron="* * * * *")
@app.task(name="watch.look", queueing_lock="watch.look")
def look(timestamp: int) -> None:
    """Ask our own web whether it answers; if it does, note the minute and whatever gap lies behind it."""
    if web_answers():
        seen_alive(Actor.system(timezone.now(), "watch"))


def web_answers() -> bool:
    """Whether the web says that it is well, database and all."""
    try:
        address = f"{settings.BASE_URL}/health"
        return httpx.get(address, timeout=ASK_SECONDS, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def seen_alive(actor: Actor) -> Outage | None:
    """The web answered at `actor.at`. The outage that just ended, if there was one."""
    with transaction.atomic():
        before = actions.beat(WEB, actor.at)
        if before is None or not GAP < actor.at - before < LONGEST:
            return None
        return _found(actor, before)


@verb("watch.found")
def _found(actor: Actor, start: datetime) -> Outage | None:
    outage = actions.note_outage(start, actor.at, actor.at)
    if outage is None:
        return None
    moved = due.make_good(outage, actor.at)
    remember(f"outage {outage.id}", minutes=int((actor.at - start).total_seconds()) // 60, moved=len(moved))
    log.error("the service was down", extra={"facts": {"since": start.isoformat(), "days": len(moved)}})
    return outage


@verb("watch.note_outage")
def note_outage(actor: Actor, start: datetime, end: datetime, lo: str = "", en: str = "") -> Outage | None:
    """A person writes down an outage that the house could not see. None if it stands there already. Raises WrongStretch."""
    if end <= start:
        raise WrongStretch("backwards")
    if end > actor.at:
        raise WrongStretch("future")
    if end - start > LONGEST:
        raise WrongStretch("too_long")
    outage = actions.note_outage(start, end, actor.at, found_by=actor.account_id, lo=lo[:200], en=en[:200])
    if outage is not None:
        moved = due.make_good(outage, actor.at)
        remember(f"outage {outage.id}", start=start.isoformat(), end=end.isoformat(), moved=len(moved))
    return outage
