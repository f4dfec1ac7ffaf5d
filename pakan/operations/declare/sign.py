"""Handing over and approving: two people sign, and the sheet becomes a declaration and a debt."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from pakan.operations import happened
from pakan.operations.declare import reach
from pakan.operations.declare.check import columns_of, good_lines, ready, recheck
from pakan.operations.declaring import keep, price
from pakan.operations.steps import credit_if_settled
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.queries import approvers_besides
from pakan.registers.access.verbs import verb
from pakan.registers.columns import Column
from pakan.registers.contributions import actions, queries
from pakan.registers.contributions.actions import Priced, Signed
from pakan.registers.contributions.models import Declaration, Sheet
from pakan.registers.payments.queries import credit_of
from pakan.registers.people import actions as people
from pakan.registers.people.models import Employer, Employment
from pakan.units.money import Kip
from pakan.units.month import Month


class Refused(ValueError):
    """The sheet cannot be signed now; `code` says why."""

    code = "refused"

    def __init__(self) -> None:
        super().__init__(self.code)


class NotReady(Refused):
    """Errors or unanswered questions remain."""

    code = "not_ready"


class SheetChanged(Refused):
    """The page was older than the sheet: somebody changed it meanwhile."""

    code = "sheet_changed"


class AlreadyApproved(Refused):
    """The sheet is signed or replaced: it changes no more."""

    code = "already_approved"


class SecondPersonNeeded(Refused):
    """Who prepared it may not approve it while another approver exists (C84, C133)."""

    code = "second_person_needed"


class LeaveNeeded(Refused):
    """The month is too old to be corrected without an officer's leave (C115)."""

    code = "leave_needed"


def _locked(sheet: Sheet, states: Sequence[str], revision: int | None) -> Sheet:
    actions.lock_month(sheet.employer, sheet.month)
    fresh = Sheet.objects.select_related("employer").get(id=sheet.id)
    if fresh.state not in states:
        raise AlreadyApproved
    if revision is not None and fresh.revision != revision:
        raise SheetChanged
    return fresh


@verb("declare.hand_over")
def hand_over(actor: Actor, sheet: Sheet, revision: int) -> Sheet:
    """The preparer says it is complete; an approver signs."""
    sheet = _locked(sheet, [Sheet.State.OPEN], revision)
    recheck(sheet)
    if not ready(sheet):
        raise NotReady
    if reach.lacks_leave(sheet.employer, sheet.month, actor):
        raise LeaveNeeded
    remember(f"{sheet.employer.code} {sheet.month} sheet {sheet.id}", summary=_figures(sheet))
    sheet.handed_over_by_id, sheet.handed_over_at = actor.account_id, actor.at
    actions.change_sheet(sheet, actor.at, state=Sheet.State.HANDED_OVER)
    return sheet


@verb("declare.take_back")
def take_back(actor: Actor, sheet: Sheet) -> Sheet:
    """Open the sheet again before it is approved: the preparer found something, or the approver sends it back."""
    sheet = _locked(sheet, [Sheet.State.HANDED_OVER], None)
    remember(f"{sheet.employer.code} {sheet.month} sheet {sheet.id}")
    if actor.account_id != sheet.handed_over_by_id:  # whoever should have approved sends it back
        told = {"declaration": sheet.key, "month": str(sheet.month), "why": "sent back"}
        key = f"refused:{sheet.id}:{sheet.revision}"
        happened.tell(sheet.employer_id, "declaration.refused", key, sheet.key, told, actor.at)
    sheet.handed_over_by_id, sheet.handed_over_at = None, None
    actions.change_sheet(sheet, actor.at, state=Sheet.State.OPEN)
    return sheet


def _figures(sheet: Sheet) -> dict[str, object]:
    names = ("workers", "wages", "insured", "employer_share", "worker_share", "joined", "left")
    return {name: sheet.summary.get(name) for name in names}


