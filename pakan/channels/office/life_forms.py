"""What an officer types about who lives: a proof, a try to reach somebody, a stop, a death; and why it was not done."""

import uuid
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pakan.channels.kit.fields import DayField
from pakan.channels.office.pages.counter import PersonForm
from pakan.registers.lives.models import NOTE

Words = str | Promise
ROUTES: dict[str, Words] = {
    "counter": gettext_lazy("At the counter"),
    "village": gettext_lazy("At the village office"),
    "home": gettext_lazy("At home"),
    "phone": gettext_lazy("By phone: you have just called, and the code was right"),
}
ALL_ROUTES: dict[str, Words] = ROUTES | {
    "app": gettext_lazy("In the app"),
    "phone": gettext_lazy("By phone"),
}
SEEN_PAPERS: dict[str, Words] = {
    "": gettext_lazy("None"),
    "id_card": gettext_lazy("Identity card"),
    "family_book": gettext_lazy("Family book"),
    "passport": gettext_lazy("Passport"),
    "member_card": gettext_lazy("Social security card with photo"),
}
WAYS: dict[str, Words] = {
    "call": gettext_lazy("Called"),
    "visit": gettext_lazy("Visited at home"),
    "village": gettext_lazy("Asked the village office"),
    "relative": gettext_lazy("Asked a relative"),
}
ENDS: dict[str, Words] = {
    "nobody": gettext_lazy("Nobody answered"),
    "moved": gettext_lazy("Moved away"),
    "alive": gettext_lazy("They say that the person lives"),
    "dead": gettext_lazy("They say that the person has died"),
}
DEATH_PAPERS: dict[str, Words] = {
    "certificate": gettext_lazy("Death certificate"),
    "hospital": gettext_lazy("Paper of the hospital"),
    "village": gettext_lazy("Paper of the village"),
    "family_book": gettext_lazy("Family book"),
}
WHY: dict[str, tuple[Words, str]] = {
    "yearly": (gettext_lazy("once a year"), "info"),
    "claimed": (gettext_lazy("somebody says: died"), "bad"),
}
STANDS: dict[str, tuple[Words, str]] = {
    "": (gettext_lazy("is paid"), "ok"),
    "no_proof": (gettext_lazy("suspended"), "bad"),
    "dead": (gettext_lazy("has died"), "bad"),
}
RELATIONS: dict[str, Words] = {
    "spouse": gettext_lazy("husband or wife"),
    "child": gettext_lazy("son or daughter"),
    "parent": gettext_lazy("father or mother"),
    "other": gettext_lazy("somebody else"),
}
REFUSED: dict[str, Words] = {
    "unknown": gettext_lazy("Number and birth date do not fit together."),
    "route": gettext_lazy("Choose where the person was seen."),
    "day": gettext_lazy("This day cannot be. Proofs are at most 30 days old."),
    "paper": gettext_lazy("Say which paper you saw, with its number."),
    "witness": gettext_lazy("Say who saw the person, and where."),
    "call": gettext_lazy("Call first: open “Call a person”, and let the person say the code."),
    "same_person": gettext_lazy("Another officer must do this."),
    "no_check": gettext_lazy("No proof is wanted of this person now."),
    "way": gettext_lazy("Choose how you tried, and what came of it."),
    "note": gettext_lazy("Write what happened, in a few words."),
    "reason": gettext_lazy("Give the reason."),
    "not_due": gettext_lazy("The day has not passed yet."),
    "tries": gettext_lazy("Try first, on two different days. Nobody is stopped before."),
    "state": gettext_lazy("Somebody has done this already. Look at the page again."),
    "alive": gettext_lazy("The person was seen after that day. Look at it once more."),
    "relation": gettext_lazy("Choose the relation."),
}


class FindForm(PersonForm):
    """One person by the exact number."""


class ProofForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    route = forms.ChoiceField(label=gettext_lazy("Where"), choices=lambda: list(ROUTES.items()))
    seen_on = DayField(label=gettext_lazy("Seen on"))
    paper = forms.ChoiceField(
        label=gettext_lazy("Which paper did you see?"),
        choices=lambda: list(SEEN_PAPERS.items()),
        required=False,
    )
    witness = forms.CharField(
        label=gettext_lazy("Who saw the person?"),
        help_text=gettext_lazy("At the village office or at home: name, and what she or he is."),
        max_length=200,
        required=False,
    )


class TryForm(forms.Form):
    on_day = DayField(label=gettext_lazy("On which day"))
    way = forms.ChoiceField(label=gettext_lazy("How"), choices=lambda: list(WAYS.items()))
    end = forms.ChoiceField(label=gettext_lazy("What came of it"), choices=lambda: list(ENDS.items()))
    note = forms.CharField(
        label=gettext_lazy("In a few words"), max_length=NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )


class DeathForm(forms.Form):
    died_on = DayField(label=gettext_lazy("Day of the death"))
    paper = forms.ChoiceField(
        label=gettext_lazy("Which paper did you see?"), choices=lambda: list(DEATH_PAPERS.items())
    )
    paper_number = forms.CharField(label=gettext_lazy("Its number, or who wrote it"), max_length=60)


class ReporterForm(PersonForm):
    """A relative at the counter, for whom the death is reported."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    relation = forms.ChoiceField(
        label=gettext_lazy("The relative is"), choices=lambda: list(RELATIONS.items())
    )
    died_on = DayField(label=gettext_lazy("Day of the death"))


class NothingForm(forms.Form):
    """A button is enough."""


def refused(code: str) -> Any:
    return REFUSED[code]
