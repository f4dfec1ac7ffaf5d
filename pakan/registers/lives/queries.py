"""What is read about who lives: whether payments stand still, what is due, and what waits for a person."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Max, Q, QuerySet

from pakan.registers.lives.models import Death, DeathReport, LifeCheck, LifeProof, Stop

IN_FORCE = Q(lifted_at=None, agreed=True)
CONFIRMED = Q(withdrawn_at=None, confirmed_at__isnull=False)


def stands_still(person_id: int) -> str:
    """Why nothing is paid to the person now: 'dead', 'no_proof' (suspended), or ''."""
    if Death.objects.filter(CONFIRMED, person_id=person_id).exists():
        return "dead"
    return "no_proof" if Stop.objects.filter(IN_FORCE, person_id=person_id).exists() else ""


def last_proofs(person_ids: Iterable[int]) -> dict[int, date]:
    """The newest day on which each of them was seen to live."""
    found = LifeProof.objects.filter(person_id__in=list(person_ids)).values("person_id")
    return dict(found.annotate(day=Max("seen_on")).values_list("person_id", "day"))


def proofs_of(person_id: int) -> list[LifeProof]:
    found = LifeProof.objects.filter(person_id=person_id).select_related("account")
    return list(found.order_by("-seen_on", "-id"))


def check_of(person_id: int) -> LifeCheck | None:
    return LifeCheck.objects.filter(person_id=person_id, closed_at=None).first()


def with_check(person_ids: Iterable[int]) -> set[int]:
    found = LifeCheck.objects.filter(person_id__in=list(person_ids), closed_at=None)
    return set(found.values_list("person_id", flat=True))


def ever_claimed(person_ids: Iterable[int]) -> set[int]:
    """Those about whose claimed death there is, or was, a case: one claim opens one."""
    found = LifeCheck.objects.filter(person_id__in=list(person_ids), why=LifeCheck.Why.CLAIMED)
    return set(found.values_list("person_id", flat=True))


def open_checks() -> QuerySet[LifeCheck]:
    """What waits for a proof, with the tries to reach the person; the oldest day first."""
    found = LifeCheck.objects.filter(closed_at=None).select_related("person")
    return found.prefetch_related("contacts", "stops").order_by("due_on", "id")


def stop_of(person_id: int) -> Stop | None:
    """The stop in force, or proposed."""
    found = Stop.objects.filter(person_id=person_id, lifted_at=None).exclude(agreed=False)
    return found.select_related("proposed_by", "decided_by").first()


def stopped() -> QuerySet[Stop]:
    found = Stop.objects.filter(IN_FORCE).select_related("person")
    return found.order_by("decided_at", "id")


def died_on(person_id: int) -> date | None:
    """The day of a death that two officers confirmed."""
    return Death.objects.filter(CONFIRMED, person_id=person_id).values_list("died_on", flat=True).first()


def death_of(person_id: int) -> Death | None:
    found = Death.objects.filter(person_id=person_id, withdrawn_at=None)
    return found.select_related("noted_by", "confirmed_by").first()


def deaths_to_confirm() -> QuerySet[Death]:
    found = Death.objects.filter(withdrawn_at=None, confirmed_at=None).select_related("person")
    return found.order_by("noted_at", "id")


def reports_of(person_id: int) -> list[DeathReport]:
    found = DeathReport.objects.filter(person_id=person_id).select_related("by", "account")
    return list(found.order_by("at", "id"))


def reports_waiting() -> QuerySet[DeathReport]:
    """Reports of deaths that no officer has noted yet."""
    noted = Death.objects.filter(withdrawn_at=None).values("person_id")
    return DeathReport.objects.exclude(person_id__in=noted).select_related("person").order_by("at", "id")
