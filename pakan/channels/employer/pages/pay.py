"""Step 3, pay: what is open, the reference and its LAO QR, and the receipt as soon as the bank has spoken."""

import base64
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from pakan.channels.employer.frame import may, of_month, show, to
from pakan.channels.employer.pages import debit, other_funds
from pakan.channels.employer.pages.approve import ask
from pakan.channels.employer.pages.wages import line_of
from pakan.operations import collect, late
from pakan.registers.access.actor import Asked
from pakan.registers.contributions.models import Obligation
from pakan.registers.contributions.queries import obligation, open_obligations
from pakan.registers.funds.queries import asked_by
from pakan.registers.payments.models import Allocation, Notice
from pakan.registers.payments.queries import credit_of, open_notice, receipts_for
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from pakan.units.number import shown_creditor_reference


@of_month("GET", "HEAD", "POST")
def pay(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """The bill of one month, or of several together."""
    debt = obligation(employer, month)
    if debt is None:
        return to("month", employer, month)
    if request.method == "POST":
        ask(request, employer, _months(request, month))
        return to("pay", employer, month)
    facts = paying(request, employer, debt, *_beside(employer, debt))
    return show(request, "pay", employer, facts, current="due")


def _months(request: Asked, month: Month) -> list[Month]:
    """This month and the ticked ones. A text that is no month is nobody's tick and left out."""
    chosen = {month}
    for text in request.POST.getlist("months")[:120]:
        try:
            chosen.add(Month.parse(text))
        except ValueError:
            continue
    return sorted(chosen)


def _beside(employer: Employer, debt: Obligation) -> tuple[Notice | None, debit.Shown | None]:
    """The bill of a debt that is open, or of what is left for other funds; and its debit."""
    notice = open_notice(employer, debt.month)
    if notice and not debt.open and not asked_by(notice.number):
        notice = None
    return notice, debit.beside(notice)


def paying(
    request: Asked, employer: Employer, debt: Obligation, notice: Notice | None, drawn: debit.Shown | None
) -> dict[str, Any]:
    """All that the paying part of the page shows; the page and its refresh draw it from the same facts."""
    expired = notice is not None and notice.expires_on < request.actor.today
    asked = (
        [(line.month, line.amount) for line in notice.lines.all()] if notice else [(debt.month, debt.open)]
    )
    shown = {month for month, _ in asked}
    [told] = late.forecasts(employer.id, [debt], request.actor.today)
    charges = sum(line.charges for line in notice.lines.all()) if notice else told.charges
    from_credit = sum(
        Allocation.objects.filter(
            employer=employer, month=debt.month, from_credit=True, to_charges=False
        ).values_list("amount", flat=True)
        if debt.settled
        else ()
    )
    others = other_funds.beside(employer, debt.month, notice, request.actor)
    return others | {
        "employer": employer,
        "unpaid": bool(debt.open or notice),
        "drawn": drawn,
        "at_the_bank": debit.at_the_bank(drawn),
        "came_too_late": bool(debt.open)
        and drawn is None
        and debit.came_too_late(employer.id, debt.due_on, request.actor.today),
        "line": line_of(employer, debt.month, request),
        "month": debt.month,
        "debt": debt,
        "paid": debt.settled - from_credit,
        "from_credit": from_credit,
        "notice": notice,
        "expired": expired,
        "reference": shown_creditor_reference(notice.reference) if notice else "",
        "picture": _picture(notice) if notice and not expired else "",
        "sandbox": _sandbox(notice) if notice and not expired else "",
        "also": [(month, amount) for month, amount in asked if month != debt.month],
        "others": [other for other in open_obligations(employer.id) if other.month not in shown][:20],
        "charges": charges,
        "to_pay": notice.amount if notice else told.total,
        "receipts": receipts_for(employer, debt.month),
        "credit": credit_of(employer.id),
        "seen": seen(debt, notice, drawn),
        "may_ask": may(request.actor, employer, "collect.ask"),
        "was_corrected": debt.declaration.version > 1,
    }


def _picture(notice: Notice) -> str:
    """The code as an address of its own content: a picture runs nothing, whatever it holds."""
    drawn = collect.code_svg(notice).encode()
    return "data:image/svg+xml;base64," + base64.b64encode(drawn).decode()


def _sandbox(notice: Notice) -> str:
    """Only where people are invented: nobody can hold a phone up to his own screen, so this opens the code there."""
    if settings.ENV != "demo" and not settings.PRACTICE:
        return ""
    return f"{settings.BANKS['sandbox']['url']}/?{urlencode({'q': notice.code_text})}"


def seen(debt: Obligation, notice: Notice | None, drawn: debit.Shown | None) -> str:
    """What the page shows, in short: as long as it is the same, the refresh answers nothing at all."""
    return f"{debt.owed}-{debt.settled}-{notice.id if notice else 0}-{drawn.debit.state if drawn else ''}"


@of_month("GET", "HEAD")
def pay_state(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """The paying part alone, asked for every two seconds; 204 while nothing happened."""
    debt = obligation(employer, month)
    if debt is None:
        return HttpResponse(status=204)
    notice, drawn = _beside(employer, debt)
    if request.GET.get("seen") == seen(debt, notice, drawn):
        return HttpResponse(status=204)
    return render(request, "employer/parts/paying.html", paying(request, employer, debt, notice, drawn))
