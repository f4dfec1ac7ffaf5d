"""A paper that may be kept: examined, opened by a child, and for photos made anew out of their points."""

import hashlib
import json
from dataclasses import dataclass
from typing import Final

from pakan.integrations.formats import cage
from pakan.integrations.formats.scan.gate import Kind, PaperRefused, examine

WALL_SECONDS: Final = 25
MAX_KEPT: Final = 200_000  # bytes of a photo: what a phone on 2G can send and an officer can read


@dataclass(frozen=True, slots=True)
class Paper:
    """What is kept. Photos are always JPEG, without place, camera or words that were hidden in the file."""

    media_type: str
    content: bytes
    pages: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def take(name: str, media_type: str, content: bytes) -> Paper:
    """Raises PaperRefused. Takes up to some seconds: never inside a transaction."""
    kind = examine(name, media_type, content)
    code, raw = cage.ask(f"{__package__}.child", [kind.name, str(MAX_KEPT)], content, WALL_SECONDS)
    if code in cage.TOO_HEAVY:
        raise PaperRefused("too_heavy")
    head, _line, kept = raw.partition(b"\n")
    try:
        told = json.loads(head)
    except ValueError as fault:
        raise PaperRefused("broken") from fault
    if "refused" in told:
        raise PaperRefused(told["refused"], **told["params"])
    if code != 0 or not kept:
        raise PaperRefused("broken")
    return Paper(Kind.PDF if kind is Kind.PDF else Kind.JPEG, kept, told["pages"])
