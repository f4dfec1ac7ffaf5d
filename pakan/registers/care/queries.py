"""What is read about cards and care."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Avg, Count, F, Q, QuerySet

from pakan.registers.care.models import Batch, Choice, Facility, IssuedCard, Photo, Visit
from pakan.registers.families.models import FamilyMember
from pakan.registers.kept import kept
from pakan.registers.people.models import Person
from pakan.units.month import Month

# --- cards -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """A person's own cards in one reading, without those of the family."""

    cards: tuple[IssuedCard, ...]

    @property
    def died(self) -> bool:
        """Whether one was withdrawn because of a death: no other is issued then."""
        return any(card.why == IssuedCard.Why.DEATH for card in self.cards)

    def in_force(self, kind: str, until: date) -> IssuedCard | None:
        found = (
            card for card in self.cards if (card.kind, card.until, card.revoked_at) == (kind, until, None)
        )
        return next(found, None)


@kept(int)
def _held(person_id: int) -> QuerySet[IssuedCard, IssuedCard]:
    return IssuedCard.objects.filter(person_id=person_id, family__isnull=True)


def held_by(person_id: int) -> Held:
    return Held(tuple(_held(person_id)))


def cards_of(person_id: int) -> list[IssuedCard]:
    """All cards of a person and of the family, newest first."""
    found = IssuedCard.objects.filter(person_id=person_id).select_related("batch", "revoked_by", "family")
    return list(found.order_by("-issued_at", "-id"))


def card_by_serial(serial: str) -> IssuedCard | None:
    return IssuedCard.objects.filter(serial=serial).first()


def card_of_relative(family_id: int, kind: str, until: date) -> IssuedCard | None:
    """The family member's card in force that ends on this day."""
    found = IssuedCard.objects.filter(family_id=family_id, kind=kind, until=until, revoked_at=None)
    return found.select_related("person", "family").first()


def living_cards(today: date) -> QuerySet[IssuedCard]:
    """Neither withdrawn nor over."""
    return IssuedCard.objects.filter(revoked_at=None, until__gte=today)


def withdrawn(today: date) -> list[str]:
    """The numbers of withdrawn cards that would otherwise still be in force."""
    found = IssuedCard.objects.filter(revoked_at__isnull=False, until__gte=today)
    return list(found.values_list("serial", flat=True))


def photos_of(person_ids: Iterable[int]) -> dict[tuple[int, int | None], Photo]:
    """The newest photo of each of these people and of each of their family: by person, and family member or None."""
    found = Photo.objects.filter(person_id__in=list(person_ids))
    newest = found.order_by("person_id", "family_id", "-taken_at", "-id").distinct("person_id", "family_id")
    return {(photo.person_id, photo.family_id): photo for photo in newest}


def faces(person_id: int) -> list[Photo]:
    """Every photo ever taken of the person and the family, the oldest first."""
    return list(Photo.objects.filter(person_id=person_id).order_by("id"))


def without_paper(today: date, employer_id: int | None, district_code: str | None) -> QuerySet[Person]:
    """The people of an employer or district who have no paper card in force, in Lao order."""
    has = living_cards(today).filter(kind=IssuedCard.Kind.PAPER, family=None).values("person_id")
    people = Person.objects.exclude(id__in=has).order_by("sort_key", "id")
    if employer_id is not None:
        return people.filter(employments__employer_id=employer_id, employments__end=None).distinct()
    return people.filter(district_id=district_code)


def relatives_without_paper(
    today: date, employer_id: int | None, district_code: str | None
) -> QuerySet[FamilyMember]:
    """Confirmed family of the people of an employer or district, who have no paper card in force."""
    has = living_cards(today).filter(kind=IssuedCard.Kind.PAPER, family__isnull=False).values("family_id")
    people = Person.objects.filter(district_id=district_code)
    if employer_id is not None:
        people = Person.objects.filter(employments__employer_id=employer_id, employments__end=None)
    found = FamilyMember.objects.filter(state="confirmed", insured__in=people).exclude(id__in=has)
    return found.select_related("insured").order_by("insured__sort_key", "insured_id", "id")


def batches() -> QuerySet[Batch]:
    return Batch.objects.select_related("employer", "district", "asked_by", "document").order_by("-id")


def batch(number: str) -> Batch | None:
    return batches().filter(number=number).first()


# --- facilities ------------------------------------------------------------------------------------------------------


def under_contract(today: date) -> QuerySet[Facility]:
    return (
        Facility.objects.filter(contract_from__lte=today)
        .filter(Q(contract_until=None) | Q(contract_until__gte=today))
        .select_related("district__province")
        .order_by("district_id", "name_lo")
    )


