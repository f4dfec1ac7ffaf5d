"""A passkey from its making to the sign-in with it, by Chromium's virtual key (WebAuthn through the DevTools protocol)."""

from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from pakan.registers.access.models import Account, Passkey, SignIn
from tests.cast import PASSWORD
from tests.channels.public.conftest import fresh_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    settings.BASE_URL = live_server.url
    return str(live_server.url)


def with_key(page: Page, **changed: bool) -> tuple[CDPSession, str]:
    """Put a virtual key into the browser; returns the line to it and the key's name."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    made = line.send("WebAuthn.addVirtualAuthenticator", {"options": KEY | changed})
    return line, str(made["authenticatorId"])


def by_password(page: Page, site: str, account: Account) -> None:
    page.goto(f"{site}/sign-in/?next=/ways-in/")
    page.fill("#id_name", account.sign_in)
    page.fill("#id_password", PASSWORD)
    page.click("main form button[type=submit]")
    page.fill("#id_code", fresh_code(account))
    page.click("main form button[type=submit]")
    page.wait_for_url(f"{site}/ways-in/")


def make_passkey(page: Page, name: str) -> None:
    page.fill("#passkey-name", name)
    page.click("[data-passkey=create] button")
    expect(page.get_by_text(name, exact=True).first).to_be_visible()


def test_a_passkey_is_made_and_signs_in_alone(browser: Browser, site: str, preparer: Account) -> None:
    context = browser.new_context()
    page = context.new_page()
    with_key(page)
    by_password(page, site, preparer)
    make_passkey(page, "ໂທລະສັບຂ້ອຍ")
    kept = Passkey.objects.get(account=preparer)
    assert (kept.name, kept.used_at) == ("ໂທລະສັບຂ້ອຍ", None)

    page.locator("main form[action='/sign-out/'] button").click()
    page.wait_for_url(f"{site}/")
    page.goto(f"{site}/sign-in/?next=/ways-in/")
    page.click("[data-passkey=get] button")
    page.wait_for_url(f"{site}/ways-in/")
    opened = SignIn.objects.get(account=preparer, ended_at=None)
    assert opened.proof == "passkey"
    kept.refresh_from_db()
    assert kept.used_at is not None
    context.close()


def test_a_removed_passkey_opens_nothing(browser: Browser, site: str, preparer: Account) -> None:
    context = browser.new_context()
    page = context.new_page()
    with_key(page)
    by_password(page, site, preparer)
    make_passkey(page, "ກະແຈ")
    Passkey.objects.all().delete()
    page.locator("main form[action='/sign-out/'] button").click()
    page.goto(f"{site}/sign-in/")
    page.click("[data-passkey=get] button")
    expect(page.locator("[data-passkey-error]")).to_contain_text("ບໍ່ຮູ້ຈັກກະແຈຜ່ານນີ້")
    assert not SignIn.objects.filter(ended_at=None).exists()
    context.close()


def test_a_passkey_without_finger_or_pin_is_not_enough(
    browser: Browser, site: str, preparer: Account
) -> None:
    """Who only holds the key, and cannot show that it is his, stays outside."""
    context = browser.new_context()
    page = context.new_page()
    line, key = with_key(page)
    by_password(page, site, preparer)
    make_passkey(page, "ກະແຈ")
    page.locator("main form[action='/sign-out/'] button").click()
    line.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.goto(f"{site}/sign-in/")
    page.click("[data-passkey=get] button")
    expect(page.locator("[data-passkey-error]")).to_be_visible()
    assert not SignIn.objects.filter(ended_at=None).exists()
    context.close()


def test_abuse_A8_an_answer_recorded_once_does_not_open_twice(
    browser: Browser, site: str, preparer: Account
) -> None:
    """The same signed answer sent again meets no challenge any more."""
    context = browser.new_context()
    page = context.new_page()
    with_key(page)
    by_password(page, site, preparer)
    make_passkey(page, "ກະແຈ")
    page.locator("main form[action='/sign-out/'] button").click()
    page.goto(f"{site}/sign-in/?next=/ways-in/")
    with page.expect_request("**/sign-in/passkey/?**") as sent:
        page.click("[data-passkey=get] button")
    page.wait_for_url(f"{site}/ways-in/")
    recorded = sent.value.post_data
    page.locator("main form[action='/sign-out/'] button").click()
    page.goto(f"{site}/sign-in/")
    said = page.evaluate(
        """async (body) => {
            const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
            const headers = {"X-CSRFToken": token, "Content-Type": "application/json"};
            const answer = await fetch("/sign-in/passkey/", {method: "POST", headers, body});
            return await answer.json();
        }""",
        recorded,
    )
    assert "error" in said
    assert "next" not in said
    assert not SignIn.objects.filter(ended_at=None).exists()
    context.close()
