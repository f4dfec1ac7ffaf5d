"""A file that passed the gate, as raw cells: opened in a child process that may fail without harming ours."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from pakan.integrations.formats import cage

from .gate import Kind, examine
from .refusal import FileRefused

WALL_SECONDS: Final = 30

Cell = str | int | float | bool


@dataclass
class Sheet:
    """Rows are (row number as the employer sees it, cells from column A); empty rows are absent."""

    name: str
    hidden: bool = False
    merged: list[list[int]] = field(default_factory=list)
    formulas: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()
    errors: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)


@dataclass
class Workbook:
    """All sheets of one file. `encoding` is only known for text tables."""

    filename: str
    kind: Kind
    sheets: list[Sheet]
    encoding: str = ""


def open_file(filename: str, content: bytes) -> Workbook:
    """Gate, child, cells. Raises FileRefused."""
    kind = examine(filename, content)
    sheets: list[Sheet] = []
    encoding = ""
    for line in _lines(kind, content):
        if line[0] == "sheet":
            sheets.append(_sheet(line[1]))
        elif line[0] == "end":
            encoding = line[1]
        else:
            sheets[-1].rows.append((line[0], line[1]))
    for sheet in sheets:
        _show_errors(sheet)
    if not any(sheet.rows for sheet in sheets):
        raise FileRefused("empty")
    return Workbook(filename, kind, sheets, encoding)


def _lines(kind: Kind, content: bytes) -> list[Any]:
    """What the child wrote. A child that died, or did not come to its end, means a refusal."""
    code, raw = _run(kind, content)
    if code in cage.TOO_HEAVY:
        raise FileRefused("too_heavy")
    try:
        lines = [json.loads(line) for line in raw.splitlines()]
    except ValueError as fault:
        raise FileRefused("unreadable") from fault
    last: list[Any] = lines[-1] if lines else ["nothing"]
    if last[0] == "refused":
        raise FileRefused(last[1], **last[2])
    if code != 0 or last[0] != "end":
        raise FileRefused("unreadable")
    return lines


def _run(kind: Kind, content: bytes) -> tuple[int, bytes]:
    return cage.ask(f"{__package__}.child", [kind.value], content, WALL_SECONDS)


def _sheet(head: dict[str, Any]) -> Sheet:
    return Sheet(
        name=head["name"],
        hidden=head["hidden"],
        merged=head["merged"],
        formulas=frozenset(head["formulas"]),
        stale=frozenset(head["stale"]),
        errors=head["errors"],
    )


def _show_errors(sheet: Sheet) -> None:
    """The value reader leaves error cells empty; put `#DIV/0!` back where the employer sees it."""
    if not sheet.errors:
        return
    cells = dict(sheet.rows)
    for reference, text in sheet.errors.items():
        letters = reference.rstrip("0123456789")
        number, column = int(reference[len(letters) :]), column_index(letters)
        row = cells.setdefault(number, [])
        row.extend([""] * (column + 1 - len(row)))
        row[column] = text
    sheet.rows = sorted(cells.items())


def column_index(letters: str) -> int:
    """'A' -> 0, 'AA' -> 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """0 -> 'A', 26 -> 'AA'."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
