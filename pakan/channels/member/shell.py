"""What every member page stands in: tabs below, the way back above, the bell with what is unread."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from pakan.channels.kit.speech import language
from pakan.channels.member.keep import choice_of, profile_of
from pakan.registers.access.actor import Asked
from pakan.registers.messages.queries import unread
from pakan.registers.people.models import Person


def person_of(request: Asked) -> int:
    """The signed-in member's own id: no address of this channel takes another's."""
    assert request.actor.person_id is not None  # the door lets only members in
    return request.actor.person_id


def own_person(request: Asked) -> Person:
    """The signed-in member, who came with the session."""
    assert request.sign_in is not None and request.sign_in.account.person is not None
    return request.sign_in.account.person


def phone_of(request: Asked) -> dict[str, Any]:
    """What the page's script and worker must know: whose profile, whether it keeps pages, and of when the page is."""
    assert request.actor.account_id is not None
    return {
        "who": profile_of(request.actor.account_id),
        "keep": choice_of(request, request.actor.account_id),
        "at": request.actor.at,
    }


def hides(request: Asked) -> bool:
    """Whether amounts stay hidden on this phone until its owner taps (C180)."""
    device = request.sign_in.device if request.sign_in else None
    return device is not None and device.hides_amounts and "show" not in request.GET


@cache
def _address(name: str) -> str:
    return reverse(f"member:{name}")


@cache
def _tabs(in_language: str) -> list[tuple[str, dict[str, Any]]]:
    """The same for everybody who reads this language."""
    with override(in_language):
        named = (
            ("home", _("Home"), "home"),
            ("record", _("Record"), "record"),
            ("benefits", _("Benefits"), "heart"),
            ("me", _("Me"), "people"),
            ("help", _("Help"), "help"),
        )
    return [(name, {"url": _address(name), "label": label, "icon": icon}) for name, label, icon in named]


def page(request: Asked, template: str, tab: str = "", back: str = "", **facts: Any) -> HttpResponse:
    """A member's page; `back` names the page above it."""
    waiting = unread(person_of(request))
    shown = {
        "tabs": [entry | {"current": name == tab} for name, entry in _tabs(language())],
        "home_url": _address("home"),
        "notices": {"url": _address("messages"), "count": waiting},
        "back": {"url": _address(back), "label": _("Back")} if back else None,
        "waiting": waiting,
        "phone": phone_of(request),
        "hides": hides(request),
    }
    return render(request, f"member/{template}.html", shown | facts)
