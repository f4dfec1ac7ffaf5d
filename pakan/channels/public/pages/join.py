"""Register a labour unit: one group of questions a screen, kept at each step, opened again with number and code (C62)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pakan.channels.kit.fields import YES_NO, DayField
from pakan.channels.kit.files import attachment, pdf
from pakan.channels.public.pages.sign_in import too_often
from pakan.operations import join
from pakan.registers.access.actor import Asked
from pakan.registers.joining import queries
from pakan.registers.joining.models import WITH_APPLICANT, Paper, Request
from pakan.registers.people.queries import all_districts
from pakan.units.number import shown_phone

SESSION = "joining"
KINDS: list[tuple[str, str | Promise]] = [
    ("enterprise", gettext_lazy("A company or shop with an enterprise certificate")),
    ("household", gettext_lazy("A household or stall that pays workers, without a certificate")),
    ("organisation", gettext_lazy("An embassy or international organisation")),
]
PAPERS: dict[str, tuple[str | Promise, str | Promise]] = {
    "certificate": (
        gettext_lazy("Enterprise certificate"),
        gettext_lazy("Or the paper that founds the organisation."),
    ),
    "tax": (gettext_lazy("Tax certificate"), gettext_lazy("The paper with the tax number.")),
    "workers": (
        gettext_lazy("List of workers"),
        gettext_lazy("Names, birth dates and wages, on paper or as a scan."),
    ),
    "ids": (
        gettext_lazy("Identity cards"),
        gettext_lazy("Of the owner and of each worker; several on one photo will do."),
    ),
}
STEPS = ("unit", "place", "contact", "start", "papers", "check")
WRONG: dict[str, str | Promise] = {
    "empty": gettext_lazy("Fill this in."),
    "choose": gettext_lazy("Choose one."),
    "hidden_characters": gettext_lazy("Write it in plain letters."),
    "formula": gettext_lazy("Write it in plain letters."),
    "too_long": gettext_lazy("This is too long."),
    "not_a_tin": gettext_lazy("A tax number has 12 digits. Look at the tax certificate."),
    "not_an_enterprise_number": gettext_lazy("Write the number as it stands on the enterprise certificate."),
    "day": gettext_lazy("This day cannot be. It must not lie in the future."),
    "not_a_phone": gettext_lazy("This is not a phone number. Write it as 020 and 8 digits."),
    "no_such_phone": gettext_lazy("This is not a phone number. Write it as 020 and 8 digits."),
    "area_missing": gettext_lazy("Write the phone number with 020 or the area in front."),
    "most": gettext_lazy("There are twelve papers already. Take one away first."),
    "wanting": gettext_lazy("Something is still empty. It stands below."),
    "state": gettext_lazy("This request cannot be changed now."),
    "taken": gettext_lazy("Somebody came in already. Sign in, or ask that person."),
}
FIELD_NAMES: dict[str, tuple[str, str | Promise]] = {
    "name_lo": ("unit", gettext_lazy("Name in Lao")),
    "enterprise_number": ("unit", gettext_lazy("Enterprise number")),
    "tax_number": ("unit", gettext_lazy("Tax number (TIN)")),
    "district": ("place", gettext_lazy("District")),
    "village": ("place", gettext_lazy("Village")),
    "contact": ("contact", gettext_lazy("Name of who answers for the unit")),
    "phone": ("contact", gettext_lazy("Phone")),
    "first_hire": ("start", gettext_lazy("First day of the first worker")),
}


class KindForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What shall be registered?"), choices=lambda: KINDS, widget=forms.RadioSelect
    )


class AgainForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Number of the request"), max_length=20,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )  # fmt: skip
    code = forms.CharField(
        label=gettext_lazy("Your code"), max_length=40,
        widget=forms.TextInput(attrs={"class": "short", "autocapitalize": "characters", "autocomplete": "off"}),
    )  # fmt: skip


def _text(
    label: Any, most: int = 200, required: bool = True, help_text: Any = "", mode: str = "text"
) -> forms.CharField:
    """One line of text; label and help are words or words to be said later."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "inputmode": mode})
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=help_text, widget=widget
    )


class UnitForm(forms.Form):
    name_lo = _text(FIELD_NAMES["name_lo"][1], help_text=gettext_lazy("As it stands on the certificate."))
    name_en = _text(gettext_lazy("Name in English"), required=False)
    enterprise_number = _text(FIELD_NAMES["enterprise_number"][1], 30)
    tax_number = _text(
        FIELD_NAMES["tax_number"][1],
        30,
        help_text=gettext_lazy("12 digits, from the tax certificate."),
        mode="numeric",
    )


