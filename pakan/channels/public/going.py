"""Where a person goes next: an address of this site only (no open redirect), or the front page of his door."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme


def allowed(request: HttpRequest, address: str) -> str:
    """`address` if it is a path of this site, or nothing."""
    here = url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure())
    return address if here and address.startswith("/") else ""


FRONTS = {"member": "/member/", "employer": "/employer/", "office": "/office/"}


def front_of(door: str) -> str:
    """The first page of a door."""
    return FRONTS[door]


def in_language(response: HttpResponse, language: str) -> HttpResponse:
    """The answer, with the language kept for the next pages."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response
