"""Every legal value since 2001 with its source, and every question that is still open."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pakan.channels.kit.speech import language
from pakan.channels.openlaw.chart import Chart, chart_of
from pakan.channels.openlaw.groups import (
    Change,
    Value,
    all_groups,
    benefits_resting_on,
    group,
    resting_on,
    shown,
)
from pakan.law.assumptions import assumptions
from pakan.law.benefits import named
from pakan.operations.law_in_force import in_force
from pakan.registers.access.actor import Asked


@dataclass(frozen=True, slots=True)
class Row:
    """A change as the page says it. `sources`: addresses on the web."""

    change: Change
    says: str
    sources: tuple[str, ...]
    now: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A value with its changes, newest first, and its chart."""

    value: Value
    now: str
    rows: tuple[Row, ...]
    chart: Chart | None
    highest: str
    lowest: str


def _told(value: Value, today: date) -> Told:
    chart, now = chart_of(value, today), value.on(today)
    rows = [
        Row(each, _says(value, each), _addresses(each.source.url), each is now)
        for each in reversed(value.changes)
    ]
    highest, lowest = (_says(value, chart.highest), _says(value, chart.lowest)) if chart else ("", "")
    return Told(value, _says(value, now) if now else "", tuple(rows), chart, highest, lowest)


def _says(value: Value, change: Change) -> str:
    return shown(value.kind, change.value, language())


def _addresses(text: str) -> tuple[str, ...]:
    """Only addresses of the web become links, whatever a source says."""
    return tuple(
        each for part in text.split(";") if (each := part.strip()).startswith(("http://", "https://"))
    )


@require_safe
def groups(request: Asked) -> HttpResponse:
    law = in_force()
    found = [group(name, law) for name in all_groups()]
    parts = ((_("Contributions and deadlines"), False), (_("Benefits"), True))
    return render(
        request,
        "openlaw/values.html",
        {"parts": [(title, [each for each in found if each.benefit is benefit]) for title, benefit in parts]},
    )


@require_safe
def one_group(request: Asked, name: str) -> HttpResponse:
    if name not in all_groups():
        raise Http404
    found, today = group(name, in_force()), request.actor.today
    return render(
        request,
        "openlaw/group.html",
        {"group": found, "values": [_told(value, today) for value in found.values]},
    )


@require_safe
def open_questions(request: Asked) -> HttpResponse:
    themes = (
        ("money", _("Contributions")),
        ("benefits", _("Benefits")),
        ("operation", _("How the fund works")),
    )
    every = assumptions().values()
    return render(
        request,
        "openlaw/open.html",
        {"themes": [(title, [each for each in every if each.theme == theme]) for theme, title in themes]},
    )


@require_safe
def open_question(request: Asked, number: str) -> HttpResponse:
    found = assumptions().get(number)
    if found is None:
        raise Http404
    law = in_force()
    values = [
        (each, shown(each.value.kind, each.change.value, language())) for each in resting_on(number, law)
    ]
    rules = [named(name) for name in benefits_resting_on(number, law)]
    risks = {
        "H": _("Money or rights of people"),
        "M": _("Work of staff or members"),
        "L": _("How things look"),
    }
    return render(
        request,
        "openlaw/question.html",
        {"question": found, "values": values, "rules": rules, "risk": risks[found.risk]},
    )
