"""What is read about messages."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Prefetch, Q, QuerySet

from pakan.registers.kept import kept
from pakan.registers.messages.models import (
    CODES,
    Attempt,
    MailAddress,
    Message,
    NewsStop,
    PushSubscription,
    Way,
)

VIENTIANE = ZoneInfo("Asia/Vientiane")


def inbox(person_id: int, start: int = 0, most: int = 20) -> list[Message]:
    """A person's messages with the ways they took, newest first; codes are not kept in sight."""
    found = Message.objects.filter(person_id=person_id).exclude(wording__in=CODES).order_by("-made_at", "-id")
    ways = Prefetch("attempts", Attempt.objects.order_by("id"))
    return list(found.prefetch_related(ways)[start : start + most])


@kept(int)
def _unread(person_id: int) -> QuerySet[Message, tuple[int]]:
    found = Message.objects.filter(person_id=person_id, read_at=None).exclude(wording__in=CODES)
    return found.values("person_id").order_by().annotate(number=Count("id")).values_list("number")


def unread(person_id: int) -> int:
    return next(iter(_unread(person_id)), (0,))[0]


def queued(ids: list[int]) -> list[Message]:
    return list(
        Message.objects.filter(id__in=ids, state=Message.State.QUEUED)
        .select_related("account")
        .order_by("id")
    )


def tried(message_id: int) -> set[str]:
    """The ways that are over for this message."""
    over = Attempt.objects.filter(message_id=message_id).exclude(state=Attempt.State.TRYING)
    return set(over.values_list("way", flat=True))


def told_of_employer(account_id: int, code: str, most: int = 3) -> list[Message]:
    """What this account was told about one employer (its code), alone or with others, newest first."""
    about = Q(values__code=code) | Q(values__codes__contains=[code])
    found = Message.objects.filter(about, account_id=account_id, person=None)
    return list(found.exclude(wording__in=CODES).order_by("-made_at", "-id")[:most])


def browsers_of(account_id: int) -> list[PushSubscription]:
    return list(PushSubscription.objects.filter(account_id=account_id, ended_at=None).order_by("id"))


def mail_of(account_id: int) -> MailAddress | None:
    return MailAddress.objects.filter(account_id=account_id).first()


def wants_no_news(phone: str) -> bool:
    return NewsStop.objects.filter(phone=phone, ended_at=None).exists()


# The board of the communicator


@dataclass(frozen=True)
class WayOfDay:
    """One day and way: how many attempts, and what became of them."""

    way: str
    sent: int
    delivered: int
    failed: int

    @property
    def all(self) -> int:
        return self.sent + self.delivered + self.failed


def day_bounds(day: date) -> tuple[datetime, datetime]:
    start = datetime.combine(day, datetime.min.time(), VIENTIANE)
    return start, start + timedelta(days=1)


def board(day: date) -> list[WayOfDay]:
    """What left on this day in Vientiane, by way."""
    start, end = day_bounds(day)
    rows = (
        Attempt.objects.filter(at__gte=start, at__lt=end)
        .values("way")
        .annotate(
            waiting=Count("id", filter=Q(state__in=("sent", "trying"))),
            arrived=Count("id", filter=Q(state="delivered")),
            lost=Count("id", filter=Q(state="failed")),
        )
    )
    found = {row["way"]: row for row in rows}
    return [
        WayOfDay(way, row["waiting"], row["arrived"], row["lost"])
        if (row := found.get(way.value))
        else WayOfDay(way, 0, 0, 0)
        for way in Way
    ]


def waiting_count() -> int:
    return Message.objects.filter(state=Message.State.QUEUED).count()


def failed_messages() -> QuerySet[Message]:
    """What no way carried and no person has told yet, oldest first. Codes are worth nothing by then."""
    return (
        Message.objects.filter(state=Message.State.FAILED, told=None)
        .exclude(wording__in=CODES)
        .prefetch_related("attempts")
        .order_by("made_at", "id")
    )


def failed_message(message_id: int) -> Message | None:
    return failed_messages().select_related("person", "account").filter(id=message_id).first()
