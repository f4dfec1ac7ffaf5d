"""What has happened? The law's answer from the member's own months: the same engine as every award (C26, C27, C32)."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pakan.channels.kit.fields import DayField, answers_of, question_field
from pakan.channels.kit.life import EVENTS
from pakan.channels.kit.speech import in_language
from pakan.channels.member.happened import AFTER_A_DEATH, BY_CARD, claimable, outlooks, usual
from pakan.channels.member.shell import page, person_of
from pakan.law.benefits import Benefit, named
from pakan.law.decision import Decision
from pakan.law.insured import Insured
from pakan.law.wrong import WrongSituation
from pakan.operations import assess
from pakan.registers.access.actor import Asked
from pakan.registers.benefits.queries import of_person
from pakan.registers.benefits.states import State
from pakan.registers.people.queries import person_by_id

FAMILY = ("maternity", "death", "survivors")  # the others are one's own health and work


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


@require_GET
def benefits(request: Asked) -> HttpResponse:
    """Each event with what it would bring today, all of it from one reading of the record; claims begun stand on top."""
    person = insured(request)
    links = {
        one.name: {
            "url": reverse("member:benefit", args=[one.name]),
            "label": one.label,
            "note": one.note,
            "tone": one.tone,
            "status": one.status,
        }
        for one in outlooks(person, request.actor.today)
    }
    links |= {
        name: {
            "url": reverse("openlaw:benefit", args=[name]),
            "label": str(EVENTS[name][0]),
            "note": in_language(named(name).title),
        }
        for name in AFTER_A_DEATH
    }
    told = {
        "url": reverse("member:death"),
        "label": _("Tell us of a death"),
        "note": _("Once, for all claims"),
    }
    family = [links.pop(name) for name in FAMILY if name in links]
    own = of_person(person_of(request))
    facts: dict[str, Any] = {
        "groups": [(_("Health and work"), list(links.values())), (_("Family"), [*family, told])],
        "begun": [one for one in own if one.state == State.DRAFT],
        "claims": len(own),
    }
    return page(request, "benefits", tab="benefits", **facts)


def insured(request: Asked) -> Insured:
    """The member as the law sees one."""
    return assess.insured_of(person_by_id(person_of(request)))


@require_GET
def benefit(request: Asked, name: str) -> HttpResponse:
    """Yes or not yet, each condition with its proof, before anything is typed. A GET form: asking keeps nothing."""
    if name not in claimable():
        raise Http404
    found, today = named(name), request.actor.today
    person = insured(request)
    asked = "day" in request.GET
    form = EventForm(found, today, request.GET) if asked else EventForm(found, today)
    decision = _decide(person, form) if asked else _usual(person, name, today)
    return page(
        request,
        "benefit",
        tab="benefits",
        back="benefits",
        title=str(EVENTS[name][0]),
        benefit=found,
        form=form,
        asked=asked,
        decision=decision,
        amounts=[each for each in decision.amounts if not each.staff_only] if decision else [],
        kept_back=any(each.staff_only for each in decision.amounts) if decision else False,
        steps=[each for each in decision.steps if not each.staff_only] if decision else [],
        papers=found.papers(usual(person, name)),
        by_card=name in BY_CARD,
        key=uuid.uuid4(),
    )


def _usual(person: Insured, name: str, today: date) -> Decision | None:
    try:
        return named(name).decide(person, usual(person, name), today)
    except WrongSituation:  # a record before there was a law
        return None


def _decide(person: Insured, form: EventForm) -> Decision | None:
    if not form.is_valid():
        return None
    told = answers_of(form.benefit.questions, form.cleaned_data)
    try:
        return form.benefit.decide(person, told, form.cleaned_data["day"])
    except WrongSituation as wrong:
        form.tell(wrong)
        return None
