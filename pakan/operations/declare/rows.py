"""Wages that payroll software sends as rows, with what it knows already: who is absent, and answers to our questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pakan.operations.declare.check import REASONED
from pakan.operations.declare.read import again, begin, open_month, write
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.contributions import actions
from pakan.registers.contributions.models import Sheet, SheetLine
from pakan.registers.people import queries as people
from pakan.registers.people.models import Employer
from pakan.units.month import Month


@dataclass(frozen=True)
class Told:
    """One worker's month. `answers`: the question's code -> the reason ('' where none is needed)."""

    number: str
    name: str
    wage: int
    remark: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Absent:
    """Why a worker of the month has no row: 'leave' without pay, or 'left' on a day."""

    number: str
    kind: str
    on: date | None = None


class RowsRefused(ValueError):
    """Something in the rows cannot be taken: (place, code) of each: nobody_here, left_day_needed, reason_needed."""

    def __init__(self, places: Sequence[tuple[str, str]]) -> None:
        super().__init__(", ".join(f"{place} {code}" for place, code in places))
        self.places = list(places)


@verb("declare.take_rows")
def take_rows(
    actor: Actor, employer: Employer, month: Month, rows: Sequence[Told], absences: Sequence[Absent], key: str
) -> Sheet:
    """A sheet of these rows. What a person must still look at stands in it; nothing is declared by this.

    Raises MonthRefused, RowsRefused.
    """
    open_month(employer, month, actor.today)
    remember(f"{employer.code} {month}", origin="software", rows=len(rows))
    actions.lock_month(employer, month)
    if sheet := again(actor, employer, key):
        return sheet
    known = _absences(employer, month, rows, absences)
    sheet = begin(actor, employer, month, "software", key)
    sheet.absences = known
    write(sheet, [_line(sheet, row, told) for row, told in enumerate(rows, 1)])
    return sheet


def _absences(
    employer: Employer, month: Month, rows: Sequence[Told], absences: Sequence[Absent]
) -> dict[str, dict[str, str | None]]:
    """By person, as the sheet keeps them. Only own workers can be absent: a stranger's number tells nothing."""
    own = {person.number: person.id for person in people.workers_of(employer, month).values()}
    places, found = [], {}
    for place, one in enumerate(absences):
        if one.number not in own:
            places.append((f"/absences/{place}/number", "nobody_here"))
        elif one.kind == "left" and (one.on is None or one.on > month.last):
            places.append((f"/absences/{place}/on", "left_day_needed"))
        else:
            on = one.on.isoformat() if one.on and one.kind == "left" else None
            found[str(own[one.number])] = {"kind": one.kind, "on": on}
    for place, told in enumerate(rows):
        places += [
            (f"/lines/{place}/answers", "reason_needed")
            for code, reason in told.answers.items()
            if code in REASONED and not reason.strip()
        ]
    if places:
        raise RowsRefused(places)
    return found


def _line(sheet: Sheet, row: int, told: Told) -> SheetLine:
    # "new" is what our own registering writes beside `joins`; nobody can send it.
    answers = {
        code: reason.strip() if code in REASONED else "" for code, reason in sorted(told.answers.items())
    }
    return SheetLine(
        sheet=sheet,
        row=row,
        number=told.number,
        name=told.name,
        wage_text=str(told.wage),
        remark=told.remark,
        confirmed=answers,
    )
