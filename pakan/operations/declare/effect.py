"""Effect: what a correction changes, told before anybody signs it (C113, C114): money, charges, and workers' rights."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import cast

import numpy as np

from pakan.law.contributions.rule import Scheme, due
from pakan.operations import late
from pakan.operations.law_in_force import in_force
from pakan.registers.contributions.models import Declaration, Sheet
from pakan.registers.contributions.queries import latest_declaration, obligation
from pakan.registers.payments.models import Receipt
from pakan.registers.payments.queries import receipts_for
from pakan.units.money import Kip
from pakan.units.month import Month


@dataclass(frozen=True)
class Side:
    """The month as it is declared, or as it would be."""

    workers: int
    insured: Kip
    owed: Kip
    open: Kip
    charges: Kip  # on the day asked about, with those that are fixed

    @property
    def total(self) -> Kip:
        return Kip(self.open + self.charges)


@dataclass(frozen=True)
class Effect:
    """Before and after; `credit` comes back to the employer's credit. `receipts` are those of the original."""

    original: Declaration
    receipts: tuple[Receipt, ...]
    paid: Kip
    before: Side
    after: Side
    credit: Kip


def effect(sheet: Sheet, day: date) -> Effect | None:
    """What signing this sheet would change; None for a first declaration, or while its rows are not read."""
    debt, original = obligation(sheet.employer, sheet.month), latest_declaration(sheet.employer, sheet.month)
    summary = sheet.summary
    if debt is None or original is None or "employer_share" not in summary:
        return None
    owed = Kip(summary["employer_share"] + summary["worker_share"])
    changed = copy(debt)
    # What is paid beyond the new amount is not asked for: it comes back as credit.
    changed.owed = max(owed, debt.settled)
    now, then = late.forecasts(debt.employer_id, [debt, changed], day)
    return Effect(
        original=original,
        receipts=tuple(receipts_for(sheet.employer, sheet.month)),
        paid=Kip(debt.settled),
        before=Side(original.workers, Kip(original.wages_insured), Kip(debt.owed), now.open, now.charges),
        after=Side(summary["workers"], Kip(summary["insured"]), owed, then.open, then.charges),
        credit=Kip(max(0, debt.settled - owed)),
    )


def insured_of(scheme: str, month: Month, wages: Sequence[int]) -> list[Kip]:
    """What of each wage is insured, by the law in force: the member's record shows it."""
    column = np.array(wages, dtype=np.int64)
    return [Kip(one) for one in due(column, in_force().rates(cast(Scheme, scheme), month)).insured.tolist()]
