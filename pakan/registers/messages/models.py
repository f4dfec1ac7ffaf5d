"""Messages to people: one row an event and person (never twice), whichever channel carries it."""

from django.db import models
from django.db.models import Q


class Message(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"
        INBOX = "inbox"  # no phone: it waits in the person's page only

    key = models.CharField(max_length=120, unique=True)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True)
    account = models.ForeignKey("access.Account", models.PROTECT, null=True)
    wording = models.CharField(max_length=40)
    values = models.JSONField(default=dict)
    language = models.CharField(max_length=2)
    phone = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=State)
    tries = models.PositiveSmallIntegerField(default=0)
    operator = models.CharField(max_length=20, blank=True)
    operator_id = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-made_at"], name="message_of_person"),
            models.Index(fields=["made_at"], condition=Q(state="queued"), name="message_queued"),
            models.Index(fields=["made_at"], condition=Q(state="failed"), name="message_failed"),
            models.Index(
                fields=["operator", "operator_id"], condition=~Q(operator_id=""), name="message_at_operator"
            ),
        ]
