"""The inspector on the spot: is this worker registered here; and whom to visit first, each score told (C126, C127)."""

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.office.forms import EmployerField
from pakan.channels.office.frame import show
from pakan.operations import inspect
from pakan.registers.access.actor import Asked
from pakan.registers.people.models import District
from pakan.units.number import WrongNumber, clean_person_number

PURPOSES = {
    "visit": gettext_lazy("A visit to this employer"),
    "complaint": gettext_lazy("A complaint about this employer"),
    "accident": gettext_lazy("An accident at work"),
}


class CheckForm(forms.Form):
    employer = EmployerField(
        label=gettext_lazy("Number of the employer"),
        help_text=gettext_lazy("Seven digits, such as 12345-67."),
    )
    number = forms.CharField(
        label=gettext_lazy("Social security number of the worker"),
        help_text=gettext_lazy("From the card, or as the worker tells it."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Why do you look?"),
        help_text=gettext_lazy("The worker can read that you looked, and why."),
        choices=lambda: list(PURPOSES.items()),
        widget=forms.RadioSelect,
    )

    def clean_number(self) -> str:
        try:
            return clean_person_number(self.cleaned_data["number"])
        except WrongNumber as wrong:
            raise forms.ValidationError(
                _("A digit of this number is wrong. Compare it with the card.")
            ) from wrong


@require_http_methods(["GET", "HEAD", "POST"])
def check_worker(request: Asked) -> HttpResponse:
    """By POST: an address may not hold a person's number."""
    form = CheckForm(request.POST or None)
    found = None
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data
        try:
            found = inspect.worker(request.actor, sent["employer"], sent["number"], sent["purpose"])
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
