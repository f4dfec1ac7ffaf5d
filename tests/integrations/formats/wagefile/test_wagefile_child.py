"""The child process: limits hold, its death is a refusal, and honest large files pass."""

import os
import subprocess
import sys

import pytest
import wagefile_samples as make

from pakan.integrations.formats import cage
from pakan.integrations.formats.wagefile import workbook
from pakan.integrations.formats.wagefile.read import open_file, read, read_all
from pakan.integrations.formats.wagefile.refusal import FileRefused
from pakan.integrations.formats.wagefile.table import find_table, recognise


def refusal(filename: str, content: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        open_file(filename, content)
    return caught.value.code


def test_fifty_thousand_rows_stay_under_the_memory_limit() -> None:
    book = open_file("a.xlsx", make.xlsx([make.HEADER, *make.people(50_000)]))
    rows = read(book, recognise(find_table(book)))
    assert len(rows) == 50_000
    assert (rows[-1].row, rows[-1].wage_cell) == (50_001, "D50001")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_sixty_thousand_rows_are_refused(kind: str) -> None:
    if kind == "xlsx":
        content = make.xlsx([make.HEADER, *make.people(60_000)])
    else:
        content = "\n".join(",".join(map(str, row)) for row in [make.HEADER, *make.people(60_000)]).encode()
    assert refusal(f"a.{kind}", content) == "too_many_rows"


def test_abuse_A26_a_value_at_the_last_cell_names_the_cell() -> None:
    with pytest.raises(FileRefused) as caught:
        open_file("a.xlsx", make.bare_xlsx('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    assert caught.value.code == "too_wide"
    assert "XFD1048576" in caught.value.message("lo")


def test_styled_but_empty_cells_far_out_are_harmless() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>ຊື່</t></is></c><c r="B1" t="inlineStr"><is><t>ເງິນເດືອນ</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>ກ ຂ</t></is></c><c r="B2"><v>2000000</v></c></row>'
        '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    )
    book = open_file("a.xlsx", make.bare_xlsx(rows))
    assert [row.wage for row in read(book, recognise(find_table(book)))] == [2_000_000]


def test_abuse_A26_a_long_text_used_ten_thousand_times_ends_the_child_only() -> None:
    text = "".join(chr(97 + i * i % 26) for i in range(900_000))
    rows = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 10_000))
    shared = f'<sst xmlns="{make.MAIN}"><si><t>{text}</t></si></sst>'
    assert refusal("a.xlsx", make.bare_xlsx(rows, xl__sharedStrings__xml=shared)) in {
        "unreadable",
        "zip_bomb",
    }
    content = make.with_parts(
        make.bare_xlsx(rows), {"xl/sharedStrings.xml": shared + os.urandom(60_000).hex()}
    )
    assert refusal("a.xlsx", content) == "too_heavy"


def test_abuse_A26_repeated_ods_cells_are_counted_first() -> None:
    cell = (
        '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="200"/>'
    )
    tail = f'<table:table-row table:number-rows-repeated="1048000">{cell}</table:table-row>'
    assert refusal("a.ods", make.ods([make.HEADER], tail=tail)) == "too_heavy"
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    tail = f'<table:table-row table:number-rows-repeated="1048000">{empty}</table:table-row>'
    assert len(open_file("a.ods", make.ods([make.HEADER, *make.people(3)], tail=tail)).sheets[0].rows) == 4


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "WALL_SECONDS", 0.001)
    assert refusal("a.csv", b"name,wage\na,1\n") == "too_heavy"


def test_a_child_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    for code, expected in (
        (-6, "too_heavy"),
        (-24, "too_heavy"),
        (-9, "too_heavy"),
        (-11, "unreadable"),
        (1, "unreadable"),
    ):
        monkeypatch.setattr(workbook, "_run", lambda *_, code=code: (code, b""))
        assert refusal("a.csv", b"name,wage\na,1\n") == expected


def test_the_child_limits_itself_and_loads_nothing_heavy() -> None:
    script = (
        "import sys, resource; from pakan.integrations.formats.wagefile import child; child.limit();"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0],"
        "resource.getrlimit(resource.RLIMIT_CORE)[0], 'numpy' in sys.modules, 'django' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=cage.ROOT
    )
    assert told.stdout.split() == [str(512 * 1024 * 1024), "20", "0", "False", "False"]


@pytest.mark.parametrize("kind", ["", ' t="e"'])
@pytest.mark.parametrize("formula", ["<f>1+1</f>", ""])
@pytest.mark.parametrize("name", ["ZZZZZZ1", "D-5", "D", "7", "D99999999999999999999", "ກ1", "XFD9", "zzz9"])
def test_abuse_A26_cells_with_impossible_names(kind: str, formula: str, name: str) -> None:
    value = "" if kind else "<v>1</v>"
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="{name}"{kind}>{formula}{value}</c></row>'
    if not (kind or formula) or name not in {"XFD9", "zzz9", "D99999999999999999999"}:
        expected = {"unreadable", "too_wide"}
    else:
        expected = {"too_wide"}
    assert refusal("a.xlsx", make.bare_xlsx(rows)) in expected


