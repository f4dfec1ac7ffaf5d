"""The outbox in Chromium: written without network, sent once, whatever is cut, killed or repeated (A21)."""

import functools
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Error, Page

from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow, SignIn
from pakan.registers.benefits.models import Claim, PayeeAccount
from pakan.registers.cases.models import Case
from pakan.registers.families.models import FamilyMember
from pakan.registers.lives.models import DeathReport
from pakan.registers.people.models import Person
from pakan.registers.relatives.models import Entrusted
from pakan.registers.submissions.models import Submission
from pakan.registers.voluntary.models import Membership
from pakan.registers.wishes.models import Correction
from pakan.units.month import Month
from tests.browser.stage import assert_accessible, shoot
from tests.browser.test_claim import photo
from tests.browser.test_offline import FILLED, WORKING, kept, sign_in, until
from tests.browser.test_small_pages import visit
from tests.cast import enrol_factory
from tests.channels.claimants import answer_all, begin
from tests.channels.member.test_relatives import gives

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["visit"]  # fixture
ACTS = "async () => (await Outbox.all()).map(act => [act.state, act.why || ''])"
QUIET = "async () => (await Outbox.all()).every(act => act.state === 'sent')"
QUESTION = "leave_days"  # answered 98 before; every later answer is another number
CHANGE, JOIN = "/member/voluntary/change/", "/member/voluntary/join/all/"
JOINS = {"income": "1200000", "months": "3"}
A_DEVICE = 17  # schedules of one phone
SCHEDULES = int(os.environ.get("PAKAN_SCHEDULES", "200"))  # by night; the standard's long run has 500
SEED = int(os.environ.get("PAKAN_SEED", "2100"))


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


def waiting(page: Page, count: int) -> None:
    """The tap is over: the list shows so many acts, none of them sent."""
    page.wait_for_url("**/member/outbox/")
    until(page, f"() => document.querySelectorAll('[data-outbox-list] article').length === {count}")
    assert page.locator("article [data-state=waiting]:visible").count() == count


def tap(page: Page, selector: str) -> None:
    page.locator(selector).click(no_wait_after=True)


def seen(page: Page, name: str) -> None:
    assert_accessible(page)
    shoot(page, f"outbox-{name}")


@pytest.mark.parametrize(
    ("language", "width"), [("lo", 360), pytest.param("en", 320, marks=pytest.mark.night)]
)
def test_every_family_of_acts_waits_and_what_needs_a_code_or_a_bank_says_that_it_cannot(
    visit: Callable[..., Page], live_server: Any, member: Account, workers: list[Person], now: Any,
    client_of: Callable[[Account], Client], open_month: Month, language: str, width: int,
) -> None:  # fmt: skip
    client, home = client_of(member), f"{live_server.url}/member/"
    session = client.session
    session["proved_at"] = now.isoformat()  # for the change of number
    session.save()
    page = visit(language, width, client)
    kept(page, home, 6)
    page.goto(f"{home}data/correct/")
    page.goto(f"{home}helpers/new/")
    joined_offline(page, home, language)
    dead = workers[1]
    page.goto(f"{home}death/")  # kept beforehand
    page.fill("[name=number]", dead.number)
    page.fill("[name=born]", f"{dead.birth_date:%d/%m/%Y}")
    page.fill("[name=died_on]", f"{now.date():%d/%m/%Y}")
    page.check("[name=relation][value=spouse]")
    seen(page, f"death-{language}")
    tap(page, "main form[data-outbox] button[type=submit]")
    waiting(page, 2)
    page.goto(f"{home}data/correct/")  # kept because it was looked at
    page.check("[name=field][value=village]")
    page.fill("[name=wanted]", "ໂພນທັນ")
    page.set_input_files("[name=proof]", photo(3000, 4200))
    tap(page, "main form[data-outbox] button")
    waiting(page, 3)
    seen(page, f"families-{language}")
    assert not Membership.objects.exists() and not DeathReport.objects.exists()
    page.context.set_offline(False)
    until(page, QUIET)
    assert DeathReport.objects.get().person == dead
    asked = Correction.objects.get()
    assert asked.wanted == "ໂພນທັນ" and len(bytes(asked.proof.content)) <= 200_000
    page.goto(f"{home}outbox/")
    page.get_by_text(asked.number).wait_for()
    seen(page, f"families-sent-{language}")
    assert Submission.objects.count() == 3
    chosen_offline(page, home, language)
    no_code_offline(page, home, language)
    no_bank_offline(page, home, language)
    helper_offline(page, home, language, workers[2])
    page.context.close()


