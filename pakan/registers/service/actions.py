"""What is written about the service: its pulse, outages, and due days that moved."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from pakan.registers.service.models import Extension, Outage, Pulse


def beat(part: str, at: datetime) -> datetime | None:
    """Note that `part` lives; when it was seen alive before. Earlier moments than the last change nothing."""
    last = Pulse.objects.select_for_update().filter(part=part).first()
    if last is None:
        Pulse.objects.create(part=part, at=at)
        return None
    before = last.at
    if at > before:
        last.at = at
        last.save(update_fields=["at"])
    return before


def note_outage(
    start: datetime, end: datetime, at: datetime, *, found_by: int | None = None, lo: str = "", en: str = ""
) -> Outage | None:
    """Write an outage down once; none if exactly this one is known."""
    try:
        with transaction.atomic():
            return Outage.objects.create(
                start=start, end=end, found_by_id=found_by, says_lo=lo, says_en=en, noted_at=at
            )
    except IntegrityError:
        return None


def move_day(day: date, to: date, outage: Outage, at: datetime) -> bool:
    """Move a due day later; False if it moved at least as far already."""
    moved, made = Extension.objects.get_or_create(
        day=day, defaults={"to": to, "outage": outage, "moved_at": at}
    )
    if made:
        return True
    if to <= moved.to:
        return False
    moved.to, moved.outage, moved.moved_at = to, outage, at
    moved.save(update_fields=["to", "outage", "moved_at"])
    return True
