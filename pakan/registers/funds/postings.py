"""What money for another fund means in the ledger: owed to that fund, never ours."""

from pakan.registers.funds.models import Line
from pakan.registers.ledger.actions import OTHER_FUNDS, UNMATCHED, Draft
from pakan.units.money import Kip


def set_apart(line: Line, receipt: str, amount: Kip) -> Draft:
    """A part of what the bank has belongs to the fund. Passing it on is the posting of its payout."""
    return Draft(
        kind="set apart for another fund",
        key=f"fund:{receipt}:{line.id}",
        debits={UNMATCHED: amount},
        credits={OTHER_FUNDS: amount},
        employer_id=line.employer_id,
    )
