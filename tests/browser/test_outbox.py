"""The outbox in Chromium: written without network, sent once, whatever is cut, killed or repeated (A21)."""

import functools
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page

from pakan.registers.access.actions import member_account
from pakan.registers.access.models import Account, AuditRow, SignIn
from pakan.registers.benefits.models import Claim
from pakan.registers.cases.models import Case
from pakan.registers.people.models import Person
from pakan.registers.submissions.models import Submission
from pakan.units.month import Month
from tests.browser.stage import assert_accessible, shoot
from tests.browser.test_offline import WORKING, kept, sign_in, until
from tests.browser.test_small_pages import visit
from tests.channels.claimants import answer_all, begin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["visit"]  # fixture
ACTS = "async () => (await Outbox.all()).map(act => [act.state, act.why || ''])"
QUIET = "async () => (await Outbox.all()).every(act => act.state === 'sent')"
QUESTION = "leave_days"  # answered 98 before; every later answer is another number


def opened(act: str = "report.open") -> int:
    """How often the act itself was done: its lines in the audit trail, which nobody can take back."""
    return AuditRow.objects.filter(act=act).count()


def write(page: Page, text: str, kind: str = "other") -> None:
    """Fill the form of the month page and tap."""
    page.locator("main details:has(form[data-outbox])").first.evaluate("one => { one.open = true }")
    form = page.locator("form[data-outbox]").first
    form.locator("textarea").fill(text)
    form.locator(f"button[value={kind}]").click(no_wait_after=True)


@pytest.fixture
def month_page(live_server: Any, open_month: Month) -> str:
    return f"{live_server.url}/member/record/{open_month}/"


@pytest.mark.parametrize(
    ("language", "width"), [("lo", 360), pytest.param("en", 320, marks=pytest.mark.night)]
)
def test_what_is_written_without_network_waits_in_sight_and_goes_by_itself(
    visit: Callable[..., Page], live_server: Any, member: Account, client_of: Callable[[Account], Client],
    month_page: str, language: str, width: int,
) -> None:  # fmt: skip
    page = visit(language, width, client_of(member))
    kept(page, f"{live_server.url}/member/")
    page.goto(month_page)
    page.context.set_offline(True)
    write(page, "ເງິນເດືອນບໍ່ຄົບ")
    page.wait_for_url("**/member/outbox/")
    until(page, "() => document.querySelectorAll('[data-outbox-list] article').length === 1")
    assert page.locator("article [data-state=waiting]").is_visible()
    assert_accessible(page)
    shoot(page, f"outbox-waiting-{language}")
    page.goto(f"{live_server.url}/member/")
    until(page, "() => document.querySelector('[data-outbox-count]').hidden === false")
    assert page.locator("[data-outbox-count] .count").inner_text() == "1"
    assert_accessible(page)
    shoot(page, f"outbox-count-{language}")
    assert opened() == 0
    page.context.set_offline(False)
    until(page, QUIET)
    assert opened() == 1 and Case.objects.get().text == "ເງິນເດືອນບໍ່ຄົບ"
    page.goto(f"{live_server.url}/member/outbox/")
    until(page, "() => document.querySelectorAll('[data-outbox-list] article').length === 1")
    assert Case.objects.get().number in page.locator("[data-says]").inner_text()
    assert_accessible(page)
    shoot(page, f"outbox-sent-{language}")
    assert page.evaluate("async () => (await Outbox.all())[0].fields") == []  # the words are not kept longer
    page.locator("[data-drop]").click()
    until(page, "async () => (await Outbox.all()).length === 0")
    page.context.close()


def test_with_network_the_person_notices_no_outbox(
    visit: Callable[..., Page], member: Account, client_of: Callable[[Account], Client], month_page: str
) -> None:
    page = visit("en", 360, client_of(member))
    page.goto(month_page)
    until(page, WORKING)
    write(page, "hello")
    page.get_by_text("We have it. Your number:").wait_for()
    assert page.url == month_page and opened() == 1 and Submission.objects.count() == 1
    assert page.evaluate(ACTS) == []
    page.context.close()


def test_who_keeps_nothing_is_asked_before_her_words_are_stored(
    visit: Callable[..., Page], member: Account, client_of: Callable[[Account], Client], month_page: str
) -> None:
    page = visit("en", 360, client_of(member))
    page.goto(month_page)
    until(page, WORKING)
    page.context.set_offline(True)
    write(page, "hello")
    asked = page.locator("[data-offered]")
    asked.wait_for()
    assert page.evaluate(ACTS) == []
    assert page.locator("form[data-outbox] textarea").first.input_value() == "hello"
    assert_accessible(page)
    shoot(page, "outbox-offer-en")
    asked.locator("button").click()
    page.wait_for_url("**/member/outbox/")
    assert page.evaluate(ACTS) == [["waiting", ""]]
    page.context.set_offline(False)
    until(page, QUIET)
    assert opened() == 1
    page.context.close()