def joined_offline(page: Page, home: str, language: str) -> None:
    """The questions of joining come one by one with network; without it they stand on one page, with what was typed."""
    page.goto(f"{home}voluntary/")  # fetches the pages that come next
    until(page, FILLED, 10)
    page.context.set_offline(True)
    tap(page, "main a.btn.wide")
    page.fill("[name=income]", "1.200.000")
    tap(page, "form[data-now] button")
    page.wait_for_url("**/member/voluntary/join/all/#*")
    assert page.input_value("[name=income]") == "1.200.000"
    page.check("[name=months][value='3']")
    page.locator("[name=since]").first.check()
    seen(page, f"join-{language}")
    tap(page, "main form[data-outbox] button[type=submit]")
    waiting(page, 1)


def no_bank_offline(page: Page, home: str, language: str) -> None:
    """The bank says whose account it is, so an account cannot wait: that is said before it is typed, and nothing is lost."""
    page.goto(f"{home}account/")
    assert page.locator("[data-before]").is_hidden()
    page.context.set_offline(True)
    page.locator("[data-before]").wait_for()
    page.fill("[name=number]", "0101 2345 678")
    page.fill("[name=name]", "KHAMPHENG")
    tap(page, "form[data-now] button[type=submit]")
    page.locator("[data-offered]").wait_for()
    assert page.input_value("[name=number]") == "0101 2345 678"
    seen(page, f"account-{language}")
    page.context.set_offline(False)
    page.locator("[data-before]").wait_for(state="hidden")
    tap(page, "form[data-now] button[type=submit]")
    page.locator("#known").wait_for()
    assert PayeeAccount.objects.get().name == "KHAMPHENG"


def helper_offline(page: Page, home: str, language: str, helper: Person) -> None:
    """A mandate waits, and then for its owner: by the tap on its line it is given, once."""
    member_account(helper, timezone.now())
    page.context.set_offline(True)
    page.goto(f"{home}helpers/new/")
    page.fill("[name=number]", helper.number)
    page.fill("[name=birth_date]", f"{helper.birth_date:%d/%m/%Y}")
    page.check("[name=scopes][value=record]")
    page.check("[name=days][value='30']")
    tap(page, "main form[data-outbox] button[type=submit]")
    page.wait_for_url("**/member/outbox/")
    page.context.set_offline(False)
    page.locator("[data-why=prove]:visible").wait_for()
    seen(page, f"prove-{language}")
    assert not Entrusted.objects.exists()
    page.locator("article:has([data-why=prove]:not([hidden])) [data-mend]").click()
    page.wait_for_url("**/member/helpers/")
    until(page, QUIET)
    assert Entrusted.objects.get().holder.person == helper and opened("entrust.give") == 1


