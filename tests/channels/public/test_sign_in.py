"""Employers and staff come in: password and authenticator, both or nothing."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from pakan.registers.access.models import Account, AuditRow, SignIn
from tests.cast import PASSWORD
from tests.channels.public.conftest import SignIn as SignInAct
from tests.channels.public.conftest import fresh_code

FOREIGN = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://testserver@evil.example/",
    "//testserver@evil.example/",
    "https://testserver.evil.example/",
    "evil.example",
    "ftp://testserver/",
    "/\n/evil.example",
]


def inside(client: Client) -> bool:
    return client.get("/ways-in/").status_code == 200


def test_password_and_code_open_the_door(client: Client, preparer: Account, sign_in: SignInAct) -> None:
    assert not inside(client)
    answer = sign_in(client, preparer)
    assert answer.status_code == 302
    assert inside(client)
    opened = SignIn.objects.get(account=preparer)
    assert (opened.door, opened.proof, opened.ended_at) == ("employer", "totp", None)
    assert AuditRow.objects.filter(act="sign in", account_id=preparer.id, door="employer").exists()


def test_abuse_A8_a_password_alone_opens_nothing(client: Client, preparer: Account, finance: Account) -> None:
    for account in (preparer, finance):
        answer = client.post("/sign-in/", {"name": account.sign_in, "password": PASSWORD})
        assert answer.headers["Location"] == "/sign-in/second/"
        assert not inside(client)
    assert not SignIn.objects.exists()


def test_abuse_A8_the_second_sign_in_of_staff_ends_the_first(finance: Account, sign_in: SignInAct) -> None:
    first, second = Client(), Client()
    sign_in(first, finance)
    assert inside(first)
    sign_in(second, finance)
    assert inside(second)
    assert not inside(first)


def test_an_employers_fourth_session_ends_the_oldest(preparer: Account, sign_in: SignInAct) -> None:
    clients = [Client() for _ in range(4)]
    for each in clients:
        sign_in(each, preparer)
    assert [inside(each) for each in clients] == [False, True, True, True]


def test_abuse_A12_enumeration_a_wrong_password_and_an_unknown_name_are_answered_alike(
    preparer: Account, member: Account
) -> None:
    pages = []
    for name in (preparer.sign_in, "nobody@example.la", member.sign_in):
        answer = Client().post("/sign-in/", {"name": name, "password": "not it"})
        pages.append((answer.status_code, answer.content.decode().replace(name, "").split("<main")[1]))
    tokenless = {(status, page.split("csrfmiddlewaretoken")[0]) for status, page in pages}
    assert len(tokenless) == 1


def test_a_member_has_no_password_to_come_in_by(client: Client, member: Account) -> None:
    member.set_password(PASSWORD)
    member.save()
    answer = client.post("/sign-in/", {"name": member.sign_in, "password": PASSWORD})
    assert answer.status_code == 200
    assert "half_way" not in client.session


def test_the_password_waits_ten_minutes_for_the_code(client: Client, preparer: Account) -> None:
    client.post("/sign-in/", {"name": preparer.sign_in, "password": PASSWORD})
    session = client.session
    kept = session["half_way"]
    kept["at"] = (datetime.fromisoformat(kept["at"]) - timedelta(minutes=11)).isoformat()
    session["half_way"] = kept
    session.save()
    answer = client.post("/sign-in/second/", {"code": fresh_code(preparer)})
    assert answer.headers["Location"] == "/sign-in/"
    assert not inside(client)


def test_the_second_page_needs_the_first(client: Client, preparer: Account) -> None:
    assert client.get("/sign-in/second/").headers["Location"] == "/sign-in/"
    assert client.get("/sign-in/authenticator/").headers["Location"] == "/sign-in/"


def test_a_wrong_code_is_said_at_the_field_and_then_there_is_a_pause(
    client: Client, preparer: Account
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.post("/sign-in/", {"name": preparer.sign_in, "password": PASSWORD})
    right = fresh_code(preparer)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    answer = client.post("/sign-in/second/", {"code": wrong})
    assert "This code is not right." in answer.content.decode()
    answer = client.post("/sign-in/second/", {"code": right})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert not inside(client)


def test_the_session_key_is_new_at_each_step(client: Client, preparer: Account) -> None:
    client.post("/sign-in/passkey/options/", content_type="application/json", data="{}")
    keys = [client.session.session_key]
    client.post("/sign-in/", {"name": preparer.sign_in, "password": PASSWORD})
    keys.append(client.session.session_key)
    client.post("/sign-in/second/", {"code": fresh_code(preparer)})
    keys.append(client.session.session_key)
    client.post("/ways-in/prove/", {"code": fresh_code(preparer)})
    keys.append(client.session.session_key)
    assert len(set(keys)) == 4
    assert inside(client)
    assert SignIn.objects.filter(account=preparer, ended_at=None).count() == 1


def test_stepping_up_does_not_make_a_session_live_longer(
    client: Client, preparer: Account, sign_in: SignInAct
) -> None:
    sign_in(client, preparer)
    began = SignIn.objects.get().began_at - timedelta(hours=11)
    SignIn.objects.update(began_at=began)
    client.post("/ways-in/prove/", {"code": fresh_code(preparer)})
    assert SignIn.objects.get(ended_at=None).began_at == began


def test_the_first_sign_in_sets_up_the_authenticator(client: Client, preparer: Account) -> None:
    TOTPDevice.objects.filter(user=preparer).delete()
    answer = client.post("/sign-in/", {"name": preparer.sign_in, "password": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/authenticator/"
    page = client.get("/sign-in/authenticator/").content.decode()
    assert 'src="data:image/svg+xml' in page
    assert not inside(client)
    client.post("/sign-in/authenticator/", {"code": fresh_code(preparer)})
    assert inside(client)


def test_too_many_wrong_passwords_close_the_door_for_a_while_only_here(preparer: Account) -> None:
    here, elsewhere = Client(REMOTE_ADDR="10.0.0.1"), Client(REMOTE_ADDR="10.0.0.2")
    here.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answers = [
        here.post("/sign-in/", {"name": preparer.sign_in, "password": "wrong"}).status_code for _ in range(11)
    ]
    assert answers[0] == 200
    assert answers[-1] == 429
    closed = here.post("/sign-in/", {"name": preparer.sign_in, "password": PASSWORD})
    assert closed.status_code == 429
    assert "Try again after" in closed.content.decode()
    assert 890 <= int(closed.headers["Retry-After"]) <= 901
    fine = elsewhere.post("/sign-in/", {"name": preparer.sign_in, "password": PASSWORD})
    assert fine.headers["Location"] == "/sign-in/second/"


def test_a_hundred_tries_a_day_from_all_addresses(preparer: Account) -> None:
    answers = [
        Client(REMOTE_ADDR=f"10.0.1.{at}")
        .post("/sign-in/", {"name": preparer.sign_in, "password": "wrong"})
        .status_code
        for at in range(101)
    ]
    assert answers == [200] * 100 + [429]


@pytest.mark.parametrize("address", FOREIGN)
def test_abuse_open_redirect_sign_in_goes_only_to_our_own_pages(
    client: Client, preparer: Account, address: str
) -> None:
    client.post("/sign-in/", {"name": preparer.sign_in, "password": PASSWORD, "next": address})
    answer = client.post("/sign-in/second/", {"code": fresh_code(preparer)})
    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]
    assert answer.headers["Location"].startswith("/")


@pytest.mark.parametrize("address", FOREIGN)
def test_abuse_open_redirect_the_language_stays_here(client: Client, db: None, address: str) -> None:
    answer = client.post("/language/", {"language": "en", "next": address})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_sign_in_leads_to_where_one_wanted_to_go(client: Client, preparer: Account) -> None:
    asked = client.get("/ways-in/")
    assert asked.headers["Location"] == "/sign-in/?next=%2Fways-in%2F"
    page = client.get(asked.headers["Location"]).content.decode()
    assert 'name="next" value="/ways-in/"' in page
    assert 'data-verify="/sign-in/passkey/?next=%2Fways-in%2F"' in page
    client.post("/sign-in/", {"name": preparer.sign_in, "password": PASSWORD, "next": "/ways-in/"})
    answer = client.post("/sign-in/second/", {"code": fresh_code(preparer)})
    assert answer.headers["Location"] == "/ways-in/"


def test_the_pages_speak_the_accounts_language_after_sign_in(
    client: Client, preparer: Account, sign_in: SignInAct
) -> None:
    preparer.language = "en"
    preparer.save()
    answer = sign_in(client, preparer)
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert '<html lang="en">' in client.get("/ways-in/").content.decode()


@pytest.mark.parametrize("role", ["preparer", "finance"])
def test_the_language_chosen_at_the_door_is_newer_than_the_accounts(
    role: str, client: Client, sign_in: SignInAct, request: pytest.FixtureRequest
) -> None:
    account: Account = request.getfixturevalue(role)
    account.language = "lo"
    account.save()
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    answer = sign_in(client, account)
    account.refresh_from_db()
    assert account.language == answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    # What was chosen long before belongs to whoever held the browser then.
    client = Client()
    client.post("/language/", {"language": "lo", "next": "/sign-in/"})
    session = client.session
    session["spoke"][1] = (datetime.now(UTC) - timedelta(minutes=61)).isoformat()
    session.save()
    sign_in(client, account)
    account.refresh_from_db()
    assert account.language == "en"


def test_abuse_A22_sign_out_ends_the_session_and_empties_the_browser(
    client: Client, preparer: Account, sign_in: SignInAct
) -> None:
    sign_in(client, preparer)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = client.post("/sign-out/")
    assert "storage" in answer.headers["Clear-Site-Data"]
    assert "cache" in answer.headers["Clear-Site-Data"]
    again = Client()
    again.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not inside(again)
    assert SignIn.objects.get().ended_at is not None
    assert AuditRow.objects.filter(act="sign out", account_id=preparer.id).exists()


@pytest.mark.parametrize(
    ("who", "idle", "whole"),
    [("preparer", 30, 12 * 60), ("finance", 15, 10 * 60), ("member", 30, 30 * 24 * 60)],
)
def test_a_session_ends_when_idle_and_when_old(
    who: str,
    idle: int,
    whole: int,
    request: pytest.FixtureRequest,
    client_of: Callable[[Account], Client],
    now: datetime,
) -> None:
    """Minutes of the standard's table (ASVS 7.3)."""
    account: Account = request.getfixturevalue(who)
    page = "/member/" if who == "member" else "/ways-in/"
    for seen, began, status in (
        (idle - 1, whole - 1, 200),
        (idle + 1, idle + 1, 302),
        (0, whole + 1, 302),
    ):
        client = client_of(account)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        SignIn.objects.filter(session_key=key).update(
            seen_at=now - timedelta(minutes=seen), began_at=now - timedelta(minutes=began)
        )
        assert client.get(page).status_code == status, (seen, began)


