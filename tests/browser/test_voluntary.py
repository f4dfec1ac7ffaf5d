"""A voluntary member's first payment in Chromium, in Lao, on a phone of 320 and 360 pixels: join, pay in the sandbox bank."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from pakan.operations import reconcile
from pakan.registers.access.models import Account
from pakan.registers.people.models import Person
from pakan.registers.records.queries import statement
from tests.browser.stage import Sandboxes, assert_accessible, assert_lao, shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def on_phone(browser: Browser, site: str, client: Client, width: int, script: bool) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 740}, locale="lo-LA", java_script_enabled=script
    )
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    return context.new_page()


def look(page: Page, name: str, script: bool) -> None:
    if script:
        assert_lao(page)
        assert_accessible(page)
        shoot(page, name)


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


@pytest.mark.parametrize(("width", "script"), [(360, True), (320, False)], ids=["360", "320 without script"])
def test_a_voluntary_members_first_payment(
    width: int,
    script: bool,
    browser: Browser,
    live_server: Any,
    sandboxes: Sandboxes,
    member: Account,
    member_person: Person,
    client_of: Callable[[Account], Client],
) -> None:
    page = on_phone(browser, live_server.url, client_of(member), width, script)
    page.goto(f"{live_server.url}/member/voluntary/")
    look(page, "voluntary-welcome", script)
    press(page, "main a[href$='/join/']")
    page.fill("input[name=income]", "1.000")
    press(page, "main form button")
    assert page.locator("[data-error-summary]").count() == 1
    look(page, "voluntary-income-wrong", script)
    page.fill("input[name=income]", "1.200.000")
    press(page, "main form button")
    look(page, "voluntary-rhythm", script)
    page.check("input[name=months][value='3']")
    press(page, "main form button")
    look(page, "voluntary-since", script)
    page.locator("input[name=since]").first.check()
    press(page, "main form button")
    assert "324.000" in str(page.text_content("main"))
    look(page, "voluntary-sum", script)
    press(page, "main form button")
    look(page, "voluntary-joined", script)
    press(page, "form[action$='/pay/'] button")
    look(page, "voluntary-pay", script)
    picture = page.request.get(live_server.url + str(page.locator("a[download]").get_attribute("href")))
    assert picture.body().startswith(b"\x89PNG")
    reference = str(page.locator("p.big.num").text_content()).strip()
    _pay_at_the_bank(browser, sandboxes.bank, reference)
    for _ in range(150):
        page.goto(f"{live_server.url}/member/voluntary/")
        if "—" not in str(page.locator(".huge").text_content()):
            break
        page.wait_for_timeout(200)
    look(page, "voluntary-paid", script)
    assert len(statement(member_person.id)) == 3
    page.goto(f"{live_server.url}/member/record/")
    look(page, "voluntary-record", script)
    page.goto(f"{live_server.url}/member/record/{statement(member_person.id)[-1].month}/")
    look(page, "voluntary-month", script)
    page.goto(f"{live_server.url}/member/record/missing/")
    look(page, "missing", script)
    page.goto(f"{live_server.url}/member/voluntary/change/")
    look(page, "voluntary-change", script)
    for _ in range(150):
        page.goto(f"{live_server.url}/member/messages/")
        if "324.000" in str(page.text_content("main")):
            break
        page.wait_for_timeout(200)
    assert re.search("324.000", str(page.text_content("main")))
    assert [finding.invariant for finding in reconcile.prove() if not finding.holds] == []
    page.context.close()


def _pay_at_the_bank(browser: Browser, bank: str, reference: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{bank}/?bill={reference}&amount=324000")
    press(page, "form:has(input[name=way][value=exact]) button")
    context.close()
