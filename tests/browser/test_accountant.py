"""An accountant's afternoon in Chromium with every act counted: a month without changes by keyboard alone, a file of 214 rows
with two slips, and twelve companies in one list.

docs/guides/employer states these counts; what is counted here is what it says.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from pakan.operations import collect, declare, enrol
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.contributions.models import Declaration
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.browser.counted import Hand
from tests.browser.stage import WAYS, Sandboxes, assert_accessible, for_guide, shoot
from tests.browser.test_passkey import by_password, make_passkey, with_key
from tests.browser.test_small_pages import visit
from tests.cast import PASSWORD, enrol_factory
from tests.channels.public.conftest import fresh_code
from tests.operations.desk import broken, file_of, pays
from tests.operations.test_declare_faults import columns

__all__ = ["visit"]  # fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAGE = 3_000_000
NAMES = ("ດອກຄູນ", "ນ້ຳງື່ມ", "ພູວຽງ", "ໄຊສົມບູນ", "ຫຼວງພະບາງ", "ຈຳປາສັກ", "ອັດຕະປື", "ສາລະວັນ", "ບໍລິຄຳ", "ຄຳມ່ວນ", "ເຊກອງ")
BOTH = (Role.EMPLOYER_ADMINISTRATOR, Role.EMPLOYER_APPROVER)


def by_keyboard(hand: Hand, site: str, account: Account) -> None:
    """Sign in without a mouse: password, then the authenticator's code."""
    hand.page.goto(f"{site}/sign-in/")
    hand.type_into("[name=name]", account.sign_in)
    hand.type_into("[name=password]", PASSWORD)
    hand.enter()
    hand.type_into("[name=code]", fresh_code(account))
    hand.enter()


def with_passkey(page: Page, site: str, account: Account) -> None:
    """As on any day after the first: the passkey was made before, and nobody is signed in."""
    with_key(page)
    by_password(page, site, account)
    make_passkey(page, "ໂທລະສັບຂ້ອຍ")
    page.locator("main form[action='/sign-out/'] button").click()
    page.wait_for_url(f"{site}/")


def filed(system: Actor, employer: Employer, months: list[Month], wage: int = WAGE) -> list[Person]:
    """These months declared as software files them, so that nobody else signs there; a little less work each month back."""
    workers = list(Person.objects.filter(employments__employer=employer).order_by("number"))
    for back, month in enumerate(reversed(months)):
        there = [one.id for one in workers[: max(len(workers) - back, 1)]]
        declare.declare_wages(system, employer, month, *columns(there, [wage] * len(there)))
    return workers


def paid(signs: Actor, employer: Employer, months: list[Month]) -> None:
    notice = collect.ask(signs, employer, months)
    pays(signs.at, notice, number=f"PAST {employer.code}")


def only_person(system: Actor, account: Account, employer: Employer, begun: Month) -> None:
    """The account is the only one that prepares and signs here."""
    for role in BOTH:
        enrol.mandate(system, employer, account, role)
    Employer.objects.filter(id=employer.id).update(one_person_may_approve=True, first_month=begun.first)


@pytest.mark.parametrize(("language", "width", "way"), [("lo", 360, "password"), ("en", 1280, "passkey")])
def test_an_unchanged_month_is_four_screens_by_keyboard_alone(
    visit: Callable[..., Page], live_server: Any, sandboxes: Sandboxes, administrator: Account, factory: Employer,
    system: Actor, as_actor: Callable[..., Actor], open_month: Month, language: str, width: int, way: str,
) -> None:  # fmt: skip
    only_person(system, administrator, factory, open_month - 11)
    Account.objects.filter(id=administrator.id).update(language=language)
    past = (open_month - 11).until(open_month - 1)
    filed(system, factory, past)
    paid(as_actor(administrator), factory, past)
    page = visit(language, width)
    if way == "passkey":
        with_passkey(page, live_server.url, administrator)
    hand = Hand(page)
    if way == "passkey":
        page.goto(f"{live_server.url}/sign-in/")
        hand.enter("[data-passkey=get] button")
    else:
        by_keyboard(hand, live_server.url, administrator)
    assert_accessible(page)
    assert page.locator(".columns svg[role=img]").count() == 2
    shoot(page, f"unchanged-1-overview-{language}-{width}")
    for_guide(page, "employer", "overview")
    hand.enter("button[value=last]")
    said = page.inner_text("main")
    assert all(figure in said.replace(",", ".") for figure in ("12", "36.000.000", "4.140.000"))
    assert_accessible(page)
    shoot(page, f"unchanged-2-approve-{language}-{width}")
    for_guide(page, "employer", "approve")
    hand.enter("button[value=approve]")
    assert_accessible(page)
    shoot(page, f"unchanged-3-pay-{language}-{width}")
    for_guide(page, "employer", "pay")
    here = f"/employer/{factory.code}/"
    shown = [address.removeprefix(live_server.url) for address in hand.screens]
    # Password and code are asked for one after the other; a passkey is both at once.
    second = ["/sign-in/second/"] if way == "password" else []
    assert shown == ["/sign-in/", *second, here, f"{here}{open_month}/approve/", f"{here}{open_month}/pay/"]
    assert (hand.presses, hand.typed) == ((4, 3) if second else (3, 0))
    assert hand.tabs < 45
    signed = Declaration.objects.get(month=open_month.first)
    assert (signed.workers, signed.wages_insured) == (12, 12 * WAGE)
    assert broken() == {}
    page.goto(f"{live_server.url}{here}statement/")
    assert page.locator(".columns svg[role=img]").count() == 2
    assert page.locator(".year-chart table tbody tr").count() == 12
    assert_accessible(page)
    shoot(page, f"statement-year-{language}-{width}")
    page.locator(".year-chart").scroll_into_view_if_needed()
    for_guide(page, "employer", "statement")
    page.context.close()


