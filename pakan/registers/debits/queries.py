"""What is read about mandates and debits."""

from datetime import date

from django.db.models import Sum

from pakan.registers.debits.models import Debit, DebitMandate
from pakan.units.money import Kip
from pakan.units.month import Month

State = Debit.State
ON_THE_WAY = (State.ANNOUNCED, State.UNKNOWN, State.SENT)
AT_THE_BANK = (State.UNKNOWN, State.SENT)


def mandate_of(employer_id: int) -> DebitMandate | None:
    """The one that is not ended: asked, being checked, or drawing."""
    found = DebitMandate.objects.select_related("asked_by", "confirmed_by")
    return found.filter(employer_id=employer_id, ended_at=None).first()


def last_ended(employer_id: int) -> DebitMandate | None:
    found = DebitMandate.objects.filter(employer_id=employer_id, ended_at__isnull=False)
    return found.order_by("-ended_at", "-id").first()


def drawing() -> list[int]:
    """Ids of mandates that may draw."""
    found = DebitMandate.objects.filter(
        ended_at=None, confirmed_at__isnull=False, check_result=DebitMandate.Check.MATCH
    )
    return list(found.order_by("id").values_list("id", flat=True))


def debits_of(employer_id: int, most: int = 50) -> list[Debit]:
    """The newest first."""
    found = Debit.objects.filter(mandate__employer_id=employer_id).select_related("mandate")
    return list(found.order_by("-draw_on", "-id")[:most])


def debit_of_bill(bill: str) -> Debit | None:
    """The newest debit of a payment notice."""
    return Debit.objects.filter(bill=bill).select_related("mandate").order_by("-id").first()


def taken(mandate: DebitMandate, month: Month) -> Kip:
    """What the mandate drew, and will draw, in a calendar month."""
    within = mandate.debits.filter(
        state__in=[*ON_THE_WAY, State.DRAWN], draw_on__range=(month.first, month.last)
    )
    return Kip(int(within.aggregate(sum=Sum("amount"))["sum"] or 0))


def to_draw(day: date) -> list[int]:
    """Ids of debits whose day has come, or whose outcome is not known yet."""
    due = Debit.objects.filter(state__in=ON_THE_WAY, draw_on__lte=day)
    return list(due.order_by("draw_on", "id").values_list("id", flat=True)[:1000])
