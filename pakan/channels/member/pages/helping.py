"""Claims that a helper prepares and sends for somebody who allowed it (C12).

He sees only what he began himself: no amount, no account, no month, no claim of the owner's own. Who acts for whom stands
on every page; each opening and each act is a row of the owner's trail under his name.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pakan.channels.kit.claims import STATES
from pakan.channels.kit.once import sent_id
from pakan.channels.kit.speech import day_text, in_language
from pakan.channels.member import claiming
from pakan.channels.member.happened import BY_CARD, claimable
from pakan.channels.member.pages.claiming import (
    REFUSED,
    key_of,
    paper_rows,
    save_step,
    take_paper,
    title_of,
    too_late,
)
from pakan.channels.member.pages.relatives import acting, while_allowed
from pakan.channels.member.shell import page
from pakan.law.benefits import named
from pakan.operations import casework
from pakan.operations import claim as claims_of
from pakan.registers.access.actor import Actor, Asked
from pakan.registers.benefits.models import Claim
from pakan.registers.benefits.queries import begun_for
from pakan.registers.benefits.states import State
from pakan.registers.relatives.models import Entrusted, Scope

MOST_OPEN = 3  # drafts of one helper: he cannot fill up the owner's place for her own
Help = tuple[Actor, Entrusted]


def _show(request: Asked, one: Entrusted, name: str, status: int = 200, **facts: Any) -> HttpResponse:
    shown = page(request, f"helping/{name}", tab="me", back="helpers", helps=one, **facts)
    shown.status_code = status
    return shown


def of_claim(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The claim that this helper began for this owner, while it may be touched; anything else is not there."""

    @wraps(view)
    @while_allowed
    def opened(request: Asked, key: str, claim: str, **more: Any) -> HttpResponse:
        help_ = acting(request, key, Scope.CLAIM)
        wanted = key_of(claim)
        found = next((each for each in _begun(help_[1]) if each.key == wanted), None)
        if found is None:
            raise Http404
        return view(request, help_, found, **more)

    return opened


def _begun(one: Entrusted) -> list[Claim]:
    return begun_for(one.owner_id, one.holder_id)


@require_safe
def claims(request: Asked, key: str) -> HttpResponse:
    """What he may begin, and what he began."""
    _actor, one = acting(request, key, Scope.CLAIM)
    rows = [
        {
            "url": reverse("member:for_claim", args=[key, each.key]),
            "label": title_of(each),
            "note": each.number,
            "tone": STATES[each.state][1],
            "status": str(STATES[each.state][0]),
        }
        for each in _begun(one)
    ]
    kinds = [
        (name, in_language(named(name).title), uuid.uuid4()) for name in claimable() if name not in BY_CARD
    ]
    return _show(request, one, "claims", rows=rows, kinds=kinds)


@require_POST
def start(request: Asked, key: str, name: str) -> HttpResponse:
    actor, one = acting(request, key, Scope.CLAIM)
    if name not in claimable() or name in BY_CARD:
        raise Http404
    wanted = key_of(request.POST.get("key", ""))
    drafts = [each for each in _begun(one) if each.state == State.DRAFT and each.key != wanted]
    try:
        if len(drafts) >= MOST_OPEN:
            raise claims_of.Refused("too_many")
        begun = claims_of.start(actor, name, wanted, channel="helper")
        known = claiming.prefilled(begun)
        if known and not begun.told:
            claims_of.answer(actor, begun.key, known)
    except claims_of.Refused as refusal:
        messages.error(request, REFUSED[refusal.code])
        return redirect("member:for_claims", key)
    return redirect("member:for_claim", key, begun.key)


@require_http_methods(["GET", "HEAD", "POST"])
@of_claim
def question(request: Asked, help_: Help, claim: Claim, name: str) -> HttpResponse:
    """One question, saved before the next one is shown."""
    actor, one = help_
    if claim.state != State.DRAFT and sent_id(request):
        return _came_late(request, one, claim, is_answer=True)
    if claim.state != State.DRAFT or (name != claiming.DAY and claiming.question_of(claim, name) is None):
        raise Http404
    form = claiming.StepForm(claim, name, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (saved := save_step(actor, form)):
        then = claiming.following(saved, name)
        if "check" in request.GET or then is None:
            return redirect("member:for_claim", one.key, saved.key)
        return redirect("member:for_claim_question", one.key, saved.key, then)
    screens = claiming.way(claim)
    facts = {
        "form": form,
        "title": title_of(claim),
        "number": screens.index(name) + 1 if name in screens else len(screens),
        "of": len(screens),
        "waiting_as": f"{title_of(claim)}: {form.fields[form.field_name].label}",
    }
    return _show(request, one, "question", 422 if form.errors else 200, **facts)


def _came_late(request: Asked, one: Entrusted, claim: Claim, is_answer: bool) -> HttpResponse:
    too_late(request, claim, is_answer)
    return redirect("member:for_claim", one.key, claim.key)


@require_http_methods(["GET", "HEAD", "POST"])
@of_claim
def papers(request: Asked, help_: Help, claim: Claim) -> HttpResponse:
    """Photos of papers in; what was sent is not shown to him again."""
    actor, one = help_
    wrong: dict[str, str] = {}
    if request.method == "POST":
        kind = request.POST.get("kind", "")[:30]
        said = take_paper(actor, request, claim, kind)
        if not said:
            return redirect("member:for_claim_papers", one.key, claim.key)
        wrong[kind] = said
    may_add = claim.state in (State.DRAFT, State.LODGED, State.ASKED)
    facts = {
        "claim": claim,
        "title": title_of(claim),
        "rows": paper_rows(request, claim, wrong, may_add),
        "wrong": wrong,
    }
    return _show(request, one, "papers", 422 if wrong else 200, **facts)


@require_http_methods(["GET", "HEAD", "POST"])
@of_claim
def claim(request: Asked, help_: Help, claim: Claim) -> HttpResponse:
    """A draft before it is sent, or what became of it. The owner hears of it in the minute in which it is sent."""
    actor, one = help_
    if request.method == "POST":
        return _send(request, actor, one, claim)
    is_draft = claim.state == State.DRAFT
    screen = claiming.first_open(claim) if is_draft else None
    if screen is not None:
        return redirect("member:for_claim_question", one.key, claim.key, screen)
    facts: dict[str, Any] = {
        "claim": claim,
        "title": title_of(claim),
        "is_draft": is_draft,
        "state": STATES[claim.state],
        "answers": claiming.answers(claim),
        "open_papers": [each for each in casework.papers(claim) if each.open],
        "promised": day_text(claim.promised_on) if claim.promised_on else "",
    }
    return _show(request, one, "claim", **facts)


def _send(request: Asked, actor: Actor, one: Entrusted, claim: Claim) -> HttpResponse:
    if claim.state != State.DRAFT and sent_id(request):
        return _came_late(request, one, claim, is_answer=False)
    try:
        claims_of.lodge(actor, claim.key)
    except claims_of.WrongSituation as wrong:
        for problem in wrong.problems:
            messages.error(request, in_language(problem))
    except claims_of.Refused as refusal:
        messages.error(request, REFUSED[refusal.code])
    else:
        messages.success(request, _("Sent for %(name)s. We have told them.") % {"name": one.owner.name})
    return redirect("member:for_claim", one.key, claim.key)
