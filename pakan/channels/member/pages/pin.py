"""The PIN: who is at this phone, open it, open it again after five minutes, prove it before what matters, set it."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.member.browser import (
    back_to,
    in_language,
    name_of,
    next_of,
    onward,
    secret_of,
    set_secret,
    too_often,
    with_next,
)
from pakan.channels.member.shell import page
from pakan.operations import enter
from pakan.registers.access.actor import Asked
from pakan.registers.access.models import Device
from pakan.registers.access.queries import cools, profiles
from pakan.units.pin import LENGTH, BadPin

SECRET = {"inputmode": "numeric", "autocomplete": "off", "class": "short"}


class PinForm(forms.Form):
    pin = forms.CharField(
        label=gettext_lazy("Your PIN"),
        help_text=gettext_lazy("Six digits that only you know."),
        max_length=20,
        widget=forms.PasswordInput(attrs=SECRET),
    )


class NewPinForm(forms.Form):
    pin = forms.CharField(
        label=gettext_lazy("Six digits"),
        help_text=gettext_lazy("Not your birth date. Not 123456."),
        max_length=20,
        widget=forms.PasswordInput(attrs=SECRET),
    )
    again = forms.CharField(
        label=gettext_lazy("The same six digits again"),
        max_length=20,
        widget=forms.PasswordInput(attrs=SECRET),
    )
    remember = forms.BooleanField(
        label=gettext_lazy("This is my phone. Next time the PIN is enough."), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if {"pin", "again"} <= typed.keys() and typed["pin"] != typed["again"]:
            self.add_error("again", _("These are not the same. Type the six digits again."))
        return typed


# Coming in on a remembered phone


@require_safe
def who(request: Asked) -> HttpResponse:
    """Several people may share this phone: each has a name here, and behind it an own PIN."""
    goes_to = next_of(request)
    found = profiles(secret_of(request))
    if not found:
        return redirect(with_next("member:sign_in", goes_to))
    links = [
        {"url": with_next("member:pin", goes_to, who=device.handle), "label": given_name(device)}
        for device in found
    ]
    other = {"url": with_next("member:sign_in", goes_to, other="1"), "label": _("Somebody else")}
    return render(request, "member/who.html", {"links": [*links, other]})


def given_name(device: Device) -> str:
    """What a shared phone shows of a person: the given name only."""
    return device.account.person.given_name if device.account.person else ""


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: Asked) -> HttpResponse:
    goes_to = next_of(request)
    handle = request.GET.get("who", "")
    device = next((one for one in profiles(secret_of(request)) if one.handle == handle), None)
    if device is None:
        return redirect(with_next("member:sign_in", goes_to))
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if enter.open_with_pin(request, device, form.cleaned_data["pin"], request.actor.at):
                return in_language(onward(request, device.account_id, goes_to), device.account.language)
        except enter.PinLocked:
            return _locked(request)
        except enter.TooOften as fault:
            return too_often(request, fault.until)
        form.add_error("pin", _wrong())
    facts = {"form": form, "name": given_name(device), "back": back_to("member:who"), "goes_to": goes_to}
    return _ask(request, facts, reverse("member:who"))


def _wrong() -> str:
    return _("This PIN is wrong. Type it again. After five wrong ones a code must come.")


def _locked(request: Asked) -> HttpResponse:
    """Five wrong PINs: this phone is forgotten; the account itself is not shut, a code opens it."""
    return render(request, "member/pin_locked.html", status=429)


def _ask(request: Asked, facts: dict[str, Any], other: str, status: int = 200) -> HttpResponse:
    """The page of a PIN; `other` is the way for somebody else at this phone."""
    passkey_url = with_next("member:prove_passkey", facts.get("goes_to", ""))
    return render(
        request, "member/pin.html", facts | {"other": other, "passkey_url": passkey_url}, status=status
    )


# Open again, and prove


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: Asked) -> HttpResponse:
    """Five minutes of nothing lock a session; what was being sent is kept and offered again."""
    goes_to = next_of(request)
    if request.sign_in is None:
        return redirect(with_next("member:sign_in", goes_to))
    if request.actor.account_id is not None:
        return onward(request, request.actor.account_id, goes_to)
    account = request.sign_in.account
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _shown(request, form, account.id, goes_to)
        if answer is not None:
            return answer
    facts = {
        "form": form, "name": account.person.given_name if account.person else "", "goes_to": goes_to, "locked": True,
        "waits": enter.kept(request, account.id),
    }  # fmt: skip
    return _ask(request, facts, "")


def _shown(request: Asked, form: PinForm, account_id: int, goes_to: str) -> HttpResponse | None:
    """What a typed PIN leads to; None, with the error at the field, if it is wrong."""
    try:
        if enter.prove_pin(request, form.cleaned_data["pin"], request.actor.at):
            return onward(request, account_id, goes_to)
    except enter.PinLocked:
        return _locked(request)
    except enter.TooOften as fault:
        return too_often(request, fault.until)
    form.add_error("pin", _wrong())
    return None


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: Asked) -> HttpResponse:
    """Before money, identity or sharing: PIN or passkey, good for ten minutes. `next` is where to go after it."""
    account = enter.account_of(request.actor)
    if cools(account, request.actor.at):
        return page(request, "cools", back="me", until=account.cools_until)
    return _prove(request, account)


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def prove_old(request: Asked) -> HttpResponse:
    """The same for one's own PIN and passkeys, which may be changed while the account cools."""
    return _prove(request, enter.account_of(request.actor))


