"""The words of messages, from the one table: short for phones, whole for the page, priced by the part."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pakan.integrations.telcos.parts import split, tidy
from pakan.registers.messages.models import Message

_TABLE: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).parent.with_name("wordings.toml").read_text(encoding="utf-8")
)
LONGEST: dict[str, str] = {name: str(value) for name, value in _TABLE.pop("longest").items()}
WORDINGS: dict[str, dict[str, str]] = {
    name: {"lo": row["lo"], "en": row["en"]} for name, row in _TABLE.items()
}
PARTS = ("title", "means", "do", "until")
INBOX: dict[str, dict[str, dict[str, str]]] = {name: row.get("inbox", {}) for name, row in _TABLE.items()}
URGENT = frozenset(name for name, row in _TABLE.items() if row.get("urgent"))  # goes at night too
SHORT_NAMES = frozenset(name for name, row in _TABLE.items() if row.get("short_name"))
NEWS = frozenset(name for name, row in _TABLE.items() if row.get("news"))  # STOP ends it
KIP_A_PART = 100  # what a part costs us; a round figure for the editor, not a contract


class Facts(dict[str, str]):
    """A value that the table of the longest lacks shows as dots in a preview; a test names it."""

    def __missing__(self, key: str) -> str:
        return "…"


def longest(wording: str) -> dict[str, str]:
    """The longest values of a wording."""
    return LONGEST | ({"employer": LONGEST["employer_short"]} if wording in SHORT_NAMES else {})


@dataclass(frozen=True)
class Whole:
    """A message as its page shows it: what happened, what it means, what to do, until when. Missing parts are empty."""

    title: str
    happened: str
    means: str
    do: str
    until: str


@dataclass(frozen=True)
class Priced:
    """A wording in one language at its longest values."""

    text: str
    letters: int
    parts: int

    @property
    def price(self) -> int:
        return self.parts * KIP_A_PART


def text_of(message: Message, language: str | None = None) -> str:
    """The short text of a message in the person's language (or another)."""
    return WORDINGS[message.wording][language or message.language].format(**message.values)


def whole_of(message: Message, language: str) -> Whole:
    return whole(message.wording, language, message.values)


def whole(wording: str, language: str, values: dict[str, Any] | None = None) -> Whole:
    """With no values: at their longest, for a preview."""
    facts = Facts(longest(wording) if values is None else values)
    said = {part: INBOX[wording].get(part, {}).get(language, "").format_map(facts) for part in PARTS}
    return Whole(happened=WORDINGS[wording][language].format_map(facts), **said)


def priced(wording: str, language: str) -> Priced:
    text = tidy(WORDINGS[wording][language].format_map(Facts(longest(wording))))
    cut = split(text)
    return Priced(text, cut.units, cut.count)
