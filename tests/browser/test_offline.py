"""The installed app without network: only what was asked for is kept, with its date; signing out leaves nothing (A22)."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from pakan.registers.access.actions import member_account
from pakan.registers.access.models import Account, SignIn
from pakan.registers.people.models import Person
from pakan.units.month import Month
from tests.browser.stage import assert_accessible, shoot
from tests.browser.test_small_pages import visit
from tests.channels.member.months import declared, paid

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["declared", "paid", "visit"]  # fixtures

STORED = """async () => ({
    caches: (await caches.keys()).sort(), bases: (await indexedDB.databases()).map(one => one.name),
    local: localStorage.length, session: sessionStorage.length})"""
NOTHING = {"caches": [], "bases": [], "local": 0, "session": 0}
WORKING = "navigator.serviceWorker.controller !== null"
FILLED = """async (count) => {
    const name = "kept-" + document.querySelector("meta[name=phone]").content;
    return (await caches.has(name)) && (await (await caches.open(name)).keys()).length >= count }"""


def until(page: Page, expression: str, arg: Any = None) -> None:
    """Wait until the expression is true; by asking, as the pages allow no evaluation of their own."""
    for _ in range(400):
        if page.evaluate(expression, arg):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"never true: {expression}")


def says(page: Page) -> str:
    return page.locator("main").inner_text()


def kept(page: Page, home: str, count: int = 5) -> None:
    """The person said yes on the home page, and the worker has fetched the pages."""
    page.goto(home)
    until(page, WORKING)
    page.locator("button[name=keep][value=yes]").click()
    page.wait_for_url(home)
    until(page, FILLED, count)


def sign_in(context: BrowserContext, url: str, client: Client) -> None:
    context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": url,
            }
        ]
    )


@pytest.fixture
def covered(paid: Callable[..., None], open_month: Month) -> None:
    for back in range(3, -1, -1):
        paid(open_month - back)


@pytest.mark.parametrize(
    ("language", "width"), [("lo", 360), pytest.param("en", 320, marks=pytest.mark.night)]
)
def test_home_record_and_card_open_without_network_with_their_date(
    visit: Callable[..., Page], live_server: Any, member: Account, member_person: Person, covered: None,
    client_of: Callable[[Account], Client], language: str, width: int,
) -> None:  # fmt: skip
    home = f"{live_server.url}/member/"
    page = visit(language, width, client_of(member))
    page.goto(home)
    until(page, WORKING)
    assert_accessible(page)
    shoot(page, f"offline-asked-{language}")
    kept(page, home)
    assert page.locator("[data-kept]").is_hidden()
    page.context.set_offline(True)
    for address in ("", "record/", "card/", "benefits/", "help/"):
        page.goto(home + address)
        took = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        assert took < 1000, f"{address}: {took:.0f} ms"
        note = page.locator("[data-kept]")
        assert note.is_visible() and note.locator("time").count() == 1, address
        shoot(page, f"offline-{address.strip('/') or 'home'}-{language}")
    page.goto(home + "card/")
    assert member_person.name in says(page)
    assert page.locator("main img").evaluate("picture => picture.complete && picture.naturalWidth > 0")
    assert_accessible(page)
    page.goto(home + "messages/")  # not kept
    assert page.locator("[data-when=offline]").is_visible() and member_person.name not in says(page)
    assert_accessible(page)
    shoot(page, f"offline-nothing-{language}")
    page.context.set_offline(False)
    page.goto(home)
    assert page.locator("[data-kept]").is_hidden()
    page.context.close()


def test_nothing_is_kept_unless_asked_for(
    visit: Callable[..., Page], live_server: Any, member: Account, member_person: Person,
    client_of: Callable[[Account], Client],
) -> None:  # fmt: skip
    page = visit("en", 360, client_of(member))
    home = f"{live_server.url}/member/"
    for address in ("", "record/", "card/"):
        page.goto(home + address)
        until(page, WORKING)
    page.goto(home)
    page.locator("button[name=keep][value=no]").click()
    page.wait_for_url(home)
    assert page.locator("button[name=keep]").count() == 0  # asked once
    stored = page.evaluate(STORED)
    assert [name for name in stored["caches"] if not name.startswith("shell-")] == []
    assert stored["local"] == 0
    page.context.set_offline(True)
    page.goto(home)
    assert page.locator("[data-when=offline]").is_visible() and member_person.name not in says(page)
    page.context.close()


@pytest.mark.parametrize("online", [True, False])
def test_abuse_A22_signing_out_leaves_nothing_on_the_phone(
    visit: Callable[..., Page], live_server: Any, member: Account, member_person: Person,
    client_of: Callable[[Account], Client], online: bool,
) -> None:  # fmt: skip
    page = visit("en", 360, client_of(member))
    home = f"{live_server.url}/member/"
    kept(page, home)
    page.evaluate("localStorage.setItem('any', 'thing'); sessionStorage.setItem('any', 'thing')")
    page.context.set_offline(not online)
    page.goto(home + "help/")
    page.locator("form[data-leave] button").click()
    page.wait_for_load_state()
    if online:
        page.wait_for_url(f"{live_server.url}/")
    else:
        assert "You are signed out" in says(page) and "No network" not in says(page)
        assert_accessible(page)
        shoot(page, "offline-signed-out-en")
    assert page.evaluate(STORED) == NOTHING
    assert SignIn.objects.filter(account=member, ended_at=None).exists() == (not online)
    page.context.set_offline(False)
    page.goto(home)  # the cookie that was left tells the server now
    assert "/sign-in/" in page.url
    assert not SignIn.objects.filter(account=member, ended_at=None).exists()
    names = {cookie["name"] for cookie in page.context.cookies()}
    assert not names & {"kept", "left"}
    assert [name for name in page.evaluate(STORED)["caches"] if name.startswith("kept-")] == []
    page.context.close()


def test_abuse_A22_another_profile_on_the_phone_sees_nothing_of_the_first(
    visit: Callable[..., Page], live_server: Any, member: Account, workers: list[Person], now: Any,
    client_of: Callable[[Account], Client],
) -> None:  # fmt: skip
    first, second = workers[:2]
    page = visit("en", 360, client_of(member))
    home = f"{live_server.url}/member/"
    kept(page, home)
    sign_in(page.context, live_server.url, client_of(member_account(second, now)))
    page.goto(home)
    assert second.name in says(page)
    page.context.set_offline(True)
    for address in ("", "record/", "card/"):
        page.goto(home + address)
        assert first.name not in page.content(), address
        assert page.locator("[data-when=offline]").is_visible()
    page.context.set_offline(False)
    kept(page, home)
    page.context.set_offline(True)
    page.goto(home + "card/")
    assert second.name in says(page) and first.name not in page.content()
    page.context.close()


def test_abuse_A22_a_session_that_ended_closes_what_is_kept(
    visit: Callable[..., Page], live_server: Any, member: Account, member_person: Person,
    client_of: Callable[[Account], Client],
) -> None:  # fmt: skip
    page = visit("en", 360, client_of(member))
    home = f"{live_server.url}/member/"
    kept(page, home)
    SignIn.objects.filter(account=member).update(ended_at="2026-01-01T00:00:00Z")
    page.goto(home)
    assert "/sign-in/" in page.url
    until(
        page,
        "async () => (await (await (await caches.open('state')).match('/member/-/who')).json()).who === 'none'",
    )
    page.context.set_offline(True)
    page.goto(home)
    assert member_person.name not in page.content()
    page.context.set_offline(False)
    sign_in(page.context, live_server.url, client_of(member))  # the same person again: it opens again
    page.goto(home)
    page.context.set_offline(True)
    page.goto(home + "card/")
    assert member_person.name in says(page)
    page.context.close()


def test_stopping_deletes_what_was_kept(
    visit: Callable[..., Page], live_server: Any, member: Account, client_of: Callable[[Account], Client]
) -> None:
    page = visit("en", 360, client_of(member))
    home = f"{live_server.url}/member/"
    kept(page, home)
    page.goto(home + "keep/")
    assert_accessible(page)
    page.locator("button[name=keep][value=no]").click()
    page.wait_for_load_state()
    until(page, "async () => !(await caches.keys()).some(name => name.startsWith('kept-'))")
    page.context.close()


def test_the_app_can_be_installed(
    visit: Callable[..., Page], live_server: Any, member: Account, client_of: Callable[[Account], Client]
) -> None:
    page = visit("lo", 360, client_of(member))
    page.goto(f"{live_server.url}/member/")
    until(page, WORKING)
    session = page.context.new_cdp_session(page)
    read = session.send("Page.getAppManifest")
    assert read["errors"] == [] and read["url"].endswith("/member/app.webmanifest")
    faults = {one["errorId"] for one in session.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert faults <= {"in-incognito"}  # as every browser of a test is
    page.context.close()


def test_a_bad_line_shows_the_kept_page_instead_of_a_blank_one(
    visit: Callable[..., Page], live_server: Any, member: Account, member_person: Person,
    client_of: Callable[[Account], Client], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Two bars of 2G: the answer does not come. After eight seconds the kept page stands there."""
    page = visit("en", 360, client_of(member))
    home = f"{live_server.url}/member/"
    kept(page, home)
    from pakan.channels.member.pages import record as pages

    usual = pages.record_of

    def late(*words: Any) -> Any:
        time.sleep(12)
        return usual(*words)

    monkeypatch.setattr(pages, "record_of", late)
    page.goto(home + "record/")
    assert page.locator("[data-kept]").is_visible()
    page.context.close()
