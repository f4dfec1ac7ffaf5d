"""Listening in Chromium: the phone's own Lao voice, else what a person has read, else words that say so; and without script."""

import struct
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pakan.channels.kit.aloud import of_page
from pakan.operations import aloud
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from tests.browser.stage import assert_accessible, assert_lao, shoot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A second of silence, as any phone plays it.
WAV = (
    b"RIFF"
    + struct.pack("<I4s4sIHHIIHH4sI", 8036, b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", 8000)
    + b"\x80" * 8000
)
VOICES = """
window.spoken = [];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: function () { return [%s]; },
  cancel: function () {},
  speak: function (one) { window.spoken.push([one.text, one.lang]); if (one.onend) setTimeout(one.onend, 50); }
} });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
window.played = [];
HTMLMediaElement.prototype.play = function () {
  window.played.push(new URL(this.src).pathname); var audio = this;
  setTimeout(function () { if (audio.onended) audio.onended(); }, 20);
  return Promise.resolve();
};
"""
LAO = '{ lang: "lo-LA", name: "a Lao voice" }'
THAI = '{ lang: "th-TH", name: "no Lao voice" }'


def open_page(browser: Browser, address: str, voices: str = "", script: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, java_script_enabled=script, locale="lo"
    )
    if script:
        context.add_init_script(VOICES % voices)
    page = context.new_page()
    page.goto(address)
    return page


def until(page: Page, holds: str) -> None:
    """Until a sentence of script is true; the policy of our pages lets Chromium not wait for it by itself."""
    for _ in range(600):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(50)
    raise AssertionError(holds)


def says(page: Page) -> str:
    return page.locator("[data-listen-says]").inner_text()


def test_a_phone_with_a_lao_voice_reads_the_page_itself(browser: Browser, live_server: Any) -> None:
    page = open_page(browser, live_server.url, LAO)
    assert_lao(page)
    page.get_by_role("link", name="ຟັງ").click()
    until(page, "window.spoken.length > 2")
    heard = page.evaluate("window.spoken.map(function (one) { return one[0]; })")
    # The script cuts the page as the server does: the same sentences, so the same fingerprints.
    assert heard == of_page(page.content())
    assert {lang for _, lang in page.evaluate("window.spoken")} == {"lo"}
    shoot(page, "listen-start")
    assert_accessible(page)


def test_without_a_lao_voice_recordings_are_played_and_what_is_missing_is_said(
    browser: Browser, live_server: Any, communicator: Account, as_actor: Callable[..., Actor]
) -> None:
    page = open_page(browser, live_server.url, THAI)
    first, *others = of_page(page.content())
    recorded = aloud.record(as_actor(communicator), first, "lo", WAV)
    page.get_by_role("link", name="ຟັງ").click()
    until(page, "window.played.length === 1")
    assert page.evaluate("window.played") == [f"/listen/{recorded.fingerprint}/"]
    until(page, "document.querySelector('[data-listen]').dataset.now === ''")
    for text in others:
        aloud.record(as_actor(communicator), text, "lo", WAV)
    page.reload()
    page.get_by_role("link", name="ຟັງ").click()
    until(page, f"window.played.length === {min(60, len(others) + 1)}")
    assert page.evaluate("window.spoken") == []


def test_with_neither_voice_nor_recording_it_says_so(browser: Browser, live_server: Any) -> None:
    page = open_page(browser, live_server.url)
    page.get_by_role("link", name="ຟັງ").click()
    until(page, "document.querySelector('[data-listen]').dataset.now === 'none'")
    assert says(page) == "ຍັງບໍ່ມີໃຜອ່ານໜ້ານີ້."
    shoot(page, "listen-none")


def test_without_script_the_sound_stands_on_a_page(
    browser: Browser, live_server: Any, communicator: Account, as_actor: Callable[..., Actor]
) -> None:
    page = open_page(browser, live_server.url, script=False)
    first = of_page(page.content())[0]
    aloud.record(as_actor(communicator), first, "lo", WAV)
    page.get_by_role("link", name="ຟັງ").click()
    assert page.locator("audio").count() == 1
    shoot(page, "listen-no-script")


def signed_in(
    browser: Browser, live_server: Any, client: Any, width: int = 1280, language: str = "en"
) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 800}, permissions=["microphone"])
    context.add_cookies(
        [{"name": name, "value": one.value, "url": live_server.url} for name, one in client.cookies.items()]
        + [{"name": "language", "value": language, "url": live_server.url}]
    )
    return context.new_page()


def test_the_communicator_records_a_sentence_with_the_microphone(
    browser: Browser, live_server: Any, communicator: Account, client_of: Callable[[Account], Any]
) -> None:
    page = signed_in(browser, live_server, client_of(communicator))
    # A made-up microphone and recorder: Chromium here has neither; the form and the upload are real.
    page.add_init_script(
        """
        Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: function () {
          return Promise.resolve({ getTracks: function () { return []; } }); } } });
        window.MediaRecorder = function () {
          var self = this; this.state = "inactive";
          this.start = function () { self.state = "recording"; };
          this.stop = function () { self.state = "inactive";
            self.ondataavailable({ data: new Blob(["OggS" + "x".repeat(500)]) }); self.onstop(); };
        };
        window.MediaRecorder.isTypeSupported = function () { return true; };
        """
    )
    page.goto(f"{live_server.url}/office/recordings/")
    assert_accessible(page)
    shoot(page, "recordings")
    page.locator("tbody a").first.click()
    text = page.locator("h1").inner_text()
    button = page.get_by_role("button", name="Record a voice")
    button.click()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector("[data-hear]:not([hidden])")
    assert_accessible(page)
    shoot(page, "recording")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/office/recordings/?in=lo")
    page.goto(f"{live_server.url}/office/recordings/?show=read")
    assert text in page.locator("tbody").inner_text()


@pytest.mark.parametrize(("width", "language"), [(360, "lo"), (1280, "en")])
def test_what_the_fund_says_is_readable_at_every_width(
    width: int, language: str, browser: Browser, live_server: Any, communicator: Account,
    client_of: Callable[[Account], Any],
) -> None:  # fmt: skip
    page = signed_in(browser, live_server, client_of(communicator), width, language)
    for name in ("wordings", "deliveries", "recordings"):
        page.goto(f"{live_server.url}/office/{name}/")
        assert_accessible(page)
        shoot(page, f"office-{name}-{width}")


def test_the_inbox_says_all_four_parts_and_how_messages_come(
    browser: Browser, live_server: Any, member: Account, client_of: Callable[[Account], Any]
) -> None:
    from datetime import UTC, datetime

    from pakan.operations import notify
    from pakan.registers.messages import actions

    rows = [
        {"key": name, "wording": name, "values": dict(notify.LONGEST), "language": "lo", "phone": "",
         "person_id": member.person_id, "account_id": member.id}
        for name in ("month_credited", "month_not_paid", "case_closed")
    ]  # fmt: skip
    actions.queue(rows, datetime.now(UTC))
    for language in ("lo", "en"):
        page = signed_in(browser, live_server, client_of(member), 360, language)
        for path in ("messages/", "messages/reach/"):
            page.goto(f"{live_server.url}/member/{path}")
            assert_accessible(page)
            shoot(page, f"member-{path.strip('/').replace('/', '-')}-{language}")
