"""Payment notices, receipts and the statement of account."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from django.urls import reverse
from ninja import Body

from pakan.channels.employer.api import schemas, shown
from pakan.channels.employer.api.calls import Cursor, Limit, OnceKey, acts, after, paged, reads, refused
from pakan.channels.employer.api.door import Asking, Once
from pakan.channels.employer.api.faults import Fault
from pakan.operations import account, collect
from pakan.operations.apikeys import Caller
from pakan.registers.access.models import ApiKey
from pakan.registers.contributions.queries import obligations
from pakan.registers.funds.queries import asked_by, asked_by_bills, received_by
from pakan.registers.payments.models import Notice, Receipt
from pakan.units.month import Month

Scope = ApiKey.Scope

refused(collect.NothingToPay, lambda why: Fault("nothing_to_pay"))
refused(collect.BankUnreachable, lambda why: Fault("bank_silent", retry=60))
refused(collect.AmountChanged, lambda why: Fault("amount_changed"))


@reads("notices", "notices", schemas.NoticesOut, Scope.NOTICES_WRITE, Scope.RECEIPTS_READ)
def notices(request: Asking, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Payment notices, the newest first."""
    found = Notice.objects.filter(employer=request.auth.employer).prefetch_related("lines")
    rows, cut = paged(found, cursor, limit)
    today, practises = request.auth.actor.today, request.auth.practises
    parts = asked_by_bills([one.number for one in rows])
    return {
        "notices": [
            shown.notice(one, today, practice=practises, funds=parts.get(one.number, ())) for one in rows
        ],
        "next": cut,
    }


@acts("notices", "ask_notice", schemas.NoticeOut, Scope.NOTICES_WRITE)
def ask_notice(request: Asking, told: Annotated[schemas.NoticeIn, Body()], key: OnceKey) -> Any:
    """One reference and one LAO QR for what is open in these months; the open notice again, while it says the truth."""
    caller, months = request.auth, sorted({Month.parse(text) for text in told.months})
    once = Once(caller, key, "notices", json.dumps([str(month) for month in months]).encode())
    if said := once.said():
        return said
    out = _rehearsed(caller, months) if caller.key.is_practice else _asked(caller, months)
    body = schemas.NoticeOut(**out).model_dump_json()
    return once.do(lambda: (201, reverse("api-employer:notices"), body))


def _asked(caller: Caller, months: list[Month]) -> Mapping[str, Any]:
    """The bank is asked between two transactions, so this stands outside of the one that keeps the answer."""
    made = collect.ask(caller.actor, caller.employer, months)
    parts = asked_by(made.number)
    return shown.notice(made, caller.actor.today, practice=caller.practises, funds=parts)


def _rehearsed(caller: Caller, months: list[Month]) -> Mapping[str, Any]:
    lines = collect.rehearse(caller.actor, caller.employer, months)
    if not lines:
        raise collect.NothingToPay
    due = (
        obligations(caller.employer)
        .filter(month__in=[month for month, _, _ in lines])
        .values_list("due_on", flat=True)
    )
    return {
        "number": "PRACTICE", "reference": "PRACTICE", "state": "practice", "qr": None, "practice": True,
        "amount": sum(amount + charges for _, amount, charges in lines), "due_on": min(due),
        "expires_on": caller.actor.today + collect.NOTICE_LIFE,
        "months": [{"month": str(month), "amount": amount, "charges": charges} for month, amount, charges in lines],
        "other_funds": [],
    }  # fmt: skip


# Receipts and the statement


@reads("receipts", "receipts", schemas.ReceiptsOut, Scope.RECEIPTS_READ)
def receipts(request: Asking, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Money that arrived, and the months it was set against; the newest first."""
    found = Receipt.objects.filter(employer=request.auth.employer).select_related("notice")
    rows, cut = paged(found.prefetch_related("allocations"), cursor, limit)
    parts = received_by([one.number for one in rows if one.for_funds])
    return {"receipts": [shown.receipt(one, parts.get(one.number, ())) for one in rows], "next": cut}


@reads("statement", "statement", schemas.StatementOut, Scope.STATEMENT_READ)
def statement(request: Asking, cursor: Cursor = "", limit: Limit = 24) -> Any:
    """The account month by month, the newest first: the same rows that the company's pages and the office read."""
    told, before = account.account(request.auth.employer, request.auth.actor.today), after(cursor)
    rows = [row for row in told.rows if before is None or row.month.number < before]
    sums = {name: getattr(told, name) for name in ("day", "open", "charges", "running", "credit", "total")}
    cut = str(rows[limit - 1].month.number) if len(rows) > limit else None
    return sums | {"months": [shown.statement_row(row) for row in rows[:limit]], "next": cut}
