"""Every act on a sheet. One form a page: what was typed is saved first, then the pressed button does its act."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from pakan.channels.employer.forms import NewWorkerForm
from pakan.channels.employer.frame import of_month, show, to
from pakan.channels.employer.pages.check import working_sheet
from pakan.channels.employer.pages.wages import line_of
from pakan.channels.employer.wording import REASONS, SIGNS, refusal_words
from pakan.operations import declare
from pakan.registers.access.actor import Actor, Asked
from pakan.registers.contributions.models import Sheet, SheetLine
from pakan.registers.people.models import Employer
from pakan.units.month import Month

BACK = ("check", "rows", "typing")
ROW_ACTS = ("wage", "number", "leave_out", "take_in", "add_up", "confirm")


@of_month("POST")
def mend(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """Save what was typed, do the act, go back to the page that asked."""
    sheet = working_sheet(employer, month)
    if sheet is None or str(sheet.id) != request.POST.get("sheet"):
        messages.error(request, refusal_words("sheet_changed"))
        return to("month" if sheet is None else "check", employer, month)
    refused = ""
    try:
        save_typed(request.actor, sheet, request.POST)
        act(request.actor, sheet, request.POST)
    except LookupError:
        refused = refusal_words("sheet_changed")
    except ValueError as refusal:
        refused = _of_row(request.POST.get("do", ""), refusal_words(getattr(refusal, "code", str(refusal))))
    if refused:
        messages.error(request, refused)
    return _back(request, employer, month, "" if refused else "#list")


def _of_row(pressed: str, says: str) -> str:
    """The refusal with its row in front, where the act was about one row."""
    name, _rest, row = pressed.partition(":")
    row = row.partition(":")[0]
    if name in ROW_ACTS and row.isdigit():
        return _("Row %(row)s: %(says)s") % {"row": row, "says": says}
    return says


def _back(request: Asked, employer: Employer, month: Month, place: str) -> HttpResponse:
    """The page that asked: at its list, or at its top, where a refusal stands."""
    page = request.POST.get("back", "")
    where = request.POST.get("do", "")
    if where.startswith(
        "go:"
    ):  # "save and ...": the address is ours, only the page number comes from outside
        page, _, number = where.removeprefix("go:").partition(":")
    else:
        number = request.POST.get("page", "")
    address = reverse(f"employer:{page if page in BACK else 'check'}", args=[employer.code, str(month)])
    query = {"page": number} if number.isdigit() and number != "1" else {}
    if page == "rows" and request.POST.get("q"):
        query["q"] = request.POST["q"][:60]
    return redirect(f"{address}?{urlencode(query)}{place}" if query else f"{address}{place}")


def save_typed(actor: Actor, sheet: Sheet, sent: QueryDict) -> None:
    """Write the inputs that differ from what the page showed, and no others: a page that lay open harms nothing."""
    wages = {int(row): text for row, text in _changed(sent, "wage")}
    if wages:
        declare.write_wages(actor, sheet, wages)
    for row, text in _changed(sent, "number"):
        declare.write_line(actor, sheet, int(row), number=text)


def _changed(sent: QueryDict, name: str) -> list[tuple[str, str]]:
    found = []
    for key in sent:
        row = key.removeprefix(f"{name}-")
        if (
            row != key
            and row.isdigit()
            and (text := str(sent[key])).strip() != sent.get(f"was-{key}", "").strip()
        ):
            found.append((row, text))
    return found


def act(actor: Actor, sheet: Sheet, sent: QueryDict) -> None:
    """Do what the pressed button says: `act:row:value`. Raises ValueError with a code of wording.REFUSALS."""
    name, _, rest = sent.get("do", "").partition(":")
    row, _, value = rest.partition(":")
    acts: dict[str, Callable[[], Any]] = {
        "wage": lambda: declare.write_line(actor, sheet, int(row), wage=value),
        "number": lambda: declare.write_line(actor, sheet, int(row), number=value),
        "leave_out": lambda: declare.leave_out(actor, sheet, int(row)),
        "take_in": lambda: declare.leave_out(actor, sheet, int(row), out=False),
        "add_up": lambda: declare.add_up(actor, sheet, int(row)),
        "confirm": lambda: declare.confirm(actor, sheet, int(row), value, _reason(sent, row)),
        "confirm_all": lambda: declare.confirm_all(actor, sheet, value, _reason(sent, value)),
        "left": lambda: declare.absent(actor, sheet, int(row), "left", _day(sent.get(f"on-{row}", ""))),
        "leave": lambda: declare.absent(actor, sheet, int(row), "leave", None),
        "undo": lambda: declare.absent(actor, sheet, int(row), "undo", None),
        "add_missing": lambda: _add_missing(actor, sheet, int(row)),
        "add": lambda: declare.add_worker(actor, sheet, sent.get("number", ""), sent.get("wage", "")),
    }
    if name in acts:
        acts[name]()


def _reason(sent: QueryDict, where: str) -> str:
    """A reason of our list; anything else counts as none."""
    reason = sent.get(f"reason-{where}", "")
    return reason if reason in REASONS else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _add_missing(actor: Actor, sheet: Sheet, person: int) -> None:
    """Take a forgotten worker in with last month's wage; it can be changed like any other."""
    found = next((one for one in sheet.summary["missing"] if one["person"] == person), None)
    if found is None:
        raise LookupError(person)
    wage = "" if found["wage"] is None else str(found["wage"])
    declare.add_worker(actor, sheet, found["number"], wage, name=found["name"])


