"""Hire: workers come to an employer one by one or by file (forms 1-02 and 1-04), and leave it (form 1-07) (C66, C67).

Nobody is made twice without a word: who looks like somebody on record becomes a question. The employer sees of him the
name, the birth year and a masked number only; an answer against it has a reason, and a registrar looks at each (A5).
"""

from pakan.integrations.formats.peoplefile import FIELDS, FileRefused
from pakan.operations.doubles import Double, doubles_of
from pakan.operations.hire.leave import REASONS, Leaver, leave, leave_all
from pakan.operations.hire.lists import Refused, answer, finish, is_ready, judge_override, read_file, take_in
from pakan.operations.hire.told import Answer, Outcome, count_likes, register, sign_of

__all__ = [
    "FIELDS",
    "REASONS",
    "Answer",
    "Double",
    "FileRefused",
    "Leaver",
    "Outcome",
    "Refused",
    "answer",
    "count_likes",
    "doubles_of",
    "finish",
    "is_ready",
    "judge_override",
    "leave",
    "leave_all",
    "read_file",
    "register",
    "sign_of",
    "take_in",
]
