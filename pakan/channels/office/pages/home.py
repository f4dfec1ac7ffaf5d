"""The first page: what waits for a person, how long already, and how the day goes."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pakan.channels.office import figures
from pakan.channels.office.frame import may_open, show
from pakan.channels.office.pages.prove import kept_result
from pakan.registers.access.actor import Asked


@require_safe
def home(request: Asked) -> HttpResponse:
    facts: dict[str, Any] = {"looks_for_employers": may_open(request.actor, "employers")}
    if may_open(request.actor, "money"):
        today, month = figures.received(request.actor.at)
        facts |= {"work": _work(request.actor.at), "today": today, "month": month, "proof": _proof(request)}
    if may_open(request.actor, "decrees"):
        facts["decrees"] = figures.decrees_waiting()
    return show(request, "home", facts, current="home")


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
    return [
        {
            "label": label,
            "note": note,
            "count": heap.count,
            "since": heap.since,
            "tone": tone if heap.count else "ok",
            "url": reverse(f"office:{view}") if view else "",
        }
        for heap, tone, label, note, view in heaps
    ]


def _proof(request: Asked) -> dict[str, Any] | None:
    """The newest proof that we know of: the night's, or this officer's own."""
    night = figures.last_night()
    own = kept_result(request)
    if own and (night is None or own["at"] > night.at):
        return {"at": own["at"], "holds": not own["differences"], "by_night": False}
    return {"at": night.at, "holds": night.holds, "by_night": True} if night else None
