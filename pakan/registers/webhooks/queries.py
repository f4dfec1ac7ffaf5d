"""What is read about webhooks."""

from datetime import datetime

from django.db.models import QuerySet

from pakan.registers.webhooks.models import Delivery, Endpoint, Event


def endpoints_of(employer_id: int) -> QuerySet[Endpoint]:
    """The endpoints in use, oldest first."""
    return Endpoint.objects.filter(employer_id=employer_id, ended_at=None).order_by("id")


def endpoint_of(employer_id: int, handle: str) -> Endpoint | None:
    return endpoints_of(employer_id).filter(handle=handle).first()


def events_of(employer_id: int) -> QuerySet[Event]:
    return Event.objects.filter(employer_id=employer_id).order_by("id")


def deliveries_of(employer_id: int) -> QuerySet[Delivery]:
    """What was told or is still to be told, newest first."""
    found = Delivery.objects.filter(endpoint__employer_id=employer_id)
    return found.select_related("endpoint", "event").order_by("-event_id", "endpoint_id")


def tests_since(employer_id: int, at: datetime) -> QuerySet[Event]:
    """Events of testing that the company asked for since then, oldest first."""
    return events_of(employer_id).filter(kind=Endpoint.TEST, at__gt=at)


def delivery_of(employer_id: int, delivery_id: int) -> Delivery | None:
    return deliveries_of(employer_id).filter(id=delivery_id).first()


def delivery(delivery_id: int) -> Delivery:
    return Delivery.objects.select_related("endpoint", "event", "endpoint__employer").get(id=delivery_id)
