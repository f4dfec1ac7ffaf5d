"""A query that was made once answers what Django's own would answer, with each value and after each change."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from pakan.registers.access import queries as access
from pakan.registers.access.actions import begin_session
from pakan.registers.access.models import Account
from pakan.registers.benefits import queries as benefits
from pakan.registers.contributions import queries as contributions
from pakan.registers.kept import Kept, kept
from pakan.registers.people import queries as people
from pakan.registers.people.models import Employer, Person
from pakan.registers.records import queries as records
from pakan.units.month import Month
from tests.channels.member.months import declared, paid

pytestmark = pytest.mark.django_db
__all__ = ["declared", "paid"]  # fixtures


def test_kept_queries_answer_what_django_answers(
    paid: Callable[..., None], open_month: Month, workers: list[Person], member: Account
) -> None:
    paid(open_month - 1)
    paid(open_month)
    made: list[Kept[object]] = [records._posted, contributions._declared, people._employments, people._person]  # type: ignore[list-item]
    for query in made:
        for person in workers:
            assert query(person.id) == list(query.queryset(person.id)) != []
    for person in workers:
        assert benefits.of_person(person.id) == benefits.drawn_by(person.id) == []
    assert records.statement(workers[0].id)[0].month == open_month
    assert records.statement(workers[0].id, open_month - 1) == records.statement(workers[0].id)[1:]


def test_objects_come_with_those_they_were_selected_with(member: Account, now: datetime) -> None:
    begin_session(member, "k" * 32, "member", "code", now, None)
    found = access.open_sign_in("k" * 32)
    assert found is not None and found.device is None
    with CaptureQueriesContext(connection) as asked:
        assert found.account == member and found.account.password == member.password
    assert len(asked) == 0
    assert access.open_sign_in("x" * 32) is None


def test_a_change_is_seen_at_once_and_a_kept_query_counts_as_one(workers: list[Person]) -> None:
    one = workers[0]
    assert people.person_by_id(one.id).village == one.village
    Person.objects.filter(id=one.id).update(village="ບ້ານໃໝ່")
    with CaptureQueriesContext(connection) as asked:
        assert people.person_by_id(one.id).village == "ບ້ານໃໝ່"
    assert len(asked) == 1 and "people_person" in asked[0]["sql"]
    with pytest.raises(Person.DoesNotExist):
        people.person_by_id(-1)


def test_moments_and_texts_find_their_places(factory: Employer, now: datetime) -> None:
    @kept(datetime, str)
    def since(at: datetime, code: str) -> QuerySet[Employer, tuple[str]]:
        return Employer.objects.filter(code=code, registered_at__lt=at).values_list("code")

    later = factory.registered_at + timedelta(seconds=1)
    assert since(later, factory.code) == [(factory.code,)]
    assert since(factory.registered_at, factory.code) == []
    assert since(later, "9999999") == []


def test_a_value_without_a_place_is_a_fault_of_ours(factory: Employer) -> None:
    @kept(int, int)
    def forgets(one: int, other: int) -> QuerySet[Employer, tuple[str]]:
        return Employer.objects.filter(id=one).values_list("code")

    with pytest.raises(TypeError, match="no place"):
        forgets(factory.id, 2)
