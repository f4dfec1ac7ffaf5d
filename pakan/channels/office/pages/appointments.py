"""The day of an office: who comes when, who waits, who was served (C14)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pakan.channels.office.frame import show
from pakan.operations import visit
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import look
from pakan.registers.visits.models import Office
from pakan.registers.visits.queries import of_day, offices, queue
from pakan.registers.visits.queries import office as office_by_code

TOPICS: dict[str, str | Promise] = {
    "claim": gettext_lazy("A benefit"),
    "record": gettext_lazy("Months on record"),
    "card": gettext_lazy("The card"),
    "register": gettext_lazy("Registering"),
    "other": gettext_lazy("Something else"),
}
STATES: dict[str, tuple[str | Promise, str]] = {
    "booked": (gettext_lazy("to come"), "plain"),
    "here": (gettext_lazy("waits"), "wait"),
    "served": (gettext_lazy("served"), "ok"),
}


def _office(code: str) -> Office:
    found = office_by_code(code)
    if found is None:
        raise Http404
    return found


@require_safe
def appointments(request: Asked) -> HttpResponse:
    return show(request, "appointments", {"offices": offices()}, current="appointments")


@require_safe
def day(request: Asked, code: str) -> HttpResponse:
    """Names are shown to whoever calls people up; each of them can see that the list was opened."""
    office = _office(code)
    rows = [_said(one) for one in of_day(office, request.actor.today)]
    for row in rows:
        if row["one"].person_id:
            look(request.actor, f"appointments of office {office.code}", row["one"].person_id, "appointment")
    facts = {
        "office": office,
        "rows": rows,
        "queue": queue(office, request.actor.today),
        "today": request.actor.today,
    }
    return show(request, "appointment_day", facts, current="appointments")


def _said(one: Any) -> dict[str, Any]:
    words, tone = STATES[one.state]
    return {"one": one, "about": TOPICS[one.about], "says": words, "tone": tone}


@require_POST
def act(request: Asked, code: str) -> HttpResponse:
    office, key = _office(code), request.POST.get("key", "")[:32]
    try:
        match request.POST.get("act", ""):
            case "here":
                visit.arrive(request.actor, key)
            case "served":
                visit.serve(request.actor, key)
            case "walk_in":
                visit.walk_in(request.actor, office)
            case _:
                raise Http404
    except visit.Refused:
        messages.error(request, _("Somebody did this already."))
    return redirect("office:appointment_day", office.code)
