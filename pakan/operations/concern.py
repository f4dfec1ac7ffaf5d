"""Concern: somebody tells of an employer without a name and follows it by a code; the fund adds what it finds itself (C20).

Who reports is nowhere: the verb's actor is nobody, whoever is signed in; the limit is counted under a name that changes
every day and cannot be turned back; the code is kept as a digest only.
"""

import hashlib
import hmac
import secrets
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.integrations.formats.scan import PaperRefused, take
from pakan.operations.due import due_on
from pakan.registers.access.actions import TooOften, count
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.concerns import actions, queries
from pakan.registers.concerns.models import TEXT, WHERE, Concern
from pakan.registers.contributions.filing import NOT_PAID, PART_PAID, behind
from pakan.registers.documents.actions import keep
from pakan.units.month import Month
from pakan.units.number import check_digit, latin_digits

__all__ = ["TooOften"]

LADDER = RetryStrategy(max_attempts=6, wait=300)
A_DAY = (10, timedelta(days=1))  # reports from one address
LOOKS = (20, timedelta(minutes=10))  # codes tried from one address
JPEG = "image/jpeg"
CASE_DAY = 25  # of the following month (A1)


class Refused(ValueError):
    """Why nothing was kept: `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def nobody(actor: Actor) -> Actor:
    """Only the moment is taken from who asks: no name, no account, no number of the request."""
    return Actor(name="", at=actor.at, door="public", language=actor.language)


def _count(what: str, address: str, actor: Actor, most: int, within: timedelta) -> None:
    """Raises TooOften. The address is mixed with the day and a secret: nobody reads it out of the counter."""
    name = hmac.new(settings.SECRET_KEY.encode(), f"{actor.today}:{address}".encode(), hashlib.sha256)
    count(f"{what}:{name.hexdigest()}", actor.at, most, within)


def _digest(code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"concern:{code}".encode(), hashlib.sha256).hexdigest()


def read_code(text: str) -> str:
    """The twelve digits of a follow-up code as typed. Raises Refused 'code' or 'digit'."""
    digits = "".join(sign for sign in latin_digits(text) if sign.isdigit())
    if len(digits) != 12 or not digits.isascii():
        raise Refused("code")
    if check_digit(digits[:11]) != digits[11]:
        raise Refused("digit")
    return digits


def shown_code(code: str) -> str:
    return " ".join(code[at : at + 4] for at in (0, 4, 8))


def leave(
    actor: Actor, kind: str, where: str, text: str, address: str, photo: tuple[str, str, bytes] | None = None
) -> str:
    """Keep a report; its follow-up code, shown once. Raises Refused or TooOften.

    `photo`: name, media type and bytes as they came. It is made anew in a child of ours, so nothing of the phone, the
    place or the hour that a camera writes into a photo is kept, nor its name. A PDF names its writer and is not taken.
    """
    where, text = " ".join(where.split()), text.strip()
    if kind not in Concern.Kind.values:
        raise Refused("kind")
    if not where or len(where) > WHERE:
        raise Refused("where")
    if len(text) > TEXT:
        raise Refused("text")
    _count("concern", address, actor, *A_DAY)
    bare = _bare(photo) if photo else b""
    body = f"{secrets.randbelow(10**11):011d}"
    code = body + check_digit(body)
    _leave(nobody(actor), kind, where, text, _digest(code), bare)
    return code


def _bare(photo: tuple[str, str, bytes]) -> bytes:
    """The photo as a new JPEG. Raises Refused 'photo'."""
    try:
        made = take(*photo)
    except PaperRefused as fault:
        raise Refused("photo") from fault
    if made.media_type != JPEG:
        raise Refused("photo")
    return made.content


@verb("concern.leave")
def _leave(actor: Actor, kind: str, where: str, text: str, digest: str, photo: bytes = b"") -> Concern:
    kept = None
    if photo:
        day = datetime.combine(actor.today, time(), VIENTIANE)  # of the time only the day
        kept = keep(
            kind="concern photo", name="photo.jpg", media_type=JPEG, content=photo, employer=None, account_id=None, at=day
        )  # fmt: skip
    made = actions.report(kind, where, text, digest, actor.today, kept)
    remember(made.number)
    return made


def look_up(actor: Actor, code: str, address: str) -> Concern | None:
    """The concern behind a code. Raises Refused for what is no code, TooOften."""
    digits = read_code(code)
    _count("concern-look", address, actor, *LOOKS)
    return queries.behind_code(_digest(digits))


def add(actor: Actor, code: str, text: str, address: str) -> Concern | None:
    """The reporter says more. None for a code that is nobody's. Raises Refused, TooOften."""
    found = look_up(actor, code, address)
    text = text.strip()
    if not text or len(text) > TEXT:
        raise Refused("text")
    if found is None:
        return None
    if found.state == Concern.State.CLOSED:
        raise Refused("closed")
    return _add(replace(nobody(actor)), found.number, text)


@verb("concern.add")
def _add(actor: Actor, number: str, text: str) -> Concern:
    found = actions.lock(number)
    remember(number)
    actions.step(found, found.state, text, None, actor.today)
    return found


@verb("concern.answer")
def answer(actor: Actor, number: str, text: str, closes: bool) -> Concern:
    """An inspector answers; whoever holds the code reads it. Raises Refused 'text' or 'closed'."""
    text = text.strip()
    if not text or len(text) > TEXT:
        raise Refused("text")
    found = actions.lock(number)
    if found.state == Concern.State.CLOSED:
        raise Refused("closed")
    state = Concern.State.CLOSED if closes else Concern.State.WORKED
    remember(number, employer_id=found.employer_id, closes=closes, answer=text)
    actions.step(found, state, text, actor.account_id, actor.today)
    return found


@app.task(name="concern.open_unpaid", retry=LADDER)
def open_unpaid(day: str) -> None:
    """From the 25th: every employer that declared last month and has not paid it is on the inspectors' list, once (A1)."""
    today = date.fromisoformat(day)
    month = Month.of(today) - 1
    if today >= max(today.replace(day=CASE_DAY), due_on(month) + timedelta(days=1)):
        _open_unpaid(Actor.system(timezone.now()), month, today)


@verb("concern.open_unpaid")
def _open_unpaid(actor: Actor, month: Month, today: date) -> int:
    late = behind(month).filter(Q(state=NOT_PAID) | Q(state=PART_PAID)).order_by("id")
    made = actions.of_fund(late, month, today)
    remember(str(month), made=made)
    return made
