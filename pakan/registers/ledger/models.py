"""The ledger: append-only, debits and credits in columns, never signs.

What the database itself refuses (migration 0002): a posting that does not balance, any update or delete.
"""

from django.db import models
from django.db.models import Q

from pakan.registers.columns import KipField, MonthField


class Account(models.Model):
    class Kind(models.TextChoices):
        ASSET = "asset"
        LIABILITY = "liability"
        INCOME = "income"
        EXPENSE = "expense"

    code = models.CharField(max_length=4, primary_key=True)
    kind = models.CharField(max_length=9, choices=Kind)
    name_lo = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)


class Posting(models.Model):
    """One event in money. `key` names the event: the same event cannot be posted twice."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    employer = models.ForeignKey("people.Employer", models.PROTECT, null=True)
    month = MonthField(null=True)

    class Meta:
        indexes = [models.Index(fields=["employer", "month"], name="posting_of_employer")]


class Entry(models.Model):
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, models.PROTECT)
    debit = KipField(default=0)
    credit = KipField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="entry_one_side",
                condition=(Q(debit__gt=0) & Q(credit=0)) | (Q(debit=0) & Q(credit__gt=0)),
            )
        ]
