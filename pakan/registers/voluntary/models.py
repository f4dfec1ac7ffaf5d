"""Who insures himself: what he chose, and what he was asked for. He owes nothing before he pays (A-12)."""

from django.db import models

from pakan.registers.columns import KipField, MonthField


class Membership(models.Model):
    """A voluntary member. His own contributor is an Employer row of the scheme "voluntary": papers and proofs are one."""

    class State(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"
        LEFT = "left"

    person = models.OneToOneField("people.Person", models.PROTECT)
    employer = models.OneToOneField("people.Employer", models.PROTECT)
    state = models.CharField(max_length=6, choices=State, default=State.ACTIVE)
    income = KipField()  # a month, chosen
    months_ahead = models.PositiveSmallIntegerField()  # paid at once
    since = MonthField()  # the first month that he wants insured
    joined_at = models.DateTimeField()
    changed_at = models.DateTimeField()


class Choice(models.Model):
    """What a member chose, each time. Append-only."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="choices")
    state = models.CharField(max_length=6, choices=Membership.State)
    income = KipField()
    months_ahead = models.PositiveSmallIntegerField()
    since = MonthField()
    at = models.DateTimeField()


class Asked(models.Model):
    """The choice behind a payment notice: money that comes late is still priced by what was asked. Append-only."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="asked")
    notice_number = models.CharField(max_length=13, unique=True)
    income = KipField()
    law = models.IntegerField(default=0)  # the newest decree that the notice was priced with
    asked_at = models.DateTimeField()
