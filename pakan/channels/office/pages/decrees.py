"""Decrees: the list, entering a new value, what it would do, signing it, and each value's history."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pakan.channels.office import decree_words as words
from pakan.channels.office.decree_forms import DecreeForm, WithdrawForm
from pakan.channels.office.decree_result import shown_result
from pakan.channels.office.frame import may_open, page_of, show
from pakan.operations import decree as verbs
from pakan.operations.law_in_force import HISTORIES, HOLIDAYS, in_force
from pakan.registers.access.actor import Asked
from pakan.registers.decrees import queries
from pakan.registers.decrees.models import Decree
from pakan.registers.decrees.states import State


def _decree(number: int) -> Decree:
    found = queries.decree(number)
    if found is None:
        raise Http404
    return found


def _row(decree: Decree) -> dict[str, Any]:
    tone, state = words.STATES[decree.state]
    fields = {field.name: field for field in verbs.fields_of(decree.group)}
    return {
        "decree": decree,
        "group": words.GROUPS[decree.group][0],
        "tone": tone,
        "state": state,
        "values": [
            (words.value_words(decree.group, name), words.shown(fields[name], value))
            for name, value in decree.values.items()
        ],
    }


@require_safe
def decrees(request: Asked) -> HttpResponse:
    page = page_of(request, queries.decrees())
    facts = {
        "page": page,
        "rows": [_row(one) for one in page],
        "histories": [(group, words.GROUPS[group][0]) for group in HISTORIES],
        "may_enter": may_open(request.actor, "decree_new"),
    }
    return show(request, "decrees/list", facts, current="decrees")


@require_safe
def new(request: Asked) -> HttpResponse:
    """Which group: one a page, so that no page asks for more than one text says."""
    groups = [(group, *words.GROUPS[group]) for group in verbs.GROUPS]
    return show(request, "decrees/new", {"groups": groups}, current="decrees")


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Asked, name: str) -> HttpResponse:
    if name not in verbs.GROUPS:
        raise Http404
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DecreeForm(name, in_force(), queries.in_force(name), *given)
    if request.method == "POST":
        entry = form.judged(request)
        if entry is not None:
            made = verbs.enter(request.actor, entry)
            messages.success(request, _("Entered. Rehearse it now: see what it does before anybody signs."))
            return redirect("office:decree", made.id)
    title, about = words.GROUPS[name]
    facts = {"form": form, "title": title, "about": about, "has_history": name != HOLIDAYS, "name": name}
    return show(request, "decrees/enter", facts, current="decrees", status=422 if form.errors else 200)


@require_safe
def decree(request: Asked, id: int) -> HttpResponse:
    return show(request, "decrees/decree", _facts(request, _decree(id), WithdrawForm()), current="decrees")


def _facts(request: Asked, found: Decree, form: WithdrawForm) -> dict[str, Any]:
    rehearsal = queries.latest_rehearsal(found)
    number, _seal = queries.newest_approved()
    is_open = found.state in (State.ENTERED, State.REHEARSED)
    signed = queries.signed_by(found, number) if is_open else set()
    return _row(found) | {
        "changes": _changes(found),
        "confidence": words.CONFIDENCE[found.confidence],
        "signatures": list(found.signatures.all()),
        "successor": next((one for one in found.superseded_by.all() if one.number), None),
        "needed": verbs.people_needed(found, request.actor.today),
        "missing": verbs.people_needed(found, request.actor.today) - len(signed),
        "back_dated": is_open and verbs.back_dated(found, request.actor.today),
        "rehearsal": rehearsal,
        "result": shown_result(rehearsal.result) if rehearsal and rehearsal.result else None,
        "is_stale": bool(is_open and rehearsal and rehearsal.law != number),
        "is_open": is_open,
        "is_own": found.entered_by_id == request.actor.account_id,
        "has_signed": request.actor.account_id in signed,
        "may_rehearse": is_open and may_open(request.actor, "decree_rehearse"),
        "may_approve": found.state == State.REHEARSED and may_open(request.actor, "decree_approve"),
        "has_history": found.group != HOLIDAYS,
        "form": form,
    }


def _changes(found: Decree) -> list[dict[str, Any]]:
    """Each value before and after; before: as the law stood when this decree was not yet part of it."""
    before = in_force(found.number - 1) if found.number else in_force()
    fields = {field.name: field for field in verbs.fields_of(found.group)}
    return [
        {
            "name": words.value_words(found.group, name),
            "before": words.shown(fields[name], old) if found.group != HOLIDAYS else "",
            "after": words.shown(fields[name], new),
        }
        for name, old, new in verbs.changes(found, before)
    ]


@require_safe
def scan(request: Asked, id: int) -> HttpResponse:
    """The scan as it came in, as a file: no browser opens it inside our pages."""
    document = _decree(id).scan
    answer = HttpResponse(bytes(document.content), content_type=document.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, document.name) or "attachment"
    return answer


@require_POST
def rehearse(request: Asked, id: int) -> HttpResponse:
    found = _decree(id)
    try:
        rehearsal = verbs.rehearse(request.actor, found.id)
    except verbs.DecreeRefused as refused:
        messages.error(request, words.REFUSED[refused.code])
    else:
        if rehearsal.result is None:
            messages.info(request, _("The rehearsal is running. Open this page again in a minute."))
        else:
            messages.success(request, _("Rehearsed. Nothing was changed; this is what it would do."))
    return redirect("office:decree", found.id)


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: Asked, id: int) -> HttpResponse:
    """GET shows once more what is signed, POST signs it."""
    found = _decree(id)
    facts = _facts(request, found, WithdrawForm())
    why = _not_now(facts)
    if request.method == "POST" and not why:
        seen = request.POST.get("rehearsal", "")
        try:
            signed = verbs.approve(request.actor, found.id, int(seen) if seen.isdecimal() else 0)
        except verbs.DecreeRefused as refused:
            why = refused.code
        else:
            messages.success(request, _approved(signed))
            return redirect("office:decree", found.id)
    if why:
        messages.error(request, words.REFUSED[why])
        return redirect("office:decree", found.id)
    return show(request, "decrees/approve", facts, current="decrees")


def _not_now(facts: dict[str, Any]) -> str:
    """Why this officer cannot sign now, as the verb would say; '' if nothing stands in the way."""
    reasons = {
        "closed": not facts["is_open"],
        "own": facts["is_own"],
        "not_rehearsed": facts["result"] is None,
        "stale": facts["is_stale"],
        "signed_already": facts["has_signed"],
    }
    return next((code for code, holds in reasons.items() if holds), "")


def _approved(decree: Decree) -> str:
    if decree.state == State.APPROVED:
        return _("Approved. It is law from its first day.")
    return _("Signed. It begins in the past, so one more person must sign.")


@require_POST
def withdraw(request: Asked, id: int) -> HttpResponse:
    found = _decree(id)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return show(request, "decrees/decree", _facts(request, found, form), current="decrees", status=422)
    try:
        verbs.withdraw(request.actor, found.id, form.cleaned_data["why"])
    except verbs.DecreeRefused as refused:
        messages.error(request, words.REFUSED[refused.code])
    else:
        messages.success(request, _("Withdrawn. It stays in the list and never becomes law."))
    return redirect("office:decree", found.id)


@require_safe
def history(request: Asked, name: str) -> HttpResponse:
    """Every value of a group since the first text, newest first, with its source."""
    if name not in HISTORIES:
        raise Http404
    fields = {field.name: field for field in verbs.fields_of(name)}
    rows = [
        {
            "source": block.source,
            "values": [
                (words.value_words(name, value), words.shown(fields[value], block.values[value]))
                for value in block.values
                if value in fields
            ],
        }
        for block in reversed(in_force().history(name).blocks)
    ]
    facts = {
        "title": words.GROUPS[name][0],
        "rows": [row for row in rows if row["values"]],
        "today": request.actor.today,
    }
    return show(request, "decrees/history", facts, current="decrees")
