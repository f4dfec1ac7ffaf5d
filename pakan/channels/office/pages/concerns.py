"""What inspectors look at: reports without a name, and employers that declared and did not pay by the 25th (C20, A1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.kit.files import attachment
from pakan.channels.office.frame import page_of, show
from pakan.operations import concern as concerns_of
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import Note, write
from pakan.registers.concerns.models import TEXT, Concern
from pakan.registers.concerns.queries import concern as by_number
from pakan.registers.concerns.queries import waiting
from pakan.registers.contributions.queries import owed_in_all

KINDS: dict[str, str | Promise] = {
    "not_paid": gettext_lazy("Taken from the wage or declared, and not paid"),
    "not_registered": gettext_lazy("Workers are not registered"),
    "wage_too_low": gettext_lazy("The declared wage is too low"),
    "other": gettext_lazy("Something else"),
}
STATES: dict[str, tuple[str | Promise, str]] = {
    "open": (gettext_lazy("nobody has answered"), "bad"),
    "worked": (gettext_lazy("answered, still open"), "wait"),
    "closed": (gettext_lazy("closed"), "ok"),
}


class ConcernForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What was done"),
        help_text=gettext_lazy("Whoever reported reads it with the code. Short and plain."),
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    closes = forms.BooleanField(label=gettext_lazy("This settles it"), required=False)


def _said(one: Concern) -> dict[str, Any]:
    words, tone = STATES[one.state]
    return {"concern": one, "kind": KINDS[one.kind], "says": words, "tone": tone}


@require_safe
def concerns(request: Asked) -> HttpResponse:
    page = page_of(request, waiting())
    rows = [_said(one) | {"days": (request.actor.today - one.opened_on).days} for one in page.object_list]
    return show(request, "concerns", {"page": page, "rows": rows}, current="concerns")


@require_safe
def photo(request: Asked, number: str) -> HttpResponse:
    """The photo of a report, as it was re-encoded at the door."""
    found = by_number(number)
    if found is None or found.photo is None:
        raise Http404
    write(request.actor, "look", Note(object=f"photo of {found.number}", purpose="concern"))
    return attachment(found.photo.media_type, bytes(found.photo.content), found.number)


@require_http_methods(["GET", "HEAD", "POST"])
def concern(request: Asked, number: str) -> HttpResponse:
    found = by_number(number)
    if found is None:
        raise Http404
    form = ConcernForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            concerns_of.answer(request.actor, found.number, typed["text"], typed["closes"])
            messages.success(request, _("Kept."))
        except concerns_of.Refused:
            messages.error(request, _("This is closed already."))
        return redirect("office:concern", found.number)
    write(
        request.actor,
        "look",
        Note(object=f"concern {found.number}", employer_id=found.employer_id, purpose="concern"),
    )
    facts = _said(found) | {
        "form": form,
        "steps": found.steps.order_by("id"),
        "owed": owed_in_all(found.employer_id) if found.employer_id else None,
        "is_closed": found.state == Concern.State.CLOSED,
    }
    return show(request, "concern", facts, current="concerns", status=422 if form.errors else 200)
