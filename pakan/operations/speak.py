"""What the fund says by itself: queued once a key, and sent to phones by day only.

Below the verbs, so that each of them speaks in the same way; `notify` hands the messages to the operator.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from procrastinate.types import JSONValue

from pakan.operations.later import later
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.access.models import Mandate
from pakan.registers.access.roles import Role
from pakan.registers.messages.actions import queue
from pakan.registers.people.models import Employer

# In Vientiane (standard of messages, section 5).
QUIET_FROM, QUIET_UNTIL = time(20), time(7)
CHUNK = 500
# An administrator prepares too: in a small company nobody else would hear.
TOLD = (Role.EMPLOYER_PREPARER, Role.EMPLOYER_APPROVER, Role.EMPLOYER_ADMINISTRATOR)


def after_quiet(at: datetime) -> datetime | None:
    """The moment from which a phone may ring again; None if it may now."""
    if not settings.QUIET_HOURS:
        return None
    here = at.astimezone(VIENTIANE)
    if QUIET_UNTIL <= here.time() < QUIET_FROM:
        return None
    day = here.date() + timedelta(days=1 if here.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, VIENTIANE)


def people_of(employers: QuerySet[Employer], at: datetime) -> Iterator[dict[str, Any]]:
    """Each person who may act for one of these employers, once an employer."""
    mandates = Mandate.objects.filter(
        Q(end=None) | Q(end__gt=at), start__lte=at, role__in=TOLD, account__is_active=True, employer__in=employers
    )  # fmt: skip
    once = mandates.order_by("employer_id", "account_id").distinct("employer_id", "account_id")
    for one in once.values(
        "employer_id", "employer__code", "employer__name_lo", "employer__name_en", "account_id",
        "account__phone", "account__language",
    ):  # fmt: skip
        yield dict(one)


def say(rows: Iterable[dict[str, Any]], at: datetime, at_once: bool = False) -> int:
    """Queue these messages (rows as `messages.actions.queue` takes them) and have them sent; how many were new."""
    every = list(rows)
    not_before = None if at_once else after_quiet(at)  # who has just written to us is awake
    new = 0
    for start in range(0, len(every), CHUNK):
        with transaction.atomic():
            ids = queue(every[start : start + CHUNK], at)
            if ids:
                later("notify.send", not_before=not_before, message_ids=list[JSONValue](ids))
        new += len(ids)
    return new
