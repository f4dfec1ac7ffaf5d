"""What a member types: a number, a birth date, a code. Lao digits are welcome everywhere."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.units.number import WrongNumber, clean_person_number, latin_digits


class DayField(forms.CharField):
    """A day as people write it here: 15/08/1990, 15-8-1990, 15 8 1990 or 1990-08-15."""

    def to_python(self, value: Any) -> Any:
        text = latin_digits(str(value or "")).strip()
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})", text, re.ASCII)
        turned = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII)
        try:
            if found:
                return date(int(found[3]), int(found[2]), int(found[1]))
            if turned:
                return date(int(turned[1]), int(turned[2]), int(turned[3]))
        except ValueError:
            pass
        raise forms.ValidationError(_("Type day, month, year. Like 15/08/1990."))

    def run_validators(self, value: Any) -> None:
        """None: the length belongs to the text, and what was read is a day."""

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")


class MemberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Your social security number"),
        help_text=gettext_lazy("It is on your card."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    birth_date = DayField(
        label=gettext_lazy("Your birth date"),
        help_text=gettext_lazy("Day, month, year. Like 15/08/1990."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "bday"}),
    )

    def clean_number(self) -> str:
        try:
            return clean_person_number(self.cleaned_data["number"])
        except WrongNumber as fault:
            raise forms.ValidationError(_("This is not such a number. Look at your card.")) from fault


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Six digits from the message"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class SignInNumberForm(forms.Form):
    id = forms.IntegerField(min_value=1, max_value=2**62)
