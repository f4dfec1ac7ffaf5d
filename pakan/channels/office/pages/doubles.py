"""Old numbers of one person: search, propose, agree with the paper seen, merge by a second officer, undo by two (C8)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from pakan.channels.office.frame import show
from pakan.channels.office.pages.counter import PersonForm, prove_first
from pakan.operations import enter, merge
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import look
from pakan.registers.people.models import Person
from pakan.registers.people.queries import aliases, likely_doubles

WHY = {
    "national_id": gettext_lazy("The same identity card number"),
    "name_and_birth": gettext_lazy("The same name and birth date"),
    "name_and_phone": gettext_lazy("The same name and phone"),
}
REFUSED = {
    "own": gettext_lazy("This is your own number. Other officers must do it."),
    "same_officer": gettext_lazy("You took part already. Another officer must do this step."),
    "not_agreed": gettext_lazy("The person has not agreed yet."),
}


class ActForm(forms.Form):
    id = forms.IntegerField(min_value=1, max_value=2**62)
    act = forms.ChoiceField(choices=[(one, "") for one in ("propose", "paper", "merge", "refuse", "undo")])


@require_http_methods(["GET", "HEAD", "POST"])
def doubles(request: Asked) -> HttpResponse:
    """The search by exact number, who may be the same, and the pairs on their way."""
    if not enter.is_fresh(request, request.actor.at):
        return prove_first("office:doubles")
    form = PersonForm(request.POST if "number" in request.POST else None)
    if form.is_bound and form.is_valid():
        request.session["doubles"] = form.cleaned_data["number"]
        return redirect("office:doubles")
    person = Person.objects.filter(number=request.session.get("doubles", "")).first()
    act = ActForm(request.POST if "act" in request.POST else None)
    if act.is_bound and act.is_valid():
        _do(request, act.cleaned_data["act"], act.cleaned_data["id"], person)
        return redirect("office:doubles")
    return show(
        request, "doubles", _facts(request, person) | {"form": form, "person": person}, current="counter",
        status=422 if form.errors else 200,
    )  # fmt: skip


def _facts(request: Asked, person: Person | None) -> dict[str, Any]:
    likely = likely_doubles(person) if person else []
    waiting = list(aliases())
    for seen in [*([person] if person else []), *(other for other, _why in likely)]:
        look(request.actor, f"person {seen.number}", seen.id, "old numbers")
    for one in waiting:
        look(request.actor, f"person {one.person.number}", one.person_id, "old numbers")
    return {
        "likely": [{"other": other, "why": WHY[why]} for other, why in likely],
        "pairs": [{"pair": one, "why": WHY[one.why]} for one in waiting],
    }


def _do(request: Asked, act: str, id: int, person: Person | None) -> None:
    """One step of one pair; what is not in order is said and changes nothing."""
    try:
        if act == "propose" and person is not None:
            merge.propose(request.actor, person, id)
        elif act == "paper":
            merge.paper(request.actor, id)
        elif act in ("merge", "refuse"):
            merge.decide(request.actor, id, act == "merge")
        elif act == "undo":
            merge.undo(request.actor, id)
    except merge.Refused as refused:
        messages.error(
            request, REFUSED.get(refused.code) or _("Nothing was changed: look at the list again.")
        )
    else:
        messages.success(request, _("Done. The person can read it."))
