"""What benefits mean in the ledger: owed when an instalment falls due, no longer owed when it is paid (payments) or cancelled."""

from pakan.registers.benefits.models import Award, Instalment, Overpayment
from pakan.registers.ledger.actions import BENEFITS_PAYABLE, OVERPAID, Draft
from pakan.units.money import Kip


def accrued(instalment: Instalment, expense: str) -> Draft:
    """The fund owes this month's benefit."""
    return Draft(
        kind="benefit due",
        key=f"instalment:{instalment.id}",
        debits={expense: Kip(instalment.kip)},
        credits={BENEFITS_PAYABLE: Kip(instalment.kip)},
        month=instalment.month,
    )


def cancelled(instalment: Instalment, expense: str) -> Draft:
    """Another award took its place before it was paid."""
    return Draft(
        kind="benefit cancelled",
        key=f"instalment cancelled:{instalment.id}",
        debits={BENEFITS_PAYABLE: Kip(instalment.kip)},
        credits={expense: Kip(instalment.kip)},
        month=instalment.month,
    )


def overpaid(found: Overpayment, award: Award) -> Draft:
    """A later decision gives less than was paid: the difference is owed to the fund."""
    return Draft(
        kind="benefit overpaid",
        key=f"overpayment:{found.id}",
        debits={OVERPAID: Kip(found.kip)},
        credits={award.expense: Kip(found.kip)},
    )
