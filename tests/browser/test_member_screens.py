"""Every page of the member channel, from the table of addresses, and the public ones: in Lao and English, at four widths.

Standard "Accessibility and performance", sections 3 and 4. By night each page is loaded in both languages and drawn at all four
widths, where nothing may scroll sideways; axe looks at Lao on 320 pixels and English on 1280, and at a third of the others.
By day it is Lao at 320 pixels.
PAKAN_PICTURES=<folder> keeps a picture of each page in Lao at 360 pixels; PAKAN_GUIDE=1 makes those of docs/guides/member anew.
"""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from pakan.operations import care
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from tests.browser.one_member import OneMember, cookies_of, one_member
from tests.browser.screens import Screens, screens
from tests.channels.member.months import declared, paid
from tests.house.test_permission_table import ADDRESSES
from tests.operations.test_care import LIST

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["declared", "one_member", "paid", "screens"]  # fixtures
# Only for who is not signed in, or in the middle of something: test_getting_in looks at these with their errors.
ELSEWHERE = {
    "member:sign_in", "member:code", "member:who", "member:pin", "member:unlock", "member:kept", "member:phone_code",
    "member:prove",
    "member:prove_old",
    "member:state_go",  # to the State and back: no page of ours
    "member:state_back",
    "member:overpaid_plan",  # needs a debt; it is looked at in its own story
}  # fmt: skip
FILES = ("application/", "image/", "text/javascript")
# Pages to look at besides: the same address with another thing in it.
MORE = {
    "member-month-coming": "/member/record/{open}/",
    "member-claim-asked": "/member/claims/{asked}/",
    "member-account-change": "/member/account/?change",
    "member-question-choice": "/member/claims/{draft}/question/place/",
}
PUBLIC = (
    "home", "status", "facilities", "emergency", "tell", "follow", "queues", "service", "verify", "verifier",
    "invited", "check", "listen",
)  # fmt: skip


def pages_of(member: OneMember) -> dict[str, str]:
    """The addresses of the member channel that answer GET with a page. Those that do not must be files or acts."""
    found, wrong = {}, []
    for full, wanted in ADDRESSES:
        space, _, name = full.partition(":")
        if space != "member" or full in ELSEWHERE or name == "sign_out":
            continue
        address = reverse(full, kwargs={one: member.of(name, one) for one in wanted})
        answer = member.client.get(address)
        if answer.status_code == 405 or answer.get("Content-Type", "").startswith(FILES):
            continue
        if answer.status_code != 200:
            wrong.append(f"{full} {address} answers {answer.status_code} {answer.get('Location', '')}")
            continue
        found[f"member-{name}"] = address
    assert not wrong, "\n".join(wrong)
    return found


def test_every_page_of_the_member(screens: Screens, one_member: OneMember) -> None:
    found = pages_of(one_member)
    assert len(found) > 50
    keys = {"open": one_member.values["story"]["open"], "asked": one_member.values["story"]["asked"],
            "draft": one_member.values["claim_question"]["key"]}  # fmt: skip
    found |= {name: address.format(**keys) for name, address in MORE.items()}
    for language in screens.languages:
        page = screens.page(cookies_of(one_member.client, language))
        for name, address in found.items():
            screens.look(page, name, address.replace("offline/lo/", f"offline/{language}/"), language)
        page.context.close()
    assert not screens.wrong, "\n".join(screens.wrong)


def test_every_page_for_anybody(screens: Screens, registrar: Account, as_actor: Callable[..., Actor]) -> None:
    care.load(as_actor(registrar), LIST.encode())
    found = {f"public-{name}": reverse(f"public:{name}") for name in PUBLIC}
    found["public-province"] = reverse("public:province", args=["01"])
    found |= {f"member-{name}": reverse(f"member:{name}") for name in ("sign_in", "recover", "paper")}
    for language in screens.languages:
        page = screens.page({settings.LANGUAGE_COOKIE_NAME: language})
        for name, address in found.items():
            screens.look(page, name, address, language, least=name.startswith("member"))
        page.context.close()
    assert not screens.wrong, "\n".join(screens.wrong)


def test_an_address_that_needs_no_session_is_not_forgotten() -> None:
    """What this file leaves to others is there, and asks to sign in or goes on."""
    for name in ELSEWHERE - {"member:overpaid_plan", "member:state_go", "member:state_back"}:
        assert Client().get(reverse(name)).status_code in (200, 302), name
