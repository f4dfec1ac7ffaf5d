"""Every hostile file is refused with its own code before anything opens it."""

import zipfile

import pytest
import wagefile_samples as make

from pakan.integrations.formats.wagefile.gate import MAX_FILE, Kind, examine
from pakan.integrations.formats.wagefile.refusal import MESSAGES, FileRefused

ROWS = [make.HEADER, *make.people(4)]
HONEST = make.xlsx(ROWS)
EXTERNAL = (
    f'<Relationships xmlns="{make.RELS}"><Relationship Id="r" Type="{make.OFFICE_RELS}/%s" '
    'Target="http://example.com/x" TargetMode="External"/></Relationships>'
)


def refusal(filename: str, content: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        examine(filename, content)
    for language in ("lo", "en"):
        assert "{" not in caught.value.message(language)
    return caught.value.code


@pytest.mark.parametrize(
    ("filename", "content", "kind"),
    [
        ("wages.xlsx", HONEST, Kind.XLSX),
        ("ເງິນເດືອນ.XLSX", HONEST, Kind.XLSX),
        ("wages.xls", make.xls(ROWS), Kind.XLS),
        ("wages.ods", make.ods(ROWS), Kind.ODS),
        ("wages.csv", "ຊື່,ເງິນເດືອນ\nກ,1\n".encode(), Kind.CSV),
        ("wages.tsv", b"name\twage\na\t1\n", Kind.CSV),
        ("wages.txt", "name;wage\nກ;1\n".encode("utf-16"), Kind.CSV),
        ("BM.csv", b"BM,wage\na,1\n", Kind.CSV),
    ],
)
def test_honest_files_pass(filename: str, content: bytes, kind: Kind) -> None:
    assert examine(filename, content) is kind


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("a.pdf", b"%PDF-1.7\n..."),
        ("a.xlsx", b"%PDF-1.7\n..."),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0"),
        ("a.csv", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>"),
        ("a.xls", b"\xef\xbb\xbf <?xml version='1.0'?><Workbook/>"),
        ("a.csv", b"name\0\x01\x02\xff\xfe,1\n\0\0"),
        ("a.docx", make.packed({"[Content_Types].xml": "x", "word/document.xml": "x"})),
        ("a.xlsx", make.packed({"[Content_Types].xml": "x", "word/document.xml": "x"})),
        ("a.xlsx", make.packed({"hello.txt": "x"})),
        (
            "a.ods",
            make.packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
        ),
        ("a.xls", make.ole({"WordDocument": b"x"})),
        ("a.csv", HONEST),
        ("a.xls", HONEST),
        ("a.xlsx", b"name,wage\na,1\n"),
        ("noending", HONEST),
        ("a.exe", b"MZ\x90\0\x03\0\0\0"),
    ],
)
def test_wrong_types_are_refused(filename: str, content: bytes) -> None:
    assert refusal(filename, content) == "wrong_type"


@pytest.mark.parametrize("content", [b"", b" \r\n\t ", b"\xef\xbb\xbf\n"])
def test_empty_files_are_refused(content: bytes) -> None:
    assert refusal("a.csv", content) == "empty"


def test_abuse_A26_large_files_are_refused_unseen() -> None:
    assert refusal("a.csv", b"a,1\n" * (MAX_FILE // 4 + 1)) == "too_large"


def test_abuse_A26_passwords_are_told_from_old_workbooks() -> None:
    assert refusal("a.xlsx", make.encrypted(HONEST)) == "password"
    assert refusal("a.xls", make.encrypted(HONEST)) == "password"
    manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    assert (
        refusal("a.ods", make.with_parts(make.ods(ROWS), {"META-INF/manifest.xml": manifest})) == "password"
    )


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("a.xlsx", make.with_parts(HONEST, {"xl/vbaProject.bin": b"\0"})),
        ("a.xlsx", make.with_parts(HONEST, {"XL/VBAPROJECT.BIN": b"\0"})),
        ("a.xlsm", HONEST),
        ("a.xlsb", make.packed({"[Content_Types].xml": "x", "xl/workbook.bin": b"\0"})),
        ("a.xlsx", make.with_parts(HONEST, {"xl/macrosheets/sheet1.xml": "<x/>"})),
        (
            "a.xlsx",
            make.with_parts(
                HONEST, {"[Content_Types].xml": "<Types>application/vnd.ms-excel.sheet.macroEnabled</Types>"}
            ),
        ),
        ("a.xls", make.xls(ROWS, extra_streams=["_VBA_PROJECT_CUR"])),
        ("a.ods", make.with_parts(make.ods(ROWS), {"Basic/Standard/Module1.xml": "<x/>"})),
    ],
)
def test_abuse_A26_macros_are_refused(filename: str, content: bytes) -> None:
    assert refusal(filename, content) == "macros"


