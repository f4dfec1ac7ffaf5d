"""Fingerprint or face: a passkey that the phone keeps, instead of the PIN (C3)."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pakan.channels.kit.passkeys import read_credential
from pakan.channels.member.browser import in_language, name_of, next_of, onward, secret_of, with_next
from pakan.channels.member.forms import SignInNumberForm
from pakan.channels.member.shell import page
from pakan.operations import enter
from pakan.registers.access.actor import Asked
from pakan.registers.access.models import Account
from pakan.registers.access.queries import passkeys_of


@require_safe
def passkeys(request: Asked) -> HttpResponse:
    """The passkeys of one's own; adding and removing come after the PIN."""
    if not enter.proved(request, request.actor.at):
        return redirect(with_next("member:prove_old", reverse("member:passkeys")))
    return page(
        request, "passkeys", tab="me", back="me", passkeys=passkeys_of(enter.account_of(request.actor))
    )


@require_POST
def options(request: Asked) -> HttpResponse:
    if not enter.proved(request, request.actor.at):
        return _prove_first()
    made, challenge = enter.passkey_options(enter.account_of(request.actor))
    request.session["new_passkey"] = challenge
    return HttpResponse(made, content_type="application/json; charset=utf-8")


def _prove_first() -> HttpResponse:
    return JsonResponse({"error": _("Type your PIN first. Then add it again.")})


@require_POST
def new(request: Asked) -> HttpResponse:
    challenge = request.session.pop("new_passkey", "")
    if not enter.proved(request, request.actor.at):
        return _prove_first()
    account = enter.account_of(request.actor)
    name = name_of(request) or _("Phone")
    if enter.passkey_register(request.actor, account.id, read_credential(request), challenge, name) is None:
        return JsonResponse({"error": _("The phone did not keep it. Try once more.")})
    messages.success(request, _("Done. Next time your finger or face is enough."))
    return JsonResponse({"next": reverse("member:passkeys")})


@require_POST
def drop(request: Asked) -> HttpResponse:
    form = SignInNumberForm(request.POST)
    if not enter.proved(request, request.actor.at):
        return redirect(with_next("member:prove_old", reverse("member:passkeys")))
    if form.is_valid() and enter.drop_passkey(
        request.actor, request.actor.account_id or 0, form.cleaned_data["id"]
    ):
        messages.success(request, _("It opens nothing any more."))
    return redirect("member:passkeys")


# Shown: to come in, to open again, to prove


@require_POST
def prove_options(request: Asked) -> HttpResponse:
    made, challenge = enter.passkey_challenge()
    request.session["passkey"] = challenge
    return HttpResponse(made, content_type="application/json; charset=utf-8")


@require_POST
def prove(request: Asked) -> HttpResponse:
    """The session's own passkey opens or proves it; without a session it opens one. Each challenge serves once."""
    challenge = request.session.pop("passkey", "")
    account = enter.passkey_check(read_credential(request), challenge, request.actor.at)
    if account is None or account.kind != Account.Kind.MEMBER:
        return JsonResponse({"error": _("This does not open your account. Use your PIN.")})
    if request.sign_in is None:
        device = enter.device_here(secret_of(request), account.id)
        enter.begin(request, account, "member", "passkey", request.actor.at, device)
    elif not enter.prove_passkey(request, account, request.actor.at):
        return JsonResponse({"error": _("This belongs to somebody else. Use your PIN.")})
    goes_to = onward(request, account.id, next_of(request)).headers["Location"]
    return in_language(JsonResponse({"next": goes_to}), account.language)
