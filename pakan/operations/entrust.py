"""Entrust: a member lets a relative or helper look or act in his place; scoped, dated, taken back at once (C12).

The helper has an account of his own. Each of his looks and acts is a row of the owner's trail under the helper's name.
Money, telephone and the account itself are no scopes: no address of theirs asks here. Who claims for another claims for
the owner's own account, whichever it is, and never sees it.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

from pakan.operations.speak import say
from pakan.registers.access.actions import TooOften, count
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import look, remember
from pakan.registers.access.models import Account
from pakan.registers.access.verbs import verb
from pakan.registers.people.models import Person
from pakan.registers.relatives import actions, queries
from pakan.registers.relatives.models import Entrusted, Scope
from pakan.units.words import english_date, lao_date

__all__ = ["TooOften"]

LONGEST = timedelta(days=366)
MOST = 5  # helpers at a time
TRIES = (10, timedelta(days=1))  # numbers of helpers typed by one member


class Refused(ValueError):
    """Why nothing was given: `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def give(actor: Actor, number: str, born: date, scopes: Collection[str], until: date) -> Entrusted:
    """Let the member with this number and birth date look or act, as `scopes` say, until that day.

    Raises TooOften; Refused 'scopes', 'until', 'many', 'self', or 'nobody' (also for a number without an account).
    """
    count(f"entrust:{actor.account_id}", actor.at, *TRIES)
    return _give(actor, number, born, frozenset(scopes), until)


@verb("entrust.give")
def _give(actor: Actor, number: str, born: date, scopes: frozenset[str], until: date) -> Entrusted:
    owner = _person(actor)
    if not scopes or not scopes <= set(Scope.values):
        raise Refused("scopes")
    if not actor.today <= until <= actor.today + LONGEST:
        raise Refused("until")
    if len(queries.given_by(owner.id, actor.today)) >= MOST:
        raise Refused("many")
    holder = Account.objects.filter(
        person__number=number, person__birth_date=born, kind=Account.Kind.MEMBER, is_active=True
    ).first()
    if holder is None:
        raise Refused("nobody")
    if holder.id == actor.account_id:
        raise Refused("self")
    made = actions.give(owner, holder, sorted(scopes), until, actor.at)
    remember(f"helper {made.id}", person_id=owner.id, holder=holder.id, scopes=sorted(scopes), until=until)
    _tell(made, holder, owner, Account.objects.get(person=owner), actor)
    return made


def _tell(made: Entrusted, holder: Account, owner: Person, own: Account, actor: Actor) -> None:
    """Both hear of it: the helper that he may, the owner that he did."""
    days = {"day_lo": lao_date(made.until), "day_en": english_date(made.until)}
    rows = [
        {
            "key": f"entrusted:{made.id}:{account.id}",
            "wording": wording,
            "values": days | {"name": name[:40]},
            "language": account.language,
            "phone": account.phone,
            "person_id": account.person_id,
            "account_id": account.id,
        }
        for account, wording, name in (
            (holder, "entrusted_to_you", owner.name),
            (own, "entrusted_by_you", holder.full_name),
        )
    ]
    say(rows, actor.at)


def _person(actor: Actor) -> Person:
    if actor.person_id is None:
        raise PermissionError("only a member can entrust")
    return Person.objects.get(id=actor.person_id)


@verb("entrust.end")
def end(actor: Actor, key: str) -> bool:
    """Take it back: from the helper's next tap on nothing opens. False if there is none of the actor's."""
    owner = _person(actor)
    ended = actions.end(owner.id, key, actor.at)
    remember(f"helper {ended.id if ended else '-'}", person_id=owner.id)
    return ended is not None


def acting(actor: Actor, key: str, scope: str) -> tuple[Actor, Entrusted] | None:
    """The helper as he may act for the owner in this scope; None if nothing of it is in force. The look is kept."""
    if actor.account_id is None:
        return None
    found = queries.held(actor.account_id, key, scope, actor.today)
    if found is None:
        return None
    look(actor, scope, found.owner_id, "helper")
    return replace(actor, person_id=found.owner_id), found