def wage_file(workers: list[Person], folder: Path) -> Path:
    """Everybody once; a letter O in the wage of row 18, a wrong last figure in the number of row 77."""
    rows: list[list[object]] = [[at, one.number, one.name, WAGE] for at, one in enumerate(workers, 1)]
    rows[16][3] = "3.0O0.000"
    slip = workers[75].number
    rows[75][1] = slip[:-1] + str((int(slip[-1]) + 1) % 10)
    path = folder / "wages.xlsx"
    path.write_bytes(file_of(rows))
    return path


@pytest.mark.parametrize(("language", "width"), WAYS[:1])
def test_a_file_of_214_rows_with_two_slips_is_eight_presses(
    visit: Callable[..., Page], live_server: Any, sandboxes: Sandboxes, administrator: Account, system: Actor,
    client_of: Callable[[Account], Client], as_actor: Callable[..., Actor], open_month: Month, tmp_path: Path,
    language: str, width: int,
) -> None:  # fmt: skip
    garments = enrol_factory(system, "0333301", "ໂຮງງານຕັດຫຍິບ ນາຊາຍທອງ", open_month - 1, 214)
    only_person(system, administrator, garments, open_month - 1)
    workers = filed(system, garments, [open_month - 1])
    paid(as_actor(administrator), garments, [open_month - 1])
    file = wage_file(workers, tmp_path)
    page = visit(language, width, client_of(administrator))
    page.goto(f"{live_server.url}/employer/{garments.code}/")
    hand = Hand(page)
    hand.click(page.locator("main a.btn").first)
    assert_accessible(page)
    for_guide(page, "employer", "ways")
    hand.choose(page.locator("input[type=file]"), file)
    hand.click(page.locator("form:has(input[type=file]) button"))
    for_guide(page, "employer", "columns")
    hand.click(page.locator("main form[data-unsaved] button[type=submit]").first)
    assert page.locator("tr.err").count() == 2
    assert_accessible(page)
    shoot(page, f"file-check-{language}-{width}")
    for_guide(page, "employer", "check")
    hand.click(page.locator("tr.err button", has_text="000.000" if language == "lo" else "000,000").first)
    hand.click(page.locator("tr.err button[value^='number:']").first)
    hand.click(page.locator("form[action$='/hand-over/'] button"))
    hand.click(page.locator("button[value=approve]"))
    assert page.url.endswith("/pay/")
    assert (hand.presses, hand.typed, len(hand.screens)) == (8, 0, 7)
    signed = Declaration.objects.get(month=open_month.first)
    assert (signed.workers, signed.wages_insured) == (214, 214 * WAGE)
    assert broken() == {}
    page.context.close()


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_twelve_companies_are_one_list_with_what_is_due_where(
    visit: Callable[..., Page], live_server: Any, sandboxes: Sandboxes, administrator: Account, factory: Employer,
    system: Actor, client_of: Callable[[Account], Client], as_actor: Callable[..., Actor], open_month: Month,
    language: str, width: int,
) -> None:  # fmt: skip
    """Done ones, a late one, one to pay, one in work, and the rest untouched; into one and back."""
    only_person(system, administrator, factory, open_month - 1)
    filed(system, factory, [open_month - 1, open_month])  # the month before is late
    others = [
        enrol_factory(system, f"08{at:03d}01", f"ບໍລິສັດ {name} ຈຳກັດ", open_month, 2)
        for at, name in enumerate(NAMES, 11)
    ]
    for one in others:
        only_person(system, administrator, one, open_month)
    for one in others[:4]:
        filed(system, one, [open_month])
    for one in others[:3]:
        paid(as_actor(administrator), one, [open_month])
    declare.start_typing(as_actor(administrator), others[4], open_month, "k")
    page = visit(language, width, client_of(administrator))
    page.goto(f"{live_server.url}/employer/")
    assert_accessible(page)
    shoot(page, f"companies-{language}-{width}")
    for_guide(page, "employer", "companies")
    rows = page.locator("tbody tr")
    assert rows.count() == 12
    first = rows.first.inner_text()
    assert factory.code[:5] in first and "7.935.000" in first.replace(",", ".")
    assert rows.nth(11).locator("a.btn.quiet").count() == 1  # what is done stands last
    assert [row.locator("a.btn:not(.quiet)").count() for row in rows.all()] == [1] * 9 + [0] * 3
    hand = Hand(page)
    with page.expect_navigation():
        page.locator(f"tr:has-text('{others[3].code[:5]}') a.btn").click()
    assert page.url.endswith(f"/{others[3].code}/{open_month}/pay/")
    if width == 360:
        page.locator("details.fold summary").click()
    assert_accessible(page)
    hand.click(page.locator("nav a[href='/employer/']:visible"))
    assert rows.count() == 12
    page.context.close()
