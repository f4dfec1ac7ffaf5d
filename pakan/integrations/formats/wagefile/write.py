"""Wage files that we hand out: the published template, the employer's rows with problems marked, safe CSV.

Every text goes into the workbook as a text cell and never as a formula or a link, whatever it begins with.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import xlsxwriter

from .read import Row

TEMPLATE_VERSION: Final = "pakan-wages-1"
# Lao first, English below, both in one cell; the reader knows both.
TEMPLATE_HEADERS: Final = (
    "ລ/ດ\nNo.",
    "ລະຫັດປະກັນສັງຄົມ\nSocial security number",
    "ຊື່ ແລະ ນາມສະກຸນ\nName and surname",
    "ເງິນເດືອນ (ກີບ)\nWage (kip)",
    "ໝາຍເຫດ\nRemark",
)
MARKED_HEADERS: Final = (
    "ແຖວໃນໄຟລ໌ຂອງທ່ານ\nRow in your file",
    *TEMPLATE_HEADERS[1:],
    "ສິ່ງທີ່ຕ້ອງແກ້ໄຂ\nWhat to mend",
)
_FIRST_ROW: Final = 4
_SPARE_ROWS: Final = 200
_HIGHEST_WAGE: Final = 10**12
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_UNSTORABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL: Final = 32_000


def template(
    employer_name: str, month_text: str, people: Iterable[tuple[str, str, int | str | None]]
) -> bytes:
    """An xlsx to fill in: (number, name, last wage in kip or None) of each person stand in it already.

    A wage that is a text is written as that text (the file to practise with has one that is no number).
    """
    book, buffer = _book()
    formats = _formats(book)
    sheet = book.add_worksheet("ເງິນເດືອນ Wages")
    _head(sheet, formats, employer_name, month_text, TEMPLATE_HEADERS)
    row = _FIRST_ROW
    for order, (number, name, wage) in enumerate(people, 1):
        sheet.write_number(row, 0, order, formats["plain"])
        _text(sheet, row, 1, number, formats["text"])
        _text(sheet, row, 2, name, formats["text"])
        if wage is None:
            sheet.write_blank(row, 3, None, formats["money"])
        elif isinstance(wage, str):
            _text(sheet, row, 3, wage, formats["text"])
        else:
            sheet.write_number(row, 3, wage, formats["money"])
        row += 1
    for spare in range(row, row + _SPARE_ROWS):
        sheet.write_blank(spare, 1, None, formats["text"])
        sheet.write_blank(spare, 3, None, formats["money"])
    _validate(sheet, row + _SPARE_ROWS)
    sheet.freeze_panes(_FIRST_ROW, 3)
    _write_version(book)
    book.close()
    return buffer.getvalue()


def marked(
    rows: Sequence[Row],
    problems: Mapping[int, Sequence[str]],
    employer_name: str = "",
    month_text: str = "",
    cells: Mapping[int, Iterable[str]] | None = None,
) -> bytes:
    """The employer's rows with what is wrong beside each, as xlsx.

    `problems` maps a row of his file to texts; `cells` maps it to the fields to colour ('number', 'name',
    'wage'); without it all three are coloured.
    """
    book, buffer = _book()
    formats = _formats(book)
    sheet = book.add_worksheet("ແກ້ໄຂ To mend")
    _head(sheet, formats, employer_name, month_text, MARKED_HEADERS)
    sheet.set_column(5, 5, 60)
    for place, row in enumerate(rows, _FIRST_ROW):
        texts = problems.get(row.row, ())
        wrong = set((cells or {}).get(row.row, ("number", "name", "wage"))) if texts else set()
        sheet.write_number(place, 0, row.row, formats["plain"])
        _text(sheet, place, 1, row.number, formats["text_bad" if "number" in wrong else "text"])
        _text(sheet, place, 2, row.name, formats["text_bad" if "name" in wrong else "text"])
        _wage(sheet, place, row.wage, formats, bad="wage" in wrong)
        _text(sheet, place, 4, row.remark, formats["text"])
        _text(sheet, place, 5, "\n".join(texts), formats["problem"])
    sheet.freeze_panes(_FIRST_ROW, 3)
    sheet.autofilter(_FIRST_ROW - 1, 0, max(_FIRST_ROW, _FIRST_ROW + len(rows) - 1), 5)
    _write_version(book)
    book.close()
    return buffer.getvalue()


def table(title: str, subtitle: str, headers: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Any table as xlsx: whole numbers as numbers, every text as a text cell."""
    book, buffer = _book()
    formats = _formats(book)
    sheet = book.add_worksheet("ບັນຊີ Account")
    _text(sheet, 0, 0, title, formats["title"])
    _text(sheet, 1, 0, subtitle, formats["plain"])
    sheet.set_column(0, len(headers) - 1, 18)
    sheet.set_row(_FIRST_ROW - 1, 38)
    for column, header in enumerate(headers):
        _text(sheet, _FIRST_ROW - 1, column, header, formats["head"])
    for place, row in enumerate(rows, _FIRST_ROW):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(place, column, value, formats["money"])
            else:
                _text(sheet, place, column, value, formats["text"])
    sheet.freeze_panes(_FIRST_ROW, 1)
    book.close()
    return buffer.getvalue()


