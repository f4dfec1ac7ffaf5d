"""What no way carried: a person calls, writes or goes there, and says so (C175)."""

from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.messages import actions
from pakan.registers.messages.models import Message


@verb("notify.told")
def told(actor: Actor, message: Message, how: str, note: str = "") -> bool:
    """It was told otherwise, or the person was not reached. False if somebody else was first."""
    if actor.account_id is None:
        raise PermissionError("who told it has a name")
    was_first = actions.told(message, actor.account_id, how, note[:300], actor.at)
    remember(f"message {message.id}", person_id=message.person_id, how=how)
    return was_first
