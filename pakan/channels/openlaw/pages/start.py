"""Where the open law begins: what happened in life, or what one wants to know."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pakan.channels.openlaw.life import life_events
from pakan.registers.access.actor import Asked


@require_safe
def start(request: Asked) -> HttpResponse:
    links = (
        (
            "contribution",
            _("Contribution for an employer"),
            _("What is owed, and what one more employee costs"),
        ),
        ("voluntary", _("Voluntary member"), _("What you pay when you insure yourself")),
        ("wages", _("Check a wage file"), _("See what we would say of it, before you sign in")),
        (
            "values",
            _("All values over time"),
            _("Rates, ceilings, ages and months since 2001, with their source"),
        ),
        ("open_questions", _("What is still open"), _("Where no source was found, and what we do instead")),
        ("developers", _("For developers"), _("The same law for programs: addresses, examples, test cases")),
    )
    known = [{"url": reverse(f"openlaw:{name}"), "label": label, "note": note} for name, label, note in links]
    return render(
        request, "openlaw/start.html", {"events": life_events(), "paying": known[:3], "reading": known[3:]}
    )
