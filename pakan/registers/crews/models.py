"""Groups of workers that come and go together, and single days of work (C68, C69)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from pakan.registers.columns import KipField
from pakan.registers.crews.states import State


class Crew(models.Model):
    """A named group of an employer's workers: a season's pickers, a night shift. Ended, never erased."""

    employer = models.ForeignKey("people.Employer", models.PROTECT)
    name = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "employer", Lower("name"), condition=Q(ended_at=None), name="crew_name_once"
            )
        ]


class CrewMember(models.Model):
    crew = models.ForeignKey(Crew, models.PROTECT, related_name="members")
    person = models.ForeignKey("people.Person", models.PROTECT)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["crew", "person"], condition=Q(until=None), name="crew_member_once"
            )
        ]


class DayVoucher(models.Model):
    """One day of work for one wage: noted after it (postpaid), or bought before it and given to somebody (prepaid)."""

    number = models.CharField(max_length=14, unique=True)
    employer = models.ForeignKey("people.Employer", models.PROTECT)
    wage = KipField()
    prepaid = models.BooleanField()
    state = models.CharField(max_length=9, choices=[(state.value, state.value) for state in State])
    person = models.ForeignKey("people.Person", models.PROTECT, null=True)
    day = models.DateField(null=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    expires_on = models.DateField(null=True)
    key = models.CharField(max_length=80, unique=True)  # made by the page: noted twice is noted once
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "person", "day"], condition=Q(state="used"), name="day_voucher_once_a_day"
            ),
            models.CheckConstraint(name="day_voucher_wage", condition=Q(wage__gt=0)),
            models.CheckConstraint(
                name="day_voucher_used_by_someone",
                condition=~Q(state="used") | (Q(person__isnull=False) & Q(day__isnull=False)),
            ),
            models.CheckConstraint(
                name="day_voucher_prepaid_ends", condition=Q(prepaid=False) | Q(expires_on__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["employer", "day"], name="day_voucher_of_employer"),
            models.Index(fields=["person", "day"], name="day_voucher_of_person"),
            models.Index(fields=["expires_on"], condition=Q(state="issued"), name="day_voucher_open"),
        ]
