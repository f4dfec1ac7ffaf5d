"""Labour units that ask to be registered: papers, doubles, what is missing; proposed by one officer, decided by another (C62)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.kit.files import attachment
from pakan.channels.office.frame import page_of, show
from pakan.operations import join
from pakan.registers.access.actor import Actor, Asked
from pakan.registers.access.audit import Note, write
from pakan.registers.joining import queries
from pakan.registers.joining.models import TEXT, Request, State

STATES: dict[str, tuple[str | Promise, str]] = {
    "draft": (gettext_lazy("not sent yet"), "info"),
    "waiting": (gettext_lazy("nobody has looked"), "bad"),
    "returned": (gettext_lazy("waits for the applicant"), "info"),
    "proposed": (gettext_lazy("waits for a second officer"), "wait"),
    "approved": (gettext_lazy("registered"), "ok"),
    "refused": (gettext_lazy("refused"), "info"),
    "expired": (gettext_lazy("ended: nobody went on"), "info"),
}
KINDS: dict[str, str | Promise] = {
    "enterprise": gettext_lazy("Company or shop"),
    "household": gettext_lazy("Household or stall"),
    "organisation": gettext_lazy("Embassy or international organisation"),
}
PAPERS: dict[str, str | Promise] = {
    "certificate": gettext_lazy("Enterprise certificate"),
    "tax": gettext_lazy("Tax certificate"),
    "workers": gettext_lazy("List of workers"),
    "ids": gettext_lazy("Identity cards"),
}
SIGNS: dict[str, str | Promise] = {
    "tax_number": gettext_lazy("same tax number"),
    "enterprise_number": gettext_lazy("same enterprise number"),
    "name_key": gettext_lazy("same name"),
    "phone": gettext_lazy("same phone"),
}
REFUSED: dict[str, str | Promise] = {
    "state": gettext_lazy("Somebody dealt with this meanwhile. Look at it again."),
    "same person": gettext_lazy("Another officer than the first must decide."),
    "text": gettext_lazy("Write what is missing or why, in at most 1,000 letters."),
}


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What is missing, or why"),
        help_text=gettext_lazy(
            "The applicant reads it. Name everything that is missing at once, one line each."
        ),
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@require_safe
def requests(request: Asked) -> HttpResponse:
    page = page_of(request, queries.waiting())
    today = request.actor.today
    rows = [
        _said(one) | {"is_late": one.promised_on is not None and one.promised_on < today}
        for one in page.object_list
    ]
    return show(request, "joining", {"page": page, "rows": rows}, current="joining")


def _said(one: Request) -> dict[str, Any]:
    words, tone = STATES[one.state]
    return {"one": one, "kind": KINDS[one.kind], "says": words, "tone": tone}


def _found(number: str) -> Request:
    found = queries.request_by_number(number)
    if found is None or found.state == State.DRAFT:
        raise Http404
    return found


def _look(actor: Actor, what: str) -> None:
    write(actor, "look", Note(object=what, purpose="joining"))


@require_http_methods(["GET", "HEAD", "POST"])
def joining_request(request: Asked, number: str) -> HttpResponse:
    found = _found(number)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _act(request, found.number, form.cleaned_data["text"])
    _look(request.actor, f"joining {found.number}")
    me = request.actor.account_id
    facts = _said(found) | {
        "form": form,
        "papers": [(PAPERS[paper.kind], paper) for paper in queries.papers_of(found)],
        "doubles": [(one, [SIGNS[sign] for sign in signs]) for one, signs in queries.doubles(found)],
        "others": queries.other_requests(found),
        "steps": [(STATES[step.state][0], step) for step in found.steps.all()],
        "may_propose": found.state == State.WAITING,
        "may_decide": found.state == State.PROPOSED and found.first_by_id != me,
        "must_wait": found.state == State.PROPOSED and found.first_by_id == me,
        "late": join.late_days(found.first_hire, request.actor.today) if found.first_hire else 0,
        "short_tin": len(found.tax_number) == 11,
    }
    return show(request, "joining_request", facts, current="joining", status=422 if form.errors else 200)


def _act(request: Asked, number: str, text: str) -> HttpResponse:
    act = request.POST.get("act", "")
    try:
        if act == "give back":
            join.give_back(request.actor, number, text)
            messages.success(request, _("The applicant has it. The clock stands still."))
        elif act == "propose":
            join.propose(request.actor, number, text)
            messages.success(request, _("Kept. Another officer decides."))
        elif act in ("yes", "no"):
            join.decide(request.actor, number, act == "yes", text)
            messages.success(request, _("Decided. The applicant is told."))
        else:
            raise Http404
    except join.Refused as refused:
        messages.error(request, str(REFUSED[next(iter(refused.fields.values()))]))
    return redirect("office:joining_request", number)


@require_safe
def paper(request: Asked, number: str, id: int) -> HttpResponse:
    found = _found(number)
    kept = join.paper_content(found, id)
    if kept is None:
        raise Http404
    _look(request.actor, f"paper {id} of joining {found.number}")
    return attachment(*kept, f"{found.number}-{id}")
