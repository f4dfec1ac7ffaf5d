"""The State's identity at the member's door, against the sandbox provider as a process."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as house
from django.test import Client

from pakan.registers.access.actions import set_pin
from pakan.registers.access.models import Account, AuditRow, Device, SignIn, StateIdentity
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person
from tests.channels.public.test_sign_in import FOREIGN
from tests.integrations.conftest import Process, process
from tests.integrations.identity.citizen import behave, consents

__all__ = ["process"]
MODULE = "pakan.integrations.identity.sandbox"


def card(person: Person, **more: str) -> dict[str, str]:
    made = {"subject": f"c-{person.id}", "name": person.name, "born": str(person.birth_date), "number": ""}
    return made | more


@pytest.fixture
def state(process: Callable[..., Process], tmp_path: Any, settings: Any, workers: list[Person]) -> Process:
    """The sandbox with the cards of three workers, a namesake and a Latin spelling; we are its client."""
    Person.objects.filter(id=workers[2].id).update(name_latin="Mrs. Khampheng SISAVATH", national_id="0123")
    cards = [
        card(workers[0]), card(workers[1]),
        card(workers[0], subject="namesake", born="1950-05-05"), card(workers[0], subject="other-name", name="ຄົນອື່ນ"),
        card(workers[2], name="Khampheng Sisavath", number="0123"),
        card(workers[2], subject="other-number", number="9999"),
    ]  # fmt: skip
    (tmp_path / "people.json").write_text(json.dumps(cards))
    redirect = settings.IDENTITY["redirect"]
    started = process(
        MODULE, "--data", f"{tmp_path}/i.sqlite", "--redirect", redirect, "--secret", "s", "--people",
        f"{tmp_path}/people.json",
    )  # fmt: skip
    settings.IDENTITY = settings.IDENTITY | {
        "issuer": started.address, "client_secret": "s", "high": frozenset({"sandbox:card"})
    }  # fmt: skip
    return started


def go(client: Client, why: str, subject: str, answer: str = "agree", **more: str) -> dict[str, str]:
    asked = client.get("/member/state/go/", {"why": why} | more)
    assert asked.status_code == 302, asked.content.decode()
    return consents(asked.headers["Location"], subject, answer)


def bring(client: Client, answer: dict[str, str]) -> Any:
    return client.get(f"/member/state/back/?{urlencode(answer)}")


def english(client: Client) -> Client:
    client.cookies[house.LANGUAGE_COOKIE_NAME] = "en"
    return client


def link(person: Person, account: Account, issuer: str, subject: str = "") -> None:
    StateIdentity.objects.create(
        account=account, issuer=issuer, subject=subject or f"c-{person.id}", linked_at=account.made_at
    )


def test_a_member_links_and_reaches_the_states_level(
    state: Process, member: Account, workers: list[Person], client_of: Callable[[Account], Client]
) -> None:
    client = english(client_of(member))
    assert "Link it" in client.get("/member/state/").content.decode()
    answer = bring(client, go(client, "link", f"c-{workers[0].id}"))
    assert answer.headers["Location"] == "/member/me/trust/"
    member.refresh_from_db()
    assert member.level == "state"
    assert StateIdentity.objects.get(ended_at=None).account_id == member.id
    assert "It is linked" in client.get("/member/state/").content.decode()
    assert Message.objects.get(wording="state_linked").person_id == workers[0].id
    assert AuditRow.objects.filter(act="enter.link_state", person_id=workers[0].id).count() == 1
    # The first PIN stands on papers of the State: it counts at once.
    client.post("/member/me/pin/", {"pin": "418273", "again": "418273"})
    member.refresh_from_db()
    assert member.pin
    assert member.cools_until is None


def test_the_latin_spelling_and_the_number_of_the_card_fit(
    state: Process, workers: list[Person], client_of: Callable[[Account], Client], now: Any
) -> None:
    from pakan.registers.access.actions import member_account

    client = client_of(member_account(workers[2], now))
    assert bring(client, go(client, "link", "other-number")).status_code == 424
    assert bring(client, go(client, "link", f"c-{workers[2].id}")).status_code == 302


@pytest.mark.parametrize("subject", ["namesake", "other-name"])
def test_an_identity_that_does_not_fit_is_sent_to_the_counter(
    state: Process, member: Account, client_of: Callable[[Account], Client], subject: str
) -> None:
    client = english(client_of(member))
    answer = bring(client, go(client, "link", subject))
    assert answer.status_code == 424
    assert "An office compares them" in answer.content.decode()
    member.refresh_from_db()
    assert (member.level, StateIdentity.objects.count()) == ("phone", 0)


def test_an_account_with_a_pin_links_only_after_a_proof(
    state: Process, member: Account, client_of: Callable[[Account], Client]
) -> None:
    set_pin(member, "418273", None)
    client = client_of(member)
    answer = client.get("/member/state/go/?why=link")
    assert answer.headers["Location"].startswith("/member/prove/own/")
    client.post("/member/prove/own/", {"pin": "418273"})
    assert client.get("/member/state/go/?why=link").headers["Location"].startswith(state.address)


def test_one_identity_opens_one_account(
    state: Process, member: Account, workers: list[Person], client_of: Callable[[Account], Client], now: Any
) -> None:
    from pakan.registers.access.actions import member_account

    link(workers[1], member_account(workers[1], now), state.address, f"c-{workers[0].id}")
    client = english(client_of(member))
    answer = bring(client, go(client, "link", f"c-{workers[0].id}"))
    assert "another account already" in answer.content.decode()


def test_a_linked_member_signs_in(
    state: Process, member: Account, workers: list[Person], client: Client
) -> None:
    link(workers[0], member, state.address)
    assert "/member/state/go/?why=sign_in" in client.get("/member/sign-in/").content.decode()
    answer = bring(client, go(client, "sign_in", f"c-{workers[0].id}", next="/member/record/"))
    assert answer.headers["Location"] == "/member/welcome/?next=%2Fmember%2Frecord%2F"
    assert client.get("/member/record/").status_code == 200
    assert SignIn.objects.get(account=member, ended_at=None).proof == "state"
    assert StateIdentity.objects.get().used_at is not None


def test_who_is_not_linked_is_told_how(
    state: Process, member: Account, workers: list[Person], client: Client
) -> None:
    answer = bring(english(client), go(client, "sign_in", f"c-{workers[0].id}"))
    assert "not linked yet" in answer.content.decode()
    assert client.get("/member/record/").status_code == 302
    Account.objects.update(is_active=False)
    link(workers[0], member, state.address)
    assert "not linked yet" in bring(client, go(client, "sign_in", f"c-{workers[0].id}")).content.decode()


def test_a_lost_pin_is_recovered_and_money_waits(
    state: Process,
    member: Account,
    workers: list[Person],
    client: Client,
    client_of: Callable[[Account], Client],
) -> None:
    link(workers[0], member, state.address)
    set_pin(member, "418273", None)
    elsewhere = client_of(member)
    assert "/member/state/go/?why=recover" in client.get("/member/sign-in/lost/").content.decode()
    answer = bring(client, go(client, "recover", f"c-{workers[0].id}"))
    assert answer.headers["Location"] == "/member/welcome/"
    member.refresh_from_db()
    assert member.pin == ""
    assert member.cools_until is not None
    assert elsewhere.get("/member/record/").status_code == 302
    assert Message.objects.get(wording="state_recovered").phone == workers[0].phone
    assert not Device.objects.filter(account=member, ended_at=None).exists()


def test_another_pin_on_the_identity_alone_waits_too(
    state: Process, member: Account, workers: list[Person], client: Client
) -> None:
    link(workers[0], member, state.address)
    set_pin(member, "418273", None)
    bring(client, go(client, "sign_in", f"c-{workers[0].id}"))
    client.post("/member/me/pin/", {"pin": "937164", "again": "937164"})
    member.refresh_from_db()
    assert member.cools_until is not None


def test_abuse_A10_sim_swap_an_identity_by_telephone_only_moves_no_money(
    state: Process, member: Account, workers: list[Person], client: Client
) -> None:
    link(workers[0], member, state.address)
    set_pin(member, "418273", None)
    behave(state.address, "phone")
    assert bring(client, go(client, "recover", f"c-{workers[0].id}")).status_code == 424
    member.refresh_from_db()
    assert member.pin
    bring(client, go(client, "sign_in", f"c-{workers[0].id}"))
    assert client.get("/member/record/").status_code == 200
    assert client.get("/member/me/pin/").headers["Location"].startswith("/member/prove/own/")
    assert "proved_at" not in client.session


def test_an_answer_is_good_once_and_for_ten_minutes_and_only_in_its_browser(
    state: Process, member: Account, workers: list[Person], client: Client
) -> None:
    link(workers[0], member, state.address)
    answer = go(client, "sign_in", f"c-{workers[0].id}")
    assert bring(Client(), answer).status_code == 424
    assert bring(client, answer).status_code == 302
    assert bring(client, answer).status_code == 424
    other = Client()
    answer = go(other, "sign_in", f"c-{workers[0].id}")
    session = other.session
    kept = session["state_identity"]
    session["state_identity"] = kept | {"at": str(member.made_at - timedelta(minutes=11))}
    session.save()
    assert bring(other, answer).status_code == 424
    assert not SignIn.objects.filter(account=member, proof="state").exclude(
        session_key=client.session.session_key
    )


@pytest.mark.parametrize("change", [{"state": "x"}, {"iss": "https://evil.example"}, {"code": "x"}])
def test_a_changed_answer_opens_nothing(
    state: Process, member: Account, workers: list[Person], client: Client, change: dict[str, str]
) -> None:
    link(workers[0], member, state.address)
    answer = go(client, "sign_in", f"c-{workers[0].id}")
    assert bring(client, answer | change).status_code == 424
    assert client.get("/member/record/").status_code == 302


def test_no_changes_nothing_and_says_so(state: Process, workers: list[Person], client: Client) -> None:
    answer = bring(english(client), go(client, "sign_in", f"c-{workers[0].id}", "decline"))
    assert "You did not agree" in answer.content.decode()


def test_a_link_is_for_who_began_it(
    state: Process, member: Account, workers: list[Person], client_of: Callable[[Account], Client], now: Any
) -> None:
    """Another member signs in between: the answer is not his."""
    from pakan.registers.access.actions import member_account

    client = client_of(member)
    answer = go(client, "link", f"c-{workers[0].id}")
    other = client_of(member_account(workers[1], now))
    session = other.session
    session["state_identity"] = client.session["state_identity"]
    session.save()
    assert bring(other, answer).status_code == 424
    assert not StateIdentity.objects.exists()


@pytest.mark.parametrize("address", [*FOREIGN, "/office/"])
def test_abuse_open_redirect_the_way_back_is_one_of_our_pages(
    state: Process, member: Account, workers: list[Person], client: Client, address: str
) -> None:
    link(workers[0], member, state.address)
    answer = bring(client, go(client, "sign_in", f"c-{workers[0].id}", next=address))
    assert answer.headers["Location"] == "/member/welcome/"


def test_ending_the_link_needs_a_proof(
    state: Process, member: Account, workers: list[Person], client_of: Callable[[Account], Client]
) -> None:
    link(workers[0], member, state.address)
    set_pin(member, "418273", None)
    client = client_of(member)
    assert client.post("/member/state/end/").headers["Location"].startswith("/member/prove/own/")
    client.post("/member/prove/own/", {"pin": "418273"})
    client.post("/member/state/end/")
    assert not StateIdentity.objects.filter(ended_at=None).exists()
    assert bring(Client(), {"state": "x", "code": "y"}).status_code == 424


def test_when_the_state_does_not_answer_the_other_ways_are_shown(state: Process, client: Client) -> None:
    behave(state.address, "down")
    answer = english(client).get("/member/state/go/?why=sign_in")
    assert answer.status_code == 424
    assert "does not answer" in answer.content.decode()
    assert "/member/sign-in/" in answer.content.decode()


def test_without_a_provider_there_is_no_such_way(client: Client, db: None) -> None:
    assert client.get("/member/state/go/?why=sign_in").status_code == 404
    assert "state/go" not in client.get("/member/sign-in/").content.decode()
