"""A new phone number: the old one is told and keeps the codes for 72 hours, and can stop it (C4, abuse A10)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.operations.enter.codes import CODES, TRIES
from pakan.operations.enter.limits import digits
from pakan.operations.enter.pins import COOLS, notice
from pakan.operations.enter.sessions import account_of, need_fresh
from pakan.operations.later import later
from pakan.operations.speak import say
from pakan.registers.access import actions, audit
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Account, PhoneChange
from pakan.registers.access.verbs import verb
from pakan.registers.messages import actions as messages
from pakan.registers.people.models import Person
from pakan.units.number import masked_phone
from pakan.units.words import english_date, lao_date

PURPOSE = "phone"
LADDER = RetryStrategy(max_attempts=6, wait=300)


class SamePhone(ValueError):
    """This number is the person's already."""


class AlreadyChanging(ValueError):
    """One change at a time: the other one holds soon, or is stopped first."""


def ask_new_phone(request: HttpRequest, actor: Actor, phone: str, language: str = "lo") -> str:
    """Send a code to the new number; its token. Raises NotFresh, SamePhone, AlreadyChanging, TooOften."""
    need_fresh(request, actor.at)
    person = _person(account_of(actor))
    if phone == person.phone:
        raise SamePhone
    if PhoneChange.objects.filter(person=person, done_at=None, stopped_at=None).exists():
        raise AlreadyChanging
    for most, within in CODES:
        actions.count(f"code:{phone}:{within}", actor.at, most, within)
    with transaction.atomic():
        token, code = actions.make_code(person, PURPOSE, actor.at)
        row = {
            "key": f"phone-code:{token}", "wording": "phone_code", "values": {"code": code}, "language": language,
            "phone": phone,
        }  # fmt: skip
        later("notify.send", message_ids=list[Any](messages.queue([row], actor.at)))
    return token


def _person(account: Account) -> Person:
    if account.person is None:
        raise PermissionError("only a person has a phone on record")
    return account.person


def confirm_new_phone(
    request: HttpRequest, actor: Actor, phone: str, token: str, code: str
) -> PhoneChange | None:
    """The code of the new phone was typed: from now the 72 hours run. None if it is wrong. Raises NotFresh, TooOften."""
    need_fresh(request, actor.at)
    for most, within in TRIES:
        actions.count(f"try-phone:{actor.account_id}:{within}", actor.at, most, within)
    owner = actions.use_code(token, digits(code), PURPOSE, actor.at)
    if owner is None or owner.id != actor.person_id:
        return None
    return _change(actor, phone)


@verb("enter.change_phone")
def _change(actor: Actor, phone: str) -> PhoneChange:
    account = account_of(actor)
    person = _person(account)
    change = actions.begin_phone_change(
        person, PhoneChange.Way.OWN, phone, account, actor.at, actor.at + COOLS
    )
    audit.remember(f"phone of {person.number}", person_id=person.id, old=person.phone, new=phone)
    say([_told(account, change)], actor.at, at_once=True)
    later("enter.phone_due", not_before=change.holds_from, change_id=change.id)
    return change


def _told(account: Account, change: PhoneChange) -> dict[str, object]:
    """The notice to the old number (to the inbox alone, where there was none)."""
    day = change.holds_from.astimezone(VIENTIANE).date()
    return notice(
        account, "phone_changes" if change.way == PhoneChange.Way.OWN else "phone_changed", f"phone:{change.id}",
        change.old, number=masked_phone(change.new), day_lo=lao_date(day), day_en=english_date(day),
    )  # fmt: skip


@verb("enter.stop_phone")
def stop_phone(actor: Actor, session_key: str) -> bool:
    """ "It was not me": the change is stopped, and every proof of the account opens nothing any more. False if none waits.

    The old phone's code is enough for it: stopping gives nobody anything.
    """
    account = account_of(actor)
    person = _person(account)
    if not actions.stop_phone_change(person, actor.at):
        return False
    actions.close_all(account, actor.at, actor.at + COOLS, session_key)
    audit.remember(f"phone of {person.number}", person_id=person.id)
    say([notice(account, "phone_stopped", f"phone-stopped:{person.id}:{actor.at.isoformat()}", person.phone)],
        actor.at, at_once=True)  # fmt: skip
    return True


@verb("enter.hold_phone")
def hold_phone(actor: Actor, change_id: int) -> bool:
    """After 72 hours nobody stopped it: the new number holds. Run twice, or too early, it changes nothing."""
    change = actions.due_phone_change(change_id, actor.at)
    if change is None or change.way != PhoneChange.Way.OWN:
        return False
    audit.remember(
        f"phone of {change.person.number}", person_id=change.person_id, old=change.old, new=change.new
    )
    actions.finish_phone_change(change, actor.at)
    return True


@app.task(name="enter.phone_due", retry=LADDER)
def phone_due(change_id: int) -> None:
    hold_phone(Actor.system(timezone.now(), "enter"), change_id)


def ask_at_desk(actor: Actor, account: Account, phone: str) -> None:
    """At a counter, with papers seen: the new number waits for a second officer, and nothing goes to it before (A10)."""
    person = _person(account)
    if phone == person.phone:
        return
    actions.stop_phone_change(person, actor.at)
    actions.begin_phone_change(person, PhoneChange.Way.DESK, phone, account_of(actor), actor.at, actor.at)


class OwnChange(PermissionError):
    """Who took the new number at the counter, or whose number it is, does not confirm it."""


def desk_changes() -> list[PhoneChange]:
    """New numbers from counters that wait for a second officer, the oldest first."""
    rows = PhoneChange.objects.filter(way=PhoneChange.Way.DESK, done_at=None, stopped_at=None)
    return list(rows.select_related("person", "by").order_by("asked_at"))


@verb("enter.confirm_phone")
def confirm_phone(actor: Actor, change_id: int, holds: bool) -> bool:
    """A second officer's word on a new number: it holds, or is stopped. The old one is told, codes to the new one only look.

    False if nothing waits under this id. Raises OwnChange.
    """
    change = actions.due_phone_change(change_id, actor.at)
    if change is None or change.way != PhoneChange.Way.DESK:
        return False
    if actor.account_id == change.by_id or actor.person_id == change.person_id:
        raise OwnChange
    audit.remember(
        f"phone of {change.person.number}",
        person_id=change.person_id,
        old=change.old,
        new=change.new,
        holds=holds,
    )
    if not holds:
        return actions.stop_phone_change(change.person, actor.at)
    actions.confirm_phone_change(change, account_of(actor))
    actions.finish_phone_change(change, actor.at)
    account = actions.member_account(change.person, actor.at)
    actions.cool(account, actor.at + COOLS)
    say([_told(account, change)], actor.at, at_once=True)
    return True


def open_change(person_id: int, at: datetime) -> PhoneChange | None:
    """The change that waits, if any."""
    return PhoneChange.objects.filter(person_id=person_id, done_at=None, stopped_at=None).first()
