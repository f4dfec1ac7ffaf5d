"""What employers ask about late debts, and what officers propose: decided here by another person (C116-C120, C125)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.kit.fields import KipField, MonthField, WholeField
from pakan.channels.kit.matters import KINDS, REASONS, refusal, told, told_whole
from pakan.channels.office.frame import page_of, show
from pakan.operations import appraise, clear, dispute, plan, refund, waive
from pakan.operations.agree import Refused
from pakan.operations.declare import reach
from pakan.registers.access.actor import VIENTIANE, Asked
from pakan.registers.access.audit import Note, look, write
from pakan.registers.access.roles import permissions
from pakan.registers.compliance import queries
from pakan.registers.compliance.models import ANSWER, TEXT, Matter
from pakan.registers.compliance.states import Kind, State
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import employers_by_code
from pakan.units.money import Kip

Decide = Callable[[Any, Matter, bool, str], Matter]
# kind and state -> the verb that decides it now
DECIDE: dict[tuple[str, str], tuple[str, Decide]] = {
    (Kind.PLAN, State.ASKED): ("plan.decide", plan.decide),
    (Kind.WAIVER, State.ASKED): ("waive.decide", waive.decide),
    (Kind.WAIVER, State.HALF): ("waive.decide", waive.decide),
    (Kind.REFUND, State.ASKED): ("refund.decide", refund.decide),
    (Kind.REFUND, State.BOUNCED): ("refund.decide", refund.decide),
    (Kind.REACH, State.ASKED): ("reach.decide", reach.decide),
    (Kind.DISPUTE, State.ASKED): ("dispute.answer", dispute.answer),
    (Kind.ASSESSMENT, State.ASKED): ("appraise.confirm", appraise.confirm),
    (Kind.ASSESSMENT, State.CONTESTED): ("appraise.answer", appraise.answer),
}


class DecideForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your answer and its reason"),
        help_text=gettext_lazy("The employer reads it. Short and plain."),
        max_length=ANSWER,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AppraiseForm(forms.Form):
    month = MonthField(label=gettext_lazy("Month that was not declared"))
    workers = WholeField(1, appraise.MOST_WORKERS, label=gettext_lazy("Workers"))
    wage = KipField(label=gettext_lazy("Wage of each (kip)"))
    text = forms.CharField(
        label=gettext_lazy("What the estimate rests on"),
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WaiveForm(forms.Form):
    month = MonthField(label=gettext_lazy("Month"))
    amount = KipField(label=gettext_lazy("Amount to waive (kip)"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Kind of reason"), choices=lambda: list(REASONS.items()), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("Your reason"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_safe
def debts(request: Asked) -> HttpResponse:
    """What waits for an officer, the oldest first."""
    found = queries.for_officers()
    kind = request.GET.get("kind", "")
    if kind in KINDS:
        found = found.filter(kind=kind)
    page = page_of(request, found)
    rows = [told(one) | {"days": _days(one, request)} for one in page.object_list]
    facts = {"page": page, "rows": rows, "kinds": list(KINDS.items()), "kind": kind}
    return show(request, "debts", facts, current="debts")


def _days(matter: Matter, request: Asked) -> int:
    return (request.actor.today - matter.opened_at.astimezone(VIENTIANE).date()).days


@require_http_methods(["GET", "HEAD", "POST"])
def debt(request: Asked, number: str) -> HttpResponse:
    """One matter: what was asked, and the decision. A look at a worker's line is kept for the worker."""
    found = queries.matter(number)
    if found is None:
        raise Http404
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _decided(request, found, form.cleaned_data["text"])
        except Refused as refused:
            form.add_error(None, refusal(refused.code))
        else:
            messages.success(request, _("Done. The employer is told."))
            return redirect("office:debt", number)
    if found.person_id:
        look(request.actor, f"matter {found.number}", found.person_id, "dispute")
    wanted = DECIDE.get((found.kind, found.state))
    mine = request.actor.account_id in (found.opened_by_id, found.first_by_id)
    facts = told_whole(found) | {
        "form": form,
        "days": _days(found, request),
        "followed": plan.follow(found, request.actor.today) if found.kind == Kind.PLAN else None,
        "may_decide": bool(wanted and _may(request, wanted[0])) and not mine,
        "is_mine": bool(wanted) and mine,
        "may_end": found.kind == Kind.PLAN and found.state in queries.KEPT and _may(request, "plan.end"),
        "is_dispute": found.kind == Kind.DISPUTE,
        "is_assessment": found.kind == Kind.ASSESSMENT,
    }
    return show(request, "debt", facts, current="debts", status=422 if form.errors else 200)


