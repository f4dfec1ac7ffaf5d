"""Getting in: a code on the phone for members; password with TOTP, or a passkey, for employers and staff.

A password alone opens nothing, number and birth date alone open nothing, and no answer here tells whether a
person or an account is known.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import segno
import webauthn
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_totp.models import TOTPDevice
from webauthn.helpers import exceptions, structs

from pakan.operations.later import later
from pakan.registers.access import actions, audit
from pakan.registers.access.actions import TooOften
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, Passkey, SignIn
from pakan.registers.access.queries import LIFE, actor_of, passkeys_of
from pakan.registers.access.verbs import verb
from pakan.registers.messages import actions as messages
from pakan.registers.people.models import Person
from pakan.units.number import WrongNumber, clean_person_number, latin_digits

__all__ = ["TooOften"]

PURPOSE = "sign_in"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CODES = ((5, HOUR), (10, DAY))  # codes sent to one number
TRIES = ((20, HOUR), (50, DAY))  # codes tried for one number, however many were sent
ASKED_FROM_ONE_ADDRESS = (30, timedelta(minutes=10))  # many people share an address of their operator
TRIED_FROM_ONE_ADDRESS = (100, timedelta(minutes=10))
PASSWORDS = (100, DAY)  # of one account, from all addresses; django-axes locks far earlier per address
HALF_WAY = timedelta(minutes=10)
FRESH = timedelta(minutes=10)
DOORS = {"member": "member", "employer": "employer", "staff": "office"}
BACKEND = "django.contrib.auth.backends.ModelBackend"
log = logging.getLogger("pakan.enter")


class NotFresh(PermissionError):
    """This needs a proof that is younger than ten minutes."""


# A member's code


def ask_code(number: str, birth_date: date, at: datetime, address: str, language: str = "lo") -> str:
    """The token of a code that is on its way to the phone on record. Raises TooOften.

    Nobody learns whether such a person exists: for nobody the same statements run, and those that would send are
    undone by their savepoint.
    """
    number = _number(number)
    actions.count(f"code-from:{_network(address)}", at, *ASKED_FROM_ONE_ADDRESS)
    for most, within in CODES:
        actions.count(f"code:{number}:{within}", at, most, within)
    person = Person.objects.filter(number=number, birth_date=birth_date).first()
    reached = person if person and person.phone else None
    with transaction.atomic():
        token, code = actions.make_code(reached, PURPOSE, at)
        with transaction.atomic():
            row = {
                "key": f"code:{token}", "wording": "code", "values": {"code": code, "purpose": PURPOSE},
                "language": language, "phone": reached.phone if reached else "+",
                "person_id": reached.id if reached else None,
            }  # fmt: skip
            later("notify.send", message_ids=list[Any](messages.queue([row], at)))
            if reached is None:
                transaction.set_rollback(True)
    return token


def _number(text: str) -> str:
    """As stored; what cannot be a number stays as typed, finds nobody and is answered like any other."""
    try:
        return clean_person_number(text)
    except WrongNumber:
        return text.strip()[:20]


def _network(address: str) -> str:
    """Whose limit an address counts for: with IPv6 one customer holds a whole /64 and may change within it."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:45]
    return str(found) if found.version == 4 else str(ip_network((found, 64), strict=False))


def use_code(
    token: str, code: str, at: datetime, number: str = "", address: str = "", language: str = "lo"
) -> Account | None:
    """The account whose code this is, once. None if wrong, late or used. Raises TooOften.

    Tries are counted for the number that was typed, known or not, so that a new code does not clear them.
    """
    if address:
        actions.count(f"try-from:{_network(address)}", at, *TRIED_FROM_ONE_ADDRESS)
    for most, within in TRIES:
        actions.count(f"try:{_number(number) or token}:{within}", at, most, within)
    person = actions.use_code(token, _digits(code), PURPOSE, at)
    if person is None:
        log.info("refused", extra={"facts": {"why": "code"}})
        return None
    account = actions.member_account(person, at)
    if account.last_login is None and account.language != language:
        actions.speak(account, language)
        account.language = language
    return account if account.is_active else None


