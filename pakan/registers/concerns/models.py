"""What is said against an employer without a name, and what the fund finds by itself: one worklist for inspectors (C20).

Nothing here tells who reported: no account, no address, no telephone, and of the time only the day.
"""

from django.db import models
from django.db.models import Q

from pakan.registers.columns import MonthField

TEXT = 1000
WHERE = 200


class Concern(models.Model):
    class Kind(models.TextChoices):
        NOT_PAID = "not_paid"  # taken from the wage and not paid
        NOT_REGISTERED = "not_registered"
        WAGE_TOO_LOW = "wage_too_low"
        OTHER = "other"

    class Origin(models.TextChoices):
        REPORT = "report"
        FUND = "fund"  # declared and not paid by the 25th

    class State(models.TextChoices):
        OPEN = "open"
        WORKED = "worked"
        CLOSED = "closed"

    number = models.CharField(max_length=14, unique=True)
    origin = models.CharField(max_length=6, choices=Origin)
    code_digest = models.CharField(
        max_length=64, blank=True
    )  # of the follow-up code; the code itself is nowhere
    kind = models.CharField(max_length=14, choices=Kind)
    where = models.CharField(max_length=WHERE)  # the employer as the reporter calls it
    employer = models.ForeignKey("people.Employer", models.PROTECT, null=True)
    month = MonthField(null=True)
    text = models.CharField(max_length=TEXT, blank=True)
    photo = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True
    )  # re-encoded: its camera is not in it
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    opened_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code_digest"], condition=~Q(code_digest=""), name="concern_code"
            ),
            models.UniqueConstraint(
                fields=["employer", "month", "kind"], condition=Q(origin="fund"), name="concern_of_fund_once"
            ),
            models.CheckConstraint(
                name="concern_report_has_code",
                condition=Q(origin="report", employer=None) & ~Q(code_digest="")
                | Q(origin="fund", code_digest="", employer__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["opened_on"], condition=~Q(state="closed"), name="concern_waiting")]


class ConcernStep(models.Model):
    """What was said afterwards, by an officer or by the reporter with his code (`account` empty). Append-only."""

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=6, choices=Concern.State)
    text = models.CharField(max_length=TEXT, blank=True)
    account = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    day = models.DateField()
