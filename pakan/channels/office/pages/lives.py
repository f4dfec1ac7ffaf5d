"""Proof of life and deaths: who is waited for, tries to reach them, what two officers decide (C46-C48, abuse A4)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pakan.channels.office.frame import may_open, page_of, show
from pakan.channels.office.life_forms import (
    ALL_ROUTES,
    DEATH_PAPERS,
    ENDS,
    RELATIONS,
    STANDS,
    WAYS,
    WHY,
    DeathForm,
    FindForm,
    NothingForm,
    ProofForm,
    ReasonForm,
    ReporterForm,
    TryForm,
    refused,
)
from pakan.operations import life as lives_of
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import look
from pakan.registers.access.roles import Role
from pakan.registers.lives.models import LifeCheck
from pakan.registers.lives.queries import (
    check_of,
    death_of,
    deaths_to_confirm,
    open_checks,
    proofs_of,
    reports_of,
    reports_waiting,
    stands_still,
    stop_of,
    stopped,
)
from pakan.registers.people.models import Person

Typed = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def lives(request: Asked) -> HttpResponse:
    """What waits, the oldest day first. Numbers only: who it is stands on the page of the case, and that look is kept."""
    form = FindForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return redirect("office:life", form.cleaned_data["number"])
    page = page_of(request, open_checks())
    facts = {
        "form": form,
        "page": page,
        "rows": [_row(check, request) for check in page.object_list],
        "deaths": deaths_to_confirm()[:50],
        "reports": reports_waiting()[:50],
        "stopped": stopped()[:50],
    }
    return show(request, "lives", facts, current="lives", status=422 if form.errors else 200)


def _row(check: LifeCheck, request: Asked) -> dict[str, Any]:
    tries = {one.on_day for one in check.contacts.all() if one.end != "alive"}
    proposed = [one for one in check.stops.all() if one.agreed is None and one.lifted_at is None]
    return {
        "check": check,
        "why": WHY[check.why],
        "days": (check.due_on - request.actor.today).days,
        "tries": len(tries),
        "proposed": bool(proposed),
    }


def _person(number: str) -> Person:
    found = Person.objects.filter(number=number).first()
    if found is None:
        raise Http404
    return found


@require_safe
def life(request: Asked, number: str) -> HttpResponse:
    return _shown(request, _person(number))


def _shown(request: Asked, person: Person, wrong: tuple[str, forms.Form] | None = None) -> HttpResponse:
    """The page of one person; `wrong`: the form that has something to put right. The look is kept, and seen by the member."""
    look(request.actor, f"life of {person.number}", person.id, "life")
    check, stop, death = check_of(person.id), stop_of(person.id), death_of(person.id)
    tries = list(check.contacts.order_by("on_day", "id").select_related("account")) if check else []
    facts: dict[str, Any] = {
        "person": person,
        "check": check,
        "why": WHY[check.why] if check else None,
        "stands": STANDS[stands_still(person.id)],
        "tries": [(one, WAYS[one.way], ENDS[one.end]) for one in tries],
        "proofs": [(one, ALL_ROUTES[one.route]) for one in proofs_of(person.id)[:10]],
        "stop": stop,
        "death": death,
        "death_paper": DEATH_PAPERS[death.paper] if death else "",
        "reports": [(one, RELATIONS[one.relation]) for one in reports_of(person.id)],
        "own_stop": stop is not None and stop.proposed_by_id == request.actor.account_id,
        "own_death": death is not None and death.noted_by_id == request.actor.account_id,
        "may_act": may_open(request.actor, "life_act"),
        "decides": Role.BENEFITS_OFFICER in request.actor.all_roles,
        "wrong": wrong[1] if wrong else None,
    }
    facts |= {name: make(auto_id=f"{name}_%s") for name, (make, _do, _thanks) in ACTS.items()}
    if wrong:
        facts[wrong[0]] = wrong[1]
    return show(request, "life", facts, current="lives", status=422 if wrong else 200)


def _prove(request: Asked, person: Person, typed: Typed) -> object:
    if typed["route"] == "phone":
        return lives_of.heard(request.actor, person, typed["key"])
    return lives_of.seen(request.actor, person, **typed)


def _report(request: Asked, person: Person, typed: Typed) -> object:
    return lives_of.report_death(
        request.actor, typed["key"], person.number, person.birth_date, typed["relation"], typed["died_on"],
        by=_person(typed["number"]),
    )  # fmt: skip


def _open_all(request: Asked, person: Person, typed: Typed) -> object:
    return [lives_of.open_claims(request.actor, one.id) for one in reports_of(person.id)]


Act = tuple[Callable[..., forms.Form], Callable[[Asked, Person, Typed], object], Callable[[], str]]
ACTS: dict[str, Act] = {
    "seen": (ProofForm, _prove, lambda: _("Noted. The person gets a message.")),
    "tried": (TryForm, lambda r, p, t: lives_of.tried(r.actor, p, **t), lambda: _("The try is noted.")),
    "propose": (
        ReasonForm,
        lambda r, p, t: lives_of.propose_stop(r.actor, p, **t),
        lambda: _("Proposed. Another officer decides."),
    ),
    "suspend": (
        NothingForm,
        lambda r, p, t: lives_of.decide_stop(r.actor, p, True),
        lambda: _("Suspended, until the next proof."),
    ),
    "keep": (
        NothingForm,
        lambda r, p, t: lives_of.decide_stop(r.actor, p, False),
        lambda: _("The person goes on being paid."),
    ),
    "died": (
        DeathForm,
        lambda r, p, t: lives_of.note_death(r.actor, p, **t),
        lambda: _("Noted. Another officer confirms."),
    ),
    "confirm": (
        NothingForm,
        lambda r, p, t: lives_of.confirm_death(r.actor, p),
        lambda: _("Confirmed. Payments and cards end, the family's claims are filled in."),
    ),
    "mistake": (
        ReasonForm,
        lambda r, p, t: lives_of.withdraw_death(r.actor, p, t["reason"]),
        lambda: _("Taken back. Payments go on."),
    ),
    "report": (ReporterForm, _report, lambda: _("The report is kept.")),
    "claims": (NothingForm, _open_all, lambda: _("The claims are filled in.")),
}


@require_POST
def act(request: Asked, number: str, name: str) -> HttpResponse:
    """One act on the page of a person; what is wrong stands on its form."""
    if name not in ACTS:
        raise Http404
    person = _person(number)
    make, do, thanks = ACTS[name]
    form = make(request.POST, auto_id=f"{name}_%s")  # each form of the page has its own names
    if form.is_valid():
        try:
            do(request, person, form.cleaned_data)
        except lives_of.Refused as refusal:
            form.add_error(None, str(refused(refusal.code)))
        else:
            messages.success(request, thanks())
            return redirect("office:life", number)
    return _shown(request, person, (name, form))
