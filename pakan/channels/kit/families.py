"""What is typed about a family member, on a member's phone and at the desk: forms, and what cannot be so in words."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.kit.fields import DayField
from pakan.operations import family
from pakan.operations.doubles import MOST_REASON
from pakan.registers.families.models import TEXT
from pakan.registers.people.models import Sex

RELATIONS: dict[str, str | Promise] = {
    "spouse": gettext_lazy("husband or wife"),
    "child": gettext_lazy("child"),
}
SEXES = [(Sex.FEMALE.value, gettext_lazy("Woman")), (Sex.MALE.value, gettext_lazy("Man"))]
WHY: dict[str, str | Promise] = {
    "divorce": gettext_lazy("Divorced"),
    "death": gettext_lazy("Has died"),
    "insured": gettext_lazy("Has an own insurance now"),
    "mistake": gettext_lazy("Was entered by mistake"),
    "other": gettext_lazy("Something else"),
}
CANNOT_BE = gettext_lazy("This day cannot be. Look at it again.")
REFUSED: dict[tuple[str, str], str | Promise] = {
    ("birth_date", "older"): gettext_lazy("A child is younger than its parent. Look at the date."),
    ("birth_date", "day"): CANNOT_BE,
    ("since", "day"): CANNOT_BE,
    ("on", "day"): CANNOT_BE,
    ("since", "needed"): gettext_lazy("Type the day of the marriage."),
    ("national_id", "number"): gettext_lazy("At most 20 letters and digits."),
    ("given_name", "self"): gettext_lazy("This is the insured person."),
    ("given_name", "same"): gettext_lazy("This person stands on the list already."),
    ("relation", "spouse"): gettext_lazy("A husband or wife stands on the list already. Say first that it ended."),
    ("why", "alike"): gettext_lazy("Somebody alike is on the list. Say why this is another person."),
    ("all", "most"): gettext_lazy("There are many people on the list. Ask at an office."),
    ("all", "open"): gettext_lazy("This was told already. An officer looks at it."),
    ("all", "state"): gettext_lazy("This is not possible now. Look at your page again."),
    ("all", "own"): gettext_lazy("This is your own family. Other officers must do it."),
    ("all", "same person"): gettext_lazy("Another officer than the first must agree."),
    ("dated", "day"): gettext_lazy("The paper must be of the last twelve months."),
    ("text", "needed"): gettext_lazy("Say in a few words what happened."),
    ("answer", "answer"): gettext_lazy("A no needs its reason. The member reads it."),
    ("override", "needed"): gettext_lazy("This person stands in another family. Say why it is right all the same."),
    ("own_number", "unknown"): gettext_lazy("Choose one of these people, or nobody."),
}  # fmt: skip


def paper_field(label: Any, help_text: Any = "") -> forms.FileField:
    widget = forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"})
    return forms.FileField(label=label, help_text=help_text, widget=widget)


class PersonForm(forms.Form):
    """Of a child; a spouse adds the day of the marriage."""

    given_name = forms.CharField(label=gettext_lazy("First name"), max_length=100)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=100)
    birth_date = DayField(label=gettext_lazy("Birth date"))
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=lambda: SEXES, widget=forms.RadioSelect)
    since = DayField(label=gettext_lazy("Day of the marriage"), required=False)
    paper = paper_field(gettext_lazy("Photo of the paper that proves it"))
    name_latin = forms.CharField(
        label=gettext_lazy("Name in Latin letters, if you know it"), max_length=200, required=False
    )
    national_id = forms.CharField(
        label=gettext_lazy("Number of the identity card, if there is one"), max_length=30, required=False
    )
    why = forms.CharField(
        label=gettext_lazy("Why is this another person?"), max_length=MOST_REASON, required=False
    )

    def __init__(self, relation: str, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.kind = relation
        spouse = relation == "spouse"
        self.fields["paper"].help_text = (
            _("Marriage certificate or family book.") if spouse else _("Birth certificate or family book.")
        )
        self.fields["since"].required = spouse
        if not spouse:
            del self.fields["since"]

    @property
    def told(self) -> family.Told:
        typed = self.cleaned_data
        facts = {name: typed[name] for name in ("given_name", "family_name", "birth_date", "sex")}
        more = {"name_latin": typed["name_latin"], "national_id": typed["national_id"]}
        return family.Told(self.kind, **facts, **more, since=typed.get("since"))


class EndForm(forms.Form):
    why = forms.ChoiceField(
        label=gettext_lazy("What happened?"), choices=lambda: list(WHY.items()), widget=forms.RadioSelect
    )
    on = DayField(label=gettext_lazy("On which day?"))
    text = forms.CharField(label=gettext_lazy("Tell us more"), max_length=TEXT, required=False)


class StudyForm(forms.Form):
    dated = DayField(label=gettext_lazy("Date on the paper"))
    paper = paper_field(gettext_lazy("Photo of the certificate of the school"))


def file_of(form: forms.Form) -> family.File:
    """Name, kind and content of the paper in a form that is right."""
    paper = form.cleaned_data["paper"]
    return paper.name, paper.content_type or "", paper.read()


def put_right(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What the verb answers; None where something is to be put right first, said at its field."""
    try:
        return act()
    except family.Refused as refusal:
        for field, code in refusal.fields.items():
            says = REFUSED.get((field, code), _("This cannot be right. Look at it again."))
            form.add_error(field if field in form.fields else None, str(says))
    except family.PaperRefused:
        form.add_error("paper", _("We cannot read this file. Take a photo of the paper."))
    return None
