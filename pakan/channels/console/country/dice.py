"""Chance that falls the same way every time: the country is the same on every machine."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from pakan.law.contributions.rule import Column

T = TypeVar("T")


class Dice:
    """Numbers from a chain of SHA-256; two dice of one name fall alike, of two names independently."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.thrown = 0
        self.left: list[int] = []

    def below(self, limit: int) -> int:
        """0 <= n < limit. The small bias of a remainder of 64 bits matters to nobody here."""
        if not self.left:
            digest = hashlib.sha256(f"{self.name}:{self.thrown}".encode()).digest()
            self.left = [int.from_bytes(digest[at : at + 8], "big") for at in range(0, 32, 8)]
            self.thrown += 1
        return self.left.pop() % limit

    def between(self, least: int, most: int) -> int:
        """Both ends included."""
        return least + self.below(most - least + 1)

    def pick(self, among: Sequence[T]) -> T:
        return among[self.below(len(among))]

    def chance(self, percent: int) -> bool:
        return self.below(100) < percent


def scattered(keys: Column, salt: int, limit: int) -> Column:
    """For each key a number 0 <= n < limit that follows from key and salt (splitmix64): a column of chance."""
    mixed = keys.astype(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return (mixed % np.uint64(limit)).astype(np.int64)
