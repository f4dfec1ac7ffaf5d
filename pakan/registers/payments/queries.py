"""What is read about payments."""

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from pakan.registers.payments.models import Allocation, BankMessage, CreditHold, Notice, Payout, Receipt
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
    kept = _sum(Receipt.objects.all(), "credited")
    used = _sum(Allocation.objects.filter(from_credit=True), "amount")
    held = _sum(CreditHold.objects.all(), "amount")
    [credit] = Employer.objects.filter(id=employer_id).values_list(kept - used - held)[:1] or [(0,)]
    return Kip(int(credit[0]))


def _sum(rows: QuerySet[Any], column: str) -> Coalesce:
    """The sum over an employer's rows, inside a query of employers: several such sums are one question."""
    of_one = rows.filter(employer_id=OuterRef("id")).order_by().values("employer_id")
    return Coalesce(
        Subquery(of_one.annotate(sum=Sum(column)).values("sum")), 0, output_field=BigIntegerField()
    )


def paid_too_much(employer_id: int) -> Receipt | None:
    """The newest receipt that left credit and names the account it came from."""
    found = Receipt.objects.filter(employer_id=employer_id, credited__gt=0).exclude(payer_account="")
    return found.order_by("-paid_at", "-id").first()


def credit_since(employer_id: int) -> datetime | None:
    """When the newest of the kip that the fund keeps for an employer came to it."""
    kept = Receipt.objects.filter(employer_id=employer_id, credited__gt=0).aggregate(at=Max("paid_at"))["at"]
    back = Allocation.objects.filter(employer_id=employer_id, from_credit=True, amount__lt=0).aggregate(
        at=Max("at")
    )["at"]
    return max((at for at in (kept, back) if at), default=None)


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


def payout_of(subject: str) -> Payout | None:
    """The newest payout of what it pays."""
    return Payout.objects.filter(subject=subject).order_by("-id").first()


def payouts_to_look_at() -> list[Payout]:
    """Money that did not go out as it should, oldest first."""
    states = [Payout.State.HELD, Payout.State.UNKNOWN, Payout.State.REFUSED]
    return list(Payout.objects.filter(state__in=states).order_by("ordered_at", "id")[:200])


def payouts_without_outcome(before: datetime) -> list[int]:
    """Ids of payouts ordered or asked about before this moment that the bank has not settled."""
    states = [Payout.State.ORDERED, Payout.State.UNKNOWN, Payout.State.SENT]
    found = Payout.objects.filter(state__in=states, ordered_at__lt=before)
    return list(found.order_by("id").values_list("id", flat=True)[:500])
