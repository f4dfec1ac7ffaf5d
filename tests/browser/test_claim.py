"""From signing up and "what has happened?" to the letter and the payment through the sandbox bank, in Chromium.

Once without any script, in Lao, on a narrow phone; and every page under axe, in both languages, at three widths.
"""

import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page

from pakan.operations import award
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.benefits.models import Claim, Evidence, Instalment, PayeeAccount
from pakan.registers.cases.models import Case
from pakan.registers.people.models import Person
from pakan.units.month import Month
from tests.browser.stage import NARROW, Sandboxes, assert_accessible, assert_lao, sandboxes, shoot
from tests.browser.test_getting_in import PINS, by_code, set_pin
from tests.channels.claimants import answer_all, begin, covered, lodged
from tests.channels.member.test_relatives import proved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["covered", "lodged", "sandboxes"]  # fixtures
TALL = (
    "main a.btn, main button, main input:not([type=hidden]):not([type=radio]):not([type=checkbox]), .choice"
)
SMALL = f"""() => [...document.querySelectorAll("{TALL}")].filter(e => e.offsetParent !== null)
    .filter(e => e.getBoundingClientRect().height < 48).map(e => e.outerHTML.slice(0, 90))"""


@pytest.fixture
def enter(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A page signed in as the client is; without a client, as nobody."""
    opened = []

    def act(
        client: Client | None = None, language: str = "lo", width: int = 360, script: bool = True
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 740}, java_script_enabled=script)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if client is not None:
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )  # type: ignore[typeddict-item]
        opened.append(context)
        return context.new_page()

    yield act
    for context in opened:
        context.close()


def photo(width: int = 1000, height: int = 1400) -> dict[str, Any]:
    out = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(out, "JPEG", quality=92)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def press(page: Page) -> None:
    """The main button of the page."""
    page.locator("main form button.btn.wide[type=submit]").first.click()


def until(page: Page, address: str, said: str, seconds: int = 90) -> None:
    """Load a page again until it says something: the bank answers in its own time."""
    end = time.monotonic() + seconds
    page.goto(address)
    while said not in page.content():
        assert time.monotonic() < end, f"{address} never said {said}"
        page.wait_for_timeout(500)
        page.goto(address)


def until_checked(member_id: int, seconds: int = 60) -> None:
    """The worker has asked the sandbox bank whose account it is, and the bank said yes."""
    end = time.monotonic() + seconds
    while not PayeeAccount.objects.filter(person_id=member_id, check_result="match").exists():
        assert time.monotonic() < end, PayeeAccount.objects.values("check_result")
        time.sleep(0.3)


def sign_up(page: Page, site: str, person: Person) -> None:
    """Number, birth date, the code of the phone; then a PIN, and the 72 hours in which a new phone moves no money."""
    by_code(page, site, person)
    page.wait_for_url("**/member/welcome/")
    page.locator("main a.btn").first.click()
    set_pin(page, PINS[0])
    page.wait_for_url("**/member/me/trust/")
    assert Account.objects.filter(person=person).update(cools_until=None) == 1


def see_the_record_and_report_a_gap(page: Page, site: str, month: Month) -> None:
    """The months that were paid, and one tap about the one that is not there."""
    page.goto(f"{site}/member/record/")
    assert page.locator(f"main a[href='/member/record/{month - 1}/']").count() > 0
    page.goto(f"{site}/member/record/{month}/")
    page.locator("main details:has(button[value=missing]) > summary").first.click()
    page.locator("main button[value=missing]").first.click()
    page.get_by_text(re.compile("C[0-9]{2}-[0-9]{7}-[0-9]")).first.wait_for()
    assert Case.objects.get().kind == "missing"


@pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])
def test_from_signing_up_to_the_letter_and_the_payment(
    enter: Callable[..., Page], live_server: Any, sandboxes: Sandboxes, covered: list[Person], open_month: Month,
    benefits_officer: Account, second_benefits_officer: Account, client_of: Callable[[Account], Client], now: datetime,
    script: bool,
) -> None:  # fmt: skip
    """One unbroken way of one person: an account, the record, a gap reported, the claim, the letter, the money."""
    page, site = enter(script=script), live_server.url
    sign_up(page, site, covered[0])
    see_the_record_and_report_a_gap(page, site, open_month)
    page.goto(f"{site}/member/")
    page.locator("main a[href$='/member/benefits/']").click()
    assert_lao(page)
    page.locator(".choice[href$='/maternity/']").click()
    page.locator("main form button.btn.wide").first.click()  # claim it
    for name, typed in (
        ("day", f"{now.date() - timedelta(days=5):%d/%m/%Y}"), ("q-pregnancy_months", "9"), ("q-children", "1"),
        ("q-leave_days", "105"),
    ):  # fmt: skip
        assert page.locator("main input:not([type=hidden])").count() == 1
        page.fill(f"[name={name}]", typed)
        press(page)
    for kind in ("birth", "leave"):
        page.set_input_files(f"#photo-{kind}", photo())
        page.locator(f"section[aria-labelledby=paper-{kind}] button").click()
        page.wait_for_load_state()
        # With script the photo is made smaller first; the receipt comes a moment later.
        page.locator(f"section[aria-labelledby=paper-{kind}] .num").first.wait_for()
    assert (
        max(len(bytes(one.document.content)) for one in Evidence.objects.select_related("document"))
        <= 200_000
    )
    page.locator("a[href$='/check/']").click()
    page.locator("a[href*='/member/account/']").click()
    page.fill("[name=number]", "010123456789")
    page.fill("[name=name]", "KHAMPHENG SISAVATH")
    press(page)
    assert page.url.endswith("/check/")
    page.locator("main form button.btn.wide").first.click()  # send it
    page.wait_for_url(f"{site}/member/claims/*/")
    claim = Claim.objects.get()
    assert claim.state == "lodged" and page.url.endswith(f"/member/claims/{claim.key}/")
    until_checked(member_id=claim.person_id)

    desk, other = (
        enter(client_of(benefits_officer), "lo", 1280, script),
        enter(client_of(second_benefits_officer), "lo", 1280, script),
    )
    desk.goto(f"{site}/office/claims/")
    desk.get_by_role("link", name=claim.number).click()
    for _paper in range(2):
        desk.locator("button[name=accepted][value=yes]").first.click()
        desk.wait_for_load_state()
    desk.locator("[name=outcome][value=granted]").check()
    desk.locator("form[action$='/propose/'] button").click()
    assert desk.locator("form[action$='/decide/']").count() == 0  # not the own proposal
    other.goto(f"{site}/office/claims/{claim.number}/")
    other.locator("[name=agree][value=yes]").check()
    other.locator("form[action$='/decide/'] button").click()

    page.goto(f"{site}/member/claims/{claim.key}/")
    assert page.locator("a[href$='/letter/']").is_visible()
    letter = page.context.request.get(f"{site}/member/claims/{claim.key}/letter/")
    assert letter.ok and letter.body().startswith(b"%PDF")
    until(page, f"{site}/member/payments/?year={now.year}", "ຈ່າຍວັນທີ:")
    page.locator(".choice[href*='/member/payments/']").first.click()
    assert "1.920.000 ກີບ" in page.content()
    assert Instalment.objects.filter(state="paid", kip=1_920_000).count() == 1


@pytest.mark.parametrize(("language", "width"), NARROW)
def test_every_page_of_a_claim_is_accessible(
    enter: Callable[..., Page], live_server: Any, covered: list[Person], member: Account, lodged: Any,
    benefits_officer: Account, second_benefits_officer: Account, client_of: Callable[[Account], Client],
    as_actor: Callable[..., Actor], now: datetime, language: str, width: int,
) -> None:  # fmt: skip
    client = client_of(member)
    done = lodged(client)
    client.post(
        "/member/account/", {"bank": "sandbox", "number": "010123456789", "name": "KHAMPHENG SISAVATH"}
    )
    PayeeAccount.objects.update(check_result="match")
    there = answer_all(
        client, begin(client), now.date(), pregnancy_months="9", children="2", leave_days="120"
    )
    page, site = enter(client, language, width), live_server.url

    def see(address: str, name: str, least: int = 48) -> None:
        page.goto(f"{site}{address}")
        shoot(page, f"{name}-{language}-{width}")
        assert_accessible(page)
        assert not least or page.evaluate(SMALL) == [], address

    see("/member/", "home-draft")
    see("/member/benefits/", "happened")
    see("/member/benefits/maternity/", "event")
    see("/member/claims/", "claims")
    see(there.replace("/papers/", "/question/day/"), "question-day")
    see(there.replace("/papers/", "/question/leave_days/"), "question-whole")
    page.fill("[name=q-leave_days]", "x")
    press(page)
    page.locator("[data-error-summary]").wait_for()
    shoot(page, f"question-error-{language}-{width}")
    assert_accessible(page)
    see(there, "papers")
    page.set_input_files("#photo-birth", {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
    page.locator("section[aria-labelledby=paper-birth] button").click()
    page.locator("[data-error-summary]").wait_for()
    shoot(page, f"papers-error-{language}-{width}")
    assert_accessible(page)
    see(there.replace("/papers/", "/check/"), "check")
    see("/member/account/", "account")
    proved(client, now)
    see("/member/account/?change", "account-change")
    one, two = as_actor(benefits_officer), as_actor(second_benefits_officer)
    see(f"/member/claims/{done.key}/", "claim-waiting")
    until_day = now.date() + timedelta(days=14)
    award.request_missing(one, done.number, ["birth"], "ກາໝາຍອ່ານບໍ່ອອກ", "ຫ້ອງການນະຄອນຫຼວງ", until_day)
    see(f"/member/claims/{done.key}/", "claim-missing")
    see("/member/", "home-missing")
    client.post(f"/member/claims/{done.key}/supplied/")
    officer = enter(client_of(benefits_officer), language, width)
    for address, name in (("/office/claims/", "desk-list"), (f"/office/claims/{done.number}/", "desk-claim")):
        officer.goto(f"{site}{address}")
        shoot(officer, f"{name}-{language}-{width}")
        assert_accessible(officer)
    for paper in Evidence.objects.filter(claim=done):
        award.judge(one, paper.receipt_number, True)
    award.propose(one, done.number, "granted")
    for who, name in ((benefits_officer, "desk-own"), (second_benefits_officer, "desk-decide")):
        officer = enter(client_of(who), language, width)
        officer.goto(f"{site}/office/claims/{done.number}/")
        shoot(officer, f"{name}-{language}-{width}")
        assert_accessible(officer)
    award.decide(two, done.number, True)
    see(f"/member/claims/{done.key}/", "claim-granted")
    see(f"/member/claims/{done.key}/appeal/", "appeal")
    see(f"/member/payments/?year={now.year}", "payments")
    Instalment.objects.filter(kip=1_920_000).update(state="ordered")
    first = Instalment.objects.order_by("id").first()
    assert first is not None
    visitor = enter(client, language, width)
    visitor.goto(f"{site}/status/")
    shoot(visitor, f"status-{language}-{width}")
    assert_accessible(visitor)
    visitor.fill("[name=number]", done.number)
    visitor.fill("[name=born]", f"{done.person.birth_date:%d/%m/%Y}")
    press(visitor)
    shoot(visitor, f"status-answer-{language}-{width}")
    assert_accessible(visitor)


def test_a_photo_is_made_small_on_the_phone_before_it_is_sent(
    enter: Callable[..., Page], live_server: Any, covered: list[Person], member: Account,
    client_of: Callable[[Account], Client], now: datetime,
) -> None:  # fmt: skip
    client = client_of(member)
    there = answer_all(
        client, begin(client), now.date(), pregnancy_months="9", children="1", leave_days="105"
    )
    page = enter(client)
    page.goto(f"{live_server.url}{there}")
    large = photo(2600, 3400)
    assert len(large["buffer"]) > 1_000_000
    page.set_input_files("#photo-birth", large)
    for _tenth in range(100):  # our own policy allows no text that becomes script, so the page is asked again
        if page.evaluate("document.getElementById('photo-birth').files[0].size") <= 200_000:
            break
        page.wait_for_timeout(100)
    assert page.evaluate("document.getElementById('photo-birth').files[0].size") <= 200_000
    assert page.evaluate("document.getElementById('photo-birth').files[0].type") == "image/jpeg"
    page.locator("section[aria-labelledby=paper-birth] button").click()
    page.locator("section[aria-labelledby=paper-birth] .num").first.wait_for()
    assert Evidence.objects.get().kind == "birth"
