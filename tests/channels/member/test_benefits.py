"""The member's simulator: his real months, the law's own answer, in Lao and English."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from pakan.law.benefits import all_names
from pakan.operations import assess
from pakan.registers.access.models import Account
from pakan.registers.people.models import Person
from tests.channels.claimants import of_groups

Sign = Callable[[Account], Client]


@pytest.mark.parametrize("language", ["lo", "en"])
def test_every_event_has_its_page(language: str, member: Account, client_of: Sign) -> None:
    client = client_of(member)
    client.cookies["language"] = language
    start = client.get("/member/benefits/")
    assert start.status_code == 200
    own = [link["url"] for link in of_groups(client) if link["url"].startswith("/member/")]
    assert len(own) >= 5 and len(of_groups(client)) >= 9
    for address in own:
        assert client.get(address).status_code == 200


def test_the_answer_is_the_laws_own_to_the_kip(
    member: Account, member_person: Person, client_of: Sign
) -> None:
    page = client_of(member).get("/member/benefits/health/?day=01/11/2026&q-draws=nothing")
    assert page.status_code == 200 and not page.context["form"].errors
    told = {"draws": "nothing"}
    assert page.context["decision"] == assess.estimate(member_person, "health", told, date(2026, 11, 1))
    assert not page.context["decision"].entitled  # no month is paid yet


def test_wrong_answers_are_told_at_their_field(member: Account, client_of: Sign) -> None:
    page = client_of(member).get("/member/benefits/health/?day=31/02/2026")
    assert "day" in page.context["form"].errors
    assert client_of(member).get("/member/benefits/health/?day=01/01/1950").context["form"].errors


def test_unknown_benefits_and_those_that_need_a_family_are_not_here(member: Account, client_of: Sign) -> None:
    client = client_of(member)
    assert "survivors" in all_names()
    for name in ("nothing", "survivors"):
        assert client.get(f"/member/benefits/{name}/").status_code == 404
