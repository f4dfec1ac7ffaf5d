"""What is read about who lives: whether payments stand still, what is due, and what waits for a person.

Whoever has several numbers lives, or has died, under all of them (C8).
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Max, Q, QuerySet

from pakan.registers.lives.models import Death, DeathReport, LifeCheck, LifeProof, Stop
from pakan.registers.people.queries import same_human, with_old

IN_FORCE = Q(lifted_at=None, agreed=True)
CONFIRMED = Q(withdrawn_at=None, confirmed_at__isnull=False)


def stands_still(person_id: int) -> str:
    """Why nothing is paid to the person now: 'dead', 'no_proof' (suspended), or ''."""
    if Death.objects.filter(CONFIRMED, same_human(person_id)).exists():
        return "dead"
    return "no_proof" if Stop.objects.filter(IN_FORCE, same_human(person_id)).exists() else ""


def last_proof(person_id: int) -> date | None:
    """The newest day on which the person was seen to live."""
    found = LifeProof.objects.filter(same_human(person_id)).order_by("-seen_on")
    return found.values_list("seen_on", flat=True).first()


def last_proofs(person_ids: Iterable[int]) -> dict[int, date]:
    """The newest day on which each of them was seen to live, by numbers in use."""
    asked = with_old(person_ids)
    found = LifeProof.objects.filter(person_id__in=asked).values("person_id").annotate(day=Max("seen_on"))
    newest: dict[int, date] = {}
    for person_id, day in found.values_list("person_id", "day"):
        newest[asked[person_id]] = max(day, newest.get(asked[person_id], day))
    return newest


def proofs_of(person_id: int) -> list[LifeProof]:
    found = LifeProof.objects.filter(same_human(person_id)).select_related("account")
    return list(found.order_by("-seen_on", "-id"))


def check_of(person_id: int) -> LifeCheck | None:
    return LifeCheck.objects.filter(same_human(person_id), closed_at=None).first()


def with_check(person_ids: Iterable[int], *why: str) -> set[int]:
    """Those with an open case, by numbers in use; with reasons, those with a case for one of them, open or closed."""
    asked = with_old(person_ids)
    found = LifeCheck.objects.filter(person_id__in=asked)
    found = found.filter(why__in=why) if why else found.filter(closed_at=None)
    return {asked[one] for one in found.values_list("person_id", flat=True)}


def open_checks() -> QuerySet[LifeCheck]:
    """What waits for a proof, with the tries to reach the person; the oldest day first."""
    found = LifeCheck.objects.filter(closed_at=None).select_related("person")
    return found.prefetch_related("contacts", "stops").order_by("due_on", "id")


def stop_of(person_id: int) -> Stop | None:
    """The stop in force, or proposed."""
    found = Stop.objects.filter(same_human(person_id), lifted_at=None).exclude(agreed=False)
    return found.select_related("proposed_by", "decided_by").first()


def stopped() -> QuerySet[Stop]:
    found = Stop.objects.filter(IN_FORCE).select_related("person")
    return found.order_by("decided_at", "id")


def died_on(person_id: int) -> date | None:
    """The day of a death that two officers confirmed."""
    return Death.objects.filter(CONFIRMED, same_human(person_id)).values_list("died_on", flat=True).first()


def death_of(person_id: int) -> Death | None:
    found = Death.objects.filter(same_human(person_id), withdrawn_at=None)
    return found.select_related("noted_by", "confirmed_by").first()


def deaths_to_confirm() -> QuerySet[Death]:
    found = Death.objects.filter(withdrawn_at=None, confirmed_at=None).select_related("person")
    return found.order_by("noted_at", "id")


def reports_of(person_id: int) -> list[DeathReport]:
    found = DeathReport.objects.filter(same_human(person_id)).select_related("by", "account")
    return list(found.order_by("at", "id"))


def reports_waiting() -> QuerySet[DeathReport]:
    """Reports of deaths that no officer has noted yet."""
    noted = Death.objects.filter(withdrawn_at=None).values("person_id")
    return DeathReport.objects.exclude(person_id__in=noted).select_related("person").order_by("at", "id")
