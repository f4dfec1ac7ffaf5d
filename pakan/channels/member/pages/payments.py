"""Money from the fund: when it comes, each slip with every deduction, and the account that it goes to (C4, C5, C43, C44, C49)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pakan.channels.kit.claims import MONEY
from pakan.channels.kit.files import pdf
from pakan.channels.kit.once import ProofFirst, once
from pakan.channels.kit.speech import in_language
from pakan.channels.member.browser import with_next
from pakan.channels.member.shell import page, person_of
from pakan.law.benefits import named
from pakan.operations import award, enter
from pakan.operations import payee as payees
from pakan.registers.access.actor import Asked
from pakan.registers.benefits.models import Instalment, PayeeAccount
from pakan.registers.benefits.queries import hold_of, instalment, overpaid_to, payee_of

REFUSED = {
    "bank": ("bank", gettext_lazy("Choose a bank.")),
    "number": ("number", gettext_lazy("The number has 6 to 20 digits. Look in your bank book.")),
    "name": ("name", gettext_lazy("Write the name as the bank does, in Latin letters.")),
}
CHECKS: dict[str, tuple[Any, str]] = {
    PayeeAccount.Check.WAITING.value: (gettext_lazy("We ask the bank whose it is"), "wait"),
    PayeeAccount.Check.MATCH.value: (gettext_lazy("The bank says it is yours"), "ok"),
    PayeeAccount.Check.CLOSE.value: (gettext_lazy("An officer compares the names"), "wait"),
    PayeeAccount.Check.NO.value: (gettext_lazy("The bank knows another name"), "bad"),
    PayeeAccount.Check.UNKNOWN.value: (gettext_lazy("The bank does not know it"), "bad"),
    PayeeAccount.Check.ACCEPTED.value: (gettext_lazy("An officer says it is yours"), "ok"),
}


class AccountForm(forms.Form):
    bank = forms.ChoiceField(label=gettext_lazy("Your bank"), widget=forms.RadioSelect)
    number = forms.CharField(
        label=gettext_lazy("Number of the account"),
        help_text=gettext_lazy("It is in your bank book."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the account"),
        help_text=gettext_lazy("In Latin letters, as the bank writes it."),
        max_length=140,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(name, in_language({"lo": lo, "en": en})) for name, lo, en in payees.banks()]
        field = self.fields["bank"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if len(choices) == 1:
            field.initial = choices[0][0]


@require_safe
def payments(request: Asked) -> HttpResponse:
    """The payments of a year, paid and to come, with the account and whether they are stopped."""
    year = _year(request)
    rows = [
        {"planned": one, "title": named(one.benefit).title, "says": MONEY[one.state or "planned"]}
        for one in award.calendar(person_of(request), year, request.actor.today)
    ]
    facts = {
        "year": str(year),
        "rows": rows,
        "before": str(year - 1),
        "after": str(year + 1),
        "payee": payee_of(person_of(request)),
        "hold": hold_of(person_of(request)),
        "overpaid": bool(overpaid_to(person_of(request))),
    }
    return page(request, "payments", tab="benefits", back="benefits", **facts)


def _year(request: Asked) -> int:
    text, this = request.GET.get("year", ""), request.actor.today.year
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this
    return year if this - 30 <= year <= this + 5 else this


@require_safe
def slip(request: Asked, id: int) -> HttpResponse:
    """One payment with every deduction and its reason."""
    found = _own(request, id)
    made = award.slip(found)
    facts = {
        "instalment": found,
        "slip": made,
        "says": MONEY[found.state],
        "title": named(found.award.benefit).title,
    }
    return page(request, "slip", tab="benefits", back="payments", **facts)


@require_safe
def slip_pdf(request: Asked, id: int) -> HttpResponse:
    found = _own(request, id)
    return pdf(award.slip_pdf(found), f"slip-{found.month}-{found.id}")


def _own(request: Asked, id: int) -> Instalment:
    """One's own payment that was made: a slip says what was paid."""
    found = instalment(id)
    if found is None or found.paid_on is None or found.award.person_id != person_of(request):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Asked) -> HttpResponse:
    """Where the money goes. A first account counts at once; another one after three days."""
    known = payee_of(person_of(request))
    if (
        request.method != "POST"
        and known
        and "change" in request.GET
        and not enter.is_fresh(request, request.actor.at)
    ):
        return prove_first(request.get_full_path())  # before she types, not after it
    form = AccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if known is not None and not enter.is_fresh(request, request.actor.at):
            return keep_and_prove(request, reverse("member:account"))
        try:
            payees.add(request.actor, **form.cleaned_data)
        except payees.Refused as refusal:
            form.add_error(*REFUSED[refusal.code])
        else:
            messages.success(request, _("We have your account. We ask the bank about the name."))
            return redirect(_next(request))
    facts = {
        "payee": known,
        "check": CHECKS[known.check_result] if known else None,
        "cooling": known is not None and known.usable_from > request.actor.at,
        "form": form,
        "hold": hold_of(person_of(request)),
        "goes_to": request.GET.get("next", ""),
        "changing": "change" in request.GET or bool(form.errors) or known is None,
    }
    shown = page(request, "account", tab="benefits", back="payments", **facts)
    shown.status_code = 422 if form.errors else 200
    return shown


def _next(request: Asked) -> str:
    """Back to the claim that needs the account, or to the account. Only pages of one's own claims are gone to."""
    asked = request.GET.get("next", "")
    start = reverse("member:claims")
    return (
        asked
        if asked.startswith(start) and "//" not in asked and "\\" not in asked
        else reverse("member:account")
    )


def prove_first(then: str) -> HttpResponse:
    """Money and identity ask for a fresh proof; back to `then` afterwards."""
    return ProofFirst(with_next("member:prove", then))


def keep_and_prove(request: Asked, then: str) -> HttpResponse:
    """The same where something was typed: it is kept, and sent with one tap after the proof. A phone keeps its acts itself."""
    if "Outbox" not in request.headers:
        enter.keep(request, request.actor.account_id or 0)
    return prove_first(then)


@require_POST
def freeze(request: Asked) -> HttpResponse:
    """Stop all payments at once: whoever is afraid needs no proof for that."""
    return once(request, lambda: _freeze(request))


def _freeze(request: Asked) -> HttpResponse:
    payees.freeze(request.actor)
    messages.success(request, _("Your payments are stopped. Nobody gets them."))
    return redirect("member:account")


@require_POST
def thaw(request: Asked) -> HttpResponse:
    if not enter.is_fresh(request, request.actor.at):
        return prove_first(reverse("member:account"))
    payees.thaw(request.actor)
    messages.success(request, _("Your payments go on."))
    return redirect("member:account")
