"""A PDF that may be kept as it came: no password, no program, no file inside. Runs in the child process only.

Looked at twice: the objects as a reader finds them, and the bytes as they stand, for a reader that mends a broken
file may find objects that this one does not.
"""

import io
import re
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import PdfReadError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

MAX_PAGES: Final = 30
MAX_OBJECTS: Final = 20_000
# Names of what runs, starts, plays, sends, or carries a file (ISO 32000-2, 12.6 and 7.11.4).
ACTIVE: Final = {
    f"/{name}"
    for name in (
        "JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "GoToR", "GoToE",
        "SubmitForm", "ImportData", "XFA", "Rendition", "Movie", "Sound",
    )
}  # fmt: skip
_NAME: Final = re.compile(rb"/([A-Za-z0-9#]{2,60})")
_HEX: Final = re.compile(rb"#([0-9A-Fa-f]{2})")


class Refused(Exception):
    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def check(content: bytes) -> int:
    """The number of pages. Raises Refused, or whatever the library does for broken bytes."""
    if b"%%EOF" not in content[-2048:]:
        raise Refused("broken")
    _bytes(content)
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise Refused("password")
    _objects(reader)
    pages = len(reader.pages)
    if not pages:
        raise Refused("broken")
    if pages > MAX_PAGES:
        raise Refused("too_many_pages", limit=MAX_PAGES)
    return pages


def _bytes(content: bytes) -> None:
    """Names as they stand outside of compressed parts; '/J#53' is a way to write '/JS'."""
    outside = re.sub(rb"\bstream\r?\n.*?\bendstream\b", b" ", content, flags=re.DOTALL)
    for found in _NAME.finditer(outside):
        name = _HEX.sub(lambda code: bytes([int(code[1], 16)]), found[1])
        if "/" + name.decode("latin-1") in ACTIVE:
            raise Refused("active")


def _objects(reader: PdfReader) -> None:
    """Everything that can be reached from the trailer, compressed objects too."""
    seen: set[int] = set()
    waiting: list[Any] = [reader.trailer]
    count = 0
    while waiting:
        one = waiting.pop()
        count += 1
        if count > MAX_OBJECTS:
            raise Refused("too_heavy")
        if isinstance(one, IndirectObject):
            if one.idnum in seen:
                continue
            seen.add(one.idnum)
            one = _found(one)
        if isinstance(one, DictionaryObject | StreamObject):
            _names(one)
            waiting += [dict.__getitem__(one, key) for key in one]
        elif isinstance(one, ArrayObject):
            waiting += [list.__getitem__(one, place) for place in range(len(one))]


def _found(reference: IndirectObject) -> Any:
    try:
        return reference.get_object()
    except PdfReadError as fault:
        raise Refused("broken") from fault


def _names(one: DictionaryObject) -> None:
    for key in one:
        value = dict.__getitem__(one, key)
        # Actions that a page or field starts by itself; elsewhere two letters may name a font.
        starts = key == "/AA" and isinstance(value, DictionaryObject | IndirectObject) and "/Type" in one
        if starts or str(key) in ACTIVE or (str(key) in {"/S", "/Type", "/Subtype"} and str(value) in ACTIVE):
            raise Refused("active")
