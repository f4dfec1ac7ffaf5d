"""A company's papers as programs see them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import override

from pakan.channels.employer.wording import sentence_of
from pakan.operations import account, webhooks
from pakan.registers.contributions.models import Sheet, SheetLine
from pakan.registers.contributions.queries import lines_with_problems, obligation
from pakan.registers.funds.models import Asked, Line, Received
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.webhooks.models import Delivery, Endpoint

FIRST = 100  # problems in the answer to sending; the declaration's own address has all of them
TOTALS = ("workers", "wages", "insured", "employer_share", "worker_share")
# state -> Lao, English: where it stands and what happens next
STATES = {
    "reading": (
        "ກຳລັງອ່ານໄຟລ໌. ກັບມາຖາມໃໝ່ໃນໄວໆ.",
        "The file is being read. Ask again in a moment.",
    ),
    "columns_needed": (
        "ບອກຄວາມໝາຍຂອງຖັນເທື່ອດຽວ ທີ່ columns.",
        "Say once what the columns mean, at columns.",
    ),
    "refused": ("ອ່ານໄຟລ໌ບໍ່ໄດ້. ສົ່ງໄຟລ໌ອື່ນ.", "The file cannot be read. Send another one."),
    "preparing": (
        "ກຳລັງກະກຽມ. ຕອບ ຫຼື ແກ້ທຸກແຖວ ແລ້ວສົ່ງຕໍ່.",
        "Being prepared. Mend or answer what is left, then hand it over.",
    ),
    "waiting_for_approval": (
        "ລໍຖ້າການອະນຸມັດ. ຄົນໃນບໍລິສັດຕ້ອງເຊັນ.",
        "Waiting for approval. A person of the company signs on our pages.",
    ),
    "approved": (
        "ອະນຸມັດແລ້ວ. ຂໍໃບແຈ້ງຈ່າຍເງິນໄດ້.",
        "Approved. A payment notice can be asked for.",
    ),
    "replaced": ("ມີອັນໃໝ່ແທນແລ້ວ.", "Another one took its place."),
}


def state_of(sheet: Sheet) -> str:
    if sheet.state == Sheet.State.WAITING:
        return "refused" if sheet.summary.get("refused") else "reading"
    return {
        Sheet.State.READ.value: "columns_needed",
        Sheet.State.OPEN.value: "preparing",
        Sheet.State.HANDED_OVER.value: "waiting_for_approval",
        Sheet.State.APPROVED.value: "approved",
    }.get(sheet.state, "replaced")


def declaration(sheet: Sheet, *, practice: bool, most: int | None = None) -> dict[str, Any]:
    """A declaration with every row's problem (or the first `most`)."""
    state, summary = state_of(sheet), sheet.summary
    lo, en = STATES[state]
    lines = lines_with_problems(sheet, 0, summary.get("lines", 0) or 0)
    problems = sum(len(line.problems) for line in lines)
    refused = summary.get("refused") if state == "refused" else None
    return {
        "id": sheet.key,
        "month": str(sheet.month),
        "state": state,
        "says": refused or {"lo": lo, "en": en},
        "practice": practice,
        "revision": sheet.revision,
        "received_at": sheet.made_at,
        "totals": _totals(summary) if "workers" in summary else None,
        "errors": summary.get("errors", 0),
        "questions": summary.get("questions", 0),
        "missing_count": summary.get("missing_count", 0),
        "missing": [
            {"number": one["number"], "last_wage": one["wage"]} for one in summary.get("missing", [])
        ],
        "problems": _rows(sheet, lines, most),
        "problems_in_all": problems,
        "accepted": _accepted(sheet) if state == "approved" else None,
    }


def _totals(summary: dict[str, Any]) -> dict[str, int]:
    figures = {name: int(summary[name]) for name in TOTALS}
    return figures | {"total": figures["employer_share"] + figures["worker_share"]}


def _rows(sheet: Sheet, lines: Sequence[SheetLine], most: int | None) -> list[dict[str, Any]]:
    pairs = [(line, found) for line in lines for found in line.problems][:most]
    said: dict[str, list[str]] = {}
    for language in ("lo", "en"):
        with override(language):
            said[language] = [sentence_of(found) for _, found in pairs]
    return [
        _row(sheet, line, found) | {"says": {"lo": lo, "en": en}}
        for (line, found), lo, en in zip(pairs, said["lo"], said["en"], strict=True)
    ]


