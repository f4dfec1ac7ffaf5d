"""The State's digital identity: link it to one's account, come in by it, or get back in after a lost PIN (C1, C7)."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pakan.channels.member.browser import address_of, back_to, next_of, too_often, with_next
from pakan.channels.member.pages.sign_in import settled
from pakan.channels.member.shell import page
from pakan.operations import enter
from pakan.registers.access.actor import Asked

FAILED = 424  # the answer of another system was needed, and was no good


@require_safe
def state(request: Asked) -> HttpResponse:
    """Linked or not; what it is good for; link it after a proof, or end the link."""
    account = enter.account_of(request.actor)
    ready = not account.pin or enter.proved(request, request.actor.at)
    here = reverse("member:state")
    return page(
        request, "state", tab="me", back="me", linked=enter.state_of(account.id), there=enter.state_is_there(),
        go=with_next("member:state_go", "", why="link") if ready else with_next("member:prove_old", here), ready=ready,
    )  # fmt: skip


@require_safe
def go(request: Asked) -> HttpResponse:
    """To the State's own page. A link and not a form: browsers follow a form's answer only within one site."""
    why = request.GET.get("why", "")
    if not enter.state_is_there():
        raise Http404
    account = enter.account_of(request.actor) if request.actor.account_id is not None else None
    if why == "link" and account and account.pin and not enter.proved(request, request.actor.at):
        return redirect(with_next("member:prove_old", reverse("member:state")))
    try:
        address = enter.ask_state(request, why, next_of(request), request.actor, address_of(request))
    except PermissionError as fault:
        raise Http404 from fault
    except enter.TooOften as fault:
        return too_often(request, fault.until)
    except enter.StateRefused as refused:
        return _stopped(request, refused)
    # Of the provider in the settings: nothing that anybody typed.
    return HttpResponseRedirect(address)


@require_safe
def back(request: Asked) -> HttpResponse:
    """The browser brings the State's answer."""
    try:
        opened = enter.take_state(request, request.GET.dict(), request.actor)
    except enter.TooOften as fault:
        return too_often(request, fault.until)
    except enter.StateRefused as refused:
        return _stopped(request, refused)
    if opened.purpose == "link":
        messages.success(request, _("Your State identity is linked. It opens your account from now on."))
        return redirect(opened.goes_to or "member:trust")
    if opened.purpose == "recover":
        return redirect("member:welcome")
    return settled(request, opened.account, opened.goes_to)


@require_POST
def end(request: Asked) -> HttpResponse:
    """End the link, after a proof."""
    if not enter.proved(request, request.actor.at):
        return redirect(with_next("member:prove_old", reverse("member:state")))
    if enter.drop_state(request.actor):
        messages.success(request, _("The link has ended. State identity opens your account no more."))
    return redirect("member:state")


def _stopped(request: Asked, refused: enter.StateRefused) -> HttpResponse:
    """Why nothing was opened, and the ways that are left."""
    own = {
        "mismatch": _("Name or birth date there differ from ours. An office compares them with your papers."),
        "taken": _("This identity opens another account already. Come to an office with your papers."),
        "unknown": _("This identity is not linked yet. Sign in with a code first, then link it."),
        "weak": _("It was proved by phone only. A lost PIN needs more: come to an office."),
    }
    says = own.get(refused.code) or refused.words(get_language() or "lo")
    facts = {
        "says": says, "counter": refused.code in ("mismatch", "taken", "weak"),
        "inside": request.actor.account_id is not None, "back": back_to("member:sign_in"),
    }  # fmt: skip
    return render(request, "member/state_stopped.html", facts, status=FAILED)
