"""Your ways in: passkeys, and where you are signed in. Changing them needs a proof of the last ten minutes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pakan.channels.kit.passkeys import read_credential
from pakan.channels.public.going import allowed, front_of
from pakan.channels.public.pages.sign_in import CodeForm, too_often
from pakan.operations import enter
from pakan.registers.access.actor import Asked
from pakan.registers.access.queries import passkeys_of


class NumberForm(forms.Form):
    """Which of one's own passkeys or sign-ins."""

    id = forms.IntegerField(min_value=1, max_value=2**62)


def _show(request: Asked, form: CodeForm, status: int = 200) -> HttpResponse:
    account = enter.account_of(request.actor)
    facts: dict[str, Any] = {
        "account": account,
        "passkeys": passkeys_of(account),
        "fresh": enter.is_fresh(request, request.actor.at),
        "sign_ins": enter.open_sign_ins(request.actor),
        "this": request.session.session_key,
        "front": front_of(enter.door_of(account)),
        "form": form,
        "goes_to": _goes_to(request),
    }
    return render(request, "public/ways_in.html", facts, status=status)


def _goes_to(request: Asked) -> str:
    """The page that asked for a fresh proof."""
    return allowed(request, request.POST.get("next", request.GET.get("next", "")))


@require_GET
def ways_in(request: Asked) -> HttpResponse:
    return _show(request, CodeForm())


@require_POST
def prove(request: Asked) -> HttpResponse:
    """Show the authenticator's code again before something changes."""
    form = CodeForm(request.POST)
    if form.is_valid():
        account = enter.account_of(request.actor)
        try:
            if enter.prove_again(request, account, form.cleaned_data["code"], request.actor.at):
                return redirect(_goes_to(request) or reverse("public:ways_in"))
        except enter.TooOften as fault:
            return too_often(request, fault.until, reverse("public:ways_in"))
        form.add_error("code", _("This code is not right. Wait for the next one in the app and type that."))
    return _show(request, form)


@require_POST
def end(request: Asked) -> HttpResponse:
    """End one of one's own sessions elsewhere."""
    form = NumberForm(request.POST)
    if form.is_valid() and enter.end_sign_in(request.actor, form.cleaned_data["id"]):
        messages.success(request, _("That device is signed out."))
    return redirect("public:ways_in")


@require_POST
def new_options(request: Asked) -> HttpResponse:
    if not enter.is_fresh(request, request.actor.at):
        return _prove_first()
    options, challenge = enter.passkey_options(enter.account_of(request.actor))
    name = read_credential(request).get("name")
    request.session["new_passkey"] = {"challenge": challenge, "name": str(name or "")[:60].strip()}
    return HttpResponse(options, content_type="application/json; charset=utf-8")


@require_POST
def new_passkey(request: Asked) -> HttpResponse:
    kept = request.session.pop("new_passkey", {"challenge": "", "name": ""})
    if not enter.is_fresh(request, request.actor.at):
        return _prove_first()
    account = enter.account_of(request.actor)
    name = kept["name"] or _("Passkey %(number)s") % {"number": len(passkeys_of(account)) + 1}
    made = enter.passkey_register(
        request.actor, account.id, read_credential(request), kept["challenge"], name
    )
    if made is None:
        return JsonResponse({"error": _("The passkey was not kept. Try once more.")})
    messages.success(request, _("The passkey is kept. Next time it is enough to sign in."))
    return JsonResponse({"next": reverse("public:ways_in")})


def _prove_first() -> HttpResponse:
    return JsonResponse({"error": _("Show the code of your authenticator app first, then add the passkey.")})


@require_POST
def drop(request: Asked) -> HttpResponse:
    form = NumberForm(request.POST)
    if not enter.is_fresh(request, request.actor.at):
        messages.error(request, _("Show the code of your authenticator app first."))
    elif form.is_valid() and enter.drop_passkey(
        request.actor, request.actor.account_id or 0, form.cleaned_data["id"]
    ):
        messages.success(request, _("This passkey opens nothing any more."))
    return redirect("public:ways_in")
