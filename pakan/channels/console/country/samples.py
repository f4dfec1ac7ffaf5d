"""Wage files for the demo employer's open month, laid out as people lay them out, with what goes wrong in real ones."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter

from pakan.channels.console.country.careers import STAYS
from pakan.channels.console.country.history import Unit
from pakan.units.money import dotted
from pakan.units.month import Month
from pakan.units.number import shown_person_number
from pakan.units.words import english_month, lao_month


@dataclass
class Worker:
    number: str
    given: str
    family: str
    sex: str
    wage: int | str


def write(unit: Unit, newcomer: Worker, index: int, month: Month, folder: Path) -> list[Path]:
    """Two files of the same month: a Lao workbook with mistakes, and a plain English CSV without any."""
    folder.mkdir(parents=True, exist_ok=True)
    workers = _workers(unit, index)
    lao = folder / f"wages-{month}-lao.xlsx"
    _lao_workbook(lao, unit.employer.name_lo, month, _with_mistakes(workers, newcomer))
    plain = folder / f"wages-{month}-english.csv"
    plain.write_text(_english_csv(unit.employer.name_en, month, workers), encoding="utf-8-sig")
    return [lao, plain]


def newcomer(unit: Unit, index: int) -> Worker:
    """Somebody with a number who left another firm: known to the fund (form 1-04), new to the employer."""
    gone = np.flatnonzero(unit.crew.last < index)
    return _worker(unit, int(gone[0]), 2_600_000)


def _workers(unit: Unit, index: int) -> list[Worker]:
    places = np.flatnonzero((unit.crew.first <= index) & (unit.crew.last == STAYS))
    wages = unit.crew.wages(index, places).tolist()
    return [_worker(unit, place, wage) for place, wage in zip(places.tolist(), wages, strict=True)]


def _worker(unit: Unit, place: int, wage: int) -> Worker:
    person = unit.crew.people[place]
    return Worker(unit.crew.numbers[place], person["given_name"], person["family_name"], person["sex"], wage)


def _with_mistakes(workers: list[Worker], joins: Worker) -> list[Worker]:
    """The letter O for zero, two digits of a number swapped, a jump, one who is missing, one who joined."""
    listed = [replace(worker) for worker in workers]
    count = len(listed)
    letter, swapped, jump, missing = (count * part // 10 for part in (1, 4, 6, 8))
    listed[letter].wage = str(listed[letter].wage).replace("0", "O", 2)
    listed[swapped].number = _swapped(listed[swapped].number)
    listed[jump].wage = int(listed[jump].wage) * 239 // 100 // 10_000 * 10_000
    del listed[missing]
    return [*listed, joins]


def _swapped(number: str) -> str:
    """The last two digits that differ change places."""
    for at in range(len(number) - 2, 0, -1):
        if number[at] != number[at + 1]:
            return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    raise ValueError("a number of one digit only")


def _lao_workbook(path: Path, employer: str, month: Month, workers: list[Worker]) -> None:
    """Two title rows, a header of two merged rows, a blank line now and then, text wages with dots, a row of totals."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("ບັນຊີເງິນເດືອນ")
    bold = book.add_format(
        {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1}
    )
    sheet.merge_range(0, 0, 0, 6, employer, bold)
    sheet.merge_range(1, 0, 1, 6, f"ບັນຊີເງິນເດືອນ {lao_month(month)}", bold)
    for column, title in enumerate(("ລ/ດ", "ຊື່ ແລະ ນາມສະກຸນ", "ເລກປະກັນສັງຄົມ", "ພະແນກ")):
        sheet.merge_range(3, column, 4, column, title, bold)
    sheet.merge_range(3, 4, 3, 5, "ລາຍຮັບ", bold)
    sheet.write_row(4, 4, ["ວັນ", "ເງິນເດືອນລວມ"], bold)
    sheet.merge_range(3, 6, 4, 6, "ໝາຍເຫດ", bold)
    sheet.set_column(0, 6, 18)
    row = 5
    for order, worker in enumerate(workers, 1):
        if order % 50 == 1 and order > 1:
            row += 1  # between two pages of the print
        _lao_row(sheet, row, order, worker)
        row += 1
    sheet.write(row + 1, 1, "ລວມທັງໝົດ", bold)
    sheet.write(row + 1, 5, sum(_kip(worker.wage) for worker in workers), bold)
    book.close()


def _lao_row(sheet: Any, row: int, order: int, worker: Worker) -> None:
    title = "ນາງ" if worker.sex == "f" else "ທ້າວ"
    sheet.write(row, 0, order)
    sheet.write(row, 1, f"{title} {worker.given} {worker.family}")
    sheet.write(row, 2, shown_person_number(worker.number))
    sheet.write(row, 3, ("ຕັດ", "ຫຍິບ", "ຣີດ", "ຫຸ້ມຫໍ່")[order % 4])
    sheet.write(row, 4, 26)
    as_text = isinstance(worker.wage, str) or order % 7 == 0
    sheet.write(row, 5, _shown(worker.wage) if as_text else worker.wage)


def _shown(wage: int | str) -> str:
    return wage if isinstance(wage, str) else dotted(wage)


def _kip(wage: int | str) -> int:
    return int(str(wage).replace("O", "0"))


def _english_csv(employer: str, month: Month, workers: list[Worker]) -> str:
    lines = [
        f"{employer};;;;",
        f"Payroll {english_month(month)};;;;",
        "",
        "SSN;Name;Surname;Sex;Gross salary",
    ]
    lines += [
        f"{worker.number};{worker.given};{worker.family};{worker.sex.upper()};{dotted(int(worker.wage))}"
        for worker in workers
    ]
    return "\r\n".join(lines) + "\r\n"
