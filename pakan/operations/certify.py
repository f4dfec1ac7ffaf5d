"""Certify: papers of the fund that anyone can check without asking it: the member's card and statement (C21, C53, C55).

Keys come from one secret of the house, one for each purpose and year. What a card says about cover is the law's own
answer of today from the real record. A list of withdrawn documents does not exist yet: lives are short instead.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings

from pakan.integrations.formats import emvco
from pakan.integrations.formats.credential import (
    PURPOSES,
    Card,
    CredentialRefused,
    PublicKey,
    SigningKey,
    Statement,
    Verified,
    Year,
    compose,
    signing_key,
)
from pakan.integrations.formats.credential import verify as verify_code
from pakan.integrations.formats.credential.keys import Purpose
from pakan.integrations.formats.letter import StatementLetter, StatementRow, render
from pakan.law.decision import Decision
from pakan.operations.assess import estimate
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.people.models import Person
from pakan.registers.records.queries import Posted
from pakan.registers.records.queries import statement as posted_months
from pakan.units.month import Month

__all__ = ["Card", "CredentialRefused", "NothingPosted", "Statement", "Verified"]

CARD_LIFE = timedelta(days=365)  # at most; a card ends with the cover
STATEMENT_LIFE = timedelta(days=90)
AHEAD = timedelta(days=90)  # a key is shown this long before it signs
COVER = {"draws": "nothing"}  # what the record knows; a benefit that is drawn would only lengthen the cover


class NothingPosted(LookupError):
    """This month does not count for the person yet: there is nothing to receipt."""


@dataclass(frozen=True)
class MemberCard:
    """`until`: the last day covered, None without cover; `code`: the signed text, '' without cover."""

    person: Person
    cover: Decision
    until: date | None
    code: str


# --- keys ------------------------------------------------------------------------------------------------------------


def _key(purpose: Purpose, year: int) -> SigningKey:
    return signing_key(settings.SIGNING_KEY.encode(), purpose, year)


def public_keys(now: datetime) -> dict[str, PublicKey]:
    """By name: this year's, the last one's (its documents may be in force), and the next one's 90 days ahead."""
    now = now.astimezone(UTC)
    years = range(now.year - 1, (now + AHEAD).year + 1)
    made = (_key(purpose, year).public for year in years for purpose in PURPOSES)
    return {key.id: key for key in made}


def published_keys(now: datetime) -> dict[str, Any]:
    """What a reader without network is given beforehand."""
    keys = [key.as_dict() for key in public_keys(now).values()]
    return {
        "issuer": settings.BASE_URL,
        "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "keys": keys,
    }


def verify(text: str, now: datetime) -> Verified:
    """What a code says, if it is ours, whole and in force. Raises CredentialRefused with a code that says why."""
    return verify_code(text, public_keys(now), now)


# --- the card --------------------------------------------------------------------------------------------------------


def card(actor: Actor) -> MemberCard:
    """The actor's own card: cover as the law sees it today, signed until it ends. Reads only."""
    person = _self(actor)
    cover = estimate(person, "health", COVER, actor.today)
    ends = [amount.end for amount in cover.amounts if amount.label == "insured_covered" and amount.end]
    until = max(ends) if cover.entitled and ends else None
    return MemberCard(person, cover, until, _card_code(actor, person, until) if until else "")


def _card_code(actor: Actor, person: Person, until: date) -> str:
    scheme = next((posted.employer.scheme for posted in posted_months(person.id)), "enterprise")
    facts = Card(
        number=person.number,
        name=person.name,
        name_latin=person.name_latin,
        birth_date=person.birth_date,
        sex=person.sex,
        scheme=scheme,
        group="insured",
    )
    expires = min(_end_of(until), actor.at + CARD_LIFE)
    return compose(facts, _key("card", actor.at.astimezone(UTC).year), settings.BASE_URL, actor.at, expires)


def code_svg(code: str, title: str) -> str:
    """A signed text as a picture to scan."""
    return emvco.svg(code, title)


# --- the statement ---------------------------------------------------------------------------------------------------


@verb("certify.statement")
def statement(actor: Actor, month: Month | None = None) -> StatementLetter:
    """The actor's own statement, signed; print it with `statement_pdf`. The audit trail keeps its number and digest.

    Of one month it is the worker's own receipt (C111). Raises NothingPosted where no month counts (yet).
    """
    person = _self(actor)
    months = posted_months(person.id, month)
    if month is not None and not months:
        raise NothingPosted(str(month))
    posted = sorted(months, key=lambda row: (row.month, row.employer.code))
    rows = [_row(row) for row in posted]
    table = json.dumps(rows, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(table.encode()).digest()
    number = f"S{actor.today:%y}-{secrets.token_hex(5).upper()}"
    facts = Statement(number, person.number, person.name, _years(posted), digest)
    until = actor.today + STATEMENT_LIFE
    key = _key("statement", actor.at.astimezone(UTC).year)
    remember(number, person_id=person.id, digest=digest.hex())
    return StatementLetter(
        number=number,
        person=person.name,
        person_number=person.number,
        born=person.birth_date.isoformat(),
        rows=rows,
        months=facts.months,
        issued_on=actor.today.isoformat(),
        valid_until=until.isoformat(),
        code=compose(facts, key, settings.BASE_URL, actor.at, _end_of(until)),
        verify_at=f"{settings.BASE_URL}/verify/",
    )


def statement_pdf(letter: StatementLetter) -> bytes:
    """The statement as PDF; outside the verb, because printing takes longer than the record."""
    return render("statement", letter)


def _row(posted: Posted) -> StatementRow:
    return StatementRow(
        month=str(posted.month),
        employer=posted.employer.name_lo,
        employer_code=posted.employer.code,
        insured=posted.insured,
        employer_share=posted.employer_share,
        worker_share=posted.worker_share,
    )


def _years(posted: list[Posted]) -> tuple[Year, ...]:
    """Each year with the months that count, once each, and both shares of all employers."""
    found = []
    for year in sorted({row.month.year for row in posted}):
        rows = [row for row in posted if row.month.year == year]
        months = tuple(sorted({row.month.month for row in rows}))
        found.append(Year(year, months, sum(row.employer_share + row.worker_share for row in rows)))
    return tuple(found)


def _self(actor: Actor) -> Person:
    """The person who asks: nobody certifies another through these doors."""
    if actor.person_id is None:
        raise PermissionError("only a person has a card")
    return Person.objects.get(id=actor.person_id)


def _end_of(day: date) -> datetime:
    """The last second of a day in Vientiane."""
    return datetime.combine(day, time(23, 59, 59), VIENTIANE)
