"""Precheck: a wage file looked at without a sign-in and without a register (C77).

What the portal will say of the file's form, its numbers and its wages can be known before: the same reader, the same law. Whether
a person exists is known only there. Nothing is kept. This module knows no database, so payroll vendors run it at home
(packages/pakan-law, extra "wages").
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pakan.integrations.formats.wagefile.read import Row, read_all
from pakan.integrations.formats.wagefile.table import find_table, recognise
from pakan.integrations.formats.wagefile.workbook import open_file
from pakan.integrations.formats.wagefile.write import template
from pakan.law.contributions.rule import Rates, due, standing
from pakan.units.money import Kip, NotKip, read_kip
from pakan.units.number import WrongNumber, clean_person_number, person_number_check

Words = tuple[str, str]  # Lao, English
WORDS: Mapping[str, Words] = {
    "no_rows": ("ບໍ່ພົບແຖວຂອງຄົນງານ.", "No row with a worker was found."),
    "wage_empty": ("ບໍ່ມີຄ່າຈ້າງ. ຂຽນຈຳນວນກີບ.", "There is no wage. Write the amount in kip."),
    "wage_not_kip": (
        "ອ່ານຄ່າຈ້າງບໍ່ໄດ້. ຂຽນຕົວເລກກີບ ເຊັ່ນ 2500000.",
        "The wage cannot be read. Write whole kip, such as 2500000.",
    ),
    "cell_error": (
        "ຫ້ອງນີ້ມີຂໍ້ຜິດພາດຂອງສູດ. ຂຽນຈຳນວນແທນ.",
        "The cell holds an error of a formula. Write the amount instead.",
    ),
    "number_form": ("ລະຫັດບໍ່ຖືກຮູບແບບ. ກວດຕົວເລກ.", "The number has a wrong form. Look at its digits."),
    "number_check": (
        "ຕົວເລກກວດຂອງລະຫັດບໍ່ຖືກ. ກວດຕົວເລກ.",
        "The check digit of the number does not fit. Look for a wrong digit.",
    ),
    "twice": ("ລະຫັດນີ້ມີຫຼາຍແຖວ. ໃຫ້ຄົນລະໜຶ່ງແຖວ.", "This number stands in several rows. One row a person."),
    "under_floor": (
        "ຄ່າຈ້າງຕ່ຳກວ່າຂັ້ນຕ່ຳ. ລະບົບຈະຖາມເຫດຜົນ.",
        "The wage is below the floor. The portal will ask for a reason.",
    ),
    "under_half_floor": (
        "ຄ່າຈ້າງຕ່ຳກວ່າເຄິ່ງຂອງຂັ້ນຕ່ຳ. ຄິດໄລ່ຈາກເຄິ່ງຂັ້ນຕ່ຳ.",
        "The wage is below half the floor. Half the floor is what counts.",
    ),
    "over_ceiling": (
        "ຄ່າຈ້າງສູງກວ່າຂັ້ນສູງ. ຄິດໄລ່ຈາກຂັ້ນສູງ.",
        "The wage is above the ceiling. The ceiling is what counts.",
    ),
    "total": (
        "ຍອດລວມໃນໄຟລ໌ບໍ່ເທົ່າກັບຜົນບວກຂອງແຖວ.",
        "The total in the file is not the sum of its rows.",
    ),
}
ERRORS = frozenset({"no_rows", "wage_empty", "wage_not_kip", "cell_error", "number_form", "twice"})


@dataclass(frozen=True, slots=True)
class Finding:
    """`row` and `cell` as in the file ('' and 0: the file as a whole). `is_error`: the portal will not take it so."""

    row: int
    cell: str
    code: str
    said: str

    @property
    def is_error(self) -> bool:
        return self.code in ERRORS

    def words(self, language: str) -> str:
        return WORDS[self.code][0 if language == "lo" else 1]


@dataclass(frozen=True, slots=True)
class Prechecked:
    """What the file holds. Amounts in kip, of the rows whose wage can be read."""

    workers: int
    wages: int
    insured: int
    employer_share: int
    worker_share: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        return sum(one.is_error for one in self.findings)


def precheck(filename: str, content: bytes, rates: Rates) -> Prechecked:
    """Look at a wage file by the law of `rates`. Raises FileRefused (no workbook, no table) with what to do."""
    workbook = open_file(filename, content)
    layout = recognise(find_table(workbook))
    reading = read_all(workbook, layout)
    wages: list[Kip] = []
    findings = [] if reading.rows else [Finding(0, "", "no_rows", "")]
    for row in reading.rows:
        findings += _number(row)
        wage, found = _wage(row, rates)
        findings += found
        wages.append(wage)
    findings += _twice(reading.rows)
    if reading.stated_total is not None and reading.stated_total != sum(wages):
        findings.append(Finding(0, "", "total", str(reading.stated_total)))
    owed = [due(wage, rates) for wage in wages if wage]
    return Prechecked(
        workers=len(reading.rows),
        wages=sum(wages),
        insured=sum(one.insured for one in owed),
        employer_share=sum(one.employer for one in owed),
        worker_share=sum(one.worker for one in owed),
        findings=tuple(sorted(findings, key=lambda one: (one.row, one.cell))),
    )


def _number(row: Row) -> list[Finding]:
    if not row.number:
        return []
    try:
        number = clean_person_number(row.number)
    except WrongNumber:
        return [Finding(row.row, row.number_cell, "number_form", row.number)]
    # Older numbers, of other forms, carry no check digit.
    if len(number) == 10 and number.isdigit() and not person_number_check(number):
        return [Finding(row.row, row.number_cell, "number_check", row.number)]
    return []


def _wage(row: Row, rates: Rates) -> tuple[Kip, list[Finding]]:
    said = str(row.wage)
    if row.error:
        return Kip(0), [Finding(row.row, row.wage_cell, "cell_error", row.error)]
    try:
        wage = read_kip(row.wage)
    except NotKip as wrong:
        code = "wage_empty" if wrong.code == "empty" else "wage_not_kip"
        return Kip(0), [Finding(row.row, row.wage_cell, code, said)]
    stands = standing(wage, rates)
    return wage, [Finding(row.row, row.wage_cell, stands, said)] if stands in WORDS else []


def _twice(rows: list[Row]) -> list[Finding]:
    numbers = Counter(row.number for row in rows if row.number)
    return [
        Finding(row.row, row.number_cell, "twice", row.number)
        for row in rows
        if numbers.get(row.number, 0) > 1
    ]


def sample(language: str) -> bytes:
    """Our own layout as xlsx, with three invented workers."""
    people = [
        ("0100000011", "ນາງ ຕົວຢ່າງ ໜຶ່ງ", 2_500_000),
        ("0100000020", "ທ້າວ ຕົວຢ່າງ ສອງ", 3_200_000),
        ("0100000038", "ນາງ ຕົວຢ່າງ ສາມ", 6_000_000),
    ]
    month = "10/2026"
    return template("ບໍລິສັດ ຕົວຢ່າງ" if language == "lo" else "Example company", month, people)
