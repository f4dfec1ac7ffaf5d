"""What stands beside the monthly work in Chromium: a key for a payroll program, who is told what happens, and a campaign."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from pakan.operations import webhooks
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, ApiKey
from pakan.registers.compliance.models import Campaign
from pakan.registers.contributions.models import Obligation
from pakan.registers.people.models import Employer
from pakan.registers.webhooks.models import Endpoint
from tests.browser.stage import WAYS, assert_accessible, for_guide, shoot
from tests.browser.test_small_pages import visit
from tests.channels.public.conftest import fresh_code
from tests.operations.conftest import kham, noy
from tests.operations.debtors import chan, debt, rate
from tests.operations.test_webhooks import tell

__all__ = ["chan", "debt", "kham", "noy", "rate", "visit"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_key_is_made_and_shown_once_and_what_happened_is_read(
    visit: Callable[..., Page], live_server: Any, administrator: Account, factory: Employer,
    client_of: Callable[[Account], Client], language: str, width: int,
) -> None:  # fmt: skip
    page = visit(language, width, client_of(administrator))

    def look(name: str) -> None:
        assert_accessible(page)
        shoot(page, f"programs-{name}-{language}-{width}")
        for_guide(page, "employer", f"programs-{name}")

    here = f"{live_server.url}/employer/{factory.code}"
    page.goto(f"{here}/people/")
    look("people")
    page.locator("main a[href$='/keys/']").click()
    look("keys")
    button = page.locator("main form.form button[type=submit]").first
    button.click()  # without a fresh proof one is asked for it first
    look("prove")
    page.fill("[name=code]", fresh_code(administrator))
    page.locator("main form:has([name=code]) button[type=submit]").click()
    page.wait_for_url("**/keys/")
    button.click()
    assert page.locator(".summary").count() == 1
    look("faults")
    page.fill("[name=name]", "ໂປຣແກຣມເງິນເດືອນ")
    page.locator("[name=scopes]").first.check()
    button.click()
    look("once")
    text = page.locator("code.secret").inner_text()
    page.goto(f"{here}/keys/")
    assert text.split(".")[0] in page.inner_text("main") and text not in page.content()
    look("key-list")
    assert ApiKey.objects.get().revoked_at is None
    page.locator("button[value=revoke]").click()
    assert ApiKey.objects.get().revoked_at is not None
    assert_accessible(page)

    page.goto(f"{here}/events/")
    page.fill("[name=url]", "http://10.0.0.1/in")
    page.locator("button[value=register]").click()
    assert page.locator(".summary").count() == 1 and page.input_value("[name=url]") == "http://10.0.0.1/in"
    assert_accessible(page)
    page.fill("[name=url]", "https://payroll.example.com/in")
    page.locator("[name=kinds][value='receipt.issued']").check()
    page.locator("button[value=register]").click()
    made = Endpoint.objects.get(employer=factory)
    tell(factory)
    page.goto(f"{here}/events/")
    assert page.locator("tbody tr").count() == 1
    look("events")
    page.locator("button[value=resend]").click()
    assert_accessible(page)
    assert webhooks.secret_of(made) in page.inner_text("main")
    page.goto(f"{live_server.url}/employer/developers/")
    look("developers")
    page.context.close()


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_campaign_is_entered_by_one_officer_and_agreed_by_another(
    visit: Callable[..., Page], live_server: Any, rate: None, debt: Obligation, finance: Account,
    approver: Account, chan: Actor, client_of: Callable[[Account], Client], language: str, width: int,
) -> None:  # fmt: skip
    page = visit(language, width, client_of(finance))
    page.goto(f"{live_server.url}/office/campaigns/")
    page.locator("main form button[type=submit]").last.click()
    assert page.locator(".summary li").count() >= 6
    assert_accessible(page)
    shoot(page, f"campaign-faults-{language}-{width}")
    today = chan.today
    for name, value in {
        "name_lo": "ໂຄງການຜ່ອນຜັນຄ່າປັບ 2026", "name_en": "Relief of 2026", "cite": "ຂໍ້ຕົກລົງ 17/2026",
        "starts": f"{today:%d/%m/%Y}", "ends": f"{today + timedelta(days=30):%d/%m/%Y}", "percent": "50",
        "last_month": f"{debt.month.month}/{debt.month.year}",
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", value)
    page.locator("main form.form button[type=submit]").click()
    made = Campaign.objects.get()
    assert page.locator(f"button[name=approve][value='{made.id}']").count() == 0  # not by who entered it
    assert_accessible(page)
    page.context.close()
    page = visit(language, width, client_of(Account.objects.get(sign_in="chan.debt")))
    page.goto(f"{live_server.url}/office/campaigns/")
    assert_accessible(page)
    shoot(page, f"campaign-{language}-{width}")
    page.locator(f"button[name=approve][value='{made.id}']").click()
    made.refresh_from_db()
    assert made.approved_at is not None
    page.context.close()
    page = visit(language, width, client_of(approver))
    page.goto(f"{live_server.url}/employer/{debt.employer.code}/debts/")
    assert (made.name_lo if language == "lo" else made.name_en) in page.inner_text("main")
    assert_accessible(page)
    shoot(page, f"campaign-employer-{language}-{width}")
    page.context.close()
