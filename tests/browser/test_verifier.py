"""The reader for hospitals in Chromium: installed, offline, right about every code, and its notes come once (C55, C56)."""

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import segno
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from pakan.integrations.formats.credential import Card, Clearance, Series, compose
from pakan.operations import certify
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.care import actions
from pakan.registers.care.models import Facility, IssuedCard, Visit
from pakan.registers.people.models import District, Person
from pakan.units.month import Month
from tests.browser.stage import assert_accessible, shoot
from tests.channels.member.months import declared, paid
from tests.integrations.formats.credential.corpus import NOW, cases, key_file, mutations, revoked_file

pytest_plugins = ["tests.browser.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["declared", "paid"]  # fixtures

JUDGE = """async ([roots, keyFile, revokedFile, codes, now]) => {
    const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
    const held = new Map(roots.map(([kid, raw]) => [kid, {raw: bytes(raw), purpose: "keys", stolen: false}]));
    const keys = await verdict.readKeys(bytes(keyFile), held);
    const revoked = await verdict.readRevoked(bytes(revokedFile), keys.keys);
    const said = [];
    for (const code of codes)
        said.push((await verdict.judge(code, {keys: keys.keys, keysAt: keys.at, revoked}, now)).code);
    return said;
}"""


def open_reader(browser: Browser, url: str, language: str, width: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 740})
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": url}])
    page = context.new_page()
    page.goto(f"{url}/verifier/")
    page.wait_for_selector("[data-state=ready][data-installed=yes]")
    return page


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_the_page_says_what_the_function_says_for_every_code(browser: Browser, live_server: Any) -> None:
    """One corpus through both: each kind of wrong code, and 200 altered cards."""
    from pakan.integrations.formats.credential import judge
    from tests.integrations.formats.credential.corpus import KEYS, revoked

    page = open_reader(browser, live_server.url, "en", 360)
    codes = [case.text for case in cases()] + mutations(200)
    roots = [[key.id, b64(key.raw)] for key in KEYS.values() if key.purpose == "keys"]
    asked = [roots, b64(key_file()), b64(revoked_file()), codes, int(NOW.timestamp())]
    said = page.evaluate(JUDGE, asked)
    assert said[: len(cases())] == [case.says for case in cases()]
    assert said == [judge(code, KEYS, NOW, revoked(), NOW).code for code in codes]
    assert not {"genuine", "list_old"} & set(said[len(cases()) :])
    page.context.close()


def test_a_browser_without_the_algorithm_accepts_nothing(browser: Browser, live_server: Any) -> None:
    page = open_reader(browser, live_server.url, "en", 360)
    page.evaluate(
        "() => { SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError')); }"
    )
    code = page.evaluate(
        """async ([code, now]) => (await verdict.judge(code, {keys: new Map([["card-2026-b",
            {raw: new Uint8Array(32), purpose: "card", year: 2026, stolen: false}]]), keysAt: now, revoked: null}, now)).code""",
        [cases()[0].text, int(NOW.timestamp())],
    )
    assert code == "cannot"
    page.context.close()


@pytest.fixture
def hospital(db: None, now: datetime) -> tuple[Facility, str]:
    """A hospital under contract and the key of its reader."""
    place = Facility.objects.create(
        code="H01", name_lo="ໂຮງໝໍ ຕົວຢ່າງ", name_en="Example hospital", kind="hospital",
        district=District.objects.get(code="0102"), contract_from=now.date() - timedelta(days=400),
    )  # fmt: skip
    return place, actions.new_key(place, now)


def check(page: Page, code: str) -> str:
    """Paste a code; which verdict is shown."""
    page.locator("details:has([data-typed])").evaluate("box => box.open = true")
    page.fill("#code", code)
    page.locator("[data-answer]").evaluate("box => { box.hidden = true; }")
    page.click("[data-typed] button")
    shown = page.locator("[data-answer][data-code]:visible [data-verdict]:visible")
    expect(shown).to_have_count(1)
    return str(shown.get_attribute("data-verdict"))


def picture_of(code: str, folder: Path) -> str:
    path = folder / "code.png"
    segno.make_qr(code, error="m").save(str(path), scale=5, border=4)
    return str(path)


