"""Giving and ending what a member entrusts."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from pakan.registers.access.models import Account
from pakan.registers.people.models import Person
from pakan.registers.relatives.models import Entrusted


def give(owner: Person, holder: Account, scopes: Sequence[str], until: date, at: datetime) -> Entrusted:
    """A new one; the one before to the same holder ends."""
    Person.objects.select_for_update(no_key=True).only("id").get(id=owner.id)
    Entrusted.objects.filter(owner=owner, holder=holder, ended_at=None).update(ended_at=at)
    return Entrusted.objects.create(
        key=secrets.token_urlsafe(18),
        owner=owner,
        holder=holder,
        scopes=sorted(scopes),
        made_at=at,
        until=until,
    )


def end(owner_id: int, key: str, at: datetime) -> Entrusted | None:
    """None if the owner has no such living one."""
    found = (
        Entrusted.objects.select_for_update(of=("self",))
        .select_related("holder")
        .filter(owner_id=owner_id, key=key, ended_at=None)
        .first()
    )
    if found is not None:
        found.ended_at = at
        found.save(update_fields=["ended_at"])
    return found
