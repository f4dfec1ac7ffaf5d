"""The ledger: what every account holds, and the postings behind it."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from pakan.channels.office.frame import ROWS, show
from pakan.channels.office.wording import happened
from pakan.registers.access.actor import Asked
from pakan.registers.ledger.models import Account, Entry
from pakan.registers.ledger.queries import balance, balances


@require_safe
def ledger(request: Asked) -> HttpResponse:
    rows = balances()
    facts = {
        "rows": [(account, max(left, 0), max(-left, 0)) for account, left in rows],
        "debits": sum(left for _account, left in rows if left > 0),
        "credits": sum(-left for _account, left in rows if left < 0),
    }
    return show(request, "ledger", facts, current="ledger")


@require_safe
def account(request: Asked, code: str) -> HttpResponse:
    """Entries, newest first. Older ones follow by the number of the last one shown: no page needs a count of all."""
    one = Account.objects.filter(code=code).first()
    if one is None:
        raise Http404
    entries = Entry.objects.filter(account=one).select_related("posting__employer").order_by("-id")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        entries = entries.filter(id__lt=int(before))
    shown = list(entries[: ROWS + 1])
    facts = {
        "account": one,
        "balance": balance(one.code),
        "rows": [(entry, happened(entry.posting.kind)) for entry in shown[:ROWS]],
        "older": shown[ROWS - 1].id if len(shown) > ROWS else None,
        "is_first": not before,
    }
    return show(request, "account", facts, current="ledger")
