"""What companies' software asked to be told, what happened, and whether it was told (C88)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Endpoint(models.Model):
    """An https address of a company's software. Its secret is not kept: it is made of the house's key and `serial`."""

    class Kind(models.TextChoices):
        APPROVED = "declaration.approved"
        REFUSED = "declaration.refused"
        PAID = "notice.paid"
        RECEIPT = "receipt.issued"

    TEST = "endpoint.test"  # asked for by the company for one endpoint; nobody registers for it

    handle = models.CharField(max_length=32, unique=True)  # random; what pages and programs call it
    employer = models.ForeignKey("people.Employer", models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=24, choices=Kind))
    serial = models.PositiveIntegerField(default=1)
    both_until = models.DateTimeField(null=True)  # until then the secret before signs too
    made_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "url"], condition=Q(ended_at=None), name="endpoint_once"
            )
        ]


class Event(models.Model):
    """Something that happened to a company's papers. Append-only; `key` names what, so that it happens once."""

    number = models.UUIDField(unique=True)  # what the receiver compares, to take it once
    key = models.CharField(max_length=80, unique=True)
    employer = models.ForeignKey("people.Employer", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=[*Endpoint.Kind.choices, (Endpoint.TEST, Endpoint.TEST)])
    subject = models.CharField(max_length=60)
    facts = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["employer", "id"], name="event_of_employer")]


class Delivery(models.Model):
    """One event for one endpoint: how often it was tried, what came back, when it is tried again."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        GIVEN_UP = "given up"

    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="deliveries")
    event = models.ForeignKey(Event, models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    said = models.CharField(max_length=60, blank=True)  # "200", or why nobody answered
    tried_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "event"], name="delivery_once")]
