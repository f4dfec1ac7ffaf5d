"""Who helps me, and whom I help: scoped, dated, taken back at once. Who acts for another always sees for whom (C12)."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pakan.channels.kit.once import once, sent_id
from pakan.channels.kit.speech import language
from pakan.channels.member.forms import MemberForm
from pakan.channels.member.pages.payments import keep_and_prove
from pakan.channels.member.pages.record import year_of
from pakan.channels.member.pages.wrong import REFUSED as WRONG_REFUSED
from pakan.channels.member.pages.wrong import WrongForm
from pakan.channels.member.reading import record_of
from pakan.channels.member.shell import page, person_of
from pakan.operations import enter, entrust, notify, report
from pakan.registers.access.actor import Actor, Asked
from pakan.registers.messages.queries import inbox
from pakan.registers.people.queries import employers_by_code
from pakan.registers.relatives.models import Entrusted, Scope
from pakan.registers.relatives.queries import given_by, held_by, was_given, was_held
from pakan.units.month import Month

SCOPES: dict[str, str | Promise] = {
    Scope.RECORD.value: gettext_lazy("See my months"),
    Scope.WRONG.value: gettext_lazy("Say that a month is wrong"),
    Scope.CLAIM.value: gettext_lazy("Prepare and send claims for me"),
    Scope.MESSAGES.value: gettext_lazy("Read my messages"),
}
LENGTHS = {
    "7": gettext_lazy("One week"),
    "30": gettext_lazy("One month"),
    "180": gettext_lazy("Six months"),
    "365": gettext_lazy("One year"),
}
REFUSED: dict[str, tuple[str | None, str | Promise]] = {
    "scopes": ("scopes", gettext_lazy("Choose what this person may do.")),
    "until": ("days", gettext_lazy("Choose how long.")),
    "many": (None, gettext_lazy("Five people help you already. End one first.")),
    "self": ("number", gettext_lazy("This is your own number.")),
    "nobody": (
        "number",
        gettext_lazy("No account has this number and birth date. The person must sign in once first."),
    ),
}
SHOWN = 20


class HelperForm(MemberForm):
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What may this person do?"),
        choices=lambda: list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long?"),
        choices=lambda: list(LENGTHS.items()),
        coerce=int,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["number"].label = _("Number of the person who helps you")
        self.fields["birth_date"].label = _("Birth date of that person")


def _said(one: Entrusted) -> dict[str, Any]:
    return {"one": one, "scopes": [SCOPES[scope] for scope in one.scopes]}


@require_GET
def helpers(request: Asked) -> HttpResponse:
    today = request.actor.today
    facts = {
        "given": [_said(one) for one in given_by(person_of(request), today)],
        "held": [_said(one) for one in held_by(request.actor.account_id or 0, today)],
    }
    return page(request, "helpers", tab="me", back="me", **facts)


@require_http_methods(["GET", "POST"])
def new(request: Asked) -> HttpResponse:
    """Sharing asks for a fresh proof: a phone that lies open gives nothing away."""
    return once(request, lambda: _new(request))


def _new(request: Asked) -> HttpResponse:
    # What waited on a phone is sent before the person's eyes: her next PIN, shown for something else, is no word to it.
    if "Outbox" in request.headers or not enter.is_fresh(request, request.actor.at):
        return keep_and_prove(request, reverse("member:helper_new"))
    form = HelperForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        until = request.actor.today + timedelta(days=typed["days"])
        try:
            entrust.give(request.actor, typed["number"], typed["birth_date"], typed["scopes"], until)
        except entrust.Refused as refusal:
            field, says = REFUSED[refusal.code]
            form.add_error(field, str(says))
        except entrust.TooOften:
            form.add_error(None, _("Too many tries today. Try again tomorrow."))
        else:
            messages.success(request, _("This person may help you now. You can end it any time."))
            return redirect("member:helpers")
    return page(request, "helper_new", tab="me", back="helpers", form=form)


@require_POST
def end(request: Asked) -> HttpResponse:
    return once(request, lambda: _end(request))


def _end(request: Asked) -> HttpResponse:
    key = request.POST.get("key", "")[:32]
    if not entrust.end(request.actor, key) and not was_given(person_of(request), key):
        raise Http404
    messages.success(request, _("Ended. Nothing opens for this person any more."))
    return redirect("member:helpers")


def acting(request: Asked, key: str, scope: str) -> tuple[Actor, Entrusted]:
    """Raises Http404 for whatever is not in force for this account, this key and this scope."""
    found = entrust.acting(request.actor, key, scope)
    if found is None:
        raise Http404
    return found


def while_allowed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Each sending once. What waited on a phone may come after the mandate ended: then that is said.

    For everybody else nothing is there.
    """

    @wraps(view)
    def opened(request: Asked, key: str, **more: Any) -> HttpResponse:
        return once(request, lambda: tried(request, key, **more))

    def tried(request: Asked, key: str, **more: Any) -> HttpResponse:
        try:
            return view(request, key, **more)
        except Http404:
            if sent_id(request) is None or not was_held(
                request.actor.account_id or 0, key, request.actor.today
            ):
                raise
        messages.error(request, _("You may not act for this person any more. It was not sent."))
        return redirect("member:helpers")

    return opened


@require_GET
def record(request: Asked, key: str) -> HttpResponse:
    _actor, one = acting(request, key, Scope.RECORD)
    found = record_of(one.owner_id, request.actor.today)
    this = request.actor.today.year
    first = min(found.first.year, this) if found.first else this
    facts = {
        "helps": one,
        "years": [year_of(found, year, linked=False) for year in range(this, max(first, this - 5) - 1, -1)],
        "counted": len(found.counted),
        "missing": found.all_in("missing")[:SHOWN],
        "may_report": Scope.WRONG in one.scopes,
        "may_read": Scope.MESSAGES in one.scopes,
    }
    return page(request, "for_record", tab="me", back="helpers", **facts)


@require_GET
def their_messages(request: Asked, key: str) -> HttpResponse:
    """The texts, without marking them as read: only the owner reads for himself."""
    _actor, one = acting(request, key, Scope.MESSAGES)
    texts = [(message, notify.text_of(message, language())) for message in inbox(one.owner_id, 0, SHOWN)]
    return page(request, "for_messages", tab="me", back="helpers", helps=one, texts=texts)


@require_POST
@while_allowed
def wrong(request: Asked, key: str, month: str) -> HttpResponse:
    """For the owner, under the helper's own name in the trail."""
    actor, one = acting(request, key, Scope.WRONG)
    try:
        asked = Month.parse(month)
    except ValueError as fault:
        raise Http404 from fault
    form = WrongForm(request.POST)
    employer = employers_by_code([request.POST.get("employer", "")[:7]]).get(
        request.POST.get("employer", "")[:7]
    )
    if not form.is_valid() or employer is None:
        raise Http404
    try:
        typed = form.cleaned_data
        case = report.open_case(actor, asked, typed["kind"], typed["text"], employer.id)
    except report.Refused as refusal:
        messages.error(request, WRONG_REFUSED[refusal.code])
    else:
        messages.success(request, _("We have it. Your number: %(number)s") % {"number": case.number})
    goes_to = "member:for_record" if Scope.RECORD in one.scopes else "member:helpers"
    return redirect(goes_to, key) if goes_to == "member:for_record" else redirect(goes_to)
