"""A new password: after a fresh code and with the old one, and never a weak one."""

import pytest
from django.conf import settings
from django.test import Client

from pakan.registers.access.models import Account, AuditRow, SignIn
from tests.cast import PASSWORD
from tests.channels.public.conftest import SignIn as SignInAct
from tests.channels.public.test_ways_in import grow_old

NEW = "ນໍ້າຂອງໄຫຼ-2026"
AT = "/ways-in/password/"


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> str:
    return client.post(AT, {"old": old, "new": new, "again": again}, follow=True).content.decode()


@pytest.fixture
def inside(client: Client, preparer: Account, sign_in: SignInAct) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    sign_in(client, preparer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_the_new_password_counts_and_other_devices_are_signed_out(
    inside: Client, preparer: Account, sign_in: SignInAct
) -> None:
    other = Client()
    sign_in(other, preparer)
    assert "The password is changed." in change(inside)
    preparer.refresh_from_db()
    assert preparer.check_password(NEW) and not preparer.check_password(PASSWORD)
    assert inside.get("/employer/").status_code == 302  # to the one company: still signed in
    assert "/sign-in/" in other.get("/employer/")["Location"]
    assert SignIn.objects.filter(account=preparer, ended_at=None).count() == 1
    assert AuditRow.objects.filter(act="enter.change_password").count() == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"old": "something else"}, "This is not your password."),
        ({"again": "something else"}, "The two new passwords are not the same."),
        ({"new": "kh", "again": "kh"}, "at least 8 characters"),
        ({"new": "password123", "again": "password123"}, "too common"),
    ],
)
def test_what_is_refused_changes_nothing(
    inside: Client, preparer: Account, words: dict[str, str], says: str
) -> None:
    assert says in change(inside, **words)
    preparer.refresh_from_db()
    assert preparer.check_password(PASSWORD)


def test_an_old_proof_is_not_enough(inside: Client, preparer: Account) -> None:
    grow_old(inside)
    assert "Show the code of your authenticator app first." in change(inside)
    preparer.refresh_from_db()
    assert preparer.check_password(PASSWORD)


def test_nobody_tries_old_passwords_without_end(inside: Client, preparer: Account) -> None:
    for _ in range(100):
        change(inside, old="something else")
    assert inside.post(AT, {"old": PASSWORD, "new": NEW, "again": NEW}).status_code == 429
    preparer.refresh_from_db()
    assert preparer.check_password(PASSWORD)
