"""The way through a draft: which question comes next, what it looks like, and what was told already (C33, C34).

One question a screen. What the law only sometimes needs (`detail`) is not asked on the way; the last page shows it with
its usual answer, and it can be changed there.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from pakan.channels.kit.claims import said
from pakan.channels.kit.fields import DayField, answers_of, question_field
from pakan.channels.kit.speech import day_text, in_language
from pakan.law.benefits import Benefit, named
from pakan.law.situation import Question
from pakan.registers.benefits.models import Claim

DAY = "day"  # the one question that every benefit asks
# After the insured person's own death somebody else claims, at an office or with the number of the dead person.
NOT_HERE = {("death", "who_died"): {"insured"}}


class StepForm(forms.Form):
    """One question of a draft, filled in with what was told before."""

    def __init__(self, claim: Claim, key: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.claim = claim
        self.question = None if key == DAY else question_of(claim, key)
        self.field_name = DAY if self.question is None else f"q-{key}"
        if self.question is None:
            event = in_language(named(claim.benefit).event)
            self.fields[DAY] = DayField(label=event[:1].upper() + event[1:], initial=claim.event_day)
        else:
            of_own = claim.insured_id == claim.person_id
            away = NOT_HERE.get((claim.benefit, key), set()) if of_own else set()
            choices = tuple(each for each in self.question.choices if each.key not in away)
            self.fields[self.field_name] = question_field(replace(self.question, choices=choices))
            told = claim.told.get(key)
            if told is not None:
                self.fields[self.field_name].initial = _shown_again(self.question, told)

    @property
    def told(self) -> dict[str, Any]:
        return answers_of([self.question], self.cleaned_data) if self.question else {}

    @property
    def day(self) -> date | None:
        return self.cleaned_data.get(DAY)


def _shown_again(question: Question, told: Any) -> Any:
    if question.kind == "day":
        return date.fromisoformat(told)
    if question.kind == "yes_no":
        return "yes" if told else "no"
    return told


def question_of(claim: Claim, key: str) -> Question | None:
    return next((each for each in named(claim.benefit).questions if each.key == key), None)


def way(claim: Claim) -> list[str]:
    """The screens of this draft, in order: the day, then what makes sense to ask with what was told until now."""
    asked = named(claim.benefit).asked(claim.told)
    return [DAY, *(each.key for each in asked if not each.detail and each.key not in prefilled(claim))]


def prefilled(claim: Claim) -> dict[str, Any]:
    """What the record answers: a woman claims for a birth as the mother, a man as the father."""
    if claim.benefit == "maternity":
        return {"claimant": "mother" if claim.insured.sex == "f" else "father"}
    return {}


def following(claim: Claim, key: str) -> str | None:
    """The screen after this one; None: the papers come next."""
    screens = way(claim)
    place = screens.index(key) + 1 if key in screens else len(screens)
    return screens[place] if place < len(screens) else None


def first_open(claim: Claim) -> str | None:
    """Where to go on with a draft: the first question that must be answered and was not."""
    if claim.event_day is None:
        return DAY
    return next((key for key in way(claim)[1:] if _is_open(claim, key)), None)


def _is_open(claim: Claim, key: str) -> bool:
    question = question_of(claim, key)
    return question is not None and question.required and claim.told.get(key) is None


@dataclass(frozen=True)
class Answer:
    """What was told to one question, in words; `usual`: nobody told it, the usual answer stands."""

    key: str
    question: str
    says: str
    usual: bool


def answers(claim: Claim) -> list[Answer]:
    """Everything that will be sent, one line a question."""
    benefit = named(claim.benefit)
    event = in_language(benefit.event)
    day = day_text(claim.event_day) if claim.event_day else _("not told")
    return [Answer(DAY, event[:1].upper() + event[1:], day, False), *_told(benefit, claim.told)]


def _told(benefit: Benefit, told: dict[str, Any]) -> list[Answer]:
    found = []
    for question in benefit.asked(told):
        value = told.get(question.key, question.default)
        usual = told.get(question.key) is None
        found.append(Answer(question.key, in_language(question), said(question, value), usual))
    return found
