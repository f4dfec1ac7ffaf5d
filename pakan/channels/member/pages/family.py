"""My family: who is covered for care through me, and why; add somebody, prove that a child studies, say that it ended."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from pakan.channels.kit.families import RELATIONS, EndForm, PersonForm, StudyForm, file_of, put_right
from pakan.channels.kit.once import once
from pakan.channels.member.pages.card import picture_of
from pakan.channels.member.shell import own_person, page, person_of
from pakan.law.decision import Decision
from pakan.operations import assess, family
from pakan.registers.access.actor import Asked
from pakan.registers.families import queries
from pakan.registers.families.models import FamilyMember, FamilyPaper
from pakan.registers.families.states import State

TITLES: dict[str, str | Promise] = {
    "spouse": gettext_lazy("Add my husband or wife"),
    "child": gettext_lazy("Add a child"),
}
STATES: dict[str, tuple[str | Promise, str]] = {
    State.ASKED.value: (gettext_lazy("we look at it"), "wait"),
    State.REFUSED.value: (gettext_lazy("not confirmed"), "bad"),
    State.WITHDRAWN.value: (gettext_lazy("taken back"), "plain"),
    State.ENDED.value: (gettext_lazy("ended"), "plain"),
}
PAPER_STATES: dict[bool | None, tuple[str | Promise, str]] = {
    None: (gettext_lazy("we look at it"), "wait"),
    True: (gettext_lazy("accepted"), "ok"),
    False: (gettext_lazy("not accepted"), "bad"),
}


def _row(one: FamilyMember, cover: Decision | None) -> dict[str, Any]:
    """One of the family in words: covered or not and until when, or what became of the wish."""
    row: dict[str, Any] = {"one": one, "relation": RELATIONS[one.relation], "cover": cover, "until": None}
    if cover is None:
        says, tone = STATES[one.state]
    else:
        says, tone = (_("Covered"), "ok") if cover.entitled else (_("Not covered"), "bad")
        row["until"] = next((amount.end for amount in cover.amounts if amount.end), None)
    return row | {"says": says, "tone": tone}


def _covers(request: Asked, members: list[FamilyMember]) -> dict[int, Decision]:
    """The law's answer of today for each confirmed one; the record is read once for all."""
    confirmed = [one for one in members if one.state == State.CONFIRMED]
    if not confirmed:
        return {}
    insured = assess.insured_for_family(own_person(request))
    return {one.id: assess.cover_of(one, request.actor.today, insured) for one in confirmed}


@require_GET
def overview(request: Asked) -> HttpResponse:
    members = [one for one in queries.of_insured(person_of(request)) if one.state != State.WITHDRAWN]
    covers = _covers(request, members)
    rows = [_row(one, covers.get(one.id)) for one in members]
    may_marry = not any(
        one.relation == "spouse" and one.state in (State.ASKED, State.CONFIRMED) for one in members
    )
    return page(request, "family", tab="home", back="card", rows=rows, may_marry=may_marry)


@require_http_methods(["GET", "POST"])
def new(request: Asked, relation: str) -> HttpResponse:
    if relation not in RELATIONS:
        raise Http404
    return once(request, lambda: _new(request, relation))


def _new(request: Asked, relation: str) -> HttpResponse:
    form = PersonForm(relation, request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        file = file_of(form)
        made = put_right(form, lambda: family.ask(request.actor, form.told, file, form.cleaned_data["why"]))
        if made is not None:
            messages.success(request, _("We have it. Your number: %(number)s") % {"number": made.number})
            return redirect("member:family")
    facts = {
        "form": form,
        "title": TITLES[relation],
        "asks_why": "why" in form.errors or bool(form.data.get("why")),
    }
    return page(request, "family_new", back="family", tab="home", **facts)


@require_http_methods(["GET", "POST"])
def one(request: Asked, number: str) -> HttpResponse:
    """One of the family: covered and why, what is still asked, and what can be told."""
    return once(request, lambda: _one(request, number))


def _one(request: Asked, number: str) -> HttpResponse:
    found = queries.own_by_number(person_of(request), number)
    if found is None:
        raise Http404
    act = request.POST.get("act", "")
    end = EndForm(request.POST if act == "end" else None)
    study = StudyForm(*((request.POST, request.FILES) if act == "study" else ()))
    if request.method == "POST" and _acted(request, found, act, end, study):
        return redirect("member:family_one", number)
    held = family.card(request.actor, found) if found.state == State.CONFIRMED else None
    papers: list[dict[str, Any]] = [
        {"paper": paper, "says": PAPER_STATES[paper.accepted][0], "tone": PAPER_STATES[paper.accepted][1]}
        for paper in found.papers.all()
        if paper.kind == FamilyPaper.Kind.STUDY
    ]
    facts = _row(found, held.cover if held else None) | {
        "held": held,
        "picture": picture_of(held.code, _("Code of the card")) if held and held.code else "",
        "insured": own_person(request),
        "end": end,
        "study": study,
        "papers": papers,
        "may_study": found.relation == "child" and found.state in (State.ASKED, State.CONFIRMED)
        and _is_grown(found.birth_date, request.actor.today) and not any(row["paper"].accepted is None for row in papers),
        "act": act,
    }  # fmt: skip
    return page(request, "family_one", tab="home", back="family", **facts)


def _is_grown(born: date, today: date) -> bool:
    """From 17 on a proof of study may be sent ahead."""
    return (today.year - born.year) - ((today.month, today.day) < (born.month, born.day)) >= 17


def _acted(request: Asked, found: FamilyMember, act: str, end: EndForm, study: StudyForm) -> bool:
    """Whether it was done; if not, the forms say why."""
    actor, number = request.actor, found.number
    if act == "withdraw":
        try:
            family.withdraw(actor, number)
        except family.WrongMove:
            messages.info(request, _("This is decided already."))
        else:
            messages.success(request, _("Taken back."))
        return True
    if act == "end" and end.is_valid():
        typed = end.cleaned_data
        if put_right(end, lambda: family.ask_end(actor, number, typed["why"], typed["on"], typed["text"])):
            messages.success(request, _("We have it. An officer looks at it."))
            return True
    elif act == "study" and study.is_valid():
        file = file_of(study)
        if put_right(study, lambda: family.prove_study(actor, number, study.cleaned_data["dated"], file)):
            messages.success(request, _("We have it. An officer looks at it."))
            return True
    elif act not in ("end", "study"):
        raise Http404
    return False
