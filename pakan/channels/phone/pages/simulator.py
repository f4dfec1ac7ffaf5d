"""A keypad telephone on a page, for looking at the menu: only where every number is invented.

The same walk as behind the gateway's door; only the gateway is played here.
"""

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pakan.channels.phone.pages.keys import PhoneField
from pakan.channels.phone.talk import answer
from pakan.operations.dial import Screen
from pakan.registers.access.actor import Asked


class DialForm(forms.Form):
    phone = PhoneField(
        label=gettext_lazy("Which phone calls?"), help_text=gettext_lazy("Like 020 5555 1234.")
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def handset(request: Asked) -> HttpResponse:
    """Dial, see the screen, type, send: until the menu ends."""
    if not settings.USSD_SANDBOX:
        raise Http404
    form = DialForm(request.POST if request.method == "POST" else None)
    facts: dict[str, Any] = {"form": form, "short_code": settings.USSD_CODE}
    if request.method == "POST" and form.is_valid():
        session = request.POST.get("session", "")[:40] or secrets.token_hex(8)
        text = "*".join(
            part for part in (request.POST.get("text", ""), request.POST.get("typed", "")) if part
        )
        screen = _asked(request, session, form.cleaned_data["phone"], text)
        facts |= {"screen": screen, "session": session, "text": text, "phone": form.cleaned_data["phone"]}
    return render(request, "phone/handset.html", facts, status=422 if form.errors else 200)


def _asked(request: Asked, session: str, phone: str, text: str) -> Screen:
    return answer(f"sandbox:{session}", phone, text, request.actor.at, request.actor.request)
