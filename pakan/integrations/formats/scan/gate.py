"""The gate: what a file is by its bytes, before anything opens it."""

import functools
import tomllib
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final

MEGABYTE: Final = 1024 * 1024
MAX_FILE: Final = 8 * MEGABYTE


class Kind(StrEnum):
    """The three kinds that are taken. SVG and HTML never are: they can carry a program."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


_MAGIC: Final = ((b"\xff\xd8\xff", Kind.JPEG), (b"\x89PNG\r\n\x1a\n", Kind.PNG), (b"%PDF-", Kind.PDF))
_ENDINGS: Final = {
    ".jpg": Kind.JPEG,
    ".jpeg": Kind.JPEG,
    ".jfif": Kind.JPEG,
    ".png": Kind.PNG,
    ".pdf": Kind.PDF,
}
# What a browser says when it does not know: then only the bytes count.
_UNSAID: Final = frozenset({"", "application/octet-stream"})


class PaperRefused(Exception):
    """The paper is not taken; `lo` and `en` say why, and what to do."""

    def __init__(self, code: str, **params: str | int) -> None:
        words = _words()[code]
        self.code = code
        self.lo, self.en = words["lo"].format(**params), words["en"].format(**params)
        super().__init__(self.en)


@functools.cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def examine(name: str, media_type: str, content: bytes) -> Kind:
    """The kind of a file that may be opened. Raises PaperRefused: name, told type and bytes must agree."""
    if not content.strip(b"\0 \t\r\n"):
        raise PaperRefused("empty")
    if len(content) > MAX_FILE:
        raise PaperRefused("too_large", limit=MAX_FILE // MEGABYTE)
    kind = next((kind for magic, kind in _MAGIC if content.startswith(magic)), None)
    if kind is None:
        raise PaperRefused("not_a_paper")
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if ending and _ENDINGS.get(ending) != kind:
        raise PaperRefused("wrong_name", told=ending[1:8].upper(), found=kind.name)
    told = media_type.split(";")[0].strip().lower().replace("image/jpg", Kind.JPEG)
    if told not in _UNSAID and told != kind:
        raise PaperRefused("wrong_name", told=told[:40], found=kind.name)
    return kind