class HouseholdForm(forms.Form):
    name_lo = _text(
        gettext_lazy("Name of the household or stall"), help_text=gettext_lazy("Such as: family Vongsa.")
    )


class OrganisationForm(forms.Form):
    name_lo = _text(FIELD_NAMES["name_lo"][1])
    name_en = _text(gettext_lazy("Name in English"), required=False)
    tax_number = _text(FIELD_NAMES["tax_number"][1], 30, required=False, mode="numeric")


class PlaceForm(forms.Form):
    district = forms.ChoiceField(label=gettext_lazy("District"))
    village = _text(FIELD_NAMES["village"][1], 100)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        lao = (get_language() or "lo").startswith("lo")
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in all_districts():
            province = one.province.name_lo if lao else one.province.name_en
            groups.setdefault(province, []).append((one.code, one.name_lo if lao else one.name_en))
        field = self.fields["district"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *groups.items()]


class ContactForm(forms.Form):
    contact = _text(FIELD_NAMES["contact"][1], 100)
    phone = _text(
        FIELD_NAMES["phone"][1],
        20,
        help_text=gettext_lazy("We send word to this phone."),
        mode="tel",
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=120, required=False)


class StartForm(forms.Form):
    first_hire = DayField(label=FIELD_NAMES["first_hire"][1])
    alone = forms.ChoiceField(
        label=gettext_lazy("Do you run this alone?"),
        help_text=gettext_lazy("Yes: you prepare and sign. No: one person prepares, another one signs."),
        choices=YES_NO, widget=forms.RadioSelect,
    )  # fmt: skip


def _form_of(step: str, request: Request) -> type[forms.Form]:
    kinds: dict[str, type[forms.Form]] = {"place": PlaceForm, "contact": ContactForm, "start": StartForm}
    units: dict[str, type[forms.Form]] = {"household": HouseholdForm, "organisation": OrganisationForm}
    if step == "unit":
        return units.get(request.kind, UnitForm)
    return kinds[step]


