"""Late debts in Chromium: the charge by day, instalments, one disputed line, and the officer's answer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from pakan.operations import plan
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.compliance.models import Matter
from pakan.registers.contributions.models import Obligation
from pakan.registers.people.models import Employer, Person
from tests.browser.stage import WAYS, assert_accessible, for_guide, shoot
from tests.browser.test_small_pages import visit
from tests.operations.conftest import kham, noy
from tests.operations.debtors import debt, rate

__all__ = ["debt", "kham", "noy", "rate", "visit"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_late_month_is_reckoned_disputed_and_answered(
    visit: Callable[..., Any], live_server: Any, rate: None, debt: Obligation, approver: Account, finance: Account,
    factory: Employer, workers: list[Person], client_of: Callable[[Account], Client], noy: Actor, language: str,
    width: int,
) -> None:  # fmt: skip
    page = visit(language, width, client_of(approver))
    here = f"{live_server.url}/employer/{factory.code}"
    page.goto(f"{here}/debts/")
    assert_accessible(page)
    shoot(page, f"debts-{language}-{width}")
    for_guide(page, "employer", "debts")
    page.goto(f"{here}/{debt.month}/dispute/")
    assert_accessible(page)
    page.locator("main button[type=submit]").click()
    assert page.locator(".summary").count() == 1
    assert_accessible(page)
    page.fill("[name=number]", workers[0].number)
    page.fill("[name=text]", "ລາວອອກແຕ່ເດືອນມິຖຸນາ ຕາມແບບ 1-07")
    page.locator("main button[type=submit]").click()
    assert_accessible(page)
    shoot(page, f"matter-{language}-{width}")
    matter = Matter.objects.get()
    for address in (f"{here}/debts/plan/?count=4", f"{here}/statement/", f"{here}/{debt.month}/pay/"):
        page.goto(address)
        assert_accessible(page)
        shoot(page, f"{address.rsplit('/', 2)[-2]}-{language}-{width}")
    page.context.close()
    plan.ask(noy, factory, 4, "The flood of September.", plan.preview(factory, 4, noy.today).seal)
    page = visit(language, width, client_of(finance))
    for address in (
        "debts/",
        f"debts/{matter.number}/",
        f"employers/{factory.code}/",
        f"employers/{factory.code}/assess/",
    ):
        page.goto(f"{live_server.url}/office/{address}")
        assert_accessible(page)
        shoot(page, f"office-{address.split('/')[0]}-{address.count('/')}-{language}-{width}")
    page.goto(f"{live_server.url}/office/debts/{matter.number}/")
    page.fill("[name=text]", "ຊື່ຢູ່ໃນບັນຊີທີ່ທ່ານເຊັນ")
    page.locator("button[value=no]").click()
    assert_accessible(page)
    matter.refresh_from_db()
    assert matter.state == "refused"
    page.context.close()
