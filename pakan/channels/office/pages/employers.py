"""An employer's account as the employer sees it (C119): found by number or name, and each look is kept."""

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pakan.channels.kit.fields import year_in
from pakan.channels.office.forms import WHY, SearchForm, employer_code_in
from pakan.channels.office.frame import may_open, show
from pakan.operations import account, clear
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import Note, write
from pakan.registers.compliance.queries import clearances_of
from pakan.registers.contributions.queries import months_missing
from pakan.registers.payments.queries import receipts_of
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import employers_by_code
from pakan.registers.voluntary.queries import of_employer
from pakan.units.month import Month

MOST = 20
MISSING_SHOWN = 12


@require_safe
def employers(request: Asked) -> HttpResponse:
    """Search before seeing: nothing is listed until something of it is known."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    found: list[Employer] = []
    searched = form.is_bound and form.is_valid()
    if searched:
        found = list(_like(form.cleaned_data["q"], form.cleaned_data["voluntary"])[: MOST + 1])
    facts = {
        "form": form,
        "searched": searched,
        "found": found[:MOST],
        "more": len(found) > MOST,
        "why": form.cleaned_data["why"] if searched else "",
    }
    return show(request, "employers", facts, current="employers")


def _like(text: str, voluntary: bool) -> QuerySet[Employer]:
    """Employers, or the people who insure themselves: never both in one list."""
    own = Q(scheme=Employer.Scheme.VOLUNTARY)
    asked = Employer.objects.filter(own if voluntary else ~own)
    code = employer_code_in(text)
    if code:
        return asked.filter(code=code)
    begins = Q(name_lo__startswith=text) | Q(name_en__istartswith=text)
    return asked.filter(begins).select_related("district").order_by("code")


@require_safe
def employer(request: Asked, code: str) -> HttpResponse:
    """Months, what was owed and paid for each, receipts and credit."""
    one = employers_by_code([code]).get(code)
    if one is None:
        raise Http404
    asked = request.GET.get("why", "")
    why = asked if asked in WHY else "account"
    own = of_employer(one.id)
    note = Note(f"account of {one.code}", own.person_id if own else None, one.id, why)
    write(request.actor, "look", note)
    # Whoever insures himself owes no month that he did not pay.
    missing = [] if own else months_missing(one, Month.of(request.actor.today) - 1)
    found = account.account(one, request.actor.today, year_in(request.GET.get("year", "")))
    facts = {
        "employer": one,
        "account": found,
        "months": {},
        "receipt_urls": {
            number: reverse("office:receipt", args=[number]) for number in _numbers(request, found)
        },
        "clearances": clearances_of(one.id),
        "blocked": own is None and not clear.conditions(one, request.actor.today).met,
        "may_propose": may_open(request.actor, "appraise_new"),
        "receipts": receipts_of(one),
        "missing": missing[-MISSING_SHOWN:],
        "missing_count": len(missing),
        "why": WHY[why],
        "opens_receipts": may_open(request.actor, "receipt"),
    }
    return show(request, "employer", facts, current="employers")


def _numbers(request: Asked, found: account.Account) -> set[str]:
    """Receipts of the account that this officer may open."""
    if not may_open(request.actor, "receipt"):
        return set()
    return {part.receipt for row in found.rows for part in row.paid if part.receipt}
