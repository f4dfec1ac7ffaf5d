"""Workers whom two employers declared for one month: a list to look at, and one worker with both wages (C80, A-08).

Only officers see it. An employer may not learn that a worker has another one (privacy, docs/decisions/0019), so its own
check of the wage sheet says nothing about it.
"""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pakan.channels.kit.speech import month_text
from pakan.channels.office.frame import page_of, show
from pakan.operations.law_in_force import in_force
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import look
from pakan.registers.contributions import two_jobs
from pakan.registers.people.models import Person
from pakan.units.month import Month

MONTHS = 24  # that may be chosen
KINDS = {"over": gettext_lazy("over the ceiling together")}


def _months(today: date) -> list[Month]:
    last = Month.of(today) - 1
    return [last - back for back in range(MONTHS)]


def _ceiling(month: Month) -> int | None:
    return in_force().rates("enterprise", month).ceiling


@require_safe
def workers(request: Asked) -> HttpResponse:
    """Names and how many jobs; wages stand on the page of one worker, whose look is kept."""
    months = _months(request.actor.today)
    month = next((one for one in months if str(one) == request.GET.get("month", "")), months[0])
    kind, ceiling = request.GET.get("kind", ""), _ceiling(month)
    found = two_jobs.in_month(month)
    over = {one.person_id for one in found if ceiling is not None and one.insured > ceiling}
    listed = [one for one in found if kind not in KINDS or one.person_id in over]
    page = page_of(request, listed)
    people = Person.objects.in_bulk([one.person_id for one in page.object_list])
    facts = {
        "month": month,
        "months": [(str(one), month_text(one)) for one in months],
        "chosen": str(month),
        "kinds": list(KINDS.items()),
        "kind": kind,
        "ceiling": ceiling,
        "count": len(found),
        "over": len(over),
        "page": page,
        "rows": [(one, people[one.person_id], one.person_id in over) for one in page.object_list],
    }
    return show(request, "two_jobs", facts, current="two_jobs")


@require_safe
def worker(request: Asked, month: str, id: int) -> HttpResponse:
    """Both wages of one worker. The address holds no number of a person; the worker reads that somebody looked."""
    wanted = next((one for one in _months(request.actor.today) if str(one) == month), None)
    person = Person.objects.filter(id=id).first()
    lines = two_jobs.lines(person.id, wanted) if person and wanted else []
    if person is None or wanted is None or len({employer.id for employer, _line in lines}) < 2:
        raise Http404
    look(request.actor, f"two jobs in {wanted}", person.id, "two jobs")
    ceiling = _ceiling(wanted)
    insured = sum(line.insured for _employer, line in lines if line.declaration.scheme == "enterprise")
    facts: dict[str, Any] = {
        "person": person,
        "month": wanted,
        "lines": lines,
        "insured": insured,
        "ceiling": ceiling,
        "above": max(0, insured - ceiling) if ceiling is not None else 0,
    }
    return show(request, "two_jobs_worker", facts, current="two_jobs")