def _may(request: Asked, verb: str) -> bool:
    return bool(permissions().verbs[verb] & request.actor.own)


def _decided(request: Asked, found: Matter, text: str) -> None:
    do = request.POST.get("do", "")
    if do == "end" and found.kind == Kind.PLAN and _may(request, "plan.end"):
        plan.end(request.actor, found, text)
        return
    wanted = DECIDE.get((found.kind, found.state))
    if wanted is None or do not in ("yes", "no"):
        raise Refused("state")
    if not _may(request, wanted[0]):
        raise PermissionDenied
    wanted[1](request.actor, found, do == "yes", text)


def _employer(code: str) -> Employer:
    found = employers_by_code([code]).get(code)
    if found is None:
        raise Http404
    return found


def _propose(
    request: Asked, code: str, form: forms.Form, title: str, act: Callable[[Employer, dict[str, Any]], Matter]
) -> HttpResponse:
    """A form with which an officer opens a matter about one employer; another officer decides it."""
    employer = _employer(code)
    if form.is_bound and form.is_valid():
        try:
            matter = act(employer, form.cleaned_data)
        except Refused as refused:
            field = {"declared": "month", "short": "text"}.get(refused.code, refused.code)
            form.add_error(field if field in form.fields else None, refusal(refused.code))
        else:
            messages.success(request, _("Written. Another officer has to agree."))
            return redirect("office:debt", matter.number)
    write(
        request.actor,
        "look",
        Note(object=f"debts of {employer.code}", employer_id=employer.id, purpose="debt"),
    )
    facts = {"employer": employer, "form": form, "title": title}
    return show(request, "debt_new", facts, current="debts", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def appraise_new(request: Asked, code: str) -> HttpResponse:
    """An estimate of a month that nobody declared."""
    form = AppraiseForm(request.POST or None)
    return _propose(
        request, code, form, _("Assess a month"),
        lambda employer, sent: appraise.propose(
            request.actor, employer, sent["month"], sent["workers"], Kip(sent["wage"]), sent["text"]
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def waive_new(request: Asked, code: str) -> HttpResponse:
    """A waiver that an officer proposes."""
    form = WaiveForm(request.POST or None)
    return _propose(
        request, code, form, _("Propose a waiver"),
        lambda employer, sent: waive.ask(
            request.actor, employer, sent["month"], Kip(sent["amount"]), sent["reason"], sent["text"]
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def clearance(request: Asked, number: str) -> HttpResponse:
    """One certificate of an employer: the officer may withdraw it with a reason."""
    found = queries.clearance(number)
    if found is None:
        raise Http404
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _may(request, "clear.withdraw"):
            raise PermissionDenied
        try:
            clear.withdraw(request.actor, found, form.cleaned_data["text"])
        except Refused as refused:
            form.add_error(None, refusal(refused.code))
        else:
            messages.success(request, _("Withdrawn. Readers learn it with their next list."))
            return redirect("office:clearance", number)
    facts = {
        "certificate": found,
        "form": form,
        "may_withdraw": found.withdrawn_at is None and _may(request, "clear.withdraw"),
    }
    return show(request, "clearance", facts, current="debts", status=422 if form.errors else 200)
