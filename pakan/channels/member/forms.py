"""What a member types: a number, a birth date, a code. Lao digits are welcome everywhere."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.kit.fields import DayField
from pakan.units.number import WrongNumber, clean_person_number


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Your social security number"),
        help_text=gettext_lazy("It is on your card."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        try:
            return clean_person_number(self.cleaned_data["number"])
        except WrongNumber as fault:
            raise forms.ValidationError(_("This is not such a number. Look at your card.")) from fault


class MemberForm(NumberForm):
    birth_date = DayField(
        label=gettext_lazy("Your birth date"),
        attrs={"autocomplete": "bday"},
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Six digits from the message"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class SignInNumberForm(forms.Form):
    id = forms.IntegerField(min_value=1, max_value=2**62)


class HandleForm(forms.Form):
    handle = forms.CharField(max_length=22)
