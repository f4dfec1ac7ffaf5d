"""A correction in Chromium: before and after, an old month with an officer's leave, and the reminder steps of the office."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from pakan.operations import declare, remind
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.compliance.models import Matter
from pakan.registers.contributions.models import Declaration, Obligation
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from tests.browser.stage import WAYS, assert_accessible, for_guide, shoot
from tests.browser.test_small_pages import visit
from tests.operations.conftest import kham, noy
from tests.operations.debtors import debt, rate
from tests.operations.test_correction import correcting, old

__all__ = ["debt", "kham", "noy", "old", "rate", "visit"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_late_month_is_corrected_with_its_effect_in_sight(
    visit: Callable[..., Any], live_server: Any, rate: None, debt: Obligation, approver: Account, finance: Account,
    factory: Employer, client_of: Callable[[Account], Client], kham: Actor, language: str, width: int,
) -> None:  # fmt: skip
    sheet = correcting(kham, factory, debt.month, 3_500_000)
    page = visit(language, width, client_of(approver))
    here = f"{live_server.url}/employer/{factory.code}/{debt.month}"
    page.goto(f"{here}/correct/")
    assert_accessible(page)
    shoot(page, f"correct-{language}-{width}")
    declare.hand_over(kham, sheet, sheet.revision)
    page.goto(f"{here}/approve/")
    assert page.locator("#effect").count() == 1
    assert_accessible(page)
    shoot(page, f"approve-{language}-{width}")
    page.locator("#effect").scroll_into_view_if_needed()
    for_guide(page, "employer", "effect")
    page.locator("button[value=approve]").click()
    page.wait_for_url("**/pay/")
    assert Declaration.objects.filter(month=debt.month.first).count() == 2
    for days in (3, 15):
        remind.climb_all((debt.due_on + timedelta(days=days)).isoformat())
    page.goto(f"{live_server.url}/employer/{factory.code}/debts/")
    assert_accessible(page)
    shoot(page, f"debts-{language}-{width}")
    page.context.close()
    page = visit(language, width, client_of(finance))
    page.goto(f"{live_server.url}/office/reminders/")
    assert_accessible(page)
    shoot(page, f"reminders-{language}-{width}")
    page.locator("td a").first.click()
    assert_accessible(page)
    shoot(page, f"reminder-{language}-{width}")
    page.fill("[name=text]", "ສົ່ງທາງໄປສະນີແລ້ວ ມື້ນີ້")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/reminders/")
    assert page.locator("td").count() == 0
    page.context.close()


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_an_old_month_asks_for_leave(
    visit: Callable[..., Any], live_server: Any, old: Month, approver: Account, finance: Account, factory: Employer,
    client_of: Callable[[Account], Client], language: str, width: int,
) -> None:  # fmt: skip
    page = visit(language, width, client_of(approver))
    here = f"{live_server.url}/employer/{factory.code}/{old}"
    page.goto(f"{here}/correct/")
    assert_accessible(page)
    page.goto(f"{here}/reach/")
    page.locator("main button[type=submit]").click()
    assert page.locator(".summary").count() == 1
    assert_accessible(page)
    page.fill("[name=text]", "ລືມຄ່າແຮງງານຂອງກະກາງຄືນ")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/matter/**")
    assert_accessible(page)
    shoot(page, f"reach-{language}-{width}")
    page.context.close()
    page = visit(language, width, client_of(finance))
    matter = Matter.objects.get()
    page.goto(f"{live_server.url}/office/debts/{matter.number}/")
    page.fill("[name=text]", "ເຫັນດີ ຕາມປຶ້ມຄ່າແຮງງານ")
    page.locator("button[value=yes]").click()
    page.wait_for_load_state()
    matter.refresh_from_db()
    assert matter.state == "approved"
    page.context.close()