@verb("declare.approve")
def approve(actor: Actor, sheet: Sheet, revision: int) -> Declaration:
    """The second person signs what was handed over, exactly as it was seen (`revision`)."""
    sheet = _locked(sheet, [Sheet.State.HANDED_OVER], revision)
    employer = sheet.employer
    if actor.account_id == sheet.handed_over_by_id:
        others = approvers_besides(employer.id, actor.account_id, actor.at)
        if others or not employer.one_person_may_approve:
            raise SecondPersonNeeded
    lines = queries.lines_of(sheet)
    recheck(sheet, lines)
    if not ready(sheet):
        raise NotReady
    if reach.lacks_leave(employer, sheet.month, actor):
        raise LeaveNeeded
    good = [line for line in good_lines(lines) if line.wage]
    person, wage = columns_of(good)
    new = {line.person_id for line in good if line.confirmed.get("joins") == "new"}
    known = {line.person_id for line in good if "joins" in line.confirmed} - new
    left = _employ(sheet, {int(line.person_id or 0) for line in good})
    signed = Signed(
        prepared_by=sheet.handed_over_by_id,
        approved_by=actor.account_id,
        at=actor.at,
        sheet=sheet,
        joined_new=len(new),
        joined_known=len(known),
        left_before=left,
    )
    declaration = _declare(employer, sheet.month, person, wage, signed)
    actions.change_sheet(sheet, actor.at, state=Sheet.State.APPROVED)
    told = {"declaration": sheet.key, "month": str(sheet.month), "number": declaration.incoming_number,
            "owed": declaration.employer_share + declaration.worker_share}  # fmt: skip
    happened.tell(
        employer.id, "declaration.approved", f"approved:{declaration.id}", sheet.key, told, actor.at
    )
    return declaration


def _employ(sheet: Sheet, there: set[int]) -> int:
    """Employment follows the signed list: who is new begins, who left ends (forms 1-02, 1-04, 1-07). How many left."""
    left = 0
    for person, absence in sheet.absences.items():
        if absence["kind"] == "left" and int(person) not in there:
            left += people.end_employment(sheet.employer, int(person), date.fromisoformat(absence["on"]))
    month = sheet.month
    stretches = Employment.objects.filter(employer=sheet.employer, person_id__in=there).exclude(
        end__lt=month.first
    )
    known = list(stretches.values_list("person_id", "start"))
    working = {person for person, start in known if start <= month.last}
    # A correction of an old month may name somebody whose employment began only later.
    later = {person for person, _ in known} - working
    people.employ(sheet.employer, there - working - later, month.first)
    people.employ(sheet.employer, later, month.first, month.last)
    return left


def _declare(employer: Employer, month: Month, person: Column, wage: Column, signed: Signed) -> Declaration:
    """Price, keep and owe: the heart of the main job (architecture, steps 4 to 6)."""
    actions.lock_month(employer, month)
    columns, law = price(employer, month, person, wage)
    carried = carrying(employer, month, columns, replace(signed, law=law.number))
    declaration, before, obligation = keep(employer, month, columns, carried)
    reach.use_leave(employer, month, signed, declaration.version)
    remember(
        f"{employer.code} {month} version {declaration.version}",
        incoming=declaration.incoming_number,
        workers=declaration.workers,
        owed=obligation.owed,
        before=before.employer_share + before.worker_share if before else None,
    )
    credit_if_settled(obligation, signed.at)
    return declaration


def carrying(employer: Employer, month: Month, columns: Priced, signed: Signed) -> Signed:
    """Lines 3 and 4 of an original: what corrected earlier months still cost, and the credit that this one may use."""
    total = Kip(int(columns.employer_share.sum() + columns.worker_share.sum()))
    up = Kip(sum(debt.open for debt in queries.open_corrections(employer.id, besides=month)))
    return replace(signed, carried_up=up, carried_down=Kip(max(0, min(credit_of(employer.id), total + up))))


@verb("declare.wages")
def declare_wages(
    actor: Actor, employer: Employer, month: Month, person: Column, wage: Column
) -> Declaration:
    """Declare wages that are already certain (payroll software, the invented country): persons and wages as columns.

    `person` are ids of known persons, each once; `wage` whole kip > 0. Raises ValueError otherwise.
    """
    order = np.argsort(person, kind="stable")
    person, wage = person[order], wage[order]
    if len(person) != len(wage) or (wage <= 0).any() or (np.diff(person) == 0).any():
        raise ValueError("every person once, with a wage above zero")
    if reach.lacks_leave(employer, month, actor):
        raise LeaveNeeded
    signed = Signed(prepared_by=actor.account_id, approved_by=actor.account_id, at=actor.at)
    return _declare(employer, month, person, wage, signed)
