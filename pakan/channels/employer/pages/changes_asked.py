"""What is on record about the company, and requests to change it (C72); its certificate of registration (C62)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from pakan.channels.employer.frame import may, of_employer, show, to
from pakan.channels.kit.fields import MonthField
from pakan.channels.kit.files import file_answer
from pakan.operations import alter, join
from pakan.registers.access.actor import Asked
from pakan.registers.joining.models import TEXT, Change
from pakan.registers.joining.queries import changes_of
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import all_districts
from pakan.units.month import Month

KINDS: dict[str, str | Promise] = {
    "name": gettext_lazy("The name"),
    "contact": gettext_lazy("Phone and e-mail"),
    "address": gettext_lazy("The place"),
    "branch": gettext_lazy("A new branch"),
    "suspend": gettext_lazy("Stop for a time"),
    "resume": gettext_lazy("Begin again after a stop"),
    "close": gettext_lazy("Close for good"),
    "reopen": gettext_lazy("Open again"),
}
STATES: dict[str, tuple[str | Promise, str]] = {
    "waiting": (gettext_lazy("we look at it"), "wait"),
    "proposed": (gettext_lazy("a second officer looks at it"), "wait"),
    "approved": (gettext_lazy("done"), "ok"),
    "refused": (gettext_lazy("not done"), "bad"),
}
MONTHS: dict[str, str | Promise] = {
    "suspend": gettext_lazy("First month without work"),
    "resume": gettext_lazy("First month with work again"),
    "close": gettext_lazy("Last month"),
    "reopen": gettext_lazy("First month with work again"),
}
REFUSED: dict[str, str | Promise] = {
    "paper": gettext_lazy("Add the paper that proves it: a photo or PDF."),
    "open": gettext_lazy("You asked for this already. We look at it."),
    "text": gettext_lazy("Write less, please."),
    "name_lo": gettext_lazy("Write the name with letters only."),
    "name_en": gettext_lazy("Write the name with letters only."),
    "phone": gettext_lazy("This is not a Lao phone number. Write it such as 020 5555 1234."),
    "district_id": gettext_lazy("Choose one."),
    "village": gettext_lazy("Write the village with letters only."),
    "month": gettext_lazy("This month cannot be. Look at what stands on record."),
}


class ChangeForm(forms.Form):
    """The fields of one kind of change."""

    def __init__(self, kind: str, employer: Employer, *args: Any) -> None:
        super().__init__(*args)
        for name, field in self._fields_of(kind, employer).items():
            self.fields[name] = field
        self.fields["text"] = forms.CharField(
            label=_("Tell us more"), max_length=TEXT, required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        if kind in alter.IDENTITY:
            self.fields["paper"] = forms.FileField(
                label=_("Photo or PDF that proves it"),
                widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
            )

    def _fields_of(self, kind: str, employer: Employer) -> dict[str, forms.Field]:
        if kind == "name":
            return {
                "name_lo": forms.CharField(label=_("Name in Lao"), max_length=200, initial=employer.name_lo),
                "name_en": forms.CharField(
                    label=_("Name in English"), max_length=200, required=False, initial=employer.name_en
                ),
            }
        if kind == "contact":
            return {
                "phone": forms.CharField(label=_("Phone"), max_length=20),
                "email": forms.EmailField(
                    label=_("E-mail"), max_length=120, required=False, initial=employer.email
                ),
            }
        if kind in ("address", "branch"):
            lao = (get_language() or "lo").startswith("lo")
            names = [
                (
                    one.code,
                    f"{one.province.name_lo if lao else one.province.name_en} · {one.name_lo if lao else one.name_en}",
                )
                for one in all_districts()
            ]
            return {
                "district_id": forms.ChoiceField(label=_("District"), choices=[("", "—"), *names]),
                "village": forms.CharField(label=_("Village"), max_length=100),
            }
        return {"month": MonthField(label=MONTHS[kind])}


@of_employer("GET", "HEAD")
def changes(request: Asked, employer: Employer) -> HttpResponse:
    rows = [(one, KINDS[one.kind], *STATES[one.state]) for one in changes_of(employer)[:50]]
    facts = {
        "rows": rows,
        "kinds": _kinds(employer) if may(request.actor, employer, "alter.ask") else [],
        "certificate": join.of_employer(employer),
    }
    return show(request, "changes", employer, facts, current="changes")


def _kinds(employer: Employer) -> list[tuple[str, str | Promise]]:
    """What can be asked for now."""
    closed = employer.last_month is not None
    rests = employer.suspensions.filter(last_month=None).exists()
    out = {"resume" if not rests else "suspend"} | (
        {"reopen"} if not closed else {"close", "suspend", "resume", "branch"}
    )
    return [(kind, label) for kind, label in KINDS.items() if kind not in out]


@of_employer("GET", "HEAD", "POST")
def change(request: Asked, employer: Employer, name: str) -> HttpResponse:
    """Ask for one kind of change."""
    if name not in KINDS:
        raise Http404
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ChangeForm(name, employer, *bound)
    if form.is_bound and form.is_valid() and (made := _asked(request, employer, name, form)):
        messages.success(request, _("We have it. Your number: %(number)s") % {"number": made.number})
        return to("changes", employer)
    left = alter.remaining(employer, Month.of(request.actor.today)) if name == "close" else None
    facts = {"form": form, "kind": KINDS[name], "left": left}
    return show(request, "change", employer, facts, current="changes", status=422 if form.errors else 200)


def _asked(request: Asked, employer: Employer, kind: str, form: ChangeForm) -> Change | None:
    told = dict(form.cleaned_data)
    text, file = told.pop("text"), told.pop("paper", None)
    paper = (file.name, file.content_type or "", file.read()) if file else None
    try:
        wanted = {field: str(value or "") for field, value in told.items()}
        return alter.ask(request.actor, employer, kind, wanted, text, paper)
    except alter.PaperRefused as refused:
        form.add_error("paper", refused.lo if (get_language() or "lo").startswith("lo") else refused.en)
    except alter.Refused as refused_change:
        code = refused_change.code
        form.add_error(code if code in form.fields else None, str(REFUSED[code]))
    return None


@of_employer("GET", "HEAD")
def registration(request: Asked, employer: Employer) -> HttpResponse:
    """The certificate that the company is registered."""
    found = join.of_employer(employer)
    if found is None:
        raise Http404
    return file_answer(
        join.pdf(found), "application/pdf", f"registration-{found.number}.pdf", attachment=False
    )
