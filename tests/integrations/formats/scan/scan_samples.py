"""Photos and PDF files, honest and hostile, made on the spot."""

import io
import secrets
import struct
import zlib

from PIL import Image, ImageDraw
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, StreamObject, TextStringObject

GPS = b"17.9757"


def page(width: int = 1200, height: int = 1600) -> Image.Image:
    """A paper with lines of print, as a camera sees it."""
    picture = Image.new("RGB", (width, height), (244, 242, 236))
    draw = ImageDraw.Draw(picture)
    for line in range(height // 20):
        draw.text((40, line * 20), f"{line} certificate of birth, three kilograms, a girl", fill=(30, 30, 40))
    return picture


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), secrets.token_bytes(width * height * 3))


def saved(picture: Image.Image, kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def with_place(picture: Image.Image, orientation: int = 1) -> bytes:
    """A JPEG as a phone writes it: where, when, by what, and a comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Telephone Maker"
    exif[0x010E] = GPS.decode()
    exif[0x8825] = {1: "N", 2: (17.0, 58.0, 32.5), 3: "E", 4: (102.0, 36.0, 12.0)}
    return saved(picture, "JPEG", quality=95, exif=exif, comment=b"taken at home")


def png_head(width: int, height: int, rows: int = 10) -> bytes:
    """A PNG whose head tells of a huge picture that shrinks to nothing: a bomb."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(rows * (width * 3 + 1)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def jpeg_told(content: bytes, width: int, height: int) -> bytes:
    """The same JPEG with other measures in its head."""
    place = content.index(b"\xff\xc0")
    return content[: place + 5] + struct.pack(">HH", height, width) + content[place + 9 :]


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf(pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    return written(writer)


def acting(kind: str, **more: str) -> bytes:
    """A PDF that does something when it is opened."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    facts = {NameObject(f"/{name}"): TextStringObject(text) for name, text in more.items()}
    act = DictionaryObject({NameObject("/S"): NameObject(f"/{kind}"), **facts})
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(act)
    return written(writer)


def pdf_with_file() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_attachment("a.exe", b"MZ")
    return written(writer)


def pdf_locked() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def pdf_with_hidden_script() -> bytes:
    """The script's dictionary stands in a compressed object stream: no plain byte of it is in the file."""
    inner = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
    body = b"9 0 " + inner
    packed = zlib.compress(body)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 9 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        4: b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(packed), packed),
    }
    out, places = b"%PDF-1.5\n", {}
    for number, text in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    rows = [struct.pack(">BIH", 0, 0, 65535)]
    rows += [struct.pack(">BIH", 1, places[number], 0) for number in range(1, 5)]
    rows += [struct.pack(">BIH", 0, 0, 0)] * 4 + [struct.pack(">BIH", 2, 4, 0)]
    rows += [struct.pack(">BIH", 1, len(out), 0)]
    table = zlib.compress(b"".join(rows))
    start = len(out)
    out += (
        b"10 0 obj\n<< /Type /XRef /Size 11 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode /Length %d >>\n"
        % len(table)
    )
    return out + b"stream\n" + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def pdf_bomb() -> bytes:
    """A page whose content unpacks to a gigabyte."""
    writer = PdfWriter()
    blank = writer.add_blank_page(595, 842)
    stream = StreamObject()
    stream._data = zlib.compress(zlib.compress(bytes(400_000_000), 9), 9)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    blank[NameObject("/Contents")] = writer._add_object(stream)
    return written(writer)


def pdf_of_objects(count: int) -> bytes:
    writer = PdfWriter()
    blank = writer.add_blank_page(595, 842)
    for number in range(count):
        one = DecodedStreamObject()
        one.set_data(b"x")
        blank[NameObject(f"/N{number}")] = writer._add_object(one)
    return written(writer)
