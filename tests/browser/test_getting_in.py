"""Sign up, set a PIN, be locked out and let in, share the phone, sign out; and every page of it in both languages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from pakan.operations import enter
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, Device, Passkey, PhoneChange, SignIn
from pakan.registers.people.models import Person
from tests.browser.stage import NARROW, assert_accessible, shoot
from tests.browser.test_passkey import with_key
from tests.browser.test_small_pages import SMALL
from tests.channels.member.test_sign_in import code_sent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PINS = ("740918", "386052")
# The words beside a tick are its target too.
TARGETS = SMALL.replace(
    "main input:not([type=hidden])", "main input:not([type=hidden]):not([type=checkbox]), main .tick"
)


def phone(browser: Browser, site: str, language: str, width: int = 360) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 740})
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])
    return context


def seen(page: Page, name: str, width: int) -> None:
    assert_accessible(page)
    assert page.evaluate(TARGETS, 48) == [], page.url
    shoot(page, f"{name}-{page.locator('html').get_attribute('lang')}-{width}")


def by_code(page: Page, site: str, person: Person) -> None:
    page.goto(f"{site}/member/sign-in/?other=1")
    page.fill("#id_number", person.number)
    page.fill("#id_birth_date", f"{person.birth_date:%d/%m/%Y}")
    page.click("main form button")
    page.wait_for_url("**/member/sign-in/code/")
    page.fill("#id_code", code_sent())
    with page.expect_navigation():
        page.click("main form button")


def set_pin(page: Page, pin: str) -> None:
    page.fill("#id_pin", pin)
    page.fill("#id_again", pin)
    with page.expect_navigation():
        page.click("main form button[type=submit]")


def type_pin(page: Page, pin: str) -> None:
    page.fill("#id_pin", pin)
    with page.expect_navigation():
        page.click("main form button[type=submit]")


@pytest.mark.parametrize(("language", "width"), NARROW)
def test_sign_up_lock_and_share_the_phone(
    browser: Browser, live_server: Any, workers: list[Person], language: str, width: int
) -> None:
    site = str(live_server.url)
    context = phone(browser, site, language, width)
    page = context.new_page()
    by_code(page, site, workers[0])
    page.wait_for_url("**/member/welcome/")
    seen(page, "welcome", width)
    page.locator("main a.btn").first.click()
    set_pin(page, "123456")
    expect(page.locator("#id_pin_error")).to_be_visible()
    seen(page, "pin-new-error", width)
    set_pin(page, PINS[0])
    page.wait_for_url("**/member/me/trust/")
    seen(page, "trust", width)

    for _late in range(5):  # what a page before still asks in the background counts as being there
        SignIn.objects.filter(ended_at=None).update(
            seen_at=datetime.now().astimezone() - timedelta(minutes=6)
        )
        page.goto(f"{site}/member/record/")
        if "/member/locked/" in page.url:
            break
    assert "/member/locked/" in page.url
    assert workers[0].number not in page.content()
    seen(page, "locked", width)
    type_pin(page, PINS[1])
    expect(page.locator("#id_pin_error")).to_be_visible()
    seen(page, "pin-wrong", width)
    type_pin(page, PINS[0])
    page.wait_for_url("**/member/record/")

    page.goto(f"{site}/member/me/")
    seen(page, "me", width)
    page.locator("form[action='/member/me/switch/'] button").click()
    page.wait_for_url("**/member/sign-in/who/")
    seen(page, "who-one", width)
    by_code(page, site, workers[1])
    page.wait_for_url("**/member/welcome/")
    page.locator("main a.btn").first.click()
    set_pin(page, PINS[1])
    page.goto(f"{site}/member/")
    assert workers[0].name not in page.content()
    page.goto(f"{site}/member/signed-in/")
    seen(page, "sign-ins", width)
    page.goto(f"{site}/member/me/")
    page.locator("form[action='/member/sign-out/'] button").click()
    page.wait_for_url(f"{site}/")
    page.goto(f"{site}/member/")
    page.wait_for_url("**/member/sign-in/who/?**")
    seen(page, "who-two", width)
    with page.expect_navigation():
        page.get_by_text(workers[0].given_name, exact=True).click()
    seen(page, "pin", width)
    type_pin(page, PINS[0])
    page.wait_for_url(f"{site}/member/")
    assert workers[0].name in page.content()
    assert workers[1].name not in page.content()
    assert Device.objects.filter(ended_at=None).count() == 2
    context.close()


@pytest.mark.parametrize(("language", "width"), NARROW)
def test_the_pages_around_it(
    browser: Browser, live_server: Any, member: Account, member_person: Person, registrar: Account,
    client_of: Callable[[Account], Client], as_actor: Callable[..., Actor], now: datetime, language: str, width: int,
) -> None:  # fmt: skip
    site = str(live_server.url)
    context = phone(browser, site, language, width)
    page = context.new_page()
    for name in ("lost", "paper"):
        page.goto(f"{site}/member/sign-in/{name}/")
        seen(page, name, width)
    with page.expect_navigation():
        page.click("main form button")
    seen(page, "paper-error", width)
    by_code(page, site, member_person)
    page.locator("main a.btn").first.click()
    set_pin(page, PINS[0])
    page.goto(f"{site}/member/prove/?next=/member/me/phone/")
    seen(page, "cools", width)
    Account.objects.filter(id=member.id).update(cools_until=None)
    page.goto(f"{site}/member/me/phone/")
    seen(page, "phone", width)
    page.goto(f"{site}/member/me/passkeys/")
    seen(page, "passkeys", width)
    PhoneChange.objects.create(
        person=member_person, way="own", old=member_person.phone, new="+8562055559999", by=member, asked_at=now,
        holds_from=now + timedelta(hours=72),
    )  # fmt: skip
    page.goto(f"{site}/member/me/phone/")
    seen(page, "phone-waits", width)
    page.goto(f"{site}/member/real/")
    seen(page, "real-none", width)
    enter.begin_call(as_actor(registrar), member_person, "payment")
    page.goto(f"{site}/member/real/")
    seen(page, "real-call", width)
    desk = client_of(registrar)
    proof = desk.session
    proof["proved_at"] = now.isoformat()  # the counter asks for a fresh proof
    proof.save()
    officer = desk.cookies[settings.SESSION_COOKIE_NAME].value
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": officer, "url": site}])
    page.goto(f"{site}/office/counter/")
    assert_accessible(page)
    shoot(page, f"counter-{language}-{width}")
    page.fill("#id_number", member_person.number)
    page.click("main form button")
    page.wait_for_url("**/office/counter/person/")
    assert_accessible(page)
    shoot(page, f"counter-person-{language}-{width}")
    page.locator("#id_paper_0").check()
    page.click("main form button")
    expect(page.locator("main .huge")).to_be_visible()
    assert_accessible(page)
    shoot(page, f"counter-paper-{language}-{width}")
    page.goto(f"{site}/office/call/")
    page.fill("#id_number", member_person.number)
    page.click("main form button")
    expect(page.locator("#id_half")).to_be_visible()
    assert_accessible(page)
    shoot(page, f"call-{language}-{width}")
    context.close()


def test_finger_or_face_opens_what_the_pin_opens(
    browser: Browser, live_server: Any, settings: Any, member_person: Person
) -> None:
    """A passkey on the phone opens the locked page and signs in; the phone's clock, a year wrong, does not matter."""
    settings.BASE_URL = site = str(live_server.url)
    context = phone(browser, site, "lo")
    page = context.new_page()
    page.clock.install(time=datetime.now().astimezone() + timedelta(days=365))
    with_key(page)
    by_code(page, site, member_person)
    page.locator("main a.btn").first.click()
    set_pin(page, PINS[0])
    page.goto(f"{site}/member/me/passkeys/")
    page.click("[data-passkey=create] button")
    expect(page.locator("form[action='/member/me/passkeys/drop/']")).to_be_visible()
    assert Passkey.objects.count() == 1
    SignIn.objects.filter(ended_at=None).update(seen_at=datetime.now().astimezone() - timedelta(minutes=6))
    page.goto(f"{site}/member/record/")
    page.click("[data-passkey=get] button")
    page.wait_for_url("**/member/record/")
    page.goto(f"{site}/member/me/")
    page.locator("form[action='/member/me/switch/'] button").click()
    page.get_by_text(member_person.given_name, exact=True).click()
    page.click("[data-passkey=get] button")
    page.wait_for_url(f"{site}/member/")
    assert SignIn.objects.get(ended_at=None).proof == "passkey"
    context.close()
