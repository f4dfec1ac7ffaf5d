"""Other funds: agreements that two officers begin and end, and what came in for them, passed on by two (C109)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from pakan.channels.kit.fields import DayField, WholeField
from pakan.channels.kit.files import file_answer
from pakan.channels.kit.matters import NAME_CHECKS, REFUSALS, Words
from pakan.channels.kit.speech import in_language
from pakan.channels.office.frame import show
from pakan.operations import ally, pass_on
from pakan.operations.ally import Terms
from pakan.registers.access.actor import Asked
from pakan.registers.funds import queries
from pakan.registers.funds.models import Agreement, Remittance

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRONG: dict[str, Words] = {
    "code": gettext_lazy("Two to eight Latin letters and figures, a letter first. Like SKL."),
    "waits": gettext_lazy("An agreement with this fund waits for an answer already."),
    "text": gettext_lazy("Write 3 to 120 letters."),
    "bank": gettext_lazy("Choose the bank."),
    "account": gettext_lazy("An account number has 6 to 20 figures."),
    "latin": gettext_lazy("Write the name in Latin letters, as the bank does."),
    "no": gettext_lazy("The bank says that the account is another's. Look at the document."),
    "unknown": gettext_lazy("The bank does not know the account."),
    "future": gettext_lazy("A document of a later day cannot hold yet."),
    "days": gettext_lazy(
        "The last day comes after the first, is not over, and lies at most five years behind it."
    ),
    "most_days": gettext_lazy("Choose between 1 and 90 days."),
    "last_day": gettext_lazy("Choose a day from today to the last day of the agreement."),
    "why": gettext_lazy("Write the reason in a sentence of at most 200 letters."),
    "overlap": gettext_lazy("Another agreement with this fund holds on some of these days. End it first."),
    "past": gettext_lazy("The day that was asked for is over. Ask for a later one."),
    "nothing": gettext_lazy("Nothing waits for this fund. Somebody has gathered it already."),
    "bank_silent": gettext_lazy("The bank does not answer. Try again in some minutes: nothing was written."),
}
PAYING: dict[str, tuple[Words, str]] = {
    Remittance.State.MADE: (gettext_lazy("another officer must release it"), "wait"),
    Remittance.State.RELEASED: (gettext_lazy("on its way to the bank"), "wait"),
    Remittance.State.PAID: (gettext_lazy("passed on"), "ok"),
    Remittance.State.BOUNCED: (gettext_lazy("the bank did not take it"), "bad"),
}


def _says(code: str) -> str:
    return str(WRONG.get(code, REFUSALS.get(code, code)))


class AgreementForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Short name of the fund"), max_length=8, help_text=gettext_lazy("Like SKL.")
    )
    name_lo = forms.CharField(label=gettext_lazy("Name in Lao"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120)
    collects_lo = forms.CharField(label=gettext_lazy("What it collects, in Lao"), max_length=120)
    collects_en = forms.CharField(label=gettext_lazy("What it collects, in English"), max_length=120)
    bank = forms.ChoiceField(label=gettext_lazy("Bank"), choices=())
    account = forms.CharField(
        label=gettext_lazy("Account number"), max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    account_name = forms.CharField(
        label=gettext_lazy("Name of the owner"), max_length=140,
        help_text=gettext_lazy("In Latin letters, as the bank writes it."),
    )  # fmt: skip
    basis = forms.CharField(label=gettext_lazy("Number of the document"), max_length=120)
    basis_on = DayField(label=gettext_lazy("Day of the document"))
    starts = DayField(label=gettext_lazy("First day"))
    ends = DayField(label=gettext_lazy("Last day"))
    days = WholeField(1, ally.MOST_DAYS, label=gettext_lazy("Days until the money must be passed on"))

    def __init__(self, sent: object = None) -> None:
        super().__init__(sent)  # type: ignore[arg-type]
        banks = [(name, in_language({"lo": lo, "en": en})) for name, lo, en in ally.banks()]
        self.fields["bank"].choices = banks  # type: ignore[attr-defined]


class EndForm(forms.Form):
    last_day = DayField(label=gettext_lazy("Last day"))
    why = forms.CharField(label=gettext_lazy("Why"), max_length=200)


@require_http_methods(["GET", "HEAD", "POST"])
def funds(request: Asked) -> HttpResponse:
    """What waits, what was passed on, and the agreements; one act a button."""
    if request.method == "POST":
        try:
            messages.success(request, _act(request))
        except (ally.Refused, pass_on.Refused) as refused:
            messages.error(request, _says(refused.code))
        return redirect("office:funds")
    facts = {
        "waiting": [(one, one.late_on(request.actor.today)) for one in queries.waiting()],
        "remittances": [_shown(one, request) for one in queries.remittances()],
        "agreements": [_agreement(one, request) for one in queries.agreements()],
        "may_act": _may(request),
    }
    return show(request, "funds", facts, "funds")


def _may(request: Asked) -> bool:
    return "finance" in request.actor.all_roles


def _shown(one: Remittance, request: Asked) -> dict[str, Any]:
    says, tone = PAYING[Remittance.State(one.state)]
    released = one.state in (Remittance.State.MADE, Remittance.State.BOUNCED)
    mine = one.made_by_id == request.actor.account_id
    return {"of": one, "says": says, "tone": tone, "may_release": released and not mine and _may(request)}


def _agreement(one: Agreement, request: Asked) -> dict[str, Any]:
    me, may = request.actor.account_id, _may(request)
    asked_end = one.end_asked_on is not None and one.ended_at is None
    return {
        "of": one,
        "checked": NAME_CHECKS.get(one.name_check, ""),
        "holds": one.holds_on(request.actor.today),
        "may_decide": may and one.decided_at is None and one.entered_by_id != me,
        "may_ask_end": may and one.approved and one.ended_at is None and one.last_day >= request.actor.today,
        "asked_end": asked_end,
        "may_end": may and asked_end and one.end_asked_by_id != me,
    }


def _act(request: Asked) -> str:
    """What was done, in words. Raises Refused."""
    do, which = request.POST.get("do", ""), request.POST.get("which", "")
    if do == "gather":
        return _("%(number)s is made. Another officer releases it.") % {
            "number": pass_on.gather(request.actor, which).number
        }
    if do == "release":
        if (sent := queries.remittance(which)) is None:
            raise Http404
        pass_on.release(request.actor, sent)
        return _("Released. The bank is asked to pay it.")
    agreement = _found(which)
    if do == "approve":
        ally.approve(request.actor, agreement)
        return _("Agreed. From its first day employers may add a line for this fund.")
    if do == "refuse":
        ally.refuse(request.actor, agreement)
        return _("Not agreed: nothing is taken in for this fund.")
    if do == "end":
        ally.end(request.actor, agreement)
        return _("The agreement ends on that day. Bills that reach beyond it are made anew.")
    raise Http404


def _found(which: str) -> Agreement:
    found = next((one for one in queries.agreements() if str(one.id) == which), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def fund_new(request: Asked) -> HttpResponse:
    """Enter an agreement as it stands in its document."""
    form = AgreementForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            ally.enter(request.actor, Terms(**form.cleaned_data))
            messages.success(request, _("Written. Another officer has to agree."))
            return redirect("office:funds")
        except ally.Wrong as wrong:
            for field, code in wrong.problems.items():
                form.add_error(field, _says(code))
        except ally.BankUnreachable:
            form.add_error(None, _says("bank_silent"))
    return show(request, "fund_new", {"form": form}, "funds", 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def fund_end(request: Asked, id: int) -> HttpResponse:
    """Ask that an agreement ends early."""
    agreement = _found(str(id))
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            ally.ask_end(request.actor, agreement, **form.cleaned_data)
            messages.success(request, _("Written. Another officer has to agree."))
            return redirect("office:funds")
        except ally.Wrong as wrong:
            for field, code in wrong.problems.items():
                form.add_error(field, _says(code))
        except ally.Refused as refused:
            form.add_error(None, _says(refused.code))
    facts = {"form": form, "agreement": agreement}
    return show(request, "fund_end", facts, "funds", 422 if form.errors else 200)


@require_GET
def fund_list(request: Asked, number: str, kind: str) -> HttpResponse:
    """The list that goes with a remittance: `kind` is 'xlsx' or 'csv'."""
    found = queries.remittance(number)
    if found is None:
        raise Http404
    content, how = (
        (pass_on.csv_list(found), "text/csv") if kind == "csv" else (pass_on.xlsx_list(found), XLSX)
    )
    return file_answer(content, how, f"{found.code}-{found.number}.{kind}", attachment=True)
