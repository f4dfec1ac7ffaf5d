"""Whom a member lets look or act in his place: for what, until when, and taken back at once (C12)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Scope(models.TextChoices):
    """Never money, never a telephone, never the account itself: those are not in the list, so nobody can tick them."""

    RECORD = "record"
    MESSAGES = "messages"
    WRONG = "wrong"  # say for the owner that a month is wrong
    CLAIM = "claim"  # prepare and send claims for the owner; the money stays hers


class Entrusted(models.Model):
    key = models.CharField(max_length=32, unique=True)  # random: it stands in addresses
    owner = models.ForeignKey("people.Person", models.PROTECT, related_name="entrusted")
    holder = models.ForeignKey("access.Account", models.PROTECT, related_name="entrusted")
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope))
    made_at = models.DateTimeField()
    until = models.DateField()  # the last day
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "holder"], condition=Q(ended_at=None), name="entrusted_once"
            ),
            models.CheckConstraint(name="entrusted_for_something", condition=~Q(scopes=[])),
            models.CheckConstraint(
                name="entrusted_forward", condition=Q(ended_at=None) | Q(ended_at__gte=F("made_at"))
            ),
        ]
