"""The member's first page. Three things only: paid up to, what you can claim, the next step (C13)."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from pakan.channels.member.reading import Record, record_of
from pakan.channels.member.shell import own_person, page
from pakan.registers.access.actor import Asked
from pakan.registers.benefits.models import Claim
from pakan.registers.benefits.queries import of_person
from pakan.registers.benefits.states import State


@require_GET
def home(request: Asked) -> HttpResponse:
    person = own_person(request)
    record = record_of(person.id, request.actor.today)
    facts = _next(record) | {"claim": claim_to_see(person.id)}
    return page(request, "home", tab="home", person=person, counted=len(record.counted), **facts)


# Missing papers first, then what was begun; a claim that only waits comes last.
FIRST = (State.ASKED.value, State.DRAFT.value, State.LODGED.value, State.PROPOSED.value, State.APPROVED.value)


def claim_to_see(person_id: int) -> Claim | None:
    """The claim that asks something of the member, else the one that he waits for."""
    own = [one for one in of_person(person_id) if one.state in FIRST]
    return min(own, key=lambda one: FIRST.index(one.state), default=None)


def _next(record: Record) -> dict[str, Any]:
    """What the member should know next: a month missing, else one on its way, else nothing to do."""
    missing, coming = record.all_in("missing"), record.all_in("coming")
    return {
        "paid_up_to": record.paid[-1] if record.paid else None,
        "missing": missing[0] if missing else None,
        "missing_count": len({work.month for work in missing}),
        "coming": coming[0] if coming else None,
    }
