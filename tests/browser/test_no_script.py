"""Everything a member does about a month works with script switched off: home, record, month, "this is wrong"."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser

from pakan.registers.access.models import Account, AuditRow, SignIn
from pakan.registers.cases.models import Case
from pakan.registers.submissions.models import Submission
from pakan.units.month import Month
from tests.browser.test_card import open_page
from tests.channels.member.months import declared, paid

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["declared", "paid"]  # fixtures


@pytest.mark.parametrize(("language", "width"), [("lo", 320), ("en", 360)])
def test_home_record_month_and_this_is_wrong_without_script(
    browser: Browser, live_server: Any, member: Account, client_of: Callable[[Account], Client], paid: Any,
    open_month: Month, language: str, width: int,
) -> None:  # fmt: skip
    paid()
    page = open_page(browser, live_server.url, language, width, False, client_of(member))
    page.goto(f"{live_server.url}/member/")
    for part in ("[data-kept]", "[data-outbox-count]", "[data-needs-worker]"):
        assert page.locator(part).count() == 0 or page.locator(part).is_hidden()
    page.locator("nav.tabs a[href='/member/record/']").click()
    page.locator(f"main a[href='/member/record/{open_month}/']").first.click()
    page.locator("details:has(form[data-outbox]) > summary").first.click()
    form = page.locator("form[data-outbox]").first
    form.locator("textarea").fill("ເງິນເດືອນບໍ່ຄົບ")
    form.locator("button[value=wrong_wage]").click()
    case = Case.objects.get()
    assert case.number in page.locator("main").inner_text()
    assert Submission.objects.count() == AuditRow.objects.filter(act="report.open").count() == 1
    page.goto(f"{live_server.url}/member/outbox/")
    assert page.locator("noscript p").count() == 1
    page.goto(f"{live_server.url}/member/help/")
    page.locator("form[action='/member/sign-out/'] button").click()
    assert not SignIn.objects.filter(account=member, ended_at=None).exists()
    page.context.close()
