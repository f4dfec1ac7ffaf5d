"""What the bank told us: messages that were not believed or not worked on, and the statement of a day."""

import hashlib
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pakan.channels.kit.speech import in_language
from pakan.channels.office import figures
from pakan.channels.office.forms import DayForm
from pakan.channels.office.frame import may_open, page_of, show
from pakan.channels.office.wording import bank_of, difference_of, why_of
from pakan.operations import reconcile
from pakan.registers.access.actor import Asked
from pakan.registers.payments.models import BankMessage, Statement, StatementLine

KEPT = "statement"


def _told(message: BankMessage) -> dict[str, Any]:
    """A message without what it says: personal data stays in the row, the digest tells two apart."""
    body = bytes(message.body)
    return {
        "message": message,
        "bank": bank_of(message.bank),
        "why": why_of(message.why),
        "digest": hashlib.sha256(body).hexdigest(),
        "size": len(body),
    }


@require_safe
def messages(request: Asked) -> HttpResponse:
    page = page_of(request, figures.refused())
    waiting = [_told(message) for message in figures.waiting(request.actor.at)[:20]]
    facts = {"page": page, "refused": [_told(message) for message in page], "waiting": waiting}
    return show(request, "bank", facts, current="bank")


@require_safe
def statement(request: Asked) -> HttpResponse:
    """The form, and the lines of the day asked for if its statement was taken in."""
    given = request.GET if "day" in request.GET else None
    form = DayForm(given, today=request.actor.today, initial={"day": request.actor.today})
    return _statement_page(request, form, form.cleaned_data["day"] if given and form.is_valid() else None)


def _statement_page(request: Asked, form: DayForm, day: date | None, status: int = 200) -> HttpResponse:
    newest = reconcile.newest_statement()
    day = day or (newest.day if newest and not form.is_bound else None)
    known = Statement.objects.filter(day=day).order_by("-id").first() if day else None
    lines = StatementLine.objects.filter(statement=known).select_related("receipt").order_by("id")
    kept = request.session.get(KEPT)
    facts = {
        "form": form,
        "day": day,
        "statement": known,
        "page": page_of(request, lines) if known else None,
        "result": _result(kept) if kept and day and kept["day"] == day.isoformat() else None,
        "may_take_in": may_open(request.actor, "take_in"),
    }
    return show(request, "statement", facts, current="statement", status=status)


def _result(kept: dict[str, Any]) -> dict[str, Any]:
    return kept | {"differences": [difference_of(said) for said in kept["differences"]]}


@require_POST
def take_in(request: Asked) -> HttpResponse:
    """Ask the bank for the statement of a day. Taken in twice, it changes nothing the second time."""
    form = DayForm(request.POST, today=request.actor.today)
    if not form.is_valid():
        return _statement_page(request, form, None, status=422)
    day: date = form.cleaned_data["day"]
    try:
        said = reconcile.take_in_statement(request.actor, day)
    except reconcile.BankUnreachable:
        form.add_error(
            None, _("The bank does not answer now. Nothing was changed; try again in some minutes.")
        )
        return _statement_page(request, form, day, status=503)
    except reconcile.StatementRefused as refused:
        form.add_error(None, in_language(refused))
        return _statement_page(request, form, day, status=422)
    request.session[KEPT] = {
        "day": day.isoformat(),
        "lines": said.lines,
        "confirmed": said.confirmed,
        "new": said.new,
        "differences": list(said.differences),
    }
    return redirect(f"{reverse('office:statement')}?day={day.isoformat()}")
