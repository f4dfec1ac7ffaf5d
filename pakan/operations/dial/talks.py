"""One step of a talk: answered once, and a repetition of it the same (a gateway asks again when it heard nothing)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pakan.registers.keypads import actions
from pakan.registers.keypads.models import Talk


@dataclass(frozen=True)
class Screen:
    """What the telephone shows; `ends`: nothing can be typed any more."""

    text: str
    ends: bool = False


def step(session: str, phone: str, typed: str, at: datetime, answer: Callable[[Talk], Screen]) -> Screen:
    """The screen for everything typed so far. Two of the same at once wait for each other: a month is signed once.

    The act, the counted PIN and the answer are one transaction, so that a repetition finds all of them or none.
    """
    with transaction.atomic():
        talk = actions.open_talk(session, phone, at)
        asked = actions.digest("typed", talk.key, typed)
        if talk.asked == asked:
            return Screen(talk.answer, talk.ended)
        screen = answer(talk)
        actions.keep_talk(talk, asked, screen.text, screen.ends, at)
        if screen.ends:
            actions.finish_talks(phone)
    return screen
