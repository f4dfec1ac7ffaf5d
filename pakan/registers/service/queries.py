"""What is read about the service."""

from datetime import date, datetime

from django.db.models import QuerySet

from pakan.registers.kept import kept
from pakan.registers.service.models import Extension, Outage


@kept()
def _moved() -> QuerySet[Extension, tuple[date, date]]:
    return Extension.objects.values_list("day", "to")


def moved_days() -> dict[date, date]:
    """Due days that moved, and to which day: a few rows in all the years."""
    return dict(_moved())


def outages_between(start: datetime, end: datetime) -> list[Outage]:
    """Outages that touch the stretch from `start` to `end`, oldest first."""
    return list(Outage.objects.filter(start__lt=end, end__gt=start).order_by("start"))


def newest_outages(most: int = 20) -> list[Outage]:
    return list(Outage.objects.prefetch_related("extension_set").order_by("-start")[:most])
