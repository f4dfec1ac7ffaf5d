"""Invented hospitals: no list of those under contract is known (A-58)."""

from datetime import datetime
from pathlib import Path

from pakan.operations import care
from pakan.registers.access.actor import Actor


def found_hospitals(at: datetime) -> int:
    """Take in the invented list, as an officer would; how many there are."""
    content = Path(__file__).with_name("hospitals.csv").read_bytes()
    return care.load(Actor.system(at, "country"), content)[0]