def test_a_session_that_ended_in_between_loses_nothing(
    visit: Callable[..., Page], live_server: Any, member: Account, client_of: Callable[[Account], Client],
    month_page: str,
) -> None:  # fmt: skip
    page = visit("en", 360, client_of(member))
    kept(page, f"{live_server.url}/member/")
    page.goto(month_page)
    page.context.set_offline(True)
    write(page, "hello")
    page.wait_for_url("**/member/outbox/")
    SignIn.objects.filter(account=member).update(ended_at="2026-01-01T00:00:00Z")
    page.context.set_offline(False)
    until(
        page, "async () => (await Outbox.all()).every(act => act.state === 'needs' && act.why === 'sign-in')"
    )
    until(page, "() => document.querySelector('[data-why=sign-in]').checkVisibility()")
    assert_accessible(page)
    shoot(page, "outbox-needs-en")
    assert opened() == 0
    sign_in(page.context, live_server.url, client_of(member))
    page.goto(f"{live_server.url}/member/")
    until(page, QUIET)
    assert opened() == 1
    page.context.close()


def test_abuse_A21_a_replayed_outbox_changes_nothing_and_other_content_is_a_conflict(
    visit: Callable[..., Page], live_server: Any, member: Account, client_of: Callable[[Account], Client],
    month_page: str,
) -> None:  # fmt: skip
    page = visit("en", 360, client_of(member))
    kept(page, f"{live_server.url}/member/")
    page.goto(month_page)
    page.context.set_offline(True)
    write(page, "hello")
    page.wait_for_url("**/member/outbox/")
    copy = page.evaluate("async () => (await Outbox.all())[0]")
    page.context.set_offline(False)
    until(page, QUIET)
    page.evaluate("async (act) => { await Outbox.put(act); await Outbox.sync() }", copy)
    until(page, QUIET)
    other = copy | {"fields": [["kind", "missing"], ["text", "another"]]}
    page.evaluate("async (act) => { await Outbox.put(act); await Outbox.sync() }", other)
    assert page.evaluate(ACTS) == [["needs", "conflict"]]
    assert opened() == 1
    page.context.close()


def test_acts_of_another_profile_are_neither_shown_nor_sent(
    visit: Callable[..., Page], live_server: Any, member: Account, workers: list[Person], now: Any,
    client_of: Callable[[Account], Client], month_page: str,
) -> None:  # fmt: skip
    page = visit("en", 360, client_of(member))
    kept(page, f"{live_server.url}/member/")
    page.goto(month_page)
    page.context.set_offline(True)
    write(page, "hello")
    page.wait_for_url("**/member/outbox/")
    page.goto("about:blank")
    sign_in(page.context, live_server.url, client_of(member_account(workers[1], now)))
    page.context.set_offline(False)
    page.goto(f"{live_server.url}/member/outbox/")
    page.evaluate("() => Outbox.sync()")
    assert page.locator("[data-outbox-list] article").count() == 0
    assert page.locator("[data-outbox-count]").is_hidden()
    assert opened() == 0
    sign_in(page.context, live_server.url, client_of(member))
    page.goto(f"{live_server.url}/member/")
    until(page, QUIET)
    assert Case.objects.get().person_id == member.person_id
    page.context.close()


# --- schedules -----------------------------------------------------------------------------------------------------


