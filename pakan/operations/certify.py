"""Certify: papers of the fund that anyone can check without asking it: the member's card and statement (C21, C53–C55).

What a card says about cover is the law's own answer of today from the real record. Each card has a number of its own,
by which it can be withdrawn; readers carry the list of withdrawn ones (publish).
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.integrations.formats import emvco
from pakan.integrations.formats.credential import (
    Card,
    Clearance,
    CredentialRefused,
    Registration,
    Statement,
    Verified,
    Year,
    compose,
)
from pakan.integrations.formats.credential import verify as verify_code
from pakan.integrations.formats.letter import CardSheet, PrintedCard, StatementLetter, StatementRow, render
from pakan.integrations.formats.photo import PhotoRefused, Warning, prepare
from pakan.law.decision import Decision
from pakan.operations.assess import estimate, relative_until
from pakan.operations.issuing import card_code, end_of, issue_card, key, number_on, public_keys, stolen
from pakan.operations.later import later
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.care import actions as care
from pakan.registers.care import queries as cards
from pakan.registers.care.models import Batch, IssuedCard, Photo
from pakan.registers.compliance.queries import is_clearance_withdrawn
from pakan.registers.documents import actions as documents
from pakan.registers.families import queries as families
from pakan.registers.families.models import FamilyMember
from pakan.registers.joining.queries import is_certificate_withdrawn
from pakan.registers.people.models import District, Employer, Person
from pakan.registers.people.queries import person_by_id
from pakan.registers.records.models import Credit
from pakan.registers.records.queries import Posted
from pakan.registers.records.queries import statement as posted_months
from pakan.units.month import Month
from pakan.units.number import shown_person_number

__all__ = [
    "Card",
    "Clearance",
    "CredentialRefused",
    "NothingPosted",
    "PhotoRefused",
    "Registration",
    "Statement",
    "Verified",
    "Warning",
]  # fmt: skip

STATEMENT_LIFE = timedelta(days=90)
COVER = {"draws": "nothing"}  # what the record knows; a benefit that is drawn would only lengthen the cover
MOST_PRINTED = 500  # cards in one batch


class NothingPosted(LookupError):
    """This month does not count for the person yet: there is nothing to receipt."""


class Refused(ValueError):
    """Why nothing was withdrawn or printed: `code` is for the words on the screen."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class MemberCard:
    """`until`: the last day covered, None without cover; `code` and `serial`: '' without cover."""

    person: Person
    cover: Decision
    until: date | None
    code: str
    serial: str = ""


# --- keys ------------------------------------------------------------------------------------------------------------


def published_keys(now: datetime) -> dict[str, Any]:
    """What a reader without network is given beforehand, unsigned and readable; signed it is publish.key_list."""
    keys = [each.as_dict() for each in public_keys(now).values()]
    return {
        "issuer": settings.BASE_URL,
        "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "keys": keys,
    }


def verify(text: str, now: datetime) -> Verified:
    """What a code says, if it is ours, whole and in force. Raises CredentialRefused with a code that says why.

    Here we know every number that we gave out. So what was signed before a key was stolen is still believed, if it
    is on the register; readers without network cannot know that and refuse.
    """
    found = verify_code(text, public_keys(now), now)
    if not isinstance(found.document, Card):
        if found.key.is_stolen or _is_withdrawn(found.serial):
            raise CredentialRefused("revoked")
        return found
    issued = cards.card_by_serial(found.serial) if found.serial else None
    if issued is not None and issued.revoked_at is not None and issued.why != IssuedCard.Why.KEY:
        raise CredentialRefused("revoked")
    if found.key.is_stolen and (issued is None or number_on(issued) != found.document.number):
        raise CredentialRefused("revoked")
    return found


def _is_withdrawn(serial: str) -> bool:
    return is_clearance_withdrawn(serial) or is_certificate_withdrawn(serial)


# --- the card --------------------------------------------------------------------------------------------------------


def card(actor: Actor, known: Person | None = None) -> MemberCard:
    """The actor's own card: cover as the law sees it today, signed until it ends. `known`: the actor's own row.

    The first look at a new cover issues the card; each further look only reads it.
    """
    person = known if known is not None and known.id == actor.person_id else _self(actor)
    held = cards.held_by(person.id)
    cover, until = _cover(person, actor.today, held)
    if until is None:
        return MemberCard(person, cover, None, "")
    issued = held.in_force("phone", until)
    if issued is None or issued.key in stolen(actor.at):
        issued = take_card(actor, until)
    issued.person = person  # who is known need not be read again
    return MemberCard(person, cover, until, card_code(issued), issued.serial)


def _cover(person: Person, today: date, held: cards.Held | None = None) -> tuple[Decision, date | None]:
    """The law's answer, and the last day covered; none for one whose death was told."""
    cover = estimate(person, "health", COVER, today)
    ends = [amount.end for amount in cover.amounts if amount.label == "insured_covered" and amount.end]
    covered = cover.entitled and bool(ends) and not (held or cards.held_by(person.id)).died
    return cover, max(ends) if covered else None


