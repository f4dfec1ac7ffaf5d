"""What is written about access: accounts, mandates, codes, sign-ins, limits."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.db.models import F

from pakan.registers.access.models import (
    Account,
    Call,
    Device,
    Mandate,
    PaperSecret,
    Passkey,
    PhoneChange,
    PhoneCode,
    SignIn,
    StateIdentity,
)
from pakan.registers.access.queries import device_digest
from pakan.registers.access.roles import Role
from pakan.registers.people.models import Employer, Person

CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
PIN_TRIES = 5
MOST_DEVICES = 5
CALL_TRIES = 3
SESSIONS = {"member": 5, "employer": 3, "office": 1}


class TooOften(Exception):
    """A limit is reached; `until` says when it fades."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until:%H:%M}")
        self.until = until


def count(key: str, at: datetime, most: int, within: timedelta, times: int = 1) -> None:
    """Count `key` once more (or `times`). Raises TooOften from the (most + 1)th within `within` of the first. One atomic
    statement."""
    digest = hashlib.sha256(
        key.encode()
    ).hexdigest()  # no phone number or name lies readable in the counter table
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_limit AS l (key, until, count) VALUES (%(key)s, %(end)s, %(times)s)"
            " ON CONFLICT (key) DO UPDATE SET count = CASE WHEN l.until <= %(at)s THEN %(times)s ELSE l.count + %(times)s END,"
            " until = CASE WHEN l.until <= %(at)s THEN %(end)s ELSE l.until END RETURNING count, until",
            {"key": digest, "end": at + within, "at": at, "times": times},
        )
        reached, until = cursor.fetchone()
    if reached > most:
        raise TooOften(until)


def hold_name(sign_in: str) -> None:
    """Whoever opens or changes an account of this name waits until our transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(1511, hashtext(%s))", [sign_in])


def open_account(
    *, at: datetime, sign_in: str, kind: str, full_name: str, password: str | None = None, **facts: object
) -> Account:
    account = Account(sign_in=sign_in.strip().lower(), kind=kind, full_name=full_name, made_at=at, **facts)
    account.set_password(password)
    account.save()
    return account


def grant(
    account: Account, employer: Employer, role: Role, at: datetime, by: Account | None = None
) -> Mandate:
    mandate, _ = Mandate.objects.get_or_create(
        account=account, employer=employer, role=role, end=None, defaults={"start": at, "granted_by": by}
    )
    return mandate


def revoke(account: Account, employer: Employer, at: datetime) -> int:
    """End all mandates of `account` at `employer`: they count no more from the next request on."""
    return Mandate.objects.filter(account=account, employer=employer, end=None).update(end=at)


def _code_digest(token: str, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{token}:{code}".encode(), hashlib.sha256).hexdigest()


def make_code(person: Person | None, purpose: str, at: datetime) -> tuple[str, str]:
    """A new code for `person` (None: nobody, answered alike): the browser's token and the six digits to send."""
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06d}"
    PhoneCode.objects.create(
        token=token, person=person, purpose=purpose, digest=_code_digest(token, code), made_at=at
    )
    return token, code


def use_code(token: str, code: str, purpose: str, at: datetime) -> Person | None:
    """The person whose code this is, once; None if wrong, late, used, tried five times, or for another purpose.

    The try is counted before the comparison, so that parallel guesses cannot share one.
    """
    tried = PhoneCode.objects.filter(
        token=token, purpose=purpose, used_at=None, tries__lt=CODE_TRIES, made_at__gt=at - CODE_LIFE
    ).update(tries=F("tries") + 1)
    kept = PhoneCode.objects.select_related("person").filter(token=token).first() if tried else None
    right = hmac.compare_digest(_code_digest(token, code), kept.digest if kept else "0" * 64)
    if not kept or not right:
        return None
    used = PhoneCode.objects.filter(token=token, used_at=None).update(used_at=at)
    return kept.person if used else None


def member_account(person: Person, at: datetime) -> Account:
    """The account of a person, opened at the first sign-in (assumption A-54)."""
    account, made = Account.objects.get_or_create(
        person=person,
        defaults={
            "sign_in": f"member-{person.number}".lower(),
            "kind": Account.Kind.MEMBER,
            "full_name": person.name,
            "phone": person.phone,
            "made_at": at,
        },
    )
    if made:
        account.set_unusable_password()
        account.save(update_fields=["password"])
    return account


