"""The counter: a person is found by the exact number, papers are looked at, one secret goes over on paper (C2, C7)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from pakan.channels.office.frame import show
from pakan.operations import enter
from pakan.registers.access.actor import Asked
from pakan.registers.access.audit import look
from pakan.registers.access.models import Account
from pakan.registers.people.models import Person
from pakan.registers.people.queries import by_number, person_by_id
from pakan.units.number import WrongNumber, clean_person_number, clean_phone, masked_phone

WHY = {
    "open": gettext_lazy("The person wants an account"),
    "lost": gettext_lazy("Phone or PIN is lost"),
}
PAPERS = {
    "id_card": gettext_lazy("Identity card"),
    "family_book": gettext_lazy("Family book"),
    "passport": gettext_lazy("Passport"),
    "member_card": gettext_lazy("Social security card with photo"),
}
PURPOSES = {
    "question": gettext_lazy("A question of the person"),
    "missing_paper": gettext_lazy("A paper is missing"),
    "payment": gettext_lazy("A payment"),
    "visit": gettext_lazy("A visit"),
}


class PersonForm(forms.Form):
    """One person by the exact number: nothing is listed."""

    number = forms.CharField(
        label=gettext_lazy("Social security number of the person"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"}),
    )

    def clean_number(self) -> str:
        try:
            number = clean_person_number(self.cleaned_data["number"])
        except WrongNumber as fault:
            raise forms.ValidationError(_("This is not such a number.")) from fault
        if not by_number([number]):
            raise forms.ValidationError(_("Nobody has this number. Look for a digit that is wrong."))
        return number


class WhyForm(PersonForm):
    why = forms.ChoiceField(
        label=gettext_lazy("Why do you look?"),
        help_text=gettext_lazy("Each look is kept, with your name and this reason."),
        choices=lambda: list(WHY.items()),
    )


class CallForm(PersonForm):
    purpose = forms.ChoiceField(
        label=gettext_lazy("Why do you call?"), choices=lambda: list(PURPOSES.items())
    )


class PaperForm(forms.Form):
    paper = forms.ChoiceField(
        label=gettext_lazy("Which paper did you see?"),
        help_text=gettext_lazy("Compare photo, name and birth date."),
        choices=lambda: list(PAPERS.items()),
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=gettext_lazy("New phone number, if there is one"),
        help_text=gettext_lazy("Leave it empty if the number stays, or if there is no phone."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "class": "short"}),
    )

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"])
        try:
            return clean_phone(typed) if typed else ""
        except WrongNumber as fault:
            raise forms.ValidationError(_("This is no phone number. Type it like 020 5555 1234.")) from fault


def _person(number: str) -> Person:
    return person_by_id(by_number([number])[number].id)


@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: Asked) -> HttpResponse:
    """Search before seeing. Who was found is kept in the session, not in the address."""
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session["counter"] = form.cleaned_data
        return redirect("office:counter_person")
    return show(request, "counter", {"form": form}, current="counter", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def counter_person(request: Asked) -> HttpResponse:
    """What an officer compares with the paper, and what the person takes along."""
    kept = request.session.get("counter")
    if not kept:
        return redirect("office:counter")
    person = _person(kept["number"])
    account = Account.objects.filter(person=person).first()
    facts: dict[str, Any]
    form = PaperForm(request.POST or None)
    if not enter.is_fresh(request, request.actor.at):
        return prove_first("office:counter_person")
    if request.method == "POST" and form.is_valid():
        try:
            secret = enter.hand_paper(
                request.actor, person, form.cleaned_data["paper"], form.cleaned_data["phone"]
            )
        except enter.OwnAccount:
            form.add_error(None, _("This is your own account. Another officer must do it."))
        else:
            request.session.pop("counter")
            facts = {"person": person, "secret": secret, "waits": bool(form.cleaned_data["phone"])}
            return show(request, "counter_paper", facts, current="counter")
    look(request.actor, f"account of {person.number}", person.id, str(kept["why"]))
    facts = {
        "person": person, "form": form, "why": WHY[kept["why"]],
        "phone": masked_phone(person.phone) if person.phone else "",
        "has_account": account is not None and (bool(account.pin) or account.last_login is not None),
    }  # fmt: skip
    return show(request, "counter_person", facts, current="counter", status=422 if form.errors else 200)


def prove_first(view: str) -> HttpResponse:
    """Identity moves only after a proof of the last ten minutes; then back here."""
    return redirect(f"{reverse('public:ways_in')}?{urlencode({'next': reverse(view)})}")


class ConfirmForm(forms.Form):
    id = forms.IntegerField(min_value=1, max_value=2**62)
    answer = forms.ChoiceField(choices=[("holds", ""), ("stop", "")])


@require_http_methods(["GET", "HEAD", "POST"])
def new_phones(request: Asked) -> HttpResponse:
    """New numbers taken at a counter: a second officer looks before codes go there."""
    if not enter.is_fresh(request, request.actor.at):
        return prove_first("office:new_phones")
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = enter.confirm_phone(
                request.actor, form.cleaned_data["id"], form.cleaned_data["answer"] == "holds"
            )
        except enter.OwnChange:
            messages.error(request, _("You took this number yourself. Another officer must confirm it."))
        else:
            messages.info(
                request, _("Done. The old phone is told.") if done else _("Nothing waits here any more.")
            )
        return redirect("office:new_phones")
    waiting = enter.desk_changes()
    for one in waiting:
        look(request.actor, f"phone of {one.person.number}", one.person_id, "new phone")
    rows = [
        {
            "change": one, "old": masked_phone(one.old) if one.old else "—", "new": masked_phone(one.new),
            "own": one.by_id == request.actor.account_id,
        }
        for one in waiting
    ]  # fmt: skip
    return show(request, "new_phones", {"rows": rows}, current="counter")


# A call


class HalfForm(forms.Form):
    half = forms.CharField(
        label=gettext_lazy("The three digits that the person says"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: Asked) -> HttpResponse:
    """Before calling a person: both see the same digits; you say the first three, the person the last three."""
    going = enter.call_by(request.actor, int(request.session.get("call", 0)))
    form, half = CallForm(), HalfForm()
    if request.method == "POST" and "half" in request.POST and going is not None:
        half = HalfForm(request.POST)
        if half.is_valid() and enter.answer_call(request.actor, going, half.cleaned_data["half"]):
            going = enter.call_by(request.actor, going.id)
        elif half.is_valid():
            half.add_error("half", _("This is not right. It may be somebody else: tell nothing."))
    elif request.method == "POST":
        form = CallForm(request.POST)
        if form.is_valid():
            going = enter.begin_call(
                request.actor, _person(form.cleaned_data["number"]), form.cleaned_data["purpose"]
            )
            request.session["call"] = going.id
            return redirect("office:call")
    facts: dict[str, Any] = {"form": form, "half": half, "call": going}
    if going is not None:
        facts |= {"ours": enter.halves(going)[0], "why": PURPOSES[going.purpose]}
    return show(request, "call", facts, current="call", status=422 if form.errors or half.errors else 200)
