"""Families at the desk: what waits, what the machine found beside the paper, and the second person's decision; entering from
paper. Each look at a family is kept, and the insured person can see it (C182)."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.kit.families import (
    RELATIONS,
    WHY,
    EndForm,
    PersonForm,
    StudyForm,
    file_of,
    put_right,
)
from pakan.channels.kit.files import attachment
from pakan.channels.office.frame import page_of, show
from pakan.channels.office.pages.cards import PersonForm as NumberForm
from pakan.operations import assess, family
from pakan.operations.doubles import MOST_REASON
from pakan.registers.access.actor import VIENTIANE, Asked
from pakan.registers.access.audit import look
from pakan.registers.families import queries
from pakan.registers.families.models import TEXT, FamilyMember, FamilyPaper
from pakan.registers.families.states import State
from pakan.registers.people.models import Person

STATES: dict[str, tuple[str | Promise, str]] = {
    State.ASKED.value: (gettext_lazy("waits to be confirmed"), "wait"),
    State.CONFIRMED.value: (gettext_lazy("confirmed"), "ok"),
    State.REFUSED.value: (gettext_lazy("refused"), "bad"),
    State.WITHDRAWN.value: (gettext_lazy("taken back"), "plain"),
    State.ENDED.value: (gettext_lazy("ended"), "plain"),
}
PAPERS: dict[str, str | Promise] = {
    FamilyPaper.Kind.RELATION.value: gettext_lazy("Paper about the relation"),
    FamilyPaper.Kind.STUDY.value: gettext_lazy("Proof of study"),
    FamilyPaper.Kind.END.value: gettext_lazy("Paper about the end"),
}


class DecideForm(forms.Form):
    own_number = forms.ChoiceField(
        label=gettext_lazy("Is this person insured too?"), required=False, widget=forms.RadioSelect
    )
    override = forms.CharField(
        label=gettext_lazy("Why it is right although the person stands in another family"),
        max_length=MOST_REASON, required=False,
    )  # fmt: skip
    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("The member reads it. A no needs a reason."),
        max_length=TEXT, required=False, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, seen: family.Seen, asks_why: bool, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        people = [(one.person.number, f"{one.person.name} · {one.person.number}") for one in seen.persons]
        self.fields["own_number"].choices = [("", _("Nobody of them")), *people]  # type: ignore[attr-defined]
        if not people:
            del self.fields["own_number"]
        if not asks_why:
            del self.fields["override"]


@require_http_methods(["GET", "HEAD", "POST"])
def families(request: Asked) -> HttpResponse:
    """What waits, the oldest first, without names; and the way to one person's family by number."""
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if Person.objects.filter(number=form.cleaned_data["number"]).exists():
            return redirect("office:families_of", form.cleaned_data["number"])
        form.add_error("number", _("Nobody has this number. Look for a digit that is wrong."))
    page = page_of(request, queries.waiting())
    rows = [
        {"one": one, "what": _what(one), "days": _days(one, request.actor.today)} for one in page.object_list
    ]
    facts = {"page": page, "rows": rows, "form": form}
    return show(request, "families", facts, current="families", status=422 if form.errors else 200)


def _what(one: FamilyMember) -> Any:
    if one.state == State.ASKED:
        return _("To be confirmed: %(relation)s") % {"relation": RELATIONS[one.relation]}
    return _("An end") if one.end_at else PAPERS[FamilyPaper.Kind.STUDY.value]


def _days(one: FamilyMember, today: date) -> int:
    assert one.waits_since is not None
    return (today - one.waits_since.astimezone(VIENTIANE).date()).days


