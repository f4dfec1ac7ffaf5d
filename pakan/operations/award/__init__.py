"""Award: a lodged claim is judged, decided by two people (or granted by the machine), and paid, once a month (C38-C44)."""

from pakan.operations.award.desk import (
    Reckoned,
    decide,
    judge,
    look,
    propose,
    reckoned,
    request_missing,
    watch_promises,
)
from pakan.operations.award.letter import Line, Slip, letter_pdf, slip, slip_pdf
from pakan.operations.award.pay import Planned, calendar, confirm_payee, fall_due_all, pay_again
from pakan.operations.casework import Refused

__all__ = [
    "Line",
    "Planned",
    "Reckoned",
    "Refused",
    "Slip",
    "calendar",
    "confirm_payee",
    "decide",
    "fall_due_all",
    "judge",
    "letter_pdf",
    "look",
    "pay_again",
    "propose",
    "reckoned",
    "request_missing",
    "slip",
    "slip_pdf",
    "watch_promises",
]
