"""What we hand out can be read back by us, and runs nothing in anybody's spreadsheet."""

import io
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pakan.integrations.formats.wagefile.gate import Kind, examine
from pakan.integrations.formats.wagefile.read import Row, open_file, read
from pakan.integrations.formats.wagefile.table import find_table, recognise
from pakan.integrations.formats.wagefile.words import tidy
from pakan.integrations.formats.wagefile.write import (
    TEMPLATE_VERSION,
    csv_safe,
    marked,
    template,
    template_version,
)

PEOPLE = [("0100000011", "ທ້າວ ບຸນມີ ພົມມະຈັນ", 3_200_000), ("0100000022", "ນາງ ວັນນາ ສີລາ", None)]
HOSTILE = ["=cmd|' /C calc'!A0", "+1+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "http://example.com", "=1+1"]


def sheets_xml(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets" in name)


def test_the_template_is_read_back_without_questions() -> None:
    content = template("ບໍລິສັດ ແສງຕາເວັນ", "ຕຸລາ 2026", PEOPLE)
    assert examine("t.xlsx", content) is Kind.XLSX
    book = open_file("t.xlsx", content)
    layout = recognise(find_table(book))
    assert layout.columns == {"row_no": "A", "number": "B", "name": "C", "wage": "D", "remark": "E"}
    assert min(layout.confidence[name] for name in ("number", "name", "wage")) >= 0.6
    rows = read(book, layout)
    assert [(row.number, row.name, row.wage) for row in rows] == [
        ("0100000011", "ທ້າວ ບຸນມີ ພົມມະຈັນ", 3_200_000),
        ("0100000022", "ນາງ ວັນນາ ສີລາ", ""),
    ]
    assert template_version(book.sheets) == TEMPLATE_VERSION
    xml = sheets_xml(content)
    assert "<dataValidation " in xml and 'state="frozen"' in xml


def test_an_empty_template_for_a_new_employer() -> None:
    book = open_file("t.xlsx", template("=HYPERLINK(1)", "ຕຸລາ 2026", []))
    assert template_version(book.sheets) == TEMPLATE_VERSION


def test_abuse_A25_no_text_becomes_a_formula_or_a_link() -> None:
    rows = [Row(i, text, text, text, remark=text) for i, text in enumerate(HOSTILE, 2)]
    problems = {row.row: HOSTILE for row in rows}
    for content in (
        marked(rows, problems, HOSTILE[0], HOSTILE[3]),
        template(HOSTILE[0], HOSTILE[1], [(text, text, 1) for text in HOSTILE]),
    ):
        xml = sheets_xml(content)
        assert not re.search(r"<f[ >]", xml) and "<hyperlink" not in xml
        assert examine("m.xlsx", content) is Kind.XLSX


def test_problem_cells_are_coloured_and_explained() -> None:
    rows = [Row(18, "0100000011", "ທ້າວ ບຸນມີ", "32OO000"), Row(19, "0100000022", "ນາງ ວັນນາ", 2_000_000)]
    content = marked(rows, {18: ["ບໍ່ແມ່ນຕົວເລກ"]}, cells={18: ["wage"]})
    book = open_file("m.xlsx", content)
    cells = dict(book.sheets[0].rows)
    assert cells[5][:6] == [18, "0100000011", "ທ້າວ ບຸນມີ", "32OO000", "", "ບໍ່ແມ່ນຕົວເລກ"]
    assert cells[6] == [19, "0100000022", "ນາງ ວັນນາ", 2_000_000]
    xml = sheets_xml(content)
    style = {cell: re.search(rf'r="{cell}" s="(\d+)"', xml).group(1) for cell in ("D5", "B5", "B6", "C5")}  # type: ignore[union-attr]
    assert style["B5"] == style["B6"] == style["C5"] != style["D5"]


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Cn", "Co"]),
    min_size=1,
    max_size=20,
)
person = st.tuples(
    st.from_regex(r"[0-9]{8,12}", fullmatch=True),
    st.lists(words, min_size=1, max_size=3).map(" ".join),
    st.integers(-(10**14), 10**14) | st.from_regex(r"[0-9]{1,3}([.,][0-9]{3}){1,2}", fullmatch=True),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(person, min_size=1, max_size=8))
def test_marked_rows_come_back_as_they_went(people: list[tuple[str, str, str | int]]) -> None:
    rows = [Row(i, number, name, wage) for i, (number, name, wage) in enumerate(people, 2)]
    book = open_file("m.xlsx", marked(rows, {2: ["ກວດຄືນ"]}))
    layout = recognise(find_table(book)).with_columns({"number": "B", "name": "C", "wage": "D"})
    again = read(book, layout)
    assert [(row.number, row.name, row.wage) for row in again] == [
        (row.number, tidy(row.name), row.wage) for row in rows
    ]


@pytest.mark.parametrize("text", [*HOSTILE[:6], "  =1", "\ufeff=1"])
def test_abuse_A25_csv_cells_are_disarmed(text: str) -> None:
    assert csv_safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["ນາງ ວັນນາ", "0100000011", "", "a=b"])
def test_harmless_csv_cells_stay(text: str) -> None:
    assert csv_safe(text) == text
