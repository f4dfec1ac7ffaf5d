"""Appointments at an office: choose it, a day, a time; move or cancel (C14)."""

from datetime import date, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pakan.channels.member.shell import page, person_of
from pakan.operations import visit
from pakan.registers.access.actor import Asked
from pakan.registers.visits.models import Appointment, Office
from pakan.registers.visits.queries import coming, offices, own
from pakan.registers.visits.queries import office as office_by_code

TOPICS: dict[str, str | Promise] = {
    "claim": gettext_lazy("A benefit"),
    "record": gettext_lazy("My months"),
    "card": gettext_lazy("My card"),
    "register": gettext_lazy("Registering"),
    "other": gettext_lazy("Something else"),
}
REFUSED: dict[str, str | Promise] = {
    "about": gettext_lazy("Choose what it is about."),
    "time": gettext_lazy("This time cannot be booked. Choose another."),
    "taken": gettext_lazy("Somebody took this time a moment ago. Choose another."),
    "many": gettext_lazy("You have three appointments already."),
    "same day": gettext_lazy("You have an appointment on this day already."),
    "gone": gettext_lazy("This appointment is not there any more."),
}


@require_GET
def appointments(request: Asked) -> HttpResponse:
    mine = [(one, TOPICS[one.about]) for one in coming(person_of(request), request.actor.today)]
    return page(request, "appointments", tab="me", back="me", mine=mine, offices=offices())


def _office(code: str) -> Office:
    found = office_by_code(code)
    if found is None:
        raise Http404
    return found


def _day(text: str, days: list[date]) -> date | None:
    return next((day for day in days if f"{day:%Y-%m-%d}" == text), None)


def _choice(request: Asked, office: Office, moving: Appointment | None) -> HttpResponse:
    """The days, or the free times of the day that was chosen."""
    days = visit.days(request.actor.today)
    day = _day(request.GET.get("day", ""), days)
    facts: dict[str, Any] = {
        "office": office,
        "days": [(f"{one:%Y-%m-%d}", one) for one in days],
        "day": day,
        "slots": [f"{slot:%H:%M}" for slot in visit.free(office, day)] if day else [],
        "topics": list(TOPICS.items()),
        "moving": moving,
    }
    return page(request, "appointment_book", tab="me", back="appointments", **facts)


def _typed(request: Asked) -> tuple[date, time]:
    """The day and time of the button that was tapped. Raises Refused."""
    try:
        return date.fromisoformat(request.POST.get("day", "")), time.fromisoformat(
            request.POST.get("slot", "")
        )
    except ValueError as fault:
        raise visit.Refused("time") from fault


@require_http_methods(["GET", "POST"])
def book(request: Asked, code: str) -> HttpResponse:
    office = _office(code)
    if request.method == "GET":
        return _choice(request, office, None)
    try:
        day, slot = _typed(request)
        visit.book(request.actor, office, day, slot, request.POST.get("about", ""))
    except visit.Refused as refusal:
        messages.error(request, str(REFUSED[refusal.code]))
        return redirect(f"{request.path}?day={request.POST.get('day', '')[:10]}")
    messages.success(request, _("Booked. We remind you the day before."))
    return redirect("member:appointments")


@require_http_methods(["GET", "POST"])
def move(request: Asked, key: str) -> HttpResponse:
    found = own(person_of(request), key)
    if found is None:
        raise Http404
    if request.method == "GET":
        return _choice(request, found.office, found)
    try:
        day, slot = _typed(request)
        visit.move(request.actor, key, day, slot)
    except visit.Refused as refusal:
        messages.error(request, str(REFUSED[refusal.code]))
        return redirect(f"{request.path}?day={request.POST.get('day', '')[:10]}")
    messages.success(request, _("Moved. We remind you the day before."))
    return redirect("member:appointments")


@require_POST
def cancel(request: Asked) -> HttpResponse:
    try:
        visit.cancel(request.actor, request.POST.get("key", "")[:32])
    except visit.Refused as refusal:
        raise Http404 from refusal
    messages.success(request, _("Cancelled. Somebody else can have the time."))
    return redirect("member:appointments")
