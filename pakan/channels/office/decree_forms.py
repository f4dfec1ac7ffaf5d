"""What a law officer types: the new values of one group, where they come from, and from when they count."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.kit.speech import day_text
from pakan.channels.office import decree_words as words
from pakan.law.dated import NoLawYet
from pakan.operations.decree import Entry, Field, fields_of, look_over
from pakan.operations.law_in_force import InForce
from pakan.registers.decrees.models import Decree


class DecreeForm(forms.Form):
    """One group a page. What is left empty stays as it is."""

    first_day = forms.DateField(
        label=gettext_lazy("First day"),
        help_text=gettext_lazy("From when it counts. A wage month takes the values of its first day."),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"],
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
        error_messages={"required": words.FAULTS["missing"], "invalid": words.FAULTS["not_a_day"]},
    )
    cite = forms.CharField(
        label=gettext_lazy("Which text says so"),
        help_text=gettext_lazy("Kind, number and date, such as: Decision 1740/MOLSW of 25 April 2016."),
        error_messages={"required": words.FAULTS["missing"]},
    )
    article = forms.CharField(label=gettext_lazy("Article"), required=False)
    confidence = forms.ChoiceField(
        label=gettext_lazy("How sure is it?"),
        choices=list(words.CONFIDENCE.items()),
        widget=forms.RadioSelect,
        error_messages={"required": words.FAULTS["missing"]},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    scan = forms.FileField(
        label=gettext_lazy("Scan of the text"),
        help_text=gettext_lazy("PDF, PNG or JPEG, up to 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"required": words.FAULTS["missing"], "empty": words.FAULTS["not_a_scan"]},
    )

    def __init__(self, group: str, law: InForce, replaceable: list[Decree], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.group = group
        self.values = fields_of(group)
        for field in self.values:
            self.fields[f"value_{field.name}"] = _typed(group, field, law)
        if replaceable:
            self.fields["supersedes"] = forms.ChoiceField(
                label=_("Takes the place of"),
                help_text=_(
                    "Only where an approved decree was wrong. It then counts no more, from its own first day."
                ),
                required=False,
                choices=[("", _("none")), *((str(one.id), _decree_words(one)) for one in replaceable)],
            )

        values = [f"value_{field.name}" for field in self.values]
        self.order_fields([*values, "first_day", "supersedes"])  # errors are listed as the page asks

    @property
    def new_values(self) -> list[forms.BoundField]:
        return [self[f"value_{field.name}"] for field in self.values]

    def entry(self, request: HttpRequest) -> Entry:
        """What was typed, whether right or wrong: the operation judges it as a whole."""
        scan = request.FILES.get("scan")
        place = self.data.get("supersedes", "")
        return Entry(
            group=self.group,
            values={field.name: self.data.get(f"value_{field.name}", "") for field in self.values},
            first_day=self.cleaned_data.get("first_day"),
            cite=self.data.get("cite", ""),
            article=self.data.get("article", ""),
            note=self.data.get("note", ""),
            confidence=self.data.get("confidence", ""),
            scan_name=scan.name or "" if scan else "",
            scan=scan.read() if scan else b"",
            supersedes=int(place) if place.isdecimal() else None,
        )

    def judged(self, request: HttpRequest) -> Entry | None:
        """The entry if it may be entered; else every fault stands at its field."""
        self.full_clean()
        entry = self.entry(request)
        for name, faults in look_over(entry).items():
            place = (
                name if name in self.fields else f"value_{name}" if f"value_{name}" in self.fields else None
            )
            if place is None or place not in self.errors:
                self.add_error(place, [words.fault_words(fault) for fault in faults])
        return None if self.errors else entry


def _typed(group: str, field: Field, law: InForce) -> forms.Field:
    """A field for one value, with what counts now beside it."""
    label = words.value_words(group, field.name)
    if field.kind == "choice":
        offered = [("", _("as it is")), *((one, words.CHOICES[one]) for one in field.choices)]
        return forms.ChoiceField(
            label=label, required=False, choices=offered, help_text=_now(group, field, law)
        )
    hints = [_now(group, field, law), str(words.HOW[field.kind])]
    if field.may_end:
        hints.append(_("A dash takes it away."))
    numeric = {"inputmode": "decimal", "class": "short"} if field.kind in ("kip", "rate", "number") else {}
    return forms.CharField(
        label=label,
        required=group == "holidays",
        help_text=" ".join(hint for hint in hints if hint),
        widget=forms.TextInput(attrs=numeric | {"autocomplete": "off"}),
        error_messages={"required": words.FAULTS["missing"]},
    )


def _now(group: str, field: Field, law: InForce) -> str:
    if group == "holidays":
        return ""
    history = law.history(group)
    try:
        latest = history.on(history.blocks[-1].source.date)
    except NoLawYet:
        return ""
    return _("Now: %(value)s.") % {"value": words.shown(field, getattr(latest, field.name))}


def _decree_words(decree: Decree) -> str:
    return f"{decree.number}: {decree.cite}, {day_text(decree.first_day)}"


class WithdrawForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why is it withdrawn?"),
        max_length=200,
        error_messages={"required": words.FAULTS["missing"]},
    )
