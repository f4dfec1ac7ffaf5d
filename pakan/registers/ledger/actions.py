"""`post`: the only way into the ledger."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection

from pakan.registers.ledger.models import Posting
from pakan.units.money import Kip
from pakan.units.month import Month

BANK = "1010"
RECEIVABLE = "1100"
CHARGES_RECEIVABLE = "1110"
OVERPAID = "1300"
UNMATCHED = "2100"
CREDIT = "2200"
REFUNDS = "2210"
BENEFITS_PAYABLE = "2310"
OTHER_FUNDS = "2400"
EMPLOYERS_SHARE = "4010"
WORKERS_SHARE = "4020"
LATE_CHARGES = "4030"


class Unbalanced(ValueError):
    """Debits and credits differ: a fault of ours, stopped before the database has to."""


class AlreadyPosted(IntegrityError):
    """The same event was posted before."""


@dataclass(frozen=True)
class Draft:
    """A posting to be: what happened, its key, and who owes whom. Sides of 0 kip are left out."""

    kind: str
    key: str
    debits: dict[str, Kip]
    credits: dict[str, Kip]
    employer_id: int | None = None
    month: Month | None = None


def post(draft: Draft, at: datetime) -> Posting | None:
    """Write `draft`; None if it moves nothing. Raises Unbalanced; AlreadyPosted if the key is there."""
    debits = {account: amount for account, amount in draft.debits.items() if amount}
    credits = {account: amount for account, amount in draft.credits.items() if amount}
    if sum(debits.values()) != sum(credits.values()) or min([*debits.values(), *credits.values(), 0]) < 0:
        raise Unbalanced(f"{draft.kind} {draft.key}: {debits} against {credits}")
    if not debits:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_posting (key, kind, at, employer_id, month) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (key) DO NOTHING RETURNING id",
            [draft.key, draft.kind, at, draft.employer_id, draft.month.first if draft.month else None],
        )
        found = cursor.fetchone()
        if found is None:
            raise AlreadyPosted(draft.key)
        sides: list[tuple[int, str, int, int]] = [
            (found[0], account, amount, 0) for account, amount in debits.items()
        ]
        sides += [(found[0], account, 0, amount) for account, amount in credits.items()]
        cursor.executemany(
            "INSERT INTO ledger_entry (posting_id, account_id, debit, credit) VALUES (%s, %s, %s, %s)", sides
        )
    return Posting(
        id=found[0], key=draft.key, kind=draft.kind, at=at, employer_id=draft.employer_id, month=draft.month
    )
