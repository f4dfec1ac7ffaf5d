"""Sign-in of employers and staff: password, then the authenticator's code; or a passkey, which is both at once."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from pakan.channels.kit.passkeys import read_credential
from pakan.channels.kit.speech import VIENTIANE
from pakan.channels.public.going import allowed, front_of, in_language
from pakan.operations import enter
from pakan.registers.access.actor import Asked


class SignInForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("User name or e-mail"),
        max_length=120,
        widget=forms.TextInput(
            attrs={"autocomplete": "username webauthn", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Six digits"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "short"}
        ),
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: Asked) -> HttpResponse:
    goes_to = allowed(request, request.POST.get("next", request.GET.get("next", "")))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = enter.check_password(request, form.cleaned_data["name"], form.cleaned_data["password"])
        except enter.TooOften as fault:
            return too_often(request, fault.until)
        if account is not None:
            enter.wait_at_second(request, account, request.actor.at, goes_to)
            if enter.has_second(account):
                return redirect("public:second")
            enter.prepare_totp(account)
            return redirect("public:enrol_totp")
        form.add_error(None, _("Name and password do not fit together. Check both and try again."))
    return render(request, "public/sign_in.html", {"form": form, "goes_to": goes_to})


@require_http_methods(["GET", "POST"])
def second(request: Asked) -> HttpResponse:
    """The authenticator's code after the password."""
    waiting = enter.half_way(request, request.actor.at)
    if waiting is None or not enter.has_second(waiting[0]):
        return _nobody_waits(request)
    account, goes_to = waiting
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if enter.check_totp(account, form.cleaned_data["code"]):
                return _inside(request, account, "totp", goes_to)
        except enter.TooOften as fault:
            return too_often(request, fault.until)
        form.add_error("code", _("This code is not right. Wait for the next one in the app and type that."))
    return render(request, "public/second.html", {"form": form})


@require_http_methods(["GET", "POST"])
def enrol_totp(request: Asked) -> HttpResponse:
    """The first sign-in: set up the authenticator app. Until its code was shown, nothing is open."""
    waiting = enter.half_way(request, request.actor.at)
    needed = enter.enrolment(waiting[0]) if waiting else None
    if waiting is None or needed is None:
        return _nobody_waits(request)
    account, goes_to = waiting
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if enter.confirm_totp(account, form.cleaned_data["code"]):
                return _inside(request, account, "totp", goes_to)
        except enter.TooOften as fault:
            return too_often(request, fault.until)
        form.add_error(
            "code", _("This code is not right. Scan the picture again, or check the phone's clock.")
        )
    return render(request, "public/enrol_totp.html", {"form": form, "enrolment": needed})


def _nobody_waits(request: Asked) -> HttpResponse:
    """No password was given in this session: to the first step, or to the start for who is in already."""
    return redirect("public:sign_in" if request.actor.account_id is None else "public:home")


def _inside(request: Asked, account: Any, proof: str, goes_to: str) -> HttpResponse:
    door = enter.door_of(account)
    enter.begin(request, account, door, proof, request.actor.at)
    return in_language(redirect(goes_to or front_of(door)), account.language)


@require_POST
def passkey_options(request: Asked) -> HttpResponse:
    options, challenge = enter.passkey_challenge()
    request.session["passkey"] = challenge
    return HttpResponse(options, content_type="application/json; charset=utf-8")


@require_POST
def passkey_check(request: Asked) -> HttpResponse:
    """A passkey is something one has and knows at once: a full sign-in. Each challenge serves once."""
    challenge = request.session.pop("passkey", "")
    account = enter.passkey_check(read_credential(request), challenge, request.actor.at)
    if account is None:
        return JsonResponse(
            {"error": _("This passkey is not known here. Try another one, or use your password.")}
        )
    goes_to = allowed(request, request.GET.get("next", "")) or front_of(enter.door_of(account))
    enter.begin(request, account, enter.door_of(account), "passkey", request.actor.at)
    return in_language(JsonResponse({"next": goes_to}), account.language)


@require_POST
def sign_out(request: Asked) -> HttpResponse:
    enter.leave(request, request.actor.at)
    answer = redirect(f"{settings.PRACTICE_BACK}/employer/" if settings.PRACTICE_BACK else "public:home")
    answer["Clear-Site-Data"] = '"cache", "storage"'
    return answer


# Too many tries


def too_often(request: HttpRequest, until: datetime, back: str = "") -> HttpResponse:
    """429: nothing is lost, and when to try again."""
    wait = max(1, int((until - timezone.now()).total_seconds()) + 1)
    shown = (until + timedelta(seconds=59)).astimezone(VIENTIANE)
    facts = {"until": shown, "soon": wait < 60, "back": back or reverse("public:sign_in")}
    answer = render(request, "public/too_often.html", facts, status=429)
    answer["Retry-After"] = str(wait)
    return answer


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """django-axes asks for this page after too many wrong passwords from one address for one name."""
    return too_often(request, timezone.now() + timedelta(hours=settings.AXES_COOLOFF_TIME))
