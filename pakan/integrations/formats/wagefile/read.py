"""Rows of people out of an opened wage file. What the values mean in law or register is judged elsewhere."""

import re
from dataclasses import dataclass, field
from typing import Final

from .table import Layout
from .words import is_signature, is_total, rough_amount, squeezed, tidy
from .workbook import Cell, Sheet, Workbook, column_index, open_file

__all__ = ["Dropped", "Reading", "Row", "Total", "open_file", "read", "read_all"]

_DIGITS: Final = re.compile(r"\d")
_ERROR: Final = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|ERROR|SPILL!|CALC!)|Err:\d{3}")
_HARMLESS: Final = re.compile(r"[-+][\d\s.,'\u0ed0-\u0ed9]*")


@dataclass(slots=True)
class Row:
    """One person as the employer typed it, trimmed. `row` and the cells are those of his own file.

    `wage` is raw: text, or the number of a number cell. `formula`: the wage is a formula's stored result.
    `error`: an Excel error such as '#DIV/0!', or 'no_value' for a formula without stored result.
    `note`: 'formula_text' when a text begins like a formula; it stays text.
    """

    row: int
    number: str
    name: str
    wage: str | int | float
    wage_cell: str = ""
    number_cell: str = ""
    name_cell: str = ""
    birth: str = ""
    sex: str = ""
    remark: str = ""
    latin_name: str = ""
    formula: bool = False
    error: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """A totals row: not a person, but its amount (a glance's worth) is compared with our own sum."""

    row: int
    label: str
    amount: int | None
    cell: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that is no person: 'header', 'section', 'note' or 'numbered' (only a row number)."""

    row: int
    reason: str
    text: str


@dataclass
class Reading:
    """Everything below the header: people, totals, and what was left out, so that nothing vanishes unseen."""

    rows: list[Row] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    @property
    def stated_total(self) -> int | None:
        """The employer's own grand total: the largest of his totals (subtotals are smaller)."""
        return max((total.amount for total in self.totals if total.amount is not None), default=None)


def read(workbook: Workbook, layout: Layout) -> list[Row]:
    """The people of the table. Raises KeyError when the workbook has no such sheet."""
    return read_all(workbook, layout).rows


def read_all(workbook: Workbook, layout: Layout) -> Reading:
    """People, totals and dropped rows. Raises KeyError when the workbook has no such sheet."""
    sheet = next((sheet for sheet in workbook.sheets if sheet.name == layout.sheet), None)
    if sheet is None:
        raise KeyError(layout.sheet)
    return _Reader(sheet, layout).all()


