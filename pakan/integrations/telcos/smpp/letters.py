"""Texts as octets of a short message: the default alphabet of GSM or UCS-2, alone or in parts.

How parts are told to belong together differs by centre: a header in the text (`udh`), tagged fields (`sar`), or the
whole text as one payload that the centre cuts itself (`payload`).
"""

from dataclasses import dataclass, field
from typing import Literal

from pakan.integrations.telcos.parts import split
from pakan.integrations.telcos.smpp.pdu import PAYLOAD, SAR_NUMBER, SAR_REFERENCE, SAR_TOTAL, Pdu

Way = Literal["udh", "sar", "payload"]
DEFAULT_ALPHABET, LATIN_1, UCS2 = 0, 3, 8
HAS_HEADER = 0x40  # esm_class: the text begins with a user data header

_TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_SECOND = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
_ESCAPE = 0x1B
_TO = {letter: bytes([at]) for at, letter in enumerate(_TABLE)} | {
    letter: bytes([_ESCAPE, at]) for letter, at in _SECOND.items()
}
_FROM_SECOND = {at: letter for letter, at in _SECOND.items()}


@dataclass(frozen=True)
class Piece:
    """The fields of one submit_sm that carry text."""

    data_coding: int
    short_message: bytes
    esm_class: int = 0
    tagged: dict[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """Text that came in; `reference`, `total` and `number` where it is one part of several (total 1: alone)."""

    text: str
    reference: int = 0
    total: int = 1
    number: int = 1


def gsm(text: str) -> bytes:
    """One septet an octet, as centres take it. Raises KeyError for a letter that the alphabet does not have."""
    return b"".join(_TO[letter] for letter in text)


def from_gsm(octets: bytes) -> str:
    """A septet that is none is a question mark; a lonely escape is a space, as telephones show it."""
    said, at = [], 0
    while at < len(octets):
        one = octets[at]
        if one == _ESCAPE:
            at += 1
            said.append(_FROM_SECOND.get(octets[at], " ") if at < len(octets) else " ")
        else:
            said.append(_TABLE[one] if one < len(_TABLE) else "?")
        at += 1
    return "".join(said)


def pieces(text: str, reference: int, way: Way = "udh") -> list[Piece]:
    """The text as the submits that carry it; `reference` (0 to 255) holds the parts together."""
    cut = split(text)
    coding, write = (
        (DEFAULT_ALPHABET, gsm) if cut.alphabet == "gsm7" else (UCS2, lambda part: part.encode("utf-16-be"))
    )
    if cut.count == 1:
        return [Piece(coding, write(text))]
    if way == "payload":
        return [Piece(coding, b"", tagged={PAYLOAD: write(text)})]
    found = []
    for number, part in enumerate(cut.parts, 1):
        if way == "udh":
            header = bytes([5, 0, 3, reference, cut.count, number])
            found.append(Piece(coding, header + write(part), HAS_HEADER))
        else:
            tags = {
                SAR_REFERENCE: reference.to_bytes(2, "big"), SAR_TOTAL: bytes([cut.count]), SAR_NUMBER: bytes([number])
            }  # fmt: skip
            found.append(Piece(coding, write(part), tagged=tags))
    return found


def read(pdu: Pdu) -> Found:
    """The text of a submit_sm or deliver_sm; what cannot be read becomes replacement letters, never an error."""
    octets, place = pdu.message, (0, 1, 1)
    if pdu.number("esm_class") & HAS_HEADER and octets:
        place, octets = _header(octets)
    elif SAR_TOTAL in pdu.tagged:
        place = (
            int.from_bytes(pdu.tagged.get(SAR_REFERENCE, b"")), int.from_bytes(pdu.tagged[SAR_TOTAL]),
            int.from_bytes(pdu.tagged.get(SAR_NUMBER, b"\1")),
        )  # fmt: skip
    coding = pdu.number("data_coding")
    if coding == UCS2:
        text = octets.decode("utf-16-be", "replace")
    elif coding == LATIN_1:
        text = octets.decode("latin-1")
    else:
        text = from_gsm(octets)
    return Found(text, *place)


def _header(octets: bytes) -> tuple[tuple[int, int, int], bytes]:
    """Reference, total, number out of a user data header (8 or 16 bit reference), and the text behind it."""
    end = 1 + octets[0]
    at, place = 1, (0, 1, 1)
    while at + 1 < min(end, len(octets)):
        kind, size = octets[at], octets[at + 1]
        value = octets[at + 2 : at + 2 + size]
        if (kind, len(value)) in ((0, 3), (8, 4)):
            place = (int.from_bytes(value[:-2]), value[-2], value[-1])
        at += 2 + size
    return place, octets[end:]
