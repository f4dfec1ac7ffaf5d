"""Where does my claim stand? By its number and a birth date, without signing in (C37).

The answer says nothing of the person, and is the same whether number or birth date is wrong. Both go in the body of the
request: no address or log keeps a birth date.
"""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pakan.channels.kit.claims import STATES, four_steps, newest
from pakan.channels.kit.fields import DayField
from pakan.channels.kit.speech import VIENTIANE
from pakan.channels.public.pages.sign_in import too_often
from pakan.operations import claim as claims
from pakan.registers.access.actor import Asked
from pakan.units.number import WrongNumber, check_claim_number


class StatusForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Number of the claim"),
        help_text=gettext_lazy("It stands in our message, such as B26-0000123-4."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "short", "autocapitalize": "characters", "autocomplete": "off"}
        ),
    )
    born = DayField(label=gettext_lazy("Your birth date"), attrs={"autocomplete": "bday"})

    def clean_number(self) -> str:
        try:
            return check_claim_number(str(self.cleaned_data["number"]))
        except WrongNumber as fault:
            if fault.code == "wrong_check":
                raise forms.ValidationError(
                    _("One digit of this number is wrong. Compare it with our message.")
                ) from fault
            raise forms.ValidationError(
                _("This is not the number of a claim. It looks like B26-0000123-4.")
            ) from fault


@sensitive_post_parameters("number", "born")
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: Asked) -> HttpResponse:
    form = StatusForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "public/status.html", {"form": form}, status=422 if form.errors else 200)
    typed = form.cleaned_data
    try:
        found = claims.status(
            typed["number"], typed["born"], request.META.get("REMOTE_ADDR", ""), request.actor.at
        )
    except claims.TooOften as fault:
        return too_often(request, fault.until, reverse("public:status"))
    if found is None:
        form.add_error(None, _("We find no such claim. Look at the number and the birth date again."))
        return render(request, "public/status.html", {"form": form}, status=422)
    days = newest((name, at.astimezone(VIENTIANE).date()) for name, at in found.steps)
    facts = {
        "found": found,
        "title": {"lo": found.title_lo, "en": found.title_en},
        "says": STATES[found.state],
        "timeline": [] if found.state == "withdrawn" else four_steps(found.state, days, found.promised_on),
    }
    return render(request, "public/status_answer.html", facts)
