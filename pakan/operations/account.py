"""Account: what an employer declared, paid and owes, month by month (C119).

Employer and officer read the same rows, on pages, on paper and as a file: built here and nowhere else. Reads only; the
same number of queries for one year and for ten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pakan.integrations.formats.letter import AccountLetter, AccountRow, FundLine, render
from pakan.integrations.formats.wagefile.write import table
from pakan.operations import apart, late
from pakan.registers.compliance import queries as compliance
from pakan.registers.compliance.queries import NONE, Sums
from pakan.registers.contributions.arrears import DAYS, OVERDUE
from pakan.registers.contributions.models import Obligation
from pakan.registers.contributions.queries import obligations
from pakan.registers.funds.queries import lines_of
from pakan.registers.payments.models import Allocation
from pakan.registers.payments.queries import credit_of
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.number import shown_employer_code
from pakan.units.words import lao_date


@dataclass(frozen=True)
class Paid:
    """A part of a receipt (or of kept credit: no receipt) that was set against a month or its charges."""

    receipt: str
    amount: Kip
    to_charges: bool


@dataclass(frozen=True)
class Row:
    """One month. `running`: what its open rest would add in charges if it were paid today."""

    month: Month
    due_on: date
    version: int
    workers: int
    wages: Kip
    owed: Kip
    settled: Kip
    running: Kip
    frozen: int
    charges: Sums
    paid: tuple[Paid, ...]
    days_late: int

    @property
    def open(self) -> Kip:
        return Kip(self.owed - self.settled)

    @property
    def state(self) -> str:
        if not self.open:
            return "nothing" if not self.owed else "paid"
        if self.days_late > 0:
            return "overdue"
        return "part" if self.settled else "to_pay"


@dataclass(frozen=True)
class Account:
    """The rows of a year (or of all), and sums over all years."""

    employer: Employer
    day: date
    year: int | None
    years: tuple[int, ...]
    rows: tuple[Row, ...]
    open: Kip
    running: Kip
    charges: Kip
    credit: Kip
    ages: tuple[tuple[str, Kip], ...]
    funds: tuple[FundLine, ...]  # what was paid for other funds: no part of any sum

    @property
    def total(self) -> Kip:
        return Kip(self.open + self.running + self.charges)


def account(employer: Employer, day: date, year: int | None = None) -> Account:
    """The account as it stands on `day`, newest month first."""
    debts = list(obligations(employer))
    told = {one.month: one for one in late.forecasts(employer.id, [debt for debt in debts if debt.open], day)}
    charges = compliance.charges_by_month(employer.id)
    paid = _paid(employer)
    rows = [_row(debt, told.get(debt.month), charges, paid, day) for debt in debts]
    years = tuple(sorted({row.month.year for row in rows}, reverse=True))
    return Account(
        employer=employer,
        day=day,
        year=year if year in years else None,
        years=years,
        rows=tuple(row for row in rows if year not in years or row.month.year == year),
        open=Kip(sum(row.open for row in rows)),
        running=Kip(sum(row.running for row in rows)),
        charges=Kip(sum(row.charges.open for row in rows)),
        credit=credit_of(employer.id),
        ages=_ages(rows),
        funds=tuple(
            apart.told(line, line.settled)
            for line in lines_of(employer.id)
            if line.settled and (year not in years or line.bill_month.year == year)
        ),
    )


def _paid(employer: Employer) -> dict[Month, list[Paid]]:
    found: dict[Month, list[Paid]] = {}
    parts = Allocation.objects.filter(employer=employer).order_by("at", "id")
    for month, number, amount, to_charges in parts.values_list(
        "month", "receipt__number", "amount", "to_charges"
    ):
        found.setdefault(month, []).append(Paid(number or "", Kip(amount), to_charges))
    return found


def _row(
    debt: Obligation,
    told: late.Forecast | None,
    charges: Mapping[Month, Sums],
    paid: Mapping[Month, Sequence[Paid]],
    day: date,
) -> Row:
    return Row(
        month=debt.month,
        due_on=debt.due_on,
        version=debt.declaration.version,
        workers=debt.declaration.workers,
        wages=Kip(debt.declaration.wages_insured),
        owed=Kip(debt.owed),
        settled=Kip(debt.settled),
        running=told.running if told else Kip(0),
        frozen=told.frozen if told else 0,
        charges=charges.get(debt.month, NONE),
        paid=tuple(paid.get(debt.month, ())),
        days_late=(day - debt.due_on).days if debt.open else 0,
    )


def _ages(rows: Sequence[Row]) -> tuple[tuple[str, Kip], ...]:
    """What is overdue, by how long: up to 30, 90, 365 days, and longer."""
    sums = dict.fromkeys(OVERDUE, 0)
    for row in rows:
        if row.open and row.days_late > 0:
            sums[next((str(most) for most in DAYS if row.days_late <= most), "more")] += row.open
    return tuple((name, Kip(amount)) for name, amount in sums.items())


# --- as paper and as a file ------------------------------------------------------------------------------------------

HEADERS = (
    "ເດືອນ\nMonth", "ກຳນົດ\nDue", "ຄົນ\nWorkers", "ຄ່າແຮງປະກັນຕົນ\nInsured wages", "ຕ້ອງຈ່າຍ\nOwed", "ຈ່າຍແລ້ວ\nPaid",
    "ຍັງຄ້າງ\nOpen", "ຄ່າປັບ\nLate charges", "ຄ່າປັບຍັງຄ້າງ\nCharges open", "ໃບຮັບເງິນ\nReceipts",
)  # fmt: skip


def pdf(found: Account) -> bytes:
    """The account in Lao and English."""
    rows: list[AccountRow] = [
        {
            "month": str(row.month),
            "due_on": row.due_on.isoformat(),
            "workers": row.workers,
            "owed": row.owed,
            "settled": row.settled,
            "open": row.open,
            "charges": row.charges.amount - row.charges.waived + row.running,
            "charges_open": row.charges.open + row.running,
            "receipts": _receipts(row),
        }
        for row in found.rows
    ]
    letter: AccountLetter = {
        "employer": found.employer.name_lo,
        "employer_code": found.employer.code,
        "year": str(found.year or ""),
        "rows": rows,
        "open": found.open,
        "charges_open": found.charges + found.running,
        "credit": found.credit,
        "issued_on": found.day.isoformat(),
        "funds": list(found.funds),
    }
    return render("account", letter)


def _receipts(row: Row) -> list[str]:
    return sorted({part.receipt for part in row.paid if part.receipt})


def xlsx(found: Account) -> bytes:
    """The account as a workbook; every text is a text cell, whatever it begins with."""
    rows: list[list[str | int]] = [
        [
            str(row.month), row.due_on.isoformat(), row.workers, row.wages, row.owed, row.settled, row.open,
            row.charges.amount - row.charges.waived + row.running, row.charges.open + row.running,
            ", ".join(_receipts(row)),
        ]
        for row in found.rows
    ]  # fmt: skip
    rows += [
        [
            row["month"],
            f"{row['name_lo']} · {row['name_en']} · {row['reference']}",
            0,
            0,
            0,
            row["amount"],
            0,
            0,
            0,
            "",
        ]
        for row in found.funds
    ]
    title = f"{found.employer.name_lo} {shown_employer_code(found.employer.code)}"
    return table(title, f"{lao_date(found.day)} · {found.day.isoformat()}", HEADERS, rows)
