"""Old numbers of one person: an officer finds them, the person agrees, a second officer merges (C8, A5).

Nothing is moved: rows stay under the number they were written for, and who reads follows the alias. Both numbers sign in to
the one account, by its own phone; the old account's proofs end with the merge. Undoing is ending the alias, by two people
as well; who had the old account signs in with a code again. The machine proposes pairs and never merges.
"""

from datetime import datetime
from typing import Any

from pakan.operations.speak import say
from pakan.registers.access import actions as access
from pakan.registers.access import audit
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.verbs import verb
from pakan.registers.people import actions
from pakan.registers.people.models import Alias, Person
from pakan.registers.people.queries import aliases, likely_doubles


class Refused(ValueError):
    """Why nothing changed: 'unlikely', 'paired', 'own', 'gone', 'same_officer', 'not_agreed'."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _locked(alias_id: int) -> Alias:
    rows = Alias.objects.select_for_update(of=("self",)).select_related("old", "person")
    found = rows.filter(id=alias_id, refused_at=None, ended_at=None).first()
    if found is None:
        raise Refused("gone")
    return found


def _officer(actor: Actor, alias: Alias) -> int:
    """The officer's account; nobody merges numbers of his own."""
    assert actor.account_id is not None
    if actor.person_id in (alias.old_id, alias.person_id):
        raise Refused("own")
    return actor.account_id


def _note(alias: Alias, **facts: Any) -> None:
    """Kept where the person reads it, under the number that he uses."""
    audit.remember(f"numbers {alias.old.number} {alias.person.number}", person_id=alias.person_id, **facts)


def _tell(alias: Alias, wording: str, at: datetime) -> None:
    """To the person, on the telephones of both numbers: one of them may be in other hands."""
    account = Account.objects.filter(person=alias.person).first()
    rows = [
        {
            "key": f"{wording}:{alias.id}:{person.id}", "wording": wording, "values": {}, "phone": person.phone,
            "language": account.language if account else "lo", "person_id": person.id,
        }
        for person in (alias.person, alias.old)
    ]  # fmt: skip
    say(rows, at)


@verb("merge.propose")
def propose(actor: Actor, person: Person, old_id: int) -> Alias:
    """Propose that `old_id` is an old number of `person`. Raises Refused: 'unlikely', 'paired', 'own'."""
    likely = {other.id: (other, why) for other, why in likely_doubles(person)}
    if old_id not in likely:
        raise Refused("unlikely")
    if actor.person_id in (person.id, old_id):
        raise Refused("own")
    other, why = likely[old_id]
    assert actor.account_id is not None
    made = actions.propose_alias(other, person, why, actor.account_id, actor.at)
    if made is None:
        raise Refused("paired")
    _note(made, purpose=why)
    _tell(made, "numbers_found", actor.at)
    return made


@verb("merge.answer")
def answer(actor: Actor, alias_id: int, agrees: bool) -> None:
    """The person's own word; the page asks for a fresh proof before. Raises Refused 'gone' for another's."""
    alias = _locked(alias_id)
    if actor.person_id != alias.person_id or alias.agreed_at is not None:
        raise Refused("gone")
    _note(alias, agrees=agrees)
    if agrees:
        actions.change_alias(alias, agreed_at=actor.at, agreed_how=Alias.How.OWN)
    else:
        actions.change_alias(alias, refused_at=actor.at)


@verb("merge.paper")
def paper(actor: Actor, alias_id: int) -> None:
    """At a counter: the person agrees in front of the officer, who saw the paper. Raises Refused."""
    alias = _locked(alias_id)
    officer = _officer(actor, alias)
    if alias.agreed_at is not None:
        raise Refused("gone")
    _note(alias)
    actions.change_alias(alias, agreed_at=actor.at, agreed_how=Alias.How.PAPER, agreed_by=officer)


@verb("merge.decide")
def decide(actor: Actor, alias_id: int, merges: bool) -> None:
    """The second officer merges, or says no. Raises Refused: 'gone', 'not_agreed', 'same_officer', 'own'."""
    alias = _locked(alias_id)
    officer = _officer(actor, alias)
    if alias.merged_at is not None:
        raise Refused("gone")
    if officer in (alias.found_by, alias.agreed_by):
        raise Refused("same_officer")
    if merges and alias.agreed_at is None:
        raise Refused("not_agreed")
    _note(alias, merges=merges)
    if not merges:
        actions.change_alias(alias, refused_at=actor.at)
        return
    actions.change_alias(alias, merged_at=actor.at, merged_by=officer)
    _close(alias.old, actor.at)
    _tell(alias, "numbers_merged", actor.at)


def _close(old: Person, at: datetime) -> None:
    """There is one account from now on: PIN, browsers and sessions of the old one open nothing. What cools goes on cooling."""
    account = Account.objects.filter(person=old, kind=Account.Kind.MEMBER).first()
    if account is not None:
        access.close_all(account, at, max(at, account.cools_until or at))


@verb("merge.undo")
def undo(actor: Actor, alias_id: int) -> bool:
    """The first officer asks, a second one ends: whether it has ended. Raises Refused: 'gone', 'same_officer', 'own'."""
    alias = _locked(alias_id)
    officer = _officer(actor, alias)
    if alias.merged_at is None:
        raise Refused("gone")
    _note(alias)
    if alias.end_asked_by is None:
        actions.change_alias(alias, end_asked_by=officer, end_asked_at=actor.at)
        return False
    if alias.end_asked_by == officer:
        raise Refused("same_officer")
    actions.change_alias(alias, ended_by=officer, ended_at=actor.at)
    _tell(alias, "numbers_parted", actor.at)
    return True


def proposed_to(person_id: int) -> list[Alias]:
    """The pairs of one person: proposed, agreed, merged."""
    return list(aliases().filter(person_id=person_id))
