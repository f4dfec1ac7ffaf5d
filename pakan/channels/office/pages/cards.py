"""Cards at the office: a person's cards, the photo, withdrawing and printing again; and batches of paper cards (C54)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pakan.channels.kit.families import RELATIONS
from pakan.channels.kit.speech import language
from pakan.channels.office.forms import EmployerField
from pakan.channels.office.frame import page_of, show
from pakan.operations import certify
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import look
from pakan.registers.care import queries
from pakan.registers.care.models import Batch, IssuedCard
from pakan.registers.families.models import FamilyMember
from pakan.registers.families.queries import living
from pakan.registers.families.states import State
from pakan.registers.people.models import District, Employer, Person
from pakan.units.number import WrongNumber, clean_person_number

WHY = {
    IssuedCard.Why.LOST.value: gettext_lazy("Lost or stolen"),
    IssuedCard.Why.WRONG.value: gettext_lazy("A fact on it is wrong"),
    IssuedCard.Why.DEATH.value: gettext_lazy("The person died"),
    IssuedCard.Why.ENDED.value: gettext_lazy("Cover has ended"),
}
AGAIN = {
    IssuedCard.Why.LOST.value: gettext_lazy("Lost or stolen"),
    IssuedCard.Why.WRONG.value: gettext_lazy("A fact on it is wrong"),
    IssuedCard.Why.REPRINTED.value: gettext_lazy("Damaged, or badly printed"),
}
SAID = WHY | AGAIN | {IssuedCard.Why.KEY.value: gettext_lazy("The signing key was changed")}
KINDS = {"phone": gettext_lazy("on the phone"), "paper": gettext_lazy("on paper")}
WARNINGS = {
    "dark": gettext_lazy("The photo is too dark."),
    "bright": gettext_lazy("The photo is too bright."),
    "small": gettext_lazy("The photo is too small. It will be blurred."),
    "flat": gettext_lazy("There is hardly anything on the photo."),
}
REFUSED = {
    "large": gettext_lazy("The photo is too large. At most 6 MB."),
    "not_a_photo": gettext_lazy("This is not a photo. Take a JPEG, PNG or WebP file."),
    "why": gettext_lazy("Choose a reason."),
    "withdrawn": gettext_lazy("This card was withdrawn before."),
    "no cover": gettext_lazy("Care is not covered today, so no card can be printed."),
    "reprinted": gettext_lazy("This card was printed again before. Use the newer one."),
    "unknown": gettext_lazy("There is no such paper card."),
    "where": gettext_lazy("Choose an employer or a district, one of them."),
    "whose": gettext_lazy("Choose whose photo it is."),
}


class PersonForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Social security number"),
        help_text=gettext_lazy("Each look is kept, and the person can see it."),
        max_length=30,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean_number(self) -> str:
        try:
            return clean_person_number(self.cleaned_data["number"])
        except WrongNumber as fault:
            raise forms.ValidationError(_("Type the number as it stands on the card.")) from fault


@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: Asked) -> HttpResponse:
    """No list of people: one asks for a person by number."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if Person.objects.filter(number=form.cleaned_data["number"]).exists():
            return redirect("office:person_cards", form.cleaned_data["number"])
        form.add_error("number", _("Nobody has this number. Look for a digit that is wrong."))
    return show(request, "cards", {"form": form}, current="cards", status=422 if form.errors else 200)


def _person(number: str) -> Person:
    found = Person.objects.filter(number=number).first()
    if found is None:
        raise Http404
    return found


class PhotoForm(forms.Form):
    whose = forms.ChoiceField(
        label=gettext_lazy("Whose photo"),
        error_messages={"invalid_choice": REFUSED["whose"], "required": REFUSED["whose"]},
    )
    photo = forms.FileField(
        label=gettext_lazy("New photo"), widget=forms.FileInput(attrs={"accept": "image/*"})
    )
    in_spite = forms.BooleanField(label=gettext_lazy("Keep it although it is not good"), required=False)

    def __init__(self, person: Person, *args: Any) -> None:
        """A form for the faces of the person and of whoever is confirmed in the family."""
        super().__init__(*args)
        self.family = {one.number: one for one in living(person.id) if one.state == State.CONFIRMED}
        named = [(one.number, f"{one.name} · {RELATIONS[one.relation]}") for one in self.family.values()]
        whose: Any = self.fields["whose"]
        whose.choices = [(person.number, person.name), *named]
        whose.initial = person.number

    @property
    def relative(self) -> FamilyMember | None:
        return self.family.get(self.cleaned_data["whose"])