class _Reader:
    """Walks down the body once; remembers the sums on the way to know a totals row without a label."""

    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        self.sheet = sheet
        self.layout = layout
        self.index = {name: column_index(letter) for name, letter in layout.columns.items()}
        self.headers = {
            index: key
            for letter, text in layout.headers.items()
            if (index := column_index(letter)) in self.index.values() and (key := squeezed(text))
        }
        self.reading = Reading()
        self.sum = self.part = 0

    def all(self) -> Reading:
        for number, cells in self.sheet.rows:
            if number > self.layout.header_end:
                self._row(number, cells)
        return self.reading

    def _cell(self, cells: list[Cell], name: str) -> Cell:
        index = self.index.get(name)
        return cells[index] if index is not None and index < len(cells) else ""

    def _text(self, cells: list[Cell], name: str) -> str:
        value = self._cell(cells, name)
        if isinstance(value, str):
            return tidy(value) if value else ""
        return str(value).upper() if isinstance(value, bool) else str(value)

    def _place(self, number: int, name: str) -> str:
        letter = self.layout.columns.get(name)
        return f"{letter}{number}" if letter else ""

    def _row(self, number: int, cells: list[Cell]) -> None:
        row = self._person(number, cells)
        amount = rough_amount(row.wage) if row.wage != "" else None
        # A number and an amount make a person at once; every other row is looked at twice.
        if not (row.number and row.name and amount is not None):
            if total := self._total(row, cells, amount):
                self.reading.totals.append(total)
                self.part = 0
                return
            if reason := self._reason_to_drop(row, cells):
                if reason != "blank":
                    text = " ".join(tidy(str(cell)) for cell in cells if cell != "")
                    self.reading.dropped.append(Dropped(number, reason, text[:200]))
                return
        self.sum += amount or 0
        self.part += amount or 0
        self.reading.rows.append(row)

    def _person(self, number: int, cells: list[Cell]) -> Row:
        wage = self._cell(cells, "wage")
        if isinstance(wage, str):
            wage = tidy(wage)
        elif isinstance(wage, bool):
            wage = str(wage).upper()
        name = self._text(cells, "name")
        if not name and "given" in self.index:
            name = f"{self._text(cells, 'given')} {self._text(cells, 'family')}".strip()
        row = Row(
            row=number,
            number=self._text(cells, "number"),
            name=name or self._text(cells, "latin_name"),
            wage=wage,
            wage_cell=self._place(number, "wage"),
            number_cell=self._place(number, "number"),
            name_cell=self._place(number, "name")
            or self._place(number, "given")
            or self._place(number, "latin_name"),
            birth=self._text(cells, "birth"),
            sex=self._text(cells, "sex"),
            remark=self._text(cells, "remark"),
            latin_name=self._text(cells, "latin_name"),
        )
        self._mark(row)
        return row

    def _mark(self, row: Row) -> None:
        row.formula = row.wage_cell in self.sheet.formulas
        if row.wage_cell in self.sheet.stale:
            row.error = "no_value"
        for cell, value in (
            (row.wage_cell, row.wage),
            (row.number_cell, row.number),
            (row.name_cell, row.name),
        ):
            if cell in self.sheet.errors or (isinstance(value, str) and _ERROR.fullmatch(value)):
                row.error = row.error or str(value)
        texts = (row.number, row.name, row.wage, row.remark)
        if any(isinstance(text, str) and looks_like_formula(text) for text in texts):
            row.note = "formula_text"

    def _total(self, row: Row, cells: list[Cell], amount: int | None) -> Total | None:
        if len(_DIGITS.findall(row.number)) >= 5:
            return None
        label = next((tidy(cell) for cell in cells if isinstance(cell, str) and is_total(cell)), "")
        # Without a label it is a total only if it is one: the sum of the rows above.
        unlabelled = not row.name and not row.number and amount and len(self.reading.rows) > 1
        if label or (unlabelled and amount in {self.sum, self.part}):
            return Total(row.row, label, amount, row.wage_cell)
        return None

    def _reason_to_drop(self, row: Row, cells: list[Cell]) -> str:
        """'' for a person."""
        texts = [cell for cell in cells if cell != "" and str(cell).strip()]
        if not texts:
            return "blank"
        if rough_amount(row.wage) is None and self._is_header_again(cells):
            return "header"
        counted = bool(_DIGITS.search(self._text(cells, "row_no")))
        if not (row.number or row.name or row.wage != ""):
            return "numbered" if counted and len(texts) == 1 else "note"
        wage_says = bool(_DIGITS.search(str(row.wage))) or bool(row.error)
        if not wage_says and any(is_signature(text) for text in texts if isinstance(text, str)):
            return "note"
        if wage_says or counted:
            return ""
        number_says = len(_DIGITS.findall(row.number)) >= 4
        if number_says and (row.name or row.wage != ""):
            return ""
        if len(texts) == 1 or self.reading.totals:
            # One text alone is the name of a department, or a line under the table.
            return "note" if self.reading.totals else "section"
        return ""

    def _is_header_again(self, cells: list[Cell]) -> bool:
        same = 0
        for index, key in self.headers.items():
            if index < len(cells) and isinstance(cells[index], str):
                here = squeezed(str(cells[index]))
                same += bool(here) and (here == key or key.startswith(here))
        return same >= 2


def looks_like_formula(text: str) -> bool:
    """A text that Excel would run if it were typed: =cmd|..., @SUM, +1+cmd. A signed amount is none."""
    return len(text) > 1 and text[0] in "=+-@" and not _HARMLESS.fullmatch(text)
