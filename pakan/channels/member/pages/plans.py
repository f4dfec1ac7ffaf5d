"""What was paid too much: how much, why, and the plan, seen before it starts; agree, name another, or disagree (C45, C52)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.kit.plans import NO_PLAN, STATES
from pakan.channels.member.shell import page, person_of
from pakan.operations import recover
from pakan.registers.access.actor import Asked
from pakan.registers.benefits.models import TEXT, Overpayment
from pakan.registers.benefits.queries import overpaid_to, overpayment, plan_of, taken_of

WORDS = {
    "amount": gettext_lazy("Choose less: at most half of a payment."),
    "state": gettext_lazy("This cannot be done any more. Look at the plan."),
    "too_long": gettext_lazy("This is too long."),
}


class AmountForm(forms.Form):
    monthly = forms.IntegerField(
        label=gettext_lazy("How much a month can you pay back? (kip)"),
        min_value=1,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class ContestForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What is wrong, if you want to say it"),
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_safe
def overpaid(request: Asked) -> HttpResponse:
    rows = [
        {"found": one, "plan": plan, "says": STATES[plan.state] if plan else NO_PLAN}
        for one in overpaid_to(person_of(request))
        for plan in [plan_of(one.id)]
    ]
    return page(request, "overpaid", tab="benefits", back="payments", rows=rows)


def _own(request: Asked, id: int) -> Overpayment:
    found = overpayment(id)
    if found is None or found.claim.person_id != person_of(request):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: Asked, id: int) -> HttpResponse:
    """The whole plan on one page, and three answers to it. Disagreeing asks for nothing."""
    found = _own(request, id)
    amount, contest = AmountForm(), ContestForm()
    wrong: forms.Form | None = None
    if request.method == "POST":
        form = {"offer": AmountForm, "contest": ContestForm}.get(request.POST.get("act", ""), forms.Form)(
            request.POST
        )
        if form.is_valid() and (answer := _done(request, found, form)):
            return answer
        wrong = form
        amount = form if isinstance(form, AmountForm) else amount
        contest = form if isinstance(form, ContestForm) else contest
    newest = plan_of(found.id)
    facts: dict[str, Any] = {
        "found": found,
        "plan": newest,
        "says": STATES[newest.state] if newest else NO_PLAN,
        "taken": taken_of(found.id),
        "months": recover.months_of(found, int(newest.monthly)) if newest else 0,
        "amount": amount,
        "contest": contest,
        "wrong": wrong,
        "may_answer": newest is not None and newest.state in ("offered", "agreed"),
        "may_contest": newest is not None and newest.state in ("offered", "agreed", "running"),
    }
    shown = page(request, "overpaid_plan", tab="benefits", back="overpaid", **facts)
    shown.status_code = 422 if wrong else 200
    return shown


def _done(request: Asked, found: Overpayment, form: forms.Form) -> HttpResponse | None:
    """Do what was asked; None when the form has something to put right."""
    try:
        if isinstance(form, AmountForm):
            recover.offer(request.actor, found.id, form.cleaned_data["monthly"])
            messages.success(request, _("Kept. An officer looks at your amount."))
        elif isinstance(form, ContestForm):
            recover.contest(request.actor, found.id, form.cleaned_data["text"])
            messages.success(request, _("Nothing is taken now. The fund has to prove it."))
        else:
            recover.agree(request.actor, found.id)
            messages.success(request, _("You agreed. An officer looks once more before it begins."))
    except recover.Refused as refusal:
        form.add_error(
            "monthly" if refusal.code == "amount" else None, str(WORDS.get(refusal.code, WORDS["state"]))
        )
        return None
    return redirect("member:overpaid_plan", found.id)
