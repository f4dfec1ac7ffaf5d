"""Mending a sheet: each act changes one thing, checks everything again and says what is left."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pakan.operations.declare.check import recheck
from pakan.operations.declare.sign import AlreadyApproved
from pakan.operations.doubles import Double, doubles_of, is_reason, shown
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.contributions import actions, queries
from pakan.registers.contributions.models import Sheet, SheetLine
from pakan.registers.joining import actions as joining
from pakan.registers.people import actions as people_actions
from pakan.registers.people.models import Sex
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.name import WrongName, clean_name
from pakan.units.number import WrongNumber, clean_phone, latin_digits


class NotRegistered(ValueError):
    """A new worker cannot be registered from what was given; every reason in `codes`."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


class LooksKnown(NotRegistered):
    """Somebody on record may be this person (A5): the same one joins, or another is registered with a reason."""

    def __init__(self, doubles: list[Double], codes: list[str]) -> None:
        super().__init__(codes)
        self.like = [shown(double) for double in doubles]


def _locked(sheet: Sheet) -> Sheet:
    """The sheet as it is now, locked; whoever holds it is the only one who changes the month. Raises AlreadyApproved."""
    actions.lock_month(sheet.employer, sheet.month)
    fresh = Sheet.objects.select_related("employer").get(id=sheet.id)
    if fresh.state not in (Sheet.State.OPEN, Sheet.State.READ):
        raise AlreadyApproved
    return fresh


def _done(actor: Actor, sheet: Sheet, what: str, lines: list[SheetLine] | None = None, **facts: Any) -> Sheet:
    remember(f"{sheet.employer.code} {sheet.month} sheet {sheet.id}", what=what, **facts)
    recheck(sheet, lines)
    actions.change_sheet(sheet, actor.at)
    return sheet


def _line(lines: list[SheetLine], row: int) -> SheetLine:
    found = next((line for line in lines if line.row == row), None)
    if found is None:
        raise LookupError(f"no row {row}")
    return found


@verb("declare.mend")
def write_line(
    actor: Actor,
    sheet: Sheet,
    row: int,
    *,
    number: str | None = None,
    name: str | None = None,
    wage: str | None = None,
) -> Sheet:
    """Write a number, name or wage anew in one row. What was in the file stays in the file."""
    sheet = _locked(sheet)
    lines = queries.lines_of(sheet)
    line = _line(lines, row)
    was = {"number": line.number, "name": line.name, "wage": line.wage_text}
    _rewrite(line, number, name, wage)
    actions.change_lines([line])
    return _done(actor, sheet, "write", lines, row=row, was=was)


def _rewrite(line: SheetLine, number: str | None, name: str | None, wage: str | None) -> None:
    if number is not None and number.strip() != line.number:
        line.number = number.strip()[:60]
        for code in ("name_differs", "joins", "young", "wage_jump"):  # they were said of somebody else
            line.confirmed.pop(code, None)
    if name is not None:
        line.name = name.strip()[:250]
        line.confirmed.pop("name_differs", None)
    if wage is not None:
        line.wage_text = wage.strip()[:60]
        if line.flags:
            line.flags = ""
            SheetLine.objects.filter(sheet_id=line.sheet_id, row=line.row).update(flags="")
        for code in ("wage_jump", "under_floor", "under_half_floor", "zero_wage"):
            line.confirmed.pop(code, None)


@verb("declare.mend")
def write_wages(actor: Actor, sheet: Sheet, wages: dict[int, str]) -> Sheet:
    """Write the wages of many rows (the typing page)."""
    sheet = _locked(sheet)
    lines = queries.lines_of(sheet)
    changed = [line for line in lines if line.row in wages and line.wage_text != wages[line.row].strip()]
    for line in changed:
        _rewrite(line, None, None, wages[line.row])
    actions.change_lines(changed)
    return _done(actor, sheet, "write wages", lines, rows=len(changed))


@verb("declare.mend")
def leave_out(actor: Actor, sheet: Sheet, row: int, out: bool = True) -> Sheet:
    """Leave a row out of the declaration, or take it in again."""
    sheet = _locked(sheet)
    lines = queries.lines_of(sheet)
    line = _line(lines, row)
    line.left_out = out
    actions.change_lines([line])
    return _done(actor, sheet, "leave out" if out else "take in again", lines, row=row)


@verb("declare.mend")
def add_up(actor: Actor, sheet: Sheet, row: int) -> Sheet:
    """The same person stands in two rows: both wages count as one, in the first."""
    sheet = _locked(sheet)
    lines = queries.lines_of(sheet)
    second = _line(lines, row)
    double = next((found for found in second.problems if found["code"] == "twice"), None)
    if double is None:
        return sheet
    first = _line(lines, int(double["facts"]["row"]))
    if first.wage is None or second.wage is None:
        return sheet
    _rewrite(first, None, None, str(first.wage + second.wage))
    second.left_out = True
    actions.change_lines([first, second])
    return _done(actor, sheet, "add up", lines, rows=[first.row, second.row])


@verb("declare.mend")
def confirm(actor: Actor, sheet: Sheet, row: int, code: str, reason: str = "") -> Sheet:
    """Answer a question about a row: it is right as it stands (with a reason where the law wants one)."""
    sheet = _locked(sheet)
    lines = queries.lines_of(sheet)
    line = _line(lines, row)
    asked = next(
        (found for found in line.problems if found["code"] == code and found["level"] == "question"), None
    )
    if asked is None:
        return sheet
    if (
        any(mend["value"] == "reason" for mend in asked["mends"] if mend["act"] == "confirm")
        and not reason.strip()
    ):
        raise ValueError("reason_needed")
    line.confirmed[code] = reason.strip()[:200]
    actions.change_lines([line])
    return _done(actor, sheet, "confirm", lines, row=row, code=code, reason=reason)


