"""The questions of the calculators. Those of a benefit come from the benefit itself."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pakan.channels.kit.fields import (
    YES_NO,
    DayField,
    KipField,
    MonthField,
    WholeField,
    answers_of,
    question_field,
)
from pakan.channels.kit.speech import day_text, in_language
from pakan.channels.openlaw.career import Career, career_of, field_of
from pakan.law.benefits import Benefit
from pakan.law.contributions.rule import Scheme
from pakan.law.contributions.values import Law
from pakan.law.dated import NoLawYet
from pakan.law.decision import Decision
from pakan.law.insured import FIRST_LAW
from pakan.law.wrong import WrongSituation
from pakan.units.month import Month

SCHEMES = (
    ("enterprise", gettext_lazy("Enterprise")),
    ("public", gettext_lazy("Public sector")),
    ("voluntary", gettext_lazy("Voluntary member")),
)
CHILDREN = 6
MOST_MONTHS = 600


class ContributionForm(forms.Form):
    wage = KipField(
        label=gettext_lazy("Wage for one month"),
        help_text=gettext_lazy("In kip, before any cut. Like 2,500,000."),
    )
    month = MonthField(label=gettext_lazy("For which month"))
    workers = WholeField(1, 1_000_000, label=gettext_lazy("How many employees earn this wage"), initial=1)
    scheme = forms.ChoiceField(
        label=gettext_lazy("Scheme"), choices=SCHEMES[:2], initial="enterprise", widget=forms.RadioSelect
    )


class VoluntaryForm(forms.Form):
    income = KipField(label=gettext_lazy("Income that you want to insure, for one month"))
    month = MonthField(label=gettext_lazy("First month"))
    rhythm = forms.TypedChoiceField(label=gettext_lazy("Pay how often"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, rhythms: tuple[int, ...], *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        chosen = cast(forms.TypedChoiceField, self.fields["rhythm"])
        chosen.choices = [(months, _rhythm(months)) for months in rhythms]
        chosen.initial = rhythms[0]


def _rhythm(months: int) -> str:
    return _("Every month") if months == 1 else _("%(months)s months at once") % {"months": months}


class BenefitForm(forms.Form):
    """The event, the career in a few words, and what the benefit asks (fields 'q-...')."""

    def __init__(self, benefit: Benefit, today: date, law: Law, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.benefit, self.law = benefit, law
        self.fields["day"] = DayField(label=_sentence(in_language(benefit.event)), initial=today)
        for question in benefit.questions:
            self.fields[f"q-{question.key}"] = question_field(question)
        self._ask_person()
        if "family" in benefit.facts:
            self._ask_family()

    def _ask_person(self) -> None:
        facts = self.benefit.facts
        self.fields["born"] = DayField(label=_("Birth date of the insured person"))
        if "sex" in facts:
            self.fields["sex"] = forms.ChoiceField(
                label=_("The insured person is"),
                choices=(("f", _("a woman")), ("m", _("a man"))),
                widget=forms.RadioSelect,
            )
        self.fields["career_scheme"] = forms.ChoiceField(
            label=_("Contributions were paid in"), choices=SCHEMES, initial="enterprise"
        )
        self.fields["paid_months"] = WholeField(0, MOST_MONTHS, label=_("How many months are paid in all"))
        self.fields["wage"] = KipField(label=_("Usual wage for one month"))
        self.fields["last_month"] = MonthField(
            label=_("Last paid month"),
            help_text=_("Empty: the month before the event. Otherwise like 10/2026."),
            required=False,
        )
        if "memberships" in facts:
            self.fields["hazardous_years"] = WholeField(
                0,
                50,
                label=_("Years of dangerous or toxic work, one after the other"),
                initial=0,
                required=False,
            )

    def _ask_family(self) -> None:
        self.fields["spouse"] = forms.ChoiceField(
            label=_("Husband or wife"),
            choices=(("none", _("none")), ("f", _("wife")), ("m", _("husband"))),
            initial="none",
            required=False,
        )
        self.fields["spouse_born"] = DayField(label=_("Birth date of the husband or wife"), required=False)
        self.fields["spouse_income"] = forms.ChoiceField(
            label=_("Does the husband or wife have a regular income"),
            choices=YES_NO,
            initial="no",
            required=False,
            widget=forms.RadioSelect,
        )
        for number in range(1, CHILDREN + 1):
            self.fields[f"child_{number}"] = DayField(
                label=_("Birth date of child %(number)s") % {"number": number}, help_text="", required=False
            )
        for name, label in (("father_born", _("Birth date of the father, if he was supported")),
                            ("mother_born", _("Birth date of the mother, if she was supported"))):  # fmt: skip
            self.fields[name] = DayField(label=label, help_text="", required=False)

    @property
    def event_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name == "day" or name.startswith("q-")]

    @property
    def person_fields(self) -> list[forms.BoundField]:
        family = {each.name for each in self.family_fields}
        return [self[n] for n in self.fields if n != "day" and not n.startswith("q-") and n not in family]

    @property
    def family_fields(self) -> list[forms.BoundField]:
        return [self[n] for n in self.fields if n.startswith(("spouse", "child_", "father", "mother"))]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            found.get("spouse") in ("f", "m")
            and not found.get("spouse_born")
            and not self.errors.get("spouse_born")
        ):
            self.add_error("spouse_born", _("Needed to know the age."))
        day, months, last = found.get("day"), found.get("paid_months"), found.get("last_month")
        born: date | None = found.get("born")
        if day and months and born and "last_month" not in self.errors:
            first = (last or Month.of(day) - 1) - (months - 1)
            earliest = max(FIRST_LAW, Month.of(born))
            if first < earliest:
                self.add_error(
                    "paid_months",
                    _("So many months would begin before %(day)s.") % {"day": day_text(earliest.first)},
                )
        return found

    def answers(self) -> dict[str, Any]:
        """What the benefit asked, as its rule reads it; what stayed empty is left to the default."""
        return answers_of(self.benefit.questions, self.cleaned_data)

    def career(self) -> Career:
        found = self.cleaned_data
        children = tuple(day for n in range(1, CHILDREN + 1) if (day := found.get(f"child_{n}")))
        return Career(
            day=found["day"], born=found["born"], sex=found.get("sex") or "m", months=found["paid_months"],
            wage=found["wage"], scheme=cast(Scheme, found["career_scheme"]), last_month=found["last_month"],
            hazardous_years=found.get("hazardous_years") or 0, children=children,
            spouse=found["spouse"] if found.get("spouse") in ("f", "m") else None,
            spouse_born=found.get("spouse_born"), spouse_income=found.get("spouse_income") == "yes",
            father_born=found.get("father_born"), mother_born=found.get("mother_born"),
        )  # fmt: skip

    def decide(self) -> Decision | None:
        """The answer of the law; None, and the problems beside their fields, where the situation cannot be."""
        try:
            career = self.career()
            return self.benefit.decide(career_of(career, self.law), self.answers(), career.day)
        except NoLawYet as early:
            self.add_error(
                "paid_months", _("This scheme begins on %(day)s.") % {"day": day_text(early.first_day)}
            )
        except WrongSituation as wrong:
            self._tell(wrong)
        return None

    def _tell(self, wrong: WrongSituation) -> None:
        children = [f"child_{n}" for n in range(1, CHILDREN + 1) if self.cleaned_data.get(f"child_{n}")]
        parents = [name for name in ("father_born", "mother_born") if self.cleaned_data.get(name)]
        told = {(field_of(each.field, children, parents), in_language(each)): None for each in wrong.problems}
        for where, says in told:
            named = where if where in self.fields else f"q-{where}"
            self.add_error(named if named in self.fields else None, says)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
