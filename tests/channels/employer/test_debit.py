"""Direct debit at the pages of a company: given by one, agreed by another, shown beside the bill, ended at once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from pakan.operations import collect, debit
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.debits.models import Debit, DebitMandate
from pakan.registers.payments.models import Notice
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from tests.channels.employer.conftest import said
from tests.integrations.conftest import Process
from tests.operations.claims import _vault, bank, run_jobs
from tests.operations.conftest import kham, noy
from tests.operations.desk import declared
from tests.operations.test_debit import leave, tea

__all__ = ["_vault", "bank", "kham", "leave", "noy", "tea"]  # fixtures
pytestmark = pytest.mark.django_db
As = Callable[[Account], Client]


def told(noy: Actor, **change: object) -> dict[str, object]:
    until = noy.today + timedelta(days=300)
    return {
        "do": "give", "bank": "sandbox", "account": "0101 0000 00777", "name": "Champa Garment",
        "limit": "50.000.000", "until": f"{until:%d/%m/%Y}",
    } | change  # fmt: skip


@pytest.fixture
def address(factory: Employer) -> str:
    return f"/employer/{factory.code}/debit/"


def proven(client: Client, now: datetime) -> Client:
    """The second factor was shown just now."""
    session = client.session
    session["proved_at"] = now.isoformat()
    session.save()
    return client


@pytest.fixture
def approving(approver: Account, client_of: As, now: datetime) -> Client:
    client = proven(client_of(approver), now)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def bill(kham: Actor, noy: Actor, factory: Employer, open_month: Month) -> Notice:
    declared(kham, noy, factory, open_month)
    return collect.ask(noy, factory, [open_month])


def test_one_gives_another_agrees_and_either_ends_it(
    bank: Process,
    approving: Client,
    administrator: Account,
    client_of: As,
    noy: Actor,
    address: str,
    now: datetime,
) -> None:
    page = said(approving.get(address).content.decode())
    assert "Give a mandate" in page and "Where two people may approve" in page
    assert approving.post(address, told(noy)).status_code == 302
    page = said(approving.get(address).content.decode())
    assert "waiting for a second person" in page and "Agree to this mandate" not in page
    approving.post(address, {"do": "confirm"})
    assert DebitMandate.objects.get().confirmed_at is None, "who gave it does not agree to it"
    second = client_of(administrator)
    assert "ways-in" in second.post(address, {"do": "confirm"})["Location"], "a fresh proof first"
    proven(second, now)
    assert "ເຫັນດີກັບໃບອະນຸຍາດນີ້" in second.get(address).content.decode()
    second.post(address, {"do": "confirm"})
    assert "waiting for the bank" in said(approving.get(address).content.decode())
    run_jobs()
    page = said(approving.get(address).content.decode())
    assert "in force" in page and "••••0777" in page and "01010000" not in page
    approving.post(address, {"do": "revoke"})
    page = said(approving.get(address).content.decode())
    assert "It was ended by your company." in page and "Give a mandate" in page


def test_all_that_is_wrong_is_said_at_once_and_what_was_typed_stays(
    approving: Client, noy: Actor, address: str
) -> None:
    wrong = {"account": "12", "limit": "many", "until": "31/02/2027", "name": "Champa"}
    answer = approving.post(address, told(noy, **wrong))
    page = said(answer.content.decode())
    assert answer.status_code == 422 and 'value="Champa"' in answer.content.decode()
    assert "Type an amount in whole kip" in page and "Type day, month, year" in page
    answer = approving.post(address, told(noy, account="12"))
    assert answer.status_code == 422 and "6 to 20 figures" in said(answer.content.decode())
    assert not DebitMandate.objects.exists()


def test_the_bill_says_that_it_is_drawn_and_offers_no_code_while_the_bank_has_it(
    leave: DebitMandate, bill: Notice, approving: Client, factory: Employer, open_month: Month, address: str
) -> None:
    debit.announce_all(str(bill.due_on - timedelta(days=6)))
    one = Debit.objects.get()
    pay = f"/employer/{factory.code}/{open_month}/pay/"
    page = approving.get(pay).content.decode()
    assert "You need not pay it yourself." in said(page) and 'class="qr"' in page
    debit._intend(Actor.system(one.announced_at), one.id)
    page = approving.get(pay).content.decode()
    assert "Do not pay it yourself." in said(page) and 'class="qr"' not in page
    debit.draw_all(str(one.draw_on))
    run_jobs()
    assert "Paid:" in said(approving.get(pay).content.decode())
    page = said(approving.get(address).content.decode())
    assert "drawn" in page and bill.reference in page


def test_a_bill_that_came_too_late_for_the_debit_says_to_pay_by_hand(
    leave: DebitMandate, kham: Actor, noy: Actor, approving: Client, factory: Employer, open_month: Month
) -> None:
    month = open_month - 1  # its due day has passed, whatever day it is today
    declared(kham, noy, factory, month)
    pay = f"/employer/{factory.code}/{month}/pay/"
    assert "This bill came too late for the direct debit" in said(approving.get(pay).content.decode())
    debit.revoke(noy, leave)
    assert "came too late" not in said(approving.get(pay).content.decode())


def test_a_debit_that_failed_says_why_and_what_to_do(
    leave: DebitMandate, bill: Notice, bank: Process, approving: Client, reader: Account, client_of: As,
    factory: Employer, open_month: Month, address: str,
) -> None:  # fmt: skip
    debit.announce_all(str(bill.due_on - timedelta(days=6)))
    bank.post("/behave", {"how": "refuse"})
    debit.draw_all(str(Debit.objects.get().draw_on))
    run_jobs()
    page = approving.get(f"/employer/{factory.code}/{open_month}/pay/").content.decode()
    assert "did not have enough money. Pay this bill yourself." in said(page) and 'class="qr"' in page
    reading = client_of(reader)
    page = reading.get(address).content.decode()
    assert "ເງິນໃນບັນຊີບໍ່ພໍ." in page and 'name="do"' not in page
    assert reading.post(address, {"do": "revoke"}).status_code == 403
    assert DebitMandate.objects.get().draws