def test_an_account_that_is_closed_is_out_at_once(
    client: Client, preparer: Account, sign_in: SignInAct
) -> None:
    sign_in(client, preparer)
    Account.objects.filter(id=preparer.id).update(is_active=False)
    assert not inside(client)
    assert sign_in(Client(), preparer).headers["Location"] == "/sign-in/"


def test_signing_out_needs_a_post(client: Client, preparer: Account, sign_in: SignInAct) -> None:
    sign_in(client, preparer)
    assert client.get("/sign-out/").status_code == 405
    assert inside(client)


def test_the_page_has_fields_that_password_keepers_know(client: Client, db: None) -> None:
    page = client.get("/sign-in/").content.decode()
    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="username webauthn"' in page
    assert "onpaste" not in page


def test_a_passkey_that_nobody_knows(client: Client, db: None) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    options = client.post("/sign-in/passkey/options/", data="{}", content_type="application/json").json()
    assert (options["rpId"], options["userVerification"]) == ("localhost", "required")
    for body in (
        json.dumps({"rawId": "AAAA", "id": "AAAA"}),
        "[]",
        "no json",
        "{}",
        '{"x":"' + "a" * 30_000 + '"}',
    ):
        answer = client.post("/sign-in/passkey/", data=body, content_type="application/json")
        assert answer.status_code == 200
        assert answer.json()["error"].startswith("This passkey is not known here")


def test_changes_at_the_door_need_the_forms_token(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    for address in (
        "/sign-in/",
        "/sign-in/passkey/",
        "/sign-in/passkey/options/",
        "/language/",
        "/sign-out/",
    ):
        assert strict.post(address, {"name": "x", "password": "y"}).status_code == 403, address


@pytest.mark.parametrize(
    ("sender", "then"),
    [
        ("http://testserver/ways-in/?a=b", "/sign-in/?next=%2Fways-in%2F%3Fa%3Db"),
        ("http://other.example/ways-in/", "/sign-in/"),
        ("javascript:alert(1)", "/sign-in/"),
        ("", "/sign-in/"),
    ],
)
def test_what_was_sent_after_the_session_ended_leads_back_to_its_page(
    client: Client, sender: str, then: str
) -> None:
    answer = client.post("/ways-in/end/", {"id": 1}, headers={"referer": sender})
    assert answer["Location"] == then


def test_a_page_is_compressed_for_who_can_read_it(client: Client) -> None:
    page = client.get("/sign-in/", headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip" and len(page.content) < 14_000
    assert b"<form" in gzip.decompress(page.content)
    assert "Content-Encoding" not in client.get("/sign-in/")
