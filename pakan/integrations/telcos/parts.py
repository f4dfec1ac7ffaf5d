"""How many text messages a text is, which is what it costs.

One Lao letter turns the whole text into UCS-2, where 70 units fit and every mark and tone sign counts.
"""

import re
from dataclasses import dataclass
from typing import Literal

_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These stand on a second table, behind an escape: two septets, which must stay together.
_GSM_DOUBLE = set("^{}\\[]~|€\f")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_REPLACED = str.maketrans(
    {"₭": "LAK", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "`": "'", "\t": " ", "ç": "c",
     "…": "...", "\u00a0": " "}
)  # fmt: skip
_LAO = re.compile("[\u0e80-\u0eff]")


@dataclass(frozen=True, slots=True)
class Parts:
    """`units` are septets (gsm7) or UTF-16 units (ucs2)."""

    alphabet: Literal["gsm7", "ucs2"]
    units: int
    parts: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.parts)


def tidy(text: str) -> str:
    """As it is sent: invisible characters out; in a Latin text, signs that would double the price replaced."""
    text = _INVISIBLE.sub("", text)
    return text if _LAO.search(text) else text.translate(_REPLACED)


def split(text: str) -> Parts:
    """The text as the parts a telephone joins again; an empty text is one part."""
    gsm = all(letter in _GSM or letter in _GSM_DOUBLE for letter in text)
    alone, joined = (160, 153) if gsm else (70, 67)
    costs = [_cost(letter, gsm) for letter in text]
    units = sum(costs)
    pieces = (text,) if units <= alone else _cut(text, costs, joined)
    return Parts("gsm7" if gsm else "ucs2", units, pieces)


def _cost(letter: str, gsm: bool) -> int:
    if gsm:
        return 2 if letter in _GSM_DOUBLE else 1
    return 2 if ord(letter) > 0xFFFF else 1


def _cut(text: str, costs: list[int], room: int) -> tuple[str, ...]:
    """Pieces of at most `room` units; a letter of two units is never torn apart."""
    pieces, start, used = [], 0, 0
    for at, cost in enumerate(costs):
        if used + cost > room:
            pieces.append(text[start:at])
            start, used = at, 0
        used += cost
    return (*pieces, text[start:])
