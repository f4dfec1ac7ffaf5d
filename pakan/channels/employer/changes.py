"""What an approver signs: the differences to what was declared before, and how the two shares are worked out."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from pakan.channels.employer import wording
from pakan.channels.kit.speech import cite_text, day_text, language
from pakan.law.contributions.rule import Rates, Scheme
from pakan.law.dated import Source
from pakan.law.decision import Step
from pakan.operations import declare
from pakan.operations.law_in_force import in_force
from pakan.registers.contributions.models import Declaration, DeclaredWage, Sheet, SheetLine
from pakan.registers.contributions.queries import last_declaration_before, latest_declaration
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from pakan.units.rate import Rate

PAGE = 20


@dataclass(frozen=True)
class Change:
    """One worker who is new or whose wage changed. `before` None: joins."""

    number: str
    name: str
    before: int | None
    wage: int
    answers: list[str]
    insured_before: int | None = None
    insured: int = 0


@dataclass(frozen=True)
class Gone:
    number: str
    name: str
    before: int
    says: str
    insured_before: int


def base_of(sheet: Sheet) -> Declaration | None:
    """What the sheet is compared with: the month's own declaration if it corrects one, else last month's."""
    return latest_declaration(sheet.employer, sheet.month) or last_declaration_before(
        sheet.employer, sheet.month
    )


def changed_page(sheet: Sheet, base: Declaration | None, number: str | None) -> Any:
    """Joiners first, then changed wages, twenty a page."""
    lines = SheetLine.objects.filter(sheet=sheet, left_out=False, person__isnull=False, wage__isnull=False)
    if base is not None:
        earlier = DeclaredWage.objects.filter(declaration=base, person_id=OuterRef("person_id"))
        lines = lines.annotate(
            before=Subquery(earlier.values("wage")[:1]),
            insured_before=Subquery(earlier.values("insured")[:1]),
        ).filter(Q(before=None) | ~Q(before=F("wage")))
        lines = lines.order_by(F("before").asc(nulls_first=True), "row")
    else:
        lines = lines.order_by("row")
    page = Paginator(lines.select_related("person"), PAGE).get_page(number)
    shown = list(page.object_list)
    insured = declare.insured_of(sheet.employer.scheme, sheet.month, [line.wage or 0 for line in shown])
    page.changes = [_change(*of) for of in zip(shown, insured, strict=True)]  # type: ignore[attr-defined]
    return page


def _change(line: SheetLine, insured: int) -> Change:
    answers = [wording.whole(found) for found in line.problems if found["level"] == "note"]
    person = line.person
    assert person is not None
    return Change(
        person.number, person.name, getattr(line, "before", None), int(line.wage or 0), answers,
        getattr(line, "insured_before", None), insured,
    )  # fmt: skip


def gone(sheet: Sheet, base: Declaration | None) -> tuple[int, list[Gone]]:
    """Workers who were declared before and are not in this list: how many, and the first twenty."""
    if base is None:
        return 0, []
    here = SheetLine.objects.filter(sheet=sheet, left_out=False, person__isnull=False).values("person_id")
    lines = DeclaredWage.objects.filter(declaration=base).exclude(person_id__in=here).select_related("person")
    first = lines.order_by("person__sort_key", "person_id")[:PAGE]
    return lines.count(), [
        Gone(
            line.person.number,
            line.person.name,
            line.wage,
            absence_words(sheet.absences.get(str(line.person_id))),
            line.insured,
        )
        for line in first
    ]


def absence_words(absence: dict[str, Any] | None) -> str:
    """Why somebody is not in the list, as the employer said."""
    if absence is None:
        return ""
    if absence["kind"] == "leave":
        return _("on leave without pay")
    return _("left on %(day)s") % {"day": day_text(date.fromisoformat(absence["on"]))}


def shown_rate(rate: Rate) -> str:
    return rate.lao if language() == "lo" else str(rate)


def rates_of(employer: Employer, month: Month) -> Rates:
    return in_force().rates(cast(Scheme, employer.scheme), month)


def shares_explained(rates: Rates, summary: dict[str, Any]) -> list[dict[str, Any]]:
    """How the totals come about, with the articles; every worker's own line explains itself on its page."""
    insured = _(
        "Wages count up to the ceiling and at least from half of the minimum wage, for each worker alone."
    )
    return [
        _step(insured, summary["insured"], rates.sources.get("ceiling", rates.sources["employer"])),
        _step(
            _("Employer's share: %(rate)s of each insured wage.") % {"rate": shown_rate(rates.employer)},
            summary["employer_share"], rates.sources["employer"],
        ),
        _step(
            _("Workers' share: %(rate)s of each insured wage, kept back from the wage.")
            % {"rate": shown_rate(rates.worker)},
            summary["worker_share"], rates.sources["worker"],
        ),
        _step(
            _("Each share is rounded to whole kip for each worker, then everything is added up."),
            summary["employer_share"] + summary["worker_share"], rates.sources["rounding"],
        ),
    ]  # fmt: skip


def _step(label: str, result: int, source: Source) -> dict[str, Any]:
    return {"label": label, "result": result} | source_words(
        source.cite, source.article, source.confidence, source.assumption
    )


def source_words(cite: str, article: str, confidence: str, assumption: str) -> dict[str, Any]:
    """Where a value comes from, for `{% explain %}`."""
    cite = cite_text(cite)
    return {
        "cite": _("%(cite)s, article %(article)s") % {"cite": cite, "article": article} if article else cite,
        "confidence": confidence,
        "assumption": _("Assumption %(number)s: not yet confirmed by the fund.") % {"number": assumption}
        if assumption
        else "",
    }


def step_words(step: Step) -> dict[str, Any]:
    """A step of the law with where it stands, as the kit's `explain` draws it."""
    words = {"label": {"lo": step.lo, "en": step.en}, "result": None}
    return words | source_words(step.cite, step.article, step.confidence, step.assumption)
