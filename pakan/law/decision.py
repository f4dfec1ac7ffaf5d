"""A rule's answer, told in steps: member, officer and auditor read the same ones.

Law knows no screen, so the words are data: one sentence in Lao and one in English beside each step.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pakan.law.dated import Source
from pakan.units.money import Kip, dotted


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a reckoning. `result` in kip; `assumption` such as 'A-05' when no text was found."""

    label: str
    lo: str
    en: str
    inputs: Mapping[str, str]
    result: Kip
    cite: str
    article: str
    confidence: str
    assumption: str

    def as_dict(self) -> dict[str, object]:
        """For storing as JSON beside the decision."""
        return asdict(self) | {"inputs": dict(self.inputs)}


@dataclass(frozen=True, slots=True)
class Sentence:
    lo: str
    en: str

    def said(self, inputs: Mapping[str, str]) -> "Sentence":
        return Sentence(self.lo.format_map(inputs), self.en.format_map(inputs))


def sentences(path: Path) -> dict[str, Sentence]:
    """The sentences in a words.toml: `[label]` with `lo` and `en`. KeyError if a language is missing."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return {label: Sentence(words["lo"], words["en"]) for label, words in content.items()}


def step(label: str, words: Sentence, result: Kip, source: Source, **inputs: str | int) -> Step:
    """A step with its sentence filled in; whole numbers get points between thousands."""
    shown = {name: dotted(value) if isinstance(value, int) else value for name, value in inputs.items()}
    said = words.said(shown | {"result": dotted(result)})
    return Step(
        label=label,
        lo=said.lo,
        en=said.en,
        inputs=shown,
        result=result,
        cite=source.cite,
        article=source.article,
        confidence=source.confidence,
        assumption=source.assumption,
    )
