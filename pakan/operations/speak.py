"""What the fund says by itself: queued once a key, and sent to phones by day only.

Below the verbs, so that each of them speaks in the same way; `notify` hands the messages to the operator.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from procrastinate.types import JSONValue

from pakan.operations.later import later
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.messages.actions import queue

QUIET_FROM, QUIET_UNTIL = time(20), time(7)  # in Vientiane (standard of messages, section 5)
CHUNK = 500


def after_quiet(at: datetime) -> datetime | None:
    """The moment from which a phone may ring again; None if it may now."""
    here = at.astimezone(VIENTIANE)
    if QUIET_UNTIL <= here.time() < QUIET_FROM:
        return None
    day = here.date() + timedelta(days=1 if here.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, VIENTIANE)


def say(rows: Iterable[dict[str, Any]], at: datetime) -> int:
    """Queue these messages (rows as `messages.actions.queue` takes them) and have them sent; how many were new."""
    every = list(rows)
    new = 0
    for start in range(0, len(every), CHUNK):
        with transaction.atomic():
            ids = queue(every[start : start + CHUNK], at)
            if ids:
                later("notify.send", not_before=after_quiet(at), message_ids=list[JSONValue](ids))
        new += len(ids)
    return new
