"""Keys of payroll software: made, looked up, taken back. Digests only; a secret of 256 bits needs no slow hash."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet

from pakan.registers.access.models import ApiKey, ApiToken
from pakan.registers.people.models import Employer

SEEN_EVERY = timedelta(minutes=1)
TOKEN_MARK = "tok_"  # noqa: S105 - what a token begins with


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make(
    employer: Employer,
    *,
    name: str,
    scopes: Collection[str],
    is_practice: bool,
    mark: str,
    by: int,
    at: datetime,
    expires_at: datetime,
) -> tuple[ApiKey, str]:
    """A new key, and the whole of it as software sends it: "prefix.secret", which is nowhere else.

    `mark`: what it begins with, so that a person sees what a key that was found opens.
    """
    prefix = f"{mark}_{secrets.token_hex(8)}"[:23]
    secret = secrets.token_urlsafe(32)
    made = ApiKey.objects.create(
        prefix=prefix, digest=_digest(secret), employer=employer, name=name, scopes=sorted(set(scopes)),
        is_practice=is_practice, made_by_id=by, made_at=at, expires_at=expires_at,
    )  # fmt: skip
    return made, f"{prefix}.{secret}"


def keys_of(employer_id: int) -> QuerySet[ApiKey]:
    """All keys of an employer, newest first."""
    return (
        ApiKey.objects.filter(employer_id=employer_id).select_related("made_by").order_by("-made_at", "-id")
    )


def living(employer_id: int, at: datetime) -> QuerySet[ApiKey]:
    return keys_of(employer_id).filter(revoked_at=None, expires_at__gt=at)


def living_everywhere(at: datetime) -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(revoked_at=None, expires_at__gt=at)


def by_secret(prefix: str, secret: str) -> ApiKey | None:
    """The key with this secret, whatever became of it."""
    found = ApiKey.objects.select_related("employer", "made_by").filter(prefix=prefix).first()
    right = hmac.compare_digest(_digest(secret), found.digest if found else "0" * 64)
    return found if found and right else None


def by_token(token: str, at: datetime) -> ApiToken | None:
    """A token that is not over, with its key."""
    found = ApiToken.objects.select_related("key__employer", "key__made_by")
    return found.filter(digest=_digest(token), expires_at__gt=at).first()


def give_token(key: ApiKey, scopes: Collection[str], at: datetime, life: timedelta) -> str:
    """A token of a key; those of it that are over go."""
    token = TOKEN_MARK + secrets.token_urlsafe(32)
    ApiToken.objects.filter(key=key, expires_at__lte=at).delete()
    ApiToken.objects.create(
        digest=_digest(token), key=key, scopes=sorted(set(scopes)), made_at=at, expires_at=at + life
    )
    return token


def used(key: ApiKey, at: datetime) -> None:
    if key.used_at is None or at - key.used_at >= SEEN_EVERY:
        ApiKey.objects.filter(id=key.id).update(used_at=at)


def revoke(key: ApiKey, by: int | None, at: datetime) -> None:
    """Take it back, with its tokens: the next request finds nothing."""
    ApiToken.objects.filter(key=key).delete()
    key.revoked_at, key.revoked_by_id = at, by
    key.save(update_fields=["revoked_at", "revoked_by"])
