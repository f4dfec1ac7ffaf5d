"""Payroll software in the practice house goes the whole way: hired, declared, approved, paid, told, and read again."""

import functools
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pakan.channels.employer.api.examples import EXAMPLES
from pakan.operations import practise, webhooks
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import ApiKey, Mandate
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.people.models import Employer
from pakan.registers.webhooks.models import Delivery
from tests.channels.employer.test_practice import enter, house, ticket
from tests.channels.partners.bank_hall import Hall, work
from tests.channels.partners.payroll import ALL, ROOT, Software, key_for
from tests.channels.partners.test_employer_api import assert_proven
from tests.channels.partners.test_employer_api_people import NEW, OTHER
from tests.channels.partners.test_employer_client import House, package
from tests.operations.test_webhooks import machine

__all__ = ["house", "machine", "package", "ticket"]  # fixtures
pytestmark = pytest.mark.django_db
FORM = {"name": "Payroll", "scopes": list(ALL), "days": "30"}


@pytest.fixture
def company(ticket: Any) -> Iterator[tuple[Client, Employer]]:
    yield enter(ticket())


def key_of(client: Client, company: Employer) -> str:
    """Made on the page of the practice house, as a vendor makes it."""
    shown = client.post(f"/employer/{company.code}/keys/", FORM)
    assert shown.status_code == 200, shown.content.decode()[-2000:]
    text = shown.content.decode()
    start = text.index("practice_")
    return text[start : start + 23 + 1 + 43]


def test_a_vendor_goes_the_whole_way_in_practice(
    company: tuple[Client, Employer], package: Any, hall: Hall, machine: tuple[str, list[bytes]]
) -> None:
    """With the generated client alone, from the key to the receipt; no person, and every act of it real in that house."""
    client, employer = company
    address, taken = machine
    fund = package.Client(
        f"http://testserver{ROOT}",
        key_of(client, employer),
        transport=House(),
        wait=lambda seconds: None,
    )
    about = fund.key()
    assert about["practice"] and not about["dry_run"] and about["employer"] == employer.code
    month = str(employer.first_month + practise.company.MONTHS)
    assert [row["state"] for row in fund.statement()["months"]] == ["paid"] * 3

    events = ["declaration.approved", "notice.paid", "receipt.issued"]
    fund.register_webhook({"url": address, "events": events})
    there = fund.employees()["employees"]
    first, last = f"{month}-01", there[0]["number"]
    new = [one | {"start": first, "until": None, "category": "regular"} for one in (NEW, OTHER)]
    made = fund.register_employees({"employees": new}, once="new-workers")
    before = (employer.first_month + 2).last
    assert (
        fund.leave(last, {"day": str(before), "reason": "resigned"})["employments"][0]["reason"] == "resigned"
    )
    numbers = [one["number"] for one in there[1:]] + [one["number"] for one in made["registered"]]
    wages = [{"number": one, "wage": 3_000_000} for one in numbers]
    checked = fund.check({"month": month, "lines": wages})
    for row in wages:
        asked = [one["code"] for one in checked["problems"] if one["number"] == row["number"]]
        row["answers"] = [{"question": code} for code in asked]
    told = fund.declare({"month": month, "lines": wages, "hand_over": True}, once="the-month")
    assert told["state"] == "waiting_for_approval" and told["practice"], told

    signed = fund.practice_approve({"declaration": told["id"]}, once="signed-once")
    assert signed["state"] == "approved" and signed["totals"]["workers"] == 13
    notice = fund.ask_notice({"months": [month]})
    assert notice["state"] == "open" and notice["practice"] and notice["qr"]
    for _ in range(2):  # a client that retries
        assert fund.practice_pay({"notice": notice["number"]}, once="paid-once")["amount"] == notice["amount"]
    [payment] = hall.till.state_of(notice["reference"])
    hall.tells(hall.notice(payment.bank_reference))
    work()
    for delivery in Delivery.objects.order_by("id"):
        webhooks.deliver(delivery.id)

    assert fund.receipts()["receipts"][0]["notice"] == notice["number"]
    assert fund.notices()["notices"][0]["state"] == "paid"
    assert {row["month"]: row["state"] for row in fund.statement()["months"]}[month] == "paid"
    heard = [json.loads(body) for body in taken]
    assert sorted(one["type"] for one in heard) == sorted(f"la.pakan.{kind}" for kind in events)
    assert {one["id"]: one for one in fund.events()["events"]} == {one["id"]: one for one in heard}
    with pytest.raises(package.Refused, match="notice_closed"):
        fund.practice_pay({"notice": notice["number"]})
    assert_proven()


