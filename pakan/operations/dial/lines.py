"""Whose telephone it is, and by which PIN its keys open.

The number that calls is a hint and no proof; the PIN is the proof, and serves only beside a number on record.
"""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.http import HttpRequest

from pakan.operations.enter.limits import digits
from pakan.operations.enter.pins import PINS
from pakan.operations.enter.sessions import account_of, need_fresh
from pakan.operations.later import later
from pakan.operations.speak import say
from pakan.registers.access import actions as access
from pakan.registers.access.actions import CODE_LIFE, TooOften
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import Account
from pakan.registers.access.queries import actor_of
from pakan.registers.access.verbs import verb
from pakan.registers.keypads import actions
from pakan.registers.keypads.models import Line
from pakan.registers.keypads.queries import asked_line, declaring_line, line_of_account
from pakan.registers.messages import actions as messages
from pakan.units.number import masked_phone
from pakan.units.pin import BadPin, clean_pin, new_pin

DOOR = "phone"
CODES = (5, access.CODE_LIFE * 12)  # codes for one number in an hour


class Verdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    NO_PIN = "no pin"


class Taken(ValueError):
    """Another account declares with this number."""


def declaring(phone: str) -> Account | None:
    """The account that declares for companies from this telephone."""
    line = declaring_line(phone)
    return line.account if line else None


def keys_of(actor: Actor) -> Line | None:
    """The telephone that the actor declares with."""
    return line_of_account(actor.account_id or 0)


def actor_on(account: Account, at: datetime, request: str) -> Actor:
    """The account as it acts by telephone keys."""
    return actor_of(account, at, DOOR, request, account.language)


# The PIN


def prove(account: Account, phone: str, typed: str, at: datetime, request: str) -> Verdict:
    """Whether `typed` is the account's PIN, on this telephone. Five wrong ones in a row close it for a day."""
    line = actions.line_of(account, phone, at)
    if line.closed_until is not None and at < line.closed_until:
        return Verdict.LOCKED
    if not account.pin:
        return Verdict.NO_PIN
    try:
        pin = clean_pin(typed)
        access.count(f"pin:{account.id}", at, *PINS)
    except BadPin:
        return Verdict.WRONG
    except TooOften:
        return Verdict.LOCKED
    if actions.try_pin(line, pin, at):
        _opened(actor_on(account, at, request), phone)
        return Verdict.RIGHT
    if line.closed_until is None:
        return Verdict.WRONG
    _tell_closed(account, line, at)
    return Verdict.LOCKED


@verb("dial.open")
def _opened(actor: Actor, phone: str) -> None:
    remember(
        f"account {actor.account_id}", person_id=actor.person_id, purpose="pin", phone=masked_phone(phone)
    )


def _tell_closed(account: Account, line: Line, at: datetime) -> None:
    row = {
        "key": f"keypad-closed:{line.id}:{at.isoformat()}", "wording": "keypad_closed", "values": {},
        "language": account.language, "phone": line.phone, "account_id": account.id, "person_id": account.person_id,
    }  # fmt: skip
    say([row], at, at_once=True)


def turned_away(phone: str, at: datetime) -> Verdict:
    """A PIN typed for a number that is not of this telephone: counted like a wrong one, and never right."""
    try:
        access.count(f"keypad-nobody:{phone}", at, actions.PIN_TRIES - 1, actions.CLOSED)
    except TooOften:
        return Verdict.LOCKED
    return Verdict.WRONG


# Opening the keys for companies, on the web


def ask_keys(request: HttpRequest, actor: Actor, phone: str, pin: str) -> Line:
    """Keep the PIN and send a code to the number. Raises NotFresh, BadPin, Taken, TooOften."""
    need_fresh(request, actor.at)
    account = account_of(actor)
    chosen = new_pin(pin, None, (phone, account.phone))
    other = declaring_line(phone)
    if other is not None and other.account_id != account.id:
        raise Taken
    access.count(f"code:{phone}:keys", actor.at, *CODES)
    return _ask(actor, phone, chosen)


@verb("dial.ask_keys")
def _ask(actor: Actor, phone: str, pin: str) -> Line:
    account = account_of(actor)
    remember(f"keys of account {account.id}", phone=masked_phone(phone))
    access.set_pin(account, pin, None)
    code = f"{secrets.randbelow(10**6):06d}"
    line = actions.ask_line(account, phone, code, actor.at)
    row = {
        "key": f"keypad-code:{line.id}:{actor.at.isoformat()}", "wording": "phone_code", "values": {"code": code},
        "language": account.language, "phone": phone,
    }  # fmt: skip
    later("notify.send", message_ids=list[Any](messages.queue([row], actor.at)))
    return line


@verb("dial.confirm_keys")
def confirm_keys(actor: Actor, line_id: object, code: str) -> bool:
    """The code that came to the number was typed: from now on its keys declare. False if wrong, late or used."""
    line = asked_line(actor.account_id or 0, line_id)
    remember(f"keys of account {actor.account_id}")
    if line is None or declaring_by_other(line):
        return False
    if not actions.use_code(line, digits(code), actor.at, CODE_LIFE):
        return False
    for old in Line.objects.filter(account_id=line.account_id, declares=True, ended_at=None).exclude(
        id=line.id
    ):
        actions.end_line(old, actor.at)
    return True


def declaring_by_other(line: Line) -> bool:
    other = declaring_line(line.phone)
    return other is not None and other.account_id != line.account_id


@verb("dial.end_keys")
def end_keys(actor: Actor) -> bool:
    """No telephone declares for the actor any more, at once. Stopping gives nobody anything: it needs no fresh proof."""
    account = account_of(actor)
    remember(f"keys of account {account.id}")
    return bool(actions.end_lines(account, actor.at))
