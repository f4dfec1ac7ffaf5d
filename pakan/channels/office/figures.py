"""What the first page counts. Each question reads an index or a short stretch of time, never a whole register."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, DateTimeField, Max, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.registers.access.actor import VIENTIANE
from pakan.registers.benefits import queries as benefits
from pakan.registers.care import queries as care
from pakan.registers.cases import queries as cases
from pakan.registers.compliance import queries as compliance
from pakan.registers.concerns import queries as concerns
from pakan.registers.decrees.models import Decree
from pakan.registers.decrees.states import State
from pakan.registers.families import queries as families
from pakan.registers.joining import queries as joining
from pakan.registers.lives import queries as lives
from pakan.registers.messages import queries as messages
from pakan.registers.messages.models import Message
from pakan.registers.payments.models import BankMessage, Receipt
from pakan.registers.payments.queries import messages_waiting
from pakan.registers.wishes import queries as wishes
from pakan.units.money import Kip

PATIENCE = timedelta(minutes=15)  # a bank message without an outcome for longer is a person's business
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Heap:
    """How much of one kind of work lies there, and since when the oldest of it."""

    count: int
    since: datetime | None


def unmatched() -> QuerySet[Receipt]:
    """Money whose owner nobody knows yet, oldest first."""
    return Receipt.objects.filter(state=Receipt.State.UNMATCHED).order_by("received_at", "id")


def unmatched_count() -> int:
    return unmatched().count()


def unmatched_heap() -> Heap:
    found = Receipt.objects.filter(state=Receipt.State.UNMATCHED).aggregate(
        n=Count("id"), oldest=Min("received_at")
    )
    return Heap(found["n"], found["oldest"])


def refused() -> QuerySet[BankMessage]:
    """Bank messages that were not believed, newest first."""
    return BankMessage.objects.filter(state=BankMessage.State.REFUSED).order_by("-id")


def refused_heap(at: datetime) -> Heap:
    found = refused().filter(received_at__gte=at - LATELY).aggregate(n=Count("id"), oldest=Min("received_at"))
    return Heap(found["n"], found["oldest"])


def waiting(at: datetime) -> list[BankMessage]:
    return messages_waiting(at - PATIENCE)


def waiting_heap(at: datetime) -> Heap:
    there = waiting(at)
    return Heap(len(there), min((message.received_at for message in there), default=None))


def failed_messages_heap(at: datetime) -> Heap:
    """Messages to people that their operator did not take or deliver; they still stand in the person's page."""
    failed = Message.objects.filter(state=Message.State.FAILED, made_at__gte=at - LATELY).exclude(
        wording="code"
    )
    found = failed.aggregate(n=Count("id"), oldest=Min("made_at"))
    return Heap(found["n"], found["oldest"])


def failed_jobs_heap() -> Heap:
    """Jobs that gave up after all their tries: a person must look."""
    failed = ProcrastinateJob.objects.filter(status="failed")
    found = failed.aggregate(n=Count("id", distinct=True), oldest=Min("procrastinateevent__at"))
    return Heap(found["n"], found["oldest"])


def decrees_waiting() -> Heap:
    """Decrees that are entered but neither approved nor withdrawn."""
    found = Decree.objects.filter(state__in=[State.ENTERED, State.REHEARSED]).aggregate(
        n=Count("id"), oldest=Min("entered_at")
    )
    return Heap(found["n"], found["oldest"])


# Page -> what waits there, and the field that says since when.
LISTS: dict[str, tuple[Callable[[], QuerySet[Any]], str]] = {
    "joining": (joining.waiting, "sent_at"),
    "changes": (joining.changes_waiting, "asked_at"),
    "overrides": (joining.overrides_waiting, "at"),
    "debts": (compliance.for_officers, "opened_at"),
    "concerns": (concerns.waiting, "opened_on"),
    "cases": (cases.waiting, "opened_at"),
    "families": (families.waiting, "waits_since"),
    "corrections": (wishes.corrections_waiting, "asked_at"),
    "claims": (benefits.waiting, "lodged_at"),
    "overpaid": (benefits.overpayments, "found_at"),
    "lives": (lives.open_checks, "opened_at"),
    "hospital_wishes": (care.choices_waiting, "asked_at"),
    "bills": (care.bills_waiting, "received_at"),
    "deliveries": (messages.failed_messages, "made_at"),
}


def heaps(pages: Iterable[str]) -> dict[str, Heap]:
    """How much waits on each of these pages, in one question."""
    counted = [
        found()
        .order_by()
        .annotate(page=Value(page, CharField()))
        .values("page")
        .annotate(n=Count("id", distinct=True), oldest=Cast(Min(since), DateTimeField()))
        .values_list("page", "n", "oldest")
        for page, (found, since) in LISTS.items()
        if page in pages
    ]
    if not counted:
        return {}
    first, *others = counted
    rows = first.union(*others, all=True) if others else first
    return {page: Heap(n, oldest) for page, n, oldest in rows}


@dataclass(frozen=True)
class Received:
    """Money that came in within a stretch of time."""

    count: int
    amount: Kip


def received(at: datetime) -> tuple[Received, Received]:
    """Of today and of this month, both as days are reckoned in Vientiane."""
    today = at.astimezone(VIENTIANE).replace(hour=0, minute=0, second=0, microsecond=0)
    of_today = Q(received_at__gte=today)
    found = Receipt.objects.filter(received_at__gte=today.replace(day=1)).aggregate(
        day=Sum("amount", filter=of_today),
        day_n=Count("id", filter=of_today),
        month=Sum("amount"),
        month_n=Count("id"),
    )
    return (
        Received(found["day_n"], Kip(int(found["day"] or 0))),
        Received(found["month_n"], Kip(int(found["month"] or 0))),
    )


@dataclass(frozen=True)
class Night:
    """The last proof that the timetable ran: when, and whether everything agreed."""

    at: datetime
    holds: bool


def last_night() -> Night | None:
    ended = ProcrastinateJob.objects.filter(task_name="timetable.prove", status__in=["succeeded", "failed"])
    found = (
        ended.annotate(at=Max("procrastinateevent__at")).order_by("-id").values_list("at", "status").first()
    )
    return Night(found[0], found[1] == "succeeded") if found and found[0] else None
