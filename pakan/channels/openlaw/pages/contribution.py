"""What is owed for a wage, for an employer and for a voluntary member. The amounts are the law's own."""

from typing import cast

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pakan.channels.kit.speech import day_text
from pakan.channels.openlaw.forms import ContributionForm, VoluntaryForm
from pakan.law.contributions.explain import Explanation, explain
from pakan.law.contributions.rule import Scheme
from pakan.law.contributions.values import Law
from pakan.law.dated import NoLawYet
from pakan.operations.law_in_force import law_in_force
from pakan.registers.access.actor import Asked
from pakan.units.money import KIP_LIMIT, Kip
from pakan.units.month import Month


@require_safe
def employer(request: Asked) -> HttpResponse:
    """Both shares, and what one more employee costs."""
    asked = "wage" in request.GET
    first = {"month": Month.of(request.actor.today)}
    form = ContributionForm(request.GET) if asked else ContributionForm(initial=first)
    facts: dict[str, object] = {"form": form}
    if asked and form.is_valid():
        found = form.cleaned_data
        told = _explained(form, found["wage"], found["scheme"], found["month"], "wage", law_in_force())
        if told is not None:
            facts |= _for_workers(told, found["wage"], found["workers"])
    return render(request, "openlaw/contribution.html", facts | {"address": _address(request)})


def _explained(
    form: ContributionForm | VoluntaryForm, wage: Kip, scheme: Scheme, month: Month, money: str, law: Law
) -> Explanation | None:
    """The law's steps; None, with a word beside the field, where there is no such law yet."""
    if wage * 1_000_000 > KIP_LIMIT:
        form.add_error(money, _("This amount is too large."))
        return None
    try:
        return explain(wage, scheme, month, law)
    except NoLawYet as early:
        form.add_error("month", _("No such law before %(day)s.") % {"day": day_text(early.first_day)})
        return None


def _for_workers(told: Explanation, wage: Kip, workers: int) -> dict[str, object]:
    owed = told.due
    return {
        "told": told,
        "workers": workers,
        "for_all": [(_("Employer's share"), owed.employer * workers), (_("Employees' share"), owed.worker * workers),
                    (_("To pay to the fund"), owed.total * workers)],
        "one_more": wage + owed.employer,
        "paid_out": wage - owed.worker,
        "for_a_year": (wage + owed.employer) * 12,
    }  # fmt: skip


@require_safe
def voluntary(request: Asked) -> HttpResponse:
    """What a member pays who insures himself, and how often."""
    today = request.actor.today
    law = law_in_force()
    now = law.voluntary.on(max(today, law.voluntary.first_day))
    rhythms = now.months_ahead
    asked = "income" in request.GET
    form = (
        VoluntaryForm(rhythms, request.GET)
        if asked
        else VoluntaryForm(rhythms, initial={"month": Month.of(today)})
    )
    facts: dict[str, object] = {"form": form, "bounds": now}
    if asked and form.is_valid():
        found = form.cleaned_data
        told = _explained(form, found["income"], "voluntary", found["month"], "income", law)
        if told is not None:
            facts |= _at_once(told, found["income"], cast(int, found["rhythm"]), law)
    return render(request, "openlaw/voluntary.html", facts | {"address": _address(request)})


def _at_once(told: Explanation, income: Kip, months: int, law: Law) -> dict[str, object]:
    """Each month at its own rate: a decree may begin within the time that is paid ahead."""
    each = [
        explain(income, "voluntary", month, law).due for month in told.month.until(told.month + (months - 1))
    ]
    return {
        "told": told,
        "months": months,
        "at_once": sum(owed.total for owed in each),
        "last": told.month + (months - 1),
    }


def _address(request: Asked) -> str:
    return request.build_absolute_uri()
