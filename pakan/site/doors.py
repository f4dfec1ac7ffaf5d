"""The door: who asks, is the session alive, and does the permission table let this role open this address."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language

from pakan.operations.enter import keep
from pakan.operations.law_in_force import one_law
from pakan.registers.access.actions import seen
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import SignIn
from pakan.registers.access.queries import actor_of, is_locked, is_over
from pakan.registers.access.roles import Role, permissions
from pakan.site.sessions import sign_in_of

SEEN_EVERY = timedelta(minutes=1)


def _door(view_name: str) -> str:
    return view_name.split(":")[0]


def _living_session(request: HttpRequest, at: datetime) -> SignIn | None:
    """The session that is neither ended nor over its time."""
    if not request.user.is_authenticated or not request.session.session_key:
        return None
    sign_in = sign_in_of(request)
    if sign_in is None or not sign_in.account.is_active or sign_in.account_id != request.user.pk:
        return None
    return None if is_over(sign_in, at) else sign_in


def _actor(request: HttpRequest, door: str) -> Actor:
    """Who asks: nobody as long as a member's session is locked."""
    at = timezone.now()
    number = request.META.get("PAKAN_REQUEST", "-")
    language = get_language() or "lo"
    sign_in = _living_session(request, at)
    request.sign_in = sign_in  # type: ignore[attr-defined]
    request.asked_by = request.user.pk  # type: ignore[attr-defined]
    nobody = Actor(name="", at=at, door=door, request=number, language=language)
    if sign_in is None:
        if request.user.is_authenticated:
            logout(request)
        return nobody
    if is_locked(sign_in, at):
        return nobody
    if at - sign_in.seen_at > SEEN_EVERY:
        seen(sign_in, at)
    return actor_of(sign_in.account, at, door, number, language)


def _page(request: HttpRequest) -> str:
    """Where to go after signing in: this page, or the page of ours from which something was sent; '' if neither."""
    if request.method == "GET":
        return request.get_full_path()
    sender = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(sender, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(sender)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def ask_the_permission_table(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    return Door(get_response)


class Door:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        actor: Actor | None = getattr(request, "actor", None)
        if actor is not None and actor.account_id is not None:
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        wanted = permissions().addresses.get(name, frozenset())
        actor = _actor(request, _door(name))
        request.actor = actor  # type: ignore[attr-defined]
        if wanted & actor.all_roles:
            return None
        if actor.account_id is None and wanted and not wanted <= {Role.BANK, Role.TELCO, Role.SYSTEM}:
            page = _page(request)
            back = {"next": page} if page else {}
            sign_in = "member:sign_in" if wanted == {Role.MEMBER} else "public:sign_in"
            if sign_in == "member:sign_in" and request.asked_by:  # type: ignore[attr-defined]
                keep(request, request.asked_by)  # type: ignore[attr-defined]
                sign_in = "member:unlock" if request.sign_in else sign_in  # type: ignore[attr-defined]
            return redirect(f"{reverse(sign_in)}?{urlencode(back)}" if back else reverse(sign_in))
        # What is not yours is not there: no answer tells whether it exists.
        raise Http404


def ask_the_law_once(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A page that is only looked at asks once which decree is the newest; whoever writes asks each time."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with one_law():
            return get_response(request)

    return middleware
