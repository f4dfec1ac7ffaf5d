"""Encoding and delimiter of a text table, sniffed; used at the gate and in the child."""

import csv
import io
import re
from collections import Counter
from typing import Final

DELIMITERS: Final = ("\t", ";", "|", ",")
_SAMPLE_LINES: Final = 100
_THAI_RUN: Final = re.compile("[\u0e01-\u0e5b]{3,}")
# Control characters that no text table holds; tab, line feed, form feed and carriage return are fine.
_CONTROLS: Final = frozenset(chr(code) for code in (*range(9), 11, *range(14, 32), 127)) - {"\x1a"}


def decode(content: bytes) -> tuple[str, str] | None:
    """(text, encoding), or None when the bytes are not text.

    Lao has no legacy code page in use; old 8-bit files come from Thai (cp874) or Western (cp1252) Windows.
    """
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROLS.isdisjoint(text) and (encoding != "cp874" or _mostly_thai(text)):
            return text.removeprefix("\ufeff"), encoding
    return None


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith(b"\xef\xbb\xbf"):
        return ("utf-8-sig",)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if b"\0" in content[:4000]:  # UTF-16 without a mark: the zero bytes stand at one side only
        sample = content[:4000]
        little = sample[1::2].count(0) >= sample[0::2].count(0)
        return ("utf-16-le",) if little else ("utf-16-be",)
    return ("utf-8", "cp874", "cp1252")


def _mostly_thai(text: str) -> bool:
    """Thai letters come in runs; the accents of Western names stand alone."""
    high = sum(letter > "\x7f" for letter in text)
    return sum(map(len, _THAI_RUN.findall(text))) > 0.6 * high


def delimiter_of(text: str) -> str:
    """The delimiter that cuts most lines into the same number of fields. Excel's own `sep=` line decides."""
    first = text[:20].splitlines()[:1]
    if first and first[0].lower().startswith("sep=") and len(first[0]) == 5:
        return first[0][4]
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:_SAMPLE_LINES]
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> tuple[float, int]:
    """Title and total rows are uneven: the score is the share of lines of the commonest width above one."""
    rows = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter)
    try:
        widths = Counter(len(row) for row in rows)
    except csv.Error:
        return (0.0, 0)
    widths.pop(1, None)
    if not widths:
        return (0.0, 0)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (round(count / len(lines), 1), width)
