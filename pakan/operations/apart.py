"""Apart: money of other funds on a bill of ours, below the verbs (C109).

A bill carries the lines that an employer added, while their agreements are in force. What comes in pays contributions first,
then late charges, and only then other funds, the oldest line first (docs/decisions/0020, A-92): a worker's month never
waits for somebody else's money. Kept credit pays no line.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pakan.integrations.formats.letter import FundLine
from pakan.registers.funds import actions, queries
from pakan.registers.funds.models import Line
from pakan.registers.payments import actions as payments
from pakan.registers.payments.models import Receipt
from pakan.units.money import Kip
from pakan.units.month import Month


class Wrong(ValueError):
    """Everything that is wrong with what was entered: a code for each field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in problems.items()))
        self.problems = dict(problems)


class Refused(ValueError):
    """Why nothing was done; `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def lines_on(employer_id: int, months: Sequence[Month], day: date) -> list[Line]:
    """Lines that a bill of these months carries on that day."""
    return queries.open_lines(employer_id, months, day)


def total(lines: Sequence[Line]) -> Kip:
    return Kip(sum(line.open for line in lines))


def amounts(lines: Sequence[Line]) -> list[tuple[int, Kip]]:
    """Each line and what is open of it, to compare with what was asked."""
    return sorted((line.id, Kip(line.open)) for line in lines)


def last_day(lines: Sequence[Line], day: date) -> date:
    """Until when a bill that is good until `day` may be paid: no longer than the agreements on it hold."""
    return min([day, *(line.agreement.last_day for line in lines)])


def write(bill: str, lines: Sequence[Line]) -> None:
    """What the notice `bill` asks for other funds."""
    actions.write_asked(bill, lines)


def asked(bill: str) -> list[tuple[int, Kip]]:
    """What was asked so, to compare."""
    return sorted((one.line_id, Kip(one.amount)) for one in queries.asked_by(bill))


def pay_lines(receipt: Receipt, months: Sequence[Month], left: Kip, paid_on: date, at: datetime) -> Kip:
    """Set what contributions and charges left of a matched receipt against the lines of these months; what remains.

    The day on which the payer paid decides whether an agreement still held. What nobody may pass on stays the employer's.
    """
    assert receipt.employer_id is not None
    for line in lines_on(receipt.employer_id, months, paid_on) if left else ():
        part = Kip(min(left, line.open))
        if part:
            actions.set_apart(line, receipt.number, part, at)
            payments.count_for_funds(receipt, part)
            left = Kip(left - part)
    return left


def asks_still(bill: str) -> bool:
    """Whether a line that the notice asks for is still open."""
    return any(one.line.open for one in queries.asked_by(bill))


def told(line: Line, amount: int) -> FundLine:
    """A part of a paper of ours that is another fund's."""
    names = line.agreement
    return {
        "name_lo": names.name_lo, "name_en": names.name_en, "month": str(line.month), "reference": line.reference,
        "amount": amount,
    }  # fmt: skip


def on_bill(bill: str) -> list[FundLine]:
    return [told(one.line, one.amount) for one in queries.asked_by(bill)]


def on_receipt(receipt: str) -> list[FundLine]:
    return [told(one.line, one.amount) for one in queries.received_by([receipt]).get(receipt, [])]
