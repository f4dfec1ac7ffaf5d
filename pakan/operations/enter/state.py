"""The State's identity: linked by who is inside already, then a way in, and the way back to a lost PIN (C1, C7).

The provider is asked between two transactions, never in one. What it says of a person must fit the person on record:
name and birth date, and the number of the identity card where both know one. An identity that proves no more than a
telephone opens no more than a code does (A10).
"""

import functools
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from pakan.integrations.identity.oidc import RelyingParty
from pakan.integrations.identity.provider import (
    WORDS,
    Begun,
    Identity,
    IdentityRefused,
    IdentityUnreachable,
    ProviderConfig,
)
from pakan.operations.enter.limits import DAY, log, network
from pakan.operations.enter.pins import COOLS, notice
from pakan.operations.enter.sessions import account_of, begin, renew
from pakan.operations.speak import say
from pakan.registers.access import actions, audit
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, StateIdentity
from pakan.registers.access.verbs import verb
from pakan.registers.people.models import Person
from pakan.units.name import search_key

PURPOSES = ("link", "sign_in", "recover")
LIFE = timedelta(minutes=10)  # a question that is answered later counts no more
STARTED = (60, timedelta(minutes=10))  # from one network
KEY = "state_identity"


class StateRefused(Exception):
    """Nothing was opened or linked. `code`: late, declined, refused, unreachable, mismatch, taken, unknown, weak."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def words(self, language: str) -> str:
        """A sentence for the person, where the provider's answer is the reason; else nothing."""
        return WORDS[self.code][language == "en"] if self.code in WORDS else ""


@dataclass(frozen=True)
class Opened:
    """What an answer led to. `purpose` is what was asked for; `goes_to` the page that was wanted."""

    account: Account
    purpose: str
    goes_to: str


def state_is_there() -> bool:
    """Whether a provider is configured."""
    return bool(settings.IDENTITY["issuer"])


@functools.lru_cache(maxsize=4)
def _party(config: ProviderConfig) -> RelyingParty:
    return RelyingParty(config)


def _provider() -> RelyingParty:
    return _party(ProviderConfig(**settings.IDENTITY))


def ask_state(request: HttpRequest, purpose: str, goes_to: str, actor: Actor, address: str) -> str:
    """The provider's address to send the browser to. Raises StateRefused, TooOften; PermissionError for a purpose."""
    if purpose not in PURPOSES or (purpose == "link") != (actor.account_id is not None):
        raise PermissionError(purpose)
    actions.count(f"state-from:{network(address)}", actor.at, *STARTED)
    try:
        begun = _provider().begin(actor.at)
    except (IdentityUnreachable, IdentityRefused) as fault:
        log.warning("identity provider", extra={"facts": {"why": str(fault)}})
        raise StateRefused("unreachable") from fault
    request.session[KEY] = asdict(begun) | {
        "purpose": purpose, "account": actor.account_id, "goes_to": goes_to, "at": actor.at.isoformat()
    }  # fmt: skip
    return begun.address


def take_state(request: HttpRequest, answer: Mapping[str, str], actor: Actor) -> Opened:
    """What the provider's answer opens: a link, or a session. Used once. Raises StateRefused."""
    kept = request.session.pop(KEY, None)
    if kept is None or not timedelta() <= actor.at - datetime.fromisoformat(kept["at"]) <= LIFE:
        raise StateRefused("late")
    begun = Begun(kept["address"], kept["state"], kept["nonce"], kept["verifier"])
    try:
        identity = _provider().finish(answer, begun, actor.at)
    except IdentityRefused as refused:
        log.info("refused", extra={"facts": {"why": f"state identity: {refused.code}"}})
        raise StateRefused(refused.words) from refused
    except IdentityUnreachable as fault:
        raise StateRefused("unreachable") from fault
    if kept["purpose"] == "link":
        # The session may have ended, or be another person's by now.
        if actor.account_id is None or actor.account_id != kept["account"]:
            raise StateRefused("late")
        return Opened(_linked(request, actor, identity), "link", kept["goes_to"])
    return Opened(_inside(request, actor.at, identity, kept["purpose"]), kept["purpose"], kept["goes_to"])


def fits(person: Person, identity: Identity) -> bool:
    """The second fact: the State's birth date and name, in Lao or Latin letters, are those on record."""
    numbers = {person.national_id, identity.national_id} - {""}
    names = {key for key in (person.key, search_key(person.name_latin)) if key}
    return (
        identity.birth_date == person.birth_date and search_key(identity.name) in names and len(numbers) <= 1
    )


def _linked(request: HttpRequest, actor: Actor, identity: Identity) -> Account:
    actions.count(f"state-link:{actor.account_id}", actor.at, 10, DAY)
    account = account_of(actor)
    assert account.person is not None  # only members come here
    if not fits(account.person, identity):
        log.info("refused", extra={"facts": {"why": "state identity of another person"}})
        raise StateRefused("mismatch")
    if not link_state(
        actor, account, identity.issuer, identity.subject, identity.assurance, identity.is_high
    ):
        raise StateRefused("taken")
    renew(request, account, "state" if identity.is_high else "state_phone", actor.at)
    return account


@verb("enter.link_state")
def link_state(
    actor: Actor, account: Account, issuer: str, subject: str, assurance: str, is_high: bool
) -> bool:
    """Link an identity that fits; the account reaches the State's level if it is high. False if it is another's."""
    if actor.account_id not in (None, account.id):
        raise PermissionError("only one's own account")
    found = actions.link_state(account, issuer, subject, assurance, actor.at)
    audit.remember(
        f"account {account.id}", person_id=account.person_id, purpose=assurance, linked=bool(found)
    )
    if found is None:
        return False
    if is_high:
        actions.reach_level(account, Account.Level.STATE)
    say([notice(account, "state_linked", f"state:{found.id}", _phone(account))], actor.at)
    return True


def _phone(account: Account) -> str:
    return account.person.phone if account.person else ""


@verb("enter.drop_state")
def drop_state(actor: Actor) -> bool:
    """End the link of one's own account: the State's identity opens it no more. False if there was none."""
    account = account_of(actor)
    audit.remember(f"account {account.id}", person_id=account.person_id)
    return bool(actions.drop_state(account, actor.at))


def _inside(request: HttpRequest, at: datetime, identity: Identity, purpose: str) -> Account:
    found = (
        StateIdentity.objects.select_related("account__person")
        .filter(issuer=identity.issuer, subject=identity.subject, ended_at=None)
        .first()
    )
    if found is None or not found.account.is_active:
        raise StateRefused("unknown")
    account = found.account
    # A link outlives a corrected name; it never outlives another birth date.
    if account.person is None or identity.birth_date != account.person.birth_date:
        raise StateRefused("mismatch")
    if purpose == "recover" and not identity.is_high:
        raise StateRefused("weak")
    with transaction.atomic():
        actions.use_state(found, identity.assurance, at)
        if purpose == "recover":
            _recover(account, at)
    begin(request, account, "member", "state" if identity.is_high else "state_phone", at)
    return account


def _recover(account: Account, at: datetime) -> None:
    """As with the paper from a counter: every older proof ends, money and identity wait, the phone is told."""
    actions.close_all(account, at, at + COOLS)
    say([notice(account, "state_recovered", f"state-recovered:{account.id}:{at.isoformat()}", _phone(account))],
        at, at_once=True)  # fmt: skip


def state_of(account_id: int) -> StateIdentity | None:
    """The identity that is linked to an account, if any."""
    return StateIdentity.objects.filter(account_id=account_id, ended_at=None).first()
