"""Dial: what a keypad telephone does with us over short codes (USSD): its PIN, its place in the menu, a month filed.

Stands above the other verbs, since it puts them in a row: prepare, hand over, approve, ask for the money.
"""

from pakan.operations.dial.filing import (
    Changed,
    NotPossible,
    Offer,
    Outcome,
    Owed,
    Standing,
    offer,
    sign,
    standing,
)
from pakan.operations.dial.lines import (
    Taken,
    Verdict,
    actor_on,
    ask_keys,
    confirm_keys,
    declaring,
    end_keys,
    keys_of,
    prove,
    turned_away,
)
from pakan.operations.dial.talks import Screen, step

__all__ = [
    "Changed",
    "NotPossible",
    "Offer",
    "Outcome",
    "Owed",
    "Screen",
    "Standing",
    "Taken",
    "Verdict",
    "actor_on",
    "ask_keys",
    "confirm_keys",
    "declaring",
    "end_keys",
    "keys_of",
    "offer",
    "prove",
    "sign",
    "standing",
    "step",
    "turned_away",
]
