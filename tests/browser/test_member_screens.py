"""Every page of the member channel, from the table of addresses, and the public ones: in Lao and English, at four widths.

Standard "Accessibility and performance", sections 3 and 4. Each page is loaded in both languages and drawn at all four widths,
where nothing may scroll sideways; axe looks at Lao on 320 pixels and English on 1280, and at a third of the others.
PAKAN_PICTURES=<folder> keeps a picture of each page in Lao at 360 pixels; PAKAN_GUIDE=1 makes those of docs/guides/member anew.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from pakan.operations import care
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from tests.browser.one_member import OneMember, cookies_of, one_member
from tests.browser.stage import assert_accessible, for_guide, shoot
from tests.channels.member.months import declared, paid
from tests.house.test_permission_table import ADDRESSES
from tests.operations.test_care import LIST

pytestmark = [pytest.mark.browser, pytest.mark.night, pytest.mark.django_db(transaction=True)]
__all__ = ["declared", "one_member", "paid"]  # fixtures
WIDTHS = (320, 360, 768, 1280)
ALWAYS = {("lo", 320), ("en", 1280)}
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

# Text whose lines stand closer than the standard allows: 1.7 in running text, 1.6 in headings, buttons and labels of parts.
CLOSE = """() => {
    const headed = "h1,h2,h3,h4,button,.btn,.tag,.tabs,.top-btn,.m,input,select,textarea,option,.steps,.card,svg,"
        + ".count,.tile,legend,.question label";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
        const at = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || at.closest("script,style,template") || !at.offsetParent) continue;
        const style = getComputedStyle(at), ratio = parseFloat(style.lineHeight) / parseFloat(style.fontSize);
        if (!(ratio >= (at.closest(headed) ? 1.6 : 1.7) - 0.005)) found.push(ratio + " " + at.outerHTML.slice(0, 90));
    }
    return found }"""
# Controls smaller than 48 pixels. Exempt (WCAG 2.2, 2.5.8): a link inside a sentence; a tick or dot, whose label is the target.
SMALL = """() => [...document.querySelectorAll("a[href],button,input,select,textarea,summary")].map(one => {
        if (!one.checkVisibility({visibilityProperty: true}) || one.type === "hidden" || one.closest(".skip")) return "";
        const target = /^(radio|checkbox)$/.test(one.type || "") ? one.closest("label, .tick") || one : one;
        const box = target.getBoundingClientRect();
        const around = [...(one.parentElement?.childNodes || [])].some(
            node => node.nodeType === 3 && node.data.trim().length > 2);
        if (one.tagName === "A" && around) return "";
        return box.width < 47.9 || box.height < 47.9 ? Math.round(box.width) + "x" + Math.round(box.height) + " "
            + one.outerHTML.slice(0, 100) : "" }).filter(Boolean)"""


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


class Screens:
    """The pages in one browser; `wrong` gathers what is amiss on all of them."""

    def __init__(self, browser: Browser, site: str, third: random.Random) -> None:
        self.browser, self.site, self.third = browser, site, third
        self.wrong: list[str] = []

    def page(self, cookies: dict[str, str]) -> Page:
        context = self.browser.new_context(viewport={"width": 320, "height": 640})
        context.add_cookies(
            [{"name": name, "value": value, "url": self.site} for name, value in cookies.items()]
        )  # type: ignore[typeddict-item]
        return context.new_page()

    def look(self, page: Page, name: str, address: str, language: str, least: bool = True) -> None:
        answer = page.goto(self.site + address)
        if answer is None or answer.status != 200:
            self.wrong.append(f"{name}: {address} answered {answer and answer.status}")
            return
        where = f"{name} {language}"
        if page.locator("html").get_attribute("lang") != language:
            self.wrong.append(f"{where}: the page says another language")
        if page.locator("h1:visible").count() != 1:
            self.wrong.append(f"{where}: {page.locator('h1:visible').count()} headings of the first level")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 740})
            self._at(page, f"{where} {width}", (language, width))
            if (language, width) == ("lo", 360):
                shoot(page, name)
                for_guide(page, "member", name)
        page.set_viewport_size({"width": 320, "height": 640})
        if language == "lo":
            self.wrong += [f"{where}: lines too close: {one}" for one in page.evaluate(CLOSE)]
        if least:
            self.wrong += [f"{where}: small target: {one}" for one in page.evaluate(SMALL)]

    def _at(self, page: Page, where: str, way: tuple[str, int]) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.wrong.append(f"{where}: {wide} pixels wider than the screen")
        if way in ALWAYS or self.third.random() < 1 / 3:
            try:
                assert_accessible(page)
            except AssertionError as found:
                self.wrong.append(f"{where}: {found}")


@pytest.fixture
def screens(browser: Browser, live_server: Any) -> Iterator[Screens]:
    yield Screens(browser, str(live_server.url), random.Random(20_261_123))


def test_every_page_of_the_member(screens: Screens, one_member: OneMember) -> None:
    found = pages_of(one_member)
    assert len(found) > 50
    keys = {"open": one_member.values["story"]["open"], "asked": one_member.values["story"]["asked"],
            "draft": one_member.values["claim_question"]["key"]}  # fmt: skip
    found |= {name: address.format(**keys) for name, address in MORE.items()}
    for language in ("lo", "en"):
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
    for language in ("lo", "en"):
        page = screens.page({settings.LANGUAGE_COOKIE_NAME: language})
        for name, address in found.items():
            screens.look(page, name, address, language, least=name.startswith("member"))
        page.context.close()
    assert not screens.wrong, "\n".join(screens.wrong)


def test_an_address_that_needs_no_session_is_not_forgotten() -> None:
    """What this file leaves to others is there, and asks to sign in or goes on."""
    for name in ELSEWHERE - {"member:overpaid_plan", "member:state_go", "member:state_back"}:
        assert Client().get(reverse(name)).status_code in (200, 302), name
