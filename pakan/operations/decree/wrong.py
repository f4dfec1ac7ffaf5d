"""What can be wrong with an entry: codes for the page to put into words, each at its field."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


class WrongEntry(ValueError):
    """Everything that is wrong, by field; '' is for the entry as a whole."""

    def __init__(self, faults: dict[str, list[Fault]]) -> None:
        told = {name: [fault.code for fault in found] for name, found in faults.items()}
        super().__init__(str(told))
        self.faults = faults


class DecreeRefused(ValueError):
    """A decree cannot be signed or withdrawn now; `code` says why.

    closed, not_rehearsed, stale (the law changed since its rehearsal), not_seen (another rehearsal than the one on the
    page), own (who entered it), signed_already, no_longer_fits.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
