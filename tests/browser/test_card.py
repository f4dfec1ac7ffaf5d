"""The card in Chromium: shown without script, copied to the check page, believed; tampered with, refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from pakan.registers.access.models import Account
from pakan.registers.people.models import Person
from pakan.units.month import Month
from tests.browser.stage import assert_accessible
from tests.channels.member.months import declared, paid

pytest_plugins = ["tests.browser.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["declared", "paid"]  # fixtures
BAD = "div.note.bad"


def open_page(
    browser: Browser, url: str, language: str, width: int, script: bool, client: Client | None
) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 740}, java_script_enabled=script)
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if client is not None:
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])  # type: ignore[typeddict-item]
    return context.new_page()


@pytest.mark.parametrize(("language", "width", "script"), [("lo", 320, True), ("en", 360, False)])
def test_a_card_is_shown_checked_and_refused_when_tampered_with(
    browser: Browser, live_server: Any, member: Account, member_person: Person, client_of: Callable[[Account], Client],
    paid: Any, open_month: Month, language: str, width: int, script: bool,
) -> None:  # fmt: skip
    phone = open_page(browser, live_server.url, language, width, script, client_of(member))
    phone.goto(f"{live_server.url}/member/card/")
    assert phone.locator(BAD).count() == 1
    assert phone.locator("textarea").count() == 0
    if script:
        assert_accessible(phone)
    for back in range(3, -1, -1):
        paid(open_month - back)
    phone.goto(f"{live_server.url}/member/")
    phone.click("a[href='/member/card/']")
    assert phone.locator("main img").count() == 1
    code = phone.locator("textarea").input_value() if script else phone.locator("textarea").text_content()
    assert code is not None
    if script:
        phone.click("summary")
        assert_accessible(phone)
    desk = open_page(browser, live_server.url, language, width, script, None)
    for text, is_good in (
        (code, True),
        (code[:200] + ("A" if code[200] != "A" else "B") + code[201:], False),
    ):
        desk.goto(f"{live_server.url}/verify/")
        if script:
            assert_accessible(desk)
        desk.fill("#id_code", text)
        desk.click("main form button")
        assert (desk.locator(BAD).count() == 0) == is_good
        assert (member_person.name in str(desk.text_content("main"))) == is_good
        if script:
            assert_accessible(desk)
    for page in (phone, desk):
        page.context.close()
