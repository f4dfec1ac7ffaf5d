"""Pages of one's own data in Chromium, in Lao at 360 and 320 pixels: allowed, corrected, entrusted, booked, told of."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from pakan.operations import entrust, visit, wish
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.people.models import Person
from pakan.registers.visits.queries import office as office_by_code
from tests.browser.stage import assert_accessible, assert_lao, shoot
from tests.channels.member.test_relatives import proved
from tests.operations.test_wish import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 320])
def test_the_pages_of_ones_own_data(
    width: int,
    browser: Browser,
    live_server: Any,
    member: Account,
    workers: list[Person],
    client_of: Callable[[Account], Client],
    as_actor: Callable[..., Actor],
    now: datetime,
) -> None:
    me, helper = as_actor(member), member_account(workers[5], now)
    until = me.today + timedelta(days=30)
    entrust.give(me, workers[5].number, workers[5].birth_date, ["record", "messages"], until)
    given = entrust.give(
        as_actor(helper), member.person.number, member.person.birth_date, ["record", "wrong"], until
    )  # type: ignore[union-attr]
    wish.allow(me, "news")
    wish.ask_correction(me, "village", "ໂພນທັນ", "", "id.jpg", "image/jpeg", photo())
    wish.make_copy(wish.ask_copy(me).id)
    office = office_by_code("01")
    assert office is not None
    day = visit.days(me.today)[0]
    visit.book(me, office, day, visit.slots()[0], "claim")
    client = proved(client_of(member), now)
    context = browser.new_context(viewport={"width": width, "height": 740}, locale="lo-LA")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    for name, address in {
        "consents": "/member/consents/",
        "data": "/member/data/",
        "correct": "/member/data/correct/",
        "helpers": "/member/helpers/",
        "helper-new": "/member/helpers/new/",
        "for-record": f"/member/for/{given.key}/",
        "looks": "/member/looks/",
        "appointments": "/member/appointments/",
        "appointment-days": "/member/appointments/at/01/",
        "appointment-times": f"/member/appointments/at/01/?day={day}",
        "tell": "/tell/",
        "follow": "/tell/answer/",
        "queues": "/queues/?office=01",
    }.items():
        answer = page.goto(live_server.url + address)
        assert answer is not None and answer.status == 200, address
        assert_lao(page)
        assert_accessible(page)
        shoot(page, f"own-{name}-{width}")
    page.goto(f"{live_server.url}/tell/")
    page.click("main form button[type=submit]")
    assert page.locator("[data-error-summary]").count() == 1
    assert_accessible(page)
    page.check("input[name=kind][value=not_paid]")
    page.fill("input[name=where]", "ໂຮງງານ")
    page.click("main form button[type=submit]")
    assert_accessible(page)
    shoot(page, f"own-told-{width}")
    context.close()
