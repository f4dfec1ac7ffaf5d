"""The keys of the house: which one signs now, and which ones readers are told of. Below the verbs that sign.

Keys come from one secret, one for each purpose and year. Changing the secret begins a new series (`PAKAN_SIGNING_SERIES`);
the one before is told in `PAKAN_SIGNING_BEFORE`, with whether it was stolen (docs/runbooks: changing the signing key).
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.conf import settings

from pakan.integrations.formats.credential import PURPOSES, PublicKey, Purpose, Series, SigningKey

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
