"""A helper sees and does what was allowed, plainly for whom, until it is taken back; and nothing else, at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from pakan.operations import entrust
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.cases.models import Case
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person
from pakan.registers.relatives.models import Entrusted
from pakan.units.month import Month

Sign = Callable[[Account], Client]


@pytest.fixture
def helper(workers: list[Person], now: datetime) -> Account:
    return member_account(workers[5], now)


@pytest.fixture
def owner(member: Account, as_actor: Callable[..., Actor]) -> Actor:
    return as_actor(member)


def gives(owner: Actor, helper: Account, *scopes: str, days: int = 30) -> Entrusted:
    assert helper.person is not None
    until = owner.today + timedelta(days=days)
    return entrust.give(owner, helper.person.number, helper.person.birth_date, scopes, until)


def english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def proved(client: Client, at: datetime) -> Client:
    session = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    session["proved_at"] = at.isoformat()
    session.save()
    return client


def test_a_helper_sees_the_months_and_for_whom(
    owner: Actor, helper: Account, client_of: Sign, member_person: Person, paid: Any
) -> None:
    paid()
    given = gives(owner, helper, "record")
    client = english(client_of(helper))
    page = client.get(f"/member/for/{given.key}/").content.decode()
    assert f"You act for {member_person.name}" in page
    assert "1 month counts." in page
    row = AuditRow.objects.filter(act="look", person_id=member_person.id).latest("number")
    assert (row.account_id, row.purpose, row.object) == (helper.id, "helper", "record")
    told = set(Message.objects.filter(wording__startswith="entrusted").values_list("wording", "account_id"))
    assert told == {("entrusted_to_you", helper.id), ("entrusted_by_you", owner.account_id)}


def test_the_owner_sees_the_helpers_name_in_the_list_of_looks(
    owner: Actor, helper: Account, member: Account, client_of: Sign
) -> None:
    given = gives(owner, helper, "record")
    client_of(helper).get(f"/member/for/{given.key}/")
    assert helper.full_name in client_of(member).get("/member/looks/").content.decode()


def test_a_helper_reports_a_missing_month_under_his_own_name(
    owner: Actor, helper: Account, client_of: Sign, member_person: Person, factory: Any, open_month: Month
) -> None:
    given = gives(owner, helper, "record", "wrong")
    month = open_month - 1
    address = f"/member/for/{given.key}/{month}/wrong/"
    assert client_of(helper).post(address, {"kind": "missing", "employer": factory.code}).status_code == 302
    [case] = Case.objects.all()
    assert (case.person, case.month) == (member_person, month)
    row = AuditRow.objects.get(act="report.open")
    assert (row.account_id, row.person_id) == (helper.id, member_person.id)


def test_abuse_A14_narrowed_mandate(
    owner: Actor,
    helper: Account,
    client_of: Sign,
    factory: Any,
    open_month: Month,
    workers: list[Person],
    now: datetime,
) -> None:
    """From the tap that narrows it on, what is outside is not there; and for anybody else it never was."""
    wide = gives(owner, helper, "record", "messages", "wrong")
    client = client_of(helper)
    assert client.get(f"/member/for/{wide.key}/").status_code == 200
    narrow = gives(owner, helper, "messages")
    for key in (wide.key, narrow.key):
        assert client.get(f"/member/for/{key}/").status_code == 404
        tap = client.post(
            f"/member/for/{key}/{open_month}/wrong/", {"kind": "missing", "employer": factory.code}
        )
        assert tap.status_code == 404
    assert client.get(f"/member/for/{wide.key}/messages/").status_code == 404
    assert client.get(f"/member/for/{narrow.key}/messages/").status_code == 200
    stranger = client_of(member_account(workers[6], now))
    assert stranger.get(f"/member/for/{narrow.key}/messages/").status_code == 404
    entrust.end(owner, narrow.key)
    assert client.get(f"/member/for/{narrow.key}/messages/").status_code == 404
    assert not Case.objects.exists()


def test_after_its_last_day_it_opens_nothing(
    owner: Actor, helper: Account, as_actor: Callable[..., Actor], now: datetime
) -> None:
    given = gives(owner, helper, "record", days=1)
    assert entrust.acting(as_actor(helper, now + timedelta(days=1)), given.key, "record")
    assert entrust.acting(as_actor(helper, now + timedelta(days=2)), given.key, "record") is None


def test_money_phone_and_account_are_no_scopes(owner: Actor, helper: Account) -> None:
    for scope in ("money", "phone", "account", ""):
        with pytest.raises(entrust.Refused, match="scopes"):
            gives(owner, helper, "record", scope)
    assert not Entrusted.objects.exists()


def test_giving_needs_a_fresh_proof(
    member: Account, helper: Account, client_of: Sign, now: datetime, workers: list[Person]
) -> None:
    client = client_of(member)
    typed = {
        "number": workers[5].number, "birth_date": f"{workers[5].birth_date:%d/%m/%Y}", "scopes": ["record"], "days": "30",
    }  # fmt: skip
    assert "/prove/" in client.post("/member/helpers/new/", typed).headers["Location"]
    assert not Entrusted.objects.exists()
    assert proved(client, now).post("/member/helpers/new/", typed).status_code == 302
    assert Entrusted.objects.get().holder == helper
    assert client.post("/member/helpers/end/", {"key": Entrusted.objects.get().key}).status_code == 302
    assert Entrusted.objects.get().ended_at is not None


def test_only_the_owner_ends_it(owner: Actor, helper: Account, client_of: Sign) -> None:
    given = gives(owner, helper, "record")
    assert client_of(helper).post("/member/helpers/end/", {"key": given.key}).status_code == 404
    given.refresh_from_db()
    assert given.ended_at is None


@pytest.mark.parametrize(("born_off", "code"), [(1, "nobody")])
def test_a_wrong_birth_date_finds_nobody(owner: Actor, helper: Account, born_off: int, code: str) -> None:
    assert helper.person is not None
    born = helper.person.birth_date + timedelta(days=born_off)
    with pytest.raises(entrust.Refused, match=code):
        entrust.give(owner, helper.person.number, born, ["record"], owner.today)


def test_numbers_cannot_be_tried_out(owner: Actor, helper: Account) -> None:
    for _ in range(10):
        with pytest.raises(entrust.Refused):
            entrust.give(owner, "0100000000", owner.today, ["record"], owner.today)
    with pytest.raises(entrust.TooOften):
        gives(owner, helper, "record")
