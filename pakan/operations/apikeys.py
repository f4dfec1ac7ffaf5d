"""Keys for payroll software: made and taken back by the company's administrator, used by its programs (C88).

A key prepares; it never approves. It acts as its maker in the role of a preparer, so that the maker cannot approve alone
what the key handed over (C84), and it counts as long as the maker administers the company.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from pakan.registers.access import keys
from pakan.registers.access.actions import TooOften, count
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.models import ApiKey
from pakan.registers.access.queries import mandates_of
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import verb
from pakan.registers.people.models import Employer

__all__ = ["TooOften"]

MOST = 10  # living keys of one company
LONGEST, LONGEST_PRACTICE = 366, 30  # days
LIVE, DRY, PRACTICE = (
    "live",
    "test",
    "practice",
)  # what keys begin with: real ones, dry runs, those of the practice house
TOKEN_LIFE = timedelta(minutes=10)
USE, USE_WITHIN = 600, timedelta(minutes=5)  # requests of one key
WRONG, WRONG_WITHIN = 30, timedelta(minutes=10)  # failures of one address


class Refused(ValueError):
    """No key was made; every reason in `codes`: name, scopes, days, many."""

    def __init__(self, *codes: str) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


class NoKey(Exception):
    """Nobody is let in: `code` is unknown, expired, revoked, maker_left, practice_key or real_key (of the other house)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Caller:
    """A program that was let in."""

    key: ApiKey
    scopes: frozenset[str]
    actor: Actor

    @property
    def employer(self) -> Employer:
        return self.key.employer

    @property
    def practises(self) -> bool:
        """Whether nothing that it does is real: a dry run, or the practice house."""
        return self.key.is_practice or settings.PRACTICE


@verb("apikeys.make")
def make(
    actor: Actor, employer: Employer, name: str, scopes: Collection[str], days: int, is_practice: bool
) -> tuple[ApiKey, str]:
    """A key, and its text, which is shown once and kept nowhere. Raises Refused.

    In the practice house every key is for all that the company there can do: there is nothing to rehearse.
    """
    is_practice = is_practice and not settings.PRACTICE
    Employer.objects.select_for_update().get(id=employer.id)
    plain = " ".join(name.split())
    codes = []
    if not plain or len(plain) > 60 or not plain.isprintable():
        codes.append("name")
    if not scopes or not set(scopes) <= set(ApiKey.Scope.values):
        codes.append("scopes")
    if not 1 <= days <= longest():
        codes.append("days")
    if keys.living(employer.id, actor.at).count() >= MOST:
        codes.append("many")
    if codes:
        raise Refused(*codes)
    assert actor.account_id is not None
    until = actor.at + timedelta(days=days)
    made, text = keys.make(
        employer, name=plain, scopes=scopes, is_practice=is_practice, mark=_mark(is_practice),
        by=actor.account_id, at=actor.at, expires_at=until,
    )  # fmt: skip
    remember(f"{employer.code} {made.prefix}", scopes=made.scopes, until=until)
    return made, text


def longest() -> int:
    """Days; a practice company is kept as long as a key of it counts."""
    return LONGEST_PRACTICE if settings.PRACTICE else LONGEST


def _mark(is_practice: bool) -> str:
    return PRACTICE if settings.PRACTICE else DRY if is_practice else LIVE


@verb("apikeys.revoke")
def revoke(actor: Actor, employer: Employer, key_id: int) -> bool:
    """Take a key back, at once; False if the company has no such key in use."""
    found = keys.keys_of(employer.id).filter(id=key_id, revoked_at=None).first()
    remember(f"{employer.code} {found.prefix if found else ''}".strip())
    if found is None:
        return False
    keys.revoke(found, actor.account_id, actor.at)
    return True


def come_in(presented: str, at: datetime, request: str, address: str) -> Caller:
    """Whose request this is. Raises NoKey, and TooOften: the key's own limit, or many failures of one address."""
    try:
        if presented.startswith(keys.TOKEN_MARK):
            token = keys.by_token(presented, at)
            if token is None:
                raise NoKey("unknown")
            key, scopes = token.key, frozenset(token.scopes) & frozenset(token.key.scopes)
        else:
            key = _of_secret(*presented.split(".", 1)) if "." in presented else _of_secret(presented, "")
            scopes = frozenset(key.scopes)
        caller = Caller(key, scopes, _living(key, at, request))
    except NoKey:
        count(f"api-wrong:{address}", at, WRONG, WRONG_WITHIN)
        raise
    count(f"api-key:{key.prefix}", at, USE, USE_WITHIN)
    keys.used(key, at)
    return caller


def _of_secret(prefix: str, secret: str) -> ApiKey:
    found = keys.by_secret(prefix[:24], secret)
    if found is None:
        raise NoKey(_house_of(prefix))
    return found


def _house_of(prefix: str) -> str:
    """Why a key is not known: the likeliest slip of all is the address of the other house."""
    mark = prefix.split("_", 1)[0]
    if mark == PRACTICE and not settings.PRACTICE:
        return "practice_key"
    return "real_key" if mark in (LIVE, DRY) and settings.PRACTICE else "unknown"


def _living(key: ApiKey, at: datetime, request: str) -> Actor:
    """The actor of a key that counts now; its maker's mandate is asked anew each time."""
    if key.revoked_at is not None:
        raise NoKey("revoked")
    if key.expires_at <= at:
        raise NoKey("expired")
    roles = mandates_of(key.made_by, at).get(key.employer_id, frozenset())
    if not key.made_by.is_active or Role.EMPLOYER_ADMINISTRATOR not in roles:
        raise NoKey("maker_left")
    return Actor(
        name=f"{key.prefix} of {key.made_by.sign_in}"[:120],
        at=at,
        door="api",
        account_id=key.made_by_id,
        employers={key.employer_id: frozenset({Role.EMPLOYER_PREPARER})},
        request=request,
        language="en",
    )


class ScopeRefused(ValueError):
    """A token was asked for with more than the key may do."""


def token(
    client: str, secret: str, wanted: Collection[str], at: datetime, request: str, address: str
) -> tuple[str, frozenset[str]]:
    """Ten minutes of a key, and what they may do. Raises NoKey, TooOften, ScopeRefused."""
    caller = come_in(f"{client}.{secret}", at, request, address)
    scopes = frozenset(wanted) or caller.scopes
    if not scopes <= caller.scopes:
        raise ScopeRefused
    return _give(caller.actor, caller.key, scopes), scopes


@verb("apikeys.token")
def _give(actor: Actor, key: ApiKey, scopes: frozenset[str]) -> str:
    remember(f"{key.employer.code} {key.prefix}", scopes=sorted(scopes))
    return keys.give_token(key, scopes, actor.at, TOKEN_LIFE)
