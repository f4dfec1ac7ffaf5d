"""Roles, and the one table of who may open which address and call which verb (permissions.toml)."""

import functools
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Role(StrEnum):
    ANYONE = "anyone"
    MEMBER = "member"
    EMPLOYER_READER = "employer_reader"
    EMPLOYER_PREPARER = "employer_preparer"
    EMPLOYER_APPROVER = "employer_approver"
    EMPLOYER_ADMINISTRATOR = "employer_administrator"
    FINANCE = "finance"
    REGISTRAR = "registrar"
    AUDITOR = "auditor"
    LAW_OFFICER = "law_officer"
    BENEFITS_OFFICER = "benefits_officer"
    INSPECTOR = "inspector"
    COMMUNICATOR = "communicator"
    BANK = "bank"
    TELCO = "telco"
    SYSTEM = "system"


EMPLOYER_ROLES = frozenset(role for role in Role if role.startswith("employer_"))
STAFF_ROLES = frozenset(
    {
        Role.FINANCE,
        Role.REGISTRAR,
        Role.AUDITOR,
        Role.LAW_OFFICER,
        Role.BENEFITS_OFFICER,
        Role.INSPECTOR,
        Role.COMMUNICATOR,
    }
)


@dataclass(frozen=True)
class Permissions:
    addresses: dict[str, frozenset[Role]]
    verbs: dict[str, frozenset[Role]]


@functools.cache
def permissions() -> Permissions:
    """The table. A role that is not one of ours fails here, at start."""
    table = tomllib.loads((Path(__file__).parent / "permissions.toml").read_text(encoding="utf-8"))

    def read(part: str) -> dict[str, frozenset[Role]]:
        return {name: frozenset(Role(role) for role in roles) for name, roles in table[part].items()}

    return Permissions(read("address"), read("verb"))
