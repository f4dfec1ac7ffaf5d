"""What stands beside the monthly work: workers, the statement of account, people with access, one line explained."""

from datetime import date
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy

from pakan.channels.employer.changes import source_words
from pakan.channels.employer.frame import of_employer, of_month, show
from pakan.channels.employer.months import STATES, state_of
from pakan.channels.employer.pages.check import working_sheet
from pakan.channels.employer.pages.wages import line_of
from pakan.law.contributions.explain import explain as explained
from pakan.law.contributions.rule import Scheme
from pakan.law.decision import Step
from pakan.operations.law_in_force import law_in_force
from pakan.registers.access.actor import Asked
from pakan.registers.access.queries import people_with_access
from pakan.registers.contributions.models import DeclaredWage, Obligation, SheetLine
from pakan.registers.contributions.queries import latest_declaration, obligations, owed_in_all
from pakan.registers.payments.models import Allocation
from pakan.registers.payments.queries import credit_of
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import by_number, workers_in_order
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.name import search_key

PAGE = 20
ROLES = {
    "employer_reader": gettext_lazy("may look"),
    "employer_preparer": gettext_lazy("prepares the declaration"),
    "employer_approver": gettext_lazy("approves and signs"),
    "employer_administrator": gettext_lazy("administers and prepares"),
}


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
    return show(request, "workers", employer, {"page": page, "search": search}, current="workers")


@of_employer("GET", "HEAD")
def statement(request: Asked, employer: Employer) -> HttpResponse:
    """All months: owed, paid, open, and with which receipts. The office reads the same rows."""
    page = Paginator(obligations(employer), PAGE).get_page(request.GET.get("page"))
    debts = list(page.object_list)
    facts = {
        "page": page,
        "rows": [
            _row(debt, receipts, request.actor.today) for debt, receipts in _with_receipts(employer, debts)
        ],
        "open_in_all": owed_in_all(employer.id),
        "credit": credit_of(employer.id),
    }
    return show(request, "statement", employer, facts, current="statement")


def _with_receipts(employer: Employer, debts: list[Obligation]) -> list[tuple[Obligation, list[Allocation]]]:
    parts: dict[Month, list[Allocation]] = {}
    wanted = Allocation.objects.filter(employer=employer, month__in=[debt.month for debt in debts])
    for part in wanted.select_related("receipt").order_by("at", "id"):
        parts.setdefault(part.month, []).append(part)
    return [(debt, parts.get(debt.month, [])) for debt in debts]


def _row(debt: Obligation, parts: list[Allocation], today: date) -> dict[str, Any]:
    words, tone, _, _ = STATES[state_of(debt, "")]
    tone = "bad" if debt.open and debt.due_on < today else tone
    return {"debt": debt, "parts": parts, "says": words, "tone": tone}


@of_employer("GET", "HEAD")
def people(request: Asked, employer: Employer) -> HttpResponse:
    """Who may do what here. Changing it is the work of the office."""
    page = Paginator(people_with_access(employer.id, request.actor.at), PAGE).get_page(
        request.GET.get("page")
    )
    rows = [{"mandate": mandate, "says": ROLES[mandate.role]} for mandate in page.object_list]
    facts = {"page": page, "rows": rows, "one_may": employer.one_person_may_approve}
    return show(request, "people", employer, facts, current="people")


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
        "steps": [_said(step) for step in told.steps],
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


def _said(step: Step) -> dict[str, Any]:
    words = {"label": {"lo": step.lo, "en": step.en}, "result": None}
    return words | source_words(step.cite, step.article, step.confidence, step.assumption)
