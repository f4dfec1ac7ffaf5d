"""A file that passed the gate, as raw cells: opened in a child process that may fail without harming ours."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .gate import Kind, examine
from .refusal import FileRefused

WALL_SECONDS: Final = 30
_ROOT: Final = Path(__file__).resolve().parents[4]
_CHILD: Final = f"{__package__}.child"

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
    # Files instead of pipes: nothing can block, and the size limit of the child holds for its answer.
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(content)
        given.seek(0)
        code = _run(kind, given.fileno(), answer.fileno())
        answer.seek(0)
        raw = answer.read()
    if code in {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ, -signal.SIGABRT}:
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


def _run(kind: Kind, given: int, answer: int) -> int:
    """Exit code of the child; negative for the signal that ended it. It inherits no secrets of ours."""
    search = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    environment = {"PYTHONPATH": search, "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-s", "-m", _CHILD, kind.value]
    try:
        return subprocess.run(
            command,
            stdin=given,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=WALL_SECONDS,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired as fault:
        raise FileRefused("too_heavy") from fault


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
