"""New workers that software tells of: all of them are judged, and registered in one step, or nobody is.

The guard is that of the lists on the pages: who looks like somebody on record is a question. Software answers it in the
next call, by the sign that stood beside the person, or with a reason that a registrar reads (A5).
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from pakan.operations.doubles import is_reason
from pakan.operations.hire.lists import Line, Refused, is_ready, judged, mark_twice, registered
from pakan.registers.access.actions import count
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.joining import actions
from pakan.registers.people.actions import lock_newcomers
from pakan.registers.people.models import Employer, Employment, Person

LIKES, LIKES_WITHIN = 1000, timedelta(days=1)  # persons on record whom one company's software is told of


@dataclass(frozen=True)
class Answer:
    """To the question of a row: `same` is the sign of who it is; or `reason` says why it is another person."""

    same: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Outcome:
    """The rows as they were judged; and, if nothing was open, each one's person."""

    lines: list[Line]
    people: list[Person]


@verb("hire.register")
def register(
    actor: Actor, employer: Employer, rows: Sequence[dict[str, str]], answers: Sequence[Answer]
) -> Outcome:
    """Register and employ everybody, or, while anything is wrong or asked, nobody. Raises Refused 'none'.

    Nothing is kept of rows that were not taken, but that they were asked about.
    """
    if actor.account_id is None:
        raise PermissionError("somebody answers for new workers")
    if not rows:
        raise Refused("none")
    lock_newcomers()
    lines = [judged(row, actor.today) for row in rows]
    mark_twice(lines)
    _mark_here(employer, lines)
    for line, answer in zip(lines, answers, strict=True):
        _answered(employer, line, answer)
    remember(employer.code, rows=len(lines), like=likes(lines))
    if not all(is_ready(line) for line in lines):
        return Outcome(lines, [])
    kept = actions.keep_list(employer, lines, actor.account_id, actor.at)
    people = [registered(actor, employer, line) for line in lines]
    actions.write_list(kept, actor.at)
    return Outcome(lines, people)


def _mark_here(employer: Employer, lines: list[Line]) -> None:
    """Who works here already is told with the number: a company knows its own workers."""
    ids = {line["facts"].get("person") for line in lines} | {
        one["id"] for line in lines for one in line["like"]
    }
    there = Employment.objects.filter(employer=employer, end=None, person_id__in=ids - {None})
    numbers = dict(there.values_list("person_id", "person__number"))
    for line in lines:
        if line["facts"].get("person") in numbers:
            line["problems"].append("works_here")
        for one in line["like"]:
            one["number"] = numbers.get(one["id"])


def _answered(employer: Employer, line: Line, answer: Answer) -> None:
    """What was said to the question. An answer to nothing is a slip too."""
    if answer == Answer():
        return
    same = next((one for one in line["like"] if sign_of(employer, one["id"]) == answer.same), None)
    reason = answer.reason.strip()
    if line["problems"]:
        return
    if answer.same and same and not reason:
        line["choice"], line["facts"]["person"] = "same", same["id"]
        if same["number"]:
            line["problems"].append("works_here")
    elif answer.same or not line["like"]:
        line["problems"].append("choice")
    elif is_reason(reason):
        line["choice"], line["reason"] = "new", reason
    else:
        line["problems"].append("reason")


def sign_of(employer: Employer, person_id: int) -> str:
    """By what software names somebody whom it was asked about: it means nothing to anybody but this company."""
    text = f"like:{employer.code}:{person_id}"
    return hmac.new(settings.SIGNING_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:20]


def likes(lines: Sequence[Line]) -> int:
    return sum(len(line["like"]) for line in lines)


def count_likes(employer: Employer, lines: Sequence[Line], at: datetime) -> None:
    """Before software is told whom its rows look like: a register is not to be asked through. Raises TooOften."""
    if told := likes(lines):
        count(f"hire-like:{employer.code}", at, LIKES, LIKES_WITHIN, told)
