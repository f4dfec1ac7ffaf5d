"""Form 2-01 before it is signed: the same form from the same rules, with nothing kept and no number given."""

from typing import cast

from pakan.integrations.formats.letter import render
from pakan.integrations.formats.letter.data import Form201
from pakan.law.contributions.rule import Scheme, due
from pakan.operations.declare.check import columns_of, good_lines
from pakan.operations.declare.papers import form_of
from pakan.operations.declare.sign import carrying
from pakan.operations.law_in_force import in_force
from pakan.registers.contributions import queries
from pakan.registers.contributions.actions import Priced, Signed
from pakan.registers.contributions.models import Declaration, DeclaredWage, Sheet, SheetLine
from pakan.registers.people.models import Person


def form_preview(sheet: Sheet) -> bytes:
    """The form of a sheet that was handed over, as it would be signed now; 'draft' stands across each page."""
    good = [line for line in good_lines(queries.lines_of(sheet)) if line.wage]
    person, wage = columns_of(good)
    law = in_force()
    priced = due(wage, law.rates(cast(Scheme, sheet.employer.scheme), sheet.month))
    columns = Priced(person, wage, priced.insured, priced.employer, priced.worker)
    before = queries.latest_declaration(sheet.employer, sheet.month)
    declaration = _declaration(sheet, good, columns, before)
    declaration.law = law.number
    corrected = before if declaration.version > 1 and _paid(sheet) else None
    form = form_of(declaration, _lines(columns), corrected)
    draft: Form201 = {**form, "received_on": "", "signed_on": "", "draft": True}
    return render("form_2_01", draft)


def _paid(sheet: Sheet) -> bool:
    debt = queries.obligation(sheet.employer, sheet.month)
    return debt is not None and debt.settled > 0


def _declaration(
    sheet: Sheet, good: list[SheetLine], columns: Priced, before: Declaration | None
) -> Declaration:
    """What approving would keep, not kept."""
    there = {int(line.person_id or 0) for line in good}
    new = sum(line.confirmed.get("joins") == "new" for line in good)
    _wages, _insured, employers, workers = columns.sums()
    at = sheet.handed_over_at or sheet.changed_at
    signed = Signed(prepared_by=sheet.handed_over_by_id, approved_by=None, at=at)
    carried = signed if before else carrying(sheet.employer, sheet.month, columns, signed)
    return Declaration(
        employer=sheet.employer,
        month=sheet.month,
        version=before.version + 1 if before else 1,
        scheme=sheet.employer.scheme,
        incoming_number="",
        workers=len(columns.person),
        employer_share=employers,
        worker_share=workers,
        difference_up=carried.carried_up,
        difference_down=carried.carried_down,
        joined_new=new,
        joined_known=sum("joins" in line.confirmed for line in good) - new,
        left_before=sum(
            absence["kind"] == "left" and int(person) not in there
            for person, absence in sheet.absences.items()
        ),
        prepared_by=sheet.handed_over_by,
        declared_at=at,
    )


def _lines(columns: Priced) -> list[DeclaredWage]:
    people = Person.objects.in_bulk(columns.person.tolist())
    rows = zip(
        columns.person.tolist(),
        columns.wage.tolist(),
        columns.employer_share.tolist(),
        columns.worker_share.tolist(),
        strict=True,
    )
    lines = [
        DeclaredWage(person=people[person], wage=wage, employer_share=employer, worker_share=worker)
        for person, wage, employer, worker in rows
    ]
    return sorted(lines, key=lambda line: (line.person.sort_key, line.person_id))
