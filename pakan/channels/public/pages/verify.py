"""Is this card or paper real? Reads its signed code; and the public keys, so that readers can do it without us."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from pakan.channels.public.pages.sign_in import too_often
from pakan.operations import certify, enter
from pakan.registers.access.actor import Asked
from pakan.units.number import WrongNumber, check_receipt_number

MOST = (300, timedelta(minutes=10))  # a hospital's desk shares one address


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Text of the code"),
        help_text=gettext_lazy("Scan the code with a phone. Copy its text here."),
        max_length=5000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
    )


@require_http_methods(["GET", "POST"])
def verify(request: Asked) -> HttpResponse:
    """The text comes by POST: it holds a name, and an address may not."""
    if request.method == "GET":
        return render(request, "public/verify.html", {"form": CodeForm()})
    try:
        enter.look_up("verify", request.META.get("REMOTE_ADDR", ""), request.actor.at, *MOST)
    except enter.TooOften as fault:
        return too_often(request, fault.until, reverse("public:verify"))
    form = CodeForm(request.POST)
    if not form.is_valid():
        return render(request, "public/verify.html", {"form": form})
    text = form.cleaned_data["code"]
    receipt = _receipt(text)
    if receipt:
        return redirect("public:check_number", receipt)
    try:
        found = certify.verify(text, request.actor.at)
    except certify.CredentialRefused as fault:
        return render(request, "public/verify_answer.html", {"refused": _why(fault.code), "code": fault.code})
    is_card = isinstance(found.document, certify.Card)
    facts = {
        "found": found,
        "is_card": is_card,
        "is_registration": isinstance(found.document, certify.Registration),
        "is_clearance": isinstance(found.document, certify.Clearance),
        "document": found.document,
        "today": request.actor.today,
    }
    return render(request, "public/verify_answer.html", facts)


def _receipt(text: str) -> str:
    """The number of a receipt, alone or at the end of the address in its code; '' if it is none."""
    try:
        return check_receipt_number(text.strip().rstrip("/").rsplit("/", 1)[-1])
    except WrongNumber:
        return ""


def _why(code: str) -> dict[str, str]:
    """The verdict, and what to do: not ours, false and out of date are three different things."""
    false = {
        "title": _("This is not genuine"),
        "says": _("The code was changed or is false."),
        "do": _("Do not trust it. Call 1508 and tell us."),
    }
    words = {
        "not_readable": {
            "title": _("We cannot read this"),
            "says": _("Part of the code is missing, or it is another code."),
            "do": _("Scan it again. Copy the whole text."),
        },
        "not_ours": {
            "title": _("This is not ours"),
            "says": _("No key of social security signed it."),
            "do": _("Do not trust it. Call 1508 and tell us."),
        },
        "expired": {
            "title": _("This is no longer good"),
            "says": _("It was genuine, but its time is over."),
            "do": _("Ask the person for a new one."),
        },
        "not_yet": {
            "title": _("This is not good yet"),
            "says": _("Its first day is still to come."),
            "do": _("Ask the person for one that is good today."),
        },
    }
    return words.get(code, false)


@require_GET
def keys(request: HttpRequest) -> JsonResponse:
    """The public keys; readers load them while they have a network."""
    answer = JsonResponse(certify.published_keys(timezone.now()))
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
