"""Money asked for, come in and sent out: notices, what banks told us, receipts, statements, allocations, payouts."""

from django.db import models
from django.db.models import F, Q

from pakan.registers.columns import KipField, MonthField
from pakan.units.money import Kip


class Notice(models.Model):
    """A payment notice: one reference, one LAO QR. Replaced or expired ones stay, so that late money finds its way."""

    class State(models.TextChoices):
        OPEN = "open"
        PAID = "paid"
        SUPERSEDED = "superseded"

    number = models.CharField(max_length=13, unique=True)  # YYMM, employer 5 + 2, version 2
    reference = models.CharField(max_length=25, unique=True)  # ISO 11649
    employer = models.ForeignKey("people.Employer", models.PROTECT)
    state = models.CharField(max_length=10, choices=State)
    amount = KipField()
    made_at = models.DateTimeField()
    expires_on = models.DateField()
    due_on = models.DateField()
    bank = models.CharField(max_length=20)
    code_text = models.CharField(max_length=512)  # the LAO QR as asked for
    code_made_by = models.CharField(max_length=20)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")

    class Meta:
        indexes = [models.Index(fields=["employer", "state"], name="notice_of_employer")]


class NoticeLine(models.Model):
    """What a notice asks for: a month, its open contribution, and its late charges as of the day of the notice."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="lines")
    month = MonthField()
    amount = KipField()
    charges = KipField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "month"], name="notice_line_once")]


class BankMessage(models.Model):
    """What a bank sent us, raw, stored before it is worked on. A forged one is kept and changes nothing."""

    class State(models.TextChoices):
        NEW = "new"
        WORKED = "worked"
        REFUSED = "refused"
        WAITING = "waiting"

    bank = models.CharField(max_length=20)
    key = models.CharField(max_length=120)  # digest of the body: the same notice twice is one row
    headers = models.JSONField()
    body = models.BinaryField()
    state = models.CharField(max_length=8, choices=State)
    why = models.CharField(max_length=60, blank=True)
    times = models.IntegerField(default=1)
    received_at = models.DateTimeField()
    worked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank", "key"], name="bank_message_once")]
        indexes = [
            models.Index(
                fields=["state", "received_at"], condition=~Q(state="worked"), name="bank_message_open"
            )
        ]


class Receipt(models.Model):
    """Money that a bank says we have: one a bank reference, however often and in whatever order we are told (A-17)."""

    class State(models.TextChoices):
        UNMATCHED = "unmatched"
        MATCHED = "matched"

    number = models.CharField(max_length=14, unique=True)  # ours, without gaps
    bank = models.CharField(max_length=20)
    account = models.CharField(max_length=34)
    bank_reference = models.CharField(max_length=60)
    amount = KipField()
    paid_at = models.DateTimeField()
    given_reference = models.CharField(max_length=140, blank=True)  # what the payer wrote
    payer_name = models.CharField(max_length=140, blank=True)
    payer_account = models.CharField(max_length=34, blank=True)
    state = models.CharField(max_length=10, choices=State)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="receipts")
    employer = models.ForeignKey("people.Employer", models.PROTECT, null=True)
    allocated = KipField(default=0)  # to months; counter
    credited = KipField(default=0)  # kept as the employer's credit; counter
    for_funds = KipField(default=0)  # other funds' money, never ours; counter
    received_at = models.DateTimeField()
    confirmed_on = models.DateField(null=True)  # by the bank's statement
    settled_by = models.ForeignKey("access.Account", models.PROTECT, null=True, related_name="+")

    @property
    def left(self) -> Kip:
        """What of it has no owner yet."""
        return Kip(self.amount - self.allocated - self.for_funds - self.credited)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank", "account", "bank_reference"], name="receipt_once"),
            models.CheckConstraint(
                name="receipt_not_overspent",
                condition=Q(amount__gte=F("allocated") + F("credited") + F("for_funds")),
            ),
            models.CheckConstraint(name="receipt_positive", condition=Q(amount__gt=0)),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(state="unmatched"), name="receipt_unmatched"),
            models.Index(fields=["employer", "received_at"], name="receipt_of_employer"),
            models.Index(fields=["received_at"], name="receipt_by_time"),
        ]


class Allocation(models.Model):
    """A part of a receipt (or of kept credit) set against a month, oldest first.

    Below zero: a correction made the month cheaper than what was paid, and the rest went back to the employer's credit.
    """

    receipt = models.ForeignKey(Receipt, models.PROTECT, null=True, related_name="allocations")
    employer = models.ForeignKey("people.Employer", models.PROTECT)
    month = MonthField()
    amount = KipField()
    from_credit = models.BooleanField(default=False)
    to_charges = models.BooleanField(default=False)  # against the month's late charges, not its contributions
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="allocation_moves_money",
                condition=Q(amount__gt=0) | (Q(amount__lt=0) & Q(from_credit=True) & Q(receipt=None)),
            )
        ]
        indexes = [models.Index(fields=["employer", "month"], name="allocation_of_month")]


class CreditHold(models.Model):
    """Kept credit that was set aside for a refund; below zero it came back. `key` names the refund."""

    employer = models.ForeignKey("people.Employer", models.PROTECT)
    key = models.CharField(max_length=60, unique=True)
    amount = KipField()
    at = models.DateTimeField()


class Statement(models.Model):
    """A bank statement taken in, whole (camt.053)."""

    bank = models.CharField(max_length=20)
    account = models.CharField(max_length=34)
    number = models.CharField(max_length=60)
    day = models.DateField()
    opening = KipField()
    closing = KipField()
    taken_in_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank", "account", "number"], name="statement_once")]


class StatementLine(models.Model):
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    bank_reference = models.CharField(max_length=60)
    amount = (
        KipField()
    )  # money in; money out is not expected on the collecting account and is refused at the door
    receipt = models.ForeignKey(Receipt, models.PROTECT, null=True, related_name="statement_lines")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "bank_reference"], name="statement_line_once")
        ]


class Payout(models.Model):
    """Money sent to an account: written before the bank is asked, and again what the bank answered.

    `liability` is the account of the ledger that the money is owed from; `digest` names bank, account and owner as they
    were when two people released it, so that nobody can turn the money elsewhere afterwards.
    """

    class State(models.TextChoices):
        ORDERED = "ordered"
        HELD = "held"  # may not be sent now: `why`
        SENT = "sent"  # the bank has it
        UNKNOWN = "unknown"  # no answer: asked again with the same number, never sent under another
        PAID = "paid"
        REFUSED = "refused"

    number = models.CharField(max_length=14, unique=True)  # the bank knows it by this
    uetr = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=60)  # what it pays, such as 'instalment:17'
    amount = KipField()
    person = models.ForeignKey("people.Person", models.PROTECT, null=True)
    employer = models.ForeignKey("people.Employer", models.PROTECT, null=True)
    bank = models.CharField(max_length=20)
    account = models.CharField(max_length=34)
    name = models.CharField(max_length=140)
    digest = models.CharField(max_length=64)
    liability = models.CharField(max_length=4)
    purpose = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State, default=State.ORDERED)
    why = models.CharField(max_length=30, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    bank_reference = models.CharField(max_length=60, blank=True)
    ordered_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)  # the bank, for the first time
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="payout_positive", condition=Q(amount__gt=0)),
            # What is paid once cannot be under way twice.
            models.UniqueConstraint(fields=["subject"], condition=~Q(state="refused"), name="payout_once"),
            models.CheckConstraint(
                name="payout_settled",
                condition=Q(state__in=["paid", "refused"], settled_at__isnull=False)
                | (~Q(state__in=["paid", "refused"]) & Q(settled_at=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "ordered_at"], condition=~Q(state="paid"), name="payout_open"),
            models.Index(fields=["subject"], name="payout_of_subject"),
        ]
