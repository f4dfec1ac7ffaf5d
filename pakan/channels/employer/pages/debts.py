"""Late debts: what they cost by day with the formula, and what can be agreed: instalments, waivers, disputes (C97, C116-C120)."""

from collections.abc import Callable
from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.employer.frame import may, of_employer, of_month, show, to
from pakan.channels.employer.pages.wages import line_of
from pakan.channels.kit.fields import DayField, KipField
from pakan.channels.kit.matters import REASONS, refusal, told, told_whole
from pakan.operations import appraise, collect, declare, dispute, enter, late, plan, refund, remind, waive
from pakan.operations.agree import Refused
from pakan.operations.declare import reach
from pakan.registers.access.actor import Actor, Asked
from pakan.registers.compliance import queries
from pakan.registers.compliance.models import TEXT, Matter
from pakan.registers.compliance.states import Kind, State
from pakan.registers.contributions.queries import latest_declaration, open_obligations
from pakan.registers.payments.queries import credit_of, paid_too_much
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import by_number, person_by_id
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.number import WrongNumber, clean_person_number

MOST_AHEAD = 3650  # days that one may look ahead


class ReasonForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your reason"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


class DayForm(forms.Form):
    day = DayField(label=gettext_lazy("If you pay on this day"), required=False)


class PlanForm(ReasonForm):
    seal = forms.CharField(max_length=4000, widget=forms.HiddenInput)