@pytest.mark.parametrize(("language", "width"), [("lo", 360), ("en", 1280)])
def test_the_reader_works_offline_and_sends_its_notes_later(
    browser: Browser, live_server: Any, member: Account, member_person: Person, client_of: Callable[[Account], Client],
    as_actor: Callable[..., Actor], registrar: Account, hospital: tuple[Facility, str], paid: Any,
    open_month: Month, now: datetime, tmp_path: Path, language: str, width: int,
) -> None:  # fmt: skip
    for back in range(3, -1, -1):
        paid(open_month - back)
    old = certify.card(as_actor(member)).code
    certify.withdraw(as_actor(registrar), IssuedCard.objects.get().serial, "lost")
    good = certify.card(as_actor(member)).code
    page = open_reader(browser, live_server.url, language, width)
    assert_accessible(page)
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("[data-state=ready]")

    page.set_input_files("[data-photo]", picture_of(good, tmp_path))
    page.wait_for_selector("[data-verdict=genuine]:visible")
    assert page.locator("[data-name]").text_content() == member_person.name
    assert page.locator("[data-guarantee]").text_content() == (
        "2.000.000" if language == "lo" else "2,000,000"
    )
    assert_accessible(page)
    shoot(page, f"verifier-genuine-{language}-{width}")

    facts = Card("0123456789", "x", "", now.date(), "f", "enterprise", "insured", "S")
    mine = Series("", settings.SIGNING_KEY.encode())
    begins = now - timedelta(days=60)
    over = compose(facts, mine.key("card", begins.year), live_server.url, begins, now - timedelta(days=1))
    foreign = Series("", b"the secret of quite another house, 32+").key("card", now.year)
    assert check(page, old) == "revoked"
    shoot(page, f"verifier-revoked-{language}-{width}")
    assert page.locator("[data-facts]").is_hidden() and page.locator("form[data-note]").is_hidden()
    assert check(page, good[:200] + ("A" if good[200] != "A" else "B") + good[201:]) in (
        "not_genuine",
        "not_readable",
    )
    assert check(page, over) == "expired"
    assert (
        check(page, compose(facts, foreign, live_server.url, now, now + timedelta(days=9))) == "not_genuine"
    )
    assert check(page, "HC1:" + good) == "not_readable"
    company = Clearance("K26-0A1B2C3D4E", "0451201", "ໂຮງງານຕັດຫຍິບ ດອກຈຳປາ", "P26-0000012-3")
    assert (
        check(
            page,
            compose(company, mine.key("statement", now.year), live_server.url, now, now + timedelta(days=9)),
        )
        == "genuine"
    )
    assert page.locator("[data-company]").is_visible() and page.locator("[data-facts]").is_hidden()
    assert page.locator("[data-company-code]").text_content() == "04512-01"
    assert page.locator("[data-plan-number]").text_content() == "P26-0000012-3"
    shoot(page, f"verifier-clearance-{language}-{width}")
    assert_accessible(page)
    shoot(page, f"verifier-refused-{language}-{width}")

    relative = Card(
        "F26-0000001-0", "ດາວ", "", now.date(), "f", "enterprise", "child", "S", member_person.number
    )
    theirs = compose(relative, mine.key("card", now.year), live_server.url, now, now + timedelta(days=9))
    assert check(page, theirs) == "genuine"
    assert page.locator("[data-relation=child]").is_visible()
    assert page.locator("[data-number]").text_content() == member_person.number
    shoot(page, f"verifier-family-{language}-{width}")

    assert check(page, good) == "genuine"
    assert page.locator("dd[data-family]").is_hidden()
    page.fill("#billed", "350.000")
    page.click("[data-note] button")
    expect(page.locator("[data-waiting]")).to_have_text("1")
    page.locator("details:has([data-place])").evaluate("box => box.open = true")
    page.fill("#facility", "H01")
    page.fill("#key", hospital[1])
    page.click("[data-place] button")
    page.wait_for_selector("[data-place-kept]:visible")
    assert page.locator("[data-waiting]").text_content() == "1"
    shoot(page, f"verifier-noted-{language}-{width}")
    page.context.set_offline(False)
    page.click("[data-send]")
    expect(page.locator("[data-waiting]")).to_have_text("0")
    visit = Visit.objects.get()
    assert (visit.person, visit.facility, visit.billed, visit.was_offline) == (
        member_person,
        hospital[0],
        350_000,
        True,
    )
    page.context.close()


def test_what_leaves_the_phone_is_the_number_of_the_card_alone(
    browser: Browser, live_server: Any, member: Account, as_actor: Callable[..., Actor], hospital: tuple[Facility, str],
    paid: Any, open_month: Month, member_person: Person,
) -> None:  # fmt: skip
    for back in range(3, -1, -1):
        paid(open_month - back)
    code = certify.card(as_actor(member)).code
    page = open_reader(browser, live_server.url, "en", 360)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    assert check(page, code) == "genuine"
    assert sent == []
    page.evaluate(
        """([code, key]) => new Promise(done => { const asked = indexedDB.open("verifier", 1);
        asked.onsuccess = () => { const put = asked.result.transaction("held", "readwrite").objectStore("held")
            .put({code, key}, "place"); put.onsuccess = done; }; })""",
        ["H01", hospital[1]],
    )
    page.click("[data-note] button")
    page.wait_for_selector("[data-noted]:visible")
    expect(page.locator("[data-waiting]")).to_have_text("0")
    [told] = sent
    facts = json.loads(told.split(" ", 1)[1])
    assert facts.keys() == {"facility", "key", "notes"}
    [note] = facts["notes"]
    assert note.keys() == {"id", "serial", "at", "kind", "billed", "offline"}
    assert member_person.number not in told and member_person.given_name not in told
    assert Visit.objects.get().findings == ""
    page.context.close()
