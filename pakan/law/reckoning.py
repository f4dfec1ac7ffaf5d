"""How a benefit's rule gathers its answer: conditions, steps, amounts and notes, each with its sentence and its text.

A rule says what was needed, found and reckoned; the words come from words.toml, the source from the history.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Generic, TypeVar

from pakan.law.common import COMMON, Common
from pakan.law.dated import History, NoLawYet, Source
from pakan.law.decision import (
    YES,
    Amount,
    AmountKind,
    Condition,
    Decision,
    Found,
    Note,
    Sentence,
    Step,
    sentences,
)
from pakan.law.insured import Average, Insured, half_up
from pakan.units.money import Kip, grouped
from pakan.units.month import Month
from pakan.units.rate import Rate
from pakan.units.words import english_date, english_month, lao_date, lao_month

V = TypeVar("V")
Input = int | str | date | Month | Rate | Sentence
SHARED = sentences(Path(__file__).parent / "benefits" / "words.toml")


class Reckoning(Generic[V]):
    """For one benefit and day. `values`: those of the benefit in force. Raises NoLawYet."""

    def __init__(self, benefit: str, day: date, history: History[V], words: Mapping[str, Sentence]) -> None:
        self.benefit, self.day = benefit, day
        self.history, self.values = history, history.on(day)
        self.common: Common = COMMON.on(day)
        self.words = words
        self.conditions: list[Condition] = []
        self.steps: list[Step] = []
        self.amounts: list[Amount] = []
        self.notes: list[Note] = []

    def source(self, name: str) -> Source:
        """Who set a value of this benefit, or a common one. Raises NoLawYet where no text has yet."""
        for history in (self.history, COMMON):
            with suppress(KeyError):
                return history.sources(name, self.day)
        raise NoLawYet(self.first_day(name) or date.max)

    def known(self, name: str) -> Any:
        """A value that was not always known. Raises NoLawYet with the day from which it is."""
        value = getattr(self.values, name)
        if value is None:
            raise NoLawYet(self.first_day(name) or date.max)
        return value

    def first_day(self, name: str) -> date | None:
        """The next day from which this value is known, if it is not."""
        days = [block.source.date for block in self.history.blocks if block.values.get(name) is not None]
        return next((day for day in days if day > self.day), None)

    def is_set(self, name: str) -> bool:
        """Whether any text, or an assumption, speaks of this value yet, even to say that none is known."""
        return any(name in block.values for block in self.history.blocks if block.source.date <= self.day)

    def said(self, label: str, inputs: Mapping[str, Input]) -> Sentence:
        words = self.words.get(label) or SHARED[label]
        return Sentence(words.lo.format_map(_shown(inputs, "lo")), words.en.format_map(_shown(inputs, "en")))

    def need(
        self,
        label: str,
        value: str | Source,
        needed: Found,
        found: Found,
        met: bool,
        met_from: date | None = None,
        **inputs: Input,
    ) -> bool:
        """A condition; `value` names the legal value it comes from. Gives back whether it is met."""
        source = value if isinstance(value, Source) else self.source(value)
        about: dict[str, Input] = {
            name: each for name, each in (("needed", needed), ("found", found)) if each is not None
        }
        said = self.said(label, about | inputs)
        self.conditions.append(
            Condition(
                label, said.lo, said.en, needed, found, met, source.cite, source.article, source.confidence,
                source.assumption, met_from,
            )
        )  # fmt: skip
        return met

    def step(
        self, label: str, value: str | Source, result: Kip, staff_only: bool = False, **inputs: Input
    ) -> Kip:
        """A step of the amount. Gives back its result."""
        source = value if isinstance(value, Source) else self.source(value)
        said = self.said(label, inputs | {"result": result})
        shown = {name: text for name, text in _shown(inputs, "en").items() if not name.endswith("_lo")}
        self.steps.append(
            Step(
                label, said.lo, said.en, shown, result, source.cite, source.article, source.confidence,
                source.assumption, staff_only,
            )
        )  # fmt: skip
        return result

    def pay(
        self, kind: AmountKind, label: str, kip: Kip, start: date | None = None, end: date | None = None,
        staff_only: bool = False, **inputs: Input,
    ) -> None:  # fmt: skip
        days = {name: day for name, day in (("start", start), ("end", end)) if day is not None}
        said = self.said(label, {"kip": kip, **days, **inputs})
        self.amounts.append(Amount(kind, label, said.lo, said.en, kip, start, end, staff_only))

    def note(
        self, label: str, value: str | Source, day: date | None = None, weighs: bool = False, **inputs: Input
    ) -> None:  # fmt: skip
        """`weighs`: the answer rests on it."""
        source = value if isinstance(value, Source) else self.source(value)
        said = self.said(label, {"day": day, **inputs} if day is not None else inputs)
        self.notes.append(
            Note(
                label,
                said.lo,
                said.en,
                day,
                source.cite,
                source.article,
                source.confidence,
                source.assumption,
                weighs,
            )
        )

    @property
    def all_met(self) -> bool:
        return all(condition.met for condition in self.conditions)

    def decision(self, entitled: bool | None = None) -> Decision:
        """The answer. Without `entitled`: when every condition is met. Nobody gets money without a right."""
        entitled = self.all_met if entitled is None else entitled
        title = self.words["title"]
        return Decision(
            self.benefit, title.lo, title.en, self.day, entitled, tuple(self.conditions), tuple(self.steps),
            tuple(self.amounts) if entitled else (), tuple(self.notes),
        )  # fmt: skip

    # What several benefits ask and reckon in the same way.

    def need_months(self, person: Insured, needed: int, value: str, window: int | None = None) -> bool:
        """So many months paid before the month of the event, in the last `window` or ever (A-20)."""
        found = person.paid_before(self.day) if window is None else person.paid_in_last(window, self.day)
        day = months_from(person, self.day, needed, window)
        met = found >= needed
        if window is None:
            self.need("months", value, needed, found, met, day)
        else:
            self.need("months_in_last", value, needed, found, met, day, window=window)
        waiting = person.unpaid_before(self.day, window or 12_000)
        if waiting and not met:
            self.note("unpaid", "unpaid_months_count", weighs=True, months=waiting)
        return met

    def need_scheme(self, person: Insured, schemes: tuple[str, ...]) -> bool:
        """That the last month that counts was paid in one of these schemes (A-04)."""
        found = person.scheme_on(self.day)
        wanted, got = [SHARED[f"scheme_{name}"] for name in schemes], SHARED[f"scheme_{found or 'none'}"]
        needed = Sentence(", ".join(each.lo for each in wanted), ", ".join(each.en for each in wanted))
        source, met = self.source("branches"), found in schemes
        said = self.said("scheme", {"needed": needed, "found": got})
        # The assumption is about the two other schemes; for the enterprise scheme the benefit is certain.
        sure = found == "enterprise" and met
        self.conditions.append(
            Condition(
                "scheme", said.lo, said.en, "|".join(schemes), found or "none", met, source.cite, source.article,
                "high" if sure else source.confidence, "" if sure else source.assumption,
            )
        )  # fmt: skip
        return met

    def average(self, person: Insured, named: bool = True) -> Average:
        """W6: the average insured wage of the last six months (A-19), as a step.

        `named`: the text names this average. Where it only says "insured wage", it is certain if the last wage equals it.
        """
        average = person.average(self.common.reference_months or 6, self.day)
        sure = average.usual and (named or average.exact == person.paid[average.months[-1]])
        value = "reference_months" if sure else "reference_rule"
        self.step(
            "average", value, average.kip, total=average.total, months=len(average.months),
            first=average.months[0] if average.months else "–", last=average.months[-1] if average.months else "–",
        )  # fmt: skip
        if average.shared:
            self.note("shared", "several_employers", weighs=True)
        return average

    def month_of_wage(self, person: Insured) -> Kip:
        """The last insured wage (A-40); certain where the average says the same."""
        average = person.average(self.common.reference_months or 6, self.day)
        last = person.paid[average.months[-1]] if average.months else Kip(0)
        same = average.usual and average.exact == last
        value = "reference_months" if same else "month_of_wage"
        return self.step("last_wage", value, last, month=average.months[-1] if average.months else "–")

    def share(
        self, label: str, value: str, rate: Rate, of: Fraction, times: Fraction = Fraction(1),
        final: bool = True, staff_only: bool = False, **inputs: Input,
    ) -> Kip:  # fmt: skip
        """`rate` of an exact amount, rounded once, as a step."""
        exact = of * Fraction(rate.numerator, rate.denominator) * times
        result = half_up(exact)
        self.step(label, value, result, staff_only, rate=rate, of=half_up(of), **inputs)
        if final and exact != result:
            self.step("rounded", "rounding", result)
        return result

    def pay_days(self, label: str, monthly: Fraction, days: int, **inputs: Input) -> Kip:
        """A monthly benefit for so many days (A-21), rounded once, as a step."""
        divisor = self.common.daily_divisor
        exact = monthly * days / divisor
        result = half_up(exact)
        self.step(label, "daily_divisor", result, False, days=days, divisor=divisor, **inputs)
        if exact != result:
            self.step("rounded", "rounding", result)
        return result


def months_from(person: Insured, day: date, needed: int, window: int | None = None) -> date | None:
    """From when so many months are paid, if every month from the month of `day` on is. Looks back too: for a
    condition without window, the day may lie in the past. None: never, because the window is too short."""
    if window is None:
        counted = person.paid_before(day)
        if counted >= needed:
            return (person.recent(day, counted)[needed - 1] + 1).first if needed else None
        return (Month.of(day) + (needed - counted)).first
    if person.paid_in_last(window, day) >= needed:
        return day
    if needed > window:
        return None
    for ahead in range(1, window + 1):
        kept = person.paid_in_last(window - ahead, day) if ahead < window else 0
        if kept + ahead >= needed:
            return (Month.of(day) + ahead).first
    return None


def _shown(inputs: Mapping[str, Input], language: str) -> dict[str, str]:
    shown: dict[str, str] = {}
    for name, value in inputs.items():
        shown[name] = _text(value, language)
        shown[f"{name}_{language}"] = shown[name]
    return shown


def _text(value: Input, language: str) -> str:
    if isinstance(value, bool):
        return YES[language, value]
    if isinstance(value, int):
        return grouped(value, language)
    if isinstance(value, date):
        return lao_date(value) if language == "lo" else english_date(value)
    if isinstance(value, Month):
        return lao_month(value) if language == "lo" else english_month(value)
    if isinstance(value, Rate):
        return value.lao if language == "lo" else str(value)
    if isinstance(value, Sentence):
        return value.lo if language == "lo" else value.en
    return value
