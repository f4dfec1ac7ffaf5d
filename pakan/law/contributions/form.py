"""The five amounts of form 2-01, and what is to be paid.

Line 5 is printed as 1 + 2 and leaves the differences of earlier months (lines 3 and 4) out; the amount due is
5 + 3 - 4, a figure of its own (A-06).
"""

from dataclasses import dataclass

from pakan.units.money import Kip


@dataclass(frozen=True, slots=True)
class Lines:
    """Kip, none below zero. `add`, `deduct`: differences of earlier months. Raises ValueError."""

    employer: Kip
    worker: Kip
    add: Kip = Kip(0)  # noqa: RUF009 - a number, not a call with an effect
    deduct: Kip = Kip(0)  # noqa: RUF009

    def __post_init__(self) -> None:
        if min(self.employer, self.worker, self.add, self.deduct) < 0:
            raise ValueError("no line of the form is below zero")

    @property
    def remitted(self) -> Kip:
        """Line 5."""
        return Kip(self.employer + self.worker)

    @property
    def amount_due(self) -> Kip:
        """5 + 3 - 4, but never below zero: what cannot be deducted now is `credit_left`."""
        return Kip(max(0, self.remitted + self.add - self.deduct))

    @property
    def credit_left(self) -> Kip:
        """The part of line 4 that this month is too small for: it stays with the employer for the next one."""
        return Kip(max(0, self.deduct - self.remitted - self.add))


def difference(before: Kip, after: Kip) -> tuple[Kip, Kip]:
    """(to add, to deduct) when a month already paid for `before` is corrected to `after`: lines 3 and 4."""
    return Kip(max(0, after - before)), Kip(max(0, before - after))
