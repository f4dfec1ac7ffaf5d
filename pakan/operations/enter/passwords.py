"""Password, then the second factor: how employers and staff come in. A password alone opens nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from django.contrib.auth import HASH_SESSION_KEY, authenticate
from django.db import transaction
from django.http import HttpRequest
from django_otp.plugins.otp_totp.models import TOTPDevice

from pakan.operations.enter.limits import DAY, digits, log
from pakan.operations.enter.sessions import account_of, need_fresh, own, renew
from pakan.registers.access import actions, audit
from pakan.registers.access.actions import TooOften
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.queries import passkeys_of
from pakan.registers.access.verbs import verb

PASSWORDS = (100, DAY)  # of one account, from all addresses; django-axes locks far earlier per address
HALF_WAY = timedelta(minutes=10)


def check_password(request: HttpRequest, sign_in: str, password: str) -> Account | None:
    """The account of an employer or of staff; nothing is open yet. Raises TooOften after 100 tries in a day.

    django-axes counts failures for name and address together and answers with its own page (429).
    """
    name = sign_in.strip().lower()[:120]
    actions.count(f"password:{name}", _now(request), *PASSWORDS)
    # By the field's own name: django-axes counts under it, and would count "username" for nobody.
    found = authenticate(request, sign_in=name, password=password)
    if isinstance(found, Account) and found.kind in (Account.Kind.EMPLOYER, Account.Kind.STAFF):
        return found
    log.info("refused", extra={"facts": {"why": "password"}})
    return None


def _now(request: HttpRequest) -> datetime:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor.at


def wait_at_second(request: HttpRequest, account: Account, at: datetime, goes_to: str) -> None:
    """The password was right: keep so in a new session until the second factor, ten minutes at most."""
    request.session.cycle_key()
    request.session["half_way"] = {"account": account.id, "at": at.isoformat(), "goes_to": goes_to}


def half_way(request: HttpRequest, at: datetime) -> tuple[Account, str] | None:
    """Who gave the right password in this session a short while ago, and where he wants to go."""
    kept = request.session.get("half_way")
    if not kept or at - datetime.fromisoformat(kept["at"]) > HALF_WAY:
        return None
    account = Account.objects.filter(id=kept["account"], is_active=True).first()
    return (account, kept["goes_to"]) if account else None


def _totp(account: Account, confirmed: bool) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=account, confirmed=confirmed).order_by("id").first()


def has_second(account: Account) -> bool:
    """Whether a second factor is set up; with one, another is added only behind it."""
    return _totp(account, confirmed=True) is not None or bool(passkeys_of(account))


def check_totp(account: Account, code: str) -> bool:
    """Whether `code` is the authenticator's code now; each counts once. Raises TooOften (1, 2, 4, 8 … seconds)."""
    with transaction.atomic():
        held = _verify(account, code, confirmed=True)
    return _outcome(held)


def _verify(account: Account, code: str, confirmed: bool) -> TOTPDevice | TooOften | None:
    """The device that accepts `code`, under its row's lock; a failure must be committed, so nothing is raised here."""
    for device in TOTPDevice.objects.select_for_update().filter(user=account, confirmed=confirmed):
        allowed, why = device.verify_is_allowed()
        if not allowed:
            return TooOften(why["locked_until"])
        if device.verify_token(digits(code)):
            found: TOTPDevice = device
            return found
    return None


def _outcome(held: TOTPDevice | TooOften | None) -> bool:
    if isinstance(held, TooOften):
        raise held
    if held is None:
        log.info("refused", extra={"facts": {"why": "totp"}})
    return held is not None


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app needs: a picture to scan, or the key to type."""

    picture: str  # data: address of an SVG
    key: str  # base32 in groups of four


def prepare_totp(account: Account) -> None:
    """Make a secret that counts for nothing until its first code was shown."""
    if not has_second(account):
        TOTPDevice.objects.get_or_create(
            user=account, confirmed=False, defaults={"name": "authenticator", "tolerance": 1}
        )


def enrolment(account: Account) -> Enrolment | None:
    device = _totp(account, confirmed=False)
    if device is None or has_second(account):
        return None
    address: str = device.config_url
    key = address.split("secret=")[1].split("&")[0]
    picture = segno.make_qr(address, error="m").svg_data_uri(scale=5, border=4, light="#fff")
    return Enrolment(picture, " ".join(key[start : start + 4] for start in range(0, len(key), 4)))


def confirm_totp(account: Account, code: str) -> bool:
    """The first code from the app makes the secret count. Raises TooOften."""
    with transaction.atomic():
        held = None if has_second(account) else _verify(account, code, confirmed=False)
        if isinstance(held, TOTPDevice):
            held.confirmed = True
            held.save(update_fields=["confirmed"])
    return _outcome(held)


# A new password


def change_password(request: HttpRequest, actor: Actor, old: str, new: str) -> bool:
    """Change the actor's own password; False if `old` is not the one. Raises NotFresh, TooOften.

    What `new` must be like is Django's validators' matter, and asked before. All other sessions end.
    """
    need_fresh(request, actor.at)
    account = account_of(actor)
    actions.count(f"password:{account.sign_in}", actor.at, *PASSWORDS)
    if not account.check_password(old):
        log.info("refused", extra={"facts": {"why": "old password"}})
        return False
    _change_password(actor, account.id, new, request.session.session_key or "")
    request.session[HASH_SESSION_KEY] = account_of(actor).get_session_auth_hash()
    return True


@verb("enter.change_password")
def _change_password(actor: Actor, account_id: int, new: str, session_key: str) -> None:
    account = own(actor, account_id)
    audit.remember(f"account {account.id}")
    actions.change_password(account, new, session_key, actor.at)


def prove_again(request: HttpRequest, account: Account, code: str, at: datetime) -> bool:
    """A step up by TOTP: the session gets a new key and keeps its age. Raises TooOften."""
    if not check_totp(account, code):
        return False
    renew(request, account, "totp", at)
    return True
