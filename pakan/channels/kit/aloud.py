"""What screens say: the sentences of the catalogues and of messages, as a voice would read them one by one (C10).

The same cutting and the same fingerprint as kit/listen.js, which reads them off a page.
"""

import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from django.apps import apps

from pakan.operations.notify import INBOX
from pakan.registers.speech.fingerprint import normalised

CHANNELS = ("kit", "channel_public", "channel_member")
# A sentence with a value in it is read in the pieces around the value.
_VALUE = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%[sd]")
_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")
_LETTER = re.compile(r"[A-Za-z\u0e80-\u0eff]{2}")
_BLOCKS = frozenset(
    [
        "h1",
        "h2",
        "h3",
        "p",
        "li",
        "dt",
        "dd",
        "label",
        "button",
        "legend",
        "td",
        "th",
        "summary",
        "div",
        "article",
        "section",
        "a",
    ]
)
_SILENT = frozenset(["script", "style", "svg", "nav", "header", "footer", "template"])


@dataclass(frozen=True)
class Sentence:
    """`place` is where its words come from: the English sentence, or the wording of a message."""

    place: str
    text: str


def cut(text: str) -> list[str]:
    """A text as the sentences that are read one after the other."""
    return [one for one in (normalised(part) for part in _ENDS.split(text)) if _LETTER.search(one)]


def sentences(language: str) -> list[Sentence]:
    """Every sentence of the member's and the public screens in this language, each once."""
    found: dict[str, Sentence] = {}
    for place, text in _all(language):
        for at, part in enumerate(cut(_VALUE.sub("\n", text))):
            found.setdefault(part, Sentence(f"{place[:190]}#{at}", part))
    return list(found.values())


def _all(language: str) -> Iterator[tuple[str, str]]:
    for label in CHANNELS:
        file = Path(apps.get_app_config(label).path) / "locale/lo/LC_MESSAGES/django.mo"
        if not file.exists():
            continue
        with file.open("rb") as opened:
            known = gettext.GNUTranslations(opened)._catalog  # type: ignore[attr-defined]
        for key, lao in known.items():
            english = key[0] if isinstance(key, tuple) else key
            if english:
                english = english.rpartition("\x04")[2]
                yield english, lao if language == "lo" else english
    for name, parts in INBOX.items():
        for part, words in parts.items():
            yield f"{name}.{part}", words[language]


class _Reader(HTMLParser):
    """The words of <main>, block by block."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self.inside = 0
        self.silent = 0
        self.bar = ""  # the tag of the listen bar, which does not read itself

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self.inside += 1
        if any(name == "data-listen" for name, _ in attrs):
            self.bar = tag
        if tag in _SILENT:
            self.silent += 1
        if tag in _BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.inside -= 1
        if tag == self.bar:
            self.bar = ""
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        if tag in _BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self.inside and not self.silent and not self.bar:
            self.blocks[-1] += data


def of_page(html: str) -> list[str]:
    """The sentences that a page says, in their order, each once."""
    reader = _Reader()
    reader.feed(html)
    every = [one for block in reader.blocks for one in cut(" ".join(block.split()))]
    return list(dict.fromkeys(every))
