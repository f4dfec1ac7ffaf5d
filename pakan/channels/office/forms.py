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
    voluntary = forms.BooleanField(
        label=gettext_lazy("People who insure themselves"),
        help_text=gettext_lazy("They are their own payers, and no employers."),
        required=False,
    )

    def clean_q(self) -> str:
        return unicodedata.normalize("NFC", str(self.cleaned_data["q"])).strip()


class DayField(forms.DateField):
    """A day as people type it here, Lao digits too."""

    def to_python(self, value: Any) -> date | None:
        return super().to_python(latin_digits(value) if isinstance(value, str) else value)


class DayForm(forms.Form):
    """The day of a bank statement, day first; not in the future."""

    day = DayField(
        label=gettext_lazy("Day of the statement"),
        help_text=gettext_lazy("Day, month and year, such as 05/11/2026."),
        input_formats=["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"],
        # No type=date: browsers know no Lao, and one set to American English shows the month first.
        widget=forms.DateInput(
            attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off"}, format="%d/%m/%Y"
        ),
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
