"""What every page of the office shares: the side menu, who is here, and short lists page by page."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from pakan.channels.office.figures import unmatched_count
from pakan.channels.office.menu import ENTRIES
from pakan.registers.access.actor import Actor, Asked
from pakan.registers.access.roles import STAFF_ROLES, Role, permissions

ROWS = 20
M = TypeVar("M")


def may_open(actor: Actor, view: str) -> bool:
    """Whether the permission table lets this officer open office:`view`."""
    return bool(permissions().addresses.get(f"office:{view}", frozenset()) & actor.all_roles)


def show(
    request: Asked, template: str, facts: dict[str, Any] | None = None, current: str = "", status: int = 200
) -> HttpResponse:
    """Render office/<template>.html inside the side menu."""
    context = _frame(request.actor, current) | (facts or {})
    return render(request, f"office/{template}.html", context, status=status)


def _frame(actor: Actor, current: str) -> dict[str, Any]:
    return {
        "door": _("Office"),
        "home_url": reverse("office:home"),
        "sign_out_url": _sign_out_url(),
        "organisation": {"name": actor.office or actor.name, "note": ", ".join(_roles(actor))},
        "heading": next((label for _, pages in ENTRIES for name, label, _ in pages if name == current), ""),
        "nav": _menu(actor, current),
    }


def _roles(actor: Actor) -> list[str]:
    names = {
        Role.FINANCE: _("finance officer"),
        Role.REGISTRAR: _("registrar"),
        Role.AUDITOR: _("auditor"),
        Role.LAW_OFFICER: _("law officer"),
        Role.BENEFITS_OFFICER: _("benefits officer"),
        Role.INSPECTOR: _("inspector"),
        Role.COMMUNICATOR: _("communicator"),
    }
    return [names[role] for role in Role if role in actor.own & STAFF_ROLES]


def _menu(actor: Actor, current: str) -> list[dict[str, Any]]:
    """What this officer may open, group by group; the first entry of a group carries its heading."""
    menu: list[dict[str, Any]] = []
    for heading, entries in ENTRIES:
        opened = [
            {"url": reverse(f"office:{name}"), "label": label, "icon": icon, "current": name == current}
            for name, label, icon in entries
            if may_open(actor, name)
        ]
        if opened:
            menu += [opened[0] | {"heading": heading}, *opened[1:]]
    for item in menu:
        if item["url"] == reverse("office:money"):
            item["count"] = unmatched_count()
    return menu


def _sign_out_url() -> str:
    """Where signing out happens; a site without that door still shows its pages."""
    try:
        return reverse("public:sign_out")
    except NoReverseMatch:
        return ""


def page_of(request: HttpRequest, rows: QuerySet[Any, M] | Sequence[M]) -> Page[M]:
    """The page that the address asks for; a number that is none, or too high, gives the nearest there is."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))