def chosen_offline(page: Page, home: str, language: str) -> None:
    """Another choice, then a pause, both without network: they go in this order. A bank cannot be asked."""
    page.goto(f"{home}voluntary/change/")
    page.goto(f"{home}voluntary/")
    page.context.set_offline(True)
    tap(page, "form[data-now] button")
    page.locator("[data-offered]").wait_for()
    seen(page, f"bank-{language}")
    page.goto(f"{home}voluntary/change/")
    page.fill("[name=income]", "1.500.000")
    tap(page, "main form[data-outbox] button")
    page.wait_for_url("**/member/outbox/")
    page.goto(f"{home}voluntary/")
    page.locator("main details:has(button[value=pause])").evaluate("one => { one.open = true }")
    tap(page, "button[value=pause]")
    page.wait_for_url("**/member/outbox/")
    page.context.set_offline(False)
    until(page, QUIET)
    one = Membership.objects.get()
    assert (one.income, one.state) == (1_500_000, "paused")
    acts = AuditRow.objects.filter(act__in=["voluntary.choose", "voluntary.pause"]).order_by("number")
    assert list(acts.values_list("act", flat=True)) == ["voluntary.choose", "voluntary.pause"]


def no_code_offline(page: Page, home: str, language: str) -> None:
    """The change of the phone number needs a code: it does not wait, says so, and what was typed goes when there is network."""
    before = len(page.evaluate(ACTS))
    page.goto(f"{home}me/phone/")
    page.fill("#id_phone", "020 5555 9999")
    page.context.set_offline(True)
    for _twice in range(2):
        tap(page, "form[data-now] button")
        page.locator("[data-offered]").wait_for()
    assert page.locator("[data-offered]").count() == 1
    assert page.input_value("#id_phone") == "020 5555 9999"
    seen(page, f"code-{language}")
    page.context.set_offline(False)
    tap(page, "form[data-now] button")
    page.wait_for_url("**/member/me/phone/code/")
    assert len(page.evaluate(ACTS)) == before


# --- schedules -----------------------------------------------------------------------------------------------------


class Phone:
    """One phone with its own clock, tabs that are killed, and a network that comes and goes."""

    def __init__(self, context: BrowserContext, site: str, dice: random.Random, clock: int) -> None:
        self.context, self.site, self.dice = context, site, dice
        # The phone's clock is wrong by about a year, either way; nothing may depend on it.
        context.add_init_script(f"{{ const now = Date.now; Date.now = () => now() + {clock}; }}")
        assert context.browser is not None
        self.chromium = context.browser.new_browser_cdp_session()
        self.open = self.tab()

    @property
    def page(self) -> Page:
        """The tab that the person looks at."""
        return self.open[0]

    def tab(self) -> tuple[Page, str]:
        """A new tab, and its name in Chromium."""
        page = self.context.new_page()
        session = self.context.new_cdp_session(page)
        name = session.send("Target.getTargetInfo")["targetInfo"]["targetId"]
        session.detach()
        return page, str(name)

    def online(self, yes: bool) -> None:
        self.context.set_offline(not yes)

    def end(self, tab: tuple[Page, str]) -> None:
        """Close a tab, whatever it is doing. Chromium forgets to close one that is just changing its page, and with a
        debugger at it waits for ever: so it is told again, until the tab is gone (docs/reference/outbox.md).
        """
        page, name = tab
        for again in range(100):
            if again % 10 == 0:
                try:
                    self.chromium.send("Target.closeTarget", {"targetId": name})
                except Error as gone:
                    assert "No target with given id" in str(gone)
            if page.is_closed():
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{page.url} does not close")

    def go(self, address: str) -> None:
        """Open a page in a new tab; the one before ends then. In one tab, a page that is just going on by itself and an
        address that is opened from outside cancel each other, now and then without a word.
        """
        old, self.open = self.open, self.tab()
        self.page.goto(address, wait_until="domcontentloaded")
        self.end(old)

    def kill(self, address: str) -> None:
        """A new tab; the old one is killed with whatever it was doing."""
        old, self.open = self.open, self.tab()
        self.end(old)
        try:
            self.page.goto(address, wait_until="commit")
        except Error as cut:  # the network went at the worst moment: the browser says so, and goes on
            assert "net::ERR" in str(cut)

    def act(self, address: str, text: str, tap: Callable[[Page, str], None]) -> bool:
        """Write one thing; network and tabs change at any moment around it. Whether the phone took it for sure."""
        self.online(self.dice.random() < 0.5 or "/for/" in address)  # another person's page is not kept
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


