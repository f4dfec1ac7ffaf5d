"""Once: an act sent twice with one id is done once, and both times gets the same answer (A19, A21).

The id comes from the sender: a phone without network makes it, keeps it, and repeats it after silence. Row and act
stand in one transaction, so there is never one without the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pakan.registers.access.actor import Actor
from pakan.registers.submissions import actions, queries

__all__ = ["Answer", "OtherContent", "before", "once"]


@dataclass(frozen=True)
class Answer:
    """Where the person goes next, and what is said to her there: (level, words)."""

    location: str
    says: tuple[tuple[str, str], ...] = ()


class OtherContent(ValueError):
    """The id was used before for something else. `location`: what came of that."""

    def __init__(self, location: str) -> None:
        super().__init__("this id belongs to something else")
        self.location = location


def before(actor: Actor, key: UUID, digest: str) -> Answer | None:
    """What was answered under `key`; None if it is free. Raises OtherContent."""
    assert actor.account_id is not None, "an id belongs to an account"
    known = queries.submission(actor.account_id, key)
    if known is None:
        return None
    if known.digest != digest:
        raise OtherContent(known.location)
    return Answer(known.location, tuple((level, words) for level, words in known.says))


def once(actor: Actor, key: UUID, digest: str, act: Callable[[], Answer | None]) -> Answer | None:
    """Do `act` unless it was done under `key`; then the first answer again, and `act` is not called.

    `act` returns None where nothing was done: then nothing is kept, and the key is free. Raises OtherContent.
    """
    if actor.account_id is None:
        raise PermissionError("an id belongs to an account")
    with transaction.atomic():
        actions.hold(actor.account_id, key)
        if said := before(actor, key, digest):
            return said
        answer = act()
        if answer is not None:
            actions.keep(actor.account_id, key, digest, answer.location, answer.says, actor.at)
        return answer