def begin_session(
    account: Account, session_key: str, door: str, proof: str, at: datetime, device: Device | None = None
) -> SignIn:
    """Begin a session; the oldest ones beyond the door's number end."""
    open_ones = list(
        SignIn.objects.filter(account=account, ended_at=None)
        .order_by("-began_at")
        .values_list("id", flat=True)
    )
    SignIn.objects.filter(id__in=open_ones[SESSIONS[door] - 1 :]).update(ended_at=at)
    return SignIn.objects.create(
        account=account,
        session_key=session_key,
        door=door,
        proof=proof,
        began_at=at,
        seen_at=at,
        device=device,
    )


def seen(sign_in: SignIn, at: datetime) -> None:
    """A session was used. Not inside a transaction: its commit does not wait for the disk.

    A minute of "last seen" may be lost with the power. Waiting for it held up everybody where many sessions begin at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH lazily AS (SELECT set_config('synchronous_commit', 'off', true))"
            " UPDATE access_signin SET seen_at = %s FROM lazily WHERE id = %s",
            [at, sign_in.id],
        )


def end_session(session_key: str, at: datetime) -> None:
    SignIn.objects.filter(session_key=session_key, ended_at=None).update(ended_at=at)


def change_password(account: Account, password: str, session_key: str, at: datetime) -> None:
    """A new password; whoever is signed in elsewhere with the old one is signed out."""
    account.set_password(password)
    account.save(update_fields=["password"])
    others = SignIn.objects.filter(account=account, ended_at=None).exclude(session_key=session_key)
    others.update(ended_at=at)


def keep_passkey(
    account: Account, credential_id: bytes, public_key: bytes, sign_count: int, name: str, at: datetime
) -> Passkey:
    return Passkey.objects.create(
        account=account,
        credential_id=credential_id,
        public_key=public_key,
        sign_count=sign_count,
        name=name,
        made_at=at,
    )


def use_passkey(passkey: Passkey, sign_count: int, at: datetime) -> None:
    Passkey.objects.filter(id=passkey.id).update(sign_count=sign_count, used_at=at)


def speak(account: Account, language: str) -> None:
    """Keep the language that a person chose: messages come in it."""
    Account.objects.filter(id=account.id).update(language=language)


# Members: PIN and remembered browsers


def set_pin(account: Account, pin: str, cools_until: datetime | None) -> None:
    """A new PIN, hashed as passwords are; an account that cools already cools on."""
    later = [moment for moment in (account.cools_until, cools_until) if moment]
    account.pin, account.cools_until = make_password(pin), max(later, default=None)
    account.save(update_fields=["pin", "cools_until"])


def try_pin(row: Device | SignIn, account: Account, pin: str) -> bool:
    """Whether this is the account's PIN; five wrong ones in a row close the device or session for it.

    The try is counted before the comparison, so that parallel guesses cannot share one.
    """
    rows = type(row)._default_manager.filter(id=row.id)
    counted = rows.filter(tries__lt=PIN_TRIES).update(tries=F("tries") + 1)
    if not counted or not check_password(pin, account.pin):
        row.refresh_from_db(fields=["tries"])
        return False
    rows.update(tries=0)
    return True


def remember(account: Account, secret: str, name: str, at: datetime) -> Device:
    """Remember the account on the browser that holds `secret`; beyond five browsers the longest unused is forgotten."""
    device, _ = Device.objects.get_or_create(
        account=account, digest=device_digest(secret), ended_at=None,
        defaults={"handle": secrets.token_urlsafe(16), "name": name[:60], "made_at": at, "used_at": at},
    )  # fmt: skip
    kept = Device.objects.filter(account=account, ended_at=None).exclude(id=device.id).order_by("-used_at")
    for old in kept[MOST_DEVICES - 1 :]:
        forget(old, at)
    return device


def forget(device: Device, at: datetime) -> None:
    """A browser that opens nothing any more, and what was open on it ends."""
    Device.objects.filter(id=device.id, ended_at=None).update(ended_at=at)
    SignIn.objects.filter(device=device, ended_at=None).update(ended_at=at)


def used(device: Device, at: datetime) -> None:
    Device.objects.filter(id=device.id).update(used_at=at)


def hide_amounts(device: Device, hides: bool) -> None:
    Device.objects.filter(id=device.id).update(hides_amounts=hides)


def close_all(account: Account, at: datetime, cools_until: datetime, but: str = "") -> None:
    """Somebody else may hold the account's proofs: PIN, browsers, passkeys and sessions (`but` one) open nothing."""
    account.pin, account.cools_until = "", cools_until
    account.save(update_fields=["pin", "cools_until"])
    Device.objects.filter(account=account, ended_at=None).update(ended_at=at)
    Passkey.objects.filter(account=account).delete()
    SignIn.objects.filter(account=account, ended_at=None).exclude(session_key=but).update(ended_at=at)


def cool(account: Account, until: datetime) -> None:
    """Neither money nor identity moves before `until`."""
    account.cools_until = max(until, account.cools_until or until)
    account.save(update_fields=["cools_until"])


