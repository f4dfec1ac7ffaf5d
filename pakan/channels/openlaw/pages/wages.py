"""A wage file looked at without a sign-in: the format, a sample, and what the portal would say (C77). Nothing is kept."""

from datetime import timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pakan.channels.kit.fields import MonthField
from pakan.channels.kit.speech import day_text, language
from pakan.law.contributions.rule import rates_for
from pakan.law.dated import NoLawYet
from pakan.operations import declare, precheck
from pakan.operations.enter import TooOften, look_up
from pakan.operations.law_in_force import law_in_force
from pakan.registers.access.actor import Asked
from pakan.units.month import Month

MOST_BYTES = 2_000_000
MOST_SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WagesForm(forms.Form):
    month = MonthField(label=gettext_lazy("Month of the wages"))
    file = forms.FileField(
        label=gettext_lazy("Your wage file"),
        help_text=gettext_lazy("xlsx, xls, ods or csv, up to 2 MB. We read it and forget it."),
        error_messages={"required": gettext_lazy("Choose the file first.")},
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 2 MB. Send a part of it."))
        return file


@require_http_methods(["GET", "HEAD", "POST"])
def wages(request: Asked) -> HttpResponse:
    """What the file's form, numbers and wages look like to the portal. Whether a person is registered is not told here."""
    first = {"month": Month.of(request.actor.today) - 1}
    form = WagesForm(request.POST, request.FILES) if request.method == "POST" else WagesForm(initial=first)
    found = _looked(request, form) if request.method == "POST" and form.is_valid() else None
    facts = {
        "form": form,
        "found": found,
        "findings": [(one, one.words(language())) for one in (found.findings[:MOST_SHOWN] if found else ())],
        "more": max(len(found.findings) - MOST_SHOWN, 0) if found else 0,
        "to_pay": found.employer_share + found.worker_share if found else 0,
    }
    return render(request, "openlaw/wages.html", facts, status=422 if form.errors else 200)


def _looked(request: Asked, form: WagesForm) -> precheck.Prechecked | None:
    """What was found; none if the form says why the file cannot be looked at."""
    address = request.META.get("REMOTE_ADDR", "")
    try:
        look_up("wages", address, request.actor.at, 30, timedelta(minutes=10))
        rates = rates_for("enterprise", form.cleaned_data["month"], law_in_force())
        file = form.cleaned_data["file"]
        return precheck.precheck(file.name or "", file.read(), rates)
    except TooOften:
        form.add_error(None, _("Too many files from your address. Wait ten minutes."))
    except NoLawYet as early:
        form.add_error("month", _("No such law before %(day)s.") % {"day": day_text(early.first_day)})
    except declare.FileRefused as refusal:
        form.add_error("file", refusal.message(language()))
    return None


@require_safe
def sample(request: Asked) -> HttpResponse:
    """Our own layout with three invented workers."""
    answer = HttpResponse(precheck.sample(language()), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="wages-sample.xlsx"'
    return answer
