"""A rule's answer, told in conditions and steps: member, officer and auditor read the same ones.

Law knows no screen, so the words are data: one sentence in Lao and one in English beside each part.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from pakan.law.dated import CONFIDENCES, Confidence, Source
from pakan.units.money import Kip, grouped
from pakan.units.words import english_date, lao_date

Language = Literal["lo", "en"]
AmountKind = Literal["lump_sum", "monthly", "period", "cover"]
Found = int | bool | str | date | None  # what was needed or found: shown in the reader's language
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a reckoning. `result` in kip; `assumption` such as 'A-05' when no text was found.

    `staff_only`: not shown to members, because the formula itself is not known (A-35).
    """

    label: str
    lo: str
    en: str
    inputs: Mapping[str, str]
    result: Kip
    cite: str
    article: str
    confidence: str
    assumption: str
    staff_only: bool = False

    def as_dict(self) -> dict[str, object]:
        """For storing as JSON beside the decision."""
        return asdict(self) | {"inputs": dict(self.inputs)}


@dataclass(frozen=True, slots=True)
class Condition:
    """What was needed and what was found. `met_from`: the day from which it is met, if that can be known."""

    label: str
    lo: str
    en: str
    needed: Found
    found: Found
    met: bool
    cite: str
    article: str
    confidence: str
    assumption: str
    met_from: date | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """Money that is due: `kip` once ('lump_sum'), each month ('monthly') or for the whole time ('period').

    'cover' is no money but protection. `end` None: until something ends it.
    """

    kind: AmountKind
    label: str
    lo: str
    en: str
    kip: Kip
    start: date | None = None
    end: date | None = None
    staff_only: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """What the reader should know besides: another way to the right, the next review, what a person must check.

    `weighs`: the answer rests on it, so its confidence and assumption count for the decision.
    """

    label: str
    lo: str
    en: str
    day: date | None
    cite: str
    article: str
    confidence: str
    assumption: str
    weighs: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer to one situation. Everything that it rests on stands in it, so it can be read without the rule."""

    benefit: str
    title_lo: str
    title_en: str
    day: date
    entitled: bool
    conditions: tuple[Condition, ...]
    steps: tuple[Step, ...] = ()
    amounts: tuple[Amount, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def _parts(self) -> tuple[Condition | Step | Note, ...]:
        return (*self.conditions, *self.steps, *(note for note in self.notes if note.weighs))

    @property
    def confidence(self) -> Confidence:
        """The lowest of all that was used."""
        used = {part.confidence for part in self._parts}
        return next((level for level in reversed(CONFIDENCES) if level in used), "high")

    @property
    def estimate(self) -> bool:
        """Rests on something that is not certain: no machine pays on it."""
        return self.confidence != "high" or bool(self.assumptions)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Numbers such as ('A-19', 'A-21')."""
        return tuple(sorted({part.assumption for part in self._parts if part.assumption}))

    @property
    def missing(self) -> tuple[Condition, ...]:
        """The conditions that are not met, each with the day from which it would be."""
        return tuple(condition for condition in self.conditions if not condition.met)

    @property
    def first_day(self) -> date | None:
        """From when the right exists, or would exist if contributions go on. None: nobody can tell."""
        if any(condition.met_from is None for condition in self.missing):
            return None
        return max((each.met_from for each in self.conditions if each.met_from), default=None)

    def kip(self, kind: AmountKind) -> Kip:
        """The sum of the amounts of a kind."""
        return Kip(sum(amount.kip for amount in self.amounts if amount.kind == kind))

    def as_dict(self) -> dict[str, object]:
        """For JSON; days as '2026-10-31'. `decision_from` reads it back."""
        derived = {
            "confidence": self.confidence,
            "estimate": self.estimate,
            "assumptions": list(self.assumptions),
            "missing": [condition.label for condition in self.missing],
            "first_day": self.first_day,
        }
        return cast(dict[str, object], _plain({name: getattr(self, name) for name in _stored()} | derived))

    def as_sentences(self, language: Language, *, staff: bool = False) -> list[str]:
        """The answer for people: the outcome, the money, what is missing, what to know. One thought a sentence."""
        told = [_outcome(self, language)]
        told += [_said(amount, language) for amount in self.amounts if staff or not amount.staff_only]
        told += [
            _said(condition, language) for condition in self.conditions if self.entitled or not condition.met
        ]
        told += [_FROM[language].format(day=_shown(day, language)) for day in _days_missing(self)]
        told += [_said(note, language) for note in self.notes]
        return [*told, _ESTIMATE[language]] if self.estimate and self.entitled else told

    def as_table(self, language: Language) -> list[dict[str, str]]:
        """The calculation for staff: a row a condition, step and amount."""
        rows = [_condition_row(condition, language) for condition in self.conditions]
        rows += [_row("step", step, language, result=grouped(step.result, language)) for step in self.steps]
        rows += [_row("note", note, language, result=_shown(note.day, language)) for note in self.notes]
        return rows + [_amount_row(amount, language) for amount in self.amounts]


