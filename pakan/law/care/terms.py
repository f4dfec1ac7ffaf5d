"""What the fund promises hospitals. No text of law was found; each value is a setting with its assumption."""

from dataclasses import dataclass
from pathlib import Path

from pakan.law.dated import dated
from pakan.units.money import Kip


@dataclass(frozen=True, slots=True)
class Terms:
    """`guarantee`: kip for one visit with a genuine card while nobody could ask us (C56); `answer_days` (C61)."""

    guarantee: Kip
    answer_days: int


TERMS = dated(Terms, Path(__file__).with_name("terms.toml"))