def test_cells_and_rows_without_names_are_counted() -> None:
    def text(value: str) -> str:
        return f'<x:c t="inlineStr"><x:is><x:t>{value}</x:t></x:is></x:c>'

    rows = (
        f"<x:row>{text('ຊື່')}{text('ເງິນເດືອນ')}</x:row>"
        f"<x:row>{text('ນາງ ກ')}<x:c><x:f>1+1</x:f><x:v>2000000</x:v></x:c></x:row>"
    )
    content = make.bare_xlsx("")
    sheet = f'<x:worksheet xmlns:x="{make.MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    book = open_file("a.xlsx", make.with_parts(content, {"xl/worksheets/sheet1.xml": sheet}))
    (row,) = read(book, recognise(find_table(book)))
    assert (row.wage, row.wage_cell, row.formula) == (2_000_000, "B2", True)


def test_broken_xml_inside_a_whole_zip_is_unreadable() -> None:
    assert refusal("a.xlsx", make.bare_xlsx("<row><c><v>1</v></row>")) == "unreadable"
    assert refusal("a.xlsx", make.bare_xlsx('<row r="one"><c r="A1"><v>1</v></c></row>')) == "unreadable"
    assert refusal("a.ods", make.ods([], body="<table:table-row>")) == "unreadable"


def test_a_workbook_without_any_value_is_empty() -> None:
    assert refusal("a.xlsx", make.xlsx([])) == "empty"


def test_errors_and_formulas_are_told_by_cell() -> None:
    rows: list[list[object]] = [
        make.HEADER,
        [1, "0100000011", "ທ້າວ ບຸນມີ ພົມມະຈັນ", ("=1/0", "#DIV/0!")],
        [2, "0100000022", "ນາງ ວັນນາ ສີລາ", ("=2000000+500000", 2_500_000)],
        [3, "0100000033", "ນາງ ດາວເຮືອງ ວົງສາ", 2_000_000],
        [4, "0100000044", "ທ້າວ ຄຳພູ ສີລາ", ("=D5*2", "")],
    ]
    book = open_file("a.xlsx", make.xlsx(rows))
    found = {row.row: (row.wage, row.formula, row.error) for row in read(book, recognise(find_table(book)))}
    assert found == {
        2: ("#DIV/0!", True, "#DIV/0!"),
        3: (2_500_000, True, ""),
        4: (2_000_000, False, ""),
        5: ("", True, "no_value"),
    }


def test_a_formula_typed_as_text_stays_text_and_is_noted() -> None:
    text = (
        "ລຳດັບ,ລະຫັດປະກັນສັງຄົມ,ຊື່,ເງິນເດືອນ\n1,0100000011,=cmd|' /C calc'!A0,2000000\n2,0100000022,ນາງ ກ,-500000\n"
    )
    book = open_file("a.csv", text.encode())
    rows = read(book, recognise(find_table(book)))
    assert [(row.name, row.wage, row.note) for row in rows] == [
        ("=cmd|' /C calc'!A0", "2000000", "formula_text"),
        ("ນາງ ກ", "-500000", ""),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_tables_in_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    table = [["ບໍລິສັດ ແສງຕາເວັນ"], [], make.HEADER, *make.people(8)]
    text = "\r\n".join(delimiter.join(map(str, row)) for row in table)
    book = open_file("a.txt", text.encode(encoding))
    reading = read_all(book, recognise(find_table(book)))
    assert [[row.number, row.name, row.wage] for row in reading.rows] == [
        [number, name, str(wage)] for _, number, name, wage in make.people(8)
    ]
    assert reading.rows[0].wage_cell == "D4"


def test_thai_and_western_eight_bit_files_are_read() -> None:
    thai = open_file("a.csv", "name,wage\nสมชาย ใจดี,2000000\nสมหญิง ดีงาม,2100000\n".encode("cp874"))
    assert thai.encoding == "cp874" and thai.sheets[0].rows[1][1][0] == "สมชาย ใจดี"
    french = open_file("a.csv", "name,wage\nRené Élan,2000000\n".encode("cp1252"))
    assert french.encoding == "cp1252" and french.sheets[0].rows[1][1][0] == "René Élan"


def test_amounts_with_commas_do_not_pass_for_delimiters() -> None:
    text = "No;SSO no.;Name;Wage\n" + "".join(
        f"{i};01000000{i:02d};Khamla {i};1,{i:03d},000\n" for i in range(1, 20)
    )
    book = open_file("a.csv", text.encode())
    assert [row.wage for row in read(book, recognise(find_table(book)))][:2] == ["1,001,000", "1,002,000"]


def test_the_separator_line_of_excel_is_obeyed() -> None:
    book = open_file("a.csv", b"sep=;\nname;wage\nA, B;2000000\n")
    assert book.sheets[0].rows == [(2, ["name", "wage"]), (3, ["A, B", "2000000"])]
