"""What no source says: each assumption with what we do instead, why, and what would settle it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pakan.law.decision import Sentence


@dataclass(frozen=True, slots=True)
class Assumption:
    """`risk` if the default is wrong: 'H' money or rights, 'M' work of staff or members, 'L' looks only.

    `theme`: 'money', 'benefits' or 'operation'.
    """

    number: str
    theme: str
    risk: str
    title: Sentence
    default: Sentence
    why: Sentence
    settled: Sentence


@cache
def assumptions() -> Mapping[str, Assumption]:
    """All of them by number, such as 'A-05', in their order."""
    content = tomllib.loads(Path(__file__).with_name("assumptions.toml").read_text(encoding="utf-8"))
    return MappingProxyType({number: _assumption(number, raw) for number, raw in content.items()})


def _assumption(number: str, raw: Mapping[str, Any]) -> Assumption:
    said = {name: Sentence(**raw[name]) for name in ("title", "default", "why", "settled")}
    return Assumption(number, raw["theme"], raw["risk"], **said)
