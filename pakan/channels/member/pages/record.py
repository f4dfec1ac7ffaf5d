"""The record: years of twelve months, and one month with everything about it (C15, C19, C96)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pakan.channels.kit.speech import VIENTIANE, cite_text, day_text, month_text
from pakan.channels.member.pages.wrong import said_about
from pakan.channels.member.reading import Record, Work, month_of, record_of
from pakan.channels.member.shell import page, person_of
from pakan.law.contributions.explain import explain
from pakan.law.dated import NoLawYet
from pakan.law.decision import Step
from pakan.operations.law_in_force import law_in_force
from pakan.registers.access.actor import Asked
from pakan.units.month import Month

YEARS = 5  # shown at first; the rest on request


@require_GET
def record(request: Asked) -> HttpResponse:
    found = record_of(person_of(request), request.actor.today)
    this = request.actor.today.year
    first = min(found.first.year, this) if found.first else this
    shown = first if "all" in request.GET else max(first, this - YEARS + 1)
    return page(
        request,
        "record",
        tab="record",
        years=[_year(found, year) for year in range(this, shown - 1, -1)],
        counted=len(found.paid),
        earlier=shown > first,
        missing=len({work.month for work in found.all_in("missing")}),
    )


def _year(found: Record, year: int) -> dict[str, Any]:
    months = []
    for number in range(1, 13):
        one = Month(year, number)
        url = reverse("member:month", args=[str(one)]) if one in found.works else ""
        months.append({"number": number, "state": found.state(one), "url": url})
    return {"year": year, "months": months}


@require_GET
def month(request: Asked, month: str) -> HttpResponse:
    try:
        asked = Month.parse(month)
    except ValueError as fault:
        raise Http404 from fault
    works = [_told(work) for work in month_of(person_of(request), asked, request.actor.today)]
    said = said_about(person_of(request), asked)
    facts = {"month": asked, "title": month_text(asked), "works": works, "said": said}
    return page(request, "month", tab="record", back="record", **facts)


def _told(work: Work) -> dict[str, Any]:
    return {"work": work, "steps": _steps(work), "explanation": _explained(work)}


def _steps(work: Work) -> list[dict[str, str]]:
    """Declared, paid, posted: three different things, each with its day."""
    declared, posted = work.declared, work.posted
    days = (
        (_("Your employer declared your wage"), declared.declared_on if declared else None),
        (_("Your employer paid"), declared.paid_on if declared else None),
        (_("The month counts for you"), posted.credited_at.astimezone(VIENTIANE).date() if posted else None),
    )
    reached = sum(1 for _title, on in days if on)
    return [
        {
            "title": title,
            "note": day_text(on) if on else _("Not yet"),
            "state": "done" if on else "now" if at == reached else "next",
        }
        for at, (title, on) in enumerate(days)
    ]


def _explained(work: Work) -> list[dict[str, Any]] | None:
    """The steps of the amounts shown; nothing where they would lead to other amounts than those on record."""
    if work.declared is None:
        return None
    try:
        law = law_in_force(work.declared.law)
        told = explain(work.declared.wage, work.declared.scheme, work.month, law)  # type: ignore[arg-type]
    except NoLawYet:
        return None
    same = (told.due.insured, told.due.employer, told.due.worker) == (
        work.declared.insured,
        work.declared.employer_share,
        work.declared.worker_share,
    )
    return [_sentence(step) for step in told.steps] if same else None


def _sentence(step: Step) -> dict[str, Any]:
    """A step of the law as the kit shows it: its sentence, which says the result too, and what it rests on."""
    article = _("article %(number)s") % {"number": step.article} if step.article else ""
    return {
        "label": {"lo": step.lo, "en": step.en},
        "cite": ", ".join(part for part in (cite_text(step.cite), article) if part),
        "confidence": step.confidence,
        "assumption": step.assumption,
    }
