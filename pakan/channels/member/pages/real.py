"""Is this call or message real? The code of a call, and what we really sent (C6, abuse A40)."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pakan.channels.kit.speech import language
from pakan.channels.member.shell import page, person_of
from pakan.operations import enter, notify
from pakan.registers.access.actor import Asked
from pakan.registers.messages.queries import inbox

SHOWN = 5


def _why(purpose: str) -> str:
    words = {
        "question": _("Your question"),
        "missing_paper": _("A paper that is missing"),
        "payment": _("A payment to you"),
        "visit": _("A visit"),
    }
    return words[purpose]


@require_safe
def real(request: Asked) -> HttpResponse:
    call = enter.call_to(person_of(request), request.actor.at)
    sent = [(message, notify.text_of(message, language())) for message in inbox(person_of(request), 0, SHOWN)]
    facts: dict[str, Any] = {"call": call, "sent": sent}
    if call is not None:
        ours, yours = enter.halves(call)
        facts |= {"ours": ours, "yours": yours, "why": _why(call.purpose), "office": call.by.office}
    return page(request, "real", tab="help", back="help", **facts)
