"""What an auditor looks at: patterns of who decides with whom and what goes where (A7); and promises missed twice (C51)."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from pakan.channels.kit.claims import STATES
from pakan.channels.office.frame import page_of, show
from pakan.law.benefits import named
from pakan.operations.award.desk import MOST_BY_MACHINE
from pakan.registers.access.actor import Asked
from pakan.registers.access.models import Account
from pakan.registers.benefits.queries import missed_twice
from pakan.registers.benefits.watching import PAIR_PERCENT, accounts, officer_days, pairs, splits
from pakan.registers.people.models import Person

YEAR = timedelta(days=365)


@require_safe
def patterns(request: Asked) -> HttpResponse:
    """Of the last year. Nothing here says that somebody did wrong."""
    since = request.actor.at - YEAR
    couples, split, days = pairs(since), splits(since, MOST_BY_MACHINE), officer_days(since)
    ids = {one.one_id for one in couples} | {one.two_id for one in couples}
    ids |= {one.officer_id for one in split} | {one.officer_id for one in days}
    names = dict(Account.objects.filter(id__in=ids).values_list("id", "full_name"))
    numbers = dict(Person.objects.filter(id__in={one.person_id for one in split}).values_list("id", "number"))
    facts: dict[str, Any] = {
        "percent": PAIR_PERCENT,
        "limit": MOST_BY_MACHINE,
        "pairs": [(one, names[one.one_id], names[one.two_id]) for one in couples],
        "accounts": accounts(since),
        "splits": [(one, names[one.officer_id], numbers.get(one.person_id or 0, "")) for one in split],
        "days": [(one, names[one.officer_id]) for one in days],
    }
    return show(request, "patterns", facts, current="patterns")


@require_safe
def missed(request: Asked) -> HttpResponse:
    """Claims whose promised day passed twice: for an officer who has had no hand in them (C51)."""
    assert request.actor.account_id is not None  # the door lets only staff in
    page = page_of(request, missed_twice(request.actor.account_id))
    rows = [
        {"claim": one, "title": named(one.benefit).title, "says": STATES[one.state], "missed": one.missed}
        for one in page.object_list
    ]
    return show(request, "missed", {"page": page, "rows": rows}, current="missed_promises")
