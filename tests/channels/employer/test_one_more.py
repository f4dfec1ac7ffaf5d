"""What one more employee costs: the engine's own amounts, each month by its own law, and nothing written (C98)."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from pakan.law.contributions.explain import explain
from pakan.operations.law_in_force import law_in_force
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month
from tests.channels.employer.conftest import said
from tests.operations.lawyers import approved, entry, law_officer

pytestmark = pytest.mark.django_db
As = Callable[[Account], Client]


@pytest.fixture
def asking(reader: Account, client_of: As) -> Client:
    client = client_of(reader)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def look(client: Client, factory: Employer, status: int = 200, **asked: str) -> str:
    answer = client.get(f"/employer/{factory.code}/workers/one-more/", asked)
    assert answer.status_code == status
    return " ".join(said(answer.content.decode()).split())


@pytest.mark.parametrize("wage", [1_000_000, 2_500_000, 3_333_333, 4_500_000, 10_000_000])
def test_a_month_and_a_year_are_what_the_engine_says(
    wage: int, asking: Client, factory: Employer, open_month: Month
) -> None:
    rows = AuditRow.objects.count()
    first = open_month + 2
    page = look(asking, factory, wage=str(wage), month=f"{first.month:02d}/{first.year}")
    due = explain(Kip(wage), "enterprise", first, law_in_force()).due
    for amount in (wage + due.employer, wage - due.worker, due.employer, due.worker, due.total):
        assert f"{amount:,}" in page
        assert f"{amount * 12:,}" in page
    assert "How one month is worked out" in page and "before income tax" in page
    assert AuditRow.objects.count() == rows, "looking writes nothing"


def test_a_law_that_begins_within_the_year_is_reckoned_with(
    asking: Client, factory: Employer, open_month: Month, system: Actor
) -> None:
    first = open_month + 1
    officers = [law_officer(system, name) for name in ("khamla", "bouala", "sivilay")]
    told = {"employer": "7 %", "worker": "6 %"}
    approved(officers, entry(told, (first + 3).first, group="enterprise"))
    page = look(asking, factory, wage="3000000", month=f"{first.month:02d}/{first.year}")
    employer = 3 * 180_000 + 9 * 210_000
    assert f"{36_000_000 + employer:,}" in page and f"{36_000_000 - 3 * 165_000 - 9 * 180_000:,}" in page
    assert "another law counts" in page


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"wage": "much", "month": "10/2026"}, "Type an amount in whole kip"),
        ({"wage": "9" * 15, "month": "12/2026"}, "too large"), ({"wage": "1000000", "month": "13/2026"}, "Type month and year"),
        ({"wage": "1000000", "month": "01/1950"}, "No such law before"),
        ({"wage": "1000000", "month": "01/2099"}, "within the next five years"),
    ],
)  # fmt: skip
def test_what_cannot_be_reckoned_says_why_and_keeps_what_was_typed(
    asked: dict[str, str], says: str, asking: Client, factory: Employer
) -> None:
    answer = asking.get(f"/employer/{factory.code}/workers/one-more/", asked)
    page = answer.content.decode()
    assert says in said(page) and 'id="result"' not in page and asked["month"] in page


def test_it_is_one_click_from_the_month_and_from_the_people_and_nobody_elses(
    asking: Client, other_preparer: Account, client_of: As, factory: Employer, open_month: Month, now: object
) -> None:
    address = f"/employer/{factory.code}/workers/one-more/"
    for page in ("workers/", f"{open_month}/"):
        assert address in asking.get(f"/employer/{factory.code}/{page}").content.decode()
    assert client_of(other_preparer).get(address).status_code == 404
