"""What the ledger says."""

from django.db.models import Sum

from pakan.registers.ledger.models import Account, Entry
from pakan.units.money import Kip


def balance(account: str, employer_id: int | None = None) -> Kip:
    """Debits less credits of an account, of one employer if given."""
    entries = Entry.objects.filter(account_id=account)
    if employer_id is not None:
        entries = entries.filter(posting__employer_id=employer_id)
    sums = entries.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    return Kip(int(sums["debit"] or 0) - int(sums["credit"] or 0))


def balances() -> list[tuple[Account, Kip]]:
    """Every account with debits less credits, in the order of the chart."""
    sums = {
        row["account"]: Kip(int(row["debit"]) - int(row["credit"]))
        for row in Entry.objects.values("account").annotate(debit=Sum("debit"), credit=Sum("credit"))
    }
    return [(account, sums.get(account.code, Kip(0))) for account in Account.objects.order_by("code")]