class WaiverForm(ReasonForm):
    amount = KipField(label=gettext_lazy("Amount to waive (kip)"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Kind of reason"), choices=lambda: list(REASONS.items()), widget=forms.RadioSelect
    )
    field_order = ("amount", "reason", "text")


class DisputeForm(ReasonForm):
    number = forms.CharField(
        label=gettext_lazy("Social security number of the worker"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    field_order = ("number", "text")


@of_employer("GET", "HEAD")
def debts(request: Asked, employer: Employer) -> HttpResponse:
    """Each open month with its charge on a day that one may choose; nothing is fixed by looking."""
    form = DayForm(request.GET or None)
    chosen: date | None = form.cleaned_data["day"] if form.is_bound and form.is_valid() else None
    today = request.actor.today
    day = chosen if chosen and 0 <= (chosen - today).days <= MOST_AHEAD else today
    found = late.forecasts(employer.id, open_obligations(employer.id), day)
    shown = {one.month for one in found}
    disputed = queries.disputed_charges(employer.id)
    charges = [(one, one.id in disputed) for one in queries.charges_of(employer.id) if one.open]
    facts = {
        "form": form if form.is_bound else DayForm(initial={"day": f"{day:%d/%m/%Y}"}),
        "day": day,
        "is_today": day == today,
        "lines": found,
        "charges": charges,
        "elsewhere": sum(one.open for one, waits in charges if not waits and one.month not in shown),
        "open": sum(one.open for one in found),
        "running": sum(one.running for one in found),
        "total": sum(one.total for one in found),
        "overdue": any(one.due_on < today for one in found),
        "matters": [told(one) for one in _visible(employer)],
        "may_plan": may(request.actor, employer, "plan.ask"),
        "may_dispute": may(request.actor, employer, "dispute.line"),
        "may_waive": may(request.actor, employer, "waive.ask"),
        "has_plan": bool(queries.live(employer.id, Kind.PLAN)),
        "campaigns": queries.campaigns_on(today),
        "steps": remind.steps_of(employer.id),
        "credit": credit_of(employer.id) if may(request.actor, employer, "refund.ask") else 0,
    }
    return show(request, "debts", employer, facts, current="debts", status=422 if form.errors else 200)


def _visible(employer: Employer) -> list[Matter]:
    """An assessment is seen once a second officer has confirmed it."""
    found = queries.matters_of(employer.id).exclude(kind=Kind.ASSESSMENT.value, first_by=None)
    return list(found[:50])


@of_employer("GET", "HEAD", "POST")
def plan_page(request: Asked, employer: Employer) -> HttpResponse:
    """GET shows the instalments for a number of them, POST asks."""
    text = request.POST.get("count") or request.GET.get("count", "")
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 6
    problem = ""
    found = None
    try:
        found = plan.preview(employer, count, request.actor.today)
    except plan.WrongPlan as wrong:
        problem = refusal(wrong.code)
    form = PlanForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and found and form.is_valid():
        sent = form.cleaned_data
        matter = _tried(form, lambda: plan.ask(request.actor, employer, count, sent["text"], sent["seal"]))
        if matter:
            messages.success(request, _("Asked. An officer answers; meanwhile no day is counted."))
            return to("matter", employer, matter.number)
    facts = {"count": count, "counts": range(2, 13), "preview": found, "problem": problem, "form": form}
    status = 422 if form.errors or problem else 200
    return show(request, "plan", employer, facts, current="debts", status=status)


def _tried(form: forms.Form, act: Callable[[], Matter]) -> Matter | None:
    """What was asked; where it is refused, the form says why."""
    try:
        return act()
    except Refused as refused:
        field = refused.code if refused.code in form.fields else "text" if refused.code == "short" else None
        form.add_error(field, refusal(refused.code))
        return None


@of_month("GET", "HEAD", "POST")
def waiver(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """Ask that late charges of a month are given up."""
    open_now = sum(one.open for one in queries.charges_of(employer.id, month))
    form = WaiverForm(
        request.POST if request.method == "POST" else None, initial={"amount": open_now or None}
    )
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data
        amount = Kip(sent["amount"])
        matter = _tried(
            form, lambda: waive.ask(request.actor, employer, month, amount, sent["reason"], sent["text"])
        )
        if matter:
            messages.success(request, _("Asked. An officer answers."))
            return to("matter", employer, matter.number)
    facts = {"month": month, "form": form, "open": open_now}
    return show(request, "waiver", employer, facts, current="debts", status=422 if form.errors else 200)


@of_month("GET", "HEAD", "POST")
def reach_page(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """Ask an officer for leave to correct a month that is too long ago (C115)."""
    if latest_declaration(employer, month) is None or not reach.is_far(month, request.actor):
        return to("correct", employer, month)
    if live := reach.leave_for(employer, month):
        return to("matter", employer, live.number)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        words = form.cleaned_data["text"]
        matter = _tried(form, lambda: reach.ask(request.actor, employer, month, words))
        if matter:
            messages.success(request, _("Asked. An officer answers."))
            return to("matter", employer, matter.number)
    facts = {"month": month, "form": form}
    return show(request, "reach", employer, facts, current="due", status=422 if form.errors else 200)


@of_month("GET", "HEAD", "POST")
def dispute_page(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """Contest one worker's line, or (?charge=) one late charge: only that waits."""
    text = request.GET.get("charge", "")
    charge_id = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
    charge = next((one for one in queries.charges_of(employer.id, month) if one.id == charge_id), None)
    if charge_id is not None and charge is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = (
        ReasonForm(sent)
        if charge
        else DisputeForm(sent, initial={"number": request.GET.get("number", "")[:12]})
    )
    if form.is_bound and form.is_valid():
        words = form.cleaned_data["text"]
        if charge:
            matter = _tried(form, lambda: dispute.charge(request.actor, employer, charge.id, words))
        else:
            matter = _tried(
                form, lambda: _line(request.actor, employer, month, form.cleaned_data["number"], words)
            )
        if matter:
            messages.success(request, _("Said. Only this line waits; everything else goes on."))
            return to("matter", employer, matter.number)
    facts = {"month": month, "form": form, "charge": charge, "line": line_of(employer, month, request)}
    return show(request, "dispute", employer, facts, current="debts", status=422 if form.errors else 200)


def _line(actor: Actor, employer: Employer, month: Month, number: str, words: str) -> Matter:
    try:
        known = by_number([clean_person_number(number)]).values()
    except WrongNumber as wrong:
        raise Refused("unknown") from wrong
    for person in known:
        return dispute.line(actor, employer, month, person_by_id(person.id), words)
    raise Refused("unknown")


class RefundForm(ReasonForm):
    amount = KipField(label=gettext_lazy("Amount to get back (kip)"))
    field_order = ("amount", "text")


@of_employer("GET", "HEAD", "POST")
def refund_page(request: Asked, employer: Employer) -> HttpResponse:
    """Ask that kept credit goes back to the account it came from; a fresh proof first."""
    credit, source = credit_of(employer.id), paid_too_much(employer.id)
    form = RefundForm(request.POST if request.method == "POST" else None, initial={"amount": credit or None})
    if form.is_bound and not enter.is_fresh(request, request.actor.at):
        return redirect(f"{reverse('public:prove')}?{urlencode({'next': request.path})}")
    if form.is_bound and form.is_valid():
        amount, words = Kip(form.cleaned_data["amount"]), form.cleaned_data["text"]
        try:
            matter = _tried(form, lambda: refund.ask(request.actor, employer, amount, words))
        except refund.BankUnreachable:
            matter = None
            form.add_error(None, _("The bank does not answer. Try again in a minute; nothing is lost."))
        if matter:
            messages.success(request, _("Asked. An officer answers."))
            return to("matter", employer, matter.number)
    facts = {
        "form": form,
        "credit": credit,
        "account": f"••••{source.payer_account[-4:]}" if source else "",
        "may_ask": bool(credit and source) and not queries.live(employer.id, Kind.REFUND),
    }
    return show(request, "refund", employer, facts, current="debts", status=422 if form.errors else 200)


# --- one matter ------------------------------------------------------------------------------------------------------


@of_employer("GET", "HEAD", "POST")
def matter(request: Asked, employer: Employer, number: str) -> HttpResponse:
    """What was asked, what was answered, and what can be done now."""
    found = queries.matter(number)
    if found is None or found.employer_id != employer.id or found not in _visible(employer):
        raise Http404
    form = ReasonForm(request.POST if request.POST.get("do") == "contest" else None)
    if request.method == "POST":
        try:
            answer = _done(request, employer, found, form)
        except Refused as refused:
            form = form if form.is_bound else ReasonForm({"text": ""})
            form.errors.clear()
            form.add_error(None, refusal(refused.code))
            answer = None
        if answer:
            return answer
    followed = plan.follow(found, request.actor.today) if found.kind == Kind.PLAN else None
    facts = told_whole(found) | {
        "form": form,
        "followed": followed,
        "next": followed.next if followed and found.state in queries.KEPT else None,
        "may_withdraw": _may_withdraw(request.actor, employer, found),
        "may_answer": found.kind == Kind.ASSESSMENT and found.state == State.SHOWN,
        "may_pay": may(request.actor, employer, "collect.ask"),
        "may_accept": may(request.actor, employer, "appraise.accept"),
    }
    return show(request, "matter", employer, facts, current="debts", status=422 if form.errors else 200)


WITHDRAW = {
    Kind.PLAN: plan.withdraw,
    Kind.WAIVER: waive.withdraw,
    Kind.DISPUTE: dispute.withdraw,
    Kind.REFUND: refund.withdraw,
    Kind.REACH: reach.withdraw,
}


def _may_withdraw(actor: Actor, employer: Employer, found: Matter) -> bool:
    asked = found.state == State.ASKED and Kind(found.kind) in WITHDRAW
    return asked and may(actor, employer, f"{'waive' if found.kind == Kind.WAIVER else found.kind}.withdraw")


def _done(request: Asked, employer: Employer, found: Matter, form: forms.Form) -> HttpResponse | None:
    """Do what the pressed button says; None where the page is shown again with what is wrong."""
    do = request.POST.get("do", "")
    if do == "withdraw" and Kind(found.kind) in WITHDRAW:
        WITHDRAW[Kind(found.kind)](request.actor, found)
        messages.success(request, _("Taken back."))
    elif do == "pay" and found.kind == Kind.PLAN and found.state in queries.KEPT:
        return _pay_part(request, employer, found)
    elif do == "accept" and found.kind == Kind.ASSESSMENT:
        return _accepted(request, employer, found)
    elif do == "contest" and found.kind == Kind.ASSESSMENT:
        if not form.is_valid():
            return None
        appraise.contest(request.actor, found, form.cleaned_data["text"])
        messages.success(request, _("Said. Another officer answers."))
    return to("matter", employer, found.number)


def _pay_part(request: Asked, employer: Employer, found: Matter) -> HttpResponse:
    """A payment notice for the next instalment (and what is missing of those before)."""
    following = plan.follow(found, request.actor.today).next
    if following is None:
        return to("matter", employer, found.number)
    try:
        notice = collect.ask(request.actor, employer, plan.months_of(found), most=following[1])
    except collect.BankUnreachable:
        messages.error(request, _("The bank does not answer. Try again in a minute; nothing is lost."))
        return to("matter", employer, found.number)
    return to("pay", employer, min(line.month for line in notice.lines.all()))


def _accepted(request: Asked, employer: Employer, found: Matter) -> HttpResponse:
    """The declaration begins with the assessed wage for the workers on record; a colleague signs as always."""
    assert found.month is not None
    appraise.accept(request.actor, found)
    messages.success(
        request, _("Accepted. Complete the declaration with your workers and let a colleague sign it.")
    )
    if may(request.actor, employer, "declare.start_typing"):
        sheet = declare.start_typing(request.actor, employer, found.month, f"assessed {found.number}")
        wages = {line.row: str(found.facts["wage"]) for line in sheet.lines.all()}
        if wages:
            declare.write_wages(request.actor, sheet, wages)
        return to("typing", employer, found.month)
    return to("month", employer, found.month)