@of_month("GET", "HEAD", "POST")
def register(request: Asked, employer: Employer, month: Month, row: int) -> HttpResponse:
    """A worker who has no number yet (form 1-02): five facts on a page of their own."""
    sheet = working_sheet(employer, month)
    line = SheetLine.objects.filter(sheet=sheet, row=row).first() if sheet else None
    if sheet is None or line is None:
        raise Http404
    form = NewWorkerForm(request.POST or None, initial=_who(line.name))
    like: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        same = request.POST.get("same", "")
        told = form.cleaned_data | {
            "same": int(same) if same.isascii() and same.isdigit() and len(same) < 18 else 0,
            "reason": request.POST.get("reason", "")[:400],
        }
        like = _register(request.actor, sheet, row, form, told)
        if not like and not form.errors:
            return to("check", employer, month)
    facts = {
        "line": line_of(employer, month, request),
        "month": month,
        "form": form,
        "of": line,
        "like": [one | {"says": [SIGNS[sign] for sign in one["signs"]]} for one in like],
        "reason": request.POST.get("reason", ""),
        "reason_wrong": bool(like) and bool(request.POST.get("reason", "").strip()),
    }
    status = 422 if form.errors or like else 200
    return show(request, "register", employer, facts, current="due", status=status)


TITLES = {"ທ້າວ": "m", "ນາງສາວ": "f", "ນາງ": "f"}


def _who(written: str) -> dict[str, str]:
    """What the name in the file tells already: the title says the sex, the last word is the family name."""
    words = written.split()
    sex = TITLES.get(words[0], "") if len(words) > 1 else ""
    words = words[1:] if sex else words
    return {
        "given_name": " ".join(words[:-1] or words),
        "family_name": words[-1] if len(words) > 1 else "",
        "sex": sex,
    }


def _register(
    actor: Actor, sheet: Sheet, row: int, form: NewWorkerForm, told: dict[str, Any]
) -> list[dict[str, Any]]:
    """Who on record may be this person: the question that is still open. [] where it is done, or the form says what is wrong."""
    try:
        declare.register_new(actor, sheet, row, **told)
    except declare.LooksKnown as known:
        return known.like
    except declare.NotRegistered as refusal:
        for code in refusal.codes:
            form.add_error(code, refusal_words(code))
    except declare.Refused as refusal:
        form.add_error(None, refusal_words(refusal.code))
    return []


@of_month("POST")
def hand_over(request: Asked, employer: Employer, month: Month) -> HttpResponse:
    """The preparer says that it is complete. What was typed on the page is saved first."""
    sheet = working_sheet(employer, month)
    if sheet is None or str(sheet.id) != request.POST.get("sheet"):
        messages.error(request, refusal_words("sheet_changed"))
        return to("month" if sheet is None else "check", employer, month)
    revision = request.POST.get("revision", "")
    try:
        declare.hand_over(request.actor, sheet, int(revision) if revision.isdigit() else -1)
    except declare.Refused as refusal:
        messages.error(request, refusal_words(refusal.code))
        return to("approve" if isinstance(refusal, declare.AlreadyApproved) else "check", employer, month)
    return to("approve", employer, month)
