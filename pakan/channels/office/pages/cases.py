"""What members say is wrong with a month: the oldest first, with its clock, and the answer (C18)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.office.frame import page_of, show
from pakan.operations import report
from pakan.registers.access.actor import VIENTIANE, Asked
from pakan.registers.access.audit import look
from pakan.registers.cases.models import ANSWER, Case
from pakan.registers.cases.queries import case as case_by_number
from pakan.registers.cases.queries import waiting
from pakan.registers.cases.states import State
from pakan.registers.contributions.queries import declared_for
from pakan.registers.records.queries import statement

KINDS = {
    Case.Kind.WRONG_WAGE.value: gettext_lazy("The wage is wrong"),
    Case.Kind.NOT_THERE.value: gettext_lazy("Did not work there"),
    Case.Kind.MISSING.value: gettext_lazy("The month is missing"),
    Case.Kind.OTHER.value: gettext_lazy("Something else"),
}
STATES = {
    State.OPEN.value: (gettext_lazy("nobody has answered"), "bad"),
    State.ANSWERED.value: (gettext_lazy("answered, still open"), "wait"),
    State.CLOSED.value: (gettext_lazy("closed"), "ok"),
}


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("The member reads it on the page of the month. Short and plain."),
        max_length=ANSWER,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    closes = forms.BooleanField(label=gettext_lazy("This settles it"), required=False)


@require_safe
def cases(request: Asked) -> HttpResponse:
    """What waits. No names here: who asked is seen on the case, and that look is kept."""
    page = page_of(request, waiting())
    rows = [_said(case) | {"days": _days(case, request)} for case in page.object_list]
    return show(request, "cases", {"page": page, "rows": rows}, current="cases")


def _said(case: Case) -> dict[str, Any]:
    words, tone = STATES[case.state]
    return {"case": case, "kind": KINDS[case.kind], "says": words, "tone": tone}


def _days(case: Case, request: Asked) -> int:
    return (request.actor.today - case.opened_at.astimezone(VIENTIANE).date()).days


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: Asked, number: str) -> HttpResponse:
    found = case_by_number(number)
    if found is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _answered(request, found, form.cleaned_data)
    look(request.actor, f"case {found.number}", found.person_id, "case")
    facts = _said(found) | {
        "days": _days(found, request),
        "form": form,
        "declared": declared_for(found.person_id, found.month),
        "counted": statement(found.person_id, found.month),
        "steps": [
            (step, STATES[step.state][0]) for step in found.steps.order_by("id").select_related("account")
        ],
        "is_closed": found.state == State.CLOSED.value,
    }
    return show(request, "case", facts, current="cases", status=422 if form.errors else 200)


def _answered(request: Asked, case: Case, typed: dict[str, Any]) -> HttpResponse:
    try:
        report.answer(request.actor, case.number, typed["text"], typed["closes"])
    except report.WrongMove:
        messages.info(request, _("Somebody has closed this case already."))
    else:
        messages.success(request, _("Answered. The member gets a message."))
    return redirect("office:case", case.number)
