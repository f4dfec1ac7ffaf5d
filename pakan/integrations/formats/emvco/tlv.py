"""Tag, length, value: two digits, two digits, text; and the checksum at the end of a code."""

import re
from collections.abc import Iterable

_HEAD = re.compile(r"(\d{2})(\d{2})", re.ASCII)


class Malformed(ValueError):
    """The text is not a row of tags. `code`: cut, repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE over the UTF-8 of `text`, four upper-case hex digits ('123456789' -> '29B1')."""
    value = 0xFFFF
    for byte in text.encode():
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return f"{value:04X}"


def join(fields: Iterable[tuple[str, str]]) -> str:
    """The fields as text, in the order given, without empty ones. Lengths count characters, not bytes."""
    return "".join(f"{tag}{len(value):02d}{value}" for tag, value in fields if value)


def split(text: str) -> dict[str, str]:
    """Tag -> value, in the order written. Raises Malformed when a length lies or a tag comes twice."""
    fields: dict[str, str] = {}
    at = 0
    while at < len(text):
        head = _HEAD.match(text, at)
        if not head:
            raise Malformed("cut")
        start, end = head.end(), head.end() + int(head[2])
        if end > len(text):
            raise Malformed("cut")
        if head[1] in fields:
            raise Malformed("repeated")
        fields[head[1]] = text[start:end]
        at = end
    return fields