def _digits(code: str) -> str:
    return "".join(latin_digits(code).split())[:12]


# Password, then the second factor


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
        if device.verify_token(_digits(code)):
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
    account = _own(actor, account_id)
    audit.remember(f"account {account.id}")
    actions.change_password(account, new, session_key, actor.at)


# Passkeys


def _place() -> tuple[str, str]:
    """The relying party's name and origin: a passkey made for one address works at no other."""
    parts = urlsplit(settings.BASE_URL)
    return parts.hostname or "localhost", f"{parts.scheme}://{parts.netloc}"


def passkey_options(account: Account) -> tuple[str, str]:
    """What the browser needs to make a passkey (JSON), and the challenge to keep."""
    options = webauthn.generate_registration_options(
        rp_id=_place()[0],
        rp_name="Pakan",
        user_name=account.sign_in,
        user_id=salted_hmac("pakan.passkey", str(account.id)).digest(),
        user_display_name=account.full_name,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=bytes(passkey.credential_id))
            for passkey in passkeys_of(account)
        ],
    )
    return webauthn.options_to_json(options), options.challenge.hex()


@verb("enter.add_passkey")
def passkey_register(
    actor: Actor, account_id: int, credential: Mapping[str, Any], challenge: str, name: str
) -> Passkey | None:
    """Keep a new passkey of the actor's own account; None if the browser's answer does not hold."""
    account = _own(actor, account_id)
    rp, origin = _place()
    try:
        made = webauthn.verify_registration_response(
            credential=json.dumps(credential),
            expected_challenge=bytes.fromhex(challenge),
            expected_rp_id=rp,
            expected_origin=origin,
            require_user_verification=True,
        )
    except exceptions.WebAuthnException:
        return None
    if Passkey.objects.filter(credential_id=made.credential_id).exists():
        return None
    audit.remember(f"account {account.id}")
    return actions.keep_passkey(
        account, made.credential_id, made.credential_public_key, made.sign_count, name[:60], actor.at
    )


@verb("enter.drop_passkey")
def drop_passkey(actor: Actor, account_id: int, passkey_id: int) -> bool:
    """Forget a passkey of the actor's own account: a lost phone opens nothing any more."""
    account = _own(actor, account_id)
    audit.remember(f"account {account.id}", passkey=passkey_id)
    return bool(Passkey.objects.filter(account=account, id=passkey_id).delete()[0])


def _own(actor: Actor, account_id: int) -> Account:
    if actor.account_id is None or actor.account_id != account_id:
        raise PermissionError("only one's own account")
    return Account.objects.get(id=account_id)


