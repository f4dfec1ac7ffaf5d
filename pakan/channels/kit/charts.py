"""Twelve months of wages and workers as columns, and the words for the ages of debts.

Drawn on the server; the table beside them says the same in figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.kit.speech import Way, kip_text, month_text
from pakan.units.month import Month

MOST = 12  # months
AGES = {  # of registers.contributions.arrears
    "30": gettext_lazy("up to 30 days"),
    "90": gettext_lazy("31 to 90 days"),
    "365": gettext_lazy("91 to 365 days"),
    "more": gettext_lazy("over a year"),
}
PITCH, WIDTH, TALL = 20, 14, 60  # of a column, in units of the drawing


@dataclass(frozen=True)
class Declared:
    """What a month stands with; a month that nobody declared has none."""

    month: Month
    wages: int | None
    workers: int | None


@dataclass(frozen=True)
class Drawing:
    """One row of columns: its title, its sentence for who does not see it, and where each column stands."""

    title: str
    says: str
    most: str
    columns: list[tuple[str, str, str, str]]  # x, y, width, height


def last_twelve(found: Sequence[Declared]) -> list[Declared]:
    """The newest twelve months without a gap, oldest first; fewer where the first declared month is younger."""
    known = {one.month: one for one in found if one.wages is not None}
    if not known:
        return []
    newest = max(known)
    oldest = max(min(known), newest - (MOST - 1))
    return [known.get(month, Declared(month, None, None)) for month in oldest.until(newest)]


def drawings(months: Sequence[Declared]) -> list[Drawing]:
    """Wages, then workers. Every column begins at zero, so that lengths compare."""
    wages = [one.wages or 0 for one in months]
    workers = [one.workers or 0 for one in months]
    return [
        _drawing(_("Insured wages"), months, wages, "short"),
        _drawing(_("Workers"), months, workers, "bare"),
    ]


def _drawing(title: str, months: Sequence[Declared], values: Sequence[int], way: Way) -> Drawing:
    most = max(values)
    says = _(
        "%(what)s, %(first_month)s to %(last_month)s. First: %(first)s. Last: %(last)s. Most: %(most)s."
    ) % {
        "what": title,
        "first_month": month_text(months[0].month),
        "last_month": month_text(months[-1].month),
        "first": kip_text(values[0], way),
        "last": kip_text(values[-1], way),
        "most": kip_text(most, way),
    }
    return Drawing(
        title, says, kip_text(most, way), [_column(at, value, most) for at, value in enumerate(values)]
    )


def _column(at: int, value: int, most: int) -> tuple[str, str, str, str]:
    """As text, so that no language puts dots into the figures."""
    height = value * TALL // (most or 1)
    return str(at * PITCH + (PITCH - WIDTH) // 2), str(TALL - height), str(WIDTH), str(height)
