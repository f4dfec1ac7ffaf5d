"""The open law in Chromium: axe finds nothing, nothing scrolls sideways, and a visitor gets to an answer by the form."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from pakan.law.benefits import all_names
from tests.browser.stage import NARROW, assert_accessible
from tests.channels.openlaw.test_calculators import BIRTH

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAGE = {"wage": "3.333.333", "month": "03/2026", "workers": "12", "scheme": "enterprise"}


def opened(browser: Browser, live_server: Any, language: str, width: int, script: bool = True) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 740}, java_script_enabled=script)
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
    return context.new_page()


@pytest.mark.parametrize(("language", "width"), NARROW)
def test_every_page(browser: Browser, live_server: Any, language: str, width: int) -> None:
    page = opened(browser, live_server, language, width)
    refused: list[str] = []
    page.on(
        "console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None
    )
    for address in (
        "", "contribution/", f"contribution/?{urlencode(WAGE)}", "contribution/?wage=x", "voluntary/",
        "voluntary/?income=2000000&month=11/2026&rhythm=3", f"benefit/maternity/?{urlencode(BIRTH)}",
        f"benefit/maternity/?{urlencode(BIRTH | {'paid_months': '8'})}", "benefit/survivors/?day=x", "values/",
        "values/enterprise/", "values/old_age/", "open/", "open/A-05/", "developers/",
        *(f"benefit/{name}/" for name in all_names()),
    ):  # fmt: skip
        page.goto(f"{live_server.url}/law/{address}")
        assert_accessible(page)
    assert refused == []
    page.context.close()


def test_a_visitor_without_script_asks_and_prints(browser: Browser, live_server: Any) -> None:
    page = opened(browser, live_server, "en", 360, script=False)
    page.goto(f"{live_server.url}/law/")
    page.click("text=Contribution for an employer")
    page.fill("[name=wage]", "2,500,000")
    page.fill("[name=month]", "03/2026")
    page.click("text=Work it out")
    assert page.is_visible("text=3,450,000 kip") is False  # one employee only
    assert page.is_visible("text=287,500 kip")
    shared = page.get_attribute(".share a", "href")
    assert shared and "wage=2%2C500%2C000" in shared
    page.goto(shared)
    assert page.is_visible("text=2,650,000 kip")
    page.emulate_media(media="print")
    assert not page.is_visible("form.form") and page.is_visible("text=2,650,000 kip")
    page.context.close()