def test_abuse_A26_bombs_are_refused() -> None:
    many = {f"xl/media/{i}.xml": b"<a/>" for i in range(200)}
    spaces = make.with_parts(HONEST, {"xl/worksheets/sheet2.xml": b" " * 90_000_000})
    assert refusal("a.xlsx", spaces) == "zip_bomb"
    huge = make.with_parts(HONEST, {f"xl/worksheets/s{i}.xml": b" " * 30_000_000 for i in range(4)})
    assert refusal("a.xlsx", huge) == "zip_bomb"
    assert refusal("a.xlsx", make.with_parts(HONEST, many)) == "too_many_parts"


def test_abuse_A26_a_lying_directory_is_found_by_inflating() -> None:
    assert refusal("a.xlsx", make.lying_bomb(20)) == "broken"


@pytest.mark.parametrize("name", ["xl/embeddings/inner.xlsx", "xl/media/image1.png", "xl/inner.zip"])
def test_abuse_A26_files_inside_the_file_are_refused(name: str) -> None:
    assert refusal("a.xlsx", make.with_parts(HONEST, {name: HONEST})) == "nested_file"


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/externalLinks/externalLink1.xml": "<externalLink/>"},
        {"xl/connections.xml": "<connections/>"},
        {"xl/worksheets/_rels/sheet1.xml.rels": EXTERNAL % "oleObject"},
        {
            "xl/worksheets/_rels/sheet1.xml.rels": (EXTERNAL % "image").replace(
                "<Relationship ", "<Relationship\n"
            )
        },
    ],
)
def test_abuse_A26_ties_to_the_outside_are_refused(parts: dict[str, str | bytes]) -> None:
    assert refusal("a.xlsx", make.with_parts(HONEST, parts)) == "external_links"


def test_a_typed_web_address_is_no_tie() -> None:
    parts: dict[str, str | bytes] = {"xl/worksheets/_rels/sheet1.xml.rels": EXTERNAL % "hyperlink"}
    assert examine("a.xlsx", make.with_parts(HONEST, parts)) is Kind.XLSX


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet>&f;</worksheet>'


@pytest.mark.parametrize("text", [LAUGHS, XXE, "<!DOCTYPE x SYSTEM 'http://example.com/x.dtd'><worksheet/>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "docProps/custom.xml", "xl/hidden.dat"])
def test_abuse_A26_entities_are_refused(text: str, encoding: str, part: str) -> None:
    assert refusal("a.xlsx", make.with_parts(HONEST, {part: text.encode(encoding)})) == "entities"


def test_abuse_A26_entities_across_the_border_of_two_pieces_are_seen() -> None:
    filler = b"<!--" + bytes(range(97, 123)) * 10_000
    for shift in range(0, 12, 3):
        padded = (filler[: 256 * 1024 - 6 - shift - 3] + b"-->" + LAUGHS.encode()).ljust(300_000)
        content = make.with_parts(HONEST, {"xl/styles.xml": padded})
        assert refusal("a.xlsx", content) == "entities"


def test_abuse_A20_a_workbook_cut_anywhere_is_broken() -> None:
    for place in range(30, len(HONEST), len(HONEST) // 40):
        assert refusal("a.xlsx", HONEST[:place]) == "broken"
    for filename, content in (("a.xls", make.xls(ROWS)), ("a.ods", make.ods(ROWS))):
        for place in range(30, len(content), len(content) // 20):
            assert refusal(filename, content[:place]) == "broken"


def test_abuse_A20_an_old_workbook_whose_wages_were_cut_off_is_broken() -> None:
    whole = make.xls([make.HEADER, *make.people(400)])
    assert examine("a.xls", whole) is Kind.XLS
    for sectors in (1, 5, 20):
        assert refusal("a.xls", whole[: -512 * sectors]) == "broken"


def test_abuse_A26_two_parts_of_one_name_are_refused() -> None:
    assert refusal("a.xlsx", make.with_doubled_part(HONEST, "xl/worksheets/sheet1.xml")) == "duplicate_parts"
    assert refusal("a.xlsx", make.with_parts(HONEST, {"XL/workbook.xml": b"<x/>"})) == "duplicate_parts"


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "xl\\..\\x.xml", "C:/x.xml", "xl/a\x01.xml"]
)
def test_abuse_A26_names_that_lead_outside_are_refused(name: str) -> None:
    assert refusal("a.xlsx", make.with_parts(HONEST, {name: b"<x/>"})) == "unsafe_names"


def test_a_comment_that_could_hide_a_second_directory_is_refused(tmp_path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(HONEST)
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"PK\x05\x06 hidden"
    assert refusal("a.xlsx", path.read_bytes()) == "broken"


def test_every_code_speaks_both_languages() -> None:
    for code, texts in MESSAGES.items():
        assert set(texts) == {"lo", "en"}, code
        assert any("\u0e81" <= letter <= "\u0edf" for letter in texts["lo"]), code
        places = [sorted(part.split("}")[0] for part in text.split("{")[1:]) for text in texts.values()]
        assert places[0] == places[1], code
