"""What the value reader does not tell: extent, formulas and error cells, seen in one pass over the XML.

calamine reads values fast but turns #DIV/0! into nothing, hides that a cell is a formula, and ends the whole
process on a value at XFD1048576. So the XML parser counts first. Runs in the child process only.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

MAX_ROWS: Final = 50_000
# Titles and totals come on top of the rows of people.
SPARE_ROWS: Final = 200
MAX_COLUMNS: Final = 256
_MAX_MARKS: Final = 1_000_000

Attributes = dict[str, str]


class Refused(Exception):
    """Told to the parent process as a code with its params."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass
class Survey:
    """Marks of one sheet: formulas, formulas without a stored result, error cells with their text."""

    sheet: str
    formulas: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def letters_of(column: int) -> str:
    """1 -> 'A', 27 -> 'AA'."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_of(letters: str) -> int:
    """'A' -> 1, 'AA' -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def check_extent(sheet: str, row: int, column: int) -> None:
    """Raises Refused for a value beyond the limits."""
    if row > 2 * MAX_ROWS or column > MAX_COLUMNS:
        raise Refused("too_wide", cell=f"{letters_of(column)}{row}", sheet=sheet)
    if row > MAX_ROWS + SPARE_ROWS:
        raise Refused("too_many_rows", limit=MAX_ROWS)


def _parse(
    content: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.Parse(content, True)


def _no_doctype(*_: object) -> None:
    raise Refused("entities")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def xlsx_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> name of its part."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(name: str, attributes: Attributes) -> None:
        if _local(name) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(name: str, attributes: Attributes) -> None:
        if _local(name) == "sheet":
            identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            sheets.append((attributes.get("name", ""), identity))

    _parse(archive.read("xl/_rels/workbook.xml.rels"), relation)
    _parse(archive.read("xl/workbook.xml"), sheet)
    known = set(archive.namelist())
    found: dict[str, str] = {}
    for name, identity in sheets:
        target = targets.get(identity, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in known:
            found[name] = part
    return found


class _SheetReader:
    """Handlers for one worksheet part. Their order is not trusted: every valued cell is measured."""

    def __init__(self, sheet: str) -> None:
        self.survey = Survey(sheet)
        self.row = self.column = 0
        self.error = self.formula = self.listening = False
        self.text: list[str] = []
        self.columns: dict[str, int] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        """One element opens; a prefix such as x: is allowed by the format."""
        if ":" in name:
            name = _local(name)
        if name == "c":
            self._cell(attributes)
        elif name in {"v", "is"}:
            self.listening = self.error or self.formula
            if self.column > MAX_COLUMNS or self.row > MAX_ROWS:
                check_extent(self.survey.sheet, self.row, self.column)
        elif name == "f":
            self.formula = True
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0

    def _cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r", "")
        if reference:
            letters = reference.rstrip("0123456789")
            known = self.columns.get(letters)
            if known is None:
                if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
                    raise ValueError(f"no cell is called {letters[:20]!r}")
                known = self.columns[letters] = column_of(letters.upper())
            self.column = known
            self.row = int(reference[len(letters) :])
        else:
            self.column += 1
        self.error = attributes.get("t") == "e"
        self.formula = self.listening = False
        self.text.clear()

    def end(self, name: str) -> None:
        """A cell closes: note what it was."""
        if name != "c" and not name.endswith(":c"):
            return
        if not (self.formula or self.error):
            return
        check_extent(self.survey.sheet, self.row, self.column)
        reference = f"{letters_of(self.column)}{self.row}"
        if self.formula:
            self.survey.formulas.append(reference)
            if not "".join(self.text).strip():
                self.survey.stale.append(reference)
        if self.error:
            self.survey.errors[reference] = "".join(self.text).strip()[:20] or "#ERROR"
        if len(self.survey.formulas) > _MAX_MARKS:
            raise Refused("too_heavy")

    def characters(self, text: str) -> None:
        """Only the result of a formula and the name of an error are kept."""
        if self.listening:
            self.text.append(text)


def survey_xlsx(content: bytes) -> dict[str, Survey]:
    """Surveys by sheet name. Raises Refused, expat.ExpatError, KeyError, ValueError or zipfile.BadZipFile."""
    surveys: dict[str, Survey] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for sheet, part in xlsx_sheets(archive).items():
            reader = _SheetReader(sheet)
            _parse(archive.read(part), reader.start, reader.end, reader.characters)
            surveys[sheet] = reader.survey
    return surveys


class _OdsReader:
    """Handlers for content.xml, where rows and cells say how often they repeat."""

    def __init__(self) -> None:
        self.surveys: dict[str, Survey] = {}
        self.hidden: set[str] = set()
        self.survey = Survey("")
        self.hidden_styles: set[str] = set()
        self.row = self.column = 0
        self.row_repeat = self.cell_repeat = 1
        self.row_valued = False
        self.error = ""
        self.style = ""
        self.values = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """One element opens."""
        if name == "table:table-cell" or name == "table:covered-table-cell":
            self._cell(attributes)
        elif name == "table:table-row":
            self.row += 1
            self.row_repeat = int(attributes.get("table:number-rows-repeated", "1"))
            self.column, self.row_valued = 0, False
        elif name == "table:table":
            self.survey = Survey(attributes.get("table:name", ""))
            self.surveys[self.survey.sheet] = self.survey
            self.row = 0
            if attributes.get("table:style-name") in self.hidden_styles:
                self.hidden.add(self.survey.sheet)
        elif name == "style:style":
            self.style = attributes.get("style:name", "")
        elif name == "style:table-properties" and attributes.get("table:display") == "false":
            self.hidden_styles.add(self.style)

    def _cell(self, attributes: Attributes) -> None:
        repeat = int(attributes.get("table:number-columns-repeated", "1"))
        formula = "table:formula" in attributes
        kind = attributes.get("office:value-type") or attributes.get("calcext:value-type")
        if kind or formula:
            self.row_valued = True
            self.values += repeat * self.row_repeat
            if self.values > 4_000_000:  # one cell that says it repeats a million times over
                raise Refused("too_heavy")
            check_extent(self.survey.sheet, self.row, self.column + repeat)
            reference = f"{letters_of(self.column + 1)}{self.row}"
            if formula:
                self.survey.formulas.append(reference)
                if not kind:
                    self.survey.stale.append(reference)
            if attributes.get("calcext:value-type") == "error":
                self.survey.errors[reference] = "#ERROR"
        self.column += repeat

    def end(self, name: str) -> None:
        """A row closes: its repetitions count only when it holds a value."""
        if name == "table:table-row":
            self.row += self.row_repeat - 1
            if self.row_valued:
                check_extent(self.survey.sheet, self.row, 1)


def survey_ods(content: bytes) -> tuple[dict[str, Survey], set[str]]:
    """(surveys by sheet name, names of hidden sheets). Raises as survey_xlsx does."""
    reader = _OdsReader()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _parse(archive.read("content.xml"), reader.start, reader.end)
    return reader.surveys, reader.hidden
