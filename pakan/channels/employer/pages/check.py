"""Step 2, check: everything that needs a look in one table; all rows; typing. What mends them is in mend.py."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from pakan.channels.employer import sheets
from pakan.channels.employer.changes import absence_words, rates_of, shown_rate
from pakan.channels.employer.forms import AddForm
from pakan.channels.employer.frame import may, of_month, show, signs_alone, to
from pakan.channels.employer.pages.wages import line_of, single_days_besides
from pakan.channels.employer.wording import REASONS, month_of_text
from pakan.channels.kit.speech import kip_text, language
from pakan.registers.access.actor import Asked
from pakan.registers.contributions.models import Sheet
from pakan.registers.contributions.queries import open_sheet
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import by_id
from pakan.units.month import Month

ABSENT_SHOWN = 20


def sheet_facts(request: Asked, employer: Employer, month: Month, sheet: Sheet) -> dict[str, Any]:
    """What the check, rows and typing pages share: figures on top, and what this person may do."""
    rates = rates_of(employer, month)
    summary = sheet.summary
    rate = {"employer": shown_rate(rates.employer), "workers": shown_rate(rates.worker)}
    return {
        "line": line_of(employer, month, request),
        "month": month,
        "sheet": sheet,
        "summary": summary,
        "title": title_of(sheet),
        "total": summary["employer_share"] + summary["worker_share"],
        "to_pay_label": _("To pay (%(employer)s + %(workers)s)") % rate,
        "ceiling": rates.ceiling,
        "confirm_count": summary["questions"] + summary["missing_count"],
        "last_month": month_of_text(summary.get("last_month")),
        "reasons": list(REASONS.items()),
        "may_mend": may(request.actor, employer, "declare.mend") and sheet.state == Sheet.State.OPEN,
        "may_hand_over": may(request.actor, employer, "declare.hand_over"),
    }


def title_of(sheet: Sheet) -> str:
    """Where these wages come from, in words."""
    rows = {"rows": kip_text(sheet.summary.get("lines", 0), "bare")}
    if sheet.document is not None:
        seconds = sheet.summary.get("read_ms")
        name = {"name": sheet.document.name} | rows
        if seconds is None:
            return _("%(name)s, %(rows)s rows") % name
        tenths = max(round(seconds / 100), 1)
        return _("%(name)s, %(rows)s rows read in %(seconds)s s") % (name | {"seconds": shown_tenths(tenths)})
    titles = {
        "last month": _("Last month's wages again, %(rows)s rows"),
        "typed": _("Typed by hand, %(rows)s rows"),
        "nil": _("Nobody worked this month"),
        "supplement": _("Forgotten workers with those declared, %(rows)s rows"),
        "correction": _("Correction of what was declared, %(rows)s rows"),
    }
    return titles.get(sheet.origin, _("Wages, %(rows)s rows")) % rows


def shown_tenths(tenths: int) -> str:
    """7 -> '0,7' or '0.7', as the language writes it."""
    return f"{tenths // 10}{',' if language() == 'lo' else '.'}{tenths % 10}"


def working_sheet(employer: Employer, month: Month) -> Sheet | None:
    """The sheet whose rows can be shown; none while its columns are not confirmed."""
    sheet = open_sheet(employer, month)
    return sheet if sheet is not None and sheet.state not in (Sheet.State.READ, Sheet.State.WAITING) else None


@of_month("GET", "HEAD")
def check(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """Everything that needs a look: errors, then questions, then workers who are missing."""
    sheet = working_sheet(employer, month)
    if sheet is None:
        return to("month", employer, month)
    page = sheets.waiting_page(sheet, request.GET.get("page"))
    lines = [one for one in page.object_list if not isinstance(one, sheets.Missing)]
    facts = sheet_facts(request, employer, month, sheet) | {
        "page": page,
        "looks": sheets.looks(sheet, lines),
        "missing": [one for one in page.object_list if isinstance(one, sheets.Missing)],
        "for_all": sheets.questions_for_all(sheet),
        "for_all_with_reason": sheets.reasons_for_all(sheet),
        "absent": _absent(sheet),
        "alone": signs_alone(request.actor, employer),
        "single_days": single_days_besides(employer, month, sheet),
    }
    return show(request, "check", employer, facts, current="due")


def _absent(sheet: Sheet) -> list[dict[str, Any]]:
    """The first workers of whom somebody said why they are missing, so that it can be undone."""
    ids = [int(person) for person in list(sheet.absences)[:ABSENT_SHOWN]]
    return [
        {"person": person, "says": absence_words(sheet.absences[str(id)])}
        for id, person in by_id(ids).items()
    ]


@of_month("GET", "HEAD")
def rows(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """All rows, twenty a page, found by number or name."""
    sheet = working_sheet(employer, month)
    if sheet is None:
        return to("month", employer, month)
    search = request.GET.get("q", "").strip()[:60]
    page = sheets.lines_page(sheet, request.GET.get("page"), search)
    facts = sheet_facts(request, employer, month, sheet) | {
        "page": page,
        "looks": sheets.looks(sheet, list(page.object_list)),
        "search": search,
        "add": AddForm(),
    }
    return show(request, "rows", employer, facts, current="due")


@of_month("GET", "HEAD")
def typing(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """Wage inputs, fifty a page; every step saves."""
    sheet = working_sheet(employer, month)
    if sheet is None:
        return to("month", employer, month)
    page = sheets.lines_page(sheet, request.GET.get("page"), most=sheets.TYPED)
    facts = sheet_facts(request, employer, month, sheet) | {
        "page": page,
        "looks": sheets.looks(sheet, list(page.object_list)),
        "add": AddForm(),
    }
    return show(request, "typing", employer, facts, current="due")
