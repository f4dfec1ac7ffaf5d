"""Writing about cards and care."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pakan.registers.care.models import Batch, Choice, Facility, IssuedCard, Photo, Rating, Visit
from pakan.registers.people.actions import take_numbers
from pakan.registers.people.models import Person
from pakan.units.money import Kip
from pakan.units.month import Month

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none is taken for another when read aloud


def new_serial() -> str:
    """80 random bits in sixteen letters."""
    return "".join(secrets.choice(_LETTERS) for _ in range(16))


# --- cards -----------------------------------------------------------------------------------------------------------


def issue(
    person_id: int,
    kind: str,
    until: date,
    key: str,
    at: datetime,
    scheme: str,
    batch: Batch | None = None,
    reprint_of: IssuedCard | None = None,
    family_id: int | None = None,
) -> IssuedCard:
    """The card of this kind and day; the one there is already, if two ask at one moment. `family_id`: a relative's."""
    wanted = IssuedCard(
        serial=new_serial(),
        person_id=person_id,
        family_id=family_id,
        kind=kind,
        until=until,
        key=key,
        scheme=scheme,
        issued_at=at,
        batch=batch,
        reprint_of=reprint_of,
    )
    IssuedCard.objects.bulk_create([wanted], ignore_conflicts=True)
    return IssuedCard.objects.get(
        person_id=person_id, family_id=family_id, kind=kind, until=until, revoked_at=None
    )


def revoke(cards: Iterable[IssuedCard], why: str, at: datetime, account_id: int | None = None) -> int:
    """Withdraw these; how many were not withdrawn before."""
    ids = [card.id for card in cards]
    return IssuedCard.objects.filter(id__in=ids, revoked_at=None).update(
        revoked_at=at, why=why, revoked_by_id=account_id
    )


def keep_photo(
    whose: tuple[int, int | None], content: bytes, warnings: Iterable[str], account_id: int, at: datetime
) -> Photo:
    """`whose`: the insured person, and the family member of that person if it is not the own face."""
    person_id, family_id = whose
    return Photo.objects.create(
        person_id=person_id, family_id=family_id, content=content, warnings=" ".join(warnings),
        taken_by_id=account_id, taken_at=at,
    )  # fmt: skip


def ask_batch(
    employer_id: int | None, district_code: str | None, account_id: int, at: datetime, year: int
) -> Batch:
    serial = take_numbers(f"card batch {year}")
    return Batch.objects.create(
        number=f"K{year % 100:02d}-{serial:05d}", employer_id=employer_id, district_id=district_code,
        asked_at=at, asked_by_id=account_id,
    )  # fmt: skip


def lock_batch(number: str) -> Batch:
    return Batch.objects.select_for_update().get(number=number)


def finish_batch(batch: Batch, document_id: int | None, cards: int, left_out: int, at: datetime) -> None:
    batch.document_id, batch.cards, batch.left_out, batch.made_at = document_id, cards, left_out, at
    batch.save(update_fields=["document", "cards", "left_out", "made_at"])


# --- facilities and the choice of one --------------------------------------------------------------------------------


def write_facility(code: str, facts: Mapping[str, Any]) -> bool:
    """Add a facility or change what is known of it; whether it is new."""
    _, is_new = Facility.objects.update_or_create(code=code, defaults=dict(facts))
    return is_new


def new_key(facility: Facility, at: datetime) -> str:
    """A new key for a facility's reader: shown once, kept as a digest. The old one ends."""
    key = secrets.token_urlsafe(18)
    facility.key_digest, facility.key_made_at = digest_of(key), at
    facility.save(update_fields=["key_digest", "key_made_at"])
    return key


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def lock_person(person_id: int) -> None:
    """Choices of one person are made one after another."""
    Person.objects.select_for_update(no_key=True).only("id").get(id=person_id)


def choose(
    person_id: int, facility: Facility, first_month: Month, reason: str, text: str, state: str, at: datetime
) -> Choice:
    return Choice.objects.create(
        person_id=person_id, facility=facility, first_month=first_month, reason=reason, text=text,
        state=state, asked_at=at,
    )  # fmt: skip


def lock_choice(id: int) -> Choice:
    return Choice.objects.select_for_update(of=("self",)).select_related("person", "facility").get(id=id)


def decide(
    choice: Choice, state: str, first_month: Month, answer: str, account_id: int, at: datetime
) -> None:
    choice.state, choice.first_month, choice.answer = state, first_month, answer
    choice.decided_by_id, choice.decided_at = account_id, at
    choice.save(update_fields=["state", "first_month", "answer", "decided_by", "decided_at"])


# --- visits ----------------------------------------------------------------------------------------------------------


def note_visit(key: UUID, **facts: Any) -> tuple[Visit, bool]:
    """The visit of this key, and whether it is new; two notes at one moment are one."""
    Visit.objects.bulk_create(made := [Visit(key=key, **facts)], ignore_conflicts=True)
    found = Visit.objects.get(key=key)
    return found, found.received_at == made[0].received_at


def lock_visit(key: UUID) -> Visit:
    return Visit.objects.select_for_update(of=("self",)).select_related("facility").get(key=key)


def propose(visit: Visit, agreed: Kip, why: str, account_id: int, at: datetime) -> None:
    visit.agreed, visit.why, visit.proposed_by_id, visit.proposed_at = agreed, why, account_id, at
    visit.save(update_fields=["agreed", "why", "proposed_by", "proposed_at"])


def settle(visit: Visit, account_id: int, at: datetime) -> None:
    visit.decided_by_id, visit.decided_at = account_id, at
    visit.save(update_fields=["decided_by", "decided_at"])


def rate(visit: Visit, stars: int, words: str, at: datetime) -> bool:
    """Whether it was rated now: a second word is not taken."""
    Rating.objects.bulk_create(
        made := [Rating(visit=visit, stars=stars, words=words, at=at)], ignore_conflicts=True
    )
    return Rating.objects.filter(visit=visit, at=made[0].at).exists()
