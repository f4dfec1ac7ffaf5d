"""Is this call real? Caller and person see the same six digits for five minutes; each reads one half (C6, abuse A40)."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings

from pakan.operations.enter.limits import digits
from pakan.operations.enter.sessions import account_of
from pakan.registers.access import actions, audit
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Call
from pakan.registers.access.verbs import verb
from pakan.registers.people.models import Person

LIFE = timedelta(minutes=5)
WHY = ("question", "missing_paper", "payment", "visit")


def halves(call: Call) -> tuple[str, str]:
    """Three digits that the caller says, and three that the person answers. Nothing of them is stored."""
    said = f"call:{call.id}:{call.person_id}:{call.began_at.isoformat()}"
    number = (
        int(hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest(), 16) % 10**6
    )
    return f"{number:06d}"[:3], f"{number:06d}"[3:]


@verb("enter.begin_call")
def begin_call(actor: Actor, person: Person, purpose: str) -> Call:
    """Begin a call with a purpose; the person can read who called, when and why."""
    if purpose not in WHY:
        raise ValueError(f"{purpose!r} is no purpose of a call")
    audit.remember(f"call to {person.number}", person_id=person.id, purpose=f"call: {purpose}")
    return actions.begin_call(person, account_of(actor), purpose, actor.at)


@verb("enter.answer_call")
def answer_call(actor: Actor, call: Call, half: str) -> bool:
    """Whether the person said the second half: then it is who opened the account. Three tries."""
    if call.by_id != actor.account_id or not is_living(call, actor.at):
        return False
    audit.remember(f"call {call.id}", person_id=call.person_id)
    return actions.answer_call(call, digits(half), halves(call)[1], actor.at)


def is_living(call: Call, at: datetime) -> bool:
    return call.began_at <= at < call.began_at + LIFE


def call_to(person_id: int, at: datetime) -> Call | None:
    """The call that is being made to a person now, by us; None: then it is not us."""
    return (
        Call.objects.filter(person_id=person_id, began_at__gt=at - LIFE, began_at__lte=at)
        .select_related("by").order_by("-began_at").first()
    )  # fmt: skip


def call_by(actor: Actor, call_id: int) -> Call | None:
    """One's own call that still lives."""
    found = Call.objects.filter(id=call_id, by=account_of(actor)).select_related("person").first()
    return found if found and is_living(found, actor.at) else None
