"""The invariants that `prove` checks: everything that is written twice is compared (standards/security-reliability).

One query each, set-wise; a finding counts the differences and shows a few. Numbers I3 (acknowledged = stored once),
I14 and I15 join with the parts they speak of; I16 is a test.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from pakan.registers.access.audit import first_broken_row
from pakan.registers.decrees.queries import first_broken_seal


@dataclass(frozen=True)
class Finding:
    """One invariant: what it says in Lao and English, how many differences, and a few of them."""

    invariant: str
    lo: str
    en: str
    differences: int
    examples: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.differences == 0


@dataclass(frozen=True)
class Proof:
    invariant: str
    lo: str
    en: str
    query: str  # rows are differences; the first column names one


def _proofs() -> list[Proof]:
    table = tomllib.loads((Path(__file__).parent / "proofs.toml").read_text(encoding="utf-8"))
    return [Proof(**row) for row in table["proof"]]


PROOFS = _proofs()
SHOWN = 5


def findings(at: datetime) -> list[Finding]:
    """Every invariant with what was found, in order."""
    found = [_ask(proof) for proof in PROOFS]
    broken = first_broken_row()
    chain = Finding(
        "I10b",
        "ຮ່ອງຮອຍການກວດສອບຕໍ່ກັນຄົບຖ້ວນ",
        "The audit trail's chain is whole.",
        0 if broken is None else 1,
        [] if broken is None else [f"row {broken}"],
    )
    unsealed = first_broken_seal()
    decrees = Finding(
        "I10c",
        "ນິຕິກຳທີ່ອະນຸມັດແລ້ວ ບໍ່ມີການປ່ຽນແປງ",
        "No approved decree was changed.",
        0 if unsealed is None else 1,
        [] if unsealed is None else [f"decree number {unsealed}"],
    )
    return [*found, chain, decrees]


def _ask(proof: Proof) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(proof.query)
        rows: list[Any] = cursor.fetchall()
    return Finding(proof.invariant, proof.lo, proof.en, len(rows), [str(row[0]) for row in rows[:SHOWN]])
