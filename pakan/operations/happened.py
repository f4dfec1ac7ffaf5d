"""Happened: a company's papers took a step that its software asked to be told of (C88).

Below the verbs: whoever signs a month or books money says so here, in the same transaction. The call to the company's
address is a job's.
"""

from datetime import datetime
from typing import Any

from pakan.operations.later import later
from pakan.registers.webhooks import actions, queries
from pakan.registers.webhooks.models import Delivery


def tell(employer_id: int, kind: str, key: str, subject: str, facts: dict[str, Any], at: datetime) -> None:
    """Write the event once and leave it to jobs to tell it. `facts`: numbers, months and kip; nobody's name."""
    wanted = [one for one in queries.endpoints_of(employer_id) if kind in one.kinds]
    if not wanted:
        return
    event, is_new = actions.write_event(employer_id, kind, key, subject, facts, at)
    if not is_new:
        return
    for endpoint in wanted:
        defer(actions.write_delivery(endpoint, event, at))


def defer(delivery: Delivery, not_before: datetime | None = None) -> None:
    """A job that tells it, with the caller's transaction. Two of them tell it once: the second finds it told."""
    later("webhooks.deliver", not_before=not_before, delivery_id=delivery.id)