def reach_level(account: Account, level: Account.Level) -> None:
    """A higher level of trust; a level is never lost by it."""
    order = [Account.Level.PHONE, Account.Level.DESK, Account.Level.STATE]
    if order.index(level) > order.index(Account.Level(account.level)):
        account.level = level
        account.save(update_fields=["level"])


# The State's identity


def link_state(
    account: Account, issuer: str, subject: str, assurance: str, at: datetime
) -> StateIdentity | None:
    """Link an identity to an account, instead of the one before; None if it is another account's already."""
    Account.objects.select_for_update(no_key=True).only("id").get(id=account.id)
    living = StateIdentity.objects.filter(issuer=issuer, ended_at=None)
    if living.filter(subject=subject).exclude(account=account).exists():
        return None
    living.filter(account=account).update(ended_at=at)
    return StateIdentity.objects.create(
        account=account, issuer=issuer, subject=subject, assurance=assurance, linked_at=at
    )


def drop_state(account: Account, at: datetime) -> int:
    return StateIdentity.objects.filter(account=account, ended_at=None).update(ended_at=at)


def use_state(identity: StateIdentity, assurance: str, at: datetime) -> None:
    StateIdentity.objects.filter(id=identity.id).update(used_at=at, assurance=assurance)


# A new phone


def begin_phone_change(
    person: Person, way: PhoneChange.Way, new: str, by: Account, at: datetime, holds_from: datetime
) -> PhoneChange:
    return PhoneChange.objects.create(
        person=person, way=way, old=person.phone, new=new, by=by, asked_at=at, holds_from=holds_from
    )


def stop_phone_change(person: Person, at: datetime) -> bool:
    return bool(
        PhoneChange.objects.filter(person=person, done_at=None, stopped_at=None).update(stopped_at=at)
    )


def due_phone_change(change_id: int, at: datetime) -> PhoneChange | None:
    """The change under its lock, if it waits and its time has come."""
    rows = PhoneChange.objects.select_for_update(of=("self",)).select_related("person")
    return rows.filter(id=change_id, done_at=None, stopped_at=None, holds_from__lte=at).first()


def confirm_phone_change(change: PhoneChange, by: Account) -> None:
    PhoneChange.objects.filter(id=change.id).update(confirmed_by=by)


def finish_phone_change(change: PhoneChange, at: datetime) -> None:
    """The new number is the person's: messages and codes go there."""
    PhoneChange.objects.filter(id=change.id).update(done_at=at)
    Person.objects.filter(id=change.person_id).update(phone=change.new)
    Account.objects.filter(person_id=change.person_id).update(phone=change.new)


# At the counter, and calls


def _paper_digest(account_id: int, secret: str) -> str:
    return hmac.new(
        settings.SECRET_KEY.encode(), f"paper:{account_id}:{secret}".encode(), hashlib.sha256
    ).hexdigest()


def keep_paper(
    account: Account, purpose: PaperSecret.Purpose, paper: str, secret: str, by: Account, at: datetime
) -> PaperSecret:
    """A new secret on paper; the ones before it, that nobody used, count no more."""
    PaperSecret.objects.filter(account=account, used_at=None).delete()
    return PaperSecret.objects.create(
        account=account,
        purpose=purpose,
        paper=paper,
        digest=_paper_digest(account.id, secret),
        by=by,
        made_at=at,
    )


def use_paper(number: str, secret: str, at: datetime, life: timedelta) -> PaperSecret | None:
    """The paper of the person with this number, once; None if wrong, late, used or tried five times."""
    here = PaperSecret.objects.filter(account__person__number=number, used_at=None, made_at__gt=at - life)
    tried = here.filter(tries__lt=CODE_TRIES).update(tries=F("tries") + 1)
    kept = here.select_related("account").first() if tried else None
    right = hmac.compare_digest(
        _paper_digest(kept.account_id if kept else 0, secret), kept.digest if kept else "0" * 64
    )
    if not kept or not right:
        return None
    return kept if PaperSecret.objects.filter(id=kept.id, used_at=None).update(used_at=at) else None


def begin_call(person: Person, by: Account, purpose: str, at: datetime) -> Call:
    return Call.objects.create(person=person, by=by, purpose=purpose, began_at=at)


def answer_call(call: Call, said: str, right: str, at: datetime) -> bool:
    """Three tries, counted before the comparison."""
    tried = Call.objects.filter(id=call.id, answered_at=None, tries__lt=CALL_TRIES).update(
        tries=F("tries") + 1
    )
    if not tried or not hmac.compare_digest(said.encode(), right.encode()):
        return False
    return bool(Call.objects.filter(id=call.id).update(answered_at=at))
