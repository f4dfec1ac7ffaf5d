"""What people want corrected about themselves: the proof beside the old and the new; identity takes two (C189)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.kit.files import attachment
from pakan.channels.office.deciding import AnswerForm, yes_or_no
from pakan.channels.office.frame import page_of, show
from pakan.operations import wish
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import look
from pakan.registers.wishes.models import Correction
from pakan.registers.wishes.queries import correction as by_number
from pakan.registers.wishes.queries import corrections_waiting

FIELDS: dict[str, str | Promise] = {
    "given_name": gettext_lazy("First name"),
    "family_name": gettext_lazy("Family name"),
    "birth_date": gettext_lazy("Birth date"),
    "village": gettext_lazy("Village"),
}
STATES: dict[str, tuple[str | Promise, str]] = {
    "open": (gettext_lazy("nobody has looked"), "bad"),
    "proposed": (gettext_lazy("waits for a second officer"), "wait"),
    "done": (gettext_lazy("corrected"), "ok"),
    "refused": (gettext_lazy("refused"), "info"),
}
REFUSED: dict[str, str | Promise] = {
    "closed": gettext_lazy("This is decided already."),
    "answer": gettext_lazy("Say why not, in at most 500 letters."),
    "same person": gettext_lazy("Another officer than the first must agree."),
}


def _said(one: Correction) -> dict[str, Any]:
    words, tone = STATES[one.state]
    return {"one": one, "field": FIELDS[one.field], "says": words, "tone": tone}


@require_safe
def corrections(request: Asked) -> HttpResponse:
    """What waits. No names here: who asks is seen on the case, and that look is kept."""
    page = page_of(request, corrections_waiting())
    return show(
        request, "corrections", {"page": page, "rows": [_said(one) for one in page]}, current="corrections"
    )


def _found(number: str) -> Correction:
    found = by_number(number)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: Asked, number: str) -> HttpResponse:
    found = _found(number)
    form = AnswerForm(request.POST or None, _("The member reads it. A no needs a reason."), wish.MOST_TEXT)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        return yes_or_no(
            request, "office:correction", found.number, wish.decide, wish.Refused, REFUSED, answer
        )
    look(request.actor, f"correction {found.number}", found.person_id, "correction")
    facts = _said(found) | {"form": form, "is_open": found.state in ("open", "proposed")}
    return show(request, "correction", facts, current="corrections", status=422 if form.errors else 200)


@require_safe
def proof(request: Asked, number: str) -> HttpResponse:
    """The paper itself, as it was re-encoded at the door."""
    found = _found(number)
    look(request.actor, f"proof of {found.number}", found.person_id, "correction")
    return attachment(found.proof.media_type, bytes(found.proof.content), found.number)
