"""Practising: over with a ticket, a company of one's own with invented people and money, and what is done of the exercises.

Stands above the other verbs, since it plays through them what a company does in three months (docs/decisions/0015).
"""

from pakan.operations.practise.company import LIFE, enter, reset
from pakan.operations.practise.exercises import Exercise, exercises, wage_file
from pakan.operations.practise.other_side import approve, pay
from pakan.operations.practise.ticket import TICKET_LIFE, NotGood, Ticket, ticket_for, use

__all__ = [
    "LIFE",
    "TICKET_LIFE",
    "Exercise",
    "NotGood",
    "Ticket",
    "approve",
    "enter",
    "exercises",
    "pay",
    "reset",
    "ticket_for",
    "use",
    "wage_file",
]
