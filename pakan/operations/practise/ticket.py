"""The ticket from the real house to the practice house: signed, a minute long, used once, and without a person in it.

It carries a pseudonym, which only the key of the tickets could lead back to an account, and a language. No name goes over:
so nothing of a real person is ever in the practice house, and nothing of hers stands in an address.
"""

import hashlib
import hmac
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer

from pakan.registers.access import actions as access
from pakan.registers.access.actor import Actor

TICKET_LIFE = timedelta(seconds=60)
SKEW = timedelta(seconds=5)  # two machines' clocks
SALT = "pakan.practice.ticket"
LONGEST = 500  # letters


class NotGood(ValueError):
    """The ticket opens nothing; `code` says why: forged, late or used."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Ticket:
    """`who` is a pseudonym: the same account comes back to the same company."""

    who: str
    language: str
    nonce: str
    until: int  # seconds since 1970


def _signer() -> Signer:
    if not settings.PRACTICE_KEY:
        raise NotGood("forged")
    return Signer(key=settings.PRACTICE_KEY, salt=SALT)


def ticket_for(actor: Actor) -> str:
    """A ticket for the account that asks. Raises PermissionError where nobody is signed in."""
    if actor.account_id is None:
        raise PermissionError("nobody is signed in")
    who = hmac.new(settings.PRACTICE_KEY.encode(), f"account {actor.account_id}".encode(), hashlib.sha256)
    made = Ticket(
        who=who.hexdigest()[:16],
        language=actor.language,
        nonce=secrets.token_urlsafe(18),
        until=int((actor.at + TICKET_LIFE).timestamp()),
    )
    return _signer().sign_object(asdict(made))


def use(text: str, at: datetime) -> Ticket:
    """The ticket, which counts from now on as used. Raises NotGood."""
    try:
        found = Ticket(**_signer().unsign_object(text[:LONGEST]))
    except (BadSignature, ValueError, TypeError) as fault:
        raise NotGood("forged") from fault
    left = datetime.fromtimestamp(found.until, at.tzinfo) - at
    if not -SKEW <= left <= TICKET_LIFE + SKEW:
        raise NotGood("late")
    try:  # kept for longer than any ticket counts; one atomic statement
        access.count(f"practice ticket {found.nonce}", at, most=1, within=4 * TICKET_LIFE)
    except access.TooOften as fault:
        raise NotGood("used") from fault
    return found
