"""The first page: what waits for a person, how long already, and how the day goes."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pakan.channels.office import figures
from pakan.channels.office.frame import may_open, show
from pakan.channels.office.menu import ENTRIES
from pakan.channels.office.pages.prove import kept_result
from pakan.registers.access.actor import Asked


@require_safe
def home(request: Asked) -> HttpResponse:
    facts: dict[str, Any] = {"looks_for_employers": may_open(request.actor, "employers")}
    work = _lists(request)
    if may_open(request.actor, "money"):
        today, month = figures.received(request.actor.at)
        facts |= {"sees_money": True, "today": today, "month": month, "proof": _proof(request)}
        work = [*_work(request.actor.at), *work]
    facts["work"] = [row for row in work if row["count"]]
    facts["done"] = [row for row in work if not row["count"]]
    if may_open(request.actor, "decrees"):
        facts["decrees"] = figures.decrees_waiting()
    return show(request, "home", facts, current="home")


def _lists(request: Asked) -> list[dict[str, Any]]:
    """The lists of the menu that this officer may open."""
    labels = {name: label for _heading, pages in ENTRIES for name, label, _icon in pages}
    opened = [name for name in figures.LISTS if may_open(request.actor, name)]
    found = figures.heaps(opened)
    none = figures.Heap(0, None)
    return [_row(found.get(name, none), "wait", labels[name], "", name) for name in opened]


def _work(at: datetime) -> list[dict[str, Any]]:
    """Each kind of work with what it means, how much there is, since when, and where it is done."""
    heaps = [
        (
            figures.unmatched_heap(),
            "wait",
            _("Money without an owner"),
            _("Find whose it is and settle it."),
            "money",
        ),
        (
            figures.waiting_heap(at),
            "bad",
            _("Bank messages without an outcome"),
            _("Over 15 minutes old."),
            "bank",
        ),
        (
            figures.refused_heap(at),
            "wait",
            _("Refused bank messages"),
            _("Forged or unreadable, of the last 7 days."),
            "bank",
        ),
        (
            figures.failed_messages_heap(at),
            "wait",
            _("Messages that reached no phone"),
            _("Of the last 7 days. The people still find them on their page."),
            "",
        ),
        (
            figures.failed_jobs_heap(),
            "bad",
            _("Work of the machine that gave up"),
            _("Tell the people who keep the system."),
            "",
        ),
    ]
    return [_row(heap, tone, label, note, view) for heap, tone, label, note, view in heaps]


def _row(heap: figures.Heap, tone: str, label: Any, note: Any, view: str) -> dict[str, Any]:
    return {
        "label": label,
        "note": note,
        "count": heap.count,
        "since": heap.since,
        "tone": tone if heap.count else "ok",
        "url": reverse(f"office:{view}") if view else "",
    }


def _proof(request: Asked) -> dict[str, Any] | None:
    """The newest proof that we know of: the night's, or this officer's own."""
    night = figures.last_night()
    own = kept_result(request)
    if own and (night is None or own["at"] > night.at):
        return {"at": own["at"], "holds": not own["differences"], "by_night": False}
    return {"at": night.at, "holds": night.holds, "by_night": True} if night else None
