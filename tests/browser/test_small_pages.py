"""Public and member pages in Chromium: axe finds nothing, nothing scrolls sideways, targets are large."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from pakan.registers.access import audit
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.messages.actions import queue
from pakan.registers.payments.models import Receipt
from pakan.registers.people.models import Person
from pakan.units.month import Month
from tests.browser.stage import NARROW, assert_accessible
from tests.cast import PASSWORD
from tests.channels.member.months import declared, paid
from tests.channels.member.test_trust import VALUES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["declared", "paid"]  # fixtures

SMALL = """(least) => [...document.querySelectorAll("main a.btn, main button, main input:not([type=hidden]), .tabs a, .choice")]
    .filter(e => e.offsetParent !== null)
    .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
    .filter(([, box]) => box.height < least || box.width < least)
    .map(([what]) => what)"""


def check(page: Page, address: str, least: int = 48) -> None:
    page.goto(address)
    assert_accessible(page)
    assert page.evaluate(SMALL, least) == [], address


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Callable[..., Page]:
    def act(language: str, width: int, client: Client | None = None) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 740})
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if client is not None:
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )  # type: ignore[typeddict-item]
        return context.new_page()

    return act


@pytest.mark.parametrize(("language", "width"), NARROW)
def test_member_pages(
    visit: Callable[..., Page],
    live_server: Any,
    member: Account,
    member_person: Person,
    finance: Account,
    client_of: Callable[[Account], Client],
    as_actor: Callable[..., Actor],
    paid: Any,
    declared: Any,
    open_month: Month,
    now: datetime,
    language: str,
    width: int,
) -> None:
    paid(open_month - 1)
    declared()
    queue([{"key": "m", "wording": "month_credited", "values": VALUES, "person_id": member_person.id}], now)
    audit.look(as_actor(finance), "record", member_person.id, "ຄຳຖາມທາງໂທລະສັບ")
    client_of(member)
    page = visit(language, width, client_of(member))
    for address in ("", "record/", "messages/", "help/", "looks/", "signed-in/"):
        check(page, f"{live_server.url}/member/{address}")
    for back in (0, 1, 2, 20):
        check(page, f"{live_server.url}/member/record/{open_month - back}/")
        for summary in page.query_selector_all("summary"):
            summary.click()
        assert_accessible(page)
    page.context.close()


@pytest.mark.parametrize(("language", "width"), NARROW)
def test_public_pages(
    visit: Callable[..., Page],
    live_server: Any,
    preparer: Account,
    client_of: Callable[[Account], Client],
    paid: Any,
    language: str,
    width: int,
) -> None:
    paid()
    number = Receipt.objects.get().number
    page = visit(language, width)
    for address in (
        "",
        "sign-in/",
        "check/",
        f"check/{number}/",
        f"check/{number[:-1]}x/",
        "member/sign-in/",
        "nothing/here/",
    ):
        check(page, f"{live_server.url}/{address}", 44)
    page.goto(f"{live_server.url}/member/sign-in/")
    page.click("main form button")
    assert_accessible(page)
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.fill("#id_number", "0123456789")
    page.fill("#id_birth_date", f"15/08/{1900 + width % 100}")
    page.click("main form button")
    page.wait_for_url("**/member/sign-in/code/")
    assert_accessible(page)
    page.goto(f"{live_server.url}/sign-in/")
    page.fill("#id_name", preparer.sign_in)
    page.fill("#id_password", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/second/")
    assert_accessible(page)
    page.context.close()
    page = visit(language, width, client_of(preparer))
    check(page, f"{live_server.url}/ways-in/", 44)
    page.context.close()
