"""The record: years of twelve months, and one month with everything about it (C15, C19, C96)."""

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pakan.channels.kit.speech import VIENTIANE, cite_text, day_text, month_text
from pakan.channels.member.pages.wrong import said_about
from pakan.channels.member.reading import Record, Work, month_of, record_of
from pakan.channels.member.shell import own_person, page, person_of
from pakan.law.contributions.explain import explain
from pakan.law.dated import NoLawYet
from pakan.law.decision import Step
from pakan.law.insured import Insured
from pakan.operations import weigh
from pakan.operations.law_in_force import InForce, law_in_force
from pakan.registers.access.actor import Asked
from pakan.registers.people.models import Employer
from pakan.units.month import Month

YEARS = 5  # shown at first; the rest on request
SHOWN = 3  # missing months on the first page
WEIGHED = 24  # missing months with their cost, each asked of the law by itself
BUYS = {
    "rest": gettext_lazy("Care, sickness, birth and pension"),
    "work_injury": gettext_lazy("Accidents at work"),
    "unemployment": gettext_lazy("If you lose your job"),
}


@require_GET
def record(request: Asked) -> HttpResponse:
    found = record_of(person_of(request), request.actor.today)
    this = request.actor.today.year
    first = min(found.first.year, this) if found.first else this
    last = max(this, max(found.works).year if found.works else this)
    shown = first if "all" in request.GET else max(first, this - YEARS + 1)
    missing = found.all_in("missing")
    return page(
        request,
        "record",
        tab="record",
        years=[year_of(found, year) for year in range(last, shown - 1, -1)],
        counted=len(found.counted),
        span=divmod(len(found.counted), 12),
        ahead=found.ahead,
        road=_road(found, request),
        earlier=shown > first,
        missing=missing[:SHOWN],
        missing_count=len({work.month for work in missing}),
        employers=[(employer, months[0], months[-1]) for employer, months in found.employers()],
    )


def _insured(found: Record, request: Asked) -> Insured:
    """The same rows as the page shows, for the law."""
    return weigh.insured_of(own_person(request), known=found.rows())


def _road(found: Record, request: Asked) -> dict[str, Any] | None:
    """How far it is to a pension, as the law counts it."""
    road = weigh.road(_insured(found, request), request.actor.today)
    if road is None:
        return None
    return {
        "months": min(road.months, road.needed),
        "needed": road.needed,
        "age": road.age,
        "left": divmod(road.left, 12),
        "is_there": not road.left,
    }


@require_GET
def missing(request: Asked) -> HttpResponse:
    """Each missing month with what it costs in rights: the law is asked with the month and without it (C22)."""
    found = record_of(person_of(request), request.actor.today)
    works = found.all_in("missing")
    now = _insured(found, request)
    every = now
    for work in works:
        every = _had_it_been_paid(every, work, found.law)
    facts = {
        "costs": [_cost(now, work, found) for work in works[:WEIGHED]],
        "together": weigh.losses(now, every, request.actor.today),
        "count": len({work.month for work in works}),
        "more": len(works) > WEIGHED,
    }
    return page(request, "missing", tab="record", back="record", **facts)


def _had_it_been_paid(person: Insured, work: Work, law: InForce) -> Insured:
    declared, scheme = work.declared, work.employer.scheme
    wage = declared.insured if declared else weigh.usual_wage(person, work.month, scheme, law)
    return weigh.with_month(person, work.month, work.employer.code, scheme, wage)


def _cost(now: Insured, work: Work, found: Record) -> dict[str, Any]:
    was = _had_it_been_paid(now, work, found.law)
    return {"work": work, "losses": weigh.losses(now, was, found.today)}


@lru_cache(maxsize=2048)
def _address_of(month: Month) -> str:
    return reverse("member:month", args=[str(month)])


def year_of(found: Record, year: int, linked: bool = True) -> dict[str, Any]:
    """A row of twelve months as the kit draws it."""
    months = []
    for number in range(1, 13):
        one = Month(year, number)
        url = _address_of(one) if linked and one in found.works else ""
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
    told: dict[str, Any] = {"work": work, "steps": _steps(work), "explanation": _explained(work)}
    if work.declared is not None:
        total = work.declared.employer_share + work.declared.worker_share
        shares = weigh.shares(work.declared.insured, work.declared.scheme, work.month, total)
        told["shares"] = [(BUYS[share.branch], share.kip) for share in shares]
    return told


def _steps(work: Work) -> list[dict[str, str]]:
    """Declared, paid, posted: three different things, each with its day."""
    declared, posted = work.declared, work.posted
    own = work.employer.scheme == Employer.Scheme.VOLUNTARY
    days = (
        (
            _("You chose your income") if own else _("Your employer declared your wage"),
            declared.declared_on if declared else None,
        ),
        (_("You paid") if own else _("Your employer paid"), declared.paid_on if declared else None),
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
