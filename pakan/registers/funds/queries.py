"""What is read about other funds' money."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet, Sum

from pakan.registers.access.actor import VIENTIANE
from pakan.registers.funds.models import Agreement, Asked, Line, Received, Remittance
from pakan.units.money import Kip
from pakan.units.month import Month


def agreements() -> list[Agreement]:
    """Every one that was entered, the newest first."""
    found = Agreement.objects.select_related("entered_by", "decided_by", "end_asked_by")
    return list(found.order_by("-entered_at", "-id")[:200])


def approved() -> list[Agreement]:
    """Every one that two people agreed to, whether it holds today or not."""
    return list(Agreement.objects.filter(approved=True).order_by("code", "-id"))


def _holding(day: date) -> QuerySet[Agreement]:
    until = Q(ends__gte=day) & (Q(ended_on=None) | Q(ended_on__gte=day))
    return Agreement.objects.filter(until, approved=True, starts__lte=day)


def in_force(day: date) -> list[Agreement]:
    """Agreements under which a line may be added on that day."""
    return list(_holding(day).order_by("code"))


def newest_of(code: str) -> Agreement | None:
    """Whose account a fund is paid to: of its newest agreement that two people approved, ended or not."""
    return Agreement.objects.filter(code=code, approved=True).order_by("-starts", "-id").first()


def overlapping(one: Agreement) -> bool:
    """Whether an approved agreement with the same fund has days of this one."""
    others = Agreement.objects.filter(code=one.code, approved=True, starts__lte=one.ends).exclude(id=one.id)
    return any(other.last_day >= one.starts for other in others)


def _open() -> QuerySet[Line]:
    found = Line.objects.filter(taken_back_at=None, settled__lt=F("amount"))
    return found.select_related("agreement").order_by("bill_month", "id")


def open_lines(employer_id: int, months: Collection[Month], day: date) -> list[Line]:
    """Lines that the bill of these months carries on that day: not paid, not taken back, their agreement in force."""
    found = _open().filter(employer_id=employer_id, bill_month__in=[month.first for month in months])
    return [line for line in found if line.agreement.holds_on(day)]


def lines_of(employer_id: int, bill_month: Month | None = None) -> list[Line]:
    """An employer's lines that were not taken back (or were paid in part before), the newest first."""
    found = Line.objects.filter(employer_id=employer_id).exclude(taken_back_at__isnull=False, settled=0)
    if bill_month is not None:
        found = found.filter(bill_month=bill_month)
    return list(found.select_related("agreement").order_by("-bill_month", "-id")[:500])


def line(line_id: int) -> Line | None:
    return Line.objects.filter(id=line_id).select_related("agreement").first()


def bills_of(line: Line) -> list[str]:
    """Numbers of the notices that ever asked for it."""
    return list(line.asked.values_list("bill", flat=True))


def line_by_key(key: str) -> Line | None:
    return Line.objects.filter(key=key).select_related("agreement").first()


def asked_by(bill: str) -> list[Asked]:
    """What a payment notice asks for other funds."""
    return list(Asked.objects.filter(bill=bill).select_related("line__agreement").order_by("id"))


def asked_by_bills(bills: Sequence[str]) -> dict[str, list[Asked]]:
    found: dict[str, list[Asked]] = {}
    rows = Asked.objects.filter(bill__in=bills).select_related("line__agreement").order_by("id")
    for one in rows:
        found.setdefault(one.bill, []).append(one)
    return found


def received_by(receipts: Sequence[str]) -> dict[str, list[Received]]:
    """What of these receipts is other funds'."""
    found: dict[str, list[Received]] = {}
    rows = Received.objects.filter(receipt__in=receipts).select_related("line__agreement").order_by("id")
    for one in rows:
        found.setdefault(one.receipt, []).append(one)
    return found


def bills_with(agreement: Agreement) -> list[str]:
    """Numbers of the notices that ask for a line of it that is still open."""
    lines = _open().filter(agreement=agreement).values("id")
    return list(Asked.objects.filter(line_id__in=lines).values_list("bill", flat=True).distinct())


# --- passing on ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """What waits for one fund: how much, since when, and until when the agreement gives us time."""

    agreement: Agreement
    amount: Kip
    count: int
    since: datetime
    until: date

    def late_on(self, day: date) -> bool:
        return day > self.until


def received_on(one: Received) -> date:
    return one.at.astimezone(VIENTIANE).date()


def must_be_passed_on_by(one: Received) -> date:
    return received_on(one) + timedelta(days=one.line.agreement.days)


def not_passed_on(code: str | None = None) -> list[Received]:
    """What came in and stands in no remittance yet, the oldest first."""
    found = Received.objects.filter(remittance=None).select_related("line__agreement", "line__employer")
    return list((found.filter(line__agreement__code=code) if code else found).order_by("at", "id"))


def waiting() -> list[Waiting]:
    """By fund, the most urgent first."""
    by_code: dict[str, list[Received]] = {}
    for one in not_passed_on():
        by_code.setdefault(one.line.agreement.code, []).append(one)
    found = [
        Waiting(
            ones[-1].line.agreement,
            Kip(sum(one.amount for one in ones)),
            len(ones),
            ones[0].at,
            min(map(must_be_passed_on_by, ones)),
        )
        for ones in by_code.values()
    ]
    return sorted(found, key=lambda one: (one.until, one.agreement.code))


def remittances(most: int = 100) -> list[Remittance]:
    """The newest first."""
    return list(
        Remittance.objects.select_related("made_by", "released_by").order_by("-made_at", "-id")[:most]
    )


def remittance(number: str) -> Remittance | None:
    return Remittance.objects.filter(number=number).first()


def items_of(one: Remittance) -> list[Received]:
    """The list that goes with the money, by employer."""
    found = one.items.select_related("line__agreement", "line__employer")
    return list(found.order_by("line__employer__code", "line__month", "id"))


def due_on(one: Remittance) -> date:
    """The last day on which it has to be with the fund."""
    return min(map(must_be_passed_on_by, items_of(one)))


def unpaid_remittances() -> list[Remittance]:
    return list(Remittance.objects.exclude(state=Remittance.State.PAID).order_by("made_at", "id"))


def set_apart_of(employer_id: int) -> Kip:
    """What an employer paid to other funds through us, ever."""
    found = Received.objects.filter(line__employer_id=employer_id).aggregate(sum=Sum("amount"))
    return Kip(int(found["sum"] or 0))