class Phone:
    """One phone with its own clock, tabs that are killed, and a network that comes and goes."""

    def __init__(self, context: BrowserContext, site: str, dice: random.Random, clock: int) -> None:
        self.context, self.site, self.dice = context, site, dice
        # The phone's clock is wrong by about a year, either way; nothing may depend on it.
        context.add_init_script(f"{{ const now = Date.now; Date.now = () => now() + {clock}; }}")
        self.page = context.new_page()

    def online(self, yes: bool) -> None:
        self.context.set_offline(not yes)

    def go(self, address: str) -> None:
        """Open a page in this tab; one that is just going elsewhere by itself goes there first."""
        for _ in range(100):
            try:
                self.page.goto(address, wait_until="domcontentloaded")
                return
            except Error as elsewhere:
                assert any(
                    words in str(elsewhere) for words in ("interrupted by another", "net::ERR_ABORTED")
                )
                self.page.wait_for_timeout(50)
        raise AssertionError(f"never reached {address}")

    def kill(self, address: str) -> None:
        """A new tab; the old one is killed with whatever it was doing."""
        old, self.page = self.page, self.context.new_page()
        old.close()
        try:
            self.page.goto(address, wait_until="commit")
        except Error as cut:  # the network went at the worst moment: the browser says so, and goes on
            assert "net::ERR" in str(cut)

    def act(self, address: str, text: str, tap: Callable[[Page, str], None]) -> bool:
        """Write one thing; network and tabs change at any moment around it. Whether the phone took it for sure."""
        self.online(self.dice.random() < 0.5)
        self.go(f"{self.site}{address}")
        if self.dice.random() < 0.5:
            self.online(self.dice.random() < 0.5)
        self.page.evaluate("text => { window.writing = text }", text)
        tap(self.page, text)
        taken = self.dice.random() < 0.85
        if taken:
            self.taken(text)
        for _ in range(self.dice.randrange(3)):
            self.page.wait_for_timeout(self.dice.choice((0, 5, 20, 60)))
            step = self.dice.randrange(4)
            if step == 0:
                self.online(True)
            elif step == 1:
                self.online(False)
            else:
                self.kill(f"{self.site}/member/{self.dice.choice(('', 'outbox/', 'record/'))}")
        if not taken:
            self.kill(f"{self.site}/member/outbox/")
        return taken

    def taken(self, text: str) -> None:
        """Wait until the act is stored, or the page has gone on because it was sent."""
        try:
            until(self.page, STORED_OR_GONE, text)
        except Error as moved:
            assert "context was destroyed" in str(moved) or "navigat" in str(moved)

    def settle(self) -> None:
        """The network stays: everything goes, and the phone is asked until nothing waits."""
        self.online(True)
        self.go(f"{self.site}/member/outbox/")
        until(self.page, QUIET)
        self.page.evaluate("async () => { for (const act of await Outbox.all()) await Outbox.drop(act.id) }")


STORED_OR_GONE = """(text) => window.writing !== text || typeof Outbox !== 'object' ||
    Outbox.all().then(acts => acts.some(act => act.fields.some(field => field[1] === text)))"""


def answer(page: Page, days: str) -> None:
    """Answer the question of the claim and tap."""
    page.fill(f"[name=q-{QUESTION}]", days)
    page.locator("form.question button[type=submit]").click(no_wait_after=True)


def acts_of(device: int, months: list[Month], question: str) -> list[tuple[str, str, Any]]:
    """What one phone does: three reports about each month, and after each month another answer in its claim."""
    todo: list[tuple[str, str, Any]] = []
    for month in months:
        for kind in ("other", "missing", "not_there"):
            text = f"act {device}-{len(todo)}"
            todo.append((f"/member/record/{month}/", text, functools.partial(write, kind=kind)))
        todo.insert(-1, (question, str(99 + len(todo)), answer))
    return todo


@pytest.mark.parametrize(
    ("schedules", "devices"),
    [pytest.param(8, 1, id="sample"), pytest.param(200, 12, id="200", marks=pytest.mark.night)],
)
def test_abuse_A21_schedules_of_network_and_killed_tabs_do_each_act_once(
    browser: Browser, live_server: Any, workers: list[Person], now: Any, client_of: Callable[[Account], Client],
    open_month: Month, schedules: int, devices: int,
) -> None:  # fmt: skip
    """Each act that the phone took is done once, in order; one whose tab was killed at the tap is done once or not at all."""
    taken: set[str] = set()
    answers = 0
    for device in range(devices):
        client = client_of(member_account(workers[device], now))
        first = answer_all(
            client, begin(client), now.date(), pregnancy_months="9", children="1", leave_days="98"
        )
        question = first.replace("papers/", f"question/{QUESTION}/")
        before = opened("claim.answer")
        context = browser.new_context(viewport={"width": 360, "height": 640})
        sign_in(context, live_server.url, client)
        clock = (-1) ** device * 365 * 24 * 3_600_000
        phone = Phone(context, live_server.url, random.Random(2100 + device), clock)
        kept(phone.page, f"{live_server.url}/member/")
        todo = acts_of(device, [open_month - back for back in range(6)], question)
        todo = todo[: -(-(schedules - device) // devices)]
        for address in {address for address, _text, _tap in todo}:  # so that it opens without network too
            phone.page.goto(f"{live_server.url}{address}")
        said = ["98"]  # what the answer may be in the end: the last one that was taken, or a later one
        for address, text, tap in todo:
            was_taken = phone.act(address, text, tap)
            if address == question:
                said = [text] if was_taken else [*said, text]
            elif was_taken:
                taken.add(text)
        phone.settle()
        context.close()
        told = Claim.objects.get(person=workers[device]).told.get(QUESTION)
        assert str(told) in said
        answers += opened("claim.answer") - before
    done = list(Case.objects.values_list("text", flat=True))
    assert len(done) == len(set(done)) == opened()
    assert len(done) + answers == Submission.objects.count()
    assert taken <= set(done)
    # Most were taken before their tab was killed: the test tests something.
    assert len(taken) > len(done) * 0.6
