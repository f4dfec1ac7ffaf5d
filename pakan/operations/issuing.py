"""The keys of the house: which one signs now, and which ones readers are told of; and what a card says. Below the verbs
that sign.

Keys come from one secret, one for each purpose and year. Changing the secret begins a new series (`PAKAN_SIGNING_SERIES`);
the one before is told in `PAKAN_SIGNING_BEFORE`, with whether it was stolen (docs/runbooks: changing the signing key).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from django.conf import settings

from pakan.integrations.formats.credential import (
    PURPOSES,
    Card,
    PublicKey,
    Purpose,
    Series,
    SigningKey,
    compose,
)
from pakan.registers.access.actor import VIENTIANE
from pakan.registers.care import actions as care
from pakan.registers.care.models import Batch, IssuedCard
from pakan.registers.families.models import FamilyMember
from pakan.registers.records.models import Credit

CARD_LIFE = timedelta(days=365)  # at most; a card ends with the cover
AHEAD = timedelta(days=90)  # a key is shown this long before it signs


def series() -> list[Series]:
    """All series, the one that signs first."""
    before = [
        Series(
            told["series"],
            str(told["seed"]).encode(),
            datetime.fromisoformat(told["ended_at"]),
            bool(told.get("stolen", False)),
        )
        for told in settings.SIGNING_BEFORE
    ]
    return [Series(settings.SIGNING_SERIES, settings.SIGNING_KEY.encode()), *before]


def key(purpose: Purpose, at: datetime) -> SigningKey:
    """The key that signs at a moment."""
    return series()[0].key(purpose, at.astimezone(UTC).year)


def public_keys(now: datetime) -> dict[str, PublicKey]:
    """By name: this year's, the last one's (its documents may be in force), and the next one's 90 days ahead."""
    now = now.astimezone(UTC)
    years = range(now.year - 1, (now + AHEAD).year + 1)
    return {key.id: key for each in series() for key in _keys(each, tuple(years))}


@lru_cache(maxsize=64)
def _keys(series: Series, years: tuple[int, ...]) -> tuple[PublicKey, ...]:
    """Kept: each card that is shown asks for all of them. Private halves are derived anew and kept nowhere."""
    return tuple(series.key(purpose, year).public for year in years for purpose in PURPOSES)


def stolen(now: datetime) -> list[str]:
    """Names of keys that somebody else may have."""
    return [key.id for key in public_keys(now).values() if key.is_stolen]


# --- cards: the insured person's own, and those of the family ---------------------------------------------------------


def issue_card(
    at: datetime,
    person_id: int,
    kind: str,
    until: date,
    batch: Batch | None = None,
    old: IssuedCard | None = None,
    member: FamilyMember | None = None,
) -> IssuedCard:
    """A card of the person, or of a `member` of the family, signed by the key of the moment."""
    latest = Credit.objects.filter(person_id=person_id).order_by("-month", "-version")
    scheme = latest.values_list("employer__scheme", flat=True).first() or "enterprise"
    made_by = key("card", at).public.id
    return care.issue(
        person_id, kind, until, made_by, at, scheme, batch, old, member.id if member is not None else None
    )


def card_code(issued: IssuedCard) -> str:
    """The signed text of an issued card: the same whenever it is asked for."""
    person, member = issued.person, issued.family
    who = member or person
    facts = Card(
        number=who.number,
        name=who.name,
        name_latin=who.name_latin,
        birth_date=who.birth_date,
        sex=who.sex,
        scheme=issued.scheme,
        group=member.relation if member else "insured",
        serial=issued.serial,
        insured=person.number if member else "",
    )
    expires = min(end_of(issued.until), issued.issued_at + CARD_LIFE)
    return compose(facts, key("card", issued.issued_at), settings.BASE_URL, issued.issued_at, expires)


def number_on(issued: IssuedCard) -> str:
    """The number of whom the card is: of the family member, or of the insured person."""
    return issued.family.number if issued.family else issued.person.number


def end_of(day: date) -> datetime:
    """The last second of a day in Vientiane."""
    return datetime.combine(day, time(23, 59, 59), VIENTIANE)
