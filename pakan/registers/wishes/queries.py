"""What is read about consents, corrections and copies."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from pakan.registers.wishes.models import Consent, Copy, Correction


def consents_of(person_id: int, today: date) -> dict[str, Consent]:
    """What the person allows today, by purpose."""
    found = Consent.objects.filter(person_id=person_id, withdrawn_at=None, until__gte=today)
    return {one.purpose: one for one in found}


def allows(person_id: int, purpose: str, today: date) -> bool:
    return purpose in consents_of(person_id, today)


def corrections_of(person_id: int) -> list[Correction]:
    return list(Correction.objects.filter(person_id=person_id).order_by("-asked_at", "-id")[:20])


def corrections_waiting() -> QuerySet[Correction]:
    found = Correction.objects.filter(state__in=[Correction.State.OPEN, Correction.State.PROPOSED])
    return found.select_related("person").order_by("asked_at", "id")


def correction(number: str) -> Correction | None:
    found = Correction.objects.select_related("person", "proof", "first_by", "decided_by")
    return found.filter(number=number).first()


def copy_of(person_id: int, key: str, at: datetime) -> Copy | None:
    """A copy that is made and not a day old; only the person's own."""
    alive = at - timedelta(hours=24)
    return Copy.objects.filter(
        person_id=person_id, key=key, asked_at__gte=alive, made_at__isnull=False
    ).first()


def copies_of(person_id: int, at: datetime) -> list[Copy]:
    found = Copy.objects.filter(person_id=person_id, asked_at__gte=at - timedelta(hours=24))
    return list(found.defer("content").order_by("-asked_at"))
