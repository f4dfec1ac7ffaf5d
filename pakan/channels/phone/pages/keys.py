"""Declaring from a keypad telephone is opened here: a PIN of one's own, and a code that comes to that telephone (C91)."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from pakan.channels.kit.fields import ReadField
from pakan.operations import dial, enter
from pakan.registers.access.actor import Asked
from pakan.units.number import WrongNumber, clean_phone, masked_phone
from pakan.units.pin import BadPin

WAITS = "keypad_line"  # in the session: the line that waits for its code


class PhoneField(ReadField):
    def read(self, text: str) -> str:
        try:
            return clean_phone(text)
        except WrongNumber as fault:
            raise forms.ValidationError(_("This is no phone number. Type it like 020 5555 1234.")) from fault


def _pin_field(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"})
    return forms.CharField(label=label, max_length=20, widget=widget, help_text=help_text)


class KeysForm(forms.Form):
    phone = PhoneField(
        label=gettext_lazy("Number of your keypad phone"),
        help_text=gettext_lazy("Like 020 5555 1234."),
        attrs={"inputmode": "tel", "autocomplete": "tel"},
    )
    pin = _pin_field(
        gettext_lazy("A PIN for it"),
        gettext_lazy("Six digits that others do not guess: no birthday, no row."),
    )
    again = _pin_field(gettext_lazy("The PIN once more"))

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "pin" in self.cleaned_data and again != self.cleaned_data["pin"]:
            raise forms.ValidationError(_("The two PINs are not the same."))
        return again


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The code from the SMS"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "short"}
        ),
    )


def _bad(fault: BadPin) -> str:
    if fault.code == "length":
        return _("A PIN has exactly six digits.")
    return _("Others guess this PIN first. Choose another one.")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: Asked) -> HttpResponse:
    """The telephone that declares now, and the form for another; after a fresh proof only."""
    form = KeysForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            line = dial.ask_keys(request, request.actor, told["phone"], told["pin"])
        except enter.NotFresh:
            return _prove_first()
        except BadPin as fault:
            form.add_error("pin", _bad(fault))
        except dial.Taken:
            form.add_error("phone", _("Another person declares with this phone."))
        except enter.TooOften:
            form.add_error(None, _("Too many codes for this number. Wait an hour."))
        else:
            request.session[WAITS] = line.id
            return redirect("phone:keys_code")
    line_now = dial.keys_of(request.actor)
    facts = {
        "form": form,
        "now": masked_phone(line_now.phone) if line_now else "",
        "short_code": settings.USSD_CODE,
        "fresh": enter.is_fresh(request, request.actor.at),
        "prove": _prove_url(),
    }
    return render(request, "phone/keys.html", facts, status=422 if form.errors else 200)


def _prove_url() -> str:
    return f"{reverse('public:ways_in')}?{urlencode({'next': reverse('phone:keys')})}"


def _prove_first() -> HttpResponse:
    return redirect(_prove_url())


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Asked) -> HttpResponse:
    """The code that came to the telephone: typed here, it opens the keys."""
    if WAITS not in request.session:
        return redirect("phone:keys")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if dial.confirm_keys(request.actor, request.session[WAITS], form.cleaned_data["code"]):
            del request.session[WAITS]
            messages.success(request, _("You can declare from this phone now."))
            return redirect("phone:keys")
        form.add_error("code", _("This code is not right, or too old. Ask for a new one."))
    return render(request, "phone/keys_code.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def end(request: Asked) -> HttpResponse:
    dial.end_keys(request.actor)
    messages.success(request, _("No keypad phone declares for you any more."))
    return redirect("phone:keys")