@require_safe
def person_cards(request: Asked, number: str) -> HttpResponse:
    person = _person(number)
    look(request.actor, "cards", person.id, "card")
    rows = [
        {
            "card": card,
            "kind": KINDS[card.kind],
            "why": SAID.get(card.why, ""),
            "lives": card.revoked_at is None and card.until >= request.actor.today,
        }
        for card in queries.cards_of(person.id)
    ]
    form = PhotoForm(person)
    family = form.family.values()
    taken = queries.photos_of([person.id, *(one.insured_id for one in family)])
    faces = [(person.name, "", taken.get((person.id, None)))]
    faces += [(one.name, str(RELATIONS[one.relation]), taken.get((one.insured_id, one.id))) for one in family]
    facts = {
        "person": person,
        "rows": rows,
        "faces": faces,
        "form": form,
        "why": WHY.items(),
        "again": AGAIN.items(),
    }
    return show(request, "person_cards", facts, current="cards")


@require_POST
def photo(request: Asked, number: str) -> HttpResponse:
    person = _person(number)
    form = PhotoForm(person, request.POST, request.FILES)
    if not form.is_valid():
        if "whose" in form.errors:
            messages.error(request, str(REFUSED["whose"]))
        if "photo" in form.errors:
            messages.error(request, _("Choose a file."))
        return redirect("office:person_cards", number)
    try:
        warnings = certify.take_photo(
            request.actor,
            person,
            form.cleaned_data["photo"].read(),
            form.cleaned_data["in_spite"],
            form.relative,
        )
    except certify.PhotoRefused as refusal:
        messages.error(request, str(REFUSED[refusal.code]))
        return redirect("office:person_cards", number)
    for warning in warnings:
        messages.warning(request, str(WARNINGS[warning]))
    if not warnings or form.cleaned_data["in_spite"]:
        messages.success(request, _("The photo is kept for the next card."))
    else:
        messages.info(request, _("The photo is not kept. Take another one, or tick the box."))
    return redirect("office:person_cards", number)


@require_POST
def withdraw(request: Asked, number: str) -> HttpResponse:
    person = _person(number)
    serial = request.POST.get("serial", "")
    if not IssuedCard.objects.filter(serial=serial, person=person).exists():
        raise Http404
    try:
        certify.withdraw(request.actor, serial, request.POST.get("why", ""))
    except certify.Refused as refusal:
        messages.error(request, str(REFUSED[refusal.code]))
    else:
        messages.success(request, _("Withdrawn. Readers learn it with their next list."))
    return redirect("office:person_cards", number)


@require_POST
def reprint(request: Asked, number: str) -> HttpResponse:
    person = _person(number)
    serial = request.POST.get("serial", "")
    if not IssuedCard.objects.filter(serial=serial, person=person).exists():
        raise Http404
    try:
        batch = certify.reprint(request.actor, serial, request.POST.get("why", ""))
    except certify.Refused as refusal:
        messages.error(request, str(REFUSED[refusal.code]))
        return redirect("office:person_cards", number)
    messages.success(request, _("The card is printed again in batch %(number)s.") % {"number": batch.number})
    return redirect("office:card_batches")


class BatchForm(forms.Form):
    employer = EmployerField(label=gettext_lazy("Number of the employer"), required=False)
    district = forms.ModelChoiceField(
        label=gettext_lazy("Or everybody of a district"), queryset=District.objects.none(), required=False
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        field: Any = self.fields["district"]
        field.queryset = District.objects.select_related("province").order_by("code")
        name = "name_en" if language() == "en" else "name_lo"
        field.label_from_instance = lambda one: f"{getattr(one.province, name)}: {getattr(one, name)}"

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.errors and (typed.get("employer") is None) == (typed.get("district") is None):
            raise forms.ValidationError(str(REFUSED["where"]))
        return typed


@require_http_methods(["GET", "HEAD", "POST"])
def batches(request: Asked) -> HttpResponse:
    form = BatchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        employer: Employer | None = form.cleaned_data["employer"]
        batch = certify.print_cards(request.actor, employer, form.cleaned_data["district"])
        messages.success(request, _("Batch %(number)s is being printed.") % {"number": batch.number})
        return redirect("office:card_batches")
    page = page_of(request, queries.batches())
    rows = [{"batch": batch, "where": _where(batch)} for batch in page.object_list]
    facts = {"form": form, "page": page, "rows": rows}
    return show(request, "card_batches", facts, current="cards", status=422 if form.errors else 200)


def _where(batch: Batch) -> str:
    place = batch.employer or batch.district
    return (
        "" if place is None else str(place.name_en if language() == "en" and place.name_en else place.name_lo)
    )


@require_safe
def batch_pdf(request: Asked, number: str) -> HttpResponse:
    found = queries.batch(number)
    if found is None or found.document is None:
        raise Http404
    answer = HttpResponse(bytes(found.document.content), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.document.name}"'
    return answer
