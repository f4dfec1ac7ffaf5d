"""What payments mean in the ledger. Setting money against a month is the contributions' posting."""

from pakan.registers.ledger.actions import BANK, CREDIT, REFUNDS, UNMATCHED, Draft
from pakan.registers.payments.models import Payout, Receipt
from pakan.units.money import Kip


def received(receipt: Receipt) -> Draft:
    """The bank has the money; whose it is shows later."""
    return Draft(
        kind="money received",
        key=f"received:{receipt.bank}:{receipt.account}:{receipt.bank_reference}",
        debits={BANK: Kip(receipt.amount)},
        credits={UNMATCHED: Kip(receipt.amount)},
        employer_id=receipt.employer_id,
    )


def kept_as_credit(receipt: Receipt, amount: Kip) -> Draft:
    """More than was owed: kept for the employer."""
    return Draft(
        kind="kept as credit",
        key=f"credit:{receipt.number}",
        debits={UNMATCHED: amount},
        credits={CREDIT: amount},
        employer_id=receipt.employer_id,
    )


def paid_out(payout: Payout) -> Draft:
    """The bank paid it: owed no more."""
    return Draft(
        kind="paid out",
        key=f"paid out:{payout.number}",
        debits={payout.liability: Kip(payout.amount)},
        credits={BANK: Kip(payout.amount)},
        employer_id=payout.employer_id,
    )


def came_back(payout: Payout) -> Draft:
    """The bank took it back after it had paid: owed again."""
    return Draft(
        kind="payout came back",
        key=f"came back:{payout.number}",
        debits={BANK: Kip(payout.amount)},
        credits={payout.liability: Kip(payout.amount)},
        employer_id=payout.employer_id,
    )


def set_aside(employer_id: int, amount: Kip, key: str) -> Draft:
    """Credit waits for its refund; below zero it comes back."""
    source, target = (CREDIT, REFUNDS) if amount > 0 else (REFUNDS, CREDIT)
    return Draft(
        kind="credit set aside" if amount > 0 else "refund taken back",
        key=f"hold:{key}",
        debits={source: Kip(abs(amount))},
        credits={target: Kip(abs(amount))},
        employer_id=employer_id,
    )
