"""Walking many pages in one browser: by day quickly, by night in both languages and at four widths."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page

from tests.browser.stage import assert_accessible, for_guide, shoot

WIDTHS = (320, 360, 768, 1280)
ALWAYS = {("lo", 320), ("en", 1280)}  # where axe looks at every page by night, and at a third of the others

# Text whose lines stand closer than the standard allows: 1.7 in running text, 1.6 in headings, buttons and labels of parts.
CLOSE = """() => {
    const headed = "h1,h2,h3,h4,button,.btn,.tag,.tabs,.top-btn,.m,input,select,textarea,option,.steps,.card,svg,"
        + ".count,.tile,.file-button,legend,.question label,nav,.top-btn span,.kpi";
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


class Screens:
    """The pages in one browser; `wrong` gathers what is amiss on all of them.

    By day each page is drawn in Lao at 320 pixels, where the most goes wrong, and axe looks at a third of them;
    the `whole` of it, by night, is both languages at four widths.
    """

    def __init__(self, browser: Browser, site: str, whole: bool) -> None:
        self.browser, self.site, self.whole = browser, site, whole
        self.third = random.Random(20_261_123)
        self.wrong: list[str] = []

    @property
    def languages(self) -> tuple[str, ...]:
        return ("lo", "en") if self.whole else ("lo",)

    def page(self, cookies: dict[str, str]) -> Page:
        context = self.browser.new_context(viewport={"width": 320, "height": 640})
        context.add_cookies(
            [{"name": name, "value": value, "url": self.site} for name, value in cookies.items()]
        )  # type: ignore[typeddict-item]
        return context.new_page()

    def page_of(self, client: Client, language: str) -> Page:
        """A page of whoever is signed in with `client`."""
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        return self.page({settings.SESSION_COOKIE_NAME: session, settings.LANGUAGE_COOKIE_NAME: language})

    def walk(self, client: Client, found: dict[str, str]) -> None:
        """Look at all of these, in each language."""
        for language in self.languages:
            page = self.page_of(client, language)
            for name, address in found.items():
                self.look(page, name.replace(":", "-"), address, language, least=False)
            page.context.close()

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
        for width in WIDTHS if self.whole else WIDTHS[:1]:
            page.set_viewport_size({"width": width, "height": 740})
            self._at(page, f"{where} {width}", (language, width))
            if (language, width) == ("lo", 360):
                shoot(page, name)
                for_guide(page, "member", name)
        if self.whole:
            page.set_viewport_size({"width": 320, "height": 640})
        if language == "lo":
            self.wrong += [f"{where}: lines too close: {one}" for one in page.evaluate(CLOSE)]
        if least:
            self.wrong += [f"{where}: small target: {one}" for one in page.evaluate(SMALL)]

    def _at(self, page: Page, where: str, way: tuple[str, int]) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.wrong.append(f"{where}: {wide} pixels wider than the screen")
        if (self.whole and way in ALWAYS) or self.third.random() < 1 / 3:
            try:
                assert_accessible(page)
            except AssertionError as found:
                self.wrong.append(f"{where}: {found}")


def reached(client: Client, wrong: list[str], start: str) -> dict[str, str]:
    """view -> address of all that links lead to from `start` and below it, the first of each kind.

    `wrong` gathers links that lead nowhere.
    """
    found: dict[str, str] = {}
    waiting, seen, link = [start], set[str](), re.compile(rf'href="({start}[^"#]*)')
    while waiting:
        address = waiting.pop(0).replace("&amp;", "&")
        try:
            name = resolve(address.split("?")[0]).view_name
        except Resolver404:
            wrong.append(f"a link leads nowhere: {address}")
            continue
        if address in seen or name in found:
            continue
        seen.add(address)
        answer = client.get(address)
        if answer.status_code == 405 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        if answer.status_code not in (200, 302):
            wrong.append(f"{answer.wsgi_request.actor.name} is led to {address}: {answer.status_code}")
        elif answer.status_code == 200:
            found[name] = address
            waiting += link.findall(answer.content.decode())
    return found


@pytest.fixture(params=["quick", pytest.param("whole", marks=pytest.mark.night)])
def screens(request: pytest.FixtureRequest, browser: Browser, live_server: Any) -> Iterator[Screens]:
    yield Screens(browser, str(live_server.url), request.param == "whole")
