"""A new employer's first month in Chromium: from the approved request over the first administrator and two workers to the
payment, on the pages that a new company meets first.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page

from pakan.operations import join
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.contributions.models import Declaration, Obligation
from pakan.registers.people.models import Employment
from pakan.units.month import Month
from tests.browser.counted import Hand
from tests.browser.stage import WAYS, Sandboxes, assert_accessible, for_guide, shoot
from tests.browser.test_small_pages import visit
from tests.cast import PASSWORD
from tests.operations.desk import broken
from tests.operations.test_join import filled

__all__ = ["visit"]  # fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HIRED = (
    ("ບົວວັນ", "ແກ້ວດາລາ", "14/03/1994", "f", "2.500.000"),
    ("ສົມພອນ", "ວົງໄຊ", "02/09/1988", "m", "3.100.000"),
)


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_new_employer_declares_its_first_month(
    visit: Callable[..., Page], live_server: Any, sandboxes: Sandboxes, registrar: Account, second_registrar: Account,
    as_actor: Callable[..., Actor], open_month: Month, now: datetime, language: str, width: int,
) -> None:  # fmt: skip
    applicant = Actor(name="", at=now, door="public")
    asked, code = filled(applicant, first_hire=open_month.last)
    join.send(applicant, asked.number)
    join.propose(as_actor(registrar), asked.number, "")
    employer = join.decide(as_actor(second_registrar), asked.number, True, "").employer
    assert employer is not None
    page = visit(language, width)
    hand = Hand(page)

    def look(name: str) -> None:
        assert_accessible(page)
        shoot(page, f"first-{name}-{language}-{width}")
        for_guide(page, "employer", f"first-{name}")

    page.goto(f"{live_server.url}/join/again/")
    page.fill("[name=number]", asked.number)
    page.fill("[name=code]", code)
    hand.click(page.locator("main form button[type=submit]").first)
    hand.click(page.locator("form[action$='/access/'] button"))
    hand.click(page.locator("main a.btn.wide").first)
    page.fill("[name=sign_in]", "khamla@example.la")
    page.fill("[name=new]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    hand.click(page.locator("main form button[type=submit]"))
    look("authenticator")
    device = TOTPDevice.objects.get(user__sign_in="khamla@example.la")
    page.fill("[name=code]", f"{totp(device.bin_key):06d}")
    hand.click(page.locator("main form button[type=submit]"))
    if language == "en":
        page.context.add_cookies(
            [{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": live_server.url}]
        )
        Account.objects.filter(sign_in="khamla@example.la").update(language="en")
    here = f"{live_server.url}/employer/{employer.code}"
    page.goto(f"{here}/")
    look("overview")

    for given, family, born, sex, _wage in HIRED:
        page.goto(f"{here}/workers/new/")
        page.fill("[name=given_name]", given)
        page.fill("[name=family_name]", family)
        page.fill("[name=birth_date]", born)
        page.locator(f"input[name=sex][value={sex}]").check()
        page.fill("[name=start]", f"{open_month.last:%d/%m/%Y}")
        hand.click(page.locator("form:has([name=given_name]) button[type=submit]"))
        if page.locator("button[value=finish]").count():
            hand.click(page.locator("button[value=finish]"))
    look("workers")
    assert Employment.objects.filter(employer=employer).count() == 2

    page.goto(f"{here}/{open_month}/")
    look("month")
    hand.click(page.locator("button[value=type]"))
    for given, _family, _born, _sex, wage in HIRED:
        page.locator(f"tr:has-text('{given}') input.cell").fill(wage)
    look("typing")
    hand.click(page.locator("button[value='go:check:']"))
    look("check")
    hand.click(page.locator("form[action$='/hand-over/'] button"))
    hand.click(page.locator("button[value=approve]"))
    look("pay")
    assert "644.000" in page.inner_text("main").replace(",", ".")  # 5 600 000 × (6 % + 5.5 %)
    signed = Declaration.objects.get(employer=employer)
    assert (signed.month, signed.workers, signed.wages_insured) == (open_month, 2, 5_600_000)
    assert Obligation.objects.get().owed == 644_000
    assert broken() == {}
    page.context.close()
