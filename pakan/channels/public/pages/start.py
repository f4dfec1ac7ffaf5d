"""The start page (who are you?) and the change of language."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pakan.channels.public.going import allowed, front_of, in_language
from pakan.operations import enter
from pakan.registers.access.actor import Asked


@require_GET
def home(request: Asked) -> HttpResponse:
    doors = [
        {
            "url": front_of("member"),
            "label": _("I am a member"),
            "note": _("See your months. You need your number and your phone."),
        },
        {
            "url": front_of("employer"),
            "label": _("I work for an employer"),
            "note": _("Declare wages, pay contributions, get receipts."),
        },
        {
            "url": front_of("office"),
            "label": _("I work at the social security office"),
            "note": _("For staff of the organization."),
        },
        {
            "url": reverse("public:join"),
            "label": _("Register as an employer"),
            "note": _("You begin to pay workers."),
        },
    ]
    others = [
        {"url": reverse(f"public:{name}"), "label": label, "note": note}
        for name, label, note in (
            ("status", _("Where does my claim stand?"), ""),
            ("facilities", _("Where to get care"), ""),
            ("emergency", _("In an emergency"), ""),
            ("queues", _("How many wait now?"), ""),
            ("tell", _("Tell us of an employer"), _("We do not ask for your name.")),
            ("check", _("I want to check a receipt"), _("Is it real? Type its number.")),
            ("verify", _("I want to check a card or statement"), _("Is it genuine? Scan its code.")),
        )
    ]
    return render(request, "public/home.html", {"doors": doors, "others": others})


@require_POST
def language(request: Asked) -> HttpResponse:
    """Set the language and stay on the page."""
    answer = redirect(allowed(request, request.POST.get("next", "")) or reverse("public:home"))
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return answer
    enter.speak(request, request.actor, chosen)
    return in_language(answer, chosen)
