"""The first pages: my companies, and one company's months with what is due now on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pakan.channels.employer.frame import employer_name, may, new_key, of_employer, show, sign_out_url
from pakan.channels.employer.months import YEAR, MonthLine, due_now, month_lines, recent
from pakan.channels.kit.speech import language
from pakan.operations import notify
from pakan.registers.access.actor import Asked
from pakan.registers.contributions.queries import last_declaration_before
from pakan.registers.messages.queries import told_of_employer
from pakan.registers.payments.queries import credit_of
from pakan.registers.people.models import Employer
from pakan.units.month import Month

PAGE = 20


@dataclass(frozen=True)
class Company:
    employer: Employer
    name: str
    now: MonthLine | None
    late: int
    to_pay: int


@require_safe
def companies(request: Asked) -> HttpResponse:
    """All companies of this account with what is due where. With one company there is nothing to choose."""
    mine = Employer.objects.filter(id__in=list(request.actor.employers)).order_by("name_lo", "code")
    if mine.count() == 1:
        return redirect("employer:overview", mine[0].code)
    found = most_urgent_first(list(mine), request.actor.today)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    facts = {
        "door": _("Employer contributions"),
        "companies": list(page),
        "waiting": sum(1 for one in found if one.now),
        "late": sum(1 for one in found if one.late),
        "to_pay": sum(one.to_pay for one in found),
        "page": page,
        "sign_out_url": sign_out_url(),
    }
    return render(request, "employer/companies.html", facts)


def most_urgent_first(mine: Sequence[Employer], today: date) -> list[Company]:
    """What is due longest stands on top; where nothing is due, at the end. Three queries for all of them."""
    lines = recent(mine, today)
    found = [
        Company(
            one,
            employer_name(one),
            due_now(lines[one.id], today),
            sum(line.is_late for line in lines[one.id]),
            sum(line.open or 0 for line in lines[one.id]),
        )
        for one in mine
    ]
    return sorted(found, key=lambda one: (one.now is None, one.now.due_on if one.now else today, one.name))


@of_employer("GET", "HEAD")
def overview(request: Asked, employer: Employer) -> HttpResponse:
    """What is due now, the last twelve months, and the credit that the fund keeps."""
    today = request.actor.today
    lines = recent([employer], today)[employer.id]
    now = due_now(lines, today)
    facts = {
        "now": now,
        "others": sum(1 for line in lines if line.is_late and line is not now),
        "lines": lines[: YEAR + 1],
        "next": next((line for line in lines if line.month == Month.of(today)), None),
        "again_key": new_key() if _may_repeat(request, employer, now) else "",
        "credit": credit_of(employer.id),
        "told": [
            (message, notify.text_of(message, language()))
            for message in told_of_employer(request.actor.account_id or 0, employer.code)
        ],
        "ended": employer.last_month is not None and employer.last_month < Month.of(today),
    }
    return show(request, "overview", employer, facts, current="overview")


def _may_repeat(request: Asked, employer: Employer, now: MonthLine | None) -> bool:
    """Whether the month that is due can begin with last month's wages, by one press."""
    return (
        now is not None
        and now.state == "not_declared"
        and may(request.actor, employer, "declare.take_in")
        and last_declaration_before(employer, now.month) is not None
    )


@of_employer("GET", "HEAD")
def due(request: Asked, employer: Employer) -> HttpResponse:
    """Straight to the month that is due, at the step where it stands; else to the running month."""
    today = request.actor.today
    now = Month.of(today)
    line = due_now(recent([employer], today)[employer.id], today)
    if line is None:
        running = month_lines([employer], now, now, today)[employer.id]
        line = running[0] if running else None
    return redirect(line.url) if line else redirect("employer:overview", employer.code)
