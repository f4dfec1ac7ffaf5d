"""An inspector checks a worker on the spot, and sees whom to visit and why (C126, C127)."""

import pytest

from pakan.operations import inspect
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import AuditRow
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.contributions.models import Obligation
from pakan.registers.people.models import Employer, Person
from tests.operations.debtors import chan, debt, sing

__all__ = ["chan", "debt", "sing"]  # fixtures
pytestmark = pytest.mark.django_db


def test_a_worker_is_found_with_the_last_month_and_the_look_is_kept(
    debt: Obligation, sing: Actor, factory: Employer, other_factory: Employer, workers: list[Person]
) -> None:
    found = inspect.worker(sing, factory, workers[0].number, "visit")
    assert found.works_here and found.last_month == debt.month and not found.is_paid
    elsewhere = inspect.worker(sing, other_factory, workers[0].number, "complaint")
    assert elsewhere.since is None and elsewhere.last_month is None, "nothing of another employer is told"
    looks = AuditRow.objects.filter(act="inspect.worker", person_id=workers[0].id)
    assert sorted(looks.values_list("purpose", flat=True)) == ["complaint", "visit"]


def test_abuse_A6_no_look_without_a_purpose_a_number_and_the_role(
    sing: Actor, chan: Actor, kham: Actor, factory: Employer, workers: list[Person]
) -> None:
    with pytest.raises(inspect.Refused, match="purpose"):
        inspect.worker(sing, factory, workers[0].number, "curious")
    with pytest.raises(inspect.Refused, match="unknown"):
        inspect.worker(sing, factory, "010000000000", "visit")
    for actor in (chan, kham):
        with pytest.raises(NotAllowed):
            inspect.worker(actor, factory, workers[0].number, "visit")


def test_each_score_is_the_sum_of_its_reasons(
    debt: Obligation, sing: Actor, factory: Employer, other_factory: Employer
) -> None:
    found = {one.employer: one for one in inspect.to_visit(sing.today)}
    reasons = {feature.name: (value, points) for feature, value, points in found[factory].parts}
    assert reasons["months_overdue"] == (1, 10) and reasons["not_declared"] == (1, 30)
    assert found[factory].score == sum(points for _, points in reasons.values())
    assert found[factory].score > found[other_factory].score
    assert [one.score for one in inspect.to_visit(sing.today)] == sorted(
        (one.score for one in found.values()), reverse=True
    )
    assert inspect.to_visit(sing.today, "9999") == []
