"""To show life once a year, and to say that somebody in the family has died (C46, C48)."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from pakan.channels.kit.fields import DayField
from pakan.channels.kit.once import once, sent_id
from pakan.channels.member.forms import NumberForm
from pakan.channels.member.pages.payments import prove_first
from pakan.channels.member.shell import page, person_of
from pakan.operations import enter, life
from pakan.registers.access.actor import Asked
from pakan.registers.lives.queries import proofs_of, stands_still

RELATIONS = {
    "spouse": gettext_lazy("My husband or wife"),
    "child": gettext_lazy("My father or mother"),
    "parent": gettext_lazy("My child"),
    "other": gettext_lazy("Somebody else"),
}
ROUTES = {
    "app": gettext_lazy("In the app"),
    "counter": gettext_lazy("At an office"),
    "village": gettext_lazy("At the village office"),
    "home": gettext_lazy("At home"),
    "phone": gettext_lazy("By phone"),
}


class KeyForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)


class DeathForm(NumberForm):
    number = forms.CharField(
        label=gettext_lazy("Social security number of who died"),
        help_text=gettext_lazy("It is on the card."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    born = DayField(label=gettext_lazy("Birth date of who died"))
    died_on = DayField(label=gettext_lazy("Day of the death"))
    relation = forms.ChoiceField(
        label=gettext_lazy("Who was it?"), choices=lambda: list(RELATIONS.items()), widget=forms.RadioSelect
    )


@require_http_methods(["GET", "HEAD", "POST"])
def show_life(request: Asked) -> HttpResponse:
    """Until when, by which ways, and one button. The button asks for PIN, finger or face."""
    form = KeyForm(request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        if not enter.is_fresh(request, request.actor.at):
            return prove_first(reverse("member:life"))
        life.show_living(request.actor, form.cleaned_data["key"])
        messages.success(request, _("Thank you. We know that you are well."))
        return redirect("member:life")
    due, proofs = life.due_on(person_of(request), request.actor.today), proofs_of(person_of(request))
    facts: dict[str, Any] = {
        "form": form,
        "due": due,
        "is_over": due is not None and due < request.actor.today,
        "standing": stands_still(person_of(request)),
        "last": (proofs[0], ROUTES[proofs[0].route]) if proofs else None,
        "is_fresh": enter.is_fresh(request, request.actor.at),
    }
    return page(request, "life", tab="me", back="me", **facts)


REFUSED: dict[str, tuple[str | None, Any]] = {
    "unknown": ("number", gettext_lazy("Number and birth date do not fit together. Look at the card.")),
    "day": ("died_on", gettext_lazy("This day cannot be. Look at it once more.")),
    "relation": ("relation", gettext_lazy("Choose who it was.")),
}


@require_http_methods(["GET", "HEAD", "POST"])
def death(request: Asked) -> HttpResponse:
    """Say that somebody died. Officers look at it; then the family's claims are there, filled in."""
    return once(request, lambda: _death(request))


def _death(request: Asked) -> HttpResponse:
    """The report has the id of its sending: a page kept on the phone may send two reports, and each has its own."""
    form = DeathForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        assert request.actor.account_id is not None
        try:
            life.limit_reports(request.actor.account_id, request.actor)
            life.report_death(request.actor, sent_id(request) or uuid.uuid4(), **form.cleaned_data)
        except life.TooOften:
            form.add_error(None, _("You tried this often today. Call 1508: we help you."))
        except life.Refused as refusal:
            form.add_error(*REFUSED[refusal.code])
        else:
            messages.success(request, _("We are sorry for your loss. We have your report."))
            return redirect("member:benefits")
    shown = page(request, "death", tab="benefits", back="benefits", form=form)
    shown.status_code = 422 if form.errors else 200
    return shown
