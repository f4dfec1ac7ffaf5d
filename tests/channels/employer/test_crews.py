"""The pages of crews and single days of work."""

from datetime import date

import pytest

from pakan.registers.access.models import Account
from pakan.registers.crews.models import Crew, DayVoucher
from pakan.registers.people.models import Person
from tests.channels.employer.conftest import Desk, said


@pytest.fixture
def day(kham: Desk) -> date:
    return kham.month.last


def typed(day: date, **more: str) -> dict[str, str]:
    return {"key": "page-1", "day": f"{day:%d.%m.%Y}", "wage": "150.000"} | more


def of(desk: Desk, page: str) -> str:
    return f"/employer/{desk.employer.code}/{page}"


def page(desk: Desk, address: str) -> str:
    answer = desk.client.get(of(desk, address))
    assert answer.status_code == 200
    return said(answer.content.decode())


def test_a_crew_gets_its_people_and_a_day(kham: Desk, workers: list[Person], day: date) -> None:
    kham.client.post(of(kham, "crews/"), {"name": "ກຸ່ມເກັບກາເຟ"})
    crew = Crew.objects.get()
    address = f"crews/{crew.id}/"
    kham.client.post(of(kham, address), {"do": "people", "person": [one.number for one in workers[:3]]})
    assert "3 people belong to it." in page(kham, address)
    answer = kham.client.post(of(kham, address), typed(day))
    assert answer["Location"] == of(kham, "days/")
    assert "3 days noted." in page(kham, "days/")
    assert "3 workers have single days" not in kham.look("")
    kham.send("", way="nobody", key="nil")
    assert "3 workers have single days of work this month." in said(kham.look("check/"))
    assert kham.client.post(kham.at("days/"))["Location"] == kham.at("check/#list")
    assert kham.sheet.summary["wages"] == 450_000


def test_wrong_words_are_all_told_and_kept(kham: Desk, workers: list[Person], day: date) -> None:
    answer = kham.client.post(of(kham, "days/"), typed(day, numbers="hello\n0100000000", wage="99"))
    text = said(answer.content.decode())
    assert answer.status_code == 422 and not DayVoucher.objects.exists()
    assert "hello" in text and "0100000000" in text


def test_vouchers_say_what_is_missing(kham: Desk, day: date) -> None:
    answer = kham.client.post(of(kham, "days/"), {"do": "buy", "key": "k", "count": "2", "wage": "100000"})
    assert answer.status_code == 422
    assert "287.500 kip are missing" in said(answer.content.decode())


def test_a_day_is_taken_back_on_its_page(kham: Desk, workers: list[Person], day: date) -> None:
    kham.client.post(of(kham, "days/"), typed(day, numbers=workers[0].number))
    voucher = DayVoucher.objects.get()
    address = f"days/{voucher.number}/"
    assert "worked" in page(kham, address)
    kham.client.post(of(kham, address), {"do": "cancel"})
    assert "taken back" in page(kham, address)
    kham.client.post(of(kham, address), {"do": "cancel"})
    assert "Somebody changed this voucher meanwhile." in page(kham, address)


def test_others_do_not_see_it(kham: Desk, workers: list[Person], day: date, other_preparer: Account) -> None:
    kham.client.post(of(kham, "days/"), typed(day, numbers=workers[0].number))
    number = DayVoucher.objects.get().number
    foreign = f"/employer/{other_preparer.mandates.get().employer.code}/days/{number}/"
    assert kham.client.get(foreign).status_code == 404
