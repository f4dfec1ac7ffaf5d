"""What is read about charges and matters."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Sum

from pakan.registers.compliance.models import Campaign, Charge, Clearance, Matter, Pause, Reminder
from pakan.registers.compliance.states import LIVE, Kind, State
from pakan.units.money import KIP_LIMIT, Kip
from pakan.units.month import Month

# The plan holds: reminders and charges follow it.
KEPT = (State.APPROVED.value, State.MISSED.value)


@dataclass(frozen=True)
class Sums:
    """Late charges of a month: fixed, paid, given up."""

    amount: Kip
    settled: Kip
    waived: Kip

    @property
    def open(self) -> Kip:
        return Kip(self.amount - self.settled - self.waived)


NONE = Sums(Kip(0), Kip(0), Kip(0))


def charges_by_month(employer_id: int) -> dict[Month, Sums]:
    rows = (
        Charge.objects.filter(employer_id=employer_id)
        .values_list("month")
        .annotate(amount_sum=Sum("amount"), settled_sum=Sum("settled"), waived_sum=Sum("waived"))
    )
    return {month: Sums(Kip(amount), Kip(settled), Kip(waived)) for month, amount, settled, waived in rows}


def charges_of(employer_id: int, month: Month | None = None) -> list[Charge]:
    found = Charge.objects.filter(employer_id=employer_id)
    if month is not None:
        found = found.filter(month=month)
    return list(found.order_by("month", "id"))


def charges_open(employer_id: int) -> Kip:
    sums = Charge.objects.filter(employer_id=employer_id).aggregate(
        open=Sum(F("amount") - F("settled") - F("waived"))
    )
    return Kip(int(sums["open"] or 0))


def charges_open_in_all() -> Kip:
    """Of all employers: the ledger's late charges receivable (account 1110)."""
    sums = Charge.objects.aggregate(open=Sum(F("amount") - F("settled") - F("waived")))
    return Kip(int(sums["open"] or 0))


def pauses_of(employer_id: int, months: Collection[Month]) -> dict[Month, list[Pause]]:
    found: dict[Month, list[Pause]] = {}
    rows = Pause.objects.filter(employer_id=employer_id, month__in=[month.first for month in months])
    for row in rows.order_by("begins", "id"):
        found.setdefault(row.month, []).append(row)
    return found


def standing_still(month: Month) -> dict[int, int]:
    """By employer: how much of the month's debt nobody is reminded of now (a plan: all of it)."""
    found: dict[int, int] = {}
    for row in Pause.objects.filter(month=month, ends=None):
        found[row.employer_id] = found.get(row.employer_id, 0) + (
            KIP_LIMIT if row.amount is None else row.amount
        )
    return found


def disputed_charges(employer_id: int) -> set[int]:
    """Ids of charges under dispute, or found wrong and waiting for the waiver: no money is set against them."""
    live = Matter.objects.filter(
        Q(kind=Kind.DISPUTE.value) | Q(kind=Kind.WAIVER.value),
        employer_id=employer_id, state__in=[State.ASKED.value, State.HALF.value], charge__isnull=False,
    )  # fmt: skip
    return {int(found) for found in live.values_list("charge_id", flat=True) if found is not None}


def matter(number: str) -> Matter | None:
    return (
        Matter.objects.select_related("employer", "person", "charge", "opened_by", "first_by", "decided_by")
        .prefetch_related("steps__account", "instalments", "pauses")
        .filter(number=number)
        .first()
    )


def matters_of(employer_id: int, *kinds: Kind) -> QuerySet[Matter]:
    """Newest first."""
    found = Matter.objects.filter(employer_id=employer_id).select_related("person", "charge")
    if kinds:
        found = found.filter(kind__in=[kind.value for kind in kinds])
    return found.order_by("-opened_at", "-id")


def live(employer_id: int, kind: Kind) -> list[Matter]:
    """The matters of a kind that still go on."""
    return list(matters_of(employer_id, kind).filter(state__in=[state.value for state in LIVE[kind]]))


def plan_in_force(employer_id: int) -> Matter | None:
    return (
        Matter.objects.filter(employer_id=employer_id, kind=Kind.PLAN.value, state__in=KEPT)
        .prefetch_related("instalments", "pauses")
        .first()
    )


def for_officers() -> QuerySet[Matter]:
    """What waits for an officer: asked, half agreed, contested; the oldest first."""
    waiting = Q(state__in=[State.ASKED.value, State.HALF.value, State.CONTESTED.value, State.BOUNCED.value])
    return Matter.objects.filter(waiting).select_related("employer").order_by("opened_at", "id")


def campaign_on(day: date, month: Month) -> Campaign | None:
    """The approved campaign that gives up most of this month's charge on that day."""
    found = Campaign.objects.filter(
        approved_at__isnull=False, starts__lte=day, ends__gte=day, last_month__gte=month
    )
    return found.order_by("-percent", "id").first()


def campaigns_on(day: date) -> list[Campaign]:
    """Approved campaigns that run or are about to, the next to end first."""
    return list(Campaign.objects.filter(approved_at__isnull=False, ends__gte=day).order_by("ends", "id"))


def campaigns() -> list[Campaign]:
    return list(Campaign.objects.select_related("entered_by", "approved_by").order_by("-starts", "-id"))


def clearances_of(employer_id: int, most: int = 20) -> list[Clearance]:
    return list(Clearance.objects.filter(employer_id=employer_id).order_by("-issued_at", "-id")[:most])


def clearance(number: str) -> Clearance | None:
    return Clearance.objects.select_related("employer", "plan").filter(number=number).first()


def reminders_of(employer_id: int, most: int = 50) -> list[Reminder]:
    found = Reminder.objects.filter(employer_id=employer_id).select_related("done_by")
    return list(found.order_by("-due_on", "-id")[:most])


def reminder(reminder_id: int) -> Reminder | None:
    return Reminder.objects.select_related("employer", "done_by").filter(id=reminder_id).first()


def reminders_to_do(day: date) -> QuerySet[Reminder]:
    """Rungs that a person has to take by now."""
    return (
        Reminder.objects.filter(done_at=None, due_on__lte=day)
        .exclude(step="sms")
        .select_related("employer")
        .order_by("due_on", "id")
    )


def is_clearance_withdrawn(number: str) -> bool:
    return Clearance.objects.filter(number=number, withdrawn_at__isnull=False).exists()


def clearances_withdrawn(today: date) -> list[str]:
    """Numbers of withdrawn certificates that would otherwise still be in force."""
    found = Clearance.objects.filter(withdrawn_at__isnull=False, until__gte=today)
    return list(found.values_list("number", flat=True))