_ENTITLED = {"lo": "ມີສິດໄດ້ຮັບ: {title}.", "en": "There is a right to: {title}."}
_REFUSED = {"lo": "ຍັງບໍ່ມີສິດໄດ້ຮັບ: {title}.", "en": "There is no right yet to: {title}."}
_FROM = {
    "lo": "ຖ້າຈ່າຍເງິນສົມທົບຕໍ່ທຸກເດືອນ ຈະມີສິດຕັ້ງແຕ່ວັນທີ {day}.",
    "en": "If contributions go on every month, the right begins on {day}.",
}
_ESTIMATE = {
    "lo": "ນີ້ແມ່ນການຄາດຄະເນ. ພະນັກງານຕ້ອງກວດກ່ອນຈ່າຍ.",
    "en": "This is an estimate. An officer must check it before anything is paid.",
}
YES = {("lo", True): "ແມ່ນ", ("lo", False): "ບໍ່ແມ່ນ", ("en", True): "yes", ("en", False): "no"}


def _stored() -> list[str]:
    return [field.name for field in fields(Decision)]


def _outcome(decision: Decision, language: Language) -> str:
    words = _ENTITLED if decision.entitled else _REFUSED
    return words[language].format(title=decision.title_lo if language == "lo" else decision.title_en)


def _days_missing(decision: Decision) -> list[date]:
    return [decision.first_day] if decision.missing and decision.first_day is not None else []


def _said(part: Condition | Step | Amount | Note, language: Language) -> str:
    return part.lo if language == "lo" else part.en


def _shown(value: Found, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES[language, value]
    if isinstance(value, date):
        return lao_date(value) if language == "lo" else english_date(value)
    return grouped(value, language) if isinstance(value, int) else value


def _row(kind: str, part: Condition | Step | Note, language: Language, **more: str) -> dict[str, str]:
    source = {name: str(getattr(part, name)) for name in ("cite", "article", "confidence", "assumption")}
    empty = {"needed": "", "found": "", "met": "", "result": ""}
    return {"part": kind, "label": part.label, "text": _said(part, language)} | empty | more | source


def _condition_row(condition: Condition, language: Language) -> dict[str, str]:
    shown = {name: _shown(getattr(condition, name), language) for name in ("needed", "found", "met")}
    return _row("condition", condition, language, result=_shown(condition.met_from, language), **shown)


def _amount_row(amount: Amount, language: Language) -> dict[str, str]:
    row = {"part": "amount", "label": amount.label, "text": _said(amount, language), "met": ""}
    row |= {"needed": _shown(amount.start, language), "found": _shown(amount.end, language)}
    return (
        row
        | {"result": grouped(amount.kip, language)}
        | dict.fromkeys(("cite", "article", "confidence", "assumption"), "")
    )


def _plain(value: object) -> object:
    if isinstance(value, Condition | Step | Amount | Note):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def decision_from(told: Mapping[str, Any]) -> Decision:
    """The decision that `as_dict` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    return Decision(
        benefit=told["benefit"],
        title_lo=told["title_lo"],
        title_en=told["title_en"],
        day=date.fromisoformat(told["day"]),
        entitled=told["entitled"],
        conditions=tuple(_part(Condition, raw, "met_from", "needed", "found") for raw in told["conditions"]),
        steps=tuple(_part(Step, raw) for raw in told["steps"]),
        amounts=tuple(_part(Amount, raw, "start", "end") for raw in told["amounts"]),
        notes=tuple(_part(Note, raw, "day") for raw in told["notes"]),
    )


def _part(kind: type[P], raw: Mapping[str, Any], *days: str) -> P:
    read = {name: _day(raw[name]) for name in days}
    return kind(**(dict(raw) | read))


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value  # a word, such as the name of a choice
    return value


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
    """A step with its sentence filled in; thousands are grouped as each language does."""

    def shown(language: str) -> dict[str, str]:
        every = inputs | {"result": result}
        return {
            name: grouped(value, language) if isinstance(value, int) else value
            for name, value in every.items()
        }

    lao = shown("lo")
    return Step(
        label=label,
        lo=words.lo.format_map(lao),
        en=words.en.format_map(shown("en")),
        inputs={name: lao[name] for name in inputs},
        result=result,
        cite=source.cite,
        article=source.article,
        confidence=source.confidence,
        assumption=source.assumption,
    )
