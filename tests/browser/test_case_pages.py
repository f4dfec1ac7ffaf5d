"""The pages of members' questions and of who is behind, in Chromium: axe finds nothing, nothing scrolls sideways."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from pakan.operations import report
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from tests.browser.stage import NARROW, assert_accessible
from tests.browser.test_small_pages import visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["visit"]  # fixture


@pytest.mark.parametrize(("language", "width"), NARROW)
def test_what_a_member_said_and_who_is_behind(
    visit: Callable[..., Any], live_server: Any, member: Account, finance: Account, factory: Employer,
    client_of: Callable[[Account], Client], as_actor: Callable[..., Actor], open_month: Month,
    language: str, width: int,
) -> None:  # fmt: skip
    case = report.open_case(as_actor(member), open_month, "not_there", "ຂ້ອຍອອກແລ້ວ", factory.id)
    report.answer(as_actor(finance), case.number, "ພວກເຮົາຖາມນາຍຈ້າງແລ້ວ.", closes=False)
    page = visit(language, width, client_of(member))
    page.goto(f"{live_server.url}/member/record/{open_month}/")
    page.locator("summary").first.click()
    buttons = page.locator("button[name=kind]").all()
    assert len(buttons) == 3 and all(one.bounding_box()["height"] >= 48 for one in buttons)
    page.context.close()
    page = visit(language, width, client_of(finance))
    for address in ("cases/", f"cases/{case.number}/", "not-declared/"):
        page.goto(f"{live_server.url}/office/{address}")
        assert_accessible(page)
    page.context.close()
