"""A member comes in with number, birth date and the code on the phone."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db.models import F
from django.test import Client

from pakan.registers.access.models import Account, SignIn
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person
from tests.channels.public.test_sign_in import FOREIGN


def shown_day(person: Person) -> str:
    return f"{person.birth_date:%d/%m/%Y}"


def ask(client: Client, person: Person, **more: str) -> Any:
    return client.post("/member/sign-in/", {"number": person.number, "birth_date": shown_day(person)} | more)


def code_sent() -> str:
    return str(Message.objects.filter(wording="code").latest("id").values["code"])


def come_in(client: Client, person: Person, **more: str) -> Any:
    ask(client, person, **more)
    return client.post("/member/sign-in/code/", {"code": code_sent()})


def inside(client: Client) -> bool:
    return client.get("/member/").status_code == 200


def test_a_member_comes_in_in_lao(client: Client, member_person: Person) -> None:
    assert "ເຂົ້າລະບົບ" in client.get("/member/sign-in/").content.decode()
    assert ask(client, member_person).headers["Location"] == "/member/sign-in/code/"
    page = client.get("/member/sign-in/code/").content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert "1508" in page
    answer = client.post("/member/sign-in/code/", {"code": code_sent()})
    assert answer.headers["Location"] == "/member/welcome/"
    page = client.get("/member/").content.decode()
    assert '<html lang="lo">' in page
    assert member_person.name in page
    opened = SignIn.objects.get()
    assert (opened.door, opened.proof) == ("member", "code")


def test_the_language_of_the_first_sign_in_stays_with_the_account(
    client: Client, member_person: Person
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    come_in(client, member_person)
    assert Account.objects.get(person=member_person).language == "en"
    assert Message.objects.get(wording="code").language == "en"
    other = Client()
    come_in(other, member_person)
    assert '<html lang="en">' in other.get("/member/").content.decode()


@pytest.mark.parametrize("shape", ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%Y-%m-%d", "lao"])
def test_a_birth_date_as_people_write_it(client: Client, member_person: Person, shape: str) -> None:
    day = member_person.birth_date.strftime("%d/%m/%Y" if shape == "lao" else shape)
    if shape == "lao":
        day = day.translate(str.maketrans("0123456789", "໐໑໒໓໔໕໖໗໘໙"))
    client.post("/member/sign-in/", {"number": member_person.number, "birth_date": day})
    assert Message.objects.filter(wording="code").count() == 1


@pytest.mark.parametrize("day", ["", "31/02/1990", "yesterday", "15/08", "15/08/90", "1/1/99999"])
def test_a_day_that_is_none_is_said_at_the_field_and_the_number_stays(
    client: Client, db: None, day: str
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.post("/member/sign-in/", {"number": "0123456789", "birth_date": day}).content.decode()
    assert 'id="id_birth_date_error"' in page
    assert "data-error-summary" in page
    assert 'value="0123456789"' in page
    assert not Message.objects.exists()


def test_abuse_A12_enumeration_the_pages_are_the_same_for_everyone(member_person: Person) -> None:
    """Known, unknown, wrong day: the same way, the same words, to the last letter."""
    seen = []
    for number, day in (
        (member_person.number, shown_day(member_person)),
        ("0999999999", shown_day(member_person)),
        (member_person.number, "01/01/1950"),
    ):
        client = Client()
        asked = client.post("/member/sign-in/", {"number": number, "birth_date": day})
        page = client.get("/member/sign-in/code/").content.decode()
        wrong = client.post("/member/sign-in/code/", {"code": "abcdef"})
        words = [
            re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
            for text in (page, wrong.content.decode())
        ]
        seen.append((asked.status_code, asked.headers["Location"], wrong.status_code, words))
    assert seen[0] == seen[1] == seen[2]
    assert Message.objects.count() == 1


def test_abuse_A11_code_bombing_the_page_says_when(member_person: Person) -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answers = [ask(client, member_person).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    stopped = ask(client, member_person)
    assert "Try again after:" in stopped.content.decode()
    assert "1508" in stopped.content.decode()
    assert 3500 <= int(stopped.headers["Retry-After"]) <= 3601
    assert Message.objects.count() == 5


def test_abuse_A11_code_guessing_five_tries(client: Client, member_person: Person) -> None:
    ask(client, member_person)
    right = code_sent()
    for _ in range(5):
        client.post("/member/sign-in/code/", {"code": f"{(int(right) + 1) % 10**6:06d}"})
    assert client.post("/member/sign-in/code/", {"code": right}).status_code == 200
    assert not inside(client)


def test_the_code_of_one_browser_opens_nothing_in_another(member_person: Person) -> None:
    victim, thief = Client(), Client()
    ask(victim, member_person)
    code = code_sent()
    assert thief.post("/member/sign-in/code/", {"code": code}).headers["Location"] == "/member/sign-in/"
    assert not inside(thief)


def test_number_and_birth_date_alone_open_nothing(client: Client, member_person: Person) -> None:
    ask(client, member_person)
    for address in ("/member/", "/member/record/", "/member/messages/", "/member/help/"):
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", [*FOREIGN, "/ways-in/", "/office/", "/member/../office/", "/memberx/"])
def test_abuse_open_redirect_a_member_goes_only_to_member_pages(
    client: Client, member_person: Person, address: str
) -> None:
    location = come_in(client, member_person, next=address).headers["Location"]
    assert "evil" not in location
    assert location.startswith("/member/")


def test_a_member_goes_on_to_the_page_that_was_asked_for(client: Client, member_person: Person) -> None:
    asked = client.get("/member/record/")
    assert asked.headers["Location"] == "/member/sign-in/?next=%2Fmember%2Frecord%2F"
    welcome = come_in(client, member_person, next="/member/record/").headers["Location"]
    assert welcome == "/member/welcome/?next=%2Fmember%2Frecord%2F"
    assert 'href="/member/record/"' in client.get(welcome).content.decode()


def test_the_session_key_is_new_after_sign_in(client: Client, member_person: Person) -> None:
    ask(client, member_person)
    before = client.session.session_key
    client.post("/member/sign-in/code/", {"code": code_sent()})
    assert client.session.session_key != before


def test_abuse_A22_sign_out_on_a_shared_phone(client: Client, member_person: Person) -> None:
    come_in(client, member_person)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = client.post("/member/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    again = Client()
    again.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not inside(again)
    assert not inside(client)


def test_a_sixth_phone_ends_the_first(member: Account, client_of: Callable[[Account], Client]) -> None:
    phones = [client_of(member)]
    SignIn.objects.update(began_at=F("began_at") - timedelta(hours=1))
    phones += [client_of(member) for _ in range(5)]
    assert [inside(each) for each in phones] == [False, True, True, True, True, True]
