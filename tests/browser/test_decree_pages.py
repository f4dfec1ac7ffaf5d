"""The law officers' pages in Chromium, in both languages, on a phone and a desk: axe finds nothing, nothing scrolls."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from pakan.operations import declare, decree
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.browser.stage import NARROW, assert_accessible
from tests.operations.lawyers import approved, entry, law_officer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(page: Page, name: str) -> None:
    """`name` tells which page it is where something is found."""
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


@pytest.mark.parametrize(("language", "width"), NARROW)
def test_decree_pages(
    browser: Browser, live_server: Any, language: str, width: int, law_officer: Account, system: Actor, factory: Employer,
    workers: list[Person], open_month: Month, client_of: Callable[[Account], Client], tmp_path: Any,
) -> None:  # fmt: skip
    ids = np.array(sorted(worker.id for worker in workers), dtype=np.int64)
    declare.declare_wages(system, factory, open_month, ids, np.arange(12, dtype=np.int64) * 600_000 + 900_000)
    officers = _three(system)
    approved(officers, entry({"amount": "2.600.000"}, (open_month + 2).first, group="minimum_wage"))
    made = decree.enter(officers[0], entry({"ceiling": "6.000.000", "worker": "5 %"}, open_month.first))
    decree.rehearse(officers[0], made.id)
    context = browser.new_context(viewport={"width": width, "height": 800})
    session = client_of(law_officer).cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.LANGUAGE_COOKIE_NAME: language, settings.SESSION_COOKIE_NAME: session}
    context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    page = context.new_page()
    office = f"{live_server.url}/office"
    for place, name in (
        ("/", "home"),
        ("/decrees/", "list"),
        ("/decrees/new/", "new"),
        ("/decrees/history/enterprise/", "history"),
        (f"/decrees/{made.id}/", "decree"),
        (f"/decrees/{made.id}/approve/", "approve"),
        ("/decrees/new/holidays/", "holidays"),
        ("/decrees/new/enterprise/", "enter"),
    ):
        page.goto(office + place)
        look(page, name)
    page.fill("[name=value_worker]", "150")
    page.click("main form.form button[type=submit]")
    look(page, "refused")
    assert page.locator(".error").count() >= 4
    scan = tmp_path / "text.pdf"
    scan.write_bytes(b"%PDF-1.7\n")
    page.fill("[name=value_worker]", "5,25")
    page.fill("[name=first_day]", date(2030, 1, 1).isoformat())
    page.fill("[name=cite]", "ຂໍ້ຕົກລົງ 12/ຮສສ")
    page.check("[name=confidence][value=high]")
    page.set_input_files("[name=scan]", str(scan))
    page.click("main form.form button[type=submit]")
    look(page, "entered")
    page.click("main form[action$=rehearse\\/] button")
    look(page, "rehearsed")
    assert page.locator("main a[href$=approve\\/]").count() == 0  # his own
    context.close()


def _three(system: Actor) -> list[Actor]:
    return [law_officer(system, name) for name in ("sisavath", "bouakham", "vanida")]
