"""Publish: what is open to everyone without sign-in: the law (counted by address), and what readers of cards carry.

The key list and the list of withdrawn cards are signed files, so that a copy of a copy is as good as ours.
"""

from datetime import datetime, timedelta

from django.conf import settings

from pakan.integrations.formats.credential import compose_keys, compose_revoked
from pakan.law.care import TERMS
from pakan.operations.issuing import key, public_keys
from pakan.registers.access import actions
from pakan.registers.access.actions import TooOften
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.care.queries import withdrawn
from pakan.registers.compliance.queries import clearances_withdrawn
from pakan.registers.joining.queries import certificates_withdrawn

__all__ = ["MOST", "WITHIN", "TooOften", "count_use", "key_list", "revoked_list"]

MOST, WITHIN = 300, timedelta(minutes=5)  # many people share an address of their operator


def count_use(address: str, at: datetime) -> None:
    """Count one more question from `address`; the table keeps only a digest of it. Raises TooOften."""
    actions.count(f"open-law:{address}", at, MOST, WITHIN)


def key_list(at: datetime) -> bytes:
    """Every key that readers need, what each may sign, and what the fund guarantees them while they cannot ask (C56)."""
    guarantee = TERMS.on(at.astimezone(VIENTIANE).date()).guarantee
    return compose_keys(public_keys(at).values(), settings.BASE_URL, at, guarantee, key("keys", at))


def revoked_list(at: datetime) -> bytes:
    """Withdrawn cards and certificates that would otherwise be in force. One that is over needs no mark."""
    today = at.astimezone(VIENTIANE).date()
    serials = [*withdrawn(today), *clearances_withdrawn(today), *certificates_withdrawn(today)]
    return compose_revoked(serials, settings.BASE_URL, at, key("lists", at))
