"""Arrears by age: the sums are the ledger's, every place and age leads to its employers, and the queries stay few."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from pakan.operations import collect, enrol
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.compliance.queries import charges_open_in_all
from pakan.registers.contributions.arrears import COMING, OVERDUE, Sums, by_district, debtors
from pakan.registers.contributions.models import Obligation
from pakan.registers.ledger.actions import RECEIVABLE
from pakan.registers.ledger.queries import balance
from pakan.registers.people.models import District, Employer
from pakan.units.month import Month
from tests.cast import people
from tests.channels.partners.bank_hall import Hall, declares, work
from tests.operations.debtors import rate

pytestmark = pytest.mark.django_db
__all__ = ["rate"]  # fixture
AWAY = "1301"


@pytest.fixture
def debtors_of_all_ages(
    system: Actor, factory: Employer, other_factory: Employer, open_month: Month, hall: Hall
) -> dict[int, Obligation]:
    """Days late -> debt: one of each side of every border, in two provinces; one paid in part, one in full."""
    away = District.objects.get(code=AWAY)
    Employer.objects.filter(id=other_factory.id).update(district=away)
    found, today = {}, system.today
    for at, late in enumerate((-9, 0, 1, 30, 31, 90, 91, 365, 366)):
        employer = factory if at % 2 else other_factory
        declares(system, employer, open_month - at)
        Obligation.objects.filter(month=open_month - at).update(due_on=today - timedelta(days=late))
        found[late] = Obligation.objects.get(month=open_month - at)
    Obligation.objects.filter(id=found[31].id).update(settled=F("owed"))
    return found


def together(today: date) -> Sums:
    whole = Sums()
    for one in by_district(today).values():
        whole.add(one)
    return whole


def test_every_day_late_falls_into_its_age(debtors_of_all_ages: dict[int, Obligation], system: Actor) -> None:
    owed = {late: debt.open for late, debt in debtors_of_all_ages.items()}
    found = together(system.today).by_age
    assert found == {
        COMING: owed[-9] + owed[0],
        "30": owed[1] + owed[30],
        "90": owed[90],
        "365": owed[91] + owed[365],
        "more": owed[366],
    }
    for age in OVERDUE:
        assert sum(one.open for one in debtors(system.today, age)) == found[age], age
    assert sum(one.open for one in debtors(system.today)) == together(system.today).overdue


def test_the_sums_are_the_ledgers_receivables(
    system: Actor, factory: Employer, other_factory: Employer, open_month: Month, hall: Hall, rate: None
) -> None:
    for back in (0, 2, 5):
        for one in (factory, other_factory):
            declares(system, one, open_month - back)
    notice = collect.ask(system, factory, [open_month - 5])
    hall.tells(hall.notice(hall.pays(notice.amount - 1_000, notice.reference)))
    work()
    whole = together(system.today)
    assert whole.by_age[COMING] + whole.overdue == balance(RECEIVABLE) > 0
    assert charges_open_in_all() == balance("1110") > 0


def shown(client: Client, query: str) -> tuple[int, list[str], list[tuple[str, int]]]:
    """What is overdue, the places, and the employers with what each owes."""
    facts = client.get(f"/office/arrears/?{query}").context
    rows = [(one.code, one.open) for one, _name, _days in facts["rows"]]
    return facts["here"].overdue, [row["code"] for row in facts["places"]], rows


def test_a_province_a_district_and_an_age_lead_to_their_employers(
    officer: Client, debtors_of_all_ages: dict[int, Obligation], factory: Employer, other_factory: Employer
) -> None:
    owed = {late: debt.open for late, debt in debtors_of_all_ages.items()}
    here, there = owed[30] + owed[90] + owed[365], owed[1] + owed[91] + owed[366]
    both = [(factory.code, here), (other_factory.code, there)]
    assert shown(officer, "") == (here + there, ["01", "13"], both)
    assert shown(officer, "province=13") == (there, [AWAY], both[1:])
    assert shown(officer, f"district={AWAY}&age=more") == (there, [], [(other_factory.code, owed[366])])
    assert shown(officer, "province=01&age=more") == (here, ["0102"], [])
    assert shown(officer, "province=99&district=9999&age=old") == (here + there, ["01", "13"], both)
    page = officer.get("/office/arrears/").content.decode()
    assert f"/office/employers/{factory.code}/?why=account" in page and "?province=13" in page


def test_when_nothing_is_overdue_it_says_so(officer: Client) -> None:
    assert "Nothing is overdue" in officer.get("/office/arrears/").content.decode()


def test_the_page_stays_within_its_questions_and_goes_page_by_page(
    officer: Client, system: Actor, open_month: Month, django_assert_max_num_queries: Any
) -> None:
    districts = list(District.objects.order_by("code")[:9])
    for at in range(23):
        one = enrol.employer(system, f"08000{at:02d}", f"ຮ້ານ {at}", districts[at % 9], open_month - 4)
        enrol.workers(system, one, people(1, phone=False), (open_month - 4).first)
        declares(system, one, open_month - 4)
    officer.get("/office/arrears/")
    with django_assert_max_num_queries(20):
        page = officer.get("/office/arrears/?page=2")
    assert len(page.context["rows"]) == 3 and page.context["here"].of == 23


def test_whose_work_it_is_not_sees_nothing(
    client_of: Callable[[Account], Client], registrar: Account, preparer: Account
) -> None:
    for account in (registrar, preparer):
        assert client_of(account).get("/office/arrears/").status_code == 404
