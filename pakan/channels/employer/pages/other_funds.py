"""Another fund's money in the same payment: a line added to the bill of a month, or taken back (C109).

Not there without an agreement in force.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.employer.frame import may, new_key, of_month, show, to
from pakan.channels.employer.pages.approve import ask
from pakan.channels.employer.pages.wages import line_of
from pakan.channels.employer.wording import other_fund_words
from pakan.channels.kit.fields import KipField, MonthField
from pakan.channels.kit.speech import language
from pakan.operations import enclose
from pakan.registers.access.actor import Asked
from pakan.registers.contributions.queries import obligation
from pakan.registers.funds.models import Agreement, Line
from pakan.registers.funds.models import Asked as OnBill
from pakan.registers.funds.queries import approved, asked_by, in_force, lines_of
from pakan.registers.payments.models import Notice
from pakan.registers.payments.queries import open_notice
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month


def fund_name(agreement: Agreement) -> str:
    return agreement.name_lo if language() == "lo" else agreement.name_en


class LineForm(forms.Form):
    """One line. Its key is made with the page: sent twice it is one line."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    fund = forms.ChoiceField(label=gettext_lazy("Paid to"))
    month = MonthField(label=gettext_lazy("For which month"))
    reference = forms.CharField(
        label=gettext_lazy("The fund's own reference"),
        help_text=gettext_lazy(
            "Such as a taxpayer number or the number of an assessment. Latin letters and figures."
        ),
        max_length=60,
    )
    amount = KipField(label=gettext_lazy("Amount that the fund, or you, have reckoned (kip)"))

    def __init__(self, agreements: list[Agreement], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        field: Any = self.fields["fund"]
        field.choices = [
            (one.code, f"{fund_name(one)}: {one.collects_lo if language() == 'lo' else one.collects_en}")
            for one in agreements
        ]


@of_month("GET", "HEAD", "POST")
def enclose_line(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """Add a line, and make the bill anew with it; or take a line back."""
    agreements = in_force(request.actor.today)
    if request.method == "POST" and "take_back" in request.POST:
        return _taken_back(request, employer, month)
    debt = obligation(employer, month)
    if not agreements or debt is None:
        raise Http404
    first = {"key": new_key(), "fund": agreements[0].code, "month": month}
    form = LineForm(agreements, request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and _added(request, employer, month, form):
        messages.success(request, _("Added. The bill asks for the total now, each part apart."))
        ask(request, employer, _months(employer, month))
        return to("pay", employer, month)
    facts = {
        "month": month,
        "form": form,
        "line": line_of(employer, month, request),
        "may_add": may(request.actor, employer, "enclose.add") and bool(debt.open),
    }
    return show(request, "enclose", employer, facts, current="due", status=422 if form.errors else 200)


def _added(request: Asked, employer: Employer, month: Month, form: LineForm) -> Line | None:
    """The line; None where the page is shown again with everything that is wrong."""
    form.is_valid()
    told = form.cleaned_data
    try:
        if form.errors:
            found = enclose.problems(
                request.actor,
                told.get("fund", ""),
                told.get("month"),
                told.get("reference", ""),
                told.get("amount"),
            )
            raise enclose.Wrong({field: code for field, code in found.items() if field not in form.errors})
        return enclose.add(request.actor, employer, month, **told)
    except enclose.Wrong as wrong:
        for field, code in wrong.problems.items():
            form.add_error(field, other_fund_words(code))
    except enclose.Refused as refused:
        form.add_error(None, other_fund_words(refused.code))
    return None


def _months(employer: Employer, month: Month) -> list[Month]:
    """The months of the bill in force, so that a line does not tear a bill of several months apart."""
    notice = open_notice(employer, month)
    return sorted({month, *(line.month for line in notice.lines.all())}) if notice else [month]


def _taken_back(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    months, number = _months(employer, month), request.POST["take_back"]
    try:
        enclose.take_back(request.actor, employer, int(number) if number.isdecimal() else 0)
    except LookupError as nobody:
        raise Http404 from nobody
    except enclose.Refused as refused:
        messages.error(request, other_fund_words(refused.code))
        return to("pay", employer, month)
    messages.success(request, _("Taken back. The old bill must not be paid any more."))
    debts = [found for one in months if (found := obligation(employer, one)) and found.open]
    if debts:
        ask(request, employer, months)
    return to("pay", employer, month)


# --- on the page of the bill -----------------------------------------------------------------------------------------


def beside(employer: Employer, month: Month, notice: Notice | None, actor: Any) -> dict[str, Any]:
    """What the page of a bill shows of other funds: nothing where there is neither an agreement nor a line."""
    known_funds = approved()  # where no fund ever agreed, this is the only question
    asked = asked_by(notice.number) if notice and known_funds else []
    of_month = lines_of(employer.id, month) if known_funds else []
    rows = [_row(one.line, one) for one in asked]
    known = {one.line_id for one in asked}
    rows += [_row(line, None) for line in of_month if line.id not in known]
    return {
        "fund_rows": rows,
        "for_funds": Kip(sum(one.amount for one in asked)),
        "may_enclose": may(actor, employer, "enclose.add")
        and any(one.holds_on(actor.today) for one in known_funds),
        "may_take_back": may(actor, employer, "enclose.take_back"),
    }


def _row(line: Line, asked: OnBill | None) -> dict[str, Any]:
    return {
        "of": line,
        "name": fund_name(line.agreement),
        "amount": asked.amount if asked else line.amount,
        "on_bill": asked is not None,
        "paid": line.settled == line.amount,
    }
