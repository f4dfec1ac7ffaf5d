"""At the counter: an account for who has no smartphone, and the way back for who lost phone or PIN (C2, C7).

An officer sees papers and hands over one secret on paper: a day, one use. Nobody sets a PIN for another person. It is
free, and says so.
"""

import secrets
from datetime import datetime, timedelta

from pakan.operations.enter.codes import TRIED_FROM_ONE_ADDRESS, TRIES, clean_number
from pakan.operations.enter.limits import digits, log, network
from pakan.operations.enter.phones import ask_at_desk
from pakan.operations.enter.pins import COOLS, notice
from pakan.operations.enter.sessions import account_of
from pakan.operations.speak import say
from pakan.registers.access import actions, audit
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, PaperSecret
from pakan.registers.access.verbs import verb
from pakan.registers.people.models import Person
from pakan.registers.people.queries import number_in_use, person_in_use

DAY = timedelta(days=1)
PAPERS = ("id_card", "family_book", "passport", "member_card")


class OwnAccount(PermissionError):
    """An officer does not open or recover his own account: somebody else does."""


@verb("enter.hand_paper")
def hand_paper(actor: Actor, person: Person, paper: str, phone: str = "") -> str:
    """Open or recover a person's account after seeing `paper`; the secret to print, twelve digits in groups of four.

    `phone` is another number, if it changes: it waits for a second officer. Nothing of the old access ends before the
    paper is used; the old contact is told now. Raises OwnAccount, ValueError for a paper that does not count.
    """
    if paper not in PAPERS:
        raise ValueError(f"{paper!r} is no paper that shows who somebody is")
    if person.id == actor.person_id:
        raise OwnAccount
    person = person_in_use(person)
    account = actions.member_account(person, actor.at)
    known = bool(account.pin) or account.last_login is not None
    purpose = PaperSecret.Purpose.RECOVER if known else PaperSecret.Purpose.HAND_OVER
    before = person.phone
    if phone:
        ask_at_desk(actor, account, phone)
    secret = f"{secrets.randbelow(10**12):012d}"
    row = actions.keep_paper(account, purpose, paper, secret, account_of(actor), actor.at)
    audit.remember(f"account of {person.number}", person_id=person.id, purpose=purpose.value, paper=paper)
    say([notice(account, "paper_handed", f"paper:{row.id}", before)], actor.at, at_once=True)
    return " ".join(secret[at : at + 4] for at in (0, 4, 8))


def use_paper(number: str, secret: str, at: datetime, address: str) -> tuple[Account, str] | None:
    """The account whose paper this is, once, and what the paper was for. None if wrong, late or used. Raises TooOften.

    A recovery ends every older proof here, and money and identity wait 72 hours. Tries count for the number that was
    typed, known or not.
    """
    number = clean_number(number)
    actions.count(f"try-from:{network(address)}", at, *TRIED_FROM_ONE_ADDRESS)
    for most, within in TRIES:
        actions.count(f"try-paper:{number}:{within}", at, most, within)
    paper = actions.use_paper(number_in_use(number), digits(secret), at, DAY)
    if paper is None or not paper.account.is_active:
        log.info("refused", extra={"facts": {"why": "paper"}})
        return None
    if paper.purpose == PaperSecret.Purpose.RECOVER:
        actions.close_all(paper.account, at, at + COOLS)
    actions.reach_level(paper.account, Account.Level.DESK)
    return paper.account, paper.purpose
