"""What contributions mean in the ledger."""

from pakan.registers.contributions.models import Declaration
from pakan.registers.ledger.actions import (
    CREDIT,
    EMPLOYERS_SHARE,
    RECEIVABLE,
    UNMATCHED,
    WORKERS_SHARE,
    Draft,
)
from pakan.units.money import Kip
from pakan.units.month import Month


def owed(declaration: Declaration, before: Declaration | None) -> Draft:
    """The debt of a declaration, or its difference to the version before."""
    employers = declaration.employer_share - (before.employer_share if before else 0)
    workers = declaration.worker_share - (before.worker_share if before else 0)
    debits: dict[str, Kip] = {}
    credits: dict[str, Kip] = {}
    for account, amount in (
        (RECEIVABLE, employers + workers),
        (EMPLOYERS_SHARE, -employers),
        (WORKERS_SHARE, -workers),
    ):
        side = debits if amount > 0 else credits
        side[account] = Kip(abs(amount))
    return Draft(
        kind="contributions owed" if before is None else "contributions corrected",
        key=f"owed:{declaration.employer_id}:{declaration.month}:{declaration.version}",
        debits=debits,
        credits=credits,
        employer_id=declaration.employer_id,
        month=declaration.month,
    )


def returned(declaration: Declaration, excess: Kip) -> Draft:
    """More was paid than the corrected month costs: the rest becomes the employer's credit."""
    return Draft(
        kind="overpaid after correction",
        key=f"returned:{declaration.employer_id}:{declaration.month}:{declaration.version}",
        debits={RECEIVABLE: excess},
        credits={CREDIT: excess},
        employer_id=declaration.employer_id,
        month=declaration.month,
    )


def settled(employer_id: int, month: Month, amount: Kip, key: str, from_credit: bool) -> Draft:
    """Money that came in (or was kept) is set against a month. `key` names the receipt or the use of credit."""
    return Draft(
        kind="credit used" if from_credit else "contribution paid",
        key=f"settled:{employer_id}:{month}:{key}",
        debits={CREDIT if from_credit else UNMATCHED: amount},
        credits={RECEIVABLE: amount},
        employer_id=employer_id,
        month=month,
    )
