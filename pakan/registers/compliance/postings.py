"""What late charges mean in the ledger."""

from pakan.registers.compliance.models import Charge
from pakan.registers.ledger.actions import CHARGES_RECEIVABLE, CREDIT, LATE_CHARGES, UNMATCHED, Draft
from pakan.units.money import Kip


def _draft(kind: str, key: str, debit: str, credit: str, amount: Kip, charge: Charge) -> Draft:
    return Draft(
        kind=kind,
        key=key,
        debits={debit: amount},
        credits={credit: amount},
        employer_id=charge.employer_id,
        month=charge.month,
    )


def charged(charge: Charge) -> Draft:
    return _draft(
        "late charge", f"charge:{charge.key}", CHARGES_RECEIVABLE, LATE_CHARGES, Kip(charge.amount), charge
    )


def paid(charge: Charge, amount: Kip, key: str, from_credit: bool) -> Draft:
    source = CREDIT if from_credit else UNMATCHED
    return _draft(
        "late charge paid", f"charge paid:{charge.id}:{key}", source, CHARGES_RECEIVABLE, amount, charge
    )


def given_up(charge: Charge, amount: Kip, key: str) -> Draft:
    """A charge that is waived was no income."""
    return _draft(
        "late charge waived",
        f"charge waived:{charge.id}:{key}",
        LATE_CHARGES,
        CHARGES_RECEIVABLE,
        amount,
        charge,
    )
