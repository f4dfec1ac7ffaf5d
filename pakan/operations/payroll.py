"""Payroll: what a small employer hands its workers: a slip each, and the month's list, from what was declared (C89)."""

from dataclasses import dataclass

from pakan.integrations.formats.letter import PaySlipLetter, render
from pakan.registers.contributions.models import DeclaredWage
from pakan.registers.contributions.queries import latest_declaration
from pakan.registers.people.models import Employer, Person
from pakan.units.money import Kip
from pakan.units.month import Month


@dataclass(frozen=True)
class Line:
    """One worker's month: the wage, what is taken from it, what the employer adds, what the worker gets."""

    person: Person
    wage: Kip
    worker_share: Kip
    employer_share: Kip

    @property
    def net(self) -> Kip:
        return Kip(self.wage - self.worker_share)


def month_list(employer: Employer, month: Month) -> list[Line]:
    """Everybody of the declaration that counts, by number; empty before one is approved."""
    latest = latest_declaration(employer, month)
    if latest is None:
        return []
    wages = (
        DeclaredWage.objects.filter(declaration=latest).select_related("person").order_by("person__number")
    )
    return [Line(one.person, Kip(one.wage), Kip(one.worker_share), Kip(one.employer_share)) for one in wages]


def slip(employer: Employer, month: Month, number: str) -> bytes | None:
    """The slip of the worker with this number as PDF; None where none was declared."""
    line = next((one for one in month_list(employer, month) if one.person.number == number), None)
    if line is None:
        return None
    letter: PaySlipLetter = {
        "employer": employer.name_lo,
        "employer_code": employer.code,
        "worker": line.person.name,
        "person_number": line.person.number,
        "month": str(month),
        "rows": [
            ("ເງິນເດືອນ", "Wage", line.wage),
            ("ຫັກເງິນສົມທົບ ສ່ວນຜູ້ອອກແຮງງານ", "Worker's contribution", line.worker_share),
            ("ໄດ້ຮັບຕົວຈິງ", "Paid out", line.net),
        ],
    }
    return render("pay_slip", letter)
