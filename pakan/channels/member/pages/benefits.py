"""What has happened? The law's answer from the member's own months: the same engine as every award (C26, C27, C32)."""

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from pakan.channels.kit.fields import DayField, answers_of, question_field
from pakan.channels.kit.life import EVENTS
from pakan.channels.kit.speech import in_language
from pakan.channels.member.shell import page, person_of
from pakan.law.benefits import Benefit, all_names, named
from pakan.law.decision import Decision
from pakan.law.wrong import WrongSituation
from pakan.operations import assess
from pakan.registers.access.actor import Asked
from pakan.registers.people.queries import person_by_id


class EventForm(forms.Form):
    """When it happened, and what the benefit asks. Name, months and wages are on the record already (C33)."""

    def __init__(self, benefit: Benefit, today: date, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.benefit = benefit
        event = in_language(benefit.event)
        self.fields["day"] = DayField(label=event[:1].upper() + event[1:], initial=today)
        for question in benefit.questions:
            self.fields[f"q-{question.key}"] = question_field(question)

    def tell(self, wrong: WrongSituation) -> None:
        """The law's problems, beside the fields they are about."""
        for each in wrong.problems:
            where = each.field if each.field in self.fields else f"q-{each.field}"
            self.add_error(where if where in self.fields else None, in_language(each))


AFTER_A_DEATH = {"death", "survivors"}


def _shown() -> list[str]:
    """What can happen to the member himself. What comes after a death asks for a family: the open calculator does."""
    return [name for name in EVENTS if name in all_names() and name not in AFTER_A_DEATH]


@require_GET
def benefits(request: Asked) -> HttpResponse:
    links = [
        {
            "url": reverse("member:benefit", args=[name]),
            "label": str(EVENTS[name][0]),
            "note": named(name).title,
        }
        for name in _shown()
    ]
    others = [
        {
            "url": reverse("openlaw:benefit", args=[name]),
            "label": str(EVENTS[name][0]),
            "note": named(name).title,
        }
        for name in EVENTS
        if name in all_names() and name not in _shown()
    ]
    return page(request, "benefits", tab="home", back="home", links=links + others)


@require_GET
def benefit(request: Asked, name: str) -> HttpResponse:
    """A GET form: asking changes nothing, and nothing is kept."""
    if name not in _shown():
        raise Http404
    found = named(name)
    asked = "day" in request.GET
    form = (
        EventForm(found, request.actor.today, request.GET) if asked else EventForm(found, request.actor.today)
    )
    decision = _decide(request, form) if asked and form.is_valid() else None
    return page(
        request,
        "benefit",
        tab="home",
        back="benefits",
        title=str(EVENTS[name][0]),
        benefit=found,
        form=form,
        decision=decision,
        amounts=[each for each in decision.amounts if not each.staff_only] if decision else [],
        kept_back=bool(decision) and any(each.staff_only for each in decision.amounts) if decision else False,
        steps=[each for each in decision.steps if not each.staff_only] if decision else [],
    )


def _decide(request: Asked, form: EventForm) -> Decision | None:
    told = answers_of(form.benefit.questions, form.cleaned_data)
    try:
        return assess.estimate(
            person_by_id(person_of(request)), form.benefit.name, told, form.cleaned_data["day"]
        )
    except WrongSituation as wrong:
        form.tell(wrong)
        return None
