"""The inspector on the spot: is this worker registered here; and whom to visit first, each score told (C126, C127)."""

from datetime import datetime

from django import forms
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.office.forms import EmployerField
from pakan.channels.office.frame import show
from pakan.operations import certify, inspect
from pakan.registers.access.actor import Asked
from pakan.registers.people.models import District
from pakan.units.number import WrongNumber, clean_person_number

PURPOSES = {
    "visit": gettext_lazy("A visit to this employer"),
    "complaint": gettext_lazy("A complaint about this employer"),
    "accident": gettext_lazy("An accident at work"),
}


LONGEST_NUMBER = 40
# What a code says that gives no number (operations.certify).
CARDS: dict[str, str | Promise] = {
    "not_readable": gettext_lazy("This code cannot be read. Scan it again, or type the number."),
    "not_ours": gettext_lazy("No key of ours signed this code. It is no card of social security."),
    "not_genuine": gettext_lazy("This card was changed or is false. Write down where you saw it."),
    "revoked": gettext_lazy("This card was withdrawn. Ask the worker for the number, and who has the card."),
    "expired": gettext_lazy("The time of this card is over. Type the number on it."),
    "not_yet": gettext_lazy("This card is not good yet. Type the number on it."),
    "no_card": gettext_lazy("This is a paper of ours, but no card. Scan the card."),
    "family": gettext_lazy("This is the card of a family member. Scan the worker's own."),
}


class CheckForm(forms.Form):
    employer = EmployerField(
        label=gettext_lazy("Number of the employer"),
        help_text=gettext_lazy("Seven digits, such as 12345-67."),
    )
    number = forms.CharField(
        label=gettext_lazy("Social security number of the worker"),
        help_text=gettext_lazy(
            "From the card, or as the worker tells it. A scanner may read the code of the card into it."
        ),
        max_length=5000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Why do you look?"),
        help_text=gettext_lazy("The worker can read that you looked, and why."),
        choices=lambda: list(PURPOSES.items()),
        widget=forms.RadioSelect,
    )

    def __init__(self, sent: object = None, *, at: datetime) -> None:
        super().__init__(sent)  # type: ignore[arg-type]
        self.at = at

    def clean_number(self) -> str:
        """A number, or the one that a signed card carries: a false or withdrawn card gives none."""
        if len(self.cleaned_data["number"]) > LONGEST_NUMBER:
            return self._on_card(self.cleaned_data["number"])
        try:
            return clean_person_number(self.cleaned_data["number"])
        except WrongNumber as wrong:
            raise forms.ValidationError(
                _("A digit of this number is wrong. Compare it with the card.")
            ) from wrong

    def _on_card(self, code: str) -> str:
        try:
            card = certify.verify(code, self.at).document
        except certify.CredentialRefused as fault:
            raise forms.ValidationError(str(CARDS.get(fault.code, CARDS["not_genuine"]))) from fault
        if not isinstance(card, certify.Card):
            raise forms.ValidationError(str(CARDS["no_card"]))
        if card.insured:
            raise forms.ValidationError(str(CARDS["family"]))
        return card.number


@require_http_methods(["GET", "HEAD", "POST"])
def check_worker(request: Asked) -> HttpResponse:
    """By POST: an address may not hold a person's number."""
    form = CheckForm(request.POST or None, at=request.actor.at)
    found = None
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data
        try:
            found = inspect.worker(request.actor, sent["employer"], sent["number"], sent["purpose"])
            form.data = request.POST.dict() | {
                "number": found.number
            }  # the number stands there, not the code
        except inspect.Refused:
            form.add_error("number", _("Nobody has this number. Look at the card again."))
    return show(
        request, "check_worker", {"form": form, "found": found}, current="check_worker",
        status=422 if form.errors else 200,
    )  # fmt: skip


@require_safe
def visits(request: Asked) -> HttpResponse:
    """Employers only, no names of workers."""
    district = request.GET.get("district", "")
    every = inspect.to_visit(request.actor.today)
    codes = {one.employer.district_id for one in every}
    facts = {
        "rows": [one for one in every if not district or one.employer.district_id == district][:50],
        "districts": [
            (one.code, {"lo": one.name_lo, "en": one.name_en})
            for one in District.objects.filter(code__in=codes)
        ],
        "district": district,
        "features": inspect.features(),
    }
    return show(request, "visits", facts, current="visits")
