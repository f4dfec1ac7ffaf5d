"""The slip for paying in cash: only of a notice that may still be paid, and only one's own (C102)."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pypdf import PdfReader

from pakan.operations import collect
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.payments.models import Notice
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from tests.operations.conftest import kham, noy
from tests.operations.desk import declared, pays

__all__ = ["kham", "noy"]  # fixtures
pytestmark = pytest.mark.django_db


def words_of(content: bytes) -> str:
    [page] = PdfReader(io.BytesIO(content)).pages
    return " ".join(page.extract_text().split())


@pytest.fixture
def paying(reader: Account, client_of: Callable[[Account], Client]) -> Client:
    return client_of(reader)


def test_the_slip_is_offered_beside_the_bill_and_ends_with_it(
    paying: Client, other_preparer: Account, client_of: Callable[[Account], Client], kham: Actor, noy: Actor,
    factory: Employer, open_month: Month, now: datetime,
) -> None:  # fmt: skip
    address = f"/employer/{factory.code}/{open_month}/cash-slip/"
    pay = f"/employer/{factory.code}/{open_month}/pay/"
    declared(kham, noy, factory, open_month)
    assert paying.get(address)["Location"] == pay, "no notice, no slip"
    notice = collect.ask(noy, factory, [open_month])
    assert address in paying.get(pay).content.decode()
    answer = paying.get(address)
    assert answer["Content-Type"] == "application/pdf"
    said = words_of(answer.content)
    figures = f"{notice.amount:,}".replace(",", ".")
    assert said.count(figures) == 2 and said.replace(" ", "").count(notice.reference) == 2
    assert "For the payer" in said and "For the bank" in said and f"{notice.expires_on.year}" in said
    assert client_of(other_preparer).get(address).status_code == 404
    pays(now, notice)
    assert paying.get(address)["Location"] == pay, "what is paid is not paid again in cash"


def test_an_expired_notice_has_no_slip(
    paying: Client, kham: Actor, noy: Actor, factory: Employer, open_month: Month, now: datetime
) -> None:
    declared(kham, noy, factory, open_month)
    notice = collect.ask(noy, factory, [open_month])
    yesterday = now.date() - timedelta(days=2)
    Notice.objects.filter(id=notice.id).update(expires_on=yesterday)
    notice.refresh_from_db()
    assert collect.cash_slip_pdf(notice, noy.today) is None
    address = f"/employer/{factory.code}/{open_month}/cash-slip/"
    assert paying.get(address)["Location"].endswith("/pay/")
    assert address not in paying.get(f"/employer/{factory.code}/{open_month}/pay/").content.decode()
