"""Decree: new legal values are entered, rehearsed on real months, and approved by a second person.

enter -> rehearse -> approve (by one more person, by two more where its first day has passed) | withdraw. What was
declared before stays as it was declared: a decree reaches what is priced after its approval.
"""

from pakan.operations.decree.entry import Entry, changes, enter, look_over
from pakan.operations.decree.groups import GROUPS, Field, Value, fields_of
from pakan.operations.decree.rehearsal import SIZES, WAGE_BANDS, rehearse, rehearse_now
from pakan.operations.decree.sign import approve, back_dated, people_needed, withdraw
from pakan.operations.decree.wrong import DecreeRefused, Fault, WrongEntry

__all__ = [
    "GROUPS",
    "SIZES",
    "WAGE_BANDS",
    "DecreeRefused",
    "Entry",
    "Fault",
    "Field",
    "Value",
    "WrongEntry",
    "approve",
    "back_dated",
    "changes",
    "enter",
    "fields_of",
    "look_over",
    "people_needed",
    "rehearse",
    "rehearse_now",
    "withdraw",
]
