"""Help, who opened my record, and where I am signed in."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pakan.channels.member.forms import SignInNumberForm
from pakan.channels.member.shell import page
from pakan.operations import enter
from pakan.registers.access.actor import Asked
from pakan.registers.access.queries import devices_of


@require_GET
def help_page(request: Asked) -> HttpResponse:
    links = [
        {"url": reverse("member:real"), "label": _("Is this call or message real?")},
        {"url": reverse("member:looks"), "label": _("Who opened my record")},
        {"url": reverse("member:sign_ins"), "label": _("Where I am signed in")},
        {"url": reverse("member:keep"), "label": _("Keep on this phone")},
        {"url": reverse("member:outbox"), "label": _("What waits to be sent")},
    ]
    return page(request, "help", tab="help", links=links, short_code=settings.USSD_CODE)


@require_GET
def sign_ins(request: Asked) -> HttpResponse:
    return page(
        request,
        "sign_ins",
        tab="me",
        back="me",
        rows=enter.open_sign_ins(request.actor),
        devices=devices_of(request.actor.account_id or 0),
        here=request.sign_in.device_id if request.sign_in else None,
        this=request.session.session_key,
    )


@require_POST
def end(request: Asked) -> HttpResponse:
    form = SignInNumberForm(request.POST)
    if form.is_valid() and enter.end_sign_in(request.actor, form.cleaned_data["id"]):
        messages.success(request, _("That phone is signed out."))
    return redirect("member:sign_ins")
