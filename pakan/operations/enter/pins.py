"""A member's PIN and the browsers that he is remembered on (C1, C3, C180).

The PIN serves only beside something one has: a remembered browser or an open session. Nothing here asks what time
the phone thinks it is.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest

from pakan.operations.enter.limits import DAY, log
from pakan.operations.enter.sessions import NotFresh, account_of, begin, by_state, proved, renew
from pakan.operations.speak import say
from pakan.registers.access import actions, audit
from pakan.registers.access.actions import PIN_TRIES
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, Device, SignIn
from pakan.registers.access.queries import device_digest
from pakan.registers.access.verbs import verb
from pakan.units.pin import BadPin, clean_pin, new_pin

COOLS = timedelta(hours=72)
PINS = (50, DAY)  # tried for one account, wherever


class PinLocked(PermissionError):
    """Five wrong PINs in a row: this browser is forgotten, and a code has to come again."""


# Setting it


def choose_pin(request: HttpRequest, actor: Actor, typed: str) -> None:
    """Set the actor's own PIN, the first one or another. Raises BadPin, NotFresh.

    A first PIN that stands on nothing but a code waits 72 hours before it counts for money and identity: who took over
    a number must not get further than looking (A10). Papers at a desk, or a passkey, need no waiting.
    """
    account = account_of(actor)
    if account.pin and not proved(request, actor.at):
        raise NotFresh
    person = account.person
    assert person is not None  # only members have a PIN
    pin = new_pin(typed, person.birth_date, (person.number, person.phone, person.national_id))
    sure = proved(request, actor.at) or request.session.get("paper") == "hand_over"
    # Another PIN on the State's identity alone is a recovery, and waits as one.
    if account.pin and by_state(request):
        sure = False
    _set_pin(actor, pin, None if sure else actor.at + COOLS)
    renew(request, account, "pin", actor.at)


@verb("enter.set_pin")
def _set_pin(actor: Actor, pin: str, cools_until: datetime | None) -> None:
    account = account_of(actor)
    audit.remember(f"account {account.id}", person_id=actor.person_id, cools_until=cools_until)
    actions.set_pin(account, pin, cools_until)
    assert account.person is not None
    say(
        [notice(account, "pin_set", f"pin:{account.id}:{actor.at.isoformat()}", account.person.phone)],
        actor.at,
    )


def notice(account: Account, wording: str, key: str, phone: str, **values: str) -> dict[str, object]:
    """A message to a member about his own way in: to this telephone, and to the inbox.

    Not to the account's browsers or e-mail: those may be in the wrong hands already.
    """
    return {
        "key": key, "wording": wording, "values": values, "language": account.language, "phone": phone,
        "person_id": account.person_id,
    }  # fmt: skip


# Showing it


def _right(row: Device | SignIn, account: Account, typed: str, at: datetime) -> bool:
    """Whether `typed` is the PIN. Raises PinLocked at the fifth wrong one in a row, TooOften after 50 in a day."""
    try:
        pin = clean_pin(typed)
    except BadPin:
        return False
    actions.count(f"pin:{account.id}", at, *PINS)
    if actions.try_pin(row, account, pin):
        return True
    log.info("refused", extra={"facts": {"why": "pin"}})
    if row.tries >= PIN_TRIES:
        raise PinLocked
    return False


def prove_pin(request: HttpRequest, typed: str, at: datetime) -> bool:
    """Open a locked session, or prove oneself anew, by PIN. Raises PinLocked (the session has ended then), TooOften."""
    sign_in: SignIn | None = getattr(request, "sign_in", None)
    if sign_in is None or not sign_in.account.pin:
        return False
    device = sign_in.device if sign_in.device_id else None
    try:
        if not _right(device or sign_in, sign_in.account, typed, at):
            return False
    except PinLocked:
        with transaction.atomic():
            if device:
                actions.forget(device, at)
            actions.end_session(sign_in.session_key, at)
        raise
    renew(request, sign_in.account, "pin", at)
    return True


def open_with_pin(request: HttpRequest, device: Device, typed: str, at: datetime) -> bool:
    """Sign in on a remembered browser. Raises PinLocked (the browser is forgotten then), TooOften."""
    try:
        if not _right(device, device.account, typed, at):
            return False
    except PinLocked:
        actions.forget(device, at)
        raise
    actions.used(device, at)
    begin(request, device.account, "member", "pin", at, device)
    return True


# Remembered browsers


def new_secret() -> str:
    """What a browser is known by: random, kept in a cookie that no script reads."""
    return secrets.token_urlsafe(32)


@verb("enter.remember_device")
def remember(actor: Actor, secret: str, name: str, session_key: str) -> Device:
    """Remember the actor on this browser: from now on his PIN opens it here. He must have one."""
    account = account_of(actor)
    if not account.pin:
        raise PermissionError("a browser is remembered for who has a PIN")
    device = actions.remember(account, secret, name, actor.at)
    SignIn.objects.filter(account=account, session_key=session_key).update(device=device)
    audit.remember(f"account {account.id}", device=device.handle)
    return device


@verb("enter.forget_device")
def forget_device(actor: Actor, handle: str) -> bool:
    """Forget one of one's own browsers: it opens nothing any more, at once. False if it is not there, or another's."""
    device = Device.objects.filter(handle=handle, account=account_of(actor), ended_at=None).first()
    if device is None:
        return False
    audit.remember(f"account {device.account_id}", device=handle)
    actions.forget(device, actor.at)
    return True


@verb("enter.hide_amounts")
def hide_amounts(actor: Actor, device: Device, hides: bool) -> None:
    """Whether amounts stay hidden on this browser until they are tapped (C180)."""
    if device.account_id != actor.account_id:
        raise PermissionError("only on one's own browser")
    audit.remember(f"device {device.handle}", hides=hides)
    actions.hide_amounts(device, hides)


def device_here(secret: str, account_id: int) -> Device | None:
    """The row of this browser for this account, if it is remembered."""
    return Device.objects.filter(
        digest=device_digest(secret), account_id=account_id, ended_at=None
    ).first() if secret else None  # fmt: skip
