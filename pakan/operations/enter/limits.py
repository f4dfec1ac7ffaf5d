"""What every way in counts and reads: networks, digits, the limits that fade."""

import logging
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from pakan.registers.access import actions
from pakan.units.number import latin_digits

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
log = logging.getLogger("pakan.enter")


def network(address: str) -> str:
    """Whose limit an address counts for: with IPv6 one customer holds a whole /64 and may change within it."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:45]
    return str(found) if found.version == 4 else str(ip_network((found, 64), strict=False))


def digits(code: str) -> str:
    return "".join(latin_digits(code).split())[:12]


def look_up(what: str, address: str, at: datetime, most: int, within: timedelta) -> None:
    """Count a question that anyone may ask, so that nobody reads a register by asking it. Raises TooOften."""
    actions.count(f"look-up:{what}:{network(address)}", at, most, within)
