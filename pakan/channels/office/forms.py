"""What officers type."""

import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.registers.people.models import Employer
from pakan.registers.people.queries import employers_by_code
from pakan.units.number import WrongNumber, clean_employer_code, latin_digits

WHY = {
    "account": gettext_lazy("A question about its payments"),
    "money": gettext_lazy("Money that found no owner"),
    "visit": gettext_lazy("A visit or inspection"),
    "audit": gettext_lazy("Audit"),
}


class EmployerField(forms.CharField):
    """A labour unit by its code as printed or typed: 12345-67, 1234567, Lao digits."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(
            max_length=20,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
            **facts,
        )

    def clean(self, value: Any) -> Employer | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            code = clean_employer_code(text)
        except WrongNumber as fault:
            raise forms.ValidationError(
                _("An employer's number has seven digits, such as 12345-67.")
            ) from fault
        found = employers_by_code([code]).get(code)
        if found is None:
            raise forms.ValidationError(_("No employer has this number. Look for a digit that is wrong."))
        return found


class OwnerForm(forms.Form):
    """Whose money it is, where no suggestion fits."""

    employer = EmployerField(
        label=gettext_lazy("Number of the employer"),
        help_text=gettext_lazy("Seven digits, such as 12345-67."),
    )


class SearchForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Number, or the beginning of the name"),
        min_length=2,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    why = forms.ChoiceField(
        label=gettext_lazy("Why do you look?"),
        help_text=gettext_lazy("Each look is kept, with your name and this reason."),
        choices=lambda: list(WHY.items()),
    )

    def clean_q(self) -> str:
        return unicodedata.normalize("NFC", str(self.cleaned_data["q"])).strip()


class DayForm(forms.Form):
    """The day of a bank statement, typed or chosen; not in the future."""

    day = forms.DateField(
        label=gettext_lazy("Day of the statement"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"],
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, today: date, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return day


def employer_code_in(text: str) -> str:
    """The seven digits in what was typed, or nothing."""
    try:
        return clean_employer_code(latin_digits(text))
    except WrongNumber:
        return ""
