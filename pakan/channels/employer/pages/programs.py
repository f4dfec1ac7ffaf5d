"""Programs of the company: keys for payroll software, the addresses that are told, and the page for developers (C88)."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pakan.channels.employer.api.api import api
from pakan.channels.employer.api.changes import CHANGES
from pakan.channels.employer.api.examples import EXAMPLES
from pakan.channels.employer.api.faults import FAULTS
from pakan.channels.employer.frame import may, of_employer, show, to
from pakan.channels.employer.pages.people import prove_first
from pakan.channels.kit.speech import language
from pakan.operations import apikeys, enter, webhooks
from pakan.registers.access.actor import Asked
from pakan.registers.access.keys import keys_of
from pakan.registers.people.models import Employer
from pakan.registers.webhooks.queries import deliveries_of, endpoints_of

PAGE = 20
SCOPES: dict[str, str | Promise] = {
    "employees:read": gettext_lazy("read who works here"),
    "employees:write": gettext_lazy("register new workers and tell who leaves"),
    "declarations:write": gettext_lazy("prepare declarations and hand them over"),
    "declarations:read": gettext_lazy("read declarations"),
    "notices:write": gettext_lazy("ask for payment notices"),
    "receipts:read": gettext_lazy("read notices and receipts"),
    "statement:read": gettext_lazy("read the statement of account"),
    "webhooks:write": gettext_lazy("have events told to its own address"),
}
FACTS = {"wanted": "application/json", "seconds": "30"}  # for example, where a fault names one
KINDS: dict[str, str | Promise] = {
    "declaration.approved": gettext_lazy("a declaration is approved"),
    "declaration.refused": gettext_lazy("a declaration is sent back or cannot be read"),
    "notice.paid": gettext_lazy("a notice is paid"),
    "receipt.issued": gettext_lazy("money has arrived"),
}
EVENTS = KINDS | {"endpoint.test": gettext_lazy("a test that your company asked for")}
REFUSED: dict[str, tuple[str | None, str | Promise]] = {
    "name": ("name", gettext_lazy("Write a short name in plain letters.")),
    "scopes": ("scopes", gettext_lazy("Choose what the program may do.")),
    "days": ("days", gettext_lazy("Choose 1 to 366 days.")),
    "many": (None, gettext_lazy("There are ten keys already. Take one back first.")),
}


def _days(most: int, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy("Days until it expires"), min_value=1, max_value=most, initial=initial
    )


class KeyForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the program"), max_length=60)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What the program may do"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    days = _days(apikeys.LONGEST, 180)
    practice = forms.BooleanField(
        label=gettext_lazy("Dry run: everything is checked against your data and nothing is written"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.PRACTICE:  # everything here is practice
            del self.fields["practice"]
            self.fields["days"] = _days(apikeys.LONGEST_PRACTICE, apikeys.LONGEST_PRACTICE)


class EndpointForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        help_text=gettext_lazy("A public address that begins with https://"),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Tell when"), choices=list(KINDS.items()), widget=forms.CheckboxSelectMultiple
    )


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


@of_employer("GET", "HEAD", "POST")
def keys(request: Asked, employer: Employer) -> HttpResponse:
    """The keys of this company; a new one is shown once."""
    form, status = KeyForm(), 200
    administers = may(request.actor, employer, "apikeys.make")
    if request.method == "POST":
        if prove := prove_first(request, employer, "keys"):
            return prove
        if request.POST.get("do") == "revoke":
            if apikeys.revoke(request.actor, employer, _id(request.POST.get("id", ""))):
                messages.success(request, _("The key is taken back and opens nothing any more."))
            return to("keys", employer)
        form, status = KeyForm(request.POST), 422
        made = _made(request, employer, form)
        if made is not None:
            return made
    facts: dict[str, Any] = {
        "form": form,
        "administers": administers,
        "page": Paginator(keys_of(employer.id), PAGE).get_page(request.GET.get("page")),
        "now": request.actor.at,
    }
    return show(request, "keys", employer, facts, current="people", status=status)


def _made(request: Asked, employer: Employer, form: KeyForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    told = form.cleaned_data
    try:
        key, text = apikeys.make(
            request.actor, employer, told["name"], told["scopes"], told["days"], told.get("practice", False)
        )
    except apikeys.Refused as refused:
        for code in refused.codes:
            field, says = REFUSED[code]
            form.add_error(field, str(says))
        return None
    return show(request, "key_once", employer, {"key": key, "text": text}, current="people")


@of_employer("GET", "HEAD", "POST")
def told(request: Asked, employer: Employer) -> HttpResponse:
    """The addresses that are told what happens, the last deliveries, and sending again."""
    form, status = EndpointForm(), 200
    administers = may(request.actor, employer, "webhooks.resend")
    fresh = administers and enter.is_fresh(request, request.actor.at)
    if request.method == "POST":
        if prove := prove_first(request, employer, "told"):
            return prove
        if request.POST.get("do") != "register":
            _change(request, employer)
            return to("told", employer)
        form, status = EndpointForm(request.POST), 422
        if form.is_valid() and _registered(request, employer, form):
            return to("told", employer)
    facts = {
        "form": form,
        "administers": administers,
        "endpoints": [
            (one, webhooks.secret_of(one) if fresh else "", [KINDS[kind] for kind in one.kinds])
            for one in endpoints_of(employer.id)
        ],
        "page": Paginator(deliveries_of(employer.id), PAGE).get_page(request.GET.get("page")),
        "kinds": KINDS,
    }
    return show(request, "told", employer, facts, current="people", status=status)


def _change(request: Asked, employer: Employer) -> None:
    act, about = request.POST.get("do", ""), request.POST.get("id", "")[:32]
    if act == "test":
        _test(request, employer, about)
    elif act == "resend" and webhooks.resend(request.actor, employer, _id(about)):
        messages.success(request, _("It is sent again now."))
    elif act == "secret" and webhooks.change_secret(request.actor, employer, about):
        messages.success(request, _("There is a new secret. For seven days both sign."))
    elif act == "remove" and webhooks.remove(request.actor, employer, about):
        messages.success(request, _("Nothing more is told there."))


def _test(request: Asked, employer: Employer, handle: str) -> None:
    try:
        if webhooks.test(request.actor, employer, handle):
            messages.success(request, _("A test is sent now. Look at the last deliveries in a moment."))
    except webhooks.TooOften:
        messages.error(request, _("Ten tests in an hour are enough. Wait a little."))


def _registered(request: Asked, employer: Employer, form: EndpointForm) -> bool:
    try:
        webhooks.register(request.actor, employer, form.cleaned_data["url"], form.cleaned_data["kinds"])
    except webhooks.AddressRefused:
        form.add_error("url", _("Only a public address with https:// is called. Check it."))
    except webhooks.TooMany:
        form.add_error(None, _("There are five addresses already. Remove one first."))
    else:
        return True
    return False


@require_safe
def developers(request: Asked) -> HttpResponse:
    """How payroll software asks: addresses, and examples that run as they stand. Open to everyone."""
    root = request.build_absolute_uri(reverse("api-employer:api-root"))
    other = settings.PRACTICE_BACK if settings.PRACTICE else settings.PRACTICE_URL
    facts = {
        "root": root,
        "other": other + reverse("api-employer:api-root") if other else "",
        "scopes": SCOPES.items(),
        "kinds": EVENTS.items(),
        "faults": sorted(
            (status, code, {"lo": lo, "en": en}[language()].format_map(FACTS))
            for code, (status, lo, en) in FAULTS.items()
        ),
        "changes": CHANGES,
        "openapi": request.build_absolute_uri(reverse("api-employer:openapi-json")),
        "examples": [(each.says, each.code(root)) for each in EXAMPLES],
        "most": str(apikeys.USE),
        "minutes": str(int(apikeys.USE_WITHIN.total_seconds()) // 60),
        "title": api.title,
    }
    return render(request, "employer/developers.html", facts)