def test_the_example_of_a_whole_month_runs_as_it_stands(
    company: tuple[Client, Employer], package: Any, hall: Hall, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """While it waits, the bank tells the house, as it does by itself where it runs."""
    client, employer = company
    [example] = [each for each in EXAMPLES if "PRACTICE_KEY" in each.text]
    month = str(employer.first_month + practise.company.MONTHS)
    text = example.code(f"http://testserver{ROOT}").replace("2026-10", month)
    monkeypatch.setenv("PRACTICE_KEY", key_of(client, employer))
    monkeypatch.setattr(package, "Client", functools.partial(package.Client, transport=House()))

    def wait(seconds: float) -> None:
        notice = Notice.objects.get(employer=employer, state="open")
        [payment] = hall.till.state_of(notice.reference)
        hall.tells(hall.notice(payment.bank_reference))
        work()

    monkeypatch.setattr(time, "sleep", wait)
    exec(compile(text, "example", "exec"), {})
    receipt = Receipt.objects.filter(employer=employer).latest("id")
    assert capsys.readouterr().out.strip() == receipt.number and receipt.notice is not None
    assert_proven()


def test_a_company_with_a_key_outlives_the_night_and_ends_with_it(
    company: tuple[Client, Employer], ticket: Any
) -> None:
    client, employer = company
    text = key_of(client, employer)
    tomorrow = timezone.now() + practise.LIFE + timedelta(minutes=1)
    assert practise.reset(Actor.system(tomorrow)) == 0
    Employer.objects.filter(id=employer.id).update(registered_at=timezone.now() - timedelta(days=3))
    assert enter(ticket())[1] == employer, "whoever comes back finds the company of the program"
    assert Software(text).ask("key").status_code == 200
    ApiKey.objects.update(revoked_at=timezone.now())
    assert practise.reset(Actor.system(tomorrow)) == 1 and not Mandate.objects.filter(end=None).exists()


def test_each_house_says_so_when_it_is_shown_a_key_of_the_other(
    company: tuple[Client, Employer], house: Any
) -> None:
    text = key_of(*company)
    assert Software("live_0123456789abcdef.x").ask("key").json()["code"] == "real_key"
    assert Software("test_0123456789abcdef.x").ask("key").json()["code"] == "real_key"
    house.PRACTICE = False
    ApiKey.objects.all().delete()  # it is in the database of the other house
    assert Software(text).ask("key").json()["code"] == "practice_key"
    assert Software("live_0123456789abcdef.x").ask("key").json()["code"] == "unknown"


def test_in_practice_no_key_is_a_dry_run_and_none_lives_longer_than_a_month(
    company: tuple[Client, Employer],
) -> None:
    client, employer = company
    page = client.get(f"/employer/{employer.code}/keys/").content.decode()
    assert 'name="practice"' not in page and 'max="30"' in page
    long = client.post(f"/employer/{employer.code}/keys/", FORM | {"days": "31", "practice": "on"})
    assert long.status_code == 422 and not ApiKey.objects.exists()
    key_of(client, employer)
    assert not ApiKey.objects.get().is_practice


def test_the_real_house_has_nobody_who_approves_or_pays_for_software(software: Software) -> None:
    for path, body in (("approve", {"declaration": "x"}), ("pay", {"notice": "x"})):
        refused = software.send(f"practice/{path}", body)
        assert (refused.status_code, refused.json()["code"]) == (404, "practice_only")


def test_practice_pays_no_notice_of_another_company(
    company: tuple[Client, Employer],
    ticket: Any,
    hall: Hall,
    factory: Employer,
    administrator: Any,
    as_actor: Any,
) -> None:
    other = key_for(as_actor(administrator), factory)[1]
    text = Software(key_of(*company))
    paid = text.ask("notices").json()["notices"][0]
    assert text.send("practice/pay", {"notice": paid["number"]}).json()["code"] == "notice_closed"
    assert other.send("practice/pay", {"notice": paid["number"]}).status_code == 404
    assert other.send("practice/approve", {"declaration": "x"}).status_code == 404
