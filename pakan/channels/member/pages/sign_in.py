"""A member's way in: number and birth date, then the code that comes to the phone on record (A-54)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pakan.channels.kit.speech import VIENTIANE
from pakan.channels.member.forms import CodeForm, MemberForm
from pakan.operations import enter
from pakan.registers.access.actor import Asked

YEAR = 365 * 24 * 3600


def _allowed(request: Asked, address: str) -> str:
    """`address` if it is one of the member's own pages, or nothing (no open redirect)."""
    here = url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure())
    return address if here and address.startswith(reverse("member:home")) else ""


@require_http_methods(["GET", "POST"])
def sign_in(request: Asked) -> HttpResponse:
    """Whoever is asked for, the answer is the same: a code is on its way, if number and day belong together."""
    goes_to = _allowed(request, request.POST.get("next", request.GET.get("next", "")))
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number, day, at = form.cleaned_data["number"], form.cleaned_data["birth_date"], request.actor.at
        try:
            token = enter.ask_code(number, day, at, _address(request), get_language() or "lo")
        except enter.TooOften as fault:
            return _too_often(request, fault.until)
        request.session.cycle_key()
        request.session["code"] = {"token": token, "number": number, "goes_to": goes_to}
        return redirect("member:code")
    return render(request, "member/sign_in.html", {"form": form, "goes_to": goes_to})


def _address(request: Asked) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


@require_http_methods(["GET", "POST"])
def code(request: Asked) -> HttpResponse:
    kept = request.session.get("code")
    if not kept:
        return redirect("member:sign_in" if request.actor.account_id is None else "public:home")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = enter.use_code(
                kept["token"], form.cleaned_data["code"], request.actor.at,
                number=kept["number"], address=_address(request), language=get_language() or "lo",
            )  # fmt: skip
        except enter.TooOften as fault:
            return _too_often(request, fault.until)
        if account is not None:
            request.session.pop("code")
            enter.begin(request, account, "member", "code", request.actor.at)
            answer = redirect(kept["goes_to"] or "member:home")
            answer.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, account.language, max_age=YEAR, httponly=True, samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )  # fmt: skip
            return answer
        form.add_error("code", _("This code is wrong or too old. Type it again, or ask for a new one."))
    return render(
        request,
        "member/code.html",
        {"form": form, "back": {"url": reverse("member:sign_in"), "label": _("Back")}},
    )


def _too_often(request: Asked, until: datetime) -> HttpResponse:
    """429: when to try again, and the way without a phone."""
    shown = (until + timedelta(seconds=59)).astimezone(VIENTIANE)
    answer = render(request, "member/too_often.html", {"until": shown}, status=429)
    answer["Retry-After"] = str(max(1, int((until - request.actor.at).total_seconds()) + 1))
    return answer


@require_POST
def sign_out(request: Asked) -> HttpResponse:
    """Others may use this phone: nothing stays on it."""
    enter.leave(request, request.actor.at)
    answer = redirect("public:home")
    answer["Clear-Site-Data"] = '"cache", "storage"'
    return answer
