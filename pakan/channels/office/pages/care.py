"""Hospitals at the office: their list and pace, wishes to change, and bills that two people agree (C57–C61)."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from pakan.channels.kit.fields import DayField, KipField
from pakan.channels.kit.speech import kip_text, language
from pakan.channels.office.frame import may_open, page_of, show
from pakan.channels.office.pages.cards import PersonForm
from pakan.law.care import TERMS
from pakan.operations import care
from pakan.registers.access.actor import VIENTIANE, Asked
from pakan.registers.access.audit import look
from pakan.registers.access.roles import Role
from pakan.registers.care import queries
from pakan.registers.care.models import WORDS, Choice, Visit
from pakan.registers.families.queries import by_number, insured_now
from pakan.registers.people.models import Person
from pakan.units.money import Kip

PROBLEMS = {
    "not_csv": gettext_lazy("This is not a CSV file in UTF-8."),
    "empty": gettext_lazy("The list has no line."),
    "column": gettext_lazy("This column is missing."),
    "too_many": gettext_lazy("More than 5,000 lines. Cut the list into parts."),
    "twice": gettext_lazy("This code stands in the list twice."),
    "code": gettext_lazy("Code: up to 10 Latin letters and digits."),
    "name_lo": gettext_lazy("The Lao name is missing or begins with a sign."),
    "name_en": gettext_lazy("The English name is too long or begins with a sign."),
    "kind": gettext_lazy("Kind: write hospital, district or centre."),
    "district": gettext_lazy("No district has this code. It has four digits."),
    "village": gettext_lazy("The village is too long."),
    "phone": gettext_lazy("The phone number is too long."),
    "emergency": gettext_lazy("Emergency: write yes or no."),
    "contract_from": gettext_lazy("First day of the contract: write it like 2026-01-31."),
    "contract_until": gettext_lazy(
        "Last day of the contract: like 2026-12-31, not before the first day, or empty."
    ),
}
REFUSED = {
    "why": gettext_lazy("Write the reason. The person reads it."),
    "too long": gettext_lazy("Write at most 500 letters."),
    "decided": gettext_lazy("Somebody has decided this already."),
    "amount": gettext_lazy("Not more than the bill."),
    "nothing": gettext_lazy("Nobody has proposed an amount yet."),
    "same person": gettext_lazy("You proposed this amount. Another officer must agree."),
    "future": gettext_lazy("This day has not come yet."),
    "family": gettext_lazy("This family member is not confirmed, or not any more. Look at the family first."),
}
KINDS = {
    Visit.Kind.OUT.value: gettext_lazy("Treated"),
    Visit.Kind.IN.value: gettext_lazy("Stayed in hospital"),
    Visit.Kind.EMERGENCY.value: gettext_lazy("Emergency"),
}
FINDINGS = {
    "withdrawn": gettext_lazy("card was withdrawn"),
    "over": gettext_lazy("cover was over"),
    "elsewhere": gettext_lazy("not the chosen hospital"),
    "above": gettext_lazy("more than the guarantee while offline"),
}
YEAR = timedelta(days=365)


def _name(place: Any) -> str:
    return str(place.name_en if language() == "en" and place.name_en else place.name_lo)


# --- the list of hospitals -------------------------------------------------------------------------------------------


class ListForm(forms.Form):
    list = forms.FileField(
        label=gettext_lazy("List of hospitals (CSV)"),
        help_text=gettext_lazy("The first line names the columns: %(columns)s")
        % {"columns": ", ".join(care.COLUMNS)},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def facilities(request: Asked) -> HttpResponse:
    """The list with its pace; the registrar takes in a new one."""
    may_load = Role.REGISTRAR in request.actor.own
    form = ListForm(request.POST or None, request.FILES or None)
    problems: list[dict[str, Any]] = []
    if request.method == "POST" and may_load and form.is_valid():
        try:
            new, known = care.load(request.actor, form.cleaned_data["list"].read())
        except care.ListRefused as refusal:
            problems = [{"at": one, "says": PROBLEMS[one.code]} for one in refusal.problems[:200]]
        else:
            told = {"new": new, "known": known}
            messages.success(request, _("%(new)s new hospitals, %(known)s known ones written again.") % told)
            return redirect("office:facilities")
    target = TERMS.on(request.actor.today).answer_days
    rows = queries.pace(request.actor.today, request.actor.at - YEAR, target)
    facts = {
        "form": form,
        "problems": problems,
        "rows": [
            {"pace": row, "name": _name(row.facility), "place": _name(row.facility.district)} for row in rows
        ],
        "target": target,
        "may_load": may_load,
        "new_key": request.session.pop("facility_key", None),
    }
    bad = bool(problems or form.errors)
    return show(request, "facilities", facts, current="facilities", status=422 if bad else 200)


@require_POST
def new_key(request: Asked, code: str) -> HttpResponse:
    """Shown once on the next page, then known to the hospital alone."""
    try:
        key = care.new_key(request.actor, code)
    except care.Refused as refusal:
        raise Http404 from refusal
    request.session["facility_key"] = {"code": code, "key": key}
    return redirect("office:facilities")


# --- wishes to change ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD"])
def wishes(request: Asked) -> HttpResponse:
    """No names here: who asked is seen on the wish, and that look is kept."""
    page = page_of(request, queries.choices_waiting())
    rows = [
        {
            "wish": wish,
            "name": _name(wish.facility),
            "days": (request.actor.today - wish.asked_at.astimezone(VIENTIANE).date()).days,
        }
        for wish in page.object_list
    ]
    return show(request, "hospital_wishes", {"page": page, "rows": rows}, current="hospital_wishes")


class WishForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("A no needs its reason. The person reads it."),
        max_length=WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: Asked, id: int) -> HttpResponse:
    found = queries.choice_by_id(id)
    if found is None or found.state != Choice.State.WAITING:
        raise Http404
    form = WishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        grant = request.POST.get("do") == "grant"
        try:
            care.decide(request.actor, found.id, grant, form.cleaned_data["answer"])
        except care.Refused as refusal:
            form.add_error("answer", str(REFUSED[refusal.code]))
        else:
            messages.success(request, _("Answered. The member gets a message."))
            return redirect("office:hospital_wishes")
    look(request.actor, "hospital wish", found.person_id, "hospital")
    now = queries.choice_in_force(found.person_id, found.first_month)
    facts = {
        "wish": found,
        "form": form,
        "wanted": f"{_name(found.facility)}, {_name(found.facility.district)}",
        "now": f"{_name(now.facility)}, {_name(now.facility.district)}" if now else "",
        "home": _name(found.person.district) if found.person.district else "",
    }
    return show(
        request, "hospital_wish", facts, current="hospital_wishes", status=422 if form.errors else 200
    )


# --- bills -----------------------------------------------------------------------------------------------------------


def _findings(visit: Visit) -> list[str]:
    return [str(FINDINGS[code]) for code in visit.findings.split()]


@require_http_methods(["GET", "HEAD"])
def bills(request: Asked) -> HttpResponse:
    page = page_of(request, queries.bills_waiting())
    rows = [
        {
            "visit": visit,
            "name": _name(visit.facility),
            "kind": KINDS[visit.kind],
            "findings": _findings(visit),
            "days": (request.actor.today - visit.received_at.astimezone(VIENTIANE).date()).days,
        }
        for visit in page.object_list
    ]
    target = TERMS.on(request.actor.today).answer_days
    facts = {
        "page": page,
        "rows": rows,
        "target": target,
        "may_enter": Role.BENEFITS_OFFICER in request.actor.own,
        "may_open": may_open(request.actor, "bill"),
    }
    return show(request, "bills", facts, current="bills")


class BillForm(forms.Form):
    agreed = KipField(label=gettext_lazy("The fund should take"))
    why = forms.CharField(
        label=gettext_lazy("Why less than the bill?"),
        help_text=gettext_lazy("The person reads it."),
        max_length=WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def bill(request: Asked, key: str) -> HttpResponse:
    try:
        found = queries.visit(UUID(key))
    except ValueError as fault:
        raise Http404 from fault
    if found is None:
        raise Http404
    form = BillForm(
        request.POST if request.POST.get("do") == "propose" else None, initial={"agreed": found.billed}
    )
    if request.method == "POST" and _bill_done(request, found, form):
        return redirect("office:bill", key)
    look(request.actor, f"visit {found.key}", found.person_id, "bill")
    facts = {
        "visit": found,
        "form": form,
        "name": _name(found.facility),
        "kind": KINDS[found.kind],
        "findings": _findings(found),
        "agreed": None if found.agreed is None else kip_text(found.agreed),
        "is_mine": found.proposed_by_id == request.actor.account_id,
    }
    return show(request, "bill", facts, current="bills", status=422 if form.errors else 200)


def _bill_done(request: Asked, found: Visit, form: BillForm) -> bool:
    """Whether what was sent is done; what is wrong stands in the form or above the page."""
    try:
        if request.POST.get("do") == "settle":
            care.settle(request.actor, found.key)
            messages.success(request, _("Agreed. The member sees it."))
            return True
        if not form.is_valid():
            return False
        care.propose(request.actor, found.key, form.cleaned_data["agreed"], form.cleaned_data["why"])
    except care.Refused as refusal:
        if form.is_bound:
            form.add_error("why" if refusal.code == "why" else "agreed", str(REFUSED[refusal.code]))
            return False
        messages.error(request, str(REFUSED[refusal.code]))
        return True
    messages.success(request, _("Proposed. Another officer agrees."))
    return True


class VisitForm(PersonForm):
    """The number on the card tells who was treated: the insured person, or one of the family (F26-…)."""

    facility = forms.ChoiceField(label=gettext_lazy("Hospital"))
    kind = forms.ChoiceField(label=gettext_lazy("What care?"), choices=lambda: list(KINDS.items()))
    day = DayField(label=gettext_lazy("Day of the care"))
    billed = KipField(label=gettext_lazy("Bill in kip"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        chosen: Any = self.fields["facility"]
        chosen.choices = places
        self.fields["number"].label = _("Number of whom was treated")
        self.fields["number"].help_text = _("From the card, also of a family member. Each look is kept.")

    def clean_number(self) -> str:
        number = " ".join(self.cleaned_data["number"].split()).upper()
        return number if number.startswith("F") else super().clean_number()


@require_http_methods(["GET", "HEAD", "POST"])
def visit_new(request: Asked) -> HttpResponse:
    """A paper of a hospital or of a member is entered; sent twice, it is one visit."""
    places = [(one.code, _name(one)) for one in queries.under_contract(request.actor.today)]
    form = VisitForm(request.POST or None, places=places, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        done = _entered(request, form)
        if done is not None:
            messages.success(request, _("The visit is kept."))
            return redirect("office:bill", str(done.key))
    return show(request, "visit_new", {"form": form}, current="bills", status=422 if form.errors else 200)


def _entered(request: Asked, form: VisitForm) -> Visit | None:
    typed = form.cleaned_data
    member = by_number(typed["number"])
    person = insured_now(member) if member else Person.objects.filter(number=typed["number"]).first()
    place = queries.facility(typed["facility"])
    if person is None or place is None:
        form.add_error("number", _("Nobody has this number. Look for a digit that is wrong."))
        return None
    try:
        return care.note_visit(
            request.actor,
            person,
            place,
            typed["key"],
            typed["kind"],
            typed["day"],
            Kip(typed["billed"]),
            member,
        )
    except care.Refused as refusal:
        field = "number" if refusal.code == "family" else "day"
        form.add_error(field, str(REFUSED.get(refusal.code, REFUSED["decided"])))
        return None
