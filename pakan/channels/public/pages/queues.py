"""How many wait at each office now, and about how long: for whoever thinks of going there (C14)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pakan.registers.access.actor import Asked
from pakan.registers.visits.queries import office, offices, queue


@require_safe
def queues(request: Asked) -> HttpResponse:
    """The offices to choose from, and the queue of the one chosen: one query a page, whatever the number of offices."""
    chosen = office(request.GET.get("office", "")[:2])
    facts = {
        "offices": offices(),
        "chosen": chosen,
        "queue": queue(chosen, request.actor.today) if chosen else None,
        "at": request.actor.at,
    }
    return render(request, "public/queues.html", facts)
