"""Five exercises of a month, each ticked off by what really stands in the registers; and the wage file with two mistakes."""

from dataclasses import dataclass

from pakan.integrations.formats.wagefile.write import template
from pakan.operations.practise.company import MONTHS
from pakan.registers.contributions.models import Declaration, Sheet
from pakan.registers.contributions.queries import last_declaration_before, obligation, wages_by_person
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import workers_of
from pakan.units.month import Month
from pakan.units.number import person_number_check, shown_person_number
from pakan.units.words import lao_month

LETTER, SWAPPED = 3, 8  # the places of the two mistakes in the list


@dataclass(frozen=True)
class Exercise:
    """`code`: upload, mend, approve, pay or correct."""

    code: str
    done: bool
    month: Month


def open_month(company: Employer) -> Month:
    """The month to practise with: the one after the three that the company came with."""
    first: Month = company.first_month
    return first + MONTHS


def exercises(company: Employer) -> list[Exercise]:
    """What to do, in order, and what of it is done."""
    month = open_month(company)
    sheets = list(Sheet.objects.filter(employer=company, month=month, origin="file").order_by("id"))
    declared = Declaration.objects.filter(employer=company, month=month, approved_by__isnull=False).exists()
    debt = obligation(company, month)
    corrected = Declaration.objects.filter(
        employer=company, version__gt=1, approved_by__isnull=False
    ).exists()
    done = {
        "upload": bool(sheets),
        "mend": any(_without_mistakes(sheet) for sheet in sheets),
        "approve": declared,
        "pay": debt is not None and debt.owed > 0 and debt.open == 0,
        "correct": corrected,
    }
    of = dict.fromkeys(done, month) | {"correct": month - 1}
    return [Exercise(code, is_done, of[code]) for code, is_done in done.items()]


def _without_mistakes(sheet: Sheet) -> bool:
    """Read, its columns confirmed, and no error left in it."""
    if sheet.state in (Sheet.State.WAITING, Sheet.State.READ, Sheet.State.REPLACED):
        return False
    return bool(sheet.summary.get("errors", 1) == 0)


def wage_file(company: Employer) -> bytes:
    """The wages of the open month as xlsx, with a letter O in one wage and two digits of one number swapped."""
    month = open_month(company)
    last = last_declaration_before(company, month)
    wages = wages_by_person(last) if last else {}
    workers = sorted(workers_of(company, month).values(), key=lambda person: person.number)
    rows: list[tuple[str, str, int | str | None]] = []
    for place, worker in enumerate(workers):
        number, wage = worker.number, wages.get(worker.id)
        if place == LETTER and wage is not None:
            rows.append((shown_person_number(number), worker.name, str(wage).replace("0", "O", 1)))
        else:
            number = _swapped(number) if place == SWAPPED else number
            rows.append((shown_person_number(number), worker.name, wage))
    return template(company.name_lo, lao_month(month), rows)


def _swapped(number: str) -> str:
    """Two neighbours of the number changed places, so that its check digit tells."""
    for at in range(len(number) - 2, 0, -1):
        wrong = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        if wrong != number and not person_number_check(wrong):
            return wrong
    raise ValueError("a number of one digit only")
