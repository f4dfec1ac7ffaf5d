"""A claim on a bad line, in Chromium, in Lao: network and session go in the middle, nothing is lost, it is sent once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from pakan.registers.access.models import Account, AuditRow, SignIn
from pakan.registers.benefits.models import Claim, Evidence
from pakan.registers.people.models import Person
from tests.browser.stage import assert_accessible, shoot
from tests.browser.test_claim import enter, photo, press
from tests.browser.test_offline import FILLED, kept, until
from tests.browser.test_outbox import ACTS, QUIET
from tests.channels.claimants import begin, covered
from tests.channels.member.test_sign_in import code_sent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["covered", "enter"]  # fixtures


def answer(page: Page, name: str, typed: str) -> None:
    page.fill(f"[name={name}]", typed)
    page.locator("form.question button[type=submit]").click(no_wait_after=True)


def seen(page: Page, name: str) -> None:
    assert_accessible(page)
    shoot(page, f"claim-{name}")


def waits(page: Page, count: int = 1) -> None:
    """The page of what waits, with so many acts that were not sent yet."""
    page.wait_for_url("**/member/outbox/")
    waiting = "article [data-state=waiting]:not([hidden])"
    until(page, f"() => document.querySelectorAll('{waiting}').length === {count}")


def go_on(page: Page, site: str) -> None:
    """The network is back: all is sent by itself, and the last line leads on."""
    page.context.set_offline(False)
    until(page, QUIET)
    page.goto(f"{site}/member/outbox/")
    page.locator("[data-goes]:visible").last.click()


def sign_in_again(page: Page, person: Person) -> None:
    page.wait_for_url("**/member/sign-in/?**")
    page.fill("#id_number", person.number)
    page.fill("#id_birth_date", f"{person.birth_date:%d/%m/%Y}")
    page.click("main form button")
    page.wait_for_url("**/member/sign-in/code/")
    page.fill("#id_code", code_sent())
    page.click("main form button")


def test_a_claim_that_loses_network_and_session_in_the_middle_loses_nothing_and_is_sent_once(
    enter: Callable[..., Page], live_server: Any, covered: list[Person], member: Account, member_person: Person,
    client_of: Callable[[Account], Client], now: datetime,
) -> None:  # fmt: skip
    client, site = client_of(member), str(live_server.url)
    page = enter(client)
    kept(page, f"{site}/member/")
    page.goto(f"{site}{begin(client)}")
    answer(page, "day", f"{now.date() - timedelta(days=5):%d/%m/%Y}")
    page.wait_for_url("**/question/pregnancy_months/")

    until(page, FILLED, 9)  # the pages that come next are on the phone too

    page.context.set_offline(True)
    answer(page, "q-pregnancy_months", "9")
    page.wait_for_url("**/question/children/")
    assert page.locator("[data-kept]").is_visible()
    seen(page, "no-network")
    answer(page, "q-children", "x")  # which cannot be; without network nobody knows
    page.wait_for_url("**/question/leave_days/")
    page.goto(f"{site}/member/outbox/")
    waits(page, 2)
    seen(page, "waiting")
    page.context.set_offline(False)
    until(page, "async () => (await Outbox.all()).some(act => act.why === 'refused')")
    assert Claim.objects.get().told["pregnancy_months"] == 9
    page.goto(f"{site}/member/outbox/")
    page.locator("article [data-state=needs]:visible").wait_for()
    seen(page, "needs-you")
    page.locator("[data-mend]:visible").click()
    page.locator("[data-error-summary]").wait_for()
    assert page.input_value("[name=q-children]") == "x"
    assert page.locator("[data-outbox-count] .count").inner_text() == "1"
    seen(page, "needs-you-page")
    answer(page, "q-children", "1")
    page.wait_for_url("**/question/leave_days/")
    until(page, "async () => (await Outbox.all()).every(act => act.state === 'sent')")  # mended

    SignIn.objects.update(ended_at=now)
    answer(page, "q-leave_days", "105")
    sign_in_again(page, member_person)
    page.wait_for_url("**/papers/")  # the answer went by itself, and the claim goes on behind it
    claim = Claim.objects.get()
    assert claim.told["leave_days"] == 105

    page.context.set_offline(True)
    page.set_input_files("#photo-birth", photo())
    page.locator("section[aria-labelledby=paper-birth] button").click(no_wait_after=True)
    waits(page)
    assert not Evidence.objects.exists()
    go_on(page, site)
    page.wait_for_url("**/papers/")
    assert len(bytes(Evidence.objects.get().document.content)) <= 200_000

    page.goto(f"{site}/member/claims/{claim.key}/check/")
    page.context.set_offline(True)
    press(page)
    waits(page)
    copy = page.evaluate("async () => (await Outbox.all()).find(act => act.state === 'waiting')")
    go_on(page, site)
    page.wait_for_url(f"**/member/claims/{claim.key}/")
    page.evaluate("async (act) => { await Outbox.put(act); await Outbox.sync() }", copy)  # a replay
    assert [state for state, _why in page.evaluate(ACTS)].count("needs") == 0
    assert Claim.objects.get().state == "lodged"
    assert AuditRow.objects.filter(act="claim.lodge").count() == 1
