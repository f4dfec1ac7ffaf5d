"""Writing about who lives. Who decides is another person than who proposed: the verb and the database make sure of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pakan.registers.lives.models import Contact, Death, DeathReport, LifeCheck, LifeProof, Stop
from pakan.registers.people.queries import same_human


def prove(*, key: UUID, person_id: int, at: datetime, **facts: Any) -> LifeProof:
    """The proof; what was open because of its lack is closed, and a stop is lifted."""
    made = LifeProof.objects.create(key=key, person_id=person_id, at=at, **facts)
    LifeCheck.objects.filter(same_human(person_id), closed_at=None).update(closed_at=at)
    return made


def lift(person_id: int, at: datetime) -> int:
    """End what is stopped, or proposed to be: how many stops."""
    open_ones = Stop.objects.filter(same_human(person_id), lifted_at=None).exclude(agreed=False)
    return open_ones.update(lifted_at=at)


def open_check(person_id: int, why: str, due_on: date, at: datetime) -> tuple[LifeCheck, bool]:
    """The open check of the person, and whether it is new."""
    return LifeCheck.objects.get_or_create(
        person_id=person_id, closed_at=None, defaults={"why": why, "due_on": due_on, "opened_at": at}
    )


def lock_check(person_id: int) -> LifeCheck | None:
    found = LifeCheck.objects.select_for_update(of=("self",)).select_related("person")
    return found.filter(same_human(person_id), closed_at=None).first()


def tried(
    check: LifeCheck, *, on_day: date, way: str, end: str, note: str, account_id: int, at: datetime
) -> Contact:
    return Contact.objects.create(
        check_of=check, on_day=on_day, way=way, end=end, note=note, account_id=account_id, at=at
    )


def propose_stop(check: LifeCheck, reason: str, account_id: int, at: datetime) -> Stop:
    return Stop.objects.create(
        check_of=check, person_id=check.person_id, reason=reason, proposed_by_id=account_id, proposed_at=at
    )


def decide_stop(stop: Stop, agreed: bool, account_id: int, at: datetime) -> None:
    stop.agreed, stop.decided_by_id, stop.decided_at = agreed, account_id, at
    stop.save(update_fields=["agreed", "decided_by", "decided_at"])


def note_death(**facts: Any) -> Death:
    return Death.objects.create(**facts)


def lock_death(person_id: int) -> Death | None:
    found = Death.objects.select_for_update(of=("self",)).select_related("person")
    return found.filter(same_human(person_id), withdrawn_at=None).first()


def confirm_death(death: Death, account_id: int, at: datetime) -> None:
    death.confirmed_by_id, death.confirmed_at = account_id, at
    death.save(update_fields=["confirmed_by", "confirmed_at"])
    LifeCheck.objects.filter(same_human(death.person_id), closed_at=None).update(closed_at=at)


def withdraw_death(death: Death, why: str, account_id: int, at: datetime) -> None:
    death.withdrawn_by_id, death.withdrawn_at, death.withdrawn_why = account_id, at, why
    death.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_why"])


def report_death(**facts: Any) -> DeathReport:
    return DeathReport.objects.create(**facts)