@verb("certify.take_card")
def take_card(actor: Actor, until: date) -> IssuedCard:
    """Issue the actor's own card for a cover that ends on `until`; the one there is, unless its key was stolen."""
    assert actor.person_id is not None
    if lost := stolen(actor.at):
        before = cards.living_cards(actor.today).filter(person_id=actor.person_id, kind="phone", key__in=lost)
        care.revoke(before, IssuedCard.Why.KEY, actor.at)
    issued = issue_card(actor.at, actor.person_id, "phone", until)
    remember(issued.serial, person_id=actor.person_id, until=until)
    return issued


def code_svg(code: str, title: str) -> str:
    """A signed text as a picture to scan."""
    return emvco.svg(code, title)


# --- withdrawing -----------------------------------------------------------------------------------------------------


@verb("certify.withdraw")
def withdraw(actor: Actor, serial: str, why: str) -> IssuedCard:
    """Withdraw one card; after a death, all of the person. Raises Refused 'unknown', 'why' or 'withdrawn'."""
    if why not in IssuedCard.Why.values or why == IssuedCard.Why.KEY:
        raise Refused("why")
    found = cards.card_by_serial(serial)
    if found is None:
        raise Refused("unknown")
    if found.revoked_at is not None:
        raise Refused("withdrawn")
    every = [found]
    if why == IssuedCard.Why.DEATH:
        same = {"person_id": found.person_id, "family_id": found.family_id}
        every = list(cards.living_cards(actor.today).filter(**same)) or every
    care.revoke(every, why, actor.at, actor.account_id)
    remember(serial, person_id=found.person_id, why=why, cards=len(every))
    found.refresh_from_db()
    return found


@verb("certify.report_lost")
def report_lost(actor: Actor, serial: str) -> None:
    """The actor's own card is lost. Raises Refused 'unknown' also for another's."""
    found = cards.card_by_serial(serial)
    if found is None or found.person_id != actor.person_id:
        raise Refused("unknown")
    care.revoke([found], IssuedCard.Why.LOST, actor.at, actor.account_id)
    remember(serial, person_id=found.person_id, why="lost")


def _until(issued: IssuedCard, today: date) -> date | None:
    """The last day covered of whom the card is."""
    if issued.family is not None:
        return relative_until(issued.family, today)
    return _cover(issued.person, today)[1]


@verb("certify.withdraw_ended")
def withdraw_ended(actor: Actor) -> int:
    """Withdraw cards that say more than the law does today: a month was corrected away since they were issued (A-26).

    Only people whose record changed by a correction are looked at: without one, cover never becomes shorter.
    """
    changed = Credit.objects.filter(version__gt=1).values("person_id")
    ended = []
    for issued in cards.living_cards(actor.today).filter(person_id__in=changed):
        until = _until(issued, actor.today)
        if until is None or until < issued.until:
            ended.append(issued)
    many = care.revoke(ended, IssuedCard.Why.ENDED, actor.at)
    remember("cards", withdrawn=many)
    return many


@verb("certify.tell_death")
def tell_death(actor: Actor, person: Person) -> int:
    """A death was told to us: every own card is withdrawn, and those of the family that last longer than the law lets
    them; how many were in force."""
    living = cards.living_cards(actor.today).filter(person=person)
    many = care.revoke(living.filter(family=None), "death", actor.at, actor.account_id)
    ends = ((issued, _until(issued, actor.today)) for issued in living.filter(family__isnull=False))
    longer = [issued for issued, until in ends if until is None or until < issued.until]
    many += care.revoke(longer, IssuedCard.Why.ENDED, actor.at, actor.account_id)
    remember(person.number, person_id=person.id, withdrawn=many)
    return many


@app.task(name="certify.after_death")
def after_death(person_id: int) -> None:
    """A death was confirmed: the cards go by a job, since who confirms a death knows nothing of cards."""
    tell_death(Actor.system(timezone.now(), "deaths"), person_by_id(person_id))


# --- paper cards -----------------------------------------------------------------------------------------------------


@verb("certify.take_photo")
def take_photo(
    actor: Actor, person: Person, content: bytes, in_spite: bool = False, relative: FamilyMember | None = None
) -> list[Warning]:
    """Keep a face for the card of the person, or of a `relative` in that family; what is wrong with the photo.

    A bad one is kept only `in_spite`. Raises PhotoRefused; Refused 'unknown' if the relative is of another family.
    """
    assert actor.account_id is not None
    if relative is not None and relative not in families.living(person.id):
        raise Refused("unknown")
    small, warnings = prepare(content)
    kept = not warnings or in_spite
    if kept:
        whose = (relative.insured_id, relative.id) if relative else (person.id, None)
        care.keep_photo(whose, small, warnings, actor.account_id, actor.at)
    number = relative.number if relative else person.number
    remember(number, person_id=person.id, warnings=list(warnings), kept=kept)
    return warnings