def _found(number: str) -> FamilyMember:
    found = queries.by_number(number)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Asked, number: str) -> HttpResponse:
    found = _found(number)
    seen = family.seen(found)
    act = request.POST.get("act", "")
    decide = DecideForm(seen, seen.needs_reason(found), request.POST if act in ("yes", "no") else None)
    end = EndForm(request.POST if act == "end" else None)
    study = StudyForm(*((request.POST, request.FILES) if act == "study" else ()))
    answer = AnswerForm(request.POST if act in ANSWERS else None)
    if request.method == "POST":
        form = {"end": end, "study": study}.get(act, decide if act in ("yes", "no") else answer)
        if _acted(request, found, act, form):
            return redirect("office:family", number)
    look(request.actor, f"family {number}", found.insured_id, "family")
    cover = assess.cover_of(found, request.actor.today) if found.state == State.CONFIRMED else None
    facts = _said(found) | {
        "seen": seen,
        "elsewhere": [{"one": other, "relation": RELATIONS[other.relation]} for other in seen.elsewhere],
        "needs_reason": seen.needs_reason(found),
        "decide": decide,
        "end": end,
        "study": study,
        "answer": answer,
        "act": act,
        "cover": cover,
        "why": WHY.get(found.end_why, ""),
        "papers": [{"paper": paper, "kind": PAPERS[paper.kind]} for paper in found.papers.order_by("id")],
        "may_study": found.relation == "child" and found.state in (State.ASKED, State.CONFIRMED),
    }
    bad = any(form.errors for form in (decide, end, study, answer))
    return show(request, "family", facts, current="families", status=422 if bad else 200)


def _said(found: FamilyMember) -> dict[str, Any]:
    words, tone = STATES[found.state]
    return {"one": found, "relation": RELATIONS[found.relation], "says": words, "tone": tone}


class AnswerForm(forms.Form):
    """To an end or a proof of study."""

    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("The member reads it. A no needs a reason."),
        max_length=TEXT, required=False,
    )  # fmt: skip
    paper_id = forms.IntegerField(min_value=1, max_value=2**62, required=False, widget=forms.HiddenInput)


ANSWERS = ("end_yes", "end_no", "study_yes", "study_no")


def _acted(request: Asked, found: FamilyMember, act: str, form: forms.Form) -> bool:
    """Whether it was done; if not, the form says why."""
    if act not in ("yes", "no", "end", "study", *ANSWERS):
        raise Http404
    if not form.is_valid():
        return False
    actor, number, typed = request.actor, found.number, form.cleaned_data

    def do() -> object:
        if act in ("yes", "no"):
            own, why = typed.get("own_number", ""), typed.get("override", "")
            return family.decide(actor, number, act == "yes", typed["answer"], own, why)
        if act == "end":
            return family.ask_end(actor, number, typed["why"], typed["on"], typed["text"])
        if act == "study":
            return family.prove_study(actor, number, typed["dated"], file_of(form))
        if act.startswith("end"):
            return family.decide_end(actor, number, act == "end_yes", typed["answer"])
        return family.judge_study(actor, number, typed["paper_id"] or 0, act == "study_yes", typed["answer"])

    try:
        done = put_right(form, do)
    except family.WrongMove:
        messages.info(request, _("This is decided already."))
        return True
    if done:
        messages.success(request, _("Kept."))
    return bool(done)


@require_safe
def paper(request: Asked, number: str, id: int) -> HttpResponse:
    """The paper itself, as it was made anew at the door."""
    found = queries.paper(number, id)
    if found is None:
        raise Http404
    look(request.actor, f"paper of {number}", found.member.insured_id, "family")
    return attachment(found.document.media_type, bytes(found.document.content), f"{number}-{id}")


class DeskForm(PersonForm):
    """From the paper at the desk: all of a phone's fields, and which relation it is."""

    relation = forms.ChoiceField(
        label=gettext_lazy("Relation"), choices=lambda: list(RELATIONS.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__("spouse", *args, **named)
        self.fields["since"].required = False  # a child has none
        self.fields["since"].help_text = _("Only of a husband or wife. Like 15/08/1990.")
        self.fields["paper"].help_text = _("Marriage or birth certificate, or family book.")
        self.fields["why"].help_text = _("Only if somebody alike stands on the list.")

    @property
    def told(self) -> family.Told:
        self.kind = self.cleaned_data["relation"]
        return super().told


@require_http_methods(["GET", "HEAD", "POST"])
def of_person(request: Asked, number: str) -> HttpResponse:
    """One insured person's family, and the form to enter somebody from paper."""
    person = Person.objects.filter(number=number).first()
    if person is None:
        raise Http404
    form = DeskForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        made = put_right(
            form,
            lambda: family.register(
                request.actor, person, form.told, file_of(form), form.cleaned_data["why"]
            ),
        )
        if made is not None:
            messages.success(request, _("Entered. Another officer confirms it."))
            return redirect("office:families_of", number)
    look(request.actor, "family", person.id, "family")
    facts = {"person": person, "rows": [_said(one) for one in queries.of_insured(person.id)], "form": form}
    return show(request, "families_of", facts, current="families", status=422 if form.errors else 200)
