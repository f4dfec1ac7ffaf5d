"""Three law officers, and decrees as they type them."""

from datetime import date
from typing import Any

from pakan.operations import decree, enrol
from pakan.operations.decree import Entry
from pakan.registers.access.actor import Actor
from pakan.registers.access.roles import Role
from pakan.registers.decrees.models import Decree
from pakan.registers.decrees.queries import latest_rehearsal

PDF = b"%PDF-1.7\n% the decree, signed and stamped\n"


def law_officer(system: Actor, name: str) -> Actor:
    account = enrol.account(system, name, "staff", name, staff_roles=[Role.LAW_OFFICER.value])
    return Actor(name, system.at, "office", account.id, own=frozenset({Role.LAW_OFFICER}))


def entry(values: dict[str, str], first_day: date | None, group: str = "enterprise", **more: Any) -> Entry:
    facts: dict[str, Any] = {
        "cite": "Decision 99/MOLSW", "article": "3", "confidence": "high", "scan_name": "99.pdf", "scan": PDF,
    }  # fmt: skip
    return Entry(group=group, values=values, first_day=first_day, **(facts | more))


def sign(signer: Actor, entered: Decree) -> Decree:
    """Approve, having seen the latest rehearsal."""
    rehearsal = latest_rehearsal(entered)
    return decree.approve(signer, entered.id, rehearsal.id if rehearsal else 0)


def approved(officers: list[Actor], typed: Entry) -> Decree:
    """Entered by the first, rehearsed, signed by as many of the others as it takes."""
    entered = decree.enter(officers[0], typed)
    decree.rehearse(officers[0], entered.id)
    for signer in officers[1:]:
        if entered.state != "approved":
            entered = sign(signer, entered)
    assert entered.state == "approved"
    return entered
