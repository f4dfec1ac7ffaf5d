"""What is wrong with a question, as problem details (RFC 9457): every field at once, and what is allowed there."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from pakan.channels.kit.api import allowed_words, problem_answer, seconds_until
from pakan.law.wrong import Problem

__all__ = ["from_shape", "problem", "seconds_until"]

TITLES = {
    400: "The question could not be read",
    404: "There is no such thing",
    422: "Something in the question cannot be",
    429: "Too many questions from this address",
}


def problem(
    request: HttpRequest, status: int, detail: str, problems: Iterable[Problem] = (), retry: int | None = None
) -> HttpResponse:
    """The same fault is told once, however many months it is in."""
    errors = {
        each.field: {"field": each.field, "allowed": {"lo": each.lo, "en": each.en}} for each in problems
    }
    body = {
        "type": "about:blank", "title": TITLES[status], "status": status, "detail": detail,
        "errors": list(errors.values()),
    }  # fmt: skip
    return problem_answer(body, status, retry)


def from_shape(errors: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """The problems of what has not even the right shape."""
    return [_from_one(error) for error in errors]


def _from_one(error: Mapping[str, Any]) -> Problem:
    return Problem(_place(error["loc"]), *allowed_words(error))


def _place(loc: Sequence[int | str]) -> str:
    """('body', 'told', 'person', 'months', 0, 'wage') -> 'person.months[0].wage'."""
    parts = list(loc[2:] if loc[:1] == ("body",) else loc[1:])
    # A union names each kind that it tried; the field ends before that.
    parts = parts[: parts.index("answers") + 2] if "answers" in parts else parts
    place = ""
    for part in parts:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    return place or "body"
