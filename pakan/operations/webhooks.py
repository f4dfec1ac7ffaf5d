"""Webhooks: a company registers an address, and what happens to its papers is told there, signed, until it is taken (C88).

Told at least once, with one id an event for ever: the receiver compares ids. The outside is called by a job, between two
transactions. The ladder reaches over an endpoint that is down for a day.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.integrations.callback import AddressRefused, CallFailed, check_address, post, signature
from pakan.operations.happened import defer
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.people.models import Employer
from pakan.registers.webhooks import actions, queries
from pakan.registers.webhooks.models import Delivery, Endpoint, Event

__all__ = ["AddressRefused"]

MOST = 5  # endpoints of one company
TESTS, WITHIN = 10, timedelta(hours=1)  # test events of one company: its own machine is called, not hammered
BOTH = timedelta(days=7)  # how long the secret before still signs
# At once, then after these waits: the last is a day, so that an endpoint down for a day hears everything.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440)]
Send = Callable[[str, bytes, dict[str, str]], int]


class TooMany(ValueError):
    """The company has all the endpoints that it may have."""


class TooOften(ValueError):
    """So many test events were asked for within the hour; `until`: when the next one may be."""

    def __init__(self, until: datetime) -> None:
        super().__init__(str(until))
        self.until = until


@verb("webhooks.register")
def register(actor: Actor, employer: Employer, url: str, kinds: Sequence[str]) -> Endpoint:
    """Have these kinds of events told at `url`; the same address again is the same endpoint. Raises AddressRefused, TooMany."""
    check_address(url, settings.WEBHOOK_INNER_HOSTS)
    if not kinds or not set(kinds) <= set(Endpoint.Kind.values):
        raise ValueError("kinds")
    Employer.objects.select_for_update().get(id=employer.id)  # so that the sixth of two at once is refused
    there = queries.endpoints_of(employer.id)
    if not there.filter(url=url).exists() and there.count() >= MOST:
        raise TooMany
    made, is_new = actions.open_endpoint(employer, url, kinds, actor.account_id, actor.at)
    remember(f"{employer.code} endpoint {made.handle}", kinds=made.kinds, is_new=is_new)
    return made


@verb("webhooks.remove")
def remove(actor: Actor, employer: Employer, handle: str) -> bool:
    """Tell nothing more there; False if the company has no such endpoint."""
    found = queries.endpoint_of(employer.id, handle)
    remember(f"{employer.code} endpoint {found.handle if found else ''}".strip())
    if found is None:
        return False
    actions.end_endpoint(found, actor.at)
    return True


@verb("webhooks.change_secret")
def change_secret(actor: Actor, employer: Employer, handle: str) -> Endpoint | None:
    """A new secret; for a week both sign. None if the company has no such endpoint."""
    found = queries.endpoint_of(employer.id, handle)
    remember(f"{employer.code} endpoint {found.handle if found else ''}".strip())
    if found is not None:
        actions.change_secret(found, actor.at + BOTH)
    return found


@verb("webhooks.test")
def test(actor: Actor, employer: Employer, handle: str) -> Delivery | None:
    """Tell an endpoint a test event: signed, delivered and tried again as every other, and marked as a test.

    None if the company has no such endpoint. Raises TooOften.
    """
    Employer.objects.select_for_update().get(id=employer.id)  # so that two at once are both counted
    found = queries.endpoint_of(employer.id, handle)
    remember(f"{employer.code} endpoint {found.handle if found else ''}".strip())
    if found is None:
        return None
    before = list(queries.tests_since(employer.id, actor.at - WITHIN))
    if len(before) >= TESTS:
        raise TooOften(before[-TESTS].at + WITHIN)
    key, facts = f"{Endpoint.TEST}:{uuid4()}", {"test": True, "endpoint": found.handle}
    event, _ = actions.write_event(employer.id, Endpoint.TEST, key, "test", facts, actor.at)
    delivery = actions.write_delivery(found, event, actor.at)
    defer(delivery)
    return delivery


@verb("webhooks.resend")
def resend(actor: Actor, employer: Employer, delivery_id: int) -> bool:
    """Tell it once more, now; False if there is nothing of the company's to tell."""
    found = queries.delivery_of(employer.id, delivery_id)
    remember(f"{employer.code} delivery {found.id if found else ''}".strip())
    if found is None or found.endpoint.ended_at is not None:
        return False
    actions.wait_again(actions.lock_delivery(found.id), actor.at)
    defer(found)
    return True


def secret_of(endpoint: Endpoint, serial: int | None = None) -> str:
    """What the company's software checks signatures with: made of the house's key, kept nowhere (a dump shows none)."""
    text = f"webhook:{endpoint.handle}:{serial or endpoint.serial}"
    return "whsec_" + hmac.new(settings.SIGNING_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def secrets_of(endpoint: Endpoint, at: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    both = endpoint.both_until is not None and at < endpoint.both_until and endpoint.serial > 1
    return [secret_of(endpoint)] + ([secret_of(endpoint, endpoint.serial - 1)] if both else [])


def envelope(event: Event) -> dict[str, Any]:
    """The event in the one envelope that all our events have (CloudEvents 1.0)."""
    return {
        "specversion": "1.0",
        "id": str(event.number),
        "source": f"{settings.BASE_URL}/api/v1/employer",
        "type": f"la.pakan.{event.kind}",
        "subject": event.subject,
        "time": event.at.astimezone(UTC).isoformat(timespec="seconds"),
        "datacontenttype": "application/json",
        "data": event.facts,
    }


def _send(url: str, body: bytes, headers: dict[str, str]) -> int:
    return post(url, body, headers, settings.WEBHOOK_INNER_HOSTS)


@app.task(name="webhooks.deliver", retry=RetryStrategy(max_attempts=5, wait=300))
def deliver(delivery_id: int) -> None:
    """The ladder is in the rows, so the queue's own retry is only for what breaks here."""
    attempt(delivery_id, timezone.now())


def attempt(delivery_id: int, at: datetime, send: Send = _send) -> Delivery:
    """Tell one event once, and write what came of it. Run twice, it tells once more at most."""
    delivery = queries.delivery(delivery_id)
    if delivery.state != Delivery.State.WAITING or (delivery.next_at and delivery.next_at > at):
        return delivery
    tried, endpoint = delivery.tries, delivery.endpoint
    body = json.dumps(envelope(delivery.event), ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "Signature": signature(body, int(at.timestamp()), secrets_of(endpoint, at)),
        "User-Agent": "pakan-webhooks/1",
    }
    try:
        said, taken = str(send(endpoint.url, body, headers)), True
    except AddressRefused as refusal:
        said, taken = f"refused: {refusal.code}", False
    except CallFailed as fault:
        said, taken = str(fault), False
    return _outcome(delivery_id, tried, taken, said, at)


def _outcome(delivery_id: int, tried: int, taken: bool, said: str, at: datetime) -> Delivery:
    with transaction.atomic():
        delivery = actions.lock_delivery(delivery_id)
        if delivery.state != Delivery.State.WAITING or delivery.tries != tried:
            return delivery  # another job was as quick
        if taken:
            actions.tell_outcome(delivery, Delivery.State.DELIVERED, said, at, None)
        elif tried >= len(WAITS):
            actions.tell_outcome(delivery, Delivery.State.GIVEN_UP, said, at, None)
        else:
            again = at + WAITS[tried]
            actions.tell_outcome(delivery, Delivery.State.WAITING, said, at, again)
            defer(delivery, again)
        return delivery
