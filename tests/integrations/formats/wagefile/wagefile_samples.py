"""Makes wage files for the tests: honest and messy ones as employers send them, and hostile ones."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

GIVEN = ("ທ້າວ ບຸນມີ", "ນາງ ສຸພາພອນ", "ທ້າວ ສົມສັກ", "ນາງ ວັນນາ", "ທ້າວ ຄຳພູ", "ນາງ ດາວເຮືອງ")
FAMILY = ("ພົມມະຈັນ", "ແກ້ວມະນີ", "ວົງສາ", "ສີລາ", "ອິນທະວົງ")
CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def people(count: int) -> list[list[object]]:
    """Row number, security number, name, wage."""
    return [
        [
            i + 1,
            f"01{i * 7919 % 100_000_000:08d}",
            f"{GIVEN[i % 6]} {FAMILY[i % 5]}",
            1_600_000 + (i % 40) * 50_000,
        ]
        for i in range(count)
    ]


HEADER = ["ລ/ດ", "ລະຫັດປະກັນສັງຄົມ", "ຊື່ ແລະ ນາມສະກຸນ", "ເງິນເດືອນ (ກີບ)"]


def xlsx(*sheets: Sequence[Sequence[object]], names: Sequence[str] = (), hidden: Iterable[int] = ()) -> bytes:
    """Sheets of rows; a tuple (formula, result) makes a formula cell."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    for index, rows in enumerate(sheets):
        sheet = book.add_worksheet(names[index] if index < len(names) else None)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, tuple):
                    sheet.write_formula(r, c, value[0], None, value[1])
                elif value not in ("", None):
                    sheet.write(r, c, value)
        if index in set(hidden):
            sheet.hide()
    book.close()
    return buffer.getvalue()


def ods(
    rows: Sequence[Sequence[object]], sheet: str = "ເງິນເດືອນ", tail: str = "", body: str | None = None
) -> bytes:
    """A small OpenDocument table; `tail` is raw XML after the rows."""
    if body is None:
        body = "".join(
            f"<table:table-row>{''.join(_ods_cell(value) for value in row)}</table:table-row>" for row in rows
        )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">'
        f"<office:body><office:spreadsheet><table:table table:name={quoteattr(sheet)}>{body}{tail}"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content,
        "META-INF/manifest.xml": manifest,
    }
    return packed(parts)


def _ods_cell(value: object) -> str:
    if value in ("", None):
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


def packed(parts: dict[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def bare_xlsx(sheet_data: str, **extra: str | bytes) -> bytes:
    """An xlsx by hand: raw rows for sheet1, further parts by name ('/' written as '__')."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES.replace(
            "</Types>",
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'spreadsheetml.sheet.main+xml"/></Types>',
        ),
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{OFFICE_RELS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE_RELS}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" '
        f'Type="{OFFICE_RELS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{sheet_data}'
        "</sheetData></worksheet>",
    }
    parts |= {name.replace("__", "/"): data for name, data in extra.items()}
    return packed(parts)


def with_parts(content: bytes, parts: dict[str, str | bytes]) -> bytes:
    """A copy of a zip with parts added or replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        old: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return packed(old | parts)


def with_doubled_part(content: bytes, name: str) -> bytes:
    """A zip that holds one name twice, so that two readers may see two different tables."""
    buffer = io.BytesIO(content)
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(name, "<worksheet/>")
    return buffer.getvalue()


def encrypted(content: bytes, password: str = "secret") -> bytes:
    """The same xlsx, protected by a password as Office does it."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, out)
    return out.getvalue()


def lying_bomb(megabytes: int) -> bytes:
    """A zip whose directory says 1,000 bytes while the part unpacks to many megabytes."""
    name = b"xl/worksheets/sheet9.xml"
    data = b" " * (megabytes * 1024 * 1024)
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflater.compress(data) + deflater.flush()
    honest = xlsx(people(3))
    parts = zipfile.ZipFile(io.BytesIO(honest))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in parts.infolist():
            archive.writestr(entry.filename, parts.read(entry))
        archive.writestr(name.decode(), data)
    whole = bytearray(buffer.getvalue())
    size = struct.pack("<L", len(data))
    for position in (whole.find(name) - 30 + 22, whole.rfind(name) - 46 + 24):
        assert whole[position : position + 4] == size
        whole[position : position + 4] = struct.pack("<L", 1000)
    assert len(body) < len(whole)
    return bytes(whole)


def xls(rows: Sequence[Sequence[object]], sheet: str = "Wages", extra_streams: Sequence[str] = ()) -> bytes:
    """An old BIFF8 workbook: number and label cells in one OLE container."""
    bof = _record(0x0809, struct.pack("<HHHHLL", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    eof = _record(0x000A, b"")
    name = sheet.encode("utf-16-le")
    codepage = _record(0x0042, struct.pack("<H", 1200))
    bound_size = 4 + 6 + 2 + len(name)
    offset = len(bof) + len(codepage) + bound_size + len(eof)
    bound = _record(0x0085, struct.pack("<LBBBB", offset, 0, 0, len(sheet), 1) + name)
    body = _record(0x0809, struct.pack("<HHHHLL", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    width = max(len(row) for row in rows)
    body += _record(0x0200, struct.pack("<LLHHH", 0, len(rows), 0, width, 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, int | float):
                body += _record(0x0203, struct.pack("<HHHd", r, c, 0, value))
            elif value:
                text = str(value)
                body += _record(
                    0x0204, struct.pack("<HHHHB", r, c, 0, len(text), 1) + text.encode("utf-16-le")
                )
    return ole({"Workbook": bof + codepage + bound + eof + body + eof} | dict.fromkeys(extra_streams, b"x"))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file with these streams, each padded to the size that keeps it out of the mini stream.

    Directory and chains stand before the data, so a cut file has lost data only.
    """
    sector, end, free, fat_mark = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    padded = [
        content.ljust(max(4096, -(-len(content) // sector) * sector), b"\0") for content in streams.values()
    ]
    counts = [len(content) // sector for content in padded]
    directory_count = -(-(len(streams) + 1) // 4)
    fat_count = 1
    while fat_count * 128 < directory_count + fat_count + sum(counts):
        fat_count += 1
    chains = [*range(1, directory_count), end] + [fat_mark] * fat_count
    entries = [_entry("Root Entry", 5, end, 0, child=1)]
    for index, (name, content, count) in enumerate(zip(streams, padded, counts, strict=True)):
        start = len(chains)
        chains += [*range(start + 1, start + count), end]
        right = index + 2 if index + 1 < len(streams) else free
        entries.append(_entry(name, 2, start, len(content), right=right))
    while len(entries) % 4:
        entries.append(bytes(68) + struct.pack("<LLL", free, free, free) + bytes(48))
    fat = struct.pack(f"<{len(chains)}L", *chains).ljust(fat_count * sector, b"\xff")
    difat = [directory_count + i for i in range(fat_count)] + [free] * (109 - fat_count)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xLLLLLLLLL", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_count, 0, 0, 4096, end, 0, end, 0
    )
    return header + struct.pack("<109L", *difat) + b"".join(entries) + fat + b"".join(padded)


def _entry(
    name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF
) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBBLLL", len(text), kind, 1, 0xFFFFFFFF, right, child)
    return head + bytes(36) + struct.pack("<LQ", start, size)
