"""A member's way in: number and birth date, then the code that comes to the phone on record (A-54)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pakan.channels.member.browser import (
    address_of,
    in_language,
    left,
    next_of,
    onward,
    secret_of,
    too_often,
    with_next,
)
from pakan.channels.member.forms import CodeForm, MemberForm
from pakan.operations import enter
from pakan.registers.access.actor import Asked
from pakan.registers.access.queries import profiles


@require_http_methods(["GET", "POST"])
def sign_in(request: Asked) -> HttpResponse:
    """Whoever is asked for, the answer is the same: a code is on its way, if number and day belong together."""
    goes_to = next_of(request)
    if request.method == "GET" and "other" not in request.GET and profiles(secret_of(request)):
        return redirect(with_next("member:who", goes_to))
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number, day, at = form.cleaned_data["number"], form.cleaned_data["birth_date"], request.actor.at
        try:
            token = enter.ask_code(number, day, at, address_of(request), get_language() or "lo")
        except enter.TooOften as fault:
            return too_often(request, fault.until)
        request.session.cycle_key()
        request.session["code"] = {"token": token, "number": number, "goes_to": goes_to}
        return redirect("member:code")
    state = with_next("member:state_go", goes_to, why="sign_in") if enter.state_is_there() else ""
    return render(request, "member/sign_in.html", {"form": form, "goes_to": goes_to, "state": state})


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
                number=kept["number"], address=address_of(request), language=get_language() or "lo",
            )  # fmt: skip
        except enter.TooOften as fault:
            return too_often(request, fault.until)
        if account is not None:
            request.session.pop("code")
            return _inside(request, account, kept["goes_to"])
        form.add_error("code", _("This code is wrong or too old. Type it again, or ask for a new one."))
    return render(
        request,
        "member/code.html",
        {"form": form, "back": {"url": reverse("member:sign_in"), "label": _("Back")}},
    )


def _inside(request: Asked, account: enter.Account, goes_to: str) -> HttpResponse:
    """A session by a code, and then onward."""
    enter.begin(
        request,
        account,
        "member",
        "code",
        request.actor.at,
        enter.device_here(secret_of(request), account.id),
    )
    return settled(request, account, goes_to)


def settled(request: Asked, account: enter.Account, goes_to: str) -> HttpResponse:
    """To the page that was wanted; before it, who has no PIN sets one, and a new browser may be remembered."""
    device = enter.device_here(secret_of(request), account.id)
    first = "" if device else "member:remember" if account.pin else "member:welcome"
    answer = redirect(with_next(first, goes_to)) if first else onward(request, account.id, goes_to)
    return in_language(answer, account.language)


@require_POST
def sign_out(request: Asked) -> HttpResponse:
    """Others may use this phone: nothing stays on it."""
    return left(request, "public:home")