def passkey_challenge() -> tuple[str, str]:
    """What the browser needs to sign in with any passkey it holds (JSON), and the challenge to keep."""
    options = webauthn.generate_authentication_options(
        rp_id=_place()[0], user_verification=structs.UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(options), options.challenge.hex()


def passkey_check(credential: Mapping[str, Any], challenge: str, at: datetime) -> Account | None:
    """The account whose passkey signed the challenge; None for a forged, unknown or copied one."""
    rp, origin = _place()
    try:
        raw = webauthn.base64url_to_bytes(str(credential.get("rawId", "")))
        passkey = Passkey.objects.select_related("account").filter(credential_id=raw).first()
        if passkey is None:
            return None
        shown = webauthn.verify_authentication_response(
            credential=json.dumps(credential),
            expected_challenge=bytes.fromhex(challenge),
            expected_rp_id=rp,
            expected_origin=origin,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (exceptions.WebAuthnException, ValueError):
        log.info("refused", extra={"facts": {"why": "passkey"}})
        return None
    actions.use_passkey(passkey, shown.new_sign_count, at)
    return passkey.account if passkey.account.is_active else None


# Sessions


def begin(request: HttpRequest, account: Account, door: str, proof: str, at: datetime) -> None:
    """Open a session with a new key; sessions beyond the door's number end (staff: one)."""
    with transaction.atomic():
        login(request, account, backend=BACKEND)
        _open(request, account, door, proof, at)
        _write(request, account, door, "sign in", proof, at)


def _open(request: HttpRequest, account: Account, door: str, proof: str, at: datetime) -> None:
    request.session.pop("half_way", None)
    if proof != "code":
        request.session["proved_at"] = at.isoformat()
    assert request.session.session_key
    actions.begin_session(account, request.session.session_key, door, proof, at)


def _write(request: HttpRequest, account: Account, door: str, act: str, proof: str, at: datetime) -> None:
    actor = actor_of(account, at, door, request.META.get("PAKAN_REQUEST", "-"), account.language)
    audit.write(actor, act, audit.Note(object=f"account {account.id}", purpose=proof))


def door_of(account: Account) -> str:
    return DOORS[account.kind]


def leave(request: HttpRequest, at: datetime) -> None:
    """Sign out: the session ends here and in our table, and its cookie opens nothing any more."""
    key, account = request.session.session_key, request.user
    with transaction.atomic():
        if key:
            actions.end_session(key, at)
        if isinstance(account, Account):
            _write(request, account, door_of(account), "sign out", "", at)
        logout(request)


def is_fresh(request: HttpRequest, at: datetime) -> bool:
    """Whether a second factor was shown in this session in the last ten minutes."""
    proved = request.session.get("proved_at")
    return proved is not None and at - datetime.fromisoformat(proved) <= FRESH


def need_fresh(request: HttpRequest, at: datetime) -> None:
    if not is_fresh(request, at):
        raise NotFresh


def prove_again(request: HttpRequest, account: Account, code: str, at: datetime) -> bool:
    """A step up by TOTP: the session gets a new key and keeps its age. Raises TooOften."""
    if not check_totp(account, code):
        return False
    before = SignIn.objects.filter(session_key=request.session.session_key, ended_at=None).first()
    with transaction.atomic():
        if before:
            actions.end_session(before.session_key, at)
        request.session.cycle_key()
        _open(request, account, door_of(account), "totp", at)
        if before:
            # Proving oneself again does not make the whole life of a session longer.
            SignIn.objects.filter(session_key=request.session.session_key).update(began_at=before.began_at)
    return True


def account_of(actor: Actor) -> Account:
    """The account behind a signed-in actor."""
    return Account.objects.get(id=_account_id(actor))


def _account_id(actor: Actor) -> int:
    if actor.account_id is None:
        raise PermissionError("nobody is signed in")
    return actor.account_id


def open_sign_ins(actor: Actor) -> list[SignIn]:
    """Where the actor's account is signed in now, newest first; those past their time are left out."""
    rows = SignIn.objects.filter(account_id=_account_id(actor), ended_at=None).order_by("-seen_at")
    return [
        row
        for row in rows
        if actor.at - row.seen_at <= LIFE[row.door][0] and actor.at - row.began_at <= LIFE[row.door][1]
    ]


@verb("enter.end_sign_in")
def end_sign_in(actor: Actor, sign_in_id: int) -> bool:
    """End one of one's own sessions elsewhere. False if it is not there, or another's."""
    row = SignIn.objects.filter(id=sign_in_id, account_id=_account_id(actor), ended_at=None).first()
    if row is None:
        return False
    audit.remember(f"sign-in {row.id}")
    actions.end_session(row.session_key, actor.at)
    return True


def speak(actor: Actor, language: str) -> None:
    """Keep the language that a signed-in person chose: the next sign-in and the messages come in it."""
    if actor.account_id is not None and language in dict(settings.LANGUAGES):
        actions.speak(account_of(actor), language)


def look_up(what: str, address: str, at: datetime, most: int, within: timedelta) -> None:
    """Count a question that anyone may ask, so that nobody reads a register by asking it. Raises TooOften."""
    actions.count(f"look-up:{what}:{_network(address)}", at, most, within)


@verb("enter.read_messages")
def read_messages(actor: Actor) -> None:
    """The person has read what waits in his own inbox."""
    if actor.person_id is None:
        raise PermissionError("only a person has an inbox")
    audit.remember("inbox")
    messages.read(actor.person_id, actor.at)
