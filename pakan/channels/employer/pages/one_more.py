"""What one more employee costs this company, from a month on: each month by its own law, with the steps (C98)."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.employer.changes import step_words
from pakan.channels.employer.frame import of_employer, show
from pakan.channels.kit.fields import KipField, MonthField
from pakan.channels.kit.speech import day_text
from pakan.law.contributions.explain import Explanation, explain
from pakan.law.contributions.rule import Scheme
from pakan.law.dated import NoLawYet
from pakan.operations.law_in_force import law_in_force
from pakan.registers.access.actor import Asked
from pakan.registers.people.models import Employer
from pakan.units.money import KIP_LIMIT, Kip
from pakan.units.month import Month

YEAR = 12  # months
MOST_AHEAD = 60  # months: no law is known for longer


class CostForm(forms.Form):
    wage = KipField(label=gettext_lazy("Wage of a month (kip)"))
    month = MonthField(label=gettext_lazy("First month of work"))


@dataclass(frozen=True)
class Cost:
    """What somebody costs and keeps in some months together."""

    wage: int
    employer: int
    worker: int

    @property
    def cost(self) -> int:
        return self.wage + self.employer

    @property
    def net(self) -> int:
        return self.wage - self.worker

    @property
    def to_pay(self) -> int:
        return self.employer + self.worker


@of_employer("GET", "HEAD")
def one_more(request: Asked, employer: Employer) -> HttpResponse:
    """Nothing is written by looking; the address holds a wage and a month and nobody's name."""
    this_month = Month.of(request.actor.today)
    form = CostForm(request.GET) if "wage" in request.GET else CostForm(initial={"month": this_month})
    facts: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        facts |= _told(form, employer, this_month)
    status = 422 if form.errors else 200
    return show(request, "one_more", employer, facts, current="workers", status=status)


def _told(form: CostForm, employer: Employer, this_month: Month) -> dict[str, Any]:
    """The first month with its steps, and twelve months together; {} with a word beside the field where it cannot be."""
    wage, first = Kip(form.cleaned_data["wage"]), form.cleaned_data["month"]
    if wage * 1_000_000 > KIP_LIMIT:
        form.add_error("wage", _("This amount is too large."))
        return {}
    if first > this_month + MOST_AHEAD:
        form.add_error("month", _("Choose a month within the next five years."))
        return {}
    law, scheme = law_in_force(), cast(Scheme, employer.scheme)
    try:
        year = [explain(wage, scheme, month, law) for month in first.until(first + (YEAR - 1))]
    except NoLawYet as early:
        form.add_error("month", _("No such law before %(day)s.") % {"day": day_text(early.first_day)})
        return {}
    return {
        "first": first,
        "last": first + (YEAR - 1),
        "a_month": _sum(wage, year[:1]),
        "a_year": _sum(wage, year),
        "steps": [step_words(step) for step in year[0].steps],
        "changes": _changes(year),
    }


def _sum(wage: Kip, months: list[Explanation]) -> Cost:
    return Cost(
        wage * len(months),
        sum(one.due.employer for one in months),
        sum(one.due.worker for one in months),
    )


def _changes(year: list[Explanation]) -> list[Month]:
    """Months of the year from which another law makes it cost something else."""
    return [after.month for before, after in pairwise(year) if after.due != before.due]
