"""Patterns that one claim alone does not show: who decides with whom, what goes to one account, what stays below a limit (A7).

Nothing here says that somebody did wrong: an auditor looks. Each list is one query over a stretch of days.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from pakan.units.money import Kip

PAIR_FEWEST = 5  # decisions; below, a share says nothing
PAIR_PERCENT = 30
JUST_BELOW_PERCENT = 90
SHOWN = 200

GRANTED = """
WITH granted AS (
    SELECT d.id, d.claim_id, d.proposed_by_id AS one, d.decided_by_id AS two, d.decided_at, c.person_id,
        coalesce((SELECT sum(coalesce(a.total, a.kip)) FROM benefits_award a WHERE a.decision_id = d.id), 0) AS kip
    FROM benefits_claimdecision d JOIN benefits_claim c ON c.id = d.claim_id
    WHERE d.outcome = 'granted' AND d.decided_by_id IS NOT NULL AND d.decided_at >= %(since)s
)"""
PAIRS = """, hands AS (SELECT one AS account, count(*) AS many FROM (
        SELECT one, id FROM granted UNION ALL SELECT two, id FROM granted) x GROUP BY one),
both_of AS (SELECT least(one, two) AS a, greatest(one, two) AS b, count(*) AS many, sum(kip) AS kip FROM granted GROUP BY 1, 2)
SELECT p.a, p.b, p.many, p.kip, 100 * p.many / least(x.many, y.many) AS percent
FROM both_of p JOIN hands x ON x.account = p.a JOIN hands y ON y.account = p.b
WHERE p.many >= %(fewest)s AND 100 * p.many > %(percent)s * least(x.many, y.many)
ORDER BY percent DESC, p.kip DESC LIMIT %(shown)s"""
ACCOUNTS = """
SELECT y.bank, y.number, count(DISTINCT a.person_id), count(DISTINCT a.claim_id), sum(coalesce(a.total, a.kip))
FROM benefits_award a JOIN benefits_payeeaccount y ON y.id = a.payee_id JOIN benefits_claimdecision d ON d.id = a.decision_id
WHERE d.decided_at >= %(since)s GROUP BY y.bank, y.number HAVING count(DISTINCT a.person_id) > 1
ORDER BY 3 DESC, 5 DESC LIMIT %(shown)s"""
SPLITS = """
SELECT one, person_id, min((decided_at AT TIME ZONE 'Asia/Vientiane')::date), count(*), sum(kip) FROM granted
WHERE kip > 0 AND kip <= %(limit)s GROUP BY one, person_id
HAVING count(*) > 1 AND sum(kip) > %(limit)s
    AND max(decided_at) - min(decided_at) <= interval '31 days'
UNION ALL
SELECT one, NULL, min((decided_at AT TIME ZONE 'Asia/Vientiane')::date), count(*), sum(kip) FROM granted
WHERE kip <= %(limit)s AND 100 * kip >= %(just_below)s * %(limit)s GROUP BY one HAVING count(*) >= %(fewest)s
ORDER BY 5 DESC LIMIT %(shown)s"""
DAYS = """
SELECT one, (decided_at AT TIME ZONE 'Asia/Vientiane')::date AS day, count(*), sum(kip) FROM granted
GROUP BY 1, 2 ORDER BY 4 DESC LIMIT 20"""


@dataclass(frozen=True)
class Pair:
    """Two officers who decided together more often than other pairs. `percent` of the decisions of who has fewer."""

    one_id: int
    two_id: int
    many: int
    kip: Kip
    percent: int


@dataclass(frozen=True)
class OneAccount:
    """An account that money of several persons goes to."""

    bank: str
    number: str
    people: int
    claims: int
    kip: Kip

    @property
    def masked(self) -> str:
        return f"••••{self.number[-4:]}"


@dataclass(frozen=True)
class Split:
    """Grants that stay below the limit, and together pass it: to one person, or (None) many just below it by one officer."""

    officer_id: int
    person_id: int | None
    day: date
    many: int
    kip: Kip


@dataclass(frozen=True)
class OfficerDay:
    officer_id: int
    day: date
    many: int
    kip: Kip


def _rows(query: str, since: datetime, limit: int = 0) -> list[tuple[Any, ...]]:
    given: dict[str, datetime | int] = {
        "since": since, "limit": limit, "fewest": PAIR_FEWEST, "percent": PAIR_PERCENT, "shown": SHOWN,
        "just_below": JUST_BELOW_PERCENT,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def pairs(since: datetime) -> list[Pair]:
    return [
        Pair(a, b, many, Kip(int(kip)), int(percent))
        for a, b, many, kip, percent in _rows(GRANTED + PAIRS, since)
    ]


def accounts(since: datetime) -> list[OneAccount]:
    found = _rows(ACCOUNTS, since)
    return [
        OneAccount(bank, number, people, claims, Kip(int(kip))) for bank, number, people, claims, kip in found
    ]


def splits(since: datetime, limit: int) -> list[Split]:
    found = _rows(GRANTED + SPLITS, since, limit)
    return [Split(officer, person, day, many, Kip(int(kip))) for officer, person, day, many, kip in found]


def officer_days(since: datetime) -> list[OfficerDay]:
    """The twenty days on which one officer proposed the most money."""
    return [
        OfficerDay(officer, day, many, Kip(int(kip)))
        for officer, day, many, kip in _rows(GRANTED + DAYS, since)
    ]
