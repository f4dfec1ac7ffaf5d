"""Where a person wants to be reached besides the phone on record: a browser that may be woken, an e-mail address."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from pakan.integrations import mail, push
from pakan.operations.later import later
from pakan.operations.notify.ways import signer
from pakan.registers.access.actions import count
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.messages import actions

MAIL_CODE_LIFE = timedelta(minutes=30)
TRIES = 5


class BadAddress(ValueError):
    """Not an address that we may use."""


def browser_key() -> str:
    """What a browser needs to subscribe."""
    return signer().public


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise PermissionError("only somebody with an account is reached")
    return actor.account_id


@verb("notify.subscribe")
def subscribe(actor: Actor, endpoint: str, public_key: str, secret: str) -> None:
    """This browser may be woken. Raises BadAddress for one that names no push service of the settings (A31)."""
    account_id = _account(actor)
    try:
        push.check(push.Browser(endpoint, public_key, secret), settings.PUSH_ORIGINS)
    except push.BadSubscription as fault:
        raise BadAddress(str(fault)) from fault
    row = actions.subscribe(account_id, endpoint, public_key, secret, actor.at)
    remember(f"browser {row.id}", person_id=actor.person_id)


@verb("notify.unsubscribe")
def unsubscribe(actor: Actor) -> int:
    """No browser of this account is woken any more; how many there were."""
    ended = actions.end_all_push(_account(actor), "asked", actor.at)
    remember("browsers", person_id=actor.person_id, ended=ended)
    return ended


@verb("notify.say_mail")
def say_mail(actor: Actor, address: str) -> None:
    """A code goes to this address; with it the address counts. Raises BadAddress, TooOften."""
    account_id = _account(actor)
    address = address.strip()
    if not mail.is_address(address):
        raise BadAddress("address")
    count(f"mail-code:{account_id}", actor.at, 5, timedelta(days=1))
    code = f"{secrets.randbelow(10**6):06}"
    actions.say_mail(account_id, address, code, actor.at)
    remember("e-mail address", person_id=actor.person_id)
    row = {
        "key": f"mail-code:{account_id}:{actor.at.isoformat()}", "wording": "mail_code", "values": {"code": code},
        "language": actor.language, "account_id": account_id,
    }  # fmt: skip
    with transaction.atomic():
        ids = actions.queue_now([row], actor.at)
        later("notify.send", message_ids=[*ids])


@verb("notify.confirm_mail")
def confirm_mail(actor: Actor, code: str) -> bool:
    """Whether this code was sent to the address; five tries, half an hour."""
    right = actions.confirm_mail(_account(actor), code.strip(), TRIES, actor.at - MAIL_CODE_LIFE, actor.at)
    remember("e-mail address", person_id=actor.person_id, confirmed=right)
    return right


@verb("notify.forget_mail")
def forget_mail(actor: Actor) -> None:
    actions.forget_mail(_account(actor))
    remember("e-mail address", person_id=actor.person_id)
