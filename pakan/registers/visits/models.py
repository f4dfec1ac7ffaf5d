"""Offices, and who comes when: appointments in slots of twenty minutes, and the queue of the day (C14)."""

from django.db import models
from django.db.models import Q


class Office(models.Model):
    """One in each province (A-45): rows, so that a list of the fund replaces them."""

    code = models.CharField(max_length=2, primary_key=True)  # the province's
    province = models.OneToOneField("people.Province", models.PROTECT)
    desks = models.PositiveSmallIntegerField(default=2)  # how many people at a time


class Appointment(models.Model):
    """`person` empty: somebody who came without one and waits."""

    class State(models.TextChoices):
        BOOKED = "booked"
        HERE = "here"
        SERVED = "served"
        CANCELLED = "cancelled"

    key = models.CharField(max_length=32, unique=True)
    office = models.ForeignKey(Office, models.PROTECT)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True)
    day = models.DateField()
    slot = models.TimeField(null=True)  # in Vientiane; empty for who came without an appointment
    desk = models.PositiveSmallIntegerField(null=True)
    about = models.CharField(max_length=20)
    state = models.CharField(max_length=9, choices=State)
    made_at = models.DateTimeField()
    here_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Two taps at one moment cannot both get the last desk.
            models.UniqueConstraint(
                fields=["office", "day", "slot", "desk"],
                condition=~Q(state="cancelled") & Q(slot__isnull=False),
                name="appointment_desk_once",
            ),
            models.UniqueConstraint(
                fields=["person", "day"],
                condition=Q(state="booked", person__isnull=False),
                name="appointment_one_a_day",
            ),
        ]
        indexes = [models.Index(fields=["office", "day"], name="appointment_of_day")]
