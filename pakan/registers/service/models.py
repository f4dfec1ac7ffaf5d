"""When the service did not work, and which due days moved for it (C86, C191)."""

from django.db import models
from django.db.models import F, Q


class Pulse(models.Model):
    """The last minute in which a part of the house was seen alive: one row a part."""

    part = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()


class Outage(models.Model):
    """A stretch without service: found by the house itself from its pulse, or written down by a person."""

    start = models.DateTimeField()
    end = models.DateTimeField()
    found_by = models.ForeignKey(
        "access.Account", models.PROTECT, null=True, related_name="+"
    )  # null: itself
    says_lo = models.CharField(max_length=200, blank=True)
    says_en = models.CharField(max_length=200, blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="outage_forward", condition=Q(end__gt=F("start"))),
            models.UniqueConstraint(fields=["start", "end"], name="outage_once"),
        ]
        indexes = [models.Index(fields=["-start"], name="outage_newest")]


class Extension(models.Model):
    """A due day that moved because of an outage. It only ever moves later."""

    day = models.DateField(unique=True)  # as the law reckons it
    to = models.DateField()
    outage = models.ForeignKey(Outage, models.PROTECT)
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="extension_later", condition=Q(to__gt=F("day")))]
