"""Payee: where a person is paid. The name is checked with the bank, a change cools for three days and is told to the old
phone, and the person can stop all payments at once (C4, C5, C43).
"""

import re
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.integrations.formats.iso20022.transfer import LONGEST_NAME, latin
from pakan.operations import steps
from pakan.operations.casework import Refused, person_or_nobody, tell
from pakan.operations.later import later
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.benefits import actions, queries
from pakan.registers.benefits.models import WHY, PayeeAccount, PaymentHold
from pakan.registers.people.models import Person
from pakan.units.number import latin_digits

__all__ = ["COOLING", "Refused", "accept_name", "add", "banks", "freeze", "thaw"]

COOLING = timedelta(hours=72)
LADDER = RetryStrategy(max_attempts=48, wait=300)
Check = PayeeAccount.Check


def banks() -> list[tuple[str, str, str]]:
    """Banks that the fund can pay to: name, in Lao, in English."""
    return [(name, *steps.bank_name(name)) for name in sorted(settings.BANKS)]


@verb("payee.add")
def add(actor: Actor, bank: str, number: str, name: str, *, person: Person | None = None) -> PayeeAccount:
    """The person's account from now on; the same one again changes nothing. `person`: whom staff do it for at a counter.

    Another one than before can be paid to after 72 hours only, and the old phone hears of it. The bank is asked about the
    name by a job. Raises Refused 'bank', 'number' or 'name' (Latin letters, as the bank writes it).
    """
    whose = _whose(actor, person)
    bare = re.sub(r"[\s.\-]", "", latin_digits(number))
    if bank not in settings.BANKS:
        raise Refused("bank")
    if not re.fullmatch(r"\d{6,20}", bare, re.ASCII):
        raise Refused("number")
    owner = " ".join(name.split()).upper()
    if not owner or latin(owner) != owner or len(owner) > LONGEST_NAME or not any(map(str.isalpha, owner)):
        raise Refused("name")
    actions.lock_person(whose.id)
    before = queries.payee_of(whose.id)
    remember(f"{bank} ••••{bare[-4:]}", person_id=whose.id, before=before.id if before else None)
    if before is not None and (before.bank, before.number, before.name) == (bank, bare, owner):
        return before
    ever = PayeeAccount.objects.filter(person=whose).exists()
    made = actions.put_payee(
        person_id=whose.id, bank=bank, number=bare, name=owner, at=actor.at, account_id=actor.account_id,
        usable_from=actor.at + COOLING if ever else actor.at,
    )  # fmt: skip
    later("payee.check", f"payee {made.id}", payee_id=made.id)
    if ever:
        also = [phone for phone in queries.phones_of(whose.id) if phone != whose.phone]
        tell(whose, f"payee:{made.id}", "payee_changed", actor.at, also=also, account=made.masked)
    return made


def _whose(actor: Actor, person: Person | None) -> Person:
    """A member's own, or the person whom staff named: a member never acts for another through this door."""
    if actor.person_id is not None:
        if person is not None and person.id != actor.person_id:
            raise Refused("unknown")
        return Person.objects.get(id=actor.person_id)
    if person is None:
        raise Refused("unknown")
    return person


@app.task(name="payee.check", retry=LADDER)
def check(payee_id: int) -> None:
    """Ask the bank whose account it is. Run twice, it asks twice and writes the same."""
    payee = PayeeAccount.objects.get(id=payee_id)
    if payee.check_result != Check.WAITING or payee.ended_at is not None:
        return
    said = steps.bank(payee.bank).check_account(payee.number, payee.name)
    _write(Actor.system(timezone.now(), f"bank {payee.bank}"), payee_id, said)


@verb("payee.check")
def _write(actor: Actor, payee_id: int, said: str) -> None:
    payee = PayeeAccount.objects.select_for_update(of=("self",)).select_related("person").get(id=payee_id)
    remember(f"{payee.bank} {payee.masked}", person_id=payee.person_id, said=said)
    if payee.check_result != Check.WAITING or payee.ended_at is not None:
        return
    actions.checked(payee, said, actor.at)
    if said in (Check.NO, Check.UNKNOWN):
        tell(payee.person, f"payee name:{payee.id}", "payee_name_wrong", actor.at, account=payee.masked)
    _go_on(payee)


def _go_on(payee: PayeeAccount) -> None:
    """What waited for this account may go on: held payouts, and claims that the machine may decide."""
    if payee.checked:
        later("payout.retry_held")
        later("award.look_at_claims_of", person_id=payee.person_id)


@verb("payee.accept_name")
def accept_name(actor: Actor, account_id: int, accepted: bool, why: str) -> PayeeAccount:
    """A person compared the names after the bank said "nearly". Raises Refused 'unknown', 'state', 'why', 'same_person'."""
    assert actor.account_id is not None
    payee = (
        PayeeAccount.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(id=account_id)
        .first()
    )
    if payee is None:
        raise Refused("unknown")
    why = " ".join(why.split())
    if not why or len(why) > WHY:
        raise Refused("why")
    if payee.check_result != Check.CLOSE or payee.ended_at is not None:
        raise Refused("state")
    if payee.asked_by_id == actor.account_id:
        raise Refused("same_person")
    actions.checked(payee, Check.ACCEPTED if accepted else Check.NO, actor.at, actor.account_id)
    remember(f"{payee.bank} {payee.masked}", person_id=payee.person_id, purpose=why, accepted=accepted)
    if not accepted:
        tell(payee.person, f"payee name:{payee.id}", "payee_name_wrong", actor.at, account=payee.masked)
    _go_on(payee)
    return payee


@verb("payee.freeze")
def freeze(actor: Actor) -> PaymentHold:
    """Stop all own payments, at once; frozen already, it is the same hold."""
    person_id = person_or_nobody(actor)
    assert actor.account_id is not None
    actions.lock_person(person_id)
    held = queries.hold_of(person_id) or actions.hold(person_id, actor.account_id, actor.at)
    remember(f"hold {held.id}", person_id=person_id)
    tell(Person.objects.get(id=person_id), f"hold:{held.id}", "payments_frozen", actor.at)
    return held


@verb("payee.thaw")
def thaw(actor: Actor) -> PaymentHold | None:
    """Let the own payments go on; None if they were not stopped. Every phone that was told of before hears it."""
    person_id = person_or_nobody(actor)
    assert actor.account_id is not None
    actions.lock_person(person_id)
    held = queries.hold_of(person_id)
    remember(f"hold {held.id if held else '-'}", person_id=person_id)
    if held is None:
        return None
    actions.let_go(held, actor.account_id, actor.at)
    person = Person.objects.get(id=person_id)
    also = [phone for phone in queries.phones_of(person_id) if phone != person.phone]
    tell(person, f"hold:{held.id}:off", "payments_thawed", actor.at, also=also)
    later("payout.retry_held")
    return held