@verb("declare.mend")
def confirm_all(actor: Actor, sheet: Sheet, code: str, reason: str = "") -> Sheet:
    """Answer the same question for every row at once."""
    sheet = _locked(sheet)
    lines = queries.lines_of(sheet)
    changed = []
    for line in lines:
        for found in line.problems:
            needs_reason = any(
                mend["value"] == "reason" for mend in found["mends"] if mend["act"] == "confirm"
            )
            if found["code"] == code and found["level"] == "question" and (reason or not needs_reason):
                line.confirmed[code] = reason.strip()[:200]
                changed.append(line)
    actions.change_lines(changed)
    return _done(actor, sheet, "confirm all", lines, code=code, rows=len(changed))


@verb("declare.mend")
def absent(actor: Actor, sheet: Sheet, person_id: int, kind: str, on: date | None = None) -> Sheet:
    """Say why a worker is missing: 'left' (on a day), 'leave' (without pay this month), or 'undo'."""
    sheet = _locked(sheet)
    if kind not in ("left", "leave", "undo"):
        raise ValueError(f"{kind!r} is not left, leave or undo")
    if kind == "left" and (on is None or on > sheet.month.last):
        raise ValueError("left_day_needed")
    if kind == "undo":
        sheet.absences.pop(str(person_id), None)
    else:
        sheet.absences[str(person_id)] = {"kind": kind, "on": on.isoformat() if on else None}
    return _done(actor, sheet, kind, person=person_id, on=on)


@verb("declare.mend")
def add_worker(actor: Actor, sheet: Sheet, number: str, wage: str, name: str = "") -> Sheet:
    """Add a row for a worker who is not in the file."""
    sheet = _locked(sheet)
    lines = queries.lines_of(sheet)
    row = max((line.row for line in lines), default=0) + 1
    line = SheetLine(
        sheet=sheet, row=row, number=number.strip()[:60], name=name.strip()[:250], wage_text=wage.strip()[:60]
    )
    line.save(force_insert=True)
    return _done(actor, sheet, "add", [*lines, line], row=row)


@verb("declare.mend")
def add_workers(actor: Actor, sheet: Sheet, workers: Sequence[tuple[str, str, Kip]]) -> Sheet:
    """Add a row (number, name, wage) for each of these workers: the single days of a month (C69)."""
    sheet = _locked(sheet)
    lines = queries.lines_of(sheet)
    row = max((line.row for line in lines), default=0) + 1
    added = [
        SheetLine(sheet=sheet, row=row + place, number=number, name=name, wage_text=str(wage))
        for place, (number, name, wage) in enumerate(workers)
    ]
    SheetLine.objects.bulk_create(added)
    return _done(actor, sheet, "add days", [*lines, *added], rows=len(added))


def _facts_of(
    month: Month, given_name: str, family_name: str, birth_date: date, sex: str, phone: str, national_id: str
) -> dict[str, Any]:
    """What form 1-02 says of a newcomer, as the register takes it. Raises NotRegistered with every wrong field."""
    cleaned: dict[str, Any] = {"birth_date": birth_date, "sex": sex}
    codes = []
    for code, name in (("given_name", given_name), ("family_name", family_name)):
        try:
            cleaned[code] = clean_name(name)
        except WrongName:
            codes.append(code)
    if sex not in Sex.values:
        codes.append("sex")
    if birth_date >= month.last or birth_date.year < 1900:
        codes.append("birth_date")
    try:
        cleaned["phone"] = clean_phone(phone) if phone.strip() else ""
    except WrongNumber:
        codes.append("phone")
    if codes:
        raise NotRegistered(codes)
    cleaned["national_id"] = "".join(latin_digits(national_id).upper().split())[:20]
    return cleaned


@verb("declare.register_new")
def register_new(
    actor: Actor,
    sheet: Sheet,
    row: int,
    *,
    given_name: str,
    family_name: str,
    birth_date: date,
    sex: str,
    phone: str = "",
    national_id: str = "",
    same: int = 0,
    reason: str = "",
) -> Sheet:
    """Register a worker who has no number yet (form 1-02) and put the new number into the row.

    Who looks like somebody on record becomes a question, as in every list of new workers. `same`: it is that person, who
    joins; `reason`: why it is another one, and a registrar looks at both. Raises NotRegistered, LooksKnown.
    """
    sheet = _locked(sheet)
    facts = _facts_of(sheet.month, given_name, family_name, birth_date, sex, phone, national_id)
    people_actions.lock_newcomers()
    full_name = f"{facts['given_name']} {facts['family_name']}"
    like = doubles_of(full_name, "", birth_date, facts["phone"], facts["national_id"])
    person = next((double.person for double in like if double.person.id == same), None)
    lines = queries.lines_of(sheet)
    line = _line(lines, row)
    line.confirmed["joins"] = "" if person else "new"
    if person is None:
        if like and not is_reason(reason):
            raise LooksKnown(like, ["reason"] if reason else [])
        district = sheet.employer.district_id
        person = people_actions.register_person(
            at=actor.at, office=district[:2], district_id=district, **facts
        )
        if like:
            joining.note_override(
                employer=sheet.employer, person=person, like_id=like[0].person.id, signs=list(like[0].signs),
                reason=reason.strip(), account_id=actor.account_id, at=actor.at,
            )  # fmt: skip
    line.number, line.name = person.number, person.name
    actions.change_lines([line])
    return _done(actor, sheet, "register", lines, row=row, person=person.number)
