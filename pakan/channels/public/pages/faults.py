"""When something fails: plain words, what to do, and nothing about the inside (ASVS 16.5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def _say(request: HttpRequest, status: int, title: str, what_to_do: str) -> HttpResponse:
    facts = {"title": title, "what_to_do": what_to_do, "number": request.META.get("PAKAN_REQUEST", "")}
    return render(request, "public/fault.html", facts, status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _say(request, 400, _("We could not read what was sent"), _("Go back and send it again."))


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _say(request, 403, _("This is not open to you"), _("Sign in with the account that may do this."))


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _say(request, 404, _("This page is not here"), _("Check the address, or go to the start page."))


def broken(request: HttpRequest) -> HttpResponse:
    return _say(
        request,
        500,
        _("Something broke on our side"),
        _("What was saved before is safe. Try again in a minute, or call 1508 and give this number."),
    )


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's protection did not match (CSRF): usually a page that lay open too long, or cookies switched off."""
    return _say(
        request,
        403,
        _("This page lay open too long"),
        _(
            "Go back, load the page again and send it once more. If it happens again, allow cookies for this site."
        ),
    )