def choose(page: Page, income: str) -> None:
    """Insure another income and tap."""
    page.fill("[name=income]", income)
    page.locator("main form[data-outbox] button[type=submit]").click(no_wait_after=True)


def join(page: Page, income: str) -> None:
    """Answer the three questions on one page and tap."""
    page.check("[name=months][value='3']")
    page.locator("[name=since]").first.check()
    choose(page, income)


def declare(page: Page, name: str) -> None:
    """Add a child with the photo of a paper, and tap."""
    page.fill("[name=given_name]", name)
    page.fill("[name=family_name]", "ວົງສາ")
    page.fill("[name=birth_date]", f"01/01/{2010 + len(name) % 10}")  # of another year: no twin to ask about
    page.check("[name=sex][value=f]")
    page.set_input_files("[name=paper]", photo(300, 400))
    page.locator("main form[data-outbox] button[type=submit]").click(no_wait_after=True)


def end(page: Page, key: str) -> None:
    """Take a mandate back."""
    page.locator(f"form:has([value='{key}']) button").click(no_wait_after=True)


Act = tuple[str, str, Callable[[Page, str], None]]


@dataclass
class Story:
    """Whose phone it is, what was begun for her, and what her phone will do."""

    person: Person
    owner: Person  # whom she helps, and who helps her
    question: str  # of her claim
    helping: str  # of the claim that she sends for the owner
    keys: list[str]  # of mandates that she may end
    said: dict[str, list[str]]  # by page: what it may be in the end, the last one taken or a later one
    taken: set[str] = field(default_factory=set)

    def acts(self, device: int, months: list[Month]) -> list[Act]:
        """With each month a report and two acts of other kinds: an answer of one of two claims, a choice, a child, the end
        of a mandate.
        """
        kinds: list[tuple[str, Callable[[int], str], Callable[[Page, str], None]]] = [
            (self.question, lambda at: str(99 + at), answer),
            ("/member/helpers/", lambda _at: self.keys.pop(), end),
            (CHANGE, lambda at: str(1_200_000 + at), choose),
            (
                "/member/family/new/child/",
                lambda at: f"ແກ້ວ{'ກ' * (1 + at // 3)}{'ຂ' * (1 + device)}",
                declare,
            ),
            (self.helping, lambda at: str(99 + at), answer),
        ]
        todo: list[Act] = []
        for month in months:
            kind = ("other", "missing", "not_there")[len(todo) // 3 % 3]
            report = functools.partial(write, kind=kind)
            todo.append((f"/member/record/{month}/", f"act {device}-{len(todo)}", report))
            for _other in range(2):
                address, text, tap = kinds[(len(todo) - len(todo) // 3 - 1) % len(kinds)]
                todo.append((address, text(len(todo)), tap))
        return todo

    def go(self, phone: Phone, act: Act) -> None:
        address, text, _tap = act
        was_taken = phone.act(*act)
        if address in self.said:
            self.said[address] = [text] if was_taken else [*self.said[address], text]
        elif was_taken:
            self.taken.add(text)

    def standing(self) -> dict[str, str]:
        """The answers and the choice as they are in the end."""
        own, hers = (Claim.objects.get(person=one).told.get(QUESTION) for one in (self.person, self.owner))
        income = Membership.objects.get(person=self.person).income
        return {self.question: str(own), self.helping: str(hers), CHANGE: str(income)}


def beginning(
    client: Client,
    person: Person,
    owner: Person,
    helpers: list[Account],
    now: Any,
    as_actor: Callable[..., Actor],
) -> Story:
    """The person of a phone has begun a claim, helps to claim, lets others help, and insures herself."""
    said = {"pregnancy_months": "9", "children": "1", "leave_days": "98"}
    today, own = now.date(), as_actor(member_account(person, now))
    first = answer_all(client, begin(client), today, **said)
    held = gives(as_actor(member_account(owner, now)), member_account(person, now), "claim")
    begun = client.post(f"/member/for/{held.key}/claims/start/maternity/", {"key": uuid4()})["Location"]
    answer_all(client, client.get(begun)["Location"], today, **said)
    mine = [gives(own, helper, "record").key for helper in helpers]
    client.post("/member/voluntary/join/", JOINS | {"since": str(Month.of(today))})
    question, helping = (
        f"{start}question/{QUESTION}/" for start in (first.replace("papers/", ""), str(begun))
    )
    return Story(
        person, owner, question, helping, mine, {question: ["98"], helping: ["98"], CHANGE: ["1200000"]}
    )


def joins_again(phone: Phone, client: Client, story: Story) -> None:
    """She left, and comes back by her phone: after that she insures what she wrote there, or has still left."""
    client.post("/member/voluntary/stop/", {"act": "leave"})
    phone.page.goto(
        f"{phone.site}/member/voluntary/"
    )  # says that she left, and fetches the pages that come next
    until(phone.page, "async (address) => !!(await caches.match(address))", JOIN)
    was_taken = phone.act(JOIN, "1900000", join)
    phone.settle()
    one = Membership.objects.get(person=story.person)
    assert (one.state, one.income) == ("active", 1_900_000) or (one.state == "left" and not was_taken)


@pytest.mark.parametrize(
    "schedules",
    [pytest.param(8, id="sample"), pytest.param(SCHEDULES, id=str(SCHEDULES), marks=pytest.mark.night)],
)
def test_abuse_A21_schedules_of_network_and_killed_tabs_do_each_act_once(
    browser: Browser, live_server: Any, system: Actor, now: Any, client_of: Callable[[Account], Client],
    as_actor: Callable[..., Actor], open_month: Month, schedules: int,
) -> None:  # fmt: skip
    """Each act that the phone took is done once, in order; one whose tab was killed at the tap is done once or not at all."""
    devices = -(-schedules // A_DEVICE)
    factory = enrol_factory(system, "0451201", "ໂຮງງານຕັດຫຍິບ ດອກຈຳປາ", open_month - 12, 2 * devices + 4)
    people = list(Person.objects.filter(employments__employer=factory).order_by("number"))
    helpers = [member_account(one, now) for one in people[-4:]]
    taken: set[str] = set()
    answered = 0
    for device, person in enumerate(people[:devices]):
        client = client_of(member_account(person, now))
        story = beginning(client, person, people[devices + device], helpers, now, as_actor)
        before = opened("claim.answer")
        context = browser.new_context(viewport={"width": 360, "height": 640})
        sign_in(context, live_server.url, client)
        clock = (-1) ** device * 365 * 24 * 3_600_000
        phone = Phone(context, live_server.url, random.Random(SEED + device), clock)
        kept(phone.page, f"{live_server.url}/member/")
        todo = story.acts(device, [open_month - back for back in range(6)])
        todo = todo[: -(-(schedules - device) // devices)]
        for address in {address for address, _text, _tap in todo}:  # so that it opens without network too
            phone.page.goto(f"{live_server.url}{address}")
        for act in todo:
            story.go(phone, act)
        phone.settle()
        assert all(told in story.said[page] for page, told in story.standing().items())
        joins_again(phone, client, story)
        context.close()
        taken |= story.taken
        answered += opened("claim.answer") - before
    done = [*Case.objects.values_list("text", flat=True), *FamilyMember.objects.values_list("given_name", flat=True),
            *Entrusted.objects.exclude(ended_at=None).values_list("key", flat=True)]  # fmt: skip
    assert len(done) == len(set(done)) == opened() + opened("family.ask") + opened("entrust.end")
    others = answered + opened("voluntary.choose") + opened("voluntary.join") - devices
    assert len(done) + others == Submission.objects.count()
    assert taken <= set(done)
    # Most were taken before their tab was killed: the test tests something.
    assert len(taken) > len(done) * 0.6
