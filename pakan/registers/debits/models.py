"""Leave that an employer gave to draw his bills from an account, and each debit under it (C108)."""

from django.db import models
from django.db.models import Q

from pakan.registers.columns import KipField

REASON = 30


class DebitMandate(models.Model):
    """One account, a most for each calendar month, and an end. Ended, never erased; another one is another mandate.

    It draws nothing before two people gave it (where there are two) and the bank said that the account is the employer's.
    """

    class Check(models.TextChoices):
        WAITING = "waiting"  # the bank was not asked yet, or did not answer
        MATCH = "match"
        CLOSE = "close"
        NO = "no"
        UNKNOWN = "unknown"  # the bank knows no such account

    number = models.CharField(max_length=14, unique=True)  # the bank knows it by this
    employer = models.ForeignKey("people.Employer", models.PROTECT)
    bank = models.CharField(max_length=20)
    account = models.CharField(max_length=34)
    name = models.CharField(max_length=140)  # of the owner, as the bank writes it
    limit = KipField()  # in a calendar month
    until = models.DateField()  # the last day on which it draws
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("access.Account", models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    check_result = models.CharField(max_length=8, choices=Check, default=Check.WAITING)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")
    end_why = models.CharField(max_length=REASON, blank=True)  # revoked, name, bank

    class Meta:
        constraints = [
            models.CheckConstraint(name="debit_mandate_limit", condition=Q(limit__gt=0)),
            models.UniqueConstraint(
                fields=["employer"], condition=Q(ended_at=None), name="debit_mandate_one_live"
            ),
            models.CheckConstraint(
                name="debit_mandate_confirmed",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
        ]

    @property
    def masked(self) -> str:
        return f"••••{self.account[-4:]}"

    @property
    def draws(self) -> bool:
        """Whether it may draw at all (until its end)."""
        return (
            self.ended_at is None
            and self.confirmed_at is not None
            and self.check_result == DebitMandate.Check.MATCH
        )


class Debit(models.Model):
    """A bill that is drawn: announced first, written again before the bank is asked, and again what the bank answered.

    The money itself is a receipt like all others, known by the bank's reference.
    """

    class State(models.TextChoices):
        ANNOUNCED = "announced"
        UNKNOWN = "unknown"  # the bank was asked and did not answer yet: asked again with the same number
        SENT = "sent"  # the bank has it
        DRAWN = "drawn"
        REFUSED = "refused"  # at once
        RETURNED = "returned"  # after the bank had taken it
        DROPPED = "dropped"  # before the bank was asked: `why`

    number = models.CharField(max_length=14, unique=True)  # the bank knows it by this
    mandate = models.ForeignKey(DebitMandate, models.PROTECT, related_name="debits")
    bill = models.CharField(max_length=13)  # number of the payment notice
    reference = models.CharField(max_length=25)  # of the notice, ISO 11649
    amount = KipField()
    due_on = models.DateField()
    draw_on = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.ANNOUNCED)
    why = models.CharField(max_length=REASON, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    bank_reference = models.CharField(max_length=60, blank=True)
    announced_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)  # the bank, for the first time
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="debit_positive", condition=Q(amount__gt=0)),
            # Under one mandate a bill is announced once; and whatever mandate, it is drawn once.
            models.UniqueConstraint(fields=["mandate", "bill"], name="debit_once_a_mandate"),
            models.UniqueConstraint(
                fields=["bill"],
                condition=Q(state__in=["announced", "unknown", "sent", "drawn"]),
                name="debit_once",
            ),
            models.CheckConstraint(
                name="debit_settled",
                condition=Q(state__in=["announced", "unknown", "sent"], settled_at=None)
                | Q(state__in=["drawn", "refused", "returned", "dropped"], settled_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["draw_on"],
                condition=Q(state__in=["announced", "unknown", "sent"]),
                name="debit_open",
            ),
            models.Index(fields=["bill"], name="debit_of_bill"),
        ]
