"""My family: who is covered for care through me, and why; add somebody, prove that a child studies, say that it ended."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from pakan.channels.kit.fields import DayField
from pakan.channels.kit.once import once
from pakan.channels.member.shell import own_person, page, person_of
from pakan.law.decision import Decision
from pakan.operations import assess, family
from pakan.operations.doubles import MOST_REASON
from pakan.registers.access.actor import Asked
from pakan.registers.families import queries
from pakan.registers.families.models import TEXT, FamilyMember, FamilyPaper
from pakan.registers.families.states import State
from pakan.registers.people.models import Sex

RELATIONS: dict[str, str | Promise] = {
    "spouse": gettext_lazy("husband or wife"),
    "child": gettext_lazy("child"),
}
TITLES: dict[str, str | Promise] = {
    "spouse": gettext_lazy("Add my husband or wife"),
    "child": gettext_lazy("Add a child"),
}
SEXES = [(Sex.FEMALE.value, gettext_lazy("Woman")), (Sex.MALE.value, gettext_lazy("Man"))]
STATES: dict[str, tuple[str | Promise, str]] = {
    State.ASKED.value: (gettext_lazy("we look at it"), "wait"),
    State.REFUSED.value: (gettext_lazy("not confirmed"), "bad"),
    State.WITHDRAWN.value: (gettext_lazy("taken back"), "plain"),
    State.ENDED.value: (gettext_lazy("ended"), "plain"),
}
PAPER_STATES: dict[bool | None, tuple[str | Promise, str]] = {
    None: (gettext_lazy("we look at it"), "wait"),
    True: (gettext_lazy("accepted"), "ok"),
    False: (gettext_lazy("not accepted"), "bad"),
}
WHY: dict[str, str | Promise] = {
    "divorce": gettext_lazy("We are divorced"),
    "death": gettext_lazy("Has died"),
    "insured": gettext_lazy("Has an own insurance now"),
    "mistake": gettext_lazy("Was entered by mistake"),
    "other": gettext_lazy("Something else"),
}
REFUSED: dict[tuple[str, str], str | Promise] = {
    ("birth_date", "older"): gettext_lazy("A child is younger than you. Look at the date."),
    ("birth_date", "day"): gettext_lazy("This day cannot be. Look at it again."),
    ("since", "day"): gettext_lazy("This day cannot be. Look at it again."),
    ("since", "needed"): gettext_lazy("Type the day of the marriage."),
    ("national_id", "number"): gettext_lazy("At most 20 letters and digits."),
    ("given_name", "self"): gettext_lazy("This is you."),
    ("given_name", "same"): gettext_lazy("This person stands on your list already."),
    ("relation", "spouse"): gettext_lazy("A husband or wife stands on your list already. Say first that it ended."),
    ("why", "alike"): gettext_lazy("Somebody alike is on your list. Say why this is another person."),
    ("all", "most"): gettext_lazy("There are many people on your list. Ask at an office."),
    ("all", "open"): gettext_lazy("You told us this already. We look at it."),
    ("all", "state"): gettext_lazy("This is not possible now. Look at your page again."),
    ("dated", "day"): gettext_lazy("The paper must be of the last twelve months."),
    ("on", "day"): gettext_lazy("This day cannot be. Look at it again."),
    ("text", "needed"): gettext_lazy("Say in a few words what happened."),
}  # fmt: skip
CANNOT_READ = gettext_lazy("We cannot read this file. Take a photo of the paper.")


def _paper_field(label: str | Promise, help_text: str | Promise = "") -> forms.FileField:
    widget = forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"})
    return forms.FileField(label=label, help_text=help_text, widget=widget)


class PersonForm(forms.Form):
    """Of a child; a spouse adds the day of the marriage."""

    given_name = forms.CharField(label=gettext_lazy("First name"), max_length=100)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=100)
    birth_date = DayField(label=gettext_lazy("Birth date"))
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=lambda: SEXES, widget=forms.RadioSelect)
    since = DayField(label=gettext_lazy("Day of the marriage"), required=False)
    paper = _paper_field(gettext_lazy("Photo of the paper that proves it"))
    name_latin = forms.CharField(
        label=gettext_lazy("Name in Latin letters, if you know it"), max_length=200, required=False
    )
    national_id = forms.CharField(
        label=gettext_lazy("Number of the identity card, if there is one"), max_length=30, required=False
    )
    why = forms.CharField(
        label=gettext_lazy("Why is this another person?"), max_length=MOST_REASON, required=False
    )

    def __init__(self, relation: str, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.relation = relation
        spouse = relation == "spouse"
        self.fields["paper"].help_text = (
            _("Marriage certificate or family book.") if spouse else _("Birth certificate or family book.")
        )
        if not spouse:
            del self.fields["since"]

    @property
    def told(self) -> family.Told:
        typed = self.cleaned_data
        facts = {name: typed[name] for name in ("given_name", "family_name", "birth_date", "sex")}
        more = {"name_latin": typed["name_latin"], "national_id": typed["national_id"]}
        return family.Told(self.relation, **facts, **more, since=typed.get("since"))


class EndForm(forms.Form):
    why = forms.ChoiceField(
        label=gettext_lazy("What happened?"), choices=lambda: list(WHY.items()), widget=forms.RadioSelect
    )
    on = DayField(label=gettext_lazy("On which day?"))
    text = forms.CharField(label=gettext_lazy("Tell us more"), max_length=TEXT, required=False)


class StudyForm(forms.Form):
    dated = DayField(label=gettext_lazy("Date on the paper"))
    paper = _paper_field(gettext_lazy("Photo of the certificate of the school"))


def _row(one: FamilyMember, cover: Decision | None) -> dict[str, Any]:
    """One of the family in words: covered or not and until when, or what became of the wish."""
    row: dict[str, Any] = {"one": one, "relation": RELATIONS[one.relation], "cover": cover, "until": None}
    if cover is None:
        says, tone = STATES[one.state]
    else:
        says, tone = (_("Covered"), "ok") if cover.entitled else (_("Not covered"), "bad")
        row["until"] = next((amount.end for amount in cover.amounts if amount.end), None)
    return row | {"says": says, "tone": tone}


def _covers(request: Asked, members: list[FamilyMember]) -> dict[int, Decision]:
    """The law's answer of today for each confirmed one; the record is read once for all."""
    confirmed = [one for one in members if one.state == State.CONFIRMED]
    if not confirmed:
        return {}
    insured = assess.insured_for_family(own_person(request))
    return {one.id: assess.cover_of(one, request.actor.today, insured) for one in confirmed}


