"""What employers owe beside the contribution, and what the fund and an employer agree about late debts.

A charge is fixed when late money arrives. A matter is one thing that people decide: a plan, a waiver, a dispute, an
assessment, a refund, leave to correct an old month. What was asked never changes; each step is written beside it.
"""

from django.db import models
from django.db.models import F, Q

from pakan.registers.columns import KipField, MonthField
from pakan.registers.compliance.states import LIVE, Kind, State

TEXT = 500
ANSWER = 1000


class Charge(models.Model):
    """What a part of a month's contribution cost more because it was paid late. `settled`, `waived`: counters."""

    key = models.CharField(max_length=80, unique=True)  # the receipt or use of credit, and the part
    employer = models.ForeignKey("people.Employer", models.PROTECT)
    month = MonthField()
    debt = KipField()  # the part of the contribution that came late
    due_on = models.DateField()
    paid_on = models.DateField()
    late = models.IntegerField()  # days or begun months that were charged
    per = models.CharField(max_length=5)  # day, month
    frozen = models.IntegerField(default=0)  # days that did not count
    rate = models.CharField(max_length=20)  # '0.1 %'
    amount = KipField()
    settled = KipField(default=0)
    waived = KipField(default=0)
    law = models.IntegerField(default=0)  # number of the newest decree it was reckoned with
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="charge_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="charge_not_oversettled",
                condition=Q(settled__gte=0) & Q(waived__gte=0) & Q(amount__gte=F("settled") + F("waived")),
            ),
        ]
        indexes = [models.Index(fields=["employer", "month"], name="charge_of_month")]

    @property
    def open(self) -> int:
        return int(self.amount - self.settled - self.waived)


class Matter(models.Model):
    """One thing that people decide about. Who asked, who agreed first and who decided are different people."""

    number = models.CharField(max_length=14, unique=True)
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Kind])
    employer = models.ForeignKey("people.Employer", models.PROTECT)
    month = MonthField(null=True)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True)
    charge = models.ForeignKey(Charge, models.PROTECT, null=True)
    amount = KipField(default=0)
    reason = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=TEXT, blank=True)
    facts = models.JSONField(
        default=dict
    )  # what was seen when it was asked: months with amounts, wages, account
    state = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in State], default=State.ASKED.value
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    first_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=ANSWER, blank=True)
    until = models.DateField(null=True)  # to contest, or to catch up

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="matter_second_person",
                condition=(Q(decided_by=None) | ~Q(decided_by=F("opened_by")))
                & (Q(first_by=None) | ~Q(first_by=F("opened_by"))),
            ),
            models.CheckConstraint(
                name="waiver_third_person",
                condition=~Q(kind="waiver")
                | Q(decided_by=None)
                | Q(first_by=None)
                | ~Q(decided_by=F("first_by")),
            ),
            *(
                models.UniqueConstraint(
                    fields=["employer", "month", "person", "charge"],
                    condition=Q(kind=kind.value, state__in=sorted(state.value for state in live)),
                    nulls_distinct=False,
                    name=f"{kind.value}_once",
                )
                for kind, live in LIVE.items()
            ),
        ]
        indexes = [models.Index(fields=["employer", "kind"], name="matter_of_employer")]

    def __str__(self) -> str:
        return self.number


class MatterStep(models.Model):
    """What happened to a matter, in order. Append-only; without an account the timetable found it."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10)
    text = models.CharField(max_length=ANSWER, blank=True)
    account = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


class Instalment(models.Model):
    """One part of a plan with a due day of its own."""

    plan = models.ForeignKey(Matter, models.PROTECT, related_name="instalments")
    place = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount = KipField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "place"], name="plan_instalment_once")]


class Pause(models.Model):
    """Days on which a month's charge stands still. `amount` null: the whole open debt."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="pauses")
    employer = models.ForeignKey("people.Employer", models.PROTECT)
    month = MonthField()
    amount = KipField(null=True)
    begins = models.DateField()
    ends = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "month"], name="pause_once")]
        indexes = [models.Index(fields=["employer", "month"], name="pause_of_month")]


class Clearance(models.Model):
    """A certificate that an employer owes nothing overdue, good until a day, withdrawn by a person only."""

    number = models.CharField(max_length=20, unique=True)
    employer = models.ForeignKey("people.Employer", models.PROTECT)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    until = models.DateField()
    plan = models.ForeignKey(Matter, models.PROTECT, null=True)  # the plan on which it rests
    code = models.TextField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=TEXT, blank=True)

    class Meta:
        indexes = [models.Index(fields=["employer", "until"], name="clearance_of_employer")]


class Reminder(models.Model):
    """One rung of the ladder of a late month, with its date and what came of it."""

    employer = models.ForeignKey("people.Employer", models.PROTECT)
    month = MonthField()
    step = models.CharField(max_length=10)  # sms, letter, call, visit, order
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=TEXT, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employer", "month", "step"], name="reminder_once")]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_at=None), name="reminder_open")]


class Campaign(models.Model):
    """Charges of old months are given up in part for whoever pays them between two days (C125)."""

    name_lo = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    cite = models.CharField(max_length=200)
    starts = models.DateField()
    ends = models.DateField()
    last_month = MonthField()  # months up to this one
    percent = models.PositiveSmallIntegerField()  # of the charge that is given up
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="campaign_forward", condition=Q(ends__gte=F("starts"))),
            models.CheckConstraint(name="campaign_percent", condition=Q(percent__gte=1, percent__lte=100)),
            models.CheckConstraint(
                name="campaign_second_person",
                condition=Q(approved_by=None) | ~Q(approved_by=F("entered_by")),
            ),
        ]
