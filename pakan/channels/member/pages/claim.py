"""A claim that was sent: where it stands, what is missing, the decision with its reasons, and the way to disagree (C36-C40)."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pakan.channels.kit.claims import STATES, STEPS, four_steps, more_of, newest
from pakan.channels.kit.files import attachment, pdf
from pakan.channels.kit.once import once
from pakan.channels.kit.speech import VIENTIANE, day_text
from pakan.channels.member import claiming
from pakan.channels.member.happened import amount_about
from pakan.channels.member.pages.claiming import REFUSED, answer_page, key_of, own, paper_rows, title_of
from pakan.channels.member.shell import person_of
from pakan.law.decision import decision_from
from pakan.operations import appeal as appeals
from pakan.operations import award
from pakan.operations import claim as claims
from pakan.operations.casework import APPEAL
from pakan.registers.access.actor import Asked
from pakan.registers.benefits.models import TEXT, Claim, ClaimDecision
from pakan.registers.benefits.queries import paper as paper_by_number
from pakan.registers.benefits.queries import payee_of
from pakan.registers.benefits.states import State, StepName

# Steps whose words are from one officer to another.
INSIDE = frozenset({StepName.PASSED_TO_PERSON, StepName.PROPOSED, StepName.SENT_BACK})
TAKEN_BACK = frozenset({State.DRAFT, State.LODGED, State.ASKED})


class AppealForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("What is wrong with it?"),
        help_text=gettext_lazy("In your own words. Other people look at it."),
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def decided(claim: Claim) -> ClaimDecision | None:
    """The decision in force, out of what was fetched with the claim."""
    found = [one for one in claim.decisions.all() if one.decided_at is not None]
    return max(found, key=lambda one: one.version, default=None)


@require_safe
def claim(request: Asked, key: str) -> HttpResponse:
    """Where it stands. A draft goes on where it stopped."""
    found = own(request, key)
    if found.state == State.DRAFT:
        screen = claiming.first_open(found)
        if screen is None:
            return redirect("member:claim_check", key)
        return redirect("member:claim_question", key, screen)
    decision = decided(found)
    rows = paper_rows(request, found, {}, may_add=found.state in (State.LODGED, State.ASKED))
    payee = payee_of(person_of(request))
    facts = {
        "claim": found,
        "title": title_of(found),
        "says": STATES[found.state],
        "timeline": _timeline(found, payee.masked if payee else ""),
        "told": [
            (
                STEPS[step.name],
                step,
                "" if step.name in INSIDE else more_of(found.benefit, step.name, step.text),
            )
            for step in sorted(found.steps.all(), key=lambda one: one.id)
        ],
        "papers": rows,
        "payee": payee,
        "needs_payee": payee is None and found.state not in (State.REFUSED, State.WITHDRAWN),
        "may_withdraw": State(found.state) in TAKEN_BACK,
        "is_late": found.late,
        **_missing(found),
        **_money(found, decision, request),
    }
    return answer_page(request, "claim/claim", **facts)


def _timeline(claim: Claim, account: str) -> list[dict[str, Any]]:
    if claim.state == State.WITHDRAWN:
        return []
    happened = [(step.name, step.at.astimezone(VIENTIANE).date()) for step in claim.steps.all()]
    paid_to = (
        _("To your account %(account)s") % {"account": account}
        if account
        else _("To the account that you tell us")
    )
    return four_steps(claim.state, newest(happened), claim.promised_on, paid_to)


def _missing(claim: Claim) -> dict[str, Any]:
    """The one request for everything that is missing (C38)."""
    asked = getattr(claim, "missing", None)
    if asked is None or claim.state != State.ASKED:
        return {"asked": None}
    return {"asked": asked}


def _money(claim: Claim, decision: ClaimDecision | None, request: Asked) -> dict[str, Any]:
    """The decision with its steps; before there is one, what it would be as told."""
    law = decision_from(decision.facts) if decision else claims.preview(claim, request.actor.today).decision
    shown = [each for each in law.steps if not each.staff_only] if law else []
    amounts: list[Any] = [each for each in law.amounts if not each.staff_only] if law and law.entitled else []
    if decision is not None:  # what is paid beside other benefits
        amounts = decision.facts["pays"]
    facts: dict[str, Any] = {"law": law, "steps": shown, "amounts": amounts, "decision": decision}
    facts["about"] = amount_about(law) if amounts and law else ""
    if decision is not None and decision.decided_at is not None:
        facts["granted"] = decision.outcome == ClaimDecision.Outcome.GRANTED
        facts["appeal"] = next((one for one in claim.appeals.all() if one.decision_id == decision.id), None)
        facts["appeal_until"] = decision.decided_at.astimezone(VIENTIANE).date() + APPEAL
    return facts


@require_safe
def letter(request: Asked, key: str) -> HttpResponse:
    """The decision as a letter, from the minute in which it was made (C39)."""
    decision = decided(own(request, key))
    if decision is None:
        raise Http404
    return pdf(award.letter_pdf(decision), f"decision-{decision.letter_number}")


@require_safe
def paper(request: Asked, key: str, number: str) -> HttpResponse:
    """A paper of one's own, as it was kept."""
    found = paper_by_number(number)
    if found is None or found.claim_id != own(request, key).id:
        raise Http404
    return attachment(found.document.media_type, bytes(found.document.content), found.receipt_number)


@require_POST
def supplied(request: Asked, key: str) -> HttpResponse:
    thanks = _("Thank you. We go on with it.")
    return once(request, lambda: _done(request, key, claims.supplied, thanks))


@require_POST
def withdraw(request: Asked, key: str) -> HttpResponse:
    return _done(request, key, claims.withdraw, _("You took this claim back."))


def _done(request: Asked, key: str, verb: Any, thanks: str) -> HttpResponse:
    try:
        verb(request.actor, key_of(key))
    except claims.Refused as refusal:
        if refusal.code == "unknown":
            raise Http404 from refusal
        messages.error(request, _("This cannot be done any more. Look at your claim."))
    else:
        messages.success(request, thanks)
    return redirect("member:claim", key)


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: Asked, key: str) -> HttpResponse:
    """Disagree with a decision: in one's own words, from the same page, until a day that is told (C40)."""
    return once(request, lambda: _appeal(request, key))


def _appeal(request: Asked, key: str) -> HttpResponse:
    found = own(request, key)
    decision = decided(found)
    if decision is None or decision.decided_at is None:
        raise Http404
    form = AppealForm(request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            appeals.open_appeal(request.actor, found.key, form.cleaned_data["text"], form.cleaned_data["key"])
        except appeals.Refused as refusal:
            form.add_error(None, str(REFUSED.get(refusal.code, _("This cannot be done any more."))))
        else:
            messages.success(request, _("We have it. Other people look at it now."))
            return redirect("member:claim", key)
    last = decision.decided_at.astimezone(VIENTIANE).date() + APPEAL
    facts = {
        "claim": found,
        "title": title_of(found),
        "form": form,
        "last": last,
        "last_text": day_text(last),
    }
    return answer_page(request, "claim/appeal", 422 if form.errors else 200, **facts)
