"""Is there a right, to how much, what is missing and from when: the law's decision for a situation in a few words."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pakan.channels.kit.life import EVENTS
from pakan.channels.openlaw.forms import BenefitForm
from pakan.law.benefits import all_names, named
from pakan.law.decision import Decision
from pakan.operations.law_in_force import law_in_force
from pakan.registers.access.actor import Asked


@require_safe
def benefit(request: Asked, name: str) -> HttpResponse:
    if name not in all_names():
        raise Http404
    found = named(name)
    asked = "day" in request.GET
    today = request.actor.today
    law = law_in_force()
    form = BenefitForm(found, today, law, request.GET) if asked else BenefitForm(found, today, law)
    decision = form.decide() if asked and form.is_valid() else None
    facts = {
        "form": form,
        "benefit": found,
        "label": EVENTS[name][0] if name in EVENTS else found.title,
        "address": request.build_absolute_uri(),
    }
    return render(request, "openlaw/benefit.html", facts | (_shown(decision) if decision else {}))


def _shown(decision: Decision) -> dict[str, object]:
    """A step or amount whose formula is not known stays with the staff (A-35)."""
    return {
        "decision": decision,
        "amounts": [each for each in decision.amounts if not each.staff_only],
        "steps": [each for each in decision.steps if not each.staff_only],
        "kept_back": any(each.staff_only for each in decision.amounts),
    }
