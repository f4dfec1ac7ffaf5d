"""Practising: the way over from the real house, the way in at the practice house, and its wage file."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from pakan.channels.employer.frame import of_employer
from pakan.channels.employer.pages.wages import XLSX
from pakan.channels.kit.files import file_answer
from pakan.operations import enter, practise
from pakan.registers.access.actor import Asked
from pakan.registers.people.models import Employer

YEAR = 365 * 24 * 3600


@require_safe
def go(request: Asked) -> HttpResponse:
    """Over to the practice house, with a ticket of a minute. Not there where no practice house is."""
    if not settings.PRACTICE_URL:
        raise Http404
    ticket = urlencode({"ticket": practise.ticket_for(request.actor)})
    return redirect(f"{settings.PRACTICE_URL}/employer/practice/enter/?{ticket}")


@require_GET
def enter_practice(request: Asked) -> HttpResponse:
    """In by a ticket, without a password: nothing here is anybody's. Only the practice house has this door.

    A GET that opens a session: whoever makes somebody follow a ticket of his has shown him invented money.
    """
    if not settings.PRACTICE:
        raise Http404
    at = request.actor.at
    try:
        ticket = practise.use(request.GET.get("ticket", ""), at)
    except practise.NotGood as fault:
        return _refused(request, fault.code)
    account, company = practise.enter(ticket, at)
    enter.begin(request, account, "employer", "practice", at)
    answer = redirect("employer:overview", company.code)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, account.language, max_age=YEAR, httponly=True, samesite="Lax",
        secure=settings.SECURE,
    )  # fmt: skip
    return answer


def _refused(request: Asked, code: str) -> HttpResponse:
    words: dict[str, Any] = {
        "late": _("This way in was open for a minute only. Go back and press Practise again."),
        "used": _("This way in was used already. Go back and press Practise again."),
        "forged": _("This way in is not from the real system. Go there and press Practise."),
    }
    return render(request, "employer/practice_refused.html", {"why": words[code]}, status=403)


@of_employer("GET", "HEAD")
def file(request: Asked, employer: Employer) -> HttpResponse:
    """The wage file to practise with, two mistakes in it."""
    if not settings.PRACTICE:
        raise Http404
    name = f"practice-{employer.code}.xlsx"
    return file_answer(practise.wage_file(employer), XLSX, name, attachment=True)
