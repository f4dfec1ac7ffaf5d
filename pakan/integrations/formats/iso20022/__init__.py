"""ISO 20022 messages of banks: the statement of the day (camt.053), written and read."""

from pakan.integrations.formats.iso20022.compose import compose
from pakan.integrations.formats.iso20022.parse import parse
from pakan.integrations.formats.iso20022.statement import VIENTIANE, Entry, Statement, StatementRefused

__all__ = ["VIENTIANE", "Entry", "Statement", "StatementRefused", "compose", "parse"]
