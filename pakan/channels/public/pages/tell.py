"""Tell us of an employer without a name, and follow it by a code (C20). No sign-in is looked at; nobody is kept."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from pakan.channels.public.pages.sign_in import too_often
from pakan.operations import concern
from pakan.registers.access.actor import Asked
from pakan.registers.concerns.models import TEXT, WHERE, Concern

KINDS: list[tuple[str, str | Promise]] = [
    (Concern.Kind.NOT_PAID.value, gettext_lazy("Money is taken from the wage, but not paid")),
    (Concern.Kind.NOT_REGISTERED.value, gettext_lazy("Workers are not registered")),
    (Concern.Kind.WAGE_TOO_LOW.value, gettext_lazy("The declared wage is too low")),
    (Concern.Kind.OTHER.value, gettext_lazy("Something else")),
]
STATES: dict[str, tuple[str | Promise, str]] = {
    "open": (gettext_lazy("nobody has looked yet"), "wait"),
    "worked": (gettext_lazy("we work on it"), "info"),
    "closed": (gettext_lazy("closed"), "ok"),
}
REFUSED: dict[str, tuple[str, str | Promise]] = {
    "kind": ("kind", gettext_lazy("Choose what happens.")),
    "where": ("where", gettext_lazy("Say which employer: its name, or where it is.")),
    "text": ("text", gettext_lazy("Write something, at most 1,000 letters.")),
    "photo": ("photo", gettext_lazy("We cannot read this file. Take a photo of the paper.")),
    "code": ("code", gettext_lazy("The code has twelve digits.")),
    "digit": ("code", gettext_lazy("One digit of this code is wrong. Compare it with your note.")),
    "closed": ("text", gettext_lazy("This is closed. Tell us anew.")),
}


class TellForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What happens?"), choices=lambda: KINDS, widget=forms.RadioSelect
    )
    where = forms.CharField(
        label=gettext_lazy("Which employer?"),
        help_text=gettext_lazy("Its name, or where it is."),
        max_length=WHERE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Tell us more"),
        help_text=gettext_lazy("Do not write your name or number."),
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    photo = forms.FileField(
        label=gettext_lazy("A photo, if you have one"),
        help_text=gettext_lazy(
            "Such as a pay slip. We remove what your phone writes into it. No face, no name."
        ),
        required=False,
        widget=forms.ClearableFileInput(
            attrs={
                "accept": "image/*",
                "data-photo": True,
                "data-photo-says": "says-photo",
                "data-working": gettext_lazy("Making the photo small…"),
                "data-ready": gettext_lazy("Ready to send."),
            }
        ),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Your code"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Tell us more"),
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _address(request: Asked) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


@require_http_methods(["GET", "POST"])
def tell(request: Asked) -> HttpResponse:
    form = TellForm(request.POST, request.FILES) if request.method == "POST" else TellForm()
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            code = concern.leave(
                request.actor,
                typed["kind"],
                typed["where"],
                typed["text"],
                _address(request),
                _photo(typed["photo"]),
            )
        except concern.Refused as refusal:
            _refused(form, refusal)
        except concern.TooOften as fault:
            return too_often(request, fault.until, reverse("public:tell"))
        else:
            # The code stands on this answer only: not in an address, not in a session.
            return render(request, "public/told.html", {"code": concern.shown_code(code)})
    return render(request, "public/tell.html", {"form": form}, status=422 if form.errors else 200)


def _photo(sent: Any) -> tuple[str, str, bytes] | None:
    return (sent.name, sent.content_type or "", sent.read()) if sent else None


def _refused(form: forms.Form, refusal: concern.Refused) -> None:
    field, says = REFUSED[refusal.code]
    form.add_error(field, str(says))


@require_http_methods(["GET", "POST"])
def follow(request: Asked) -> HttpResponse:
    """What became of it; the code goes in the form, never in the address."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    facts: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        try:
            found = _found(request, form.cleaned_data)
        except concern.Refused as refusal:
            _refused(form, refusal)
        except concern.TooOften as fault:
            return too_often(request, fault.until, reverse("public:follow"))
        else:
            if found is None:
                form.add_error("code", _("We do not know this code."))
            else:
                facts |= _said(found) | {"again": CodeForm({"code": form.cleaned_data["code"]})}
    return render(request, "public/follow.html", facts, status=422 if form.errors else 200)


def _found(request: Asked, typed: dict[str, Any]) -> Concern | None:
    if typed["text"]:
        concern.add(request.actor, typed["code"], typed["text"], _address(request))
    return concern.look_up(request.actor, typed["code"], _address(request))


def _said(found: Concern) -> dict[str, Any]:
    words, tone = STATES[found.state]
    return {
        "concern": found,
        "kind": dict(KINDS)[found.kind],
        "says": words,
        "tone": tone,
        "steps": found.steps.order_by("id"),
    }
