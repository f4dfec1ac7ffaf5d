"""'This is wrong': one tap on the page of a month opens a case about it, and the page shows what came of it (C18)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pakan.channels.kit.once import once
from pakan.channels.member.shell import person_of
from pakan.operations import report
from pakan.registers.access.actor import Asked
from pakan.registers.cases.models import TEXT, Case
from pakan.registers.cases.queries import of_person
from pakan.registers.people.queries import employers_by_code
from pakan.units.month import Month

KINDS = {
    Case.Kind.WRONG_WAGE.value: gettext_lazy("The wage is wrong"),
    Case.Kind.NOT_THERE.value: gettext_lazy("I did not work there"),
    Case.Kind.MISSING.value: gettext_lazy("The month is missing"),
    Case.Kind.OTHER.value: gettext_lazy("Something else"),
}
STATES = {
    "open": (gettext_lazy("we look at it"), "wait"),
    "answered": (gettext_lazy("answered, we still look"), "info"),
    "closed": (gettext_lazy("answered"), "ok"),
}
REFUSED = {
    "future": gettext_lazy("This month has not come yet."),
    "employer": gettext_lazy("You have nothing to do with this employer."),
    "too many": gettext_lazy("You have told us many things. We answer them first."),
}


class WrongForm(forms.Form):
    kind = forms.ChoiceField(choices=lambda: list(KINDS.items()))
    text = forms.CharField(max_length=TEXT, required=False)
    employer = forms.CharField(max_length=7, required=False)


def said_about(person_id: int, month: Month) -> list[dict[str, Any]]:
    """What the member told us about a month and what we answered, newest first, in words."""
    return [
        {"case": case, "kind": KINDS[case.kind], "says": STATES[case.state][0], "tone": STATES[case.state][1]}
        for case in of_person(person_id, month)
    ]


@require_POST
def wrong(request: Asked, month: str) -> HttpResponse:
    return once(request, lambda: _wrong(request, month))


def _wrong(request: Asked, month: str) -> HttpResponse:
    try:
        asked = Month.parse(month)
    except ValueError as fault:
        raise Http404 from fault
    assert person_of(request)
    form = WrongForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what is wrong. Write at most 500 letters."))
        return redirect("member:month", month)
    typed = form.cleaned_data
    employer = employers_by_code([typed["employer"]]).get(typed["employer"])
    if typed["employer"] and employer is None:
        raise Http404
    try:
        case = report.open_case(
            request.actor, asked, typed["kind"], typed["text"], employer.id if employer else None
        )
    except report.Refused as refusal:
        messages.error(request, REFUSED[refusal.code])
    else:
        messages.success(request, _("We have it. Your number: %(number)s") % {"number": case.number})
    return redirect("member:month", month)
