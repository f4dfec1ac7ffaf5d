"""ISO 20022 messages of banks: the statement of the day (camt.053), written and read."""

from pakan.integrations.formats.iso20022.compose import compose
from pakan.integrations.formats.iso20022.parse import parse
from pakan.integrations.formats.iso20022.statement import Entry, Statement, StatementRefused

__all__ = ["Entry", "Statement", "StatementRefused", "compose", "parse"]
