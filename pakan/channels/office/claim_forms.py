"""What officers type about a claim."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from pakan.channels.kit.fields import DayField, answers_of, question_field
from pakan.channels.kit.speech import in_language
from pakan.law.benefits import named
from pakan.registers.benefits.models import TEXT, WHY, Claim

NEXT = timedelta(days=14)  # what is proposed as the day until when papers can come


class JudgeForm(forms.Form):
    accepted = forms.ChoiceField(choices=(("yes", ""), ("no", "")))
    why = forms.CharField(max_length=WHY, required=False)


class MissingForm(forms.Form):
    """The one request for everything that is missing: what, where, until when (C38)."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What is missing?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=gettext_lazy("What exactly?"),
        help_text=gettext_lazy("The member reads it. Short and plain; ask for everything now."),
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = forms.CharField(label=gettext_lazy("Where can the papers be brought?"), max_length=200)
    until = DayField(label=gettext_lazy("Until when?"))

    def __init__(self, claim: Claim, today: date, office: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, **(more | {"initial": {"place": office, "until": today + NEXT}}))
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.key, in_language(one)) for one in named(claim.benefit).papers(claim.told)]


OUTCOMES = (
    ("granted", gettext_lazy("Grant it")),
    ("refused", gettext_lazy("Refuse it")),
)


class ProposeForm(forms.Form):
    """Grant or refuse, with the facts as the papers show them."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What do you propose?"), choices=OUTCOMES, widget=forms.RadioSelect
    )
    article = forms.CharField(
        label=gettext_lazy("Article of the law"),
        help_text=gettext_lazy("Needed to refuse."),
        max_length=200,
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Needed to refuse. It stands in the letter."),
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, claim: Claim, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.claim, self.benefit = claim, named(claim.benefit)
        event = in_language(self.benefit.event)
        self.fields["day"] = DayField(label=event[:1].upper() + event[1:], initial=claim.event_day)
        for question in self.benefit.asked(claim.told):
            field = question_field(question)
            told = claim.told.get(question.key)
            if told is not None:
                field.initial = ("yes" if told else "no") if question.kind == "yes_no" else told
            self.fields[f"q-{question.key}"] = field

    @property
    def facts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name == "day" or name.startswith("q-")]

    @property
    def told(self) -> dict[str, Any] | None:
        """The facts as they are proposed; None where they are as the member told them."""
        answers = answers_of(self.benefit.questions, self.cleaned_data)
        plain = {
            key: value.isoformat() if isinstance(value, date) else value for key, value in answers.items()
        }
        defaults = {each.key: each.default for each in self.benefit.questions}
        before = defaults | self.claim.told
        changed = {key: value for key, value in plain.items() if before.get(key) != value}
        return self.claim.told | changed if changed else None


class DecideForm(forms.Form):
    agree = forms.ChoiceField(
        label=gettext_lazy("Do you agree?"),
        choices=(
            ("yes", gettext_lazy("Yes: it is decided, and the member gets the letter")),
            ("no", gettext_lazy("No: send it back to the desk")),
        ),
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=gettext_lazy("Why not?"),
        help_text=gettext_lazy("Only where you send it back."),
        max_length=WHY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AppealForm(forms.Form):
    changed = forms.ChoiceField(
        label=gettext_lazy("What follows?"),
        choices=(
            ("no", gettext_lazy("The decision stays")),
            ("yes", gettext_lazy("The claim is decided anew by other people")),
        ),
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("Your answer"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )
    article = forms.CharField(
        label=gettext_lazy("Article of the law"),
        help_text=gettext_lazy("Needed where the decision stays."),
        max_length=200,
        required=False,
    )


class NameForm(forms.Form):
    """The bank said "nearly": a person compares the names."""

    accepted = forms.ChoiceField(
        label=gettext_lazy("Is it the same person?"),
        choices=(("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))),
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label=gettext_lazy("Why?"), max_length=WHY)
