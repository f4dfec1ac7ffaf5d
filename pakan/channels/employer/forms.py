"""The forms of the employer's pages. Fields are few: most of the work is files and one-click mends."""

from collections.abc import Sequence
from typing import Any, Protocol

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.kit.fields import DayField
from pakan.operations.declare import FIELDS

ACCEPTED = ".xlsx,.xls,.ods,.csv"
MOST_BYTES = 5 * 1024 * 1024  # the gate's own limit; beyond it the web server's side drops the file

MEANINGS = {
    "number": gettext_lazy("Social security number"),
    "name": gettext_lazy("Name and family name"),
    "given": gettext_lazy("Name alone"),
    "family": gettext_lazy("Family name alone"),
    "wage": gettext_lazy("Wage of the month"),
    "birth": gettext_lazy("Day of birth"),
    "sex": gettext_lazy("Sex"),
    "remark": gettext_lazy("Remark"),
}


class Offered(Protocol):
    """A column of the file as the confirmation page shows it."""

    @property
    def letter(self) -> str: ...
    @property
    def header(self) -> str: ...
    @property
    def samples(self) -> tuple[str, ...]: ...
    @property
    def field(self) -> str: ...


class UploadForm(forms.Form):
    """A wage file. The key is made with the page: the same form sent twice makes one sheet."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("Wage file"),
        help_text=gettext_lazy("xlsx, xls, ods or csv, up to 5 MB and 50,000 rows, in your own layout"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": gettext_lazy("Choose the file first."),
            "empty": gettext_lazy("The file is empty. Save it again."),
        },
        max_length=200,
    )

    @property
    def chosen(self) -> UploadedFile:
        """The file itself, once the form is valid."""
        found: UploadedFile = self.cleaned_data["file"]
        return found


class ColumnsForm(forms.Form):
    """What each column of the file means: one select a column, its name being the column's letter."""

    def __init__(self, offered: Sequence[Offered], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.offered = offered
        choices = [("", _("not needed")), *((name, MEANINGS[name]) for name in FIELDS)]
        for column in offered:
            self.fields[column.letter] = forms.ChoiceField(
                label=_("Meaning of column %(letter)s") % {"letter": column.letter},
                choices=choices,
                required=False,
                initial=column.field if column.field in FIELDS else "",
            )

    def rows(self) -> list[tuple[Offered, forms.BoundField]]:
        return [(column, self[column.letter]) for column in self.offered]

    def columns(self) -> dict[str, str]:
        """field -> letter. Raises ValueError where one meaning was chosen for two columns."""
        chosen: dict[str, str] = {}
        for letter, name in self.cleaned_data.items():
            if name and name in chosen:
                raise ValueError(name)
            if name:
                chosen[name] = letter
        return chosen


class NewWorkerForm(forms.Form):
    """Form 1-02 in short: who the new worker is."""

    given_name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=100)
    birth_date = DayField(label=gettext_lazy("Day of birth"))
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=[("f", gettext_lazy("female")), ("m", gettext_lazy("male"))],
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        help_text=gettext_lazy("For messages about the worker's own record"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    national_id = forms.CharField(
        label=gettext_lazy("Identity card number"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AddForm(forms.Form):
    """A worker who is not in the list yet."""

    number = forms.CharField(
        label=gettext_lazy("Social security number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    wage = forms.CharField(
        label=gettext_lazy("Wage (kip)"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "money"}),
    )
