"""What is written about access: accounts, mandates, codes, sign-ins, limits."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F

from pakan.registers.access.models import Account, Device, Mandate, Passkey, PhoneCode, SignIn
from pakan.registers.access.roles import Role
from pakan.registers.people.models import Employer, Person

CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
SESSIONS = {"member": 5, "employer": 3, "office": 1}


class TooOften(Exception):
    """A limit is reached; `until` says when it fades."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until:%H:%M}")
        self.until = until


def count(key: str, at: datetime, most: int, within: timedelta) -> None:
    """Count one more `key`. Raises TooOften from the (most + 1)th within `within` of the first. One atomic statement."""
    digest = hashlib.sha256(
        key.encode()
    ).hexdigest()  # no phone number or name lies readable in the counter table
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_limit AS l (key, until, count) VALUES (%(key)s, %(end)s, 1) ON CONFLICT (key) DO UPDATE SET"
            " count = CASE WHEN l.until <= %(at)s THEN 1 ELSE l.count + 1 END,"
            " until = CASE WHEN l.until <= %(at)s THEN %(end)s ELSE l.until END RETURNING count, until",
            {"key": digest, "end": at + within, "at": at},
        )
        reached, until = cursor.fetchone()
    if reached > most:
        raise TooOften(until)


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
