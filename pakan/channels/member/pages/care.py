"""My hospital, the care I got, and how it was (C57, C58, C60); and a card that is lost."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pakan.channels.kit.once import once
from pakan.channels.kit.speech import kip_text, language
from pakan.channels.member.shell import page, person_of
from pakan.operations import care, certify
from pakan.registers.access.actor import Asked
from pakan.registers.care import queries
from pakan.registers.care.models import WORDS, Choice, Facility, Visit
from pakan.registers.people.models import Province
from pakan.registers.people.queries import person_by_id
from pakan.units.month import Month

SHOWN = 20
REASONS = {
    "yearly": gettext_lazy("I want another one"),
    "moved": gettext_lazy("I moved to another district"),
}
REFUSED = {
    "unknown": gettext_lazy("Choose a hospital from the list."),
    "same": gettext_lazy("This is your hospital already."),
    "waiting": gettext_lazy("You have asked already. We answer soon."),
    "why": gettext_lazy("You changed this year already. Tell us why."),
    "too long": gettext_lazy("Write at most 500 letters."),
    "not moved": gettext_lazy("This hospital is in the same district as before."),
    "stars": gettext_lazy("Choose a number from 1 to 5."),
    "rated": gettext_lazy("You have told us already. Thank you."),
}
KINDS = {
    Visit.Kind.OUT.value: gettext_lazy("Treated"),
    Visit.Kind.IN.value: gettext_lazy("Stayed in hospital"),
    Visit.Kind.EMERGENCY.value: gettext_lazy("Emergency"),
}
STARS = {
    5: gettext_lazy("5: very good"),
    4: gettext_lazy("4: good"),
    3: gettext_lazy("3: all right"),
    2: gettext_lazy("2: bad"),
    1: gettext_lazy("1: very bad"),
}


def _name(place: Any) -> str:
    return str(place.name_en if language() == "en" and place.name_en else place.name_lo)


@require_POST
def lost(request: Asked) -> HttpResponse:
    """The card is withdrawn at once; this phone shows a new one."""
    try:
        certify.report_lost(request.actor, request.POST.get("serial", ""))
    except certify.Refused as fault:
        raise Http404 from fault
    messages.success(request, _("The old card no longer works. This is your new card."))
    return redirect("member:card")


# --- the hospital ----------------------------------------------------------------------------------------------------


class HospitalForm(forms.Form):
    facility = forms.ChoiceField(label=gettext_lazy("Which hospital?"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=gettext_lazy("Why do you change?"),
        widget=forms.RadioSelect,
        choices=lambda: list(REASONS.items()),
    )
    text = forms.CharField(
        label=gettext_lazy("Tell us why"),
        max_length=WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, near: list[Facility], first: bool, must_say: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        chosen: Any = self.fields["facility"]
        chosen.choices = [(one.code, f"{_name(one)} · {_name(one.district)}") for one in near]
        if first:
            del self.fields["reason"]
        if not must_say:
            del self.fields["text"]


@require_http_methods(["GET", "HEAD", "POST"])
def hospital(request: Asked) -> HttpResponse:
    return once(request, lambda: _hospital(request))


def _hospital(request: Asked) -> HttpResponse:
    person = person_by_id(person_of(request))
    month = Month.of(request.actor.today)
    now = queries.choice_in_force(person.id, month)
    coming = queries.choice_to_come(person.id, month)
    province = request.GET.get("province", "") or (person.district_id or "")[:2]
    form = HospitalForm(
        request.POST or None,
        near=_near(request, province, person.district_id),
        first=now is None,
        must_say=now is not None and not care.may_change(person.id, request.actor.at, request.actor.today),
    )
    if request.method == "POST" and form.is_valid() and _chosen(request, form):
        return redirect("member:hospital")
    facts: dict[str, Any] = {
        "form": form,
        "now": now and {"choice": now, "name": _name(now.facility), "place": _name(now.facility.district)},
        "coming": coming and {"choice": coming, "name": _name(coming.facility)},
        "is_waiting": coming is not None and coming.state == Choice.State.WAITING,
        "refused": queries.last_answer(person.id),
        "province": province,
        "provinces": [(one.code, _name(one)) for one in Province.objects.order_by("code")],
    }
    return page(request, "hospital", tab="home", back="card", **facts)


def _near(request: Asked, province: str, district: str | None) -> list[Facility]:
    """The hospitals of the province, the person's own district first."""
    found = queries.under_contract(request.actor.today)
    if province:
        found = found.filter(district__province_id=province)
    return queries.nearest_first(found, district)[:SHOWN]


def _chosen(request: Asked, form: HospitalForm) -> bool:
    typed = form.cleaned_data
    try:
        made = care.choose(request.actor, typed["facility"], typed.get("reason", ""), typed.get("text", ""))
    except care.Refused as refusal:
        field = {"why": "text", "too long": "text", "not moved": "reason"}.get(refusal.code, "facility")
        form.add_error(field if field in form.fields else None, str(REFUSED[refusal.code]))
        return False
    waits = made.state == Choice.State.WAITING
    messages.success(
        request, _("We have your wish. We answer soon.") if waits else _("Your hospital is kept.")
    )
    return True


# --- care that was given ---------------------------------------------------------------------------------------------


def _said(visit: Visit) -> dict[str, Any]:
    """A visit in words: who treated, what the fund does with the bill."""
    if not visit.billed:
        says, tone = _("nothing to pay"), "ok"
    elif visit.decided_at is None:
        says, tone = _("we look at the bill"), "wait"
    elif visit.agreed == visit.billed:
        says, tone = _("the fund takes all of it"), "ok"
    else:
        says, tone = _("the fund takes part of it"), "info"
    return {
        "visit": visit,
        "name": _name(visit.facility),
        "kind": KINDS[visit.kind],
        "says": says,
        "tone": tone,
    }


@require_GET
def visits(request: Asked) -> HttpResponse:
    shown = Paginator(queries.visits_of(person_of(request)), SHOWN).get_page(request.GET.get("page"))
    rows = [_said(visit) | {"url": reverse("member:visit", args=[visit.key])} for visit in shown.object_list]
    return page(request, "visits", tab="home", back="card", rows=rows, page=shown)


class RatingForm(forms.Form):
    stars = forms.TypedChoiceField(
        label=gettext_lazy("How was it?"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=lambda: [(str(number), says) for number, says in STARS.items()],
    )
    words = forms.CharField(
        label=gettext_lazy("In your words"),
        help_text=gettext_lazy("The hospital does not learn who wrote."),
        max_length=WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: Asked, key: str) -> HttpResponse:
    """One visit: of another person it does not exist."""
    try:
        found = queries.visits_of(person_of(request)).get(key=UUID(key))
    except (ValueError, Visit.DoesNotExist) as fault:
        raise Http404 from fault
    form = RatingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            care.rate(request.actor, found.key, form.cleaned_data["stars"], form.cleaned_data["words"])
        except care.Refused as refusal:
            messages.info(request, str(REFUSED[refusal.code]))
        else:
            messages.success(request, _("Thank you. We read every word."))
        return redirect("member:visit", key)
    facts = _said(found) | {
        "form": form,
        "rating": getattr(found, "rating", None),
        "billed": kip_text(found.billed),
        "agreed": kip_text(found.agreed) if found.decided_at else "",
    }
    return page(request, "visit", tab="home", back="visits", **facts)