def _prove(request: Asked, account: enter.Account) -> HttpResponse:
    goes_to = next_of(request)
    if not account.pin:
        return redirect(with_next("member:pin_new", goes_to))
    if request.method != "POST" and enter.proved(request, request.actor.at):
        return redirect(goes_to or "member:me")
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _shown(request, form, account.id, goes_to or reverse("member:me"))
        if answer is not None:
            return answer
    return page(
        request, "prove", back="me", form=form, goes_to=goes_to,
        passkey_url=with_next("member:prove_passkey", goes_to),
    )  # fmt: skip


# A new PIN


@sensitive_post_parameters("pin", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def pin_new(request: Asked) -> HttpResponse:
    """The first PIN, or another one after the old one was shown."""
    goes_to = next_of(request)
    account = enter.account_of(request.actor)
    if account.pin and not enter.proved(request, request.actor.at):
        return redirect(with_next("member:prove_old", with_next("member:pin_new", goes_to)))
    form = NewPinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            enter.choose_pin(request, request.actor, form.cleaned_data["pin"])
        except BadPin as fault:
            form.add_error("pin", _bad(fault))
        else:
            goes_to = with_next("member:trust", goes_to) if not account.pin else goes_to
            return _remembered(request, form.cleaned_data["remember"], redirect(goes_to or "member:me"))
    from_me = bool(account.pin) and not goes_to
    facts = {"form": form, "goes_to": goes_to, "length": LENGTH, "first": not account.pin}
    return page(request, "pin_new", tab="me", back="me" if from_me else "", **facts)


def _bad(fault: BadPin) -> str:
    if fault.code == "length":
        return _("A PIN has exactly six digits.")
    return _("Others guess this PIN first. Choose another one.")


def _remembered(request: Asked, wanted: bool, answer: HttpResponse) -> HttpResponse:
    """The answer, after this browser was remembered if its owner wants so."""
    if not wanted:
        return answer
    secret = secret_of(request) or enter.new_secret()
    enter.remember(request.actor, secret, name_of(request), request.session.session_key or "")
    return set_secret(answer, secret)


@require_http_methods(["GET", "HEAD", "POST"])
def remember(request: Asked) -> HttpResponse:
    """After a code on a browser that we do not know: is it yours?"""
    goes_to = next_of(request)
    account = enter.account_of(request.actor)
    if not account.pin:
        return redirect(with_next("member:pin_new", goes_to))
    if request.method == "POST":
        return _remembered(request, True, onward(request, account.id, goes_to))
    return page(request, "remember", goes_to=goes_to, later=goes_to or reverse("member:home"))
