"""What every page of this door shares: whose company it is, the side menu, and what this person may do here."""

import functools
import uuid
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pakan.channels.employer.wording import refusal_words
from pakan.channels.kit.speech import language, month_text
from pakan.operations import declare
from pakan.registers.access.actor import Actor, Asked
from pakan.registers.access.queries import approvers_besides
from pakan.registers.access.roles import permissions
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import employers_by_code
from pakan.units.month import Month
from pakan.units.number import shown_employer_code

P = ParamSpec("P")
Page = Callable[Concatenate[Asked, Employer, P], HttpResponse]


def employer_for(request: Asked, code: str) -> Employer:
    """The employer of the address, if this account acts for it. A foreign one is not there (404)."""
    employer = employers_by_code([code]).get(code)
    if employer is None or employer.id not in request.actor.employers:
        raise Http404
    return employer


def may(actor: Actor, employer: Employer, verb: str) -> bool:
    """Whether the permission table lets this person do `verb` for this employer."""
    return bool(permissions().verbs[verb] & actor.roles_at(employer.id))


def signs_alone(actor: Actor, employer: Employer) -> bool:
    """Whether the same person goes on to approve: one person may, and there is nobody else (C84)."""
    return (
        employer.one_person_may_approve
        and may(actor, employer, "declare.approve")
        and not approvers_besides(employer.id, actor.account_id, actor.at)
    )


def of_employer(*methods: str) -> Callable[[Page[P]], Callable[..., HttpResponse]]:
    """A page about one company: takes `code` from the address and hands the page its employer."""

    def make(page: Page[P]) -> Callable[..., HttpResponse]:
        @functools.wraps(page)
        def view(request: Asked, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            employer = employer_for(request, code)
            try:
                return page(request, employer, *args, **kwargs)
            except NotAllowed as refusal:
                raise PermissionDenied from refusal

        return require_http_methods(list(methods or ("GET", "HEAD")))(view)

    return make


def of_month(*methods: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page about one month of one company. A month that cannot be declared answers with the reason in words."""

    def make(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(page)
        def of(request: Asked, employer: Employer, *, month: Month, **kwargs: Any) -> HttpResponse:
            try:
                declare.open_month(employer, month, request.actor.today)
            except declare.MonthRefused as refusal:
                facts = {
                    "month": month,
                    "why": refusal_words(refusal.code),
                    "first_month": employer.first_month,
                }
                return show(request, "month_refused", employer, facts, current="due", status=422)
            return page(request, employer, month, **kwargs)

        checked: Page[...] = of
        return of_employer(*methods)(checked)

    return make


def show(
    request: Asked,
    template: str,
    employer: Employer,
    facts: dict[str, Any],
    current: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render employer/<template>.html inside the side menu."""
    context = frame_of(request, employer, current) | {"employer": employer} | facts
    if "month" in facts:
        context["month_said"] = month_text(facts["month"])  # without markup, for the title of the window
    return render(request, f"employer/{template}.html", context, status=status)


def frame_of(request: Asked, employer: Employer, current: str) -> dict[str, Any]:
    return {
        "door": _("Employer contributions"),
        "home_url": reverse("employer:companies"),
        "sign_out_url": sign_out_url(),
        "organisation": {
            "name": employer_name(employer),
            "note": _("No. %(code)s") % {"code": shown_employer_code(employer.code)},
        },
        "nav": _menu(request, employer, current),
    }


def _menu(request: Asked, employer: Employer, current: str) -> list[dict[str, Any]]:
    entries = [
        ("overview", _("Overview"), "home"),
        ("due", _("Declare and pay"), "coin"),
        ("workers", _("Employees"), "people"),
        ("statement", _("Statement"), "record"),
        ("debts", _("Debts and charges"), "clock"),
        ("certificates", _("Certificates"), "check"),
        ("people", _("People with access"), "key"),
        ("changes", _("On record about the company"), "file"),
    ]
    menu: list[dict[str, Any]] = [
        {
            "url": reverse(f"employer:{name}", args=[employer.code]),
            "label": label,
            "icon": icon,
            "current": name == current,
        }
        for name, label, icon in entries
    ]
    if len(request.actor.employers) > 1:
        menu.append({"url": reverse("employer:companies"), "label": _("All companies"), "icon": "office"})
    return menu


def sign_out_url() -> str:
    """Where signing out happens; a site without that door still shows its pages."""
    try:
        return reverse("public:sign_out")
    except NoReverseMatch:
        return ""


def employer_name(employer: Employer) -> str:
    """In the page's language; the Lao name is the registered one and always there."""
    return employer.name_lo if language() == "lo" or not employer.name_en else employer.name_en


def new_key() -> str:
    """Made with the page: the same form sent twice carries the same key and makes one sheet."""
    return uuid.uuid4().hex


def to(name: str, employer: Employer, *rest: object) -> HttpResponse:
    return redirect(f"employer:{name}", employer.code, *map(str, rest))
