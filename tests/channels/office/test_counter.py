"""The counter and the call: found by number only, papers seen, one secret shown once, everything kept."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pakan.operations import enter
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow, Call, PaperSecret
from pakan.registers.people.models import Person


@pytest.fixture
def desk(registrar: Account, client_of: Callable[[Account], Client]) -> Client:
    client = client_of(registrar)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def find(desk: Client, number: str) -> Any:
    return desk.post("/office/counter/", {"number": number, "why": "open"})


def test_a_person_is_found_by_the_exact_number_and_the_look_is_kept(
    desk: Client, workers: list[Person]
) -> None:
    page = desk.get("/office/counter/").content.decode()
    assert all(person.name not in page for person in workers)
    assert "Nobody has this number" in find(desk, "0999999999").content.decode()
    answer = find(desk, workers[0].number)
    assert answer.headers["Location"] == "/office/counter/person/"
    page = desk.get("/office/counter/person/").content.decode()
    assert workers[0].name in page
    assert workers[0].phone[-8:] not in page.replace(" ", "")
    assert AuditRow.objects.filter(act="look", person_id=workers[0].id, purpose="open").count() == 1


def test_the_paper_is_shown_once_and_opens_the_account(desk: Client, workers: list[Person]) -> None:
    assert desk.get("/office/counter/person/").headers["Location"] == "/office/counter/"
    find(desk, workers[0].number)
    assert desk.post("/office/counter/person/", {"phone": ""}).status_code == 422
    assert not PaperSecret.objects.exists()
    page = desk.post("/office/counter/person/", {"paper": "id_card", "phone": ""}).content.decode()
    found = re.search(r"\d{4} \d{4} \d{4}", page.split("huge num")[1])
    assert found is not None
    assert PaperSecret.objects.get().digest not in page
    assert desk.get("/office/counter/person/").status_code == 302
    member = Client()
    answer = member.post("/member/sign-in/paper/", {"number": workers[0].number, "secret": found[0]})
    assert answer.headers["Location"] == "/member/welcome/"
    row = AuditRow.objects.get(act="enter.hand_paper")
    assert (row.person_id, row.office) == (workers[0].id, "ນະຄອນຫຼວງວຽງຈັນ")


def test_an_officer_does_not_open_his_own_account(
    registrar: Account, as_actor: Callable[..., Actor], workers: list[Person]
) -> None:
    registrar.person = workers[0]
    registrar.save()
    with pytest.raises(enter.OwnAccount):
        enter.hand_paper(as_actor(registrar), workers[0], "id_card")
    with pytest.raises(ValueError, match="paper"):
        enter.hand_paper(as_actor(registrar), workers[1], "library card")


def test_a_call_shows_the_first_half_and_checks_the_second(desk: Client, workers: list[Person]) -> None:
    answer = desk.post("/office/call/", {"number": workers[0].number, "purpose": "payment"})
    assert answer.headers["Location"] == "/office/call/"
    ours, yours = enter.halves(Call.objects.get())
    page = desk.get("/office/call/").content.decode()
    assert f">{ours}<" in page
    assert f">{yours}<" not in page
    wrong = desk.post("/office/call/", {"half": f"{(int(yours) + 1) % 1000:03d}"})
    assert "It may be somebody else" in wrong.content.decode()
    assert "The person answered rightly" in desk.post("/office/call/", {"half": yours}).content.decode()
    assert AuditRow.objects.filter(
        act="enter.begin_call", person_id=workers[0].id, purpose="call: payment"
    ).exists()
