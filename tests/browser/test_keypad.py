"""The keypad telephone on a page, and where its keys are opened: read, typed and pressed like any other page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Browser

from pakan.registers.access.actions import set_pin
from pakan.registers.access.models import Account
from pakan.registers.people.models import Person
from tests.browser.stage import assert_accessible, shoot
from tests.channels.phone.conftest import PIN, owner, shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["owner", "shop"]  # fixtures


def test_a_talk_on_the_page_and_the_keys_of_a_shop(
    browser: Browser, live_server: Any, member: Account, owner: Account, now: datetime,
    client_of: Callable[[Account], Client],
) -> None:  # fmt: skip
    set_pin(member, PIN, None)
    Person.objects.filter(account=member).update(phone="+8562077712345")
    page = browser.new_context(viewport={"width": 360, "height": 740}, locale="lo").new_page()
    page.goto(f"{live_server.url}/sandbox/ussd/")
    page.get_by_label("ໂທລະສັບໃດໂທ?").fill("020 7771 2345")
    page.get_by_role("button", name="ໂທ *1508#").click()
    for typed, says in (("1", "PIN ຂອງທ່ານ"), (PIN, "ຍັງບໍ່ມີເດືອນໃດນັບໃຫ້ທ່ານ")):
        assert_accessible(page)
        page.get_by_label("ກົດປຸ່ມ").fill(typed)
        page.get_by_role("button", name="ສົ່ງ").click()
        page.locator(".handset-screen", has_text=says).wait_for()
    shoot(page, "keypad-handset-360-lo")

    TOTPDevice.objects.create(user=owner, name="phone", confirmed=True)
    client = client_of(owner)
    session = client.session
    session["proved_at"] = now.isoformat()
    session.save()
    desk = browser.new_context(viewport={"width": 360, "height": 740}, locale="lo")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    desk.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page = desk.new_page()
    page.goto(f"{live_server.url}/ways-in/")
    page.get_by_role("link", name="ແຈ້ງຈາກໂທລະສັບປຸ່ມກົດ").click()
    assert_accessible(page)
    page.get_by_label("ເບີໂທລະສັບປຸ່ມກົດຂອງທ່ານ").fill("020 5454 5454")
    page.get_by_label("PIN ສຳລັບໂທລະສັບນີ້").fill("123456")
    page.get_by_label("PIN ອີກເທື່ອໜຶ່ງ").fill("123456")
    page.get_by_role("button", name="ສົ່ງລະຫັດໄປໂທລະສັບນີ້").click()
    page.locator("[data-error-summary]").wait_for()
    assert_accessible(page)
    shoot(page, "keypad-keys-360-lo")
    page.get_by_label("PIN ສຳລັບໂທລະສັບນີ້").fill(PIN)
    page.get_by_label("PIN ອີກເທື່ອໜຶ່ງ").fill(PIN)
    page.get_by_role("button", name="ສົ່ງລະຫັດໄປໂທລະສັບນີ້").click()
    page.get_by_label("ລະຫັດຈາກ SMS").wait_for()
    assert_accessible(page)
