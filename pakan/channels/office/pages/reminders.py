"""The steps of the reminder ladder that wait for a person: letters to post, calls, visits, orders (C124)."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.kit.files import pdf
from pakan.channels.kit.matters import refusal
from pakan.channels.office.frame import show
from pakan.operations import remind
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import Note, write
from pakan.registers.access.roles import permissions
from pakan.registers.compliance.models import TEXT, Reminder
from pakan.registers.compliance.queries import reminder as by_id

SHOWN = 50


class DoneForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What came of it"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_safe
def reminders(request: Asked) -> HttpResponse:
    """What is to be done, the oldest first."""
    step = request.GET.get("step", "")
    found = remind.to_do(request.actor.today, step)
    facts = {
        "tasks": found[:SHOWN],
        "count": len(found),
        "rungs": [one for one in remind.rungs() if one.by != "machine"],
        "step": step,
    }
    return show(request, "reminders", facts, current="reminders")


def _found(id: int) -> Reminder:
    found = by_id(id)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def reminder(request: Asked, id: int) -> HttpResponse:
    """One step with those before it; who took it says what came of it."""
    found = _found(id)
    form = DoneForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            remind.done(request.actor, found, form.cleaned_data["text"])
        except remind.Refused as refused:
            form.add_error("text" if refused.code == "short" else None, refusal(refused.code))
        else:
            messages.success(request, _("Kept. The next step follows by itself when its day has come."))
            return redirect("office:reminders")
    note = Note(object=f"reminders of {found.employer.code}", employer_id=found.employer_id, purpose="debt")
    write(request.actor, "look", note)
    facts = {
        "reminder": found,
        "form": form,
        "steps": remind.steps_of(found.employer_id, found.month),
        "is_letter": found.step in remind.LETTERS,
        "may_do": found.done_at is None and bool(permissions().verbs["remind.done"] & request.actor.own),
    }
    return show(request, "reminder", facts, current="reminders", status=422 if form.errors else 200)


@require_safe
def letter(request: Asked, id: int) -> HttpResponse:
    """The letter or order, to print and sign."""
    found = _found(id)
    if found.step not in remind.LETTERS:
        raise Http404
    name = f"{found.step}-{found.employer.code}-{found.month}"
    return pdf(remind.letter_pdf(found, request.actor.today), name)