def counts_by_province(today: date) -> dict[str, int]:
    found = under_contract(today).order_by().values_list("district__province_id").annotate(many=Count("id"))
    return dict(found)


def facility(code: str) -> Facility | None:
    return Facility.objects.select_related("district__province").filter(code=code).first()


def nearest_first(facilities: Iterable[Facility], district_code: str | None) -> list[Facility]:
    """Those in the person's district first, then in the province, then the rest: no phone is asked where it is."""

    def far(one: Facility) -> tuple[int, str]:
        if one.district_id == district_code:
            return 0, one.code
        return (1 if district_code and one.district_id[:2] == district_code[:2] else 2), one.district_id

    return sorted(facilities, key=far)


def choice_in_force(person_id: int, month: Month) -> Choice | None:
    return (
        Choice.objects.filter(person_id=person_id, state=Choice.State.GRANTED, first_month__lte=month.first)
        .select_related("facility__district__province")
        .order_by("-first_month", "-id")
        .first()
    )


def choice_to_come(person_id: int, month: Month) -> Choice | None:
    """Granted for a later month, or waiting for an officer."""
    return (
        Choice.objects.filter(person_id=person_id)
        .filter(Q(state=Choice.State.WAITING) | Q(state=Choice.State.GRANTED, first_month__gt=month.first))
        .select_related("facility__district__province")
        .order_by("-id")
        .first()
    )


def last_answer(person_id: int) -> Choice | None:
    """The latest wish, if it was refused: the person is told why."""
    last = Choice.objects.filter(person_id=person_id).select_related("facility").order_by("-id").first()
    return last if last is not None and last.state == Choice.State.REFUSED else None


def changes_since(person_id: int, since: datetime) -> int:
    """How often the person changed without moving; the first choice is no change."""
    return Choice.objects.filter(
        person_id=person_id, asked_at__gte=since, reason=Choice.Reason.YEARLY, state=Choice.State.GRANTED
    ).count()


def choices_waiting() -> QuerySet[Choice]:
    found = Choice.objects.filter(state=Choice.State.WAITING).select_related("facility__district")
    return found.order_by("asked_at", "id")


def choice_by_id(id: int) -> Choice | None:
    found = Choice.objects.select_related("person__district", "facility__district__province")
    return found.filter(id=id).first()


# --- visits ----------------------------------------------------------------------------------------------------------


def visits_of(person_id: int) -> QuerySet[Visit]:
    return (
        Visit.objects.filter(person_id=person_id)
        .select_related("facility", "rating", "family")
        .order_by("-served_at", "-id")
    )


def visit(key: UUID) -> Visit | None:
    found = Visit.objects.select_related("person", "family", "facility", "proposed_by", "decided_by", "card")
    return found.filter(key=key).first()


def bills_waiting() -> QuerySet[Visit]:
    """Bills that nobody has answered, the oldest first."""
    found = Visit.objects.filter(decided_at=None, billed__gt=0).select_related("facility", "proposed_by")
    return found.order_by("received_at", "id")


def findings_waiting() -> QuerySet[Visit]:
    """Notes that did not fit what we know."""
    return Visit.objects.exclude(findings="").select_related("facility").order_by("-received_at")


@dataclass(frozen=True, slots=True)
class Pace:
    """How one facility's bills are answered: days from received to decided, and what patients say."""

    facility: Facility
    answered: int
    median: int | None  # days
    late: int
    waiting: int
    oldest: int | None  # days the oldest open bill waits
    stars: float | None
    ratings: int


def pace(today: date, since: datetime, target: int) -> list[Pace]:
    """Each facility with bills or ratings since then, against `target` days (C61)."""
    visits = Visit.objects.filter(received_at__gte=since)
    took: dict[int, list[int]] = {}
    waits: dict[int, list[int]] = {}
    for place, received, decided in visits.filter(billed__gt=0).values_list(
        "facility_id", "received_at", "decided_at"
    ):
        if decided is None:
            waits.setdefault(place, []).append((today - received.date()).days)
        else:
            took.setdefault(place, []).append((decided.date() - received.date()).days)
    rated = {
        place: (stars, many)
        for place, stars, many in visits.filter(rating__isnull=False)
        .values_list("facility_id")
        .annotate(stars=Avg(F("rating__stars")), many=Count("rating"))
    }
    return [
        Pace(
            one,
            len(took.get(one.id, ())),
            int(statistics.median(took[one.id])) if one.id in took else None,
            sum(days > target for days in took.get(one.id, []))
            + sum(d > target for d in waits.get(one.id, [])),
            len(waits.get(one.id, ())),
            max(waits[one.id]) if one.id in waits else None,
            *rated.get(one.id, (None, 0)),
        )
        for one in Facility.objects.select_related("district__province").order_by("code")
    ]
