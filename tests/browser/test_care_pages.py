"""Hospitals and cards in Chromium: what members, staff and anybody sees of them; axe finds nothing, nothing scrolls sideways."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from pakan.operations import care, certify
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.care.models import Choice, Facility, Visit
from pakan.registers.people.models import Employer, Person
from pakan.units.money import Kip
from pakan.units.month import Month
from tests.browser.stage import NARROW, assert_accessible, shoot
from tests.channels.member.months import declared, paid
from tests.operations.test_care import LIST

pytest_plugins = ["tests.browser.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["declared", "paid"]  # fixtures


def open_page(browser: Browser, url: str, language: str, width: int, client: Client | None = None) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 740})
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if client is not None:
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])  # type: ignore[typeddict-item]
    return context.new_page()


def look(page: Page, address: str, name: str) -> None:
    page.goto(address)
    assert_accessible(page)
    shoot(page, name)


@pytest.mark.parametrize(("language", "width"), NARROW)
def test_anybody_finds_a_hospital_and_what_to_do_in_an_emergency(
    browser: Browser,
    live_server: Any,
    registrar: Account,
    as_actor: Callable[..., Actor],
    language: str,
    width: int,
) -> None:
    care.load(as_actor(registrar), LIST.encode())
    page = open_page(browser, live_server.url, language, width)
    look(page, f"{live_server.url}/facilities/", f"facilities-{language}-{width}")
    page.click("svg a[href='/facilities/01/']")
    page.wait_for_url("**/facilities/01/")
    assert "021555001" in str(page.text_content("main"))
    assert_accessible(page)
    shoot(page, f"province-{language}-{width}")
    look(page, f"{live_server.url}/facilities/02/", f"province-empty-{language}-{width}")
    look(page, f"{live_server.url}/emergency/", f"emergency-{language}-{width}")
    page.context.close()


@pytest.mark.parametrize(
    ("language", "width"), [("lo", 360), pytest.param("en", 320, marks=pytest.mark.night)]
)
def test_a_member_chooses_changes_asks_and_rates(
    browser: Browser, live_server: Any, member: Account, member_person: Person, registrar: Account,
    benefits_officer: Account, client_of: Callable[[Account], Client], as_actor: Callable[..., Actor], paid: Any,
    open_month: Month, language: str, width: int,
) -> None:  # fmt: skip
    for back in range(3, -1, -1):
        paid(open_month - back)
    care.load(as_actor(registrar), LIST.encode())
    phone = open_page(browser, live_server.url, language, width, client_of(member))
    look(phone, f"{live_server.url}/member/card/", f"card-{language}-{width}")
    phone.click("a[href='/member/hospital/']")
    phone.select_option("#province", "01")
    phone.click("form[method=get] button")
    assert_accessible(phone)
    shoot(phone, f"hospital-first-{language}-{width}")
    for code, why in (("H01", ""), ("H02", "yearly")):
        phone.check(f"input[value={code}]")
        if why:
            phone.check(f"input[value={why}]")
        phone.click("form[method=post].form button")
        phone.wait_for_url("**/member/hospital/")
        phone.goto(f"{live_server.url}/member/hospital/?province=01")
    assert [one.facility.code for one in Choice.objects.order_by("id")] == ["H01", "H02"]
    phone.goto(f"{live_server.url}/member/hospital/?province=13")
    phone.check("input[value=H03]")
    phone.check("input[value=yearly]")
    phone.click("form[method=post].form button")
    phone.locator("[data-error-summary]").wait_for()
    assert phone.locator("input[value=H03]").is_checked()
    assert_accessible(phone)
    shoot(phone, f"hospital-why-{language}-{width}")
    phone.fill("#id_text", "ໃກ້ບ່ອນເຮັດວຽກ")
    phone.click("form[method=post].form button")
    phone.wait_for_url("**/member/hospital/")
    assert Choice.objects.filter(state="waiting", facility__code="H03").count() == 1
    assert_accessible(phone)
    shoot(phone, f"hospital-waits-{language}-{width}")

    officer = as_actor(benefits_officer)
    place = Facility.objects.get(code="H01")
    care.note_visit(officer, member_person, place, uuid4(), "in", officer.today, Kip(800_000))
    look(phone, f"{live_server.url}/member/visits/", f"visits-{language}-{width}")
    phone.click("main a.btn")
    assert_accessible(phone)
    phone.check("input[value='4']")
    phone.click("form[method=post].form button")
    phone.wait_for_selector("form[method=post].form", state="detached")
    assert Visit.objects.get().rating.stars == 4
    assert_accessible(phone)
    shoot(phone, f"visit-{language}-{width}")
    phone.context.close()


@pytest.mark.parametrize(("language", "width"), NARROW)
def test_the_office_prints_withdraws_answers_and_agrees(
    browser: Browser, live_server: Any, member: Account, member_person: Person, factory: Employer, registrar: Account,
    benefits_officer: Account, client_of: Callable[[Account], Client], as_actor: Callable[..., Actor], paid: Any,
    open_month: Month, tmp_path: Any, language: str, width: int,
) -> None:  # fmt: skip
    for back in range(3, -1, -1):
        paid(open_month - back)
    certify.card(as_actor(member))
    desk = open_page(browser, live_server.url, language, width, client_of(registrar))
    (tmp_path / "bad.csv").write_text(LIST.replace("0103", "9903"))
    (tmp_path / "good.csv").write_text(LIST)
    look(desk, f"{live_server.url}/office/hospitals/", f"office-none-{language}-{width}")
    desk.set_input_files("#id_list", tmp_path / "bad.csv")
    desk.click("form[enctype] button")
    assert_accessible(desk)
    shoot(desk, f"office-list-wrong-{language}-{width}")
    desk.set_input_files("#id_list", tmp_path / "good.csv")
    desk.click("form[enctype] button")
    desk.locator("form[action$='/H01/key/'] button").click()
    assert_accessible(desk)
    shoot(desk, f"office-hospitals-{language}-{width}")
    assert Facility.objects.get(code="H01").key_digest

    me = as_actor(member)
    for code, why in (("H01", ""), ("H02", "yearly"), ("H03", "yearly")):
        care.choose(me, code, why, "ໃກ້ບ່ອນເຮັດວຽກ")
    look(desk, f"{live_server.url}/office/hospitals/wishes/", f"office-wishes-{language}-{width}")
    desk.click("main table a")
    desk.click("button[value=refuse]")
    assert desk.locator("[data-error-summary]").count() == 1
    assert_accessible(desk)
    shoot(desk, f"office-wish-{language}-{width}")
    desk.click("button[value=grant]")
    assert not Choice.objects.filter(state="waiting").exists()

    look(desk, f"{live_server.url}/office/cards/", f"office-cards-{language}-{width}")
    desk.fill("#id_number", member_person.number)
    desk.click("main form button")
    assert_accessible(desk)
    shoot(desk, f"office-person-{language}-{width}")
    look(desk, f"{live_server.url}/office/cards/batches/", f"office-batches-{language}-{width}")
    desk.fill("#id_employer", factory.code)
    desk.click("main form button")
    assert_accessible(desk)

    officer = as_actor(benefits_officer)
    visit = care.note_visit(
        officer, member_person, Facility.objects.get(code="H01"), uuid4(), "in", officer.today, Kip(800_000)
    )
    bills = open_page(browser, live_server.url, language, width, client_of(benefits_officer))
    look(bills, f"{live_server.url}/office/hospitals/bills/", f"office-bills-{language}-{width}")
    look(bills, f"{live_server.url}/office/hospitals/bills/{visit.key}/", f"office-bill-{language}-{width}")
    look(bills, f"{live_server.url}/office/hospitals/bills/new/", f"office-visit-{language}-{width}")
    desk.context.close()
    bills.context.close()
