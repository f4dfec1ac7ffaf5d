"""My data: what I allow, what is wrong, and a copy of everything (C187, C189)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from pakan.channels.kit.fields import DayField
from pakan.channels.kit.once import once
from pakan.channels.kit.speech import day_text
from pakan.channels.member.shell import page, person_of
from pakan.operations import enter, wish
from pakan.registers.access.actor import Asked
from pakan.registers.people.queries import person_by_id
from pakan.registers.wishes.models import Consent, Correction
from pakan.registers.wishes.queries import consents_of, copies_of, corrections_of

# Each purpose: what it is, and what happens when it is taken back.
PURPOSES: dict[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    Consent.Purpose.NEWS.value: (
        gettext_lazy("News by message"),
        gettext_lazy("We may send you general news, such as new rules."),
        gettext_lazy("Without it no news come. Messages about your own months and claims still come."),
    ),
    Consent.Purpose.SURVEY.value: (
        gettext_lazy("Questions about our service"),
        gettext_lazy("We may ask you how it was."),
        gettext_lazy("Without it we do not ask. Nothing else changes."),
    ),
    Consent.Purpose.STATISTICS.value: (
        gettext_lazy("Studies"),
        gettext_lazy("Your data may be counted in studies, without your name."),
        gettext_lazy("Without it you are left out of new studies. Nothing else changes."),
    ),
}
FIELDS: list[tuple[str, str | Promise]] = [
    (Correction.Field.GIVEN_NAME.value, gettext_lazy("My first name")),
    (Correction.Field.FAMILY_NAME.value, gettext_lazy("My family name")),
    (Correction.Field.BIRTH_DATE.value, gettext_lazy("My birth date")),
    (Correction.Field.VILLAGE.value, gettext_lazy("My village")),
]
STATES: dict[str, tuple[str | Promise, str]] = {
    "open": (gettext_lazy("we look at it"), "wait"),
    "proposed": (gettext_lazy("a second officer looks at it"), "wait"),
    "done": (gettext_lazy("corrected"), "ok"),
    "refused": (gettext_lazy("not corrected"), "bad"),
}
REFUSED: dict[str, tuple[str, str | Promise]] = {
    "field": ("field", gettext_lazy("Choose what is wrong.")),
    "wanted": ("wanted", gettext_lazy("This cannot be right. Look at it again.")),
    "same": ("wanted", gettext_lazy("It stands like this already.")),
    "open": ("field", gettext_lazy("You asked for this already. We look at it.")),
    "text": ("text", gettext_lazy("Write at most 500 letters.")),
}


@require_http_methods(["GET", "POST"])
def consents(request: Asked) -> HttpResponse:
    if request.method == "POST":
        return once(request, lambda: _chosen(request))
    given = consents_of(person_of(request), request.actor.today)
    rows = [
        {
            "purpose": purpose,
            "title": words[0],
            "what": words[1],
            "without": words[2],
            "given": given.get(purpose),
        }
        for purpose, words in PURPOSES.items()
    ]
    return page(request, "consents", tab="me", back="me", rows=rows)


def _chosen(request: Asked) -> HttpResponse:
    purpose, act = request.POST.get("purpose", ""), request.POST.get("act", "")
    if purpose not in PURPOSES or act not in ("allow", "withdraw"):
        raise Http404
    if act == "allow":
        wish.allow(request.actor, purpose)
        messages.success(request, _("Thank you. You can take it back any time."))
    else:
        wish.withdraw(request.actor, purpose)
        messages.success(request, _("Taken back. It counts at once."))
    return redirect("member:consents")


class CorrectionForm(forms.Form):
    field = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"), choices=lambda: FIELDS, widget=forms.RadioSelect
    )
    wanted = forms.CharField(label=gettext_lazy("How is it right?"), max_length=100)
    text = forms.CharField(
        label=gettext_lazy("Tell us more"),
        max_length=wish.MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    proof = forms.FileField(
        label=gettext_lazy("Photo that proves it"),
        help_text=gettext_lazy("Your ID card, family book or birth certificate."),
        widget=forms.ClearableFileInput(
            attrs={
                "accept": "image/*,application/pdf",
                "data-photo": True,
                "data-photo-says": "says-proof",
                "data-working": gettext_lazy("Making the photo small…"),
                "data-ready": gettext_lazy("Ready to send."),
            }
        ),
    )

    def clean(self) -> dict[str, Any]:
        """A birth date is typed as everywhere, and kept as the calendar writes it."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("field") == Correction.Field.BIRTH_DATE and typed.get("wanted"):
            try:
                typed["wanted"] = f"{DayField().clean(typed['wanted']):%Y-%m-%d}"
            except forms.ValidationError as fault:
                self.add_error("wanted", fault)
        return typed


@require_http_methods(["GET", "POST"])
def correct(request: Asked) -> HttpResponse:
    return once(request, lambda: _correct(request))


def _correct(request: Asked) -> HttpResponse:
    form = CorrectionForm(request.POST, request.FILES) if request.method == "POST" else CorrectionForm()
    if form.is_bound and form.is_valid() and (number := _asked(request, form)):
        messages.success(request, _("We have it. Your number: %(number)s") % {"number": number})
        return redirect("member:correct")
    person = person_by_id(person_of(request))
    facts = {
        "form": form,
        "person": person,
        "asked": [
            {
                "one": one,
                "field": dict(FIELDS)[one.field],
                "says": STATES[one.state][0],
                "tone": STATES[one.state][1],
            }
            for one in corrections_of(person.id)
        ],
    }
    return page(request, "correct", tab="me", back="data", **facts)


def _asked(request: Asked, form: CorrectionForm) -> str:
    """The number of the correction; '' where something is to be put right first."""
    typed, proof = form.cleaned_data, form.cleaned_data["proof"]
    try:
        made = wish.ask_correction(
            request.actor,
            typed["field"],
            typed["wanted"],
            typed["text"],
            proof.name,
            proof.content_type or "",
            proof.read(),
        )
    except wish.Refused as refusal:
        field, says = REFUSED[refusal.code]
        form.add_error(field, str(says))
    except wish.PaperRefused:
        form.add_error("proof", _("We cannot read this file. Take a photo of the paper."))
    else:
        return made.number
    return ""


@require_http_methods(["GET", "POST"])
def data(request: Asked) -> HttpResponse:
    """What is on record of me, and a copy of all of it: asked for with a fresh proof."""
    if request.method == "POST":
        if not enter.is_fresh(request, request.actor.at):
            return redirect(f"{reverse('member:prove')}?{urlencode({'next': reverse('member:data')})}")
        wish.ask_copy(request.actor)
        messages.success(request, _("We make your copy. Look here again in a few minutes."))
        return redirect("member:data")
    person = person_by_id(person_of(request))
    facts = {
        "person": person,
        "born": day_text(person.birth_date),
        "copies": copies_of(person.id, request.actor.at),
        "fresh": enter.is_fresh(request, request.actor.at),
    }
    return page(request, "data", tab="me", back="me", **facts)


@require_GET
def copy(request: Asked, key: str) -> HttpResponse:
    if not enter.is_fresh(request, request.actor.at):
        return redirect(f"{reverse('member:prove')}?{urlencode({'next': reverse('member:data')})}")
    found = wish.of_person(person_of(request), request.actor.at, key)
    if found is None:
        raise Http404
    answer = HttpResponse(bytes(found.content), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    return answer
