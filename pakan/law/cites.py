"""What the sources of the law's tables are called in Lao."""

import functools
import tomllib
from pathlib import Path


@functools.cache
def cites() -> dict[str, str]:
    """How the tables cite a source -> what it is called in Lao."""
    return tomllib.loads(Path(__file__).with_name("cites.toml").read_text(encoding="utf-8"))


def in_lao(cite: str) -> str:
    """The Lao name of a source; one that an officer entered is in Lao already and stands as he wrote it."""
    return cites().get(cite, cite)
