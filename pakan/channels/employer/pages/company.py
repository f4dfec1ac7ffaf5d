"""What stands beside the monthly work: workers, the statement of account, people with access, one line explained."""

from typing import cast

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.urls import reverse

from pakan.channels.employer.changes import step_words
from pakan.channels.employer.frame import may, of_employer, of_month, show
from pakan.channels.employer.pages.check import working_sheet
from pakan.channels.employer.pages.wages import XLSX, line_of
from pakan.channels.kit.fields import year_in
from pakan.channels.kit.files import file_answer
from pakan.law.contributions.explain import explain as explained
from pakan.law.contributions.rule import Scheme
from pakan.operations import account
from pakan.operations.law_in_force import law_in_force
from pakan.registers.access.actor import Asked
from pakan.registers.contributions.models import DeclaredWage, SheetLine
from pakan.registers.contributions.queries import latest_declaration
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import by_number, workers_in_order
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.name import search_key

PAGE = 20


@of_employer("GET", "HEAD")
def workers(request: Asked, employer: Employer) -> HttpResponse:
    """The present workers in alphabetical order, found by name or number."""
    search = request.GET.get("q", "").strip()[:60]
    found = workers_in_order(employer)
    if search:
        wanted = Q(person__number__contains=search.replace(" ", "").upper())
        if key := search_key(search):
            wanted |= Q(person__key__contains=key)
        found = found.filter(wanted)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    facts = {"page": page, "search": search, "may_hire": may(request.actor, employer, "hire.register")}
    return show(request, "workers", employer, facts, current="workers")


@of_employer("GET", "HEAD")
def statement(request: Asked, employer: Employer) -> HttpResponse:
    """All months: owed, paid, open, late charges, and with which receipts. The office reads the same rows (C119)."""
    found = account.account(employer, request.actor.today, year_in(request.GET.get("year", "")))
    numbers = {part.receipt for row in found.rows for part in row.paid if part.receipt}
    facts = {
        "account": found,
        "months": {
            row.month: reverse("employer:pay", args=[employer.code, str(row.month)]) for row in found.rows
        },
        "receipts": {number: reverse("employer:receipt", args=[employer.code, number]) for number in numbers},
        "of_year": f"?year={found.year}" if found.year else "",
    }
    return show(request, "statement", employer, facts, current="statement")


@of_employer("GET", "HEAD")
def statement_pdf(request: Asked, employer: Employer) -> HttpResponse:
    found = account.account(employer, request.actor.today, year_in(request.GET.get("year", "")))
    name = f"account-{employer.code}-{found.year or 'all'}.pdf"
    return file_answer(account.pdf(found), "application/pdf", name, attachment=False)


@of_employer("GET", "HEAD")
def statement_xlsx(request: Asked, employer: Employer) -> HttpResponse:
    found = account.account(employer, request.actor.today, year_in(request.GET.get("year", "")))
    name = f"account-{employer.code}-{found.year or 'all'}.xlsx"
    return file_answer(account.xlsx(found), XLSX, name, attachment=True)


@of_month("GET", "HEAD")
def explain(request: Asked, employer: Employer, month: Month, number: str) -> HttpResponse:
    """One worker's month: every amount with its steps and the article it rests on (C96)."""
    person = by_number([number]).get(number)
    wage, law = _wage(employer, month, person.id) if person else (None, None)
    if person is None or wage is None:
        raise Http404
    told = explained(Kip(wage), cast(Scheme, employer.scheme), month, law_in_force(law))
    facts = {
        "line": line_of(employer, month, request),
        "month": month,
        "person": person,
        "wage": wage,
        "due": told.due,
        "steps": [step_words(step) for step in told.steps],
    }
    return show(request, "explain", employer, facts, current="due")


def _wage(employer: Employer, month: Month, person_id: int) -> tuple[int | None, int | None]:
    """The wage on the working sheet, to be priced with today's law; else as it was declared, and with which law."""
    sheet = working_sheet(employer, month)
    if sheet is not None:
        line = (
            SheetLine.objects.filter(sheet=sheet, person_id=person_id, left_out=False).order_by("row").first()
        )
        if line is not None:
            return line.wage, None
    declaration = latest_declaration(employer, month)
    if declaration is None:
        return None, None
    declared = DeclaredWage.objects.filter(declaration=declaration, person_id=person_id).first()
    return (declared.wage if declared else None), declaration.law
