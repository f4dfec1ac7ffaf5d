"""A claim from the first answer to the last page: one question a screen, saved at each step (C31-C35)."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pakan.channels.kit.claims import PAPERS, STATES
from pakan.channels.kit.once import once, sent_id
from pakan.channels.kit.speech import in_language
from pakan.channels.member import claiming
from pakan.channels.member.happened import BY_CARD, amount_about, claimable
from pakan.channels.member.shell import page, person_of
from pakan.law.benefits import named
from pakan.operations import claim as claims
from pakan.registers.access.actor import Actor, Asked
from pakan.registers.benefits.models import Claim
from pakan.registers.benefits.queries import by_key, of_person, payee_of
from pakan.registers.benefits.states import State

REFUSED = {
    "too_many": gettext_lazy("You have many claims open. Finish one first, or take one back."),
    "state": gettext_lazy("This claim was sent already."),
    "already": gettext_lazy("You claimed for this day already. Look at that claim."),
    "kind": gettext_lazy("We do not need this paper."),
    "key_taken": gettext_lazy("This was sent already."),
}
MOST_BYTES = 8 * 1024 * 1024  # of a photo
View = Callable[..., HttpResponse]


def key_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as fault:
        raise Http404 from fault


def own(request: Asked, key: str) -> Claim:
    """One's own claim; anybody else's is not there."""
    found = by_key(person_of(request), key_of(key))
    if found is None:
        raise Http404
    return found


def of_draft(view: View) -> View:
    """The draft with that key; a claim that was sent shows its own page instead."""

    @wraps(view)
    def opened(request: Asked, key: str, *more: Any, **named_more: Any) -> HttpResponse:
        return once(request, lambda: of_state(request, own(request, key), *more, **named_more))

    def of_state(request: Asked, found: Claim, *more: Any, **named_more: Any) -> HttpResponse:
        if found.state == State.DRAFT:
            return view(request, found, *more, **named_more)
        if request.method == "POST":
            too_late(request, found, is_answer=bool(more or named_more))
        return redirect("member:claim", found.key)

    return opened


def too_late(request: Asked, claim: Claim, is_answer: bool) -> None:
    """What comes for a draft that is none any more. A second sending of the same claim is well sent; all else is not."""
    if claim.state == State.WITHDRAWN:
        messages.error(request, _("This cannot be done any more. Look at your claim."))
    else:
        (messages.error if is_answer else messages.info)(request, REFUSED["state"])


def answer_page(request: Asked, template: str, status: int = 200, **facts: Any) -> HttpResponse:
    """A page about a claim; 422 where something typed was wrong."""
    shown = page(request, template, tab="benefits", back="claims", **facts)
    shown.status_code = status
    return shown


def title_of(claim: Claim) -> str:
    return in_language(named(claim.benefit).title)


@require_safe
def claims_list(request: Asked) -> HttpResponse:
    """Everything begun or sent, newest first; a draft goes on where it stopped, on any phone."""
    rows = [
        {
            "url": reverse("member:claim", args=[one.key]),
            "label": title_of(one),
            "note": one.number,
            "tone": STATES[one.state][1],
            "status": str(STATES[one.state][0]),
        }
        for one in of_person(person_of(request))
    ]
    return page(request, "claim/list", tab="benefits", back="benefits", rows=rows)


@require_POST
def start(request: Asked, name: str) -> HttpResponse:
    """A draft, with what the record answers filled in. The same key again is the same draft."""
    if name not in claimable() or name in BY_CARD:
        raise Http404
    try:
        begun = claims.start(request.actor, name, key_of(request.POST.get("key", "")))
        known = claiming.prefilled(begun)
        if known and not begun.told:
            begun = claims.answer(request.actor, begun.key, known)
    except claims.Refused as refusal:
        messages.error(request, REFUSED[refusal.code])
        return redirect("member:claims")
    return _go_on(begun)


def _go_on(claim: Claim) -> HttpResponse:
    screen = claiming.first_open(claim)
    if screen is None:
        return redirect("member:claim_check", claim.key)
    return redirect("member:claim_question", claim.key, screen)


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def question(request: Asked, claim: Claim, name: str) -> HttpResponse:
    """One question. Saved before the next one is shown, so that another phone goes on here."""
    if name != claiming.DAY and claiming.question_of(claim, name) is None:
        raise Http404
    form = claiming.StepForm(claim, name, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (saved := save_step(request.actor, form)):
        then = claiming.following(saved, name)
        if "check" in request.GET or then is None:
            return redirect(
                "member:claim_check" if "check" in request.GET else "member:claim_papers", saved.key
            )
        return redirect("member:claim_question", saved.key, then)
    screens = claiming.way(claim)
    facts = {
        "claim": claim,
        "form": form,
        "title": title_of(claim),
        "number": screens.index(name) + 1 if name in screens else len(screens),
        "of": len(screens),
        "earlier": _earlier(claim, screens, name),
        "waiting_as": f"{title_of(claim)}: {form.fields[form.field_name].label}",
        "ahead": "" if "check" in request.GET else _ahead(claim, screens, name),
    }
    return answer_page(request, "claim/question", 422 if form.errors else 200, **facts)


def save_step(actor: Actor, form: claiming.StepForm) -> Claim | None:
    """The draft with the answer in it; none where the law says that the answer cannot be."""
    told = form.told or ({form.question.key: None} if form.question else {})
    try:
        return claims.answer(actor, form.claim.key, told, event_day=form.day)
    except claims.WrongSituation as wrong:
        for problem in wrong.problems:
            form.add_error(form.field_name, in_language(problem))
    return None


def _earlier(claim: Claim, screens: list[str], name: str) -> str:
    place = screens.index(name) if name in screens else 0
    return reverse("member:claim_question", args=[claim.key, screens[place - 1]]) if place else ""


def _ahead(claim: Claim, screens: list[str], name: str) -> str:
    """The pages after this one, as far as what was told until now says."""
    rest = screens[screens.index(name) + 1 :] if name in screens else []
    pages = [reverse("member:claim_question", args=[claim.key, screen]) for screen in rest]
    return " ".join([*pages, reverse("member:claim_papers", args=[claim.key])])


# --- papers ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: Asked, key: str) -> HttpResponse:
    """Which papers prove the claim, each with its receipt; photos of them, before and after the claim was sent."""
    return once(request, lambda: _papers(request, own(request, key)))


def _papers(request: Asked, claim: Claim) -> HttpResponse:
    wrong: dict[str, str] = {}
    if request.method == "POST":
        kind = request.POST.get("kind", "")[:30]
        said = take_paper(request.actor, request, claim, kind)
        if not said:
            return redirect("member:claim_papers", claim.key)
        wrong[kind] = said
    is_draft = claim.state == State.DRAFT
    may_add = claim.state in (State.DRAFT, State.LODGED, State.ASKED)
    rows = paper_rows(request, claim, wrong, may_add)
    facts = {"claim": claim, "title": title_of(claim), "rows": rows, "wrong": wrong, "is_draft": is_draft}
    return answer_page(request, "claim/papers", 422 if wrong else 200, **facts)


def paper_rows(request: Asked, claim: Claim, wrong: dict[str, str], may_add: bool) -> list[dict[str, Any]]:
    """Each paper of the list in words: why it is not asked, its receipt, or the place to give it."""
    found = claims.preview(claim, request.actor.today).papers
    rows = []
    for one in found:
        words, tone = PAPERS[one.given.state] if one.given else (gettext_lazy("still to give"), "wait")
        rows.append(
            {
                "paper": one,
                "held": in_language({"lo": one.held_lo, "en": one.held_en}) if one.held_lo else "",
                "says": words,
                "tone": tone,
                "may_add": may_add
                and not one.held_lo
                and (one.given is None or one.open or _asked_again(claim, one)),
                "key": uuid.uuid4(),
                "wrong": wrong.get(one.key, ""),
            }
        )
    return rows


def _asked_again(claim: Claim, paper: claims.Paper) -> bool:
    """Whether the fund asked for a better one than the one that it has (C38)."""
    asked = getattr(claim, "missing", None)
    if asked is None or claim.state != State.ASKED or paper.given is None:
        return False
    return paper.key in asked.kinds and paper.given.received_at < asked.asked_at


def take_paper(actor: Actor, request: Asked, claim: Claim, kind: str) -> str:
    """Take the photo in; what is wrong with it, in words, or nothing."""
    chosen = request.FILES.get("photo")
    if chosen is None:
        # The handler drops what is over the limit of the door: then only the length of the request tells of it.
        sent = int(request.META.get("CONTENT_LENGTH") or 0)
        if sent > MOST_BYTES:
            return in_language(claims.PaperRefused("too_large", limit=MOST_BYTES // 1024 // 1024))
        return _("Choose a photo first.")
    # From a page kept on the phone two photos may come, and the page has one id: then each has that of its sending.
    paper_key = sent_id(request) or key_of(request.POST.get("paper_key", ""))
    try:
        paper = claims.add_evidence(
            actor, claim.key, kind, paper_key,
            chosen.name or "", chosen.content_type or "", chosen.read(),
        )  # fmt: skip
    except claims.PaperRefused as refused:
        return in_language(refused)
    except claims.Refused as refusal:
        if refusal.code == "unknown":
            raise Http404 from refusal
        return str(REFUSED[refusal.code])
    messages.success(
        request, _("We have the paper. Your receipt: %(number)s") % {"number": paper.receipt_number}
    )
    return ""


# --- the last page -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def check(request: Asked, claim: Claim) -> HttpResponse:
    """What was told, what it would give, what happens then: all of it before anything is sent."""
    if request.method == "POST":
        return _send(request, claim)
    if claiming.first_open(claim) is not None:
        return _go_on(claim)
    seen = claims.preview(claim, request.actor.today)
    decision = seen.decision
    facts: dict[str, Any] = {
        "claim": claim,
        "title": title_of(claim),
        "answers": claiming.answers(claim),
        "problems": [in_language(problem) for problem in seen.problems],
        "decision": decision,
        "about": amount_about(decision) if decision and decision.entitled else "",
        "steps": [each for each in decision.steps if not each.staff_only] if decision else [],
        "open_papers": [one for one in seen.papers if one.open],
        "given": sum(one.given is not None for one in seen.papers),
        "late": seen.late,
        "promised_on": seen.promised_on,
        "payee": payee_of(person_of(request)),
    }
    return answer_page(request, "claim/check", **facts)


def _send(request: Asked, claim: Claim) -> HttpResponse:
    try:
        claims.lodge(request.actor, claim.key)
    except claims.WrongSituation as wrong:
        for problem in wrong.problems:
            messages.error(request, in_language(problem))
        return redirect("member:claim_check", claim.key)
    except claims.Refused as refusal:
        now = own(request, str(claim.key))
        if now.state != State.DRAFT:  # another device was faster, in this very moment
            too_late(request, now, is_answer=False)
            return redirect("member:claim", claim.key)
        messages.error(request, REFUSED[refusal.code])
        return redirect("member:claims")
    messages.success(request, _("Sent. We have your claim."))
    return redirect("member:claim", claim.key)
