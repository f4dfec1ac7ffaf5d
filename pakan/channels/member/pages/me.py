"""Me: the list of everything about my account; what it may do; and what waits to be sent again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pakan.channels.member.browser import left, next_of, with_next
from pakan.channels.member.forms import HandleForm
from pakan.channels.member.me import grouped
from pakan.channels.member.shell import page, person_of
from pakan.operations import enter
from pakan.registers.access.actor import Asked
from pakan.registers.access.models import Account
from pakan.registers.access.queries import cools
from pakan.registers.people.queries import by_id


@require_safe
def me(request: Asked) -> HttpResponse:
    groups = [
        (title, [{"url": reverse(view), "label": label, "note": note} for view, label, _icon, note in rows])
        for title, rows in grouped()
    ]
    device = request.sign_in.device if request.sign_in else None
    person = by_id([person_of(request)])[person_of(request)]
    return page(request, "me", tab="me", groups=groups, person=person, device=device)


@require_POST
def switch(request: Asked) -> HttpResponse:
    """Somebody else takes the phone: this session ends, another one begins with another PIN."""
    return left(request, "member:who")


@require_POST
def hide(request: Asked) -> HttpResponse:
    """Amounts on this phone: hidden until tapped, or shown."""
    device = request.sign_in.device if request.sign_in else None
    if device is None:
        messages.info(request, _("Set a PIN and keep this phone first."))
    else:
        enter.hide_amounts(request.actor, device, not device.hides_amounts)
    return redirect(next_of(request) or "member:me")


@require_POST
def forget_device(request: Asked) -> HttpResponse:
    """A phone that is lost or sold opens nothing any more."""
    form = HandleForm(request.POST)
    if form.is_valid() and enter.forget_device(request.actor, form.cleaned_data["handle"]):
        messages.success(request, _("That phone opens nothing any more."))
    return redirect("member:sign_ins")


# Welcome, and how sure we are


@require_safe
def welcome(request: Asked) -> HttpResponse:
    """After the first code: choose a language, then a PIN."""
    goes_to = next_of(request)
    here = with_next("member:welcome", goes_to)
    person = by_id([person_of(request)])[person_of(request)]
    return page(
        request, "welcome", person=person, here=here, go_on=with_next("member:pin_new", goes_to),
        later=goes_to or reverse("member:home"),
    )  # fmt: skip


@require_safe
def trust(request: Asked) -> HttpResponse:
    """The three levels of trust, which one this account has, and what each may do (A-54)."""
    account = enter.account_of(request.actor)
    order = [Account.Level.PHONE, Account.Level.DESK, Account.Level.STATE]
    reached = order.index(Account.Level(account.level))
    words = {
        Account.Level.PHONE: (
            _("A code on your phone"),
            _("See everything. Ask and claim. Money and identity: three days after your first PIN."),
        ),
        Account.Level.DESK: (
            _("Your papers, seen at a desk"),
            _("Money and identity at once, with your PIN. Come with your ID card or family book."),
        ),
        Account.Level.STATE: (_("The State's digital identity"), _("The same, without going to a desk.")),
    }
    levels = [
        {"title": words[level][0], "note": words[level][1], "state": "done" if at <= reached else "next"}
        for at, level in enumerate(order)
    ]
    until = account.cools_until if cools(account, request.actor.at) else None
    goes_to = next_of(request)
    return page(
        request, "trust", tab="me", back="" if goes_to else "me", levels=levels, until=until, has_pin=bool(account.pin),
        go_on=goes_to,
    )  # fmt: skip


# What was being sent


@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: Asked) -> HttpResponse:
    """The form that was being sent when the session locked: send it now, or drop it."""
    if request.method == "POST":
        enter.drop_kept(request)
        return redirect("member:home")
    found = enter.kept(request, request.actor.account_id)
    if found is None:
        return redirect("member:home")
    return page(request, "kept", kept=found)
