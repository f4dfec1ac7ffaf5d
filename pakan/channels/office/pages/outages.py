"""Outages: what the house found by itself, and what a person writes down (C86)."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from pakan.channels.kit.fields import DayField
from pakan.channels.kit.speech import day_text
from pakan.channels.office.frame import show
from pakan.operations import watch
from pakan.registers.access.actor import VIENTIANE, Asked
from pakan.registers.access.roles import permissions
from pakan.registers.service.queries import newest_outages

WRONG = {
    "backwards": gettext_lazy("The end must be later than the beginning."),
    "future": gettext_lazy("An outage is written down when it is over."),
    "too_long": gettext_lazy("More than seven days cannot be written down as one outage."),
}


class OutageForm(forms.Form):
    day = DayField(label=gettext_lazy("Day"))
    start = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    end = forms.TimeField(label=gettext_lazy("To"), widget=forms.TimeInput(attrs={"type": "time"}))
    lo = forms.CharField(label=gettext_lazy("What did not work, in Lao"), max_length=200)
    en = forms.CharField(label=gettext_lazy("What did not work, in English"), max_length=200)

    def stretch(self) -> tuple[datetime, datetime]:
        told = self.cleaned_data
        return (
            datetime.combine(told["day"], told["start"], VIENTIANE),
            datetime.combine(told["day"], told["end"], VIENTIANE),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def outages(request: Asked) -> HttpResponse:
    may_note = bool(permissions().verbs["watch.note_outage"] & request.actor.all_roles)
    form = OutageForm(request.POST or None) if may_note else None
    if form is not None and request.method == "POST" and form.is_valid() and _noted(request, form):
        return redirect("office:outages")
    facts: dict[str, Any] = {"form": form, "outages": newest_outages()}
    return show(request, "outages", facts, "outages", 422 if form is not None and form.errors else 200)


def _noted(request: Asked, form: OutageForm) -> bool:
    told = form.cleaned_data
    try:
        outage = watch.note_outage(request.actor, *form.stretch(), told["lo"], told["en"])
    except watch.WrongStretch as wrong:
        form.add_error("end", str(WRONG[wrong.code]))
        return False
    if outage is None:
        messages.info(request, _("This outage is written down already."))
        return True
    moved = [(day_text(one.day), day_text(one.to)) for one in outage.extension_set.all()]
    for was, now in moved:
        messages.success(
            request, _("What was due on %(was)s is due on %(now)s now.") % {"was": was, "now": now}
        )
    if not moved:
        messages.success(request, _("Written down. No due day moved."))
    return True
