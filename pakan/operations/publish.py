"""What is open to everyone without sign-in: only how often one address may ask."""

from datetime import datetime, timedelta

from pakan.registers.access import actions
from pakan.registers.access.actions import TooOften

__all__ = ["MOST", "WITHIN", "TooOften", "count_use"]

MOST, WITHIN = 300, timedelta(minutes=5)  # many people share an address of their operator


def count_use(address: str, at: datetime) -> None:
    """Count one more question from `address`; the table keeps only a digest of it. Raises TooOften."""
    actions.count(f"open-law:{address}", at, MOST, WITHIN)
