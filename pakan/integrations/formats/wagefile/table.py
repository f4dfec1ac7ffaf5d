"""Where the wage table stands in a workbook, and which of its columns is what."""

import hashlib
import math
import re
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from .columns import Assignment, assign
from .refusal import FileRefused
from .words import kind_of_header, rough_amount, squeezed, tidy
from .workbook import Cell, Sheet, Workbook, column_letters

_SEARCHED_ROWS: Final = 60
_SAMPLE_ROWS: Final = 300
_LONGEST_HEADER: Final = 90
# Kinds of which one at least must stand in a row before we call it a header.
_TELLING: Final = frozenset({"number", "name", "given", "latin_name", "wage"})
_MONTHS: Final = re.compile(
    "|".join(
        squeezed(month)
        for month in (
            *(
                "ມັງກອນ",
                "ກຸມພາ",
                "ມີນາ",
                "ເມສາ",
                "ພຶດສະພາ",
                "ມິຖຸນາ",
                "ກໍລະກົດ",
                "ສິງຫາ",
                "ກັນຍາ",
                "ຕຸລາ",
                "ພະຈິກ",
                "ທັນວາ",
            ),
            *("january", "february", "march", "april", "june", "july", "august", "september", "october"),
            *("november", "december", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sept", "sep"),
            *("oct", "nov", "dec"),
        )
    )
)


@dataclass
class Table:
    """One sheet, cut into header and body. `header_row` 0 means that there is no header."""

    sheet: str
    hidden: bool
    header_row: int
    header_end: int
    headers: list[str]
    body: list[tuple[int, list[Cell]]]


@dataclass
class Layout:
    """What is where. Goes to JSON and back, so an employer's confirmed layout can be remembered.

    `columns` maps a field (words.FIELDS) to a column letter; `confidence` 0..1 by field; `candidates` holds
    every column that could be meant; `headers` the header text by letter; `fingerprint` is equal for next
    month's file of the same make, whatever month its sheet is named after.
    """

    sheet: str
    header_row: int
    header_end: int
    columns: dict[str, str]
    fingerprint: str
    confidence: dict[str, float] = field(default_factory=dict)
    candidates: dict[str, list[str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain data for a JSON column."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Layout":
        """The same layout again. Raises TypeError when a part is missing."""
        return cls(**data)

    def with_columns(self, columns: dict[str, str]) -> "Layout":
        """The layout after a person confirmed or changed the columns: certain, nothing left to choose."""
        chosen = {name: letter for name, letter in columns.items() if letter}
        return Layout(
            self.sheet,
            self.header_row,
            self.header_end,
            chosen,
            self.fingerprint,
            dict.fromkeys(chosen, 1.0),
            {},
            self.headers,
        )


@dataclass(frozen=True)
class OfferedColumn:
    """A column as the confirmation page shows it."""

    letter: str
    header: str
    samples: tuple[str, ...]
    field: str
    confidence: float


def tables(workbook: Workbook) -> list[Table]:
    """Every sheet that could hold wages, the likeliest first; hidden sheets come after open ones."""
    found = [(_likelihood(table), table) for sheet in workbook.sheets if (table := _cut(sheet))]
    return [table for score, table in sorted(found, key=lambda pair: -pair[0]) if score > 0]


def find_table(workbook: Workbook, sheet: str | None = None) -> Table:
    """The wage table, on `sheet` if given. Raises FileRefused('no_table')."""
    for table in tables(workbook):
        if sheet is None or table.sheet == sheet:
            return table
    raise FileRefused("no_table")


def recognise(table: Table) -> Layout:
    """The likeliest layout, with how sure we are; a person confirms it once."""
    assignment = _assign(table)
    columns = {name: column_letters(index) for name, index in assignment.columns.items()}
    return Layout(
        sheet=table.sheet,
        header_row=table.header_row,
        header_end=table.header_end,
        columns=columns,
        fingerprint=fingerprint(table),
        confidence=assignment.confidence,
        candidates={
            name: [column_letters(index) for index in indexes]
            for name, indexes in assignment.candidates.items()
        },
        headers={column_letters(index): text for index, text in enumerate(table.headers) if text},
    )


def remembered(workbook: Workbook, layouts: list[Layout]) -> Layout | None:
    """A confirmed layout that fits this workbook, moved to where the header stands now; None if none fits."""
    by_print = {layout.fingerprint: layout for layout in layouts}
    for table in tables(workbook):
        if known := by_print.get(fingerprint(table)):
            moved = known.with_columns(known.columns)
            moved.sheet, moved.header_row, moved.header_end = table.sheet, table.header_row, table.header_end
            return moved
    return None


def fingerprint(table: Table) -> str:
    """32 hex digits of header texts and sheet name, without figures and names of months."""
    headers = [_MONTHS.sub("", squeezed(text)) for text in table.headers]
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        headers = [f"columns without header: {max((len(cells) for _, cells in table.body), default=0)}"]
    sheet = _MONTHS.sub("", squeezed(table.sheet))
    return hashlib.sha256("\n".join([sheet, *headers]).encode()).hexdigest()[:32]


def columns_offered(table: Table, layout: Layout | None = None) -> list[OfferedColumn]:
    """Every used column with its header, three values and our guess (or the given layout's)."""
    layout = layout or recognise(table)
    guesses = {letter: name for name, letter in layout.columns.items()}
    width = max([len(table.headers), *(len(cells) for _, cells in table.body[:_SAMPLE_ROWS])], default=0)
    offered = []
    for index in range(width):
        letter = column_letters(index)
        header = table.headers[index] if index < len(table.headers) else ""
        samples = _samples(table, index)
        if header or samples:
            guess = guesses.get(letter, "")
            offered.append(
                OfferedColumn(
                    letter, header, samples, guess, layout.confidence.get(guess, 0.0) if guess else 0.0
                )
            )
    return offered


def _samples(table: Table, index: int) -> tuple[str, ...]:
    values = (tidy(str(cells[index])) for _, cells in table.body if index < len(cells))
    found: list[str] = []
    for value in values:
        if value:
            found.append(value)
        if len(found) == 3:
            break
    return tuple(found)


def _assign(table: Table) -> Assignment:
    return assign(table.headers, [cells for _, cells in table.body[:_SAMPLE_ROWS]])


def _likelihood(table: Table) -> float:
    assignment = _assign(table)
    sure = assignment.confidence
    person = max(sure.get(name, 0.0) for name in ("number", "name", "given"))
    wage = sure.get("wage", 0.0)
    if not person or not wage or not table.body:
        return 0.0
    people = sum(sure.get(name, 0.0) for name in ("number", "name", "given"))
    open_sheet = 0.0 if table.hidden else 10.0
    return open_sheet + people + 2 * wage + math.log10(len(table.body)) / 5


def _cut(sheet: Sheet) -> Table | None:
    if not sheet.rows:
        return None
    position, score = max(
        ((index, _header_score(cells)) for index, (_, cells) in enumerate(sheet.rows[:_SEARCHED_ROWS])),
        key=lambda pair: (pair[1], -pair[0]),
    )
    if score < 2:
        return Table(sheet.name, sheet.hidden, 0, 0, [], sheet.rows)
    first = position
    while first and _header_score(sheet.rows[first - 1][1]) >= 2 and _adjacent(sheet, first - 1):
        first -= 1
    headers = [_text(cell) for cell in sheet.rows[first][1]]
    last = first
    while last + 1 < len(sheet.rows) and last - first < 3 and _continues(sheet, last, headers):
        last += 1
        headers = _joined(sheet, first, headers, sheet.rows[last][1])
    if last + 1 < len(sheet.rows) and _counts_columns(sheet.rows[last + 1][1]):
        last += 1
    return Table(
        sheet.name, sheet.hidden, sheet.rows[first][0], sheet.rows[last][0], headers, sheet.rows[last + 1 :]
    )


def _text(cell: Cell) -> str:
    return tidy(str(cell))


def _adjacent(sheet: Sheet, index: int) -> bool:
    return sheet.rows[index + 1][0] - sheet.rows[index][0] == 1


def _header_score(cells: list[Cell]) -> int:
    """How many different kinds of header a row names; 0 when neither person nor wage is among them."""
    kinds = set()
    for cell in cells:
        if isinstance(cell, str) and len(cell) <= _LONGEST_HEADER and rough_amount(cell) is None:
            kind, confidence = kind_of_header(cell)
            if confidence >= 0.6:
                kinds.add("wage" if kind.startswith("wage") else kind)
    return len(kinds) if kinds & _TELLING else 0


def _continues(sheet: Sheet, last: int, headers: list[str]) -> bool:
    """Is the next row a further line of the header? It holds words only, under a header cell that spans."""
    if not _adjacent(sheet, last):
        return False
    cells = sheet.rows[last + 1][1]
    texts = [_text(cell) for cell in cells]
    if any(letter.isdigit() for text in texts for letter in text if "%" not in text):
        return False
    if _header_score(cells) >= 2:
        return True
    row = sheet.rows[last][0]
    for index, text in enumerate(texts):
        blank_above = index >= len(headers) or not headers[index]
        if text and kind_of_header(text)[0] and (blank_above or _spanned(sheet, row, index)):
            return True
        if text and blank_above and _spanned(sheet, row, index):
            return True
    return False


def _spanned(sheet: Sheet, row: int, index: int) -> bool:
    return any(
        top <= row <= bottom and left <= index + 1 <= right and right > left
        for top, left, bottom, right in sheet.merged
    )


def _joined(sheet: Sheet, first: int, headers: list[str], cells: list[Cell]) -> list[str]:
    """Upper and lower words of each column; an empty upper cell takes the text that spans it."""
    row = sheet.rows[first][0]
    joined = []
    spanning = ""
    for index in range(max(len(headers), len(cells))):
        upper = headers[index] if index < len(headers) else ""
        lower = _text(cells[index]) if index < len(cells) else ""
        if upper:
            spanning = upper
        elif lower and (not sheet.merged or _spanned(sheet, row, index)):
            upper = spanning
        joined.append(tidy(f"{upper} {lower}"))
    return joined


def _counts_columns(cells: list[Cell]) -> bool:
    """The row "(1) (2) (3)" that official forms print under their headers."""
    figures = [re.sub(r"\D", "", str(cell)) for cell in cells if str(cell).strip()]
    plain = all(re.fullmatch(r"\(?\d{1,2}\)?", str(cell).strip()) for cell in cells if str(cell).strip())
    return (
        plain
        and len(figures) >= 3
        and [int(figure) for figure in figures] == list(range(1, len(figures) + 1))
    )
