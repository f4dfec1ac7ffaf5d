"""Situations that cannot be: each problem names its field and what is allowed, and all are told at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`field`: where, such as 'months[3].wage'. `lo`, `en`: what is allowed there."""

    field: str
    lo: str
    en: str


class WrongSituation(ValueError):
    """What was told about a person or an event cannot be."""

    def __init__(self, problems: "tuple[Problem, ...] | list[Problem]") -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{problem.field}: {problem.en}" for problem in self.problems))

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(problem.field for problem in self.problems)

    def allowed(self, language: str) -> dict[str, str]:
        """Field -> what is allowed, in 'lo' or 'en'."""
        return {problem.field: problem.lo if language == "lo" else problem.en for problem in self.problems}
