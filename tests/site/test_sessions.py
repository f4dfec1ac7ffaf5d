"""One query says who asks; whatever ends a session ends it in the very next request."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pakan.registers.access.models import Account, SignIn
from pakan.registers.records.models import Credit
from pakan.units.month import Month
from tests.channels.member.months import declared, paid, phone

pytestmark = pytest.mark.django_db
__all__ = ["declared", "paid", "phone"]  # fixtures

Ending = Callable[[str, Account], object]
ENDINGS: dict[str, Ending] = {
    "the session is over": lambda key, account: Session.objects.filter(session_key=key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    ),
    "the session is gone": lambda key, account: Session.objects.filter(session_key=key).delete(),
    "the sign-in was ended": lambda key, account: SignIn.objects.filter(session_key=key).update(
        ended_at=timezone.now()
    ),
    "the account was closed": lambda key, account: Account.objects.filter(id=account.id).update(
        is_active=False
    ),
    "the password was changed": lambda key, account: Account.objects.filter(id=account.id).update(
        password="other"
    ),
    "the session is another's": lambda key, account: SignIn.objects.filter(session_key=key).update(
        session_key="y" * 32
    ),
}


def test_session_account_and_person_are_one_query(phone: Client) -> None:
    phone.get("/member/messages/")
    with CaptureQueriesContext(connection) as asked:
        phone.get("/member/messages/")
    told = [query["sql"] for query in asked.captured_queries]
    for table in ("django_session", "access_signin", "access_account", "people_person"):
        assert sum(f'FROM "{table}"' in sql or f'JOIN "{table}"' in sql for sql in told) == 1, table


@pytest.mark.parametrize("why", ENDINGS)
def test_what_ends_a_session_counts_in_the_next_request(phone: Client, member: Account, why: str) -> None:
    assert phone.get("/member/").status_code == 200
    ENDINGS[why](phone.cookies[settings.SESSION_COOKIE_NAME].value, member)
    assert phone.get("/member/").status_code == 302


def test_a_month_that_was_paid_is_on_home_and_record_in_the_next_request(
    phone: Client, member: Account, paid: Callable[..., None], open_month: Month
) -> None:
    for back in (3, 2):
        paid(open_month - back)
        counted = Credit.objects.filter(person_id=member.person_id).count()
        for address in ("/member/", "/member/record/"):
            page = phone.get(address).content.decode()
            assert f"{counted} month{'s' if counted > 1 else ''} count" in page, address
