"""Ally: an agreement with another fund or office to take in its money with our bills (C109).

One finance officer enters it with its document, another approves it; nothing shows before. Two also end it early. The bank is
asked whose the account is before anybody approves.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from procrastinate.types import JSONValue

from pakan.integrations.banks.bank import BankUnreachable
from pakan.integrations.formats.iso20022.transfer import LONGEST_NAME, latin
from pakan.operations import steps
from pakan.operations.apart import Refused, Wrong
from pakan.operations.later import later
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.funds import actions, queries
from pakan.registers.funds.models import BASIS, COLLECTS, NAME, WHY, Agreement
from pakan.registers.payments import actions as payments
from pakan.units.number import latin_digits

__all__ = ["BankUnreachable", "Refused", "Terms", "Wrong", "approve", "ask_end", "end", "enter", "refuse"]

MOST_DAYS = 90
LONGEST = timedelta(days=5 * 366)
LEAST = 10  # letters that a reason needs to be one


@dataclass(frozen=True)
class Terms:
    """An agreement as it stands in its document."""

    code: str
    name_lo: str
    name_en: str
    collects_lo: str
    collects_en: str
    bank: str
    account: str
    account_name: str
    basis: str
    basis_on: date
    starts: date
    ends: date
    days: int


def banks() -> list[tuple[str, str, str]]:
    """Banks through which a fund can be paid: name, in Lao, in English."""
    return [(name, *steps.bank_name(name)) for name in sorted(settings.BANKS)]


def enter(actor: Actor, terms: Terms) -> Agreement:
    """Enter an agreement; another officer approves it. Raises Wrong; BankUnreachable."""
    clean = _clean(terms)
    problems = _problems(clean, actor.today)
    if problems:
        raise Wrong(problems)
    said = str(steps.bank(clean.bank).check_account(clean.account, clean.account_name))
    if said in ("no", "unknown"):
        raise Wrong({"account": said})
    return _enter(actor, clean, said)


def _clean(terms: Terms) -> Terms:
    texts = {name: " ".join(value.split()) for name, value in vars(terms).items() if isinstance(value, str)}
    texts["code"] = texts["code"].upper()
    texts["account_name"] = texts["account_name"].upper()
    texts["account"] = re.sub(r"[\s.\-]", "", latin_digits(terms.account))
    return Terms(**{**vars(terms), **texts})


def _problems(terms: Terms, today: date) -> dict[str, str]:
    """Every fault at once."""
    found = {}
    if not re.fullmatch(r"[A-Z][A-Z0-9]{1,7}", terms.code, re.ASCII):
        found["code"] = "code"
    most = {
        "name_lo": NAME,
        "name_en": NAME,
        "collects_lo": COLLECTS,
        "collects_en": COLLECTS,
        "basis": BASIS,
    }
    found |= {name: "text" for name, longest in most.items() if not 3 <= len(getattr(terms, name)) <= longest}
    if terms.bank not in settings.BANKS:
        found["bank"] = "bank"
    if not re.fullmatch(r"\d{6,20}", terms.account, re.ASCII):
        found["account"] = "account"
    owner = terms.account_name
    if not owner or latin(owner) != owner or len(owner) > LONGEST_NAME or not any(map(str.isalpha, owner)):
        found["account_name"] = "latin"
    if terms.basis_on > today:
        found["basis_on"] = "future"
    if terms.ends < terms.starts or terms.ends < today or terms.ends > terms.starts + LONGEST:
        found["ends"] = "days"
    if not 1 <= terms.days <= MOST_DAYS:
        found["days"] = "most_days"
    return found


@verb("ally.enter")
def _enter(actor: Actor, terms: Terms, said: str) -> Agreement:
    assert actor.account_id is not None
    actions.lock_fund(terms.code)
    if any(one.code == terms.code and one.decided_at is None for one in queries.agreements()):
        raise Wrong({"code": "waits"})
    made = actions.enter(**vars(terms), name_check=said, entered_at=actor.at, entered_by_id=actor.account_id)
    remember(f"agreement {made.id}", code=made.code, account=made.masked, starts=made.starts, ends=made.ends)
    return made


def _held(actor: Actor, agreement: Agreement) -> tuple[Agreement, int]:
    assert actor.account_id is not None
    actions.lock_fund(agreement.code)
    held = actions.lock_agreement(agreement.id)
    remember(f"agreement {held.id}", code=held.code)
    return held, actor.account_id


@verb("ally.approve")
def approve(actor: Actor, agreement: Agreement) -> Agreement:
    """A second officer agrees: from its first day employers may add lines. Raises Refused 'state', 'same_person', 'overlap'."""
    held, account = _held(actor, agreement)
    _undecided(held, account)
    if queries.overlapping(held):
        raise Refused("overlap")
    actions.decide(held, True, account, actor.at)
    return held


@verb("ally.refuse")
def refuse(actor: Actor, agreement: Agreement) -> Agreement:
    """A second officer does not agree: it never holds. Raises Refused 'state' or 'same_person'."""
    held, account = _held(actor, agreement)
    _undecided(held, account)
    actions.decide(held, False, account, actor.at)
    return held


def _undecided(held: Agreement, account: int) -> None:
    if held.decided_at is not None:
        raise Refused("state")
    if held.entered_by_id == account:
        raise Refused("same_person")


@verb("ally.ask_end")
def ask_end(actor: Actor, agreement: Agreement, last_day: date, why: str) -> Agreement:
    """Ask that it ends early, on a day from today on. Raises Wrong 'last_day', 'why'; Refused 'state'."""
    held, account = _held(actor, agreement)
    why = " ".join(why.split())
    if not held.approved or held.ended_at is not None or held.last_day < actor.today:
        raise Refused("state")
    found = {}
    if not actor.today <= last_day <= held.ends:
        found["last_day"] = "last_day"
    if not LEAST <= len(why) <= WHY:
        found["why"] = "why"
    if found:
        raise Wrong(found)
    actions.ask_end(held, last_day, why, account)
    remember(f"agreement {held.id}", last_day=last_day, why=why)
    return held


@verb("ally.end")
def end(actor: Actor, agreement: Agreement) -> Agreement:
    """Another officer agrees to the end. Bills that could be paid with its lines afterwards are replaced.

    Raises Refused 'state', 'same_person'; 'past' where the day went by meanwhile.
    """
    held, account = _held(actor, agreement)
    if held.end_asked_on is None or held.ended_at is not None:
        raise Refused("state")
    if held.end_asked_by_id == account:
        raise Refused("same_person")
    if held.end_asked_on < actor.today:
        raise Refused("past")
    actions.end(held, account, actor.at)
    for bill in payments.supersede_bills(queries.bills_with(held), held.last_day):
        months = list[JSONValue](str(line.month) for line in bill.lines.all())
        later("collect.ask_again", employer_id=bill.employer_id, months=months)
    return held
