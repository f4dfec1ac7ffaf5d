"""The child process that opens a wage file: `python -m ...wagefile.child xlsx < file > lines`.

It limits itself before it reads the first byte, writes one JSON list a line, and may die of any file; the
parent turns that into a refusal. It imports no numpy and no Django: their maps alone would eat the limit.

Lines: ["sheet", {name, hidden, merged, formulas, stale, errors}], then [row number, [cells from column A]]
for each row that holds something, and ["end", encoding] last; or ["refused", code, params] last.
"""

import csv
import datetime as dt
import io
import json
import math
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final, TextIO
from xml.parsers import expat
from zipfile import BadZipFile

import python_calamine

from pakan.integrations.formats import cage

from .plaintext import decode, delimiter_of
from .survey import MAX_ROWS, SPARE_ROWS, Refused, Survey, check_extent, survey_ods, survey_xlsx

MEMORY: Final = 512 * 1024 * 1024
CPU_SECONDS: Final = 20
MAX_OUTPUT: Final = 128 * 1024 * 1024
_MAX_TEXT: Final = 1000
# Control characters and halves of surrogate pairs cannot be stored as text.
_UNSTORABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_HEADER_ROWS: Final = 60

Cell = str | int | float | bool


def limit() -> None:
    """Memory, processor time, output size; no core file that would keep wages on disk."""
    cage.limit(MEMORY, CPU_SECONDS, MAX_OUTPUT)


def plain(value: Any) -> Cell:
    """A cell as JSON can carry it: whole numbers as int, dates as ISO text."""
    if isinstance(value, str):
        return _UNSTORABLE.sub(" ", value[:_MAX_TEXT])
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value.is_integer() and abs(value) < 1e18 else value
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time.min else value.isoformat(" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _write(out: TextIO, line: list[Any]) -> None:
    out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def _write_rows(out: TextIO, sheet: str, rows: Iterable[tuple[int, list[Any]]]) -> None:
    count = 0
    for number, values in rows:
        cells = [plain(value) for value in values]
        while cells and cells[-1] == "":
            cells.pop()
        if not cells:
            continue
        check_extent(sheet, number, len(cells))
        count += 1
        if count > MAX_ROWS + SPARE_ROWS:
            raise Refused("too_many_rows", limit=MAX_ROWS)
        _write(out, [number, cells])


def _sheet_line(survey: Survey, hidden: bool, merged: list[list[int]]) -> list[Any]:
    return [
        "sheet",
        {
            "name": survey.sheet,
            "hidden": hidden,
            "merged": merged,
            "formulas": survey.formulas,
            "stale": survey.stale,
            "errors": survey.errors,
        },
    ]


def read_workbook(kind: str, content: bytes, out: TextIO) -> None:
    """xlsx, xls or ods: survey first, values second."""
    surveys: dict[str, Survey] = {}
    hidden: set[str] = set()
    if kind == "xlsx":
        surveys = survey_xlsx(content)
    elif kind == "ods":
        surveys, hidden = survey_ods(content)
    book = python_calamine.load_workbook(io.BytesIO(content))
    for meta in book.sheets_metadata:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        concealed = meta.visible != python_calamine.SheetVisibleEnum.Visible or meta.name in hidden
        survey = surveys.get(meta.name) or Survey(meta.name)
        _write(out, _sheet_line(survey, concealed, _merged(sheet)))
        if sheet.start is not None and sheet.end is not None:
            check_extent(meta.name, sheet.end[0] + 1, sheet.end[1] + 1)
            _write_rows(out, meta.name, _placed(sheet))


def _placed(sheet: python_calamine.CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Rows with their true numbers: without skip_empty_area=False everything moves up and to the left."""
    yield from enumerate(sheet.to_python(skip_empty_area=False), 1)


def _merged(sheet: python_calamine.CalamineSheet) -> list[list[int]]:
    """[top, left, bottom, right], counted from 1, near the top of the sheet where headers stand."""
    ranges = sheet.merged_cell_ranges or []
    return [
        [top + 1, left + 1, bottom + 1, right + 1]
        for (top, left), (bottom, right) in ranges[:2000]
        if top < _HEADER_ROWS
    ]


def read_text(content: bytes, out: TextIO) -> str:
    """csv, tsv or txt. Returns the encoding that was found."""
    decoded = decode(content)
    if decoded is None:
        raise Refused("unreadable")
    text, encoding = decoded
    delimiter = delimiter_of(text)
    csv.field_size_limit(100_000)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    _write(out, _sheet_line(Survey(""), False, []))
    skip_sep = text[:4].lower() == "sep="
    numbered = ((number, row) for number, row in enumerate(rows, 1) if not (skip_sep and number == 1))
    _write_rows(out, "", numbered)
    return encoding


def main(kind: str, content: bytes, out: TextIO) -> None:
    """Write the lines, or one line saying why not."""
    try:
        encoding = ""
        if kind == "csv":
            encoding = read_text(content, out)
        else:
            read_workbook(kind, content, out)
        _write(out, ["end", encoding])
    except Refused as refused:
        _write(out, ["refused", refused.code, refused.params])
    except MemoryError:
        _write(out, ["refused", "too_heavy", {}])
    except python_calamine.PasswordError:
        _write(out, ["refused", "password", {}])
    except (python_calamine.CalamineError, expat.ExpatError, csv.Error, BadZipFile, KeyError, ValueError):
        _write(out, ["refused", "unreadable", {}])


if __name__ == "__main__":
    limit()
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    main(sys.argv[1], sys.stdin.buffer.read(), sys.stdout)
    sys.stdout.flush()