def _row(sheet: Sheet, line: SheetLine, found: dict[str, Any]) -> dict[str, Any]:
    at = found["field"] if found["field"] in ("number", "name", "wage") else ""
    sent = sheet.origin == "software"
    cell = line.wage_cell if at == "wage" else line.number_cell or line.wage_cell
    return {
        "row": line.row,
        "pointer": f"/lines/{line.row - 1}{'/' + at if at else ''}" if sent else None,
        "cell": cell if cell and not sent else None,
        "number": line.number,
        "code": found["code"],
        "level": found["level"],
        "mends": [{"act": mend["act"], "value": str(mend["value"])} for mend in found["mends"]],
    }


def _accepted(sheet: Sheet) -> dict[str, Any] | None:
    signed = getattr(sheet, "declaration", None)
    debt = obligation(sheet.employer, sheet.month)
    if signed is None or debt is None:
        return None
    return {
        "incoming_number": signed.incoming_number,
        "version": signed.version,
        "declared_at": signed.declared_at,
        "due_on": debt.due_on,
    }


def _other_fund(line: Line, amount: int) -> dict[str, Any]:
    return {
        "fund": line.agreement.code,
        "month": str(line.month),
        "reference": line.reference,
        "amount": amount,
    }


def notice(one: Notice, today: Any, *, practice: bool, funds: Sequence[Asked] = ()) -> dict[str, Any]:
    state = "expired" if one.state == Notice.State.OPEN and one.expires_on < today else one.state
    lines = sorted(one.lines.all(), key=lambda line: line.month)
    return {
        "number": one.number,
        "reference": one.reference,
        "state": state,
        "amount": one.amount,
        "due_on": one.due_on,
        "expires_on": one.expires_on,
        "qr": one.code_text if state == "open" else None,
        "months": [
            {"month": str(line.month), "amount": line.amount, "charges": line.charges} for line in lines
        ],
        "other_funds": [_other_fund(part.line, part.amount) for part in funds],
        "practice": practice,
    }


def receipt(one: Receipt, funds: Sequence[Received] = ()) -> dict[str, Any]:
    parts = sorted(one.allocations.all(), key=lambda part: (part.month, part.to_charges))
    return {
        "number": one.number,
        "amount": one.amount,
        "bank": one.bank,
        "bank_reference": one.bank_reference,
        "paid_at": one.paid_at,
        "received_at": one.received_at,
        "confirmed_on": one.confirmed_on,
        "notice": one.notice.number if one.notice else None,
        "kept_as_credit": one.credited,
        "months": [
            {"month": str(part.month), "amount": part.amount, "to_charges": part.to_charges} for part in parts
        ],
        "other_funds": [_other_fund(part.line, part.amount) for part in funds],
    }


def statement_row(row: account.Row) -> dict[str, Any]:
    return {
        "month": str(row.month),
        "state": row.state,
        "due_on": row.due_on,
        "version": row.version,
        "workers": row.workers,
        "wages": row.wages,
        "owed": row.owed,
        "settled": row.settled,
        "open": row.open,
        "charges_open": row.charges.open,
        "charges_running": row.running,
        "receipts": sorted({part.receipt for part in row.paid if part.receipt}),
    }


def webhook(one: Endpoint, *, practice: bool) -> dict[str, Any]:
    return {
        "id": one.handle,
        "url": one.url,
        "events": list(one.kinds),
        "secret": webhooks.secret_of(one),
        "practice": practice,
    }


def delivery(one: Delivery) -> dict[str, Any]:
    event = one.event
    return {
        "event": str(event.number),
        "type": f"la.pakan.{event.kind}",
        "subject": event.subject,
        "test": event.kind == Endpoint.TEST,
        "happened_at": event.at,
        "state": one.state,
        "tries": one.tries,
        "tried_at": one.tried_at,
        "next_at": one.next_at if one.state == Delivery.State.WAITING else None,
        "answer": one.said,
    }