@require_GET
def overview(request: Asked) -> HttpResponse:
    members = [one for one in queries.of_insured(person_of(request)) if one.state != State.WITHDRAWN]
    covers = _covers(request, members)
    rows = [_row(one, covers.get(one.id)) for one in members]
    may_marry = not any(
        one.relation == "spouse" and one.state in (State.ASKED, State.CONFIRMED) for one in members
    )
    return page(request, "family", tab="home", back="card", rows=rows, may_marry=may_marry)


@require_http_methods(["GET", "POST"])
def new(request: Asked, relation: str) -> HttpResponse:
    if relation not in RELATIONS:
        raise Http404
    return once(request, lambda: _new(request, relation))


def _new(request: Asked, relation: str) -> HttpResponse:
    form = PersonForm(relation, request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        paper = form.cleaned_data["paper"]
        file = (paper.name, paper.content_type or "", paper.read())
        made = _told(form, lambda: family.ask(request.actor, form.told, file, form.cleaned_data["why"]))
        if made is not None:
            messages.success(request, _("We have it. Your number: %(number)s") % {"number": made.number})
            return redirect("member:family")
    facts = {
        "form": form,
        "title": TITLES[relation],
        "asks_why": "why" in form.errors or bool(form.data.get("why")),
    }
    return page(request, "family_new", back="family", tab="home", **facts)


def _told(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What the verb answers; None where something is to be put right first, said at its field."""
    try:
        return act()
    except family.Refused as refusal:
        for field, code in refusal.fields.items():
            says = REFUSED.get((field, code), _("This cannot be right. Look at it again."))
            form.add_error(field if field in form.fields else None, str(says))
    except family.PaperRefused:
        form.add_error("paper", str(CANNOT_READ))
    return None


@require_http_methods(["GET", "POST"])
def one(request: Asked, number: str) -> HttpResponse:
    """One of the family: covered and why, what is still asked, and what can be told."""
    return once(request, lambda: _one(request, number))


def _one(request: Asked, number: str) -> HttpResponse:
    found = queries.own_by_number(person_of(request), number)
    if found is None:
        raise Http404
    act = request.POST.get("act", "")
    end = EndForm(request.POST if act == "end" else None)
    study = StudyForm(*((request.POST, request.FILES) if act == "study" else ()))
    if request.method == "POST" and _acted(request, found, act, end, study):
        return redirect("member:family_one", number)
    cover = _covers(request, [found]).get(found.id)
    papers = [
        {"paper": paper, "says": PAPER_STATES[paper.accepted][0], "tone": PAPER_STATES[paper.accepted][1]}
        for paper in found.papers.all()
        if paper.kind == FamilyPaper.Kind.STUDY
    ]
    facts = _row(found, cover) | {
        "end": end,
        "study": study,
        "papers": papers,
        "may_study": found.relation == "child" and found.state in (State.ASKED, State.CONFIRMED)
        and _is_grown(found.birth_date, request.actor.today) and not any(row["paper"].accepted is None for row in papers),
        "act": act,
    }  # fmt: skip
    return page(request, "family_one", tab="home", back="family", **facts)


def _is_grown(born: date, today: date) -> bool:
    """From 17 on a proof of study may be sent ahead."""
    return (today.year - born.year) - ((today.month, today.day) < (born.month, born.day)) >= 17


def _acted(request: Asked, found: FamilyMember, act: str, end: EndForm, study: StudyForm) -> bool:
    """Whether it was done; if not, the forms say why."""
    actor, number = request.actor, found.number
    if act == "withdraw":
        try:
            family.withdraw(actor, number)
        except family.WrongMove:
            messages.info(request, _("This is decided already."))
        else:
            messages.success(request, _("Taken back."))
        return True
    if act == "end" and end.is_valid():
        typed = end.cleaned_data
        if _told(end, lambda: family.ask_end(actor, number, typed["why"], typed["on"], typed["text"])):
            messages.success(request, _("We have it. An officer looks at it."))
            return True
    elif act == "study" and study.is_valid():
        paper = study.cleaned_data["paper"]
        file = (paper.name, paper.content_type or "", paper.read())
        if _told(study, lambda: family.prove_study(actor, number, study.cleaned_data["dated"], file)):
            messages.success(request, _("We have it. An officer looks at it."))
            return True
    elif act not in ("end", "study"):
        raise Http404
    return False
