"""The short way of a shop with three workers (C70, C90), its slips (C89), and the pages around workers and records."""

from collections.abc import Callable

import pytest
from django.test import Client

from pakan.operations import enrol, payroll
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.contributions.models import Declaration
from pakan.registers.contributions.queries import latest_declaration
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.cast import enrol_factory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None, system: Actor, open_month: Month) -> Employer:
    return enrol_factory(system, "0888801", "ຮ້ານ ສາມຄົນ", open_month, 3, one_person_may_approve=True)


@pytest.fixture
def owner(
    shop: Employer, administrator: Account, system: Actor, client_of: Callable[[Account], Client]
) -> Client:
    for role in (Role.EMPLOYER_ADMINISTRATOR, Role.EMPLOYER_APPROVER):
        enrol.mandate(system, shop, administrator, role)
    return client_of(administrator)


def wages(shop: Employer, *amounts: str) -> dict[str, str]:
    people = Person.objects.filter(employments__employer=shop).order_by("number")
    return {f"w{one.id}": wage for one, wage in zip(people, amounts, strict=True)}


def test_three_screens_from_nothing_to_the_payment(owner: Client, shop: Employer, open_month: Month) -> None:
    first = owner.get(f"/employer/{shop.code}/simple/")
    assert first.headers["Location"].endswith(f"/{open_month}/simple/")
    page = owner.get(first.headers["Location"])
    assert page.status_code == 200

    typed = owner.post(first.headers["Location"], wages(shop, "3000000", "3.500.000", "") | {"count": "2"})
    assert typed.headers["Location"].endswith("/simple/sign/")
    signed = owner.post(typed.headers["Location"], {"do": "approve"})
    assert signed.headers["Location"].endswith(f"/{open_month}/pay/")
    made = latest_declaration(shop, open_month)
    assert made is not None and payroll.month_list(shop, open_month)[0].net == 3_000_000 - 165_000


def test_a_count_that_does_not_fit_is_asked_about_and_nothing_is_lost(
    owner: Client, shop: Employer, open_month: Month
) -> None:
    page = owner.post(
        f"/employer/{shop.code}/{open_month}/simple/", wages(shop, "3000000", "3500000", "") | {"count": "3"}
    )
    assert page.status_code == 422 and "3500000" in page.content.decode()
    assert not Declaration.objects.exists()


def test_the_next_month_is_the_same_with_one_tap(owner: Client, shop: Employer, open_month: Month) -> None:
    address = f"/employer/{shop.code}/{open_month}/simple/"
    owner.post(address, wages(shop, "3000000", "3500000", "4000000") | {"count": "3"})
    owner.post(address + "sign/", {"do": "approve"})
    after = f"/employer/{shop.code}/{open_month + 1}/simple/"
    same = owner.post(after, {"do": "same", "key": "k1"})
    assert same.headers["Location"].endswith("/simple/sign/")
    owner.post(after + "sign/", {"do": "approve"})
    assert latest_declaration(shop, open_month + 1) is not None


def test_a_question_is_answered_on_the_phone(owner: Client, shop: Employer, open_month: Month) -> None:
    address = f"/employer/{shop.code}/{open_month}/simple/"
    owner.post(address, wages(shop, "1500000", "3500000", "4000000") | {"count": "3"})
    owner.post(address + "sign/", {"do": "approve"})
    assert latest_declaration(shop, open_month) is None
    owner.post(address + "sign/", {"do": "confirm", "row": "1", "code": "under_floor", "reason": "part_time"})
    owner.post(address + "sign/", {"do": "approve"})
    assert latest_declaration(shop, open_month) is not None


def test_slips_add_up_and_are_nobody_elses(
    owner: Client,
    shop: Employer,
    open_month: Month,
    other_preparer: Account,
    client_of: Callable[[Account], Client],
) -> None:
    address = f"/employer/{shop.code}/{open_month}/"
    assert owner.get(address + "slips/").status_code == 404
    owner.post(address + "simple/", wages(shop, "3000000", "3500000", "4000000") | {"count": "3"})
    owner.post(address + "simple/sign/", {"do": "approve"})
    lines = payroll.month_list(shop, open_month)
    assert [one.wage for one in lines] == [one.net + one.worker_share for one in lines]
    assert owner.get(address + "slips/").status_code == 200
    slip = owner.get(f"{address}slips/{lines[0].person.number}/")
    assert slip.content.startswith(b"%PDF")
    assert client_of(other_preparer).get(f"{address}slips/{lines[0].person.number}/").status_code == 404


def test_who_has_many_workers_is_led_to_the_table(
    administrator: Account, factory: Employer, open_month: Month, client_of: Callable[[Account], Client]
) -> None:
    page = client_of(administrator).get(f"/employer/{factory.code}/{open_month}/simple/")
    assert page.headers["Location"].endswith(f"/{factory.code}/{open_month}/")


def test_pages_of_workers_and_records_answer(
    administrator: Account, factory: Employer, workers: list[Person], client_of: Callable[[Account], Client]
) -> None:
    client = client_of(administrator)
    pages = ["workers/", "workers/new/", f"workers/{workers[0].number}/leaves/", "record/"]
    for page in [*pages, "record/name/", "record/close/", "record/branch/"]:
        assert client.get(f"/employer/{factory.code}/{page}").status_code == 200, page
    one = {
        "given_name": "ດາວ",
        "family_name": "ໃໝ່",
        "birth_date": "05/03/1994",
        "sex": "f",
        "start": "02/11/2026",
        "category": "intern",
    }
    made = client.post(f"/employer/{factory.code}/workers/new/", one)
    assert client.get(made.headers["Location"]).status_code == 200
    done = client.post(made.headers["Location"], {"do": "finish"})
    assert done.headers["Location"].endswith("/workers/")
    assert Person.objects.filter(given_name="ດາວ", employments__category="intern").exists()