def csv_safe(text: str) -> str:
    """A text that no spreadsheet runs when it opens a CSV: an apostrophe goes before a dangerous start."""
    bare = text.lstrip(" \u00a0\ufeff\u200b")
    return f"'{text}" if bare.startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS) else text


def template_version(sheets: Iterable[Any]) -> str:
    """The version hidden in a template of ours, '' for any other file. Takes workbook.Sheet objects."""
    for sheet in sheets:
        if sheet.name == "pakan" and sheet.rows and sheet.rows[0][1]:
            return str(sheet.rows[0][1][0])
    return ""


def _book() -> tuple[Any, io.BytesIO]:
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    return xlsxwriter.Workbook(buffer, options), buffer


def _formats(book: Any) -> dict[str, Any]:
    font = {"font_name": "Phetsarath OT", "font_size": 11, "valign": "vcenter"}
    bad = {"bg_color": "#FBD9D3", "border": 1, "border_color": "#A63A26"}
    return {
        "title": book.add_format({**font, "bold": True, "font_size": 14}),
        "plain": book.add_format(font),
        "head": book.add_format(
            {**font, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#E3EEEA", "border": 1}
        ),
        "text": book.add_format({**font, "num_format": "@"}),
        "text_bad": book.add_format({**font, **bad, "num_format": "@"}),
        "money": book.add_format({**font, "num_format": "#,##0"}),
        "money_bad": book.add_format({**font, **bad, "num_format": "#,##0"}),
        "problem": book.add_format({**font, "text_wrap": True, "font_color": "#8A2C1C"}),
    }


def _head(sheet: Any, formats: dict[str, Any], employer: str, month: str, headers: Sequence[str]) -> None:
    _text(sheet, 0, 0, employer, formats["title"])
    _text(sheet, 1, 0, month, formats["title"])
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 22, formats["text"])
    sheet.set_column(2, 2, 34)
    sheet.set_column(3, 3, 18)
    sheet.set_column(4, 4, 28)
    sheet.set_row(_FIRST_ROW - 1, 38)
    for column, header in enumerate(headers):
        _text(sheet, _FIRST_ROW - 1, column, header, formats["head"])


def _text(sheet: Any, row: int, column: int, text: str, cell_format: Any) -> None:
    clean = _UNSTORABLE.sub(" ", text)[:_LONGEST_CELL]
    if clean:
        sheet.write_string(row, column, clean, cell_format)
    else:
        sheet.write_blank(row, column, None, cell_format)


def _wage(sheet: Any, row: int, wage: str | int | float, formats: dict[str, Any], *, bad: bool) -> None:
    """A number stays a number; beyond 15 digits a workbook would round it, so it stands as text."""
    suffix = "_bad" if bad else ""
    if isinstance(wage, str) or abs(wage) >= 10**15:
        _text(sheet, row, 3, str(wage), formats["text" + suffix])
    else:
        sheet.write_number(row, 3, wage, formats["money" + suffix])


def _validate(sheet: Any, last: int) -> None:
    sheet.data_validation(
        _FIRST_ROW,
        3,
        last,
        3,
        {
            "validate": "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": _HIGHEST_WAGE,
            "input_title": "ເງິນເດືອນ Wage",
            "input_message": "ຕົວເລກກີບເຕັມ, ບໍ່ມີຈຸດທົດສະນິຍົມ.\nWhole kip, no decimals.",
            "error_title": "ບໍ່ຖືກຕ້ອງ Not valid",
            "error_message": "ກະລຸນາໃສ່ຕົວເລກກີບເຕັມ.\nPlease enter whole kip.",
            "ignore_blank": True,
        },
    )


def _write_version(book: Any) -> None:
    sheet = book.add_worksheet("pakan")
    sheet.write_string(0, 0, TEMPLATE_VERSION)
    sheet.very_hidden()