def _address(request: Asked) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _mine(request: Asked) -> Request | None:
    return queries.request_by_id(request.session.get(SESSION))


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Asked) -> HttpResponse:
    """What is to be registered; then number and code, shown once."""
    form = KindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, code = join.begin(request.actor, form.cleaned_data["kind"], _address(request))
        except join.TooOften as fault:
            return too_often(request, fault.until, reverse("public:join"))
        request.session[SESSION] = made.id
        return render(request, "public/join_begun.html", {"one": made, "code": code})
    facts = {"form": form, "going": _mine(request)}
    return render(request, "public/join.html", facts, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def again(request: Asked) -> HttpResponse:
    """On another day or device."""
    form = AgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = join.open_again(
                request.actor, form.cleaned_data["number"], form.cleaned_data["code"], _address(request)
            )
        except join.TooOften as fault:
            return too_often(request, fault.until, reverse("public:join_again"))
        if found is not None:
            request.session[SESSION] = found.id
            return redirect("public:join_step", "check")
        form.add_error(None, _("Number and code do not fit. Compare both with your note."))
    return render(request, "public/join_again.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def leave(request: Asked) -> HttpResponse:
    """Nothing of the request stays in this browser."""
    request.session.pop(SESSION, None)
    return redirect("public:join")


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: Asked, name: str) -> HttpResponse:
    if name not in STEPS:
        raise Http404
    mine = _mine(request)
    if mine is None:
        return redirect("public:join_again")
    if name != "check" and mine.state not in WITH_APPLICANT:
        return redirect("public:join_step", "check")
    if name == "check":
        return _check(request, mine)
    return _papers(request, mine) if name == "papers" else _questions(request, mine, name)


def _questions(request: Asked, mine: Request, name: str) -> HttpResponse:
    kind = _form_of(name, mine)
    known = {field: getattr(mine, field) for field in kind.base_fields}
    if known.get("phone"):
        known["phone"] = known["phone"].replace("+856", "0", 1)
    if name == "place":
        known["district"] = mine.district_id
    if name == "start":
        known["alone"] = ("yes" if mine.alone else "no") if mine.first_hire else None
    form = kind(request.POST) if request.method == "POST" else kind(initial=known)
    if form.is_bound and form.is_valid():
        try:
            join.write(request.actor, mine.number, **_answers(form))
        except join.Refused as refused:
            _say(form, refused)
        else:
            return redirect("public:join_step", STEPS[STEPS.index(name) + 1])
    facts = {
        "one": mine,
        "form": form,
        "number": STEPS.index(name) + 1,
        "of": len(STEPS) - 1,
        "before": _before(name),
    }
    return render(request, "public/join_step.html", facts, status=422 if form.errors else 200)


def _before(name: str) -> str:
    at = STEPS.index(name)
    return reverse("public:join_step", args=[STEPS[at - 1]]) if at else ""


def _answers(form: forms.Form) -> dict[str, Any]:
    typed = dict(form.cleaned_data)
    if "alone" in typed:
        typed["alone"] = typed["alone"] == "yes"
    if "district" in typed:
        typed["district_id"] = typed.pop("district")
    return typed


def _say(form: forms.Form, refused: join.Refused) -> None:
    for field, code in refused.fields.items():
        form.add_error(field if field in form.fields else None, str(WRONG[code]))


def _papers(request: Asked, mine: Request) -> HttpResponse:
    """One paper after another; the same page again until the applicant goes on."""
    wrong = ""
    if request.method == "POST":
        wrong = _paper_act(request, mine)
        if not wrong:
            return redirect("public:join_step", "papers")
    there = queries.papers_of(mine)
    needed = join.needed_papers(mine)
    rows = [
        {"kind": kind, "title": PAPERS[kind][0], "help": PAPERS[kind][1], "needed": kind in needed,
         "there": [paper for paper in there if paper.kind == kind]}
        for kind in Paper.Kind.values
    ]  # fmt: skip
    facts = {"one": mine, "rows": rows, "wrong": wrong, "number": 5, "of": 5, "before": _before("papers")}
    return render(request, "public/join_papers.html", facts, status=422 if wrong else 200)


def _paper_act(request: Asked, mine: Request) -> str:
    """Add or drop; the words of what is wrong, or nothing."""
    drop = request.POST.get("drop", "")
    try:
        if drop.isdigit() and len(drop) < 18:
            join.drop_paper(request.actor, mine.number, int(drop))
            return ""
        file = request.FILES.get("paper")
        if file is None or not file.name:
            return _("Choose a photo or PDF first.")
        join.add_paper(
            request.actor,
            mine.number,
            request.POST.get("kind", ""),
            file.name,
            file.content_type or "",
            file.read(),
        )
    except join.PaperRefused as refused:
        return refused.lo if (get_language() or "lo").startswith("lo") else refused.en
    except join.Refused as refused:
        return str(WRONG[next(iter(refused.fields.values()))])
    messages.success(request, _("We have the paper."))
    return ""


def _check(request: Asked, mine: Request) -> HttpResponse:
    """Everything on one page; sent from here, and followed from here."""
    if request.method == "POST":
        try:
            join.send(request.actor, mine.number)
        except join.Refused as refused:
            messages.error(request, str(WRONG[next(iter(refused.fields.values()))]))
        return redirect("public:join_step", "check")
    wanting = join.wanting(mine) if mine.state in WITH_APPLICANT else []
    facts = {
        "one": mine,
        "kind": dict(KINDS)[mine.kind],
        "phone": shown_phone(mine.phone) if mine.phone else "",
        "papers": [(PAPERS[paper.kind][0], paper) for paper in queries.papers_of(mine)],
        "wanting": [_wanting(name) for name in wanting],
        "is_open": mine.state in WITH_APPLICANT,
        "missing": queries.missing_text(mine) if mine.state == "returned" else "",
        "why": queries.refusal_text(mine) if mine.state == "refused" else "",
        "taken": queries.has_taken_access(mine),
        "short_tin": len(mine.tax_number) == 11,
        "late": join.late_days(mine.first_hire, request.actor.today) if mine.first_hire else 0,
    }
    return render(request, "public/join_check.html", facts)


def _wanting(name: str) -> tuple[str, str | Promise]:
    """Which step fills it, and its name."""
    if name.startswith("paper "):
        return "papers", PAPERS[name.removeprefix("paper ")][0]
    return FIELD_NAMES[name]


@require_safe
def paper(request: Asked, id: int) -> HttpResponse:
    """A paper of one's own request, as it was made anew at the door."""
    mine = _mine(request)
    found = join.paper_content(mine, id) if mine else None
    if found is None:
        raise Http404
    return attachment(*found, str(id))


@require_POST
def access(request: Asked) -> HttpResponse:
    """The first administrator's invitation: shown once, and open in this browser."""
    mine = _mine(request)
    if mine is None:
        return redirect("public:join_again")
    try:
        made, code = join.invite_first(request.actor, mine.number)
    except join.Refused as refused:
        messages.error(request, str(WRONG[refused.fields["state"]]))
        return redirect("public:join_step", "check")
    request.session["invitation"] = made.id
    return render(request, "public/join_access.html", {"one": mine, "invited": made, "code": code})


@require_safe
def certificate(request: Asked) -> HttpResponse:
    mine = _mine(request)
    found = join.of_employer(mine.employer) if mine and mine.employer else None
    if found is None:
        raise Http404
    return pdf(join.pdf(found), f"registration-{found.number}")
