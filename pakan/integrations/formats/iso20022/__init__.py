"""ISO 20022 messages of banks: the statement of the day (camt.053), payments out (pain.001), debits (pain.008), pain.002."""

from pakan.integrations.formats.iso20022.compose import compose
from pakan.integrations.formats.iso20022.debit import Debit, compose_debit, read_debit
from pakan.integrations.formats.iso20022.parse import parse
from pakan.integrations.formats.iso20022.statement import VIENTIANE, Entry, Statement, StatementRefused
from pakan.integrations.formats.iso20022.transfer import (
    NoLatinName,
    Report,
    Transfer,
    compose_report,
    compose_transfer,
    read_report,
    read_transfer,
)

__all__ = [
    "VIENTIANE",
    "Debit",
    "Entry",
    "NoLatinName",
    "Report",
    "Statement",
    "StatementRefused",
    "Transfer",
    "compose",
    "compose_debit",
    "compose_report",
    "compose_transfer",
    "parse",
    "read_debit",
    "read_report",
    "read_transfer",
]
