"""The kit's page in Chromium: axe, reflow, targets and Lao line heights, in each layout and language.

No server and no database: the page is rendered here and handed to the browser, the files come from the finders.
"""

import json
from collections.abc import Callable
from mimetypes import guess_type
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.utils.translation import override
from playwright.sync_api import Browser, Dialog, Page, Route

from pakan.channels.kit.pages import LAYOUTS, index

pytestmark = pytest.mark.browser

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """least => [...document.querySelectorAll('main :is(.btn, .choice, .tile, .m a, select, summary, textarea), .tabs a')]
  .filter(one => one.getClientRects().length)
  .filter(one => one.getBoundingClientRect().height < least || one.getBoundingClientRect().width < least)
  .map(one => one.outerHTML.slice(0, 80))"""
TIGHT = """() => [...document.querySelectorAll('body *')]
  .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && /[\\u0e80-\\u0eff]/.test(node.data)))
  .filter(one => !one.closest('title, option, svg, textarea'))
  .filter(one => parseFloat(getComputedStyle(one).lineHeight) / parseFloat(getComputedStyle(one).fontSize) < 1.599)
  .map(one => one.outerHTML.slice(0, 80))"""


def serve(route: Route, language: str) -> None:
    address = urlsplit(route.request.url)
    if address.path.startswith("/static/"):
        path = finders.find(address.path.removeprefix("/static/"))
        assert isinstance(path, str), address.path
        route.fulfill(path=path, content_type=guess_type(path)[0] or "application/octet-stream")
        return
    with override(language):
        answer = index(RequestFactory().get(f"/kit/?{address.query}"))
    route.fulfill(status=answer.status_code, body=answer.content, content_type="text/html; charset=utf-8")


def answer(body: dict[str, Any]) -> Callable[[Route], None]:
    return lambda route: route.fulfill(json=body)


def opened(browser: Browser, layout: str, language: str, width: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 740}, reduced_motion="reduce")
    page.route("https://kit.test/**", lambda route: serve(route, language))
    page.goto(f"https://kit.test/kit/?as={layout}")
    return page


@pytest.mark.parametrize("language", ["lo", "en"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("width", [320, 1280])
def test_the_kit_is_open_to_everybody(browser: Browser, layout: str, language: str, width: int) -> None:
    page = opened(browser, layout, language, width)
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    assert page.evaluate(SIDEWAYS) == 0
    assert page.evaluate(SMALL, 44 if layout == "desk" else 48) == []
    assert page.evaluate(TIGHT) == []
    page.close()


def test_the_error_summary_takes_the_focus_and_leads_to_its_field(browser: Browser) -> None:
    page = opened(browser, "plain", "lo", 360)
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.locator("[data-error-summary] a").first.click()
    assert page.evaluate("document.activeElement.id") == "lo_wage"
    page.close()


def test_the_keyboard_skips_to_the_content_and_always_sees_its_place(browser: Browser) -> None:
    page = opened(browser, "desk", "lo", 1280)
    first = page.locator("a, button, input, select, summary").first
    assert first.get_attribute("class") == "skip"
    first.focus()
    assert first.bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _step in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    page.close()


def test_an_unsaved_form_asks_before_it_is_lost(browser: Browser) -> None:
    page = opened(browser, "plain", "lo", 360)
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.reload()
    assert asked == []
    page.locator("#lo_remark").fill("ໜຶ່ງ")
    page.reload()
    assert asked == ["beforeunload"]
    page.close()


def test_what_was_typed_outlives_a_reload_until_the_page_itself_shows_something_else(
    browser: Browser,
) -> None:
    page = opened(browser, "plain", "lo", 360)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#lo_remark").fill("ໜຶ່ງ")
    page.reload()
    assert page.locator("#lo_remark").input_value() == "ໜຶ່ງ"
    page.reload()
    assert page.locator("#lo_remark").input_value() == "ໜຶ່ງ"
    page.evaluate(
        """() => { for (const key of Object.keys(sessionStorage)) {
            sessionStorage[key] = sessionStorage[key].replace('["",', '["other",') } }"""
    )
    page.reload()
    assert page.locator("#lo_remark").input_value() == ""
    assert page.evaluate("sessionStorage.length") == 0
    page.close()


@pytest.mark.parametrize("weight", [400, 700])
def test_our_own_lao_letters_can_be_read_by_the_browser(browser: Browser, weight: int) -> None:
    page = opened(browser, "plain", "lo", 360)
    face = f"url(/static/kit/vendor/noto-sans-lao-lao-{weight}-normal.woff2)"
    assert (
        page.evaluate("face => new FontFace('ours', face).load().then(one => one.status)", face) == "loaded"
    )
    page.close()


def test_the_passkey_button_shows_itself_and_tells_of_a_failure(browser: Browser) -> None:
    page = opened(browser, "plain", "lo", 360)
    page.route("https://kit.test/options", answer({"error": "ບໍ່ມີກະແຈ"}))
    box = page.locator("[data-passkey]").first
    box.locator("button").click()
    page.wait_for_function("!document.querySelector('[data-passkey-error]').hidden")
    assert box.locator("[data-passkey-error]").inner_text() == "ບໍ່ມີກະແຈ"
    assert box.locator("button").is_enabled()
    page.close()


def test_a_passkey_is_made_and_used(browser: Browser) -> None:
    """Both ceremonies with the browser's own virtual key; what is sent has the shape that the server's package reads."""
    page = opened(browser, "plain", "lo", 360)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": key | {"isUserVerified": True}})
    sent: list[dict[str, Any]] = []

    def take(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or ""))
        assert route.request.headers["x-csrftoken"]
        route.fulfill(json={"next": "#done"})

    page.route("https://kit.test/verify", take)
    made = {
        "challenge": "aGVsbG8taGVsbG8", "rp": {"name": "t", "id": "kit.test"}, "attestation": "none",
        "user": {"id": "dXNlcg", "name": "kham", "displayName": "Kham"},
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}], "excludeCredentials": [],
        "authenticatorSelection": {"residentKey": "required"},
    }  # fmt: skip
    used = {"challenge": "aGVsbG8taGVsbG8", "rpId": "kit.test", "allowCredentials": []}
    for ceremony, options in (("create", made), ("get", used)):
        page.route("https://kit.test/options", answer(options))
        page.evaluate("kind => document.querySelector('[data-passkey]').dataset.passkey = kind", ceremony)
        page.evaluate("document.querySelector('[data-passkey] button').disabled = false")
        with page.expect_response("https://kit.test/verify"):
            page.locator("[data-passkey] button").first.click()
    assert sent[0]["id"] == sent[0]["rawId"] == sent[1]["id"]
    assert set(sent[0]["response"]) >= {"clientDataJSON", "attestationObject"}
    assert set(sent[1]["response"]) >= {"clientDataJSON", "authenticatorData", "signature", "userHandle"}
    assert sent[1]["response"]["userHandle"] == "dXNlcg"
    page.close()
