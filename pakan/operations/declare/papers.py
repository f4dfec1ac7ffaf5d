"""The papers of a declaration: the official form, the employer's file with problems marked, our template."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from pakan.integrations.formats.letter import Form201, SheetRow, render
from pakan.integrations.formats.wagefile.read import Row
from pakan.integrations.formats.wagefile.write import marked, template
from pakan.law.contributions.rule import Scheme
from pakan.operations.law_in_force import in_force
from pakan.operations.steps import bank_name
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.contributions import queries
from pakan.registers.contributions.models import Declaration, DeclaredWage, Sheet
from pakan.registers.payments.queries import receipts_for
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import workers_of
from pakan.units.month import Month
from pakan.units.number import latin_digits, shown_person_number
from pakan.units.rate import Rate
from pakan.units.words import english_month, lao_month


def form_pdf(declaration: Declaration) -> bytes:
    """Form ອປຊ 2-01 with its sheets 2-02 as PDF, line by line as the official form.

    Line 3 asks for the differences of corrected earlier months, line 4 deducts credit. On the form of a correction
    after payment line 4 deducts what the version before declared, so that 5 + 3 - 4 is the difference (A-06).
    """
    before = _paid_before(declaration)
    return render("form_2_01", form_of(declaration, _lines(declaration), before))


def form_of(declaration: Declaration, lines: Sequence[DeclaredWage], before: Declaration | None) -> Form201:
    """What stands on the form. `before` is the version that this one corrects after payment."""
    employer = declaration.employer
    # The rates that priced it: a later decree into the past does not change what was declared.
    rates = in_force(declaration.law).rates(cast(Scheme, declaration.scheme), declaration.month)
    receipt = next(iter(receipts_for(employer, declaration.month)), None)
    signed_on = _day(declaration)
    return {
        "incoming_number": declaration.incoming_number,
        "received_by": "",
        "received_on": signed_on,
        "entered_by": "",
        "receipt_number": receipt.number if receipt else "",
        "bank": bank_name(receipt.bank)[0] if receipt else "",
        "slip": "",
        "slip_on": receipt.paid_at.astimezone(VIENTIANE).date().isoformat() if receipt else "",
        "paid": receipt.amount if receipt else None,
        "month": str(declaration.month),
        "employer": employer.name_lo,
        "employer_code": employer.code,
        "phone": employer.phone,
        "fax": employer.fax,
        "email": employer.email,
        "village": employer.village,
        "district": employer.district.name_lo,
        "province": employer.district.province.name_lo,
        "employer_rate": _percent(rates.employer),
        "worker_rate": _percent(rates.worker),
        "total_rate": _percent(rates.total),
        "employer_total": declaration.employer_share,
        "worker_total": declaration.worker_share,
        "add": 0 if before else declaration.difference_up,
        "deduct": before.employer_share + before.worker_share if before else declaration.difference_down,
        "workers": declaration.workers,
        "joined": declaration.joined_new,
        "joined_with_card": declaration.joined_known,
        "left": declaration.left_before,
        "place": employer.district.province.name_lo,
        "signed_on": signed_on,
        "owner": declaration.approved_by.full_name if declaration.approved_by else "",
        "preparer": declaration.prepared_by.full_name if declaration.prepared_by else "",
        "rows": _rows(lines, before),
    }


def _percent(rate: Rate) -> str:
    """As the form prints it: '5,5'."""
    return str(rate).removesuffix(" %").replace(".", ",")


def _day(declaration: Declaration) -> str:
    return declaration.declared_at.astimezone(VIENTIANE).date().isoformat()


def _row(line: DeclaredWage, remark: str = "") -> SheetRow:
    person = line.person
    return {
        "code": shown_person_number(person.number),
        "name": person.name,
        "born": person.birth_date.isoformat(),
        "sex": cast(Any, person.sex),
        "wage": line.wage,
        "employer": line.employer_share,
        "worker": line.worker_share,
        "remark": remark,
    }


def _lines(declaration: Declaration) -> list[DeclaredWage]:
    found = DeclaredWage.objects.filter(declaration=declaration).select_related("person")
    return list(found.order_by("person__sort_key", "person_id"))


def _paid_before(declaration: Declaration) -> Declaration | None:
    """The version before, if this one corrects a month of which something was paid."""
    if declaration.version == 1 or not (declaration.difference_up or declaration.difference_down):
        return None
    return Declaration.objects.get(
        employer=declaration.employer, month=declaration.month, version=declaration.version - 1
    )


def _rows(lines: Sequence[DeclaredWage], before: Declaration | None) -> list[SheetRow]:
    was = queries.wages_by_person(before) if before else {}
    return [_row(line, "ແກ້ໄຂ" if before and was.get(line.person_id) != line.wage else "") for line in lines]


def marked_file(sheet: Sheet, words: Callable[[dict[str, Any]], str]) -> bytes:
    """The employer's rows with what is wrong beside each, as xlsx; `words` turns a problem into a sentence (C78)."""
    lines = queries.lines_of(sheet)
    rows = [
        Row(row=line.row, number=line.number, name=line.name, wage=_wage(line.wage_text), remark=line.remark)
        for line in lines
    ]
    troubled = {line.row: [found for found in line.problems if found["level"] != "note"] for line in lines}
    return marked(
        rows,
        {row: [words(found) for found in problems] for row, problems in troubled.items() if problems},
        sheet.employer.name_lo,
        lao_month(sheet.month),
        {row: [found["field"] for found in problems] for row, problems in troubled.items()},
    )


def _wage(text: str) -> str | int:
    digits = latin_digits(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else text


def template_file(employer: Employer, month: Month, language: str = "lo") -> bytes:
    """Our own wage file for the month, with the workers of the employer in it (C77)."""
    last = queries.last_declaration_before(employer, month)
    wages = queries.wages_by_person(last) if last else {}
    workers = sorted(workers_of(employer, month).values(), key=lambda person: person.number)
    title = lao_month(month) if language == "lo" else english_month(month)
    return template(
        employer.name_lo, title, ((shown_person_number(p.number), p.name, wages.get(p.id)) for p in workers)
    )
