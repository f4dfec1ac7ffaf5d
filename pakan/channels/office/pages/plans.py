"""What was paid too much, at the desk: a plan is offered, another officer approves, a third answers who disagrees (C45, C52)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.kit.plans import NO_PLAN, STATES
from pakan.channels.office.frame import page_of, show
from pakan.operations import recover
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import look
from pakan.registers.access.roles import Role
from pakan.registers.benefits.models import TEXT, Overpayment
from pakan.registers.benefits.queries import overpayment, overpayments, plan_of, taken_of

WORDS = {
    "state": gettext_lazy("Somebody has done this already. Look at the page again."),
    "amount": gettext_lazy("This is more than may be asked for. See the most below."),
    "reason": gettext_lazy("Give the reason: the member reads it."),
    "same_person": gettext_lazy("Another officer must do this."),
    "empty": gettext_lazy("Write an answer."),
    "article": gettext_lazy("Name the article of the law."),
    "too_long": gettext_lazy("This is too long."),
}


class OfferForm(forms.Form):
    monthly = forms.IntegerField(
        label=gettext_lazy("Each month at most (kip)"),
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why, in words that the member understands"),
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ApproveForm(forms.Form):
    """A button is enough."""


class ContestForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What the member says, at the counter or by phone"),
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(forms.Form):
    stays = forms.ChoiceField(
        label=gettext_lazy("After looking at the proof"),
        choices=[
            ("yes", gettext_lazy("It is owed: the proof is below")),
            ("no", gettext_lazy("Nothing is owed")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("The proof, or why nothing is owed"),
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    article = forms.CharField(label=gettext_lazy("Article"), max_length=200, required=False)


FORMS: dict[str, type[forms.Form]] = {
    "offer": OfferForm, "approve": ApproveForm, "contest": ContestForm, "answer": AnswerForm,
}  # fmt: skip


@require_safe
def overpaid(request: Asked) -> HttpResponse:
    """What is not settled, the oldest first. No names here."""
    page = page_of(request, overpayments())
    rows = []
    for one in page.object_list:
        newest = max(one.plans.all(), key=lambda plan: plan.id, default=None)
        rows.append({"found": one, "plan": newest, "says": STATES[newest.state] if newest else NO_PLAN})
    return show(request, "overpaid", {"page": page, "rows": rows}, current="overpaid")


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: Asked, id: int) -> HttpResponse:
    found = overpayment(id)
    if found is None:
        raise Http404
    name = request.POST.get("act", "") if request.method == "POST" else ""
    wrong: forms.Form | None = None
    if request.method == "POST":
        if name not in FORMS or Role.BENEFITS_OFFICER not in request.actor.all_roles:
            raise Http404
        wrong = FORMS[name](request.POST, auto_id=f"{name}_%s")
        if wrong.is_valid() and _done(request, found, name, wrong):
            return redirect("office:overpaid_plan", id)
    return _shown(request, found, name, wrong)


def _done(request: Asked, found: Overpayment, name: str, form: forms.Form) -> bool:
    typed = form.cleaned_data
    does: dict[str, Callable[[], object]] = {
        "offer": lambda: recover.propose(request.actor, found.id, typed["monthly"], typed["reason"]),
        "approve": lambda: recover.approve(request.actor, found.id),
        "contest": lambda: recover.contest(request.actor, found.id, typed["text"]),
        "answer": lambda: recover.answer(
            request.actor, found.id, typed["stays"] == "yes", typed["text"], typed["article"]
        ),
    }
    try:
        does[name]()
    except recover.Refused as refusal:
        form.add_error(None, str(WORDS.get(refusal.code, WORDS["state"])))
        return False
    messages.success(request, _("Done. The member can read it now."))
    return True


def _shown(request: Asked, found: Overpayment, name: str, wrong: forms.Form | None) -> HttpResponse:
    look(request.actor, f"overpayment {found.id}", found.claim.person_id, "overpayment")
    newest = plan_of(found.id)
    mine = newest is not None and request.actor.account_id in (newest.proposed_by_id, newest.approved_by_id)
    facts: dict[str, Any] = {
        "found": found,
        "plan": newest,
        "says": STATES[newest.state] if newest else NO_PLAN,
        "taken": taken_of(found.id),
        "months": recover.months_of(found, int(newest.monthly)) if newest else 0,
        "most": recover.most_a_month(found.claim.person_id, by_person=False),
        "wrong": wrong,
        "mine": mine,
        "may_act": Role.BENEFITS_OFFICER in request.actor.all_roles,
        "may_offer": not hasattr(found, "dropped")
        and (newest is None or newest.state in ("offered", "agreed")),
        "may_contest": newest is not None and newest.state in ("offered", "agreed", "running"),
    }
    facts |= {each: make(auto_id=f"{each}_%s") for each, make in FORMS.items()}
    if wrong is not None:
        facts[name] = wrong
    return show(request, "overpaid_plan", facts, current="overpaid", status=422 if wrong is not None else 200)