@verb("certify.print_cards")
def print_cards(actor: Actor, employer: Employer | None, district: District | None = None) -> Batch:
    """Order paper cards for everybody there who has none; a job prints them. Raises Refused 'where'."""
    if (employer is None) == (district is None) or actor.account_id is None:
        raise Refused("where")
    batch = care.ask_batch(
        employer.id if employer else None, district.code if district else None, actor.account_id, actor.at,
        actor.today.year,
    )  # fmt: skip
    remember(batch.number, employer_id=employer.id if employer else None)
    later("certify.make_batch", number=batch.number)
    return batch


@verb("certify.reprint")
def reprint(actor: Actor, serial: str, why: str) -> Batch:
    """A new paper card for one that is lost or wrong; the old one is withdrawn. Raises Refused."""
    old = cards.card_by_serial(serial)
    if old is None or old.kind != IssuedCard.Kind.PAPER or actor.account_id is None:
        raise Refused("unknown")
    if why not in (IssuedCard.Why.LOST, IssuedCard.Why.WRONG, IssuedCard.Why.REPRINTED):
        raise Refused("why")
    until = _until(old, actor.today)
    if until is None:
        raise Refused("no cover")
    if IssuedCard.objects.filter(reprint_of=old).exists():
        raise Refused("reprinted")
    care.revoke([old], why, actor.at, actor.account_id)
    batch = care.ask_batch(None, old.person.district_id, actor.account_id, actor.at, actor.today.year)
    issue_card(actor.at, old.person_id, "paper", until, batch, old, old.family)
    remember(batch.number, person_id=old.person_id, why=why, old=serial)
    later("certify.make_batch", number=batch.number)
    return batch


@app.task(name="certify.make_batch", retry=RetryStrategy(max_attempts=5, wait=60))
def make_batch(number: str) -> None:
    """Issue and print one batch. Run twice, it prints nothing twice."""
    actor = Actor.system(timezone.now(), "print cards")
    if issue_batch(actor, number):
        print_batch(actor, number)


@verb("certify.issue_batch")
def issue_batch(actor: Actor, number: str) -> bool:
    """Issue the cards of a batch that has none yet; whether it is still to be printed."""
    batch = care.lock_batch(number)
    remember(number)
    if batch.made_at is not None:
        return False
    if batch.issued.exists():
        return True
    people = cards.without_paper(actor.today, batch.employer_id, batch.district_id)[:MOST_PRINTED]
    left_out = 0
    for person in people:
        until = _cover(person, actor.today)[1]
        if until is None:
            left_out += 1
            continue
        issue_card(actor.at, person.id, "paper", until, batch)
    relatives = cards.relatives_without_paper(actor.today, batch.employer_id, batch.district_id)
    for member in relatives[:MOST_PRINTED]:
        until = relative_until(member, actor.today)
        if until is None:
            left_out += 1
            continue
        issue_card(actor.at, member.insured_id, "paper", until, batch, member=member)
    Batch.objects.filter(id=batch.id).update(left_out=left_out)
    return True


@verb("certify.print_batch")
def print_batch(actor: Actor, number: str) -> None:
    """Print what was issued in a batch into one PDF, and record it."""
    batch = care.lock_batch(number)
    issued = list(batch.issued.select_related("person", "family").order_by("person__sort_key", "id"))
    document_id = None
    if issued:
        paper = documents.keep(
            kind="cards",
            name=f"cards-{number}.pdf",
            media_type="application/pdf",
            content=render("cards", sheet_of(issued)),
            employer=batch.employer,
            account_id=batch.asked_by_id,
            at=actor.at,
        )
        document_id = paper.id
    care.finish_batch(batch, document_id, len(issued), batch.left_out, actor.at)
    remember(number, cards=len(issued))


def sheet_of(issued: list[IssuedCard]) -> CardSheet:
    """What stands on the cards."""
    photos = cards.photos_of(one.person_id for one in issued)
    return {"cards": [_printed(one, photos.get((one.person_id, one.family_id))) for one in issued]}


def _printed(issued: IssuedCard, photo: Photo | None) -> PrintedCard:
    person = issued.person
    who = issued.family or person
    number = shown_person_number(person.number)
    return {
        "name": who.name,
        "name_latin": who.name_latin,
        "number": who.number if issued.family else number,
        "born": who.birth_date.isoformat(),
        "sex": who.sex,
        "until": issued.until.isoformat(),
        "serial": issued.serial,
        "code": card_code(issued),
        "photo": base64.b64encode(photo.content).decode() if photo else "",
        "family_of": number if issued.family else "",
    }


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
        code=compose(facts, key("statement", actor.at), settings.BASE_URL, actor.at, end_of(until)),
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
    return person_by_id(actor.person_id)
