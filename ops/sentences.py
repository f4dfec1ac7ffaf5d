"""How long the Lao sentences are that people read: words counted by one pinned segmenter (ICU, by icu4py).

Lao has no spaces between words, so counting needs a dictionary; another version of it would count otherwise, which is why the
lock file pins it. Long sentences are printed, never a failure: a lawyer's sentence may have to stay.
Limits: accessibility standard, "little reading" (words a sentence by audience).
"""

import re
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from icu4py.breakers import WordBreaker

from ops.words import PLACEHOLDER, ROOT, read, words_of

LIMITS = {"member": 12, "public": 12, "openlaw": 18, "employer": 18, "office": 25}
OTHERS = 18  # kit and the rest are read at every door
END = re.compile(r"(?<=[.?!…])\s+|\n+|(?<=[:;])\s+")
LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Sentence:
    channel: str
    words: int
    text: str


def count(sentence: str) -> int:
    """Words in one sentence; a placeholder counts as one, marks and spaces as none."""
    plain = PLACEHOLDER.sub(" x ", sentence)
    # The breaker counts in UTF-16 units, as ICU does: cut there, so that a sign outside the basic plane moves nothing.
    units = plain.encode("utf-16-le")
    pieces = (
        units[2 * start : 2 * end].decode("utf-16-le", "replace")
        for start, end in WordBreaker(plain, "lo").segments()
    )
    return sum(1 for piece in pieces if LETTER.search(piece))


def sentences(text: str) -> list[str]:
    return [part.strip() for part in END.split(text) if part.strip()]


def every(root: Path = ROOT) -> Iterator[Sentence]:
    """Each Lao sentence of the catalogues with its channel and length."""
    for path in sorted((root / "pakan").rglob("locale/lo/LC_MESSAGES/django.po")):
        channel = path.parents[3].name
        for message in words_of(read(path)).values():
            said = message.string[0] if isinstance(message.string, tuple | list) else message.string
            for sentence in sentences(said or ""):
                yield Sentence(channel, count(sentence), sentence)


def show(root: Path = ROOT) -> int:
    found = list(every(root))
    print(f"{'channel':<12}{'sentences':>10}{'median':>8}{'longest':>9}{'limit':>7}{'over':>6}")
    for channel in sorted({one.channel for one in found}):
        lengths = [one.words for one in found if one.channel == channel]
        limit = LIMITS.get(channel, OTHERS)
        over = sum(length > limit for length in lengths)
        middle = int(statistics.median(lengths))
        print(f"{channel:<12}{len(lengths):>10}{middle:>8}{max(lengths):>9}{limit:>7}{over:>6}")
    for one in sorted(found, key=lambda one: (one.channel, -one.words)):
        if one.words > LIMITS.get(one.channel, OTHERS):
            print(f"{one.channel:<10}{one.words:>4}  {one.text}")
    return 0


if __name__ == "__main__":
    sys.exit(show())
