"""A visit that an officer enters from a paper, of the insured person or of a child, as the member reads it (C57)."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.care.models import Facility, Visit
from pakan.registers.people.models import Person
from tests.operations.families import asked, confirmed
from tests.operations.test_care import hospitals

__all__ = ["hospitals"]  # fixtures
pytestmark = pytest.mark.django_db
NEW = "/office/hospitals/bills/new/"


@pytest.fixture
def enter(
    benefits_officer: Account, client_of: Callable[[Account], Client], me: Actor
) -> Callable[[str], str]:
    client = client_of(benefits_officer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def post(number: str) -> str:
        sent = {
            "number": number, "facility": "H01", "kind": "out", "day": f"{me.today:%d/%m/%Y}", "billed": "85.000",
            "key": str(uuid4()),
        }  # fmt: skip
        return client.post(NEW, sent, follow=True).content.decode()

    return post


@pytest.fixture
def me(member: Account, as_actor: Callable[..., Actor]) -> Actor:
    return as_actor(member)


def test_a_child_who_was_treated_is_named_by_its_number(
    hospitals: dict[str, Facility], enter: Callable[[str], str], me: Actor, member: Account, member_person: Person,
    registrar: Account, as_actor: Callable[..., Actor], client_of: Callable[[Account], Client],
) -> None:  # fmt: skip
    child = confirmed(me, as_actor(registrar))
    page = enter(child.number.lower())
    assert "The visit is kept." in page and child.name in page and member_person.name in page
    visit = Visit.objects.get()
    assert (visit.person_id, visit.family_id) == (member_person.id, child.id)
    assert child.name in client_of(member).get("/member/visits/").content.decode()
    assert "The visit is kept." in enter(member_person.number)
    assert Visit.objects.filter(family=None, person=member_person).count() == 1


def test_a_family_member_who_is_not_confirmed_is_refused_at_the_number(
    hospitals: dict[str, Facility], enter: Callable[[str], str], me: Actor
) -> None:
    waiting = asked(me)
    assert "This family member is not confirmed" in enter(waiting.number)
    assert "Nobody has this number" in enter("F26-9999999-9")
    assert not Visit.objects.exists()
