"""What is read about payments."""

from datetime import datetime

from django.db.models import Sum
from django.db.models.functions import Coalesce

from pakan.registers.payments.models import Allocation, BankMessage, Notice, Receipt
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month


def open_notice(employer: Employer, month: Month) -> Notice | None:
    """The notice in force that asks for this month."""
    found = Notice.objects.filter(employer=employer, state=Notice.State.OPEN, lines__month=month)
    return found.prefetch_related("lines").order_by("-made_at").first()


def last_notice(employer: Employer, month: Month) -> Notice | None:
    """The newest notice that ever asked for this month, whatever became of it."""
    return (
        Notice.objects.filter(employer=employer, lines__month=month)
        .prefetch_related("lines")
        .order_by("-made_at", "-id")
        .first()
    )


def notice_by_number(number: str) -> Notice | None:
    return Notice.objects.select_related("employer").prefetch_related("lines").filter(number=number).first()


def notices_made(employer: Employer, month: Month) -> int:
    """How many notices carry this month in their number."""
    start = f"{month.year % 100:02d}{month.month:02d}{employer.code}"
    return Notice.objects.filter(number__startswith=start).count()


def credit_of(employer_id: int) -> Kip:
    """What the fund keeps for an employer: from overpaid receipts and corrections, less what was used."""
    kept = Receipt.objects.filter(employer_id=employer_id).aggregate(sum=Coalesce(Sum("credited"), 0))["sum"]
    used = Allocation.objects.filter(employer_id=employer_id, from_credit=True).aggregate(
        sum=Coalesce(Sum("amount"), 0)
    )["sum"]
    return Kip(int(kept) - int(used))


def receipts_for(employer: Employer, month: Month) -> list[Receipt]:
    """Receipts of which something was set against this month."""
    ids = Allocation.objects.filter(employer=employer, month=month, receipt__isnull=False).values(
        "receipt_id"
    )
    return list(Receipt.objects.filter(id__in=ids).prefetch_related("allocations").order_by("received_at"))


def receipts_of(employer: Employer, start: int = 0, most: int = 20) -> list[Receipt]:
    found = (
        Receipt.objects.filter(employer=employer)
        .prefetch_related("allocations")
        .order_by("-received_at", "-id")
    )
    return list(found[start : start + most])


def receipt_by_number(number: str) -> Receipt | None:
    return (
        Receipt.objects.select_related("employer")
        .prefetch_related("allocations")
        .filter(number=number)
        .first()
    )


def unmatched(start: int = 0, most: int = 20) -> list[Receipt]:
    """Money whose owner nobody knows yet, oldest first."""
    return list(
        Receipt.objects.filter(state=Receipt.State.UNMATCHED).order_by("received_at", "id")[
            start : start + most
        ]
    )


def messages_waiting(before: datetime) -> list[BankMessage]:
    """Bank messages not worked on since `before`."""
    return list(
        BankMessage.objects.filter(
            state__in=[BankMessage.State.NEW, BankMessage.State.WAITING], received_at__lt=before
        ).order_by("id")[:200]
    )


def messages_refused(most: int = 20) -> list[BankMessage]:
    return list(BankMessage.objects.filter(state=BankMessage.State.REFUSED).order_by("-id")[:most])
