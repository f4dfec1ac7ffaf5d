"""Agree: what every matter between the fund and an employer has in common: who may ask, what is said, who is told.

Below the verbs that open and decide matters (plan, waive, dispute, appraise, refund, reach).
"""

from datetime import datetime
from typing import Any

from pakan.operations.speak import people_of, say
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.compliance import actions
from pakan.registers.compliance.models import ANSWER, TEXT, Matter
from pakan.registers.compliance.states import Kind, State, WrongMove, move
from pakan.registers.people.models import Employer

SHORT_NAME = 24  # letters of an employer's name in a message
LEAST = 10  # letters that a reason needs to be one


class Refused(ValueError):
    """Why nothing was asked or decided: `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def said(text: str, least: int = LEAST, most: int = TEXT) -> str:
    """The words with single spaces. Raises Refused 'short' or 'long'."""
    text = " ".join(text.split())
    if len(text) < least:
        raise Refused("short")
    if len(text) > most:
        raise Refused("long")
    return text


def opened(actor: Actor, kind: Kind, employer: Employer, **facts: Any) -> Matter:
    """A matter opened by a person; its employer must be locked. The database allows one of a kind and subject."""
    if actor.account_id is None:
        raise PermissionError("a request has a name")
    year = actor.today.year
    matter = actions.open_matter(kind, employer, actor.account_id, actor.at, year, **facts)
    remember(matter.number, employer_id=employer.id, kind=kind.value, amount=matter.amount, text=matter.text)
    return matter


def held(actor: Actor, matter: Matter, *kinds: Kind) -> Matter:
    """The matter, locked, with the employer's lock before it. Raises PermissionError for another kind."""
    actions.lock_employer(matter.employer_id)
    found = actions.lock(matter.number)
    if Kind(found.kind) not in kinds or actor.account_id is None:
        raise PermissionError(f"{matter.number} is no {', '.join(kinds)}")
    remember(found.number, employer_id=found.employer_id, person_id=found.person_id)
    return found


def second_person(actor: Actor, matter: Matter) -> int:
    """The account that decides. Raises Refused 'same_person' for whoever asked or agreed before."""
    assert actor.account_id is not None
    if actor.account_id in (matter.opened_by_id, matter.first_by_id):
        raise Refused("same_person")
    return actor.account_id


def decided(actor: Actor, matter: Matter, then: State, text: str) -> Matter:
    """Decide a held matter, and tell the employer's people. Raises Refused 'same_person' or 'state'."""
    account = second_person(actor, matter)
    remember(matter.number, answer=text, then=then.value)
    moved(matter, then)
    matter = actions.decide(matter, then, actor.at, account, said(text, most=ANSWER))
    tell(actor, matter, "matter_answered", then.value)
    return matter


def moved(matter: Matter, then: State) -> None:
    """Raises Refused 'state' where the table does not lead there."""
    try:
        move(matter.kind, matter.state, then)
    except WrongMove as wrong:
        raise Refused("state") from wrong


def withdrawn(actor: Actor, matter: Matter) -> Matter:
    """Who asked takes it back. Raises Refused 'state'."""
    moved(matter, State.WITHDRAWN)
    return actions.step(matter, State.WITHDRAWN, actor.at, actor.account_id)


def tell(actor: Actor, matter: Matter, wording: str, what: str, **values: str) -> int:
    """A message to each person who acts for the employer, once for `what` happened."""
    key = f"matter:{matter.id}:{what}"
    return tell_people(matter.employer_id, wording, key, actor.at, **{"number": matter.number} | values)


def tell_people(employer_id: int, wording: str, key: str, at: datetime, **values: str) -> int:
    """A message to each person who acts for an employer, once a key; how many were new."""
    rows = []
    for one in people_of(Employer.objects.filter(id=employer_id), at):
        lao = one["account__language"] == "lo" or not one["employer__name_en"]
        name = str(one["employer__name_lo" if lao else "employer__name_en"])[:SHORT_NAME]
        rows.append(
            {
                "key": f"{key}:{one['account_id']}",
                "wording": wording,
                "values": {"employer": name, "code": one["employer__code"]} | values,
                "language": one["account__language"],
                "phone": one["account__phone"],
                "account_id": one["account_id"],
            }
        )
    return say(rows, at)
