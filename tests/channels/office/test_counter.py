"""The counter and the call: found by number only, papers seen, one secret shown once, everything kept."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pakan.operations import enter
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow, Call, PaperSecret
from pakan.registers.people.models import Alias, Person


@pytest.fixture
def desk(registrar: Account, client_of: Callable[[Account], Client]) -> Client:
    client = client_of(registrar)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return fresh(client)


def fresh(client: Client) -> Client:
    """After a proof of now."""
    session = client.session
    session["proved_at"] = datetime.now(UTC).isoformat()
    session.save()
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


def test_the_counter_asks_for_a_fresh_proof(desk: Client, workers: list[Person]) -> None:
    find(desk, workers[0].number)
    session = desk.session
    del session["proved_at"]
    session.save()
    for answer in (
        desk.get("/office/counter/person/"), desk.post("/office/counter/person/", {"paper": "id_card"}),
        desk.post("/office/counter/phones/", {"id": 1, "answer": "holds"}),
    ):  # fmt: skip
        assert answer.headers["Location"].startswith("/ways-in/?next=%2Foffice%2Fcounter%2F")
    assert not PaperSecret.objects.exists()


@pytest.mark.parametrize("answer", ["holds", "stop"])
def test_a_new_phone_from_a_counter_waits_for_a_second_officer(
    desk: Client,
    second_registrar: Account,
    client_of: Callable[[Account], Client],
    workers: list[Person],
    answer: str,
) -> None:
    find(desk, workers[0].number)
    before = workers[0].phone
    page = desk.post(
        "/office/counter/person/", {"paper": "id_card", "phone": "020 5555 8888"}
    ).content.decode()
    assert "waits for a second officer" in page
    change = enter.desk_changes()[0]
    assert "You took this number yourself" in desk.get("/office/counter/phones/").content.decode()
    desk.post("/office/counter/phones/", {"id": change.id, "answer": "holds"})
    assert Person.objects.get(id=workers[0].id).phone == before
    second = fresh(client_of(second_registrar))
    second.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = second.get("/office/counter/phones/").content.decode()
    assert workers[0].name in page
    assert "8888" in page
    second.post("/office/counter/phones/", {"id": change.id, "answer": answer})
    phone = "+8562055558888" if answer == "holds" else before
    assert Person.objects.get(id=workers[0].id).phone == phone
    assert "No number waits" in second.get("/office/counter/phones/").content.decode()
    assert AuditRow.objects.filter(act="enter.confirm_phone", person_id=workers[0].id).count() == 1


def test_old_numbers_are_proposed_agreed_and_merged_on_their_pages(
    desk: Client, second_registrar: Account, client_of: Callable[[Account], Client], workers: list[Person]
) -> None:
    """The officer proposes, the member agrees with a fresh proof, a second officer merges; the page says each step."""
    one, other = workers[0], workers[1]
    facts = {"key": one.key, "birth_date": one.birth_date, "sex": one.sex}
    Person.objects.filter(id=other.id).update(**facts)
    address = "/office/doubles/"
    desk.post(address, {"number": one.number})
    assert other.number[:2] in desk.get(address).content.decode()
    desk.post(address, {"act": "propose", "id": other.id})
    alias = Alias.objects.get()
    owner = client_of(member_account(one, datetime.now(UTC)))
    owner.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "We think that this number is yours too" in owner.get("/member/me/numbers/").content.decode()
    answer = owner.post("/member/me/numbers/", {"id": alias.id, "answer": "yes"})
    assert answer.headers["Location"].startswith("/member/prove/")
    fresh(owner).post("/member/me/numbers/", {"id": alias.id, "answer": "yes"})
    desk.post(address, {"act": "merge", "id": alias.id})
    assert "You took part already" in desk.get(address).content.decode()
    fresh(client_of(second_registrar)).post(address, {"act": "merge", "id": alias.id})
    alias.refresh_from_db()
    assert (alias.agreed_how, alias.merged_by) == ("own", second_registrar.id)
    assert "It is together with your number" in owner.get("/member/me/numbers/").content.decode()
    assert AuditRow.objects.filter(act="look", person_id=other.id, purpose="old numbers").exists()
