"""Another phone number: a code goes to the new one, 72 hours pass, and the old one can stop it (C4)."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pakan.channels.member.browser import too_often, with_next
from pakan.channels.member.forms import CodeForm
from pakan.channels.member.pages.payments import keep_and_prove
from pakan.channels.member.shell import page, person_of
from pakan.operations import enter
from pakan.registers.access.actor import Asked
from pakan.registers.people.queries import person_by_id
from pakan.units.number import WrongNumber, clean_phone, masked_phone


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=gettext_lazy("Your new phone number"),
        help_text=gettext_lazy("Like 020 5555 1234."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        try:
            return clean_phone(self.cleaned_data["phone"])
        except WrongNumber as fault:
            raise forms.ValidationError(_("This is no phone number. Type it like 020 5555 1234.")) from fault


def _prove_first() -> HttpResponse:
    return redirect(with_next("member:prove", reverse("member:phone")))


@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: Asked) -> HttpResponse:
    """The number on record, masked; a change that waits; or the form for a new one, after the PIN."""
    person = person_by_id(person_of(request))
    waits = enter.open_change(person.id, request.actor.at)
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and not waits:
        if not enter.is_fresh(request, request.actor.at):
            return keep_and_prove(request, reverse("member:phone"))
        if form.is_valid():
            try:
                new = form.cleaned_data["phone"]
                token = enter.ask_new_phone(request, request.actor, new, get_language() or "lo")
            except enter.TooOften as fault:
                return too_often(request, fault.until)
            except enter.SamePhone:
                form.add_error("phone", _("This is your number already."))
            else:
                request.session["new_phone"] = {"phone": new, "token": token}
                return redirect("member:phone_code")
    return page(
        request, "phone", tab="me", back="me", form=form, now=masked_phone(person.phone) if person.phone else "",
        waits=waits, new=masked_phone(waits.new) if waits else "", fresh=enter.is_fresh(request, request.actor.at),
        prove=with_next("member:prove", reverse("member:phone")),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def phone_code(request: Asked) -> HttpResponse:
    """The code that came to the new phone."""
    kept = request.session.get("new_phone")
    if not kept:
        return redirect("member:phone")
    if not enter.is_fresh(request, request.actor.at):
        return _prove_first()
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change = enter.confirm_new_phone(
                request, request.actor, kept["phone"], kept["token"], form.cleaned_data["code"]
            )
        except enter.TooOften as fault:
            return too_often(request, fault.until)
        if change is not None:
            request.session.pop("new_phone")
            messages.success(request, _("We wrote to your old phone. The new one counts in three days."))
            return redirect("member:phone")
        form.add_error("code", _("This code is wrong or too old. Type it again, or ask for a new one."))
    return page(request, "phone_code", tab="me", back="phone", form=form, new=masked_phone(kept["phone"]))


@require_POST
def phone_stop(request: Asked) -> HttpResponse:
    """It was not me: the change stops, all phones are signed out, and a new PIN is needed."""
    if enter.stop_phone(request.actor, request.session.session_key or ""):
        messages.success(request, _("Stopped. All other phones are signed out. Set a new PIN now."))
        return redirect("member:pin_new")
    return redirect("member:phone")
