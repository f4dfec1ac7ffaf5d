"""From what a gateway told to what the telephone shows: one function for the real door and for the handset on a page."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from pakan.channels.phone.menu import Menu
from pakan.operations import dial
from pakan.operations.dial import Screen
from pakan.registers.keypads.models import Talk

LONGEST = 2000  # letters typed in one session; whoever has more begins anew


def answer(session: str, phone: str, text: str, at: datetime, request: str) -> Screen:
    """The screen after all these inputs, joined by `*`. A repetition gets the same."""

    def say(talk: Talk) -> Screen:
        menu = Menu(talk, phone, at, request)
        if len(text) > LONGEST:
            with translation.override(menu.language):
                return Screen(_("That was too long. Please dial again."), True)
        menu.go(text.split("*") if text else [])
        return menu.speak()

    return dial.step(session, phone, text, at, say)
