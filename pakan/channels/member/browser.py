"""The browser in front: what it is remembered by, its language, where it goes next, and how it is left clean."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from pakan.channels.kit.speech import VIENTIANE
from pakan.channels.member.keep import forget
from pakan.operations import enter
from pakan.registers.access.actor import Asked

YEAR = 365 * 24 * 3600
KINDS = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


# Where to


def own_page(request: HttpRequest, address: str) -> str:
    """`address` if it is one of the member's own pages, or nothing (no open redirect)."""
    here = url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure())
    return address if here and address.startswith(reverse("member:home")) else ""


def next_of(request: HttpRequest) -> str:
    """The page that was wanted, as the address or the form says it."""
    return own_page(request, request.POST.get("next", request.GET.get("next", "")))


def with_next(name: str, goes_to: str, **more: str) -> str:
    """The address of page `name` that remembers where to go after it."""
    words = more | ({"next": goes_to} if goes_to else {})
    return f"{reverse(name)}?{urlencode(words)}" if words else reverse(name)


def onward(request: HttpRequest, account_id: int, goes_to: str) -> HttpResponse:
    """After a proof: to what was being sent when the session locked, else to the page that was wanted."""
    if enter.kept(request, account_id) is not None:
        return redirect("member:kept")
    return redirect(goes_to or "member:home")


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


# What it is remembered by


def secret_of(request: HttpRequest) -> str:
    """The secret that this browser holds, or nothing."""
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")[:100]


def set_secret(answer: HttpResponse, secret: str) -> HttpResponse:
    """A cookie that no script and no other site reads (__Host- where there is TLS)."""
    answer.set_cookie(
        settings.DEVICE_COOKIE_NAME, secret, max_age=YEAR, secure=settings.SECURE, httponly=True, samesite="Lax"
    )  # fmt: skip
    return answer


def name_of(request: HttpRequest) -> str:
    """What kind of phone and browser this is, so that its owner knows it in a list."""
    told = request.headers.get("User-Agent", "")
    kind = next((kind for kind in KINDS if kind in told), "")
    browser = next((name for mark, name in BROWSERS if mark in told), "")
    return " · ".join(part for part in (kind, browser) if part)


def in_language(answer: HttpResponse, language: str) -> HttpResponse:
    """The answer, with the account's language kept for the next pages."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, httponly=True, samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )  # fmt: skip
    return answer


# Stopped, and left


def too_often(request: Asked, until: datetime) -> HttpResponse:
    """429: when to try again, and the way without a phone."""
    shown = (until + timedelta(seconds=59)).astimezone(VIENTIANE)
    answer = render(request, "member/too_often.html", {"until": shown}, status=429)
    answer["Retry-After"] = str(max(1, int((until - request.actor.at).total_seconds()) + 1))
    return answer


def left(request: Asked, goes_to: str) -> HttpResponse:
    """Sign out. Others may use this phone: nothing stays on it, not even a message that nobody has read."""
    enter.leave(request, request.actor.at)
    answer = redirect(goes_to)
    answer["Clear-Site-Data"] = '"cache", "storage"'
    answer.delete_cookie("messages")
    forget(answer)
    return answer


def back_to(name: str) -> dict[str, str]:
    """The way back above a page that stands outside the tabs."""
    return {"url": reverse(name), "label": _("Back")}
