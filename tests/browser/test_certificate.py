"""The clearance certificate in Chromium: what is missing, issued, and checked by anybody."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from pakan.registers.access.models import Account
from pakan.registers.compliance.models import Clearance
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from tests.browser.stage import WAYS, assert_accessible, for_guide, shoot
from tests.browser.test_small_pages import visit

__all__ = ["visit"]  # fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_certificate_is_issued_and_checked(
    visit: Callable[..., Any], live_server: Any, approver: Account, factory: Employer, open_month: Month,
    client_of: Callable[[Account], Client], language: str, width: int,
) -> None:  # fmt: skip
    page = visit(language, width, client_of(approver))
    address = f"{live_server.url}/employer/{factory.code}/certificates/"
    page.goto(address)
    assert_accessible(page)
    shoot(page, f"certificate-missing-{language}-{width}")
    assert page.locator("main button[type=submit]").count() == 0
    Employer.objects.filter(id=factory.id).update(first_month=(open_month + 1).first)
    page.goto(address)
    page.locator("main button[type=submit]").click()
    assert_accessible(page)
    shoot(page, f"certificate-{language}-{width}")
    for_guide(page, "employer", "certificate")
    made = Clearance.objects.get()
    page.context.close()
    anybody = visit(language, width)
    anybody.goto(f"{live_server.url}/verify/")
    anybody.fill("[name=code]", made.code)
    anybody.locator("main button[type=submit]").first.click()
    assert factory.name_lo in anybody.locator("main").inner_text()
    assert_accessible(anybody)
    shoot(anybody, f"certificate-checked-{language}-{width}")
    anybody.context.close()
