"""From an amount to its months: pure arithmetic, so that the calendar, the instalments and the proof agree."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from pakan.units.money import Kip
from pakan.units.month import Month

Part = tuple[Month, Kip]
DAYS_OF_A_MONTH = 30  # of a part month


def parts(kind: str, kip: int, start: date, end: date | None, until: Month) -> list[Part]:
    """What is due for each month: once, spread over the days of a time, or each month from the day it began.

    Without an end, the months to `until`.
    """
    if kind == "lump_sum":
        return [(Month.of(start), Kip(kip))]
    if kind == "period" and end is not None:
        return _spread(kip, start, end)
    return list(_monthly(kip, start, end, until))


def _spread(kip: int, start: date, end: date) -> list[Part]:
    """By days, rounded on the running sum, so that the parts come to the whole exactly."""
    days, found, before = (end - start).days + 1, [], 0
    for month in Month.of(start).until(Month.of(end)):
        gone = (min(month.last, end) - start).days + 1
        reached = (2 * kip * gone + days) // (2 * days)
        if reached > before:
            found.append((month, Kip(reached - before)))
        before = reached
    return found


def _monthly(kip: int, start: date, end: date | None, until: Month) -> Iterator[Part]:
    """A whole month from each day that has the number of the first; what remains at the end by days (A-21)."""
    for ahead in range(max(0, until.number - Month.of(start).number + 1) if end is None else 1200):
        first, after = months_on(start, ahead), months_on(start, ahead + 1)
        if end is not None and first > end:
            return
        if end is None or after - timedelta(days=1) <= end:
            yield Month.of(first), Kip(kip)
            continue
        days = min((end - first).days + 1, DAYS_OF_A_MONTH)
        part = (2 * kip * days + DAYS_OF_A_MONTH) // (2 * DAYS_OF_A_MONTH)
        if part:
            yield Month.of(first), Kip(part)


def months_on(day: date, ahead: int) -> date:
    """The same day `ahead` months later; the last one of a shorter month."""
    month = Month.of(day) + ahead
    return date(month.year, month.month, min(day.day, monthrange(month.year, month.month)[1]))


def less(of: Sequence[Part], carried: int) -> list[Part]:
    """What is left of the parts when `carried` was paid before, the oldest first."""
    left = []
    for month, kip in of:
        taken = min(carried, kip)
        carried -= taken
        if kip > taken:
            left.append((month, Kip(kip - taken)))
    return left
