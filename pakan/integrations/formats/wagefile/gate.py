"""The gate: what a file is, measured before anything opens it."""

import io
import re
import zipfile
import zlib
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

import msoffcrypto
import olefile  # type: ignore[import-untyped]

from .plaintext import decode
from .refusal import MESSAGES, FileRefused

__all__ = ["MESSAGES", "FileRefused", "Kind", "examine"]

MEGABYTE: Final = 1024 * 1024
MAX_FILE: Final = 5 * MEGABYTE
MAX_UNPACKED: Final = 100 * MEGABYTE
MAX_RATIO: Final = 100
MAX_PARTS: Final = 200
# A small part of spaces may shrink a thousandfold and harm nobody; the ratio counts above this size.
_RATIO_FROM: Final = MEGABYTE
_CHUNK: Final = 256 * 1024
_OVERLAP: Final = 2048

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_ENDINGS: Final = {"xlsx": "xlsx", "xls": "xls", "ods": "ods", "csv": "csv", "tsv": "csv", "txt": "csv"}
_FOREIGN: Final = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"RIFF", "RIFF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"{\\rtf", "RTF"),
    (b"SQLite format 3", "SQLite"),
)
_MARKUP: Final = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta", b"<script", b"<svg")
_PICTURES: Final = frozenset(
    {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tiff", ".wdp", ".bin"}
)
_INNER_FILES: Final = frozenset({".zip", ".xlsx", ".xlsm", ".docx", ".pptx", ".ods", ".odt", ".jar", ".exe"})


class Kind(StrEnum):
    """What the content is, by its bytes and not only by its name."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


def examine(filename: str, content: bytes) -> Kind:
    """The kind of a file that may be opened. Raises FileRefused otherwise."""
    if not content.strip():
        raise FileRefused("empty")
    if len(content) > MAX_FILE:
        raise FileRefused("too_large", limit=MAX_FILE // MEGABYTE)
    ending = PurePosixPath(filename.replace("\\", "/")).suffix.lower().removeprefix(".")
    kind = _kind_of(content)
    if ending in {"xlsm", "xlsb", "xltm", "xlam", "xla"}:
        raise FileRefused("macros")
    if _ENDINGS.get(ending) != kind:
        raise FileRefused("wrong_type", found=f"{kind.value} (.{ending})" if ending else kind.value)
    return kind


def _kind_of(content: bytes) -> Kind:
    if content.startswith(_OLE):
        return _examine_ole(content)
    if content.startswith(b"PK"):
        return _examine_zip(content)
    return _examine_text(content)


def _examine_text(content: bytes) -> Kind:
    for magic, name in _FOREIGN:
        # Two-letter marks such as BM and MZ may begin an honest text; they count only before binary content.
        if content.startswith(magic) and (len(magic) > 2 or decode(content) is None):
            raise FileRefused("wrong_type", found=name)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise FileRefused("wrong_type", found="HTML/XML")
    decoded = decode(content)
    if decoded is None:
        raise FileRefused("wrong_type", found="data")
    if not decoded[0].strip():
        raise FileRefused("empty")
    return Kind.CSV


def _examine_ole(content: bytes) -> Kind:
    """Old .xls and every encrypted Office file share one magic; their streams tell them apart."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            names = {"/".join(entry).lower() for entry in ole.listdir(streams=True, storages=True)}
            cut = any(
                ole.exists(name) and len(ole.openstream(name).read()) < ole.get_size(name)
                for name in ("Workbook", "Book")
            )
        if cut:  # the library fills what is missing in silence
            raise FileRefused("broken")
        if "encryptedpackage" in names or "encryptioninfo" in names:
            raise FileRefused("password")
        if not names & {"workbook", "book"}:
            raise FileRefused("wrong_type", found="Word" if "worddocument" in names else "OLE")
        if any(name.split("/")[0] in {"_vba_project_cur", "macros"} for name in names):
            raise FileRefused("macros")
        if "workbook" in names and msoffcrypto.OfficeFile(io.BytesIO(content)).is_encrypted():  # type: ignore[no-untyped-call]
            raise FileRefused("password")
    except FileRefused:
        raise
    except Exception as fault:  # both libraries raise whatever the broken bytes lead them to
        raise FileRefused("broken") from fault
    return Kind.XLS


def _examine_zip(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.comment:  # behind a comment a second directory can hide, and readers would disagree
                raise FileRefused("broken")
            entries = archive.infolist()
            _examine_names(entries)
            _examine_declared_sizes(entries, len(content))
            kind = _kind_by_parts({entry.filename for entry in entries}, archive)
            _inflate_all(archive, entries, len(content))
            return kind
    except FileRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError) as fault:
        raise FileRefused("broken") from fault
    except (NotImplementedError, RuntimeError, OverflowError) as fault:  # odd compression, odd flags
        raise FileRefused("broken") from fault
    except Exception as fault:  # struct.error and friends from a forged directory
        raise FileRefused("broken") from fault


def _examine_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS:
        raise FileRefused("too_many_parts", limit=MAX_PARTS)
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        parts = name.split("/")
        if name.startswith("/") or "\\" in name or ":" in parts[0] or ".." in parts or not name.isprintable():
            raise FileRefused("unsafe_names")
        if name.casefold() in seen:
            raise FileRefused("duplicate_parts")
        seen.add(name.casefold())
        if entry.flag_bits & 0x1:
            raise FileRefused("password")
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise FileRefused("broken")


def _examine_declared_sizes(entries: list[zipfile.ZipInfo], packed: int) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED or (total > _RATIO_FROM and total > MAX_RATIO * packed):
        raise FileRefused("zip_bomb")
    for entry in entries:
        if entry.file_size > _RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise FileRefused("zip_bomb")


def _kind_by_parts(names: set[str], archive: zipfile.ZipFile) -> Kind:
    lower = {name.casefold() for name in names}
    if any(name.endswith(("vbaproject.bin", "vbadata.xml", "workbook.bin")) for name in lower):
        raise FileRefused("macros")
    if any(name.startswith(("basic/", "scripts/", "xl/macrosheets/")) for name in lower):
        raise FileRefused("macros")
    if any(name.startswith(("xl/externallinks/", "xl/querytables/")) for name in lower):
        raise FileRefused("external_links")
    if "xl/connections.xml" in lower:
        raise FileRefused("external_links")
    if any(PurePosixPath(name).suffix in _INNER_FILES or "embeddings/" in name for name in lower):
        raise FileRefused("nested_file")
    if "[content_types].xml" in lower and "xl/workbook.xml" in lower:
        return Kind.XLSX
    if "mimetype" in names and "content.xml" in names:
        with archive.open("mimetype") as part:
            mimetype = part.read(200).strip()
        if mimetype == b"application/vnd.oasis.opendocument.spreadsheet":
            return Kind.ODS
        raise FileRefused("wrong_type", found="OpenDocument")
    for folder, found in (("word/", "Word"), ("ppt/", "PowerPoint")):
        if any(name.startswith(folder) for name in lower):
            raise FileRefused("wrong_type", found=found)
    raise FileRefused("wrong_type", found="zip")


def _inflate_all(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Directories lie, so every part is unpacked in small pieces, counted, and looked at."""
    total = 0
    for entry in entries:
        suffix = PurePosixPath(entry.filename.casefold()).suffix
        tail = b""
        with archive.open(entry) as part:
            while chunk := part.read(_CHUNK):
                total += len(chunk)
                if total > MAX_UNPACKED or (total > _RATIO_FROM and total > MAX_RATIO * packed):
                    raise FileRefused("zip_bomb")
                if not tail and chunk.startswith((_ZIP, _OLE)):
                    raise FileRefused("nested_file")
                if suffix not in _PICTURES:
                    _examine_markup(entry.filename, tail + chunk)
                tail = chunk[-_OVERLAP:]


def _examine_markup(name: str, text: bytes) -> None:
    """No document type, no entity, no tie to the outside. Zero bytes go, so that UTF-16 hides nothing."""
    if b"\0" in text:
        text = text.replace(b"\0", b"")
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise FileRefused("entities")
    if name == "META-INF/manifest.xml" and b"encryption-data" in text:
        raise FileRefused("password")
    if name == "[Content_Types].xml" and (b"macroEnabled" in text or b"vbaProject" in text):
        raise FileRefused("macros")
    if name.endswith(".rels"):
        _examine_relations(text)
    if name == "content.xml" and (b"<table:table-source" in text or b"<office:dde-source" in text):
        raise FileRefused("external_links")


def _examine_relations(text: bytes) -> None:
    """A hyperlink is only text to us; anything else that points outside would be fetched by a reader."""
    for relation in re.split(rb"Relationship\s", text)[1:]:
        head = relation.split(b">", 1)[0].lower().replace(b"'", b'"')
        if b'"external"' in head and b"/hyperlink" not in head:
            raise FileRefused("external_links")
