"""What was asked about an event, and the checked answers.

The questions of a benefit are data, so that a form, a letter and the API are made from the same list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pakan.law.wrong import Problem, WrongSituation
from pakan.units.money import KIP_LIMIT

QuestionKind = Literal["day", "whole", "yes_no", "choice", "kip"]
Answers = tuple[tuple[str, tuple[int | bool | str, ...]], ...]  # question and the answers that are meant


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    lo: str
    en: str


@dataclass(frozen=True, slots=True)
class Question:
    """`least`, `most` bound a whole number. `required`: there is no decision without an answer.

    `default` stands where nothing was answered; None means "not told". `when`, `unless`: the answers to other
    questions with which this one makes sense; where it makes none, `otherwise` stands. `detail`: few need it, so
    a form that asks step by step shows it only on its last page.
    """

    key: str
    kind: QuestionKind
    lo: str
    en: str
    choices: tuple[Choice, ...] = ()
    required: bool = True
    default: int | bool | str | None = None
    least: int = 0
    most: int = KIP_LIMIT
    when: Answers = ()
    unless: Answers = ()
    otherwise: int | bool | str | None = None
    detail: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A paper that proves the facts. The lists are default ones (A-24), unless `assumption` is empty.

    `when`, `unless`: as for questions. `held_lo`, `held_en`: why it is not asked, for the state has it (C33).
    `needed`: False for a paper that only some families have.
    """

    key: str
    lo: str
    en: str
    assumption: str = "A-24"
    when: Answers = ()
    unless: Answers = ()
    held_lo: str = ""
    held_en: str = ""
    needed: bool = True


class Situation:
    """Checked answers: every question has one, of its kind."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = answers

    def yes(self, key: str) -> bool:
        return self._answers[key] is True

    def whole(self, key: str) -> int:
        return int(self._answers[key])

    def whole_or_none(self, key: str) -> int | None:
        answer = self._answers[key]
        return None if answer is None else int(answer)

    def choice(self, key: str) -> str:
        return str(self._answers[key])

    def day(self, key: str) -> date | None:
        answer = self._answers[key]
        return answer if isinstance(answer, date) else None

    def as_dict(self) -> dict[str, Any]:
        return dict(self._answers)


def applies(part: Question | Evidence, questions: tuple[Question, ...], told: Mapping[str, Any]) -> bool:
    """Whether a question makes sense, or a paper proves something, with what was told until now."""
    defaults = {question.key: question.default for question in questions}

    def answer(key: str) -> object:
        given = told.get(key)
        return defaults[key] if given is None or given == "" else given

    fits = all(answer(key) in accepted for key, accepted in part.when)
    return fits and not any(answer(key) in refused for key, refused in part.unless)


def read(questions: tuple[Question, ...], told: Mapping[str, Any]) -> Situation:
    """The answers checked against the questions. Raises WrongSituation with every problem."""
    found: list[Problem] = []
    answers: dict[str, Any] = {}
    for question in questions:
        answer = told.get(question.key)
        if answer is None or answer == "":
            answers[question.key] = question.default
            if not applies(question, questions, told):
                answers[question.key] = question.default if question.otherwise is None else question.otherwise
            elif question.required and question.default is None:
                found.append(_wrong(question))
            continue
        try:
            answers[question.key] = _read(question, answer)
        except (TypeError, ValueError):
            found.append(_wrong(question))
    known = ", ".join(question.key for question in questions)
    for key in sorted(told.keys() - {question.key for question in questions}):
        found.append(Problem(key, f"ບໍ່ຮູ້ຈັກ. ມີແຕ່: {known}", f"is not known; there are: {known}"))
    if found:
        raise WrongSituation(found)
    return Situation(answers)


def _read(question: Question, answer: object) -> object:
    if question.kind == "day":
        return answer if isinstance(answer, date) else date.fromisoformat(str(answer))
    if question.kind == "yes_no":
        if not isinstance(answer, bool):
            raise TypeError
        return answer
    if question.kind == "choice":
        if answer not in {choice.key for choice in question.choices}:
            raise ValueError
        return answer
    if (
        isinstance(answer, bool)
        or not isinstance(answer, int)
        or not question.least <= answer <= question.most
    ):
        raise ValueError
    return answer


def _wrong(question: Question) -> Problem:
    if question.kind == "day":
        return Problem(question.key, "ຕ້ອງເປັນວັນທີ ເຊັ່ນ 2026-10-31", "must be a day such as 2026-10-31")
    if question.kind == "yes_no":
        return Problem(question.key, "ຕ້ອງຕອບ ແມ່ນ (true) ຫຼື ບໍ່ແມ່ນ (false)", "must be true or false")
    if question.kind == "choice":
        allowed = ", ".join(choice.key for choice in question.choices)
        return Problem(question.key, f"ຕ້ອງແມ່ນໜຶ່ງໃນ: {allowed}", f"must be one of: {allowed}")
    if question.kind == "kip":
        return Problem(question.key, "ຕ້ອງເປັນຈຳນວນກີບເຕັມ ແຕ່ 0 ຂຶ້ນໄປ", "must be whole kip, 0 or more")
    bounds = f"{question.least}–{question.most}"
    return Problem(question.key, f"ຕ້ອງເປັນຕົວເລກເຕັມ {bounds}", f"must be a whole number, {bounds}")
