"""The benefits, one folder each, found by name.

A folder: rule.py (`VALUES`, `decide`), values.toml (the history), about.toml (questions, evidence, facts, account),
words.toml (sentences), cases.toml (examples). Nothing else in the house lists the benefits.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pakan.law.dated import History, NoLawYet, dated
from pakan.law.decision import Decision, Sentence, sentences
from pakan.law.insured import Insured
from pakan.law.situation import Answers, Choice, Evidence, Question, Situation, applies, read
from pakan.law.wrong import Problem, WrongSituation
from pakan.units.words import english_date, lao_date

HERE = Path(__file__).parent
Rule = Callable[[Insured, Situation, date, History[Any]], Decision]


@dataclass(frozen=True, slots=True)
class Benefit:
    """What forms, letters and the API follow from. `account`: the expense account in the ledger's chart.

    `facts`: which parts of an insured person the rule reads. `replaces_wage`: only one such benefit at a time (A-44).
    `after_death`: the event may be, or follow, the death of the insured person.
    """

    name: str
    title: Sentence
    event: Sentence
    questions: tuple[Question, ...]
    evidence: tuple[Evidence, ...]
    facts: tuple[str, ...]
    account: str
    replaces_wage: bool
    after_death: bool
    values: History[Any]
    rule: Rule

    def decide(
        self, person: Insured, told: Mapping[str, Any], day: date, values: History[Any] | None = None
    ) -> Decision:
        """The answer for an event on `day`. `told`: answers to the questions. `values`: another law, to rehearse it.

        Raises WrongSituation with every problem at once.
        """
        history = values or self.values
        found = _wrong_day(person, day, history, self.after_death)
        try:
            situation = read(self.questions, told)
        except WrongSituation as wrong:
            found += wrong.problems
        if found:
            raise WrongSituation(found)
        try:
            return self.rule(person, situation, day, history)
        except NoLawYet as early:
            raise WrongSituation([not_before("day", early.first_day)]) from early

    def papers(self, told: Mapping[str, Any]) -> tuple[Evidence, ...]:
        """The papers that prove what was told; those with `held_lo` are only named, never asked."""
        return tuple(each for each in self.evidence if applies(each, self.questions, told))

    def asked(self, told: Mapping[str, Any]) -> tuple[Question, ...]:
        """The questions that make sense with what was told until now."""
        return tuple(each for each in self.questions if applies(each, self.questions, told))

    def with_blocks(self, blocks: Sequence[Mapping[str, object]]) -> History[Any]:
        """The history with decrees, for `decide(..., values=...)`."""
        return self.values.with_blocks(blocks)


def not_before(field: str, day: date) -> Problem:
    return Problem(field, f"ຕ້ອງບໍ່ກ່ອນວັນທີ {lao_date(day)}", f"must not be before {english_date(day)}")


def _wrong_day(person: Insured, day: date, history: History[Any], after_death: bool) -> list[Problem]:
    found = []
    if day < history.first_day:
        found.append(not_before("day", history.first_day))
    if day < person.born:
        found.append(not_before("day", person.born))
    if person.died is not None and day > person.died and not after_death:
        allowed = person.died
        found.append(
            Problem("day", f"ຕ້ອງບໍ່ຫຼັງວັນທີ {lao_date(allowed)}", f"must not be after {english_date(allowed)}")
        )
    return found


@cache
def all_names() -> tuple[str, ...]:
    """Every folder that holds a rule, in order of the alphabet."""
    return tuple(sorted(path.parent.name for path in HERE.glob("*/rule.py")))


@cache
def named(name: str) -> Benefit:
    """The benefit of that name. Raises WrongSituation for an unknown one."""
    if name not in all_names():
        allowed = ", ".join(all_names())
        raise WrongSituation([Problem("benefit", f"ຕ້ອງແມ່ນໜຶ່ງໃນ: {allowed}", f"must be one of: {allowed}")])
    about = tomllib.loads((HERE / name / "about.toml").read_text(encoding="utf-8"))
    rule = import_module(f"{__name__}.{name}.rule")
    return Benefit(
        name=name,
        title=sentences(HERE / name / "words.toml")["title"],
        event=Sentence(**about["event"]),
        questions=tuple(_question(raw) for raw in about.get("question", ())),
        evidence=tuple(Evidence(**(dict(raw) | _conditions(raw))) for raw in about["evidence"]),
        facts=tuple(about["facts"]),
        account=about["account"],
        replaces_wage=about["replaces_wage"],
        after_death=about.get("after_death", False),
        values=dated(rule.Values, HERE / name / "values.toml"),
        rule=rule.decide,
    )


def _question(raw: Mapping[str, Any]) -> Question:
    choices = tuple(Choice(**choice) for choice in raw.get("choices", ()))
    return Question(**(dict(raw) | {"choices": choices} | _conditions(raw)))


def _conditions(raw: Mapping[str, Any]) -> dict[str, Answers]:
    return {
        name: tuple((key, tuple(answers)) for key, answers in raw.get(name, {}).items())
        for name in ("when", "unless")
    }
