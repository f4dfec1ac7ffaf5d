"""Money of other funds that comes with our bills: agreements, what employers added, what came in and was passed on (C109).

None of it is a contribution: it earns no rights and lies in an account of its own until it is passed on. Without an agreement
in force there is nothing here, and nothing of it is shown (docs/decisions/0020).
"""

from datetime import date

from django.db import models
from django.db.models import F, Q

from pakan.registers.columns import KipField, MonthField

NAME, COLLECTS, REFERENCE, ACCOUNT, BASIS, WHY = 120, 120, 30, 34, 120, 200


class Agreement(models.Model):
    """With another fund or office: what we take in for it, where we pay it, and how fast. Two people begin and end it."""

    code = models.CharField(max_length=8)  # of the fund; a later agreement with the same one carries it again
    name_lo = models.CharField(max_length=NAME)
    name_en = models.CharField(max_length=NAME)
    collects_lo = models.CharField(max_length=COLLECTS)
    collects_en = models.CharField(max_length=COLLECTS)
    bank = models.CharField(max_length=20)
    account = models.CharField(max_length=ACCOUNT)
    account_name = models.CharField(max_length=140)  # Latin, as the bank writes it
    name_check = models.CharField(max_length=8)  # what the bank said to that name when it was entered
    basis = models.CharField(max_length=BASIS)  # number of the document
    basis_on = models.DateField()
    starts = models.DateField()
    ends = models.DateField()  # the last day
    days = models.PositiveSmallIntegerField()  # at most, from coming in to passing on
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    approved = models.BooleanField(default=False)
    end_asked_on = models.DateField(null=True)  # the earlier last day that one officer asked for
    end_asked_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    end_why = models.CharField(max_length=WHY, blank=True)
    ended_on = models.DateField(null=True)  # the earlier last day that another agreed to
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agreement_two_people",
                condition=(Q(decided_by=None) | ~Q(decided_by=F("entered_by")))
                & (Q(ended_by=None) | ~Q(ended_by=F("end_asked_by"))),
            ),
            models.CheckConstraint(
                name="agreement_decided",
                condition=Q(decided_at=None, decided_by=None, approved=False)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="agreement_ended",
                condition=Q(ended_at=None, ended_by=None, ended_on=None)
                | Q(
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                    ended_on=F("end_asked_on"),
                    end_asked_by__isnull=False,
                    approved=True,
                ),
            ),
            models.CheckConstraint(
                name="agreement_days", condition=Q(ends__gte=F("starts")) & Q(days__range=(1, 90))
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(decided_at=None), name="agreement_one_waits"
            ),
        ]

    @property
    def last_day(self) -> date:
        return self.ends if self.ended_on is None else min(self.ends, self.ended_on)

    def holds_on(self, day: date) -> bool:
        return self.approved and self.starts <= day <= self.last_day

    @property
    def masked(self) -> str:
        return f"••••{self.account[-4:]}"


class Line(models.Model):
    """What an employer pays another fund with the bill of a month. The amount is his or the fund's: we reckon none."""

    key = models.CharField(max_length=40, unique=True)  # made with the page: pressed twice is one line
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="lines")
    employer = models.ForeignKey("people.Employer", models.PROTECT)
    bill_month = MonthField()  # the month of contributions whose bill carries it
    month = MonthField()  # what it is paid for
    reference = models.CharField(max_length=REFERENCE)  # the fund's own: taxpayer, assessment
    amount = KipField()
    settled = KipField(default=0)  # counter
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fund_line_amount",
                condition=Q(amount__gt=0) & Q(settled__gte=0) & Q(amount__gte=F("settled")),
            ),
            models.UniqueConstraint(
                fields=["employer", "bill_month", "agreement"],
                condition=Q(taken_back_at=None, settled__lt=F("amount")),
                name="fund_line_one_open",
            ),
        ]
        indexes = [models.Index(fields=["employer", "bill_month"], name="fund_line_of_bill")]

    @property
    def open(self) -> int:
        return 0 if self.taken_back_at else int(self.amount - self.settled)


class Asked(models.Model):
    """What one payment notice asks for a line. `bill` is the number of the notice. Append-only."""

    bill = models.CharField(max_length=13)
    line = models.ForeignKey(Line, models.PROTECT, related_name="asked")
    amount = KipField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill", "line"], name="fund_line_once_a_bill"),
            models.CheckConstraint(name="fund_asked_positive", condition=Q(amount__gt=0)),
        ]


class Remittance(models.Model):
    """One payment to a fund, of what came in for it: made by one officer, released by another, paid by the bank."""

    class State(models.TextChoices):
        MADE = "made"
        RELEASED = "released"
        PAID = "paid"
        BOUNCED = "bounced"  # the bank refused it: another officer than its maker releases it again

    number = models.CharField(max_length=14, unique=True)
    code = models.CharField(max_length=8)  # of the fund
    amount = KipField()
    state = models.CharField(max_length=8, choices=State, default=State.MADE)
    why = models.CharField(max_length=30, blank=True)  # what the bank said when it refused
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="remittance_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="remittance_two_people",
                condition=(Q(released_by=None) & Q(state="made"))
                | (Q(released_by__isnull=False) & ~Q(released_by=F("made_by"))),
            ),
        ]


class Received(models.Model):
    """A part of a receipt that is another fund's. `receipt` is its number."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="received")
    receipt = models.CharField(max_length=14)
    amount = KipField()
    at = models.DateTimeField()
    remittance = models.ForeignKey(Remittance, models.PROTECT, null=True, related_name="items")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "receipt"], name="fund_received_once"),
            models.CheckConstraint(name="fund_received_positive", condition=Q(amount__gt=0)),
        ]
        indexes = [
            models.Index(fields=["at"], condition=Q(remittance=None), name="fund_received_waits"),
            models.Index(fields=["receipt"], name="fund_received_of_receipt"),
        ]
