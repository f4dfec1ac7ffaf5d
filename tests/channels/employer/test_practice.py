"""Practising: over with a ticket, in without a password, five exercises that the registers tick off, and a new night."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from pakan.integrations.banks.bank import PaymentNotice
from pakan.operations import certify, collect, practise, reconcile
from pakan.operations.notify import ways
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, Mandate
from pakan.registers.contributions.models import Obligation
from pakan.registers.messages.models import Message
from pakan.registers.payments.queries import open_notice
from pakan.registers.people.models import Employer, Person
from pakan.site.practice import apart
from pakan.units.money import Kip
from tests.channels.employer.conftest import Desk

KEY = "a key of the tickets, forty letters long"
ENTER = "/employer/practice/enter/"


@pytest.fixture
def house(settings: Any) -> Any:
    """The practice house."""
    settings.PRACTICE, settings.PRACTICE_KEY, settings.PRACTICE_BACK = True, KEY, "https://real.example"
    return settings


@pytest.fixture
def ticket(house: Any, now: datetime) -> Callable[..., str]:
    """A ticket as the real house makes it for account 7."""

    def make(at: datetime | None = None, account: int = 7, language: str = "lo") -> str:
        return practise.ticket_for(
            Actor(name="x", at=at or timezone.now(), door="employer", account_id=account, language=language)
        )

    return make


def enter(text: str) -> tuple[Client, Employer]:
    client = Client()
    answer = client.get(ENTER, {"ticket": text})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return client, Employer.objects.get(code=str(answer["Location"]).strip("/").split("/")[-1])


def test_the_real_house_hands_out_a_ticket_without_a_person_in_it(
    preparer: Account, client_of: Callable[[Account], Client], settings: Any
) -> None:
    client = client_of(preparer)
    code = Employer.objects.get(mandates__account=preparer).code
    assert "/employer/practice/" not in client.get(f"/employer/{code}/").content.decode()
    assert client.get("/employer/practice/").status_code == 404

    settings.PRACTICE_URL, settings.PRACTICE_KEY = "https://practice.example", KEY
    assert "/employer/practice/" in client.get(f"/employer/{code}/").content.decode()
    to = urlsplit(str(client.get("/employer/practice/")["Location"]))

    assert (to.netloc, to.path) == ("practice.example", ENTER)
    text = parse_qs(to.query)["ticket"][0]
    found = practise.use(text, timezone.now())
    assert found.language == "lo"
    for secret in (preparer.sign_in, preparer.full_name, str(preparer.pk)):
        assert secret not in (found.who, found.nonce)


def test_the_real_house_has_no_door_without_a_password(
    db: None, ticket: Callable[..., str], house: Any
) -> None:
    text = ticket()
    house.PRACTICE = False

    assert Client().get(ENTER, {"ticket": text}).status_code == 404
    assert not Account.objects.exists()


def test_a_ticket_that_is_forged_late_used_or_of_another_key_opens_nothing(
    db: None, ticket: Callable[..., str], house: Any
) -> None:
    good, late = ticket(), ticket(at=timezone.now() - timedelta(minutes=3))
    early = ticket(at=timezone.now() + timedelta(minutes=3))
    house.PRACTICE_KEY = "another key, which is forty letters long"
    others = ticket()
    house.PRACTICE_KEY = KEY
    forged = ("", "x", good[:-2] + ("aa" if good[-2:] != "aa" else "bb"), "e30:" + good.split(":")[1], others)
    for text in (*forged, late, early):
        answer = Client().get(ENTER, {"ticket": text})
        assert answer.status_code == 403, text
        assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert not Account.objects.exists()

    enter(good)
    again = Client().get(ENTER, {"ticket": good})
    assert again.status_code == 403
    assert settings.SESSION_COOKIE_NAME not in again.cookies
    assert "https://real.example/employer/" in again.content.decode()


def test_one_person_comes_back_to_her_company_and_another_gets_one_of_his_own(
    db: None, ticket: Callable[..., str]
) -> None:
    _, mine = enter(ticket())
    _, same = enter(ticket(language="en"))
    _, his = enter(ticket(account=8))

    assert mine == same != his
    assert mine.code.startswith("99") and his.code.startswith(
        "99"
    )  # no province: no reference is ever a real one
    account = Account.objects.get(mandates__employer=mine, mandates__role="employer_approver")
    assert account.language == "en"
    assert not account.has_usable_password()
    assert not account.phone and account.person_id is None
    assert Person.objects.filter(employments__employer=mine).count() == 12
    assert not Person.objects.exclude(phone="").exists()


def test_three_months_are_paid_and_the_books_agree(
    db: None, ticket: Callable[..., str], now: datetime
) -> None:
    client, company = enter(ticket())

    debts = Obligation.objects.filter(employer=company).order_by("month")
    assert [debt.month for debt in debts] == [company.first_month + ahead for ahead in range(3)]
    assert all(debt.owed > 0 and debt.open == 0 for debt in debts)
    assert [found.invariant for found in reconcile.prove(Actor.system(now)) if found.differences] == []
    page = client.get(f"/employer/{company.code}/").content.decode()
    assert '<aside class="practice"' in page
    assert str(company.first_month + 3) in page


def done(company: Employer) -> list[str]:
    return [one.code for one in practise.exercises(company) if one.done]


def test_the_five_exercises_are_ticked_off_by_what_is_in_the_registers(
    db: None, ticket: Callable[..., str]
) -> None:
    client, company = enter(ticket())
    month = company.first_month + 3
    desk = Desk(client, company, month)
    assert done(company) == []

    content = client.get(f"/employer/{company.code}/practice.xlsx").content
    book = openpyxl.load_workbook(BytesIO(content)).active
    assert book is not None
    desk.client.post(desk.at(), {"key": "p-1", "file": SimpleUploadedFile("practice.xlsx", content)})
    if desk.sheet.state == "read":
        desk.send("columns/", A="", B="number", C="name", D="wage")
    assert desk.sheet.summary["errors"] == 2
    assert done(company) == ["upload"]

    _mend(desk)
    assert done(company) == ["upload", "mend"]

    desk.send("hand-over/", revision=desk.sheet.revision, sheet=desk.sheet.id)
    desk.send("approve/", revision=desk.sheet.revision, sheet=desk.sheet.id, seen="yes", confirm="yes")
    assert done(company) == ["upload", "mend", "approve"]

    _pay(company, month)
    assert done(company) == ["upload", "mend", "approve", "pay"]

    before = Desk(client, company, month - 1)
    before.send("correct/", key="p-2")
    row = before.sheet.lines.order_by("row").first()
    assert row is not None
    before.mend(f"wage:{row.row}:{int(row.wage or 0) + 100_000}")
    for code in list(before.sheet.summary["by_code"]):
        before.mend(f"confirm_all:0:{code}")
    before.send("hand-over/", revision=before.sheet.revision, sheet=before.sheet.id)
    before.send("approve/", revision=before.sheet.revision, sheet=before.sheet.id, seen="yes", confirm="yes")
    assert done(company) == ["upload", "mend", "approve", "pay", "correct"]


def _mend(desk: Desk) -> None:
    """Both mistakes, each in its cell: the letter becomes a zero, the number that of the worker of this name."""
    letter = desk.sheet.lines.get(wage_text__contains="O")
    desk.mend(f"wage:{letter.row}:{letter.wage_text.replace('O', '0')}")
    swapped = desk.sheet.lines.get(person=None)
    given, family = swapped.name.split()
    right = Person.objects.get(employments__employer=desk.employer, given_name=given, family_name=family)
    desk.mend(f"number:{swapped.row}:{right.number}")
    for code in list(desk.sheet.summary["by_code"]):
        desk.mend(f"confirm_all:0:{code}")


def _pay(company: Employer, month: object) -> None:
    debt = Obligation.objects.get(employer=company, month=month)
    system = Actor.system(timezone.now())
    notice = open_notice(company, debt.month) or collect.ask(system, company, [debt.month])
    told = PaymentNotice(
        "B1", "S1", notice.number, Kip(notice.amount), "LAK", timezone.now(), "X", "0", notice.reference
    )
    collect.book(system, "sandbox", "0100000000418", told)


def test_every_night_the_companies_of_yesterday_end(
    db: None, ticket: Callable[..., str], now: datetime
) -> None:
    _, company = enter(ticket())
    assert practise.reset(Actor.system(timezone.now())) == 0

    tomorrow = timezone.now() + practise.LIFE + timedelta(minutes=1)
    assert practise.reset(Actor.system(tomorrow)) == 1
    assert practise.reset(Actor.system(tomorrow)) == 0  # run twice, it changes nothing more
    assert not Mandate.objects.filter(end=None).exists()
    _, new = enter(ticket())
    assert new != company
    assert Obligation.objects.filter(employer=company).count() == 3  # nothing is erased


def test_no_message_leaves_the_practice_house(db: None, house: Any) -> None:
    told = Message(wording="month_credited", phone="+8562055551234")
    assert list(ways.ways_of(told)) == []
    house.PRACTICE = False
    assert list(ways.ways_of(told)) != []


def test_what_practice_signs_is_not_genuine_in_the_real_house(
    member: Account, as_actor: Callable[[Account], Actor], settings: Any, now: datetime
) -> None:
    actor, real = as_actor(member), settings.SIGNING_KEY
    genuine = certify.statement(actor)
    settings.SIGNING_KEY = apart(real)
    practised = certify.statement(actor)
    settings.SIGNING_KEY = real

    assert "not genuine" not in verified(genuine["code"])
    assert "not genuine" in verified(practised["code"])


def verified(code: str) -> str:
    """What the real house's /verify/ says."""
    client = Client()
    client.cookies["language"] = "en"
    return client.post("/verify/", {"code": code}).content.decode()


def test_signing_out_of_practice_leads_back(db: None, ticket: Callable[..., str]) -> None:
    client, company = enter(ticket())

    answer = client.post("/sign-out/")

    assert answer["Location"] == "https://real.example/employer/"
    assert client.get(f"/employer/{company.code}/").status_code == 302
