"""New workers, one by one or by file, and workers who leave (forms 1-02, 1-04, 1-07; C66, C67, C71)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pakan.channels.employer.frame import of_employer, show, to
from pakan.channels.employer.wording import NEWCOMERS, SIGNS
from pakan.channels.kit.fields import DayField
from pakan.channels.kit.speech import language
from pakan.operations import hire
from pakan.registers.access.actor import Asked
from pakan.registers.joining.models import HireList
from pakan.registers.joining.queries import hire_list
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import left_lately, worker_here

CATEGORIES: list[tuple[str, str | Promise]] = [
    ("regular", gettext_lazy("Regular")),
    ("temporary", gettext_lazy("Temporary crew")),
    ("intern", gettext_lazy("Intern")),
    ("foreigner", gettext_lazy("Foreigner")),
]
REASONS: list[tuple[str, str | Promise]] = [
    ("resigned", gettext_lazy("gave notice")),
    ("dismissed", gettext_lazy("was dismissed")),
    ("contract_end", gettext_lazy("the contract ended")),
    ("retired", gettext_lazy("retired")),
    ("died", gettext_lazy("died")),
    ("other", gettext_lazy("another reason")),
]
REFUSED: dict[str, str | Promise] = {
    "none": gettext_lazy("There is nobody in this list."),
    "choice": gettext_lazy("Choose one of the answers."),
    "reason": gettext_lazy("Say why, in a few words."),
    "done": gettext_lazy("This was done already."),
    "open": gettext_lazy("Some rows still need an answer."),
    "day": gettext_lazy("The last day cannot lie before the first one, nor more than two months ahead."),
    "not_here": gettext_lazy("This person does not work here any more."),
}


class OneForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Social security number"), max_length=30, required=False,
        help_text=gettext_lazy("If the worker has a card already. Then the name is enough."),
    )  # fmt: skip
    given_name = forms.CharField(label=gettext_lazy("First name"), max_length=100)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=100)
    name_latin = forms.CharField(label=gettext_lazy("Name in Latin letters"), max_length=200, required=False)
    birth_date = DayField(label=gettext_lazy("Birth date"), required=False)
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"), choices=[("f", gettext_lazy("Woman")), ("m", gettext_lazy("Man"))],
        widget=forms.RadioSelect, required=False,
    )  # fmt: skip
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=20, required=False)
    national_id = forms.CharField(
        label=gettext_lazy("Number of the identity card"), max_length=20, required=False
    )
    start = DayField(label=gettext_lazy("First day of work"))
    category = forms.ChoiceField(label=gettext_lazy("Kind of work"), choices=CATEGORIES, initial="regular")
    until = DayField(
        label=gettext_lazy("Last day of the contract or stay"), required=False,
        help_text=gettext_lazy("For temporary workers, interns and foreigners."),
    )  # fmt: skip

    def row(self) -> dict[str, str]:
        told = self.cleaned_data
        days = {
            name: f"{told[name]:%d/%m/%Y}" if told[name] else "" for name in ("birth_date", "start", "until")
        }
        return {name: str(value or "") for name, value in told.items()} | days


class LeaveForm(forms.Form):
    day = DayField(label=gettext_lazy("Last day of work"))
    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=REASONS, widget=forms.RadioSelect)


@of_employer("GET", "HEAD", "POST")
def new(request: Asked, employer: Employer) -> HttpResponse:
    """One worker by hand, or many by file; both become a list that is looked at before anybody is registered."""
    form, wrong = OneForm(), ""
    file = request.FILES.get("file")
    if request.method == "POST" and isinstance(file, UploadedFile):
        try:
            rows = hire.read_file(file.name or "", file.read())
            return to("hire_list", employer, hire.take_in(request.actor, employer, rows).id)
        except hire.FileRefused as refused:
            wrong = refused.message(language())
        except hire.Refused as refused_list:
            wrong = str(REFUSED[refused_list.code])
    elif request.method == "POST":
        form = OneForm(request.POST)
        if form.is_valid():
            return to("hire_list", employer, hire.take_in(request.actor, employer, [form.row()]).id)
    status = 422 if wrong or form.errors else 200
    return show(request, "hire", employer, {"form": form, "wrong": wrong}, current="workers", status=status)


@of_employer("GET", "HEAD", "POST")
def listed(request: Asked, employer: Employer, id: int) -> HttpResponse:
    """The list: what is wrong, who may be known, and one button when nothing is open."""
    found = hire_list(employer, id)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _act(request, employer, found)
    lines = [_said(at, line) for at, line in enumerate(found.lines)]
    facts: dict[str, Any] = {
        "found": found,
        "lines": lines,
        "open": sum(not line["ready"] for line in lines),
        "count": sum(line["choice"] != "out" for line in lines),
    }
    return show(request, "hire_list", employer, facts, current="workers")


def _said(at: int, line: dict[str, Any]) -> dict[str, Any]:
    typed = line["typed"]
    return {
        "at": at,
        "row": line["row"] or at + 1,
        "name": f"{typed.get('given_name', '')} {typed.get('family_name', '')}".strip(),
        "born": typed.get("birth_date", ""),
        "problems": [NEWCOMERS[problem] for problem in line["problems"]],
        "like": [double | {"says": [SIGNS[sign] for sign in double["signs"]]} for double in line["like"]],
        "choice": line["choice"],
        "reason": line.get("reason", ""),
        "ready": hire.is_ready(line),
    }


def _act(request: Asked, employer: Employer, found: HireList) -> HttpResponse:
    told = request.POST
    try:
        if told.get("do") == "finish":
            made = hire.finish(request.actor, employer, found.id)
            says = ngettext("%(count)s worker is registered.", "%(count)s workers are registered.", len(made))
            messages.success(request, says % {"count": len(made)})
            return to("workers", employer)
        numbers = {
            name: int(told.get(name, "")) if told.get(name, "").isdigit() else -1 for name in ("at", "person")
        }
        hire.answer(
            request.actor, employer, found.id, numbers["at"], told.get("choice", ""), numbers["person"],
            told.get("reason", ""),
        )  # fmt: skip
    except hire.Refused as refused:
        messages.error(request, str(REFUSED[refused.code]))
    return to("hire_list", employer, found.id)


@of_employer("GET", "HEAD", "POST")
def leave(request: Asked, employer: Employer, number: str) -> HttpResponse:
    """A worker leaves: a day and a reason. Who left stays in the list below."""
    there = worker_here(employer, number)
    if there is None:
        raise Http404
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hire.leave(request.actor, employer, number, form.cleaned_data["day"], form.cleaned_data["reason"])
        except hire.Refused as refused:
            form.add_error("day" if refused.code == "day" else None, str(REFUSED[refused.code]))
        else:
            messages.success(request, _("Kept. The months up to this day stay on record."))
            return to("workers", employer)
    reasons = dict(REASONS)
    facts = {
        "form": form,
        "there": there,
        "left": [(one, reasons.get(one.end_reason, "")) for one in left_lately(employer)],
    }
    return show(request, "leave", employer, facts, current="workers", status=422 if form.errors else 200)
