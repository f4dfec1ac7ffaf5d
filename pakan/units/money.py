"""Kip: whole, bounded, never a float."""

from typing import NewType

Kip = NewType("Kip", int)

# Money never leaves this range, so that a sum of sums still fits a 64-bit integer with room to spare.
KIP_LIMIT = 9 * 10**15


def kip(value: int) -> Kip:
    """`value` whole kip as Kip. Raises TypeError for anything but an int, ValueError beyond +-9*10^15."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"kip are whole numbers, not {type(value).__name__}")
    if abs(value) > KIP_LIMIT:
        raise ValueError(f"{value} kip is beyond the limit of {KIP_LIMIT}")
    return Kip(value)


def dotted(value: int) -> str:
    """1234567 -> '1.234.567' (CLDR lo: points between thousands)."""
    return f"{value:,}".replace(",", ".")
