"""What benefits mean in the ledger: owed when an instalment falls due, no longer owed when it is paid (payments) or cancelled."""

from pakan.registers.benefits.models import Award, Deduction, Instalment, Overpayment, WriteOff
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


def deducted(taken: Deduction) -> Draft:
    """Of what the fund owes for a month, this much settles what was paid too much."""
    return _taken(taken, f"deduction:{taken.id}", BENEFITS_PAYABLE, OVERPAID)


def released(taken: Deduction) -> Draft:
    """The month is not paid: nothing is taken of it either."""
    return _taken(taken, f"deduction released:{taken.id}", OVERPAID, BENEFITS_PAYABLE)


def _taken(taken: Deduction, key: str, debit: str, credit: str) -> Draft:
    return Draft("benefit deducted", key, {debit: Kip(taken.kip)}, {credit: Kip(taken.kip)})


def written_off(ended: WriteOff, expense: str) -> Draft:
    """Nothing is owed to the fund; what it took it owes now."""
    return Draft(
        kind="overpayment dropped",
        key=f"overpayment dropped:{ended.overpayment_id}",
        debits={expense: Kip(ended.left + ended.back)},
        credits={OVERPAID: Kip(ended.left), BENEFITS_PAYABLE: Kip(ended.back)},
    )
