"""Crews and single days of work (C68, C69)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pakan.channels.employer.frame import may, new_key, of_employer, of_month, show, to
from pakan.channels.employer.pages.check import working_sheet
from pakan.channels.kit.fields import DayField, KipField, WholeField
from pakan.operations import crew as operation
from pakan.operations import declare
from pakan.registers.access.actor import Asked
from pakan.registers.contributions.models import SheetLine
from pakan.registers.crews import queries
from pakan.registers.crews.models import Crew, DayVoucher
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import workers_in_order
from pakan.units.money import Kip
from pakan.units.month import Month

PAGE = 20
MOST_CHOSEN = 500
PROBLEMS: dict[str, str | Promise] = {
    "name": gettext_lazy("Give the crew a name of letters."),
    "name_taken": gettext_lazy("You have a crew of this name already."),
    "number": gettext_lazy("%(about)s is not a social security number. Look for a wrong digit."),
    "unknown": gettext_lazy("Nobody has the number %(about)s. Look for a wrong digit."),
    "nobody": gettext_lazy("Choose who worked on this day."),
    "wage": gettext_lazy("A day's wage is between 1 and 10,000,000 kip."),
    "count": gettext_lazy("Between 1 and 200 vouchers at once."),
    "future": gettext_lazy("A day of work is noted when it is over."),
    "too_old": gettext_lazy("A day is noted within two months. Declare older ones with their month."),
    "closed": gettext_lazy("Your company was not registered on this day."),
    "declared": gettext_lazy("The month of this day is declared already. Correct that month instead."),
    "year_full": gettext_lazy("%(about)s has 120 days this year. Register this person as a monthly worker."),
    "expired": gettext_lazy("Voucher %(about)s has expired."),
    "taken": gettext_lazy("%(about)s has this day already."),
    "not_covered": gettext_lazy(
        "Your credit does not cover this. %(about)s kip are missing: pay them in first."
    ),
}
STATES: dict[str, tuple[str | Promise, str]] = {
    "issued": (gettext_lazy("not used yet"), "wait"),
    "used": (gettext_lazy("worked"), "ok"),
    "cancelled": (gettext_lazy("taken back"), "plain"),
    "expired": (gettext_lazy("expired"), "plain"),
}


def tell(form: forms.Form, refused: operation.Refused) -> None:
    """Every reason, at the field it is about where there is one."""
    fields = {"name": "name", "name_taken": "name", "wage": "wage", "count": "count", "nobody": "numbers"}
    fields |= {"number": "numbers", "unknown": "numbers", "year_full": "numbers", "taken": "numbers"}
    for code, about in refused.problems:
        field = fields.get(code, "day")
        form.add_error(field if field in form.fields else None, PROBLEMS[code] % {"about": about})


class CrewForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the crew"), max_length=60)


class DayForm(forms.Form):
    """A day of work: who, when, for how much."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    day = DayField(label=gettext_lazy("Day of work"))
    wage = KipField(label=gettext_lazy("Wage for the day (kip), each"))
    numbers = forms.CharField(
        label=gettext_lazy("Social security numbers, one on each line"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def listed(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["numbers"].splitlines() if line.strip()]


class VouchersForm(forms.Form):
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    count = WholeField(1, operation.MOST_AT_ONCE, label=gettext_lazy("How many days"))
    wage = KipField(label=gettext_lazy("Wage for the day (kip), each"))


class UseForm(forms.Form):
    day = DayField(label=gettext_lazy("Day of work"))
    numbers = forms.CharField(label=gettext_lazy("Social security number"), max_length=40)


@of_employer("GET", "HEAD", "POST")
def crews(request: Asked, employer: Employer) -> HttpResponse:
    """All crews, and a new one."""
    form = CrewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operation.form(request.actor, employer, form.cleaned_data["name"])
        except operation.Refused as refused:
            tell(form, refused)
        else:
            return to("crew", employer, made.id)
    facts = {
        "crews": list(queries.crews_of(employer)),
        "form": form,
        "may_change": may(request.actor, employer, "crew.form"),
    }
    return show(request, "crews", employer, facts, current="workers", status=422 if form.errors else 200)


@of_employer("GET", "HEAD", "POST")
def crew(request: Asked, employer: Employer, id: int) -> HttpResponse:
    """Who belongs to a crew; note a day for all of them."""
    found = queries.crew(employer, id)
    if found is None:
        raise Http404
    people = queries.members_of(found)
    form = DayForm(initial={"key": new_key(), "day": request.actor.today})
    form.fields.pop("numbers")
    if request.method == "POST":
        acts: dict[str, Callable[[], HttpResponse | None]] = {
            "end": lambda: _end(request, found),
            "people": lambda: _people(request, found),
        }
        if request.POST.get("do") in acts:
            answer = acts[request.POST["do"]]()
        else:
            form = DayForm(request.POST)
            form.fields.pop("numbers")
            answer = _note(request, employer, form, [person.number for person in people])
        if answer is not None:
            return answer
    there = {person.id for person in people}
    others = workers_in_order(employer)[:MOST_CHOSEN]
    facts = {
        "crew": found,
        "people": people,
        "choices": [(one.person, one.person_id in there) for one in others],
        "form": form,
        "may_change": may(request.actor, employer, "crew.change"),
    }
    return show(request, "crew", employer, facts, current="workers", status=422 if form.errors else 200)


def _end(request: Asked, found: Crew) -> HttpResponse:
    operation.end(request.actor, found)
    return to("crews", found.employer)


def _people(request: Asked, found: Crew) -> HttpResponse | None:
    try:
        operation.change(request.actor, found, request.POST.getlist("person")[:MOST_CHOSEN])
    except operation.Refused as refused:
        for code, about in refused.problems:
            messages.error(request, PROBLEMS[code] % {"about": about})
        return None
    return to("crew", found.employer, found.id)


def _note(request: Asked, employer: Employer, form: DayForm, numbers: list[str]) -> HttpResponse | None:
    """Note the day; none if the form says what is wrong."""
    if not form.is_valid():
        return None
    told = form.cleaned_data
    try:
        noted = operation.note_day(
            request.actor, employer, numbers or form.listed(), told["day"], told["wage"], told["key"]
        )
    except operation.Refused as refused:
        tell(form, refused)
        return None
    made = len(noted.vouchers)
    messages.success(
        request, ngettext("%(count)s day noted.", "%(count)s days noted.", made) % {"count": made}
    )
    for name in noted.again:
        messages.info(request, _("%(about)s has this day already.") % {"about": name})
    return to("days", employer)


@of_employer("GET", "HEAD", "POST")
def days(request: Asked, employer: Employer) -> HttpResponse:
    """Single days of work, newest first; note one, or buy vouchers before the work."""
    buying = request.POST.get("do") == "buy"
    form = DayForm(request.POST if request.method == "POST" and not buying else None, initial=_today(request))
    vouchers = VouchersForm(request.POST if buying else None, initial={"key": new_key()})
    if request.method == "POST":
        answer = (
            _buy(request, employer, vouchers)
            if buying
            else _note(request, employer, form, form_numbers(form))
        )
        if answer is not None:
            return answer
    page = Paginator(queries.vouchers_of(employer), PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "rows": [(one, *STATES[one.state]) for one in page.object_list],
        "form": form,
        "vouchers": vouchers,
        "free": operation.cover(employer, 1, 0, Month.of(request.actor.today))[1],
        "may_note": may(request.actor, employer, "crew.note_day"),
    }
    wrong = form.errors or vouchers.errors
    return show(request, "days", employer, facts, current="workers", status=422 if wrong else 200)


def _today(request: Asked) -> dict[str, Any]:
    return {"key": new_key(), "day": request.actor.today}


def form_numbers(form: DayForm) -> list[str]:
    return form.listed() if form.is_valid() else []


def _buy(request: Asked, employer: Employer, form: VouchersForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    told = form.cleaned_data
    try:
        made = operation.issue(request.actor, employer, told["wage"], told["count"], told["key"])
    except operation.Refused as refused:
        tell(form, refused)
        return None
    messages.success(
        request,
        ngettext("%(count)s voucher is yours.", "%(count)s vouchers are yours.", len(made))
        % {"count": len(made)},
    )
    return to("days", employer)


@of_employer("GET", "HEAD", "POST")
def voucher(request: Asked, employer: Employer, number: str) -> HttpResponse:
    """One day: give it to a worker, or take it back."""
    found = queries.voucher(employer, number)
    if found is None:
        raise Http404
    form = UseForm(initial={"day": request.actor.today})
    if request.method == "POST":
        if request.POST.get("do") == "cancel":
            return _cancel(request, found)
        form = UseForm(request.POST)
        if form.is_valid() and _used(request, found, form):
            return to("days", employer)
    says, tone = STATES[found.state]
    facts = {
        "voucher": found,
        "says": says,
        "tone": tone,
        "form": form if found.state == "issued" else None,
        "may_cancel": found.state in ("issued", "used") and may(request.actor, employer, "crew.cancel"),
    }
    return show(request, "voucher", employer, facts, current="workers", status=422 if form.errors else 200)


def _cancel(request: Asked, found: DayVoucher) -> HttpResponse:
    try:
        operation.cancel(request.actor, found)
    except operation.Refused as refused:
        messages.error(request, PROBLEMS[refused.problems[0][0]] % {"about": refused.problems[0][1]})
    except operation.WrongMove:
        messages.error(request, _("Somebody changed this voucher meanwhile."))
    return to("voucher", found.employer, found.number)


def _used(request: Asked, found: DayVoucher, form: UseForm) -> bool:
    try:
        operation.use(request.actor, found, form.cleaned_data["numbers"], form.cleaned_data["day"])
    except operation.Refused as refused:
        tell(form, refused)
    except operation.WrongMove:
        form.add_error(None, _("Somebody changed this voucher meanwhile."))
    else:
        return True
    return False


@of_month("POST")
def add_days(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """Put the single days of the month into its wages: one row a worker, the days added up."""
    sheet = working_sheet(employer, month)
    if sheet is None:
        return to("month", employer, month)
    there = SheetLine.objects.filter(sheet=sheet).values_list("person_id", flat=True)
    missing = operation.not_in(employer, month, there)
    lines = [(person.number, person.name, Kip(wage)) for person, wage, _days in missing.values()]
    if lines:
        declare.add_workers(request.actor, sheet, lines)
    return redirect(reverse("employer:check", args=[employer.code, str(month)]) + "#list")
