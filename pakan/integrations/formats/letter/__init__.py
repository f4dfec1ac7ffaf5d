"""Letters that are printed, as PDF: the official form with its sheets, the payment notice, the receipt,
the statement of a member.

The words and the look of a letter stand in its template (`*.typ`); the data reach it as one JSON text and are
never part of the program, so nothing that a person typed can change a letter. Keys of the data: `data.py`.
"""

from pakan.integrations.formats.letter.data import (
    AccountLetter,
    AccountRow,
    CardSheet,
    CashSlipLetter,
    ClearanceLetter,
    DecisionLetter,
    Form201,
    FundLine,
    NoticeLetter,
    PaySlipLetter,
    PrintedCard,
    Reason,
    ReceiptLetter,
    ReceiptLine,
    RegistrationLetter,
    ReminderLetter,
    SheetRow,
    SlipLetter,
    StatementLetter,
    StatementRow,
)
from pakan.integrations.formats.letter.printer import pictures, render, stamp_all

__all__ = [
    "AccountLetter",
    "AccountRow",
    "CardSheet",
    "CashSlipLetter",
    "ClearanceLetter",
    "DecisionLetter",
    "Form201",
    "FundLine",
    "NoticeLetter",
    "PaySlipLetter",
    "PrintedCard",
    "Reason",
    "ReceiptLetter",
    "ReceiptLine",
    "RegistrationLetter",
    "ReminderLetter",
    "SheetRow",
    "SlipLetter",
    "StatementLetter",
    "StatementRow",
    "pictures",
    "render",
    "stamp_all",
]
