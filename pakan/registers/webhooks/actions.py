"""Writing endpoints, events and what became of deliveries."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from pakan.registers.people.models import Employer
from pakan.registers.webhooks.models import Delivery, Endpoint, Event


def open_endpoint(
    employer: Employer, url: str, kinds: Sequence[str], by: int | None, at: datetime
) -> tuple[Endpoint, bool]:
    """The endpoint at this address, and whether it is new: registered twice, it is one."""
    return Endpoint.objects.get_or_create(
        employer=employer,
        url=url,
        ended_at=None,
        defaults={
            "handle": secrets.token_hex(16),
            "kinds": sorted(set(kinds)),
            "made_by_id": by,
            "made_at": at,
        },
    )


def end_endpoint(endpoint: Endpoint, at: datetime) -> None:
    endpoint.ended_at = at
    endpoint.save(update_fields=["ended_at"])
    waiting = Delivery.objects.filter(endpoint=endpoint, state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.GIVEN_UP, said="endpoint removed", next_at=None)


def change_secret(endpoint: Endpoint, both_until: datetime) -> None:
    endpoint.serial, endpoint.both_until = endpoint.serial + 1, both_until
    endpoint.save(update_fields=["serial", "both_until"])


def write_event(
    employer_id: int, kind: str, key: str, subject: str, facts: dict[str, Any], at: datetime
) -> tuple[Event, bool]:
    """The event of this key, and whether it is new."""
    return Event.objects.get_or_create(
        key=key,
        defaults={
            "number": uuid4(),
            "employer_id": employer_id,
            "kind": kind,
            "subject": subject,
            "facts": facts,
            "at": at,
        },
    )


def write_delivery(endpoint: Endpoint, event: Event, at: datetime) -> Delivery:
    delivery, _ = Delivery.objects.get_or_create(endpoint=endpoint, event=event, defaults={"next_at": at})
    return delivery


def lock_delivery(delivery_id: int) -> Delivery:
    return Delivery.objects.select_for_update().get(id=delivery_id)


def tell_outcome(
    delivery: Delivery, state: str, said: str, tried_at: datetime, next_at: datetime | None
) -> None:
    delivery.state, delivery.said, delivery.tried_at, delivery.next_at = state, said[:60], tried_at, next_at
    delivery.tries += 1
    delivery.save(update_fields=["state", "said", "tried_at", "next_at", "tries"])


def wait_again(delivery: Delivery, at: datetime) -> None:
    """Begin the ladder anew: somebody asked for it."""
    delivery.state, delivery.tries, delivery.next_at = Delivery.State.WAITING, 0, at
    delivery.save(update_fields=["state", "tries", "next_at"])
