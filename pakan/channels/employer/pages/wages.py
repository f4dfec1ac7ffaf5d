"""Step 1, wages: a file in the employer's own layout, last month again, typing, or nobody this month."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from pakan.channels.employer.forms import MOST_BYTES, ColumnsForm, UploadForm
from pakan.channels.employer.frame import may, new_key, of_month, show, signs_alone, to
from pakan.channels.employer.months import MonthLine, month_lines
from pakan.channels.employer.wording import refusal_words
from pakan.channels.kit.files import file_answer
from pakan.channels.kit.speech import language
from pakan.operations import declare
from pakan.operations.declare import reach
from pakan.registers.access.actor import Asked
from pakan.registers.contributions.models import Declaration, Sheet, SheetLine
from pakan.registers.contributions.queries import (
    declarations,
    last_declaration_before,
    latest_declaration,
    open_sheet,
)
from pakan.registers.crews.queries import earned_in
from pakan.registers.payments.queries import receipts_for
from pakan.registers.people.models import Employer
from pakan.units.month import Month

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def line_of(employer: Employer, month: Month, request: Asked) -> MonthLine:
    return month_lines([employer], month, month, request.actor.today)[employer.id][0]


def page_of(sheet: Sheet) -> str:
    """Where work on a sheet goes on."""
    if sheet.state == Sheet.State.WAITING:
        return "reading"
    if sheet.state == Sheet.State.READ:
        return "columns"
    if sheet.state == Sheet.State.HANDED_OVER:
        return "approve"
    return (
        "typing"
        if sheet.origin == "typed" and sheet.summary.get("errors") == sheet.summary.get("lines")
        else "check"
    )


def single_days_besides(employer: Employer, month: Month, sheet: Sheet) -> int:
    """How many workers with single days of work are not in the list."""
    there = set(SheetLine.objects.filter(sheet=sheet).values_list("person_id", flat=True))
    return len(earned_in(employer, month).keys() - there) if sheet.state == Sheet.State.OPEN else 0


@of_month("GET", "HEAD", "POST")
def month(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """The three equal ways, and the way back to what was begun."""
    if request.method == "POST":
        return _begin(request, employer, month)
    return _ways(request, employer, month, UploadForm(initial={"key": new_key()}))


def _ways(
    request: Asked, employer: Employer, month: Month, form: UploadForm, status: int = 200
) -> HttpResponse:
    sheet = open_sheet(employer, month)
    last = last_declaration_before(employer, month)
    facts = {
        "line": line_of(employer, month, request),
        "month": month,
        "form": form,
        "key": form["key"].value() or new_key(),
        "sheet": sheet,
        "sheet_url": reverse(f"employer:{page_of(sheet)}", args=[employer.code, str(month)]) if sheet else "",
        "last": last,
        "may_prepare": may(request.actor, employer, "declare.take_in"),
    }
    return show(request, "month", employer, facts, current="due", status=status)


def _begin(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    ways: dict[str, Callable[..., Sheet]] = {
        "last": declare.same_as_last_month,
        "type": declare.start_typing,
        "nobody": declare.no_workers,
        "correct": declare.correct,
    }
    way = ways.get(request.POST.get("way", ""))
    if way is None:
        return _upload(request, employer, month)
    sheet = way(request.actor, employer, month, request.POST.get("key", "")[:64] or new_key())
    if "straight" in request.POST and _nothing_to_check(request, employer, month, sheet):
        with suppress(declare.Refused):  # then the page that checks says why
            sheet = declare.hand_over(request.actor, sheet, sheet.revision)
    return to(page_of(sheet), employer, month)


def _nothing_to_check(request: Asked, employer: Employer, month: Month, sheet: Sheet) -> bool:
    """All in order, and nobody else to look: the overview leads straight to the figures that are signed.

    From there the list is one press away ("Take it back"); nothing counts before the signature.
    """
    found = sheet.summary
    return (
        sheet.state == Sheet.State.OPEN
        and signs_alone(request.actor, employer)
        and bool(found["lines"])
        and not found["errors"] + found["questions"] + found["missing_count"]
        and not single_days_besides(employer, month, sheet)
    )


def _upload(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    sheet = _sheet_from(request, employer, month, form)
    return to(page_of(sheet), employer, month) if sheet else _ways(request, employer, month, form, status=422)


def _sheet_from(
    request: Asked, employer: Employer, month: Month, form: UploadForm, origin: str = "file"
) -> Sheet | None:
    """What the uploaded file becomes; none if the form says what is wrong with it. A large one is read by a job."""
    if "file" not in request.FILES and int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        form.errors["file"] = form.error_class([_too_large()])
    elif form.is_valid():
        name, content, key = form.chosen.name or "", form.chosen.read(), form.cleaned_data["key"]
        try:
            if len(content) > declare.LARGE:
                declare.examine(name, content)
                return declare.take_in_large(request.actor, employer, month, name, content, key, origin)
            return declare.take_in(
                request.actor, employer, month, declare.read_file(name, content), key, origin
            )
        except declare.FileRefused as refusal:
            form.add_error("file", refusal.message(language()))
    return None


@of_month("GET", "HEAD")
def reading(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """How far a large file is. The page asks by itself every two seconds; without script it loads itself again."""
    sheet = open_sheet(employer, month)
    if sheet is None or sheet.state != Sheet.State.WAITING:
        return _arrived(request, employer, month, page_of(sheet) if sheet else "month")
    refused = sheet.summary.get("refused")
    steps = ["received", "reading", "checking"]
    facts = {
        "line": line_of(employer, month, request),
        "month": month,
        "sheet": sheet,
        "refused": refused[language()] if refused else "",
        "done": steps.index(sheet.summary.get("step", "received")),
        "rows": sheet.summary.get("rows"),
    }
    if request.headers.get("HX-Request"):
        return render(request, "employer/parts/reading.html", facts | {"employer": employer})
    return show(request, "reading", employer, facts, current="due")


def _arrived(request: Asked, employer: Employer, month: Month, page: str) -> HttpResponse:
    """Go on where the sheet is now; a page that asked in the background is told to go there itself."""
    if request.headers.get("HX-Request"):
        address = reverse(f"employer:{page}", args=[employer.code, str(month)])
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return to(page, employer, month)


@of_month("GET", "HEAD", "POST")
def supplement(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """Workers who were forgotten in a declared month, as a file of their own (C82)."""
    latest = latest_declaration(employer, month)
    if latest is None:
        return to("month", employer, month)
    form = UploadForm(initial={"key": new_key()})
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        sheet = _sheet_from(request, employer, month, form, declare.SUPPLEMENT)
        if sheet:
            return to(page_of(sheet), employer, month)
    facts = {
        "line": line_of(employer, month, request),
        "month": month,
        "form": form,
        "latest": latest,
        "sheet": open_sheet(employer, month),
    }
    return show(request, "supplement", employer, facts, current="due", status=422 if form.errors else 200)


def _too_large() -> str:
    return declare.FileRefused("too_large", limit=MOST_BYTES // 1024 // 1024).message(language())


@of_month("GET", "HEAD", "POST")
def columns(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """What each column means: confirmed once for a layout, then remembered for this employer."""
    sheet = open_sheet(employer, month)
    if sheet is None or sheet.document is None or sheet.state == Sheet.State.HANDED_OVER:
        return to("month", employer, month)
    offered = declare.columns_offered(sheet)
    form = ColumnsForm(offered, request.POST or None)
    if request.method == "POST" and form.is_valid() and _take_columns(request, sheet, form):
        return to("check", employer, month)
    facts = {
        "line": line_of(employer, month, request),
        "month": month,
        "sheet": sheet,
        "form": form,
        "rows": form.rows(),
        "may_prepare": may(request.actor, employer, "declare.confirm_columns"),
    }
    return show(request, "columns", employer, facts, current="due", status=422 if form.errors else 200)


def _take_columns(request: Asked, sheet: Sheet, form: ColumnsForm) -> bool:
    try:
        declare.confirm_columns(request.actor, sheet, form.columns())
    except declare.ColumnsRefused as refusal:
        for code in refusal.codes:
            form.add_error(None, refusal_words(code))
    except ValueError:
        form.add_error(None, refusal_words("twice"))
    else:
        return True
    return False


@of_month("GET", "HEAD")
def template(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """Our own file to fill in, with the present workers in it."""
    content = declare.template_file(employer, month, language())
    return file_answer(content, XLSX, f"wages-{employer.code}-{month}.xlsx", attachment=True)


@of_month("GET", "HEAD", "POST")
def correct(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """A declared month that was wrong: what was declared, version by version, and the way to a new version."""
    versions = declarations(employer, month)
    if not versions:
        return to("month", employer, month)
    if request.method == "POST":
        begun = declare.correct(request.actor, employer, month, request.POST.get("key", "")[:64] or new_key())
        return to(page_of(begun), employer, month)
    sheet = open_sheet(employer, month)
    facts: dict[str, Any] = {
        "line": line_of(employer, month, request),
        "month": month,
        "versions": [_version(one, before) for one, before in zip(versions, [None, *versions], strict=False)],
        "sheet": sheet,
        "sheet_url": reverse(f"employer:{page_of(sheet)}", args=[employer.code, str(month)]) if sheet else "",
        "key": new_key(),
        "may_prepare": may(request.actor, employer, "declare.correct"),
        "effect": declare.effect(sheet, request.actor.today) if sheet else None,
        "receipts": receipts_for(employer, month),
        "is_far": reach.is_far(month, request.actor),
        "leave": reach.leave_for(employer, month),
        "may_ask": may(request.actor, employer, "reach.ask"),
    }
    return show(request, "correct", employer, facts, current="due")


def _version(one: Declaration, before: Declaration | None) -> dict[str, Any]:
    total = one.employer_share + one.worker_share
    difference = total - before.employer_share - before.worker_share if before else None
    return {"of": one, "total": total, "difference": difference}
