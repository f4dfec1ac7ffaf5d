"""Kham, Noy and the others at their pages: signed-in clients, wage files as text, and a month brought to a state."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pakan.integrations.banks.bank import PaymentNotice
from pakan.operations import collect, declare
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Account
from pakan.registers.contributions import queries as contributions
from pakan.registers.contributions.models import Declaration, Sheet
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.people.models import Employer, Person
from pakan.units.money import Kip
from pakan.units.month import Month

HEADER = "ລະຫັດປະກັນສັງຄົມ,ຊື່ ແລະ ນາມສະກຸນ,ເງິນເດືອນ"


def wage_file(rows: Sequence[tuple[str, str, str]], name: str = "wages.csv") -> SimpleUploadedFile:
    text = "\n".join([HEADER, *(",".join(row) for row in rows)])
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


def rows_of(workers: Sequence[Person], wage: str = "3000000") -> list[tuple[str, str, str]]:
    return [(worker.number, worker.name, wage) for worker in workers]


def said(page: str) -> str:
    """The words of a page without its markup."""
    return re.sub("<[^>]+>", "", page)


@dataclass
class Desk:
    """One person at the pages of one company and month."""

    client: Client
    employer: Employer
    month: Month

    def at(self, page: str = "") -> str:
        return f"/employer/{self.employer.code}/{self.month}/{page}"

    def look(self, page: str = "", status: int = 200) -> str:
        answer = self.client.get(self.at(page))
        assert answer.status_code == status, (page, answer.status_code)
        return answer.content.decode()

    def send(self, page: str, **data: object) -> str:
        """Send a form; the page where it leads."""
        answer = self.client.post(self.at(page), data)
        assert answer.status_code == 302, answer.content.decode()[:4000]
        address = str(answer["Location"]).split("#")[0]
        return self.client.get(address).content.decode()

    @property
    def sheet(self) -> Sheet:
        found = contributions.open_sheet(self.employer, self.month)
        assert found is not None
        return found

    def mend(self, do: str, **data: object) -> str:
        return self.send("mend/", sheet=self.sheet.id, do=do, **data)

    def upload(self, file: SimpleUploadedFile, key: str = "page-1") -> str:
        self.client.post(self.at(), {"key": key, "file": file})
        return self.send("columns/", A="number", B="name", C="wage")


@pytest.fixture
def english() -> Callable[[Client], Client]:
    def speak(client: Client) -> Client:
        client.cookies["language"] = "en"
        return client

    return speak


@pytest.fixture
def at_desk(
    client_of: Callable[[Account], Client],
    english: Callable[[Client], Client],
    factory: Employer,
    open_month: Month,
) -> Callable[[Account], Desk]:
    return lambda account: Desk(english(client_of(account)), factory, open_month)


@pytest.fixture
def kham(at_desk: Callable[[Account], Desk], preparer: Account, approver: Account) -> Desk:
    return at_desk(preparer)


@pytest.fixture
def noy(at_desk: Callable[[Account], Desk], approver: Account) -> Desk:
    return at_desk(approver)


@pytest.fixture
def last_month(factory: Employer, workers: list[Person], open_month: Month, system: Actor) -> Declaration:
    """The month before was declared: 3,000,000 kip for everybody."""
    ids = np.array(sorted(worker.id for worker in workers), dtype=np.int64)
    return declare.declare_wages(system, factory, open_month - 1, ids, np.full(12, 3_000_000, dtype=np.int64))


@pytest.fixture
def declared(last_month: Declaration, kham: Desk, noy: Desk) -> Declaration:
    """The open month, declared and approved through the pages."""
    kham.send("", way="last", key="same")
    kham.send("hand-over/", sheet=kham.sheet.id, revision=kham.sheet.revision)
    noy.send("approve/", do="approve", revision=noy.sheet.revision)
    found = contributions.latest_declaration(kham.employer, kham.month)
    assert found is not None
    return found


@pytest.fixture
def bank_tells(now: datetime) -> Callable[..., Receipt]:
    """The bank confirms a payment of `amount` with the reference of `notice`."""

    def tell(notice: Notice, amount: int, number: str = "FT1") -> Receipt:
        paid = PaymentNotice(
            bank_reference=number,
            scheme_reference="",
            bill="",
            amount=Kip(amount),
            currency="LAK",
            paid_at=datetime(2026, 11, 10, 9, tzinfo=VIENTIANE),
            payer_name="CHAMPA GARMENT",
            payer_account="010000001",
            reference=notice.reference,
        )
        return collect.book(Actor.system(now, "bank sandbox"), "sandbox", "0100000000418", paid)

    return tell
