"""Every page of the office that an officer reaches by its links: in Lao at 320 pixels, by night in both languages and wider.

The pages are found as an officer finds them: from the menu, then link by link, each view once. So a page that nothing leads to is
found too: it is missing here.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from pakan.registers.access.models import Account
from tests.browser.one_member import OneMember, one_member
from tests.browser.screens import Screens, reached, screens
from tests.channels.member.months import declared, paid
from tests.house.test_permission_table import ADDRESSES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["declared", "one_member", "paid", "screens"]  # fixtures
STAFF = ("registrar", "finance", "auditor", "law_officer", "benefits_officer", "inspector", "communicator")


def test_every_page_that_an_officer_reaches(
    screens: Screens,
    one_member: OneMember,
    client_of: Callable[[Account], Client],
    request: pytest.FixtureRequest,
) -> None:
    walked = set[str]()
    for role in STAFF:
        client = client_of(request.getfixturevalue(role))
        found = {
            name: at for name, at in reached(client, screens.wrong, "/office/").items() if name not in walked
        }
        walked |= set(found)
        screens.walk(client, found)
    assert not screens.wrong, "\n".join(screens.wrong)
    lists = {name for name, wanted in ADDRESSES if name.startswith("office:") and not wanted}
    assert len(walked) > 40, sorted(lists - walked)
