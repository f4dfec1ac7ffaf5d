"""The short way for who has up to five workers: same as last month, or how many, who, which wage; approve; pay (C70, C90).

Three screens and the payment, on a phone. The same verbs as the long way: nothing is checked less. And slips (C89).
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pakan.channels.employer.frame import employer_name, may, new_key, of_employer, of_month, to
from pakan.channels.employer.months import due_now, recent
from pakan.channels.employer.pages.approve import ask
from pakan.channels.employer.pages.check import working_sheet
from pakan.channels.employer.wording import refusal_words, whole
from pakan.channels.kit.fields import KipField, WholeField
from pakan.channels.kit.files import file_answer
from pakan.operations import declare, payroll
from pakan.operations.declare.check import ready
from pakan.registers.access.actor import Asked
from pakan.registers.contributions.models import Sheet
from pakan.registers.contributions.queries import last_declaration_before, lines_of, wages_by_person
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import Known, workers_of
from pakan.units.month import Month

MOST = 5  # workers; whoever has more is better served by the table


class WagesForm(forms.Form):
    """How many, who, and the wage of each; empty: did not work."""

    def __init__(self, workers: list[Known], last: dict[int, int], *args: Any) -> None:
        super().__init__(*args)
        self.fields["count"] = WholeField(
            0, MOST, label=_("How many worked for you?"), initial=str(len(workers)), help_text=""
        )
        for one in workers:
            self.fields[f"w{one.id}"] = KipField(label=one.name, required=False, initial=last.get(one.id))

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        paid = sum(1 for name, wage in told.items() if name != "count" and wage)
        if not self.errors and told.get("count") != paid:
            self.add_error(
                "count",
                _("You said %(said)s, but %(paid)s have a wage.") % {"said": told.get("count"), "paid": paid},
            )
        return told


def _show(
    request: Asked, employer: Employer, template: str, facts: dict[str, Any], status: int = 200
) -> HttpResponse:
    back = {"url": reverse("employer:overview", args=[employer.code]), "label": employer_name(employer)}
    return render(
        request, f"employer/{template}.html", {"employer": employer, "back": back} | facts, status=status
    )


@of_employer("GET", "HEAD")
def simple(request: Asked, employer: Employer) -> HttpResponse:
    """What to do now: the oldest month that is not done."""
    today = request.actor.today
    line = due_now(recent([employer], today)[employer.id], today)
    if line is None:
        return _show(request, employer, "simple_done", {"month": Month.of(today) - 1})
    workers = workers_of(employer, line.month)
    if len(workers) > MOST:
        return to("month", employer, line.month)
    return to(
        "pay" if line.owed is not None and not line.correcting else "simple_month", employer, line.month
    )


@of_month("GET", "HEAD", "POST")
def month(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """Same as last month, or the wage of each."""
    workers = sorted(workers_of(employer, month).values(), key=lambda one: one.number)
    if len(workers) > MOST:
        return to("month", employer, month)
    before = last_declaration_before(employer, month)
    last = wages_by_person(before) if before else {}
    if request.method == "POST" and request.POST.get("do") == "same" and last:
        declare.same_as_last_month(
            request.actor, employer, month, request.POST.get("key", "")[:64] or new_key()
        )
        return to("simple_sign", employer, month)
    form = WagesForm(workers, last, *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        _typed(request, employer, month, workers, form.cleaned_data)
        return to("simple_sign", employer, month)
    changed = request.method == "POST" or request.GET.get("changed") == "yes"
    same = {one.id for one in workers} == {id for id, wage in last.items() if wage}
    facts = {
        "month": month, "form": form, "key": new_key(), "same": same and bool(last) and not changed,
        "rows": [(one, last.get(one.id)) for one in workers], "nobody": not workers,
    }  # fmt: skip
    return _show(request, employer, "simple_month", facts, 422 if form.errors else 200)


def _typed(
    request: Asked, employer: Employer, month: Month, workers: list[Known], told: dict[str, Any]
) -> None:
    """What was typed, as a sheet like any other."""
    actor = request.actor
    sheet = declare.start_typing(actor, employer, month, request.POST.get("key", "")[:64] or new_key())
    rows = {line.number: line.row for line in lines_of(sheet)}
    for one in workers:
        wage = told.get(f"w{one.id}")
        if wage:
            sheet = declare.write_line(actor, sheet, rows[one.number], wage=str(wage))
        else:
            sheet = declare.leave_out(actor, sheet, rows[one.number])
            sheet = declare.absent(actor, sheet, one.id, "leave")


@of_month("GET", "HEAD", "POST")
def sign(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """Three numbers, what is asked, and one button."""
    sheet = working_sheet(employer, month)
    if sheet is None:
        return to("simple", employer)
    if request.method == "POST":
        return _signed(request, employer, month, sheet)
    asked = [
        {"row": line.row, "name": line.name, "code": found["code"], "says": whole(found), "level": found["level"],
         "reason": any(mend["value"] == "reason" for mend in found["mends"] if mend["act"] == "confirm"),
         "may": any(mend["act"] == "confirm" for mend in found["mends"])}
        for line in lines_of(sheet) for found in line.problems if found["level"] != "note"
    ]  # fmt: skip
    facts = {"month": month, "sheet": sheet, "summary": sheet.summary, "asked": asked, "ready": ready(sheet),
             "total": sheet.summary["employer_share"] + sheet.summary["worker_share"]}  # fmt: skip
    return _show(request, employer, "simple_sign", facts)


def _signed(request: Asked, employer: Employer, month: Month, sheet: Sheet) -> HttpResponse:
    told, actor = request.POST, request.actor
    try:
        if told.get("do") == "confirm":
            row = int(told.get("row", "")) if told.get("row", "").isdigit() else -1
            declare.confirm(actor, sheet, row, told.get("code", ""), told.get("reason", ""))
            return to("simple_sign", employer, month)
        if sheet.state == Sheet.State.OPEN:
            sheet = declare.hand_over(actor, sheet, sheet.revision)
        if not may(actor, employer, "declare.approve"):
            messages.info(request, refusal_words("second_person_needed"))
            return to("simple_sign", employer, month)
        declare.approve(actor, sheet, sheet.revision)
    except declare.SecondPersonNeeded:
        messages.info(request, refusal_words("second_person_needed"))
        return to("simple_sign", employer, month)
    except (declare.Refused, ValueError, KeyError) as refusal:
        messages.error(request, refusal_words(getattr(refusal, "code", "")))
        return to("simple_sign", employer, month)
    ask(request, employer, [month])
    return to("pay", employer, month)


@of_month("GET", "HEAD")
def slips(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """The month's list: wage, share, paid out; a slip for each."""
    rows = payroll.month_list(employer, month)
    if not rows or len(rows) > 200:
        raise Http404
    facts = {
        "month": month,
        "rows": rows,
        "net": sum(one.net for one in rows),
        "wages": sum(one.wage for one in rows),
    }
    return _show(request, employer, "slips", facts)


@of_month("GET", "HEAD")
def slip(request: Asked, employer: Employer, month: Month, number: str) -> HttpResponse:
    found = payroll.slip(employer, month, number)
    if found is None:
        raise Http404
    return file_answer(found, "application/pdf", f"pay-slip-{month}-{employer.code}.pdf", attachment=False)
