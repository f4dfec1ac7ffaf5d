"""The main job in Chromium, in Lao: upload, mend, approve, pay in the sandbox bank, receipt, the member sees it."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from pakan.integrations.banks.bank import PaymentNotice
from pakan.operations import collect, declare, reconcile
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Account
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.browser.stage import Sandboxes, assert_accessible, assert_lao, for_guide, shoot
from tests.cast import PASSWORD
from tests.operations.test_main_job import sign, wage_list

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def wage_file(folder: Path, workers: list[Person], month: Month) -> Path:
    """His own layout: a title, Lao headings, a totals row; the letter O in one wage, a slip in one number."""
    import xlsxwriter

    path = folder / "ເງິນເດືອນ.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("ເງິນເດືອນ")
    sheet.write_string(0, 0, f"ໂຮງງານຕັດຫຍິບ ດອກຈຳປາ · {month}")
    for column, head in enumerate(("ລ/ດ", "ຊື່ ແລະ ນາມສະກຸນ", "ລະຫັດປະກັນສັງຄົມ", "ເງິນເດືອນພື້ນຖານ")):
        sheet.write_string(2, column, head)
    for row, person in enumerate(workers, 3):
        number = person.number
        wage: Any = 3_000_000
        if row == 5:
            wage = "3.0O0.000"
        if row == 7:
            number = number[:-1] + str((int(number[-1]) + 1) % 10)
        sheet.write_number(row, 0, row - 2)
        sheet.write_string(row, 1, person.name)
        sheet.write_string(row, 2, number)
        (sheet.write_string if isinstance(wage, str) else sheet.write_number)(row, 3, wage)
    sheet.write_string(len(workers) + 3, 1, "ລວມທັງໝົດ")
    sheet.write_number(len(workers) + 3, 3, 36_000_000)
    book.close()
    return path


def sign_in(context: BrowserContext, site: str, account: Account) -> Page:
    page = context.new_page()
    page.goto(f"{site}/sign-in/")
    assert_lao(page)
    page.fill("input[name=name]", account.sign_in)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form:has(input[name=password]) button[type=submit]")
    device = TOTPDevice.objects.get(user=account)
    page.fill("input[name=code]", f"{totp(device.bin_key):06d}")
    page.click("main form:has(input[name=code]) button[type=submit]")
    page.wait_for_url(re.compile("/employer/"))
    return page


def press(page: Page, button: Locator) -> None:
    """Press and wait for the page that follows."""
    with page.expect_navigation():
        button.first.click()


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_from_the_wage_file_to_the_members_record(
    screen: dict[str, int],
    browser: Browser,
    live_server: Any,
    sandboxes: Sandboxes,
    preparer: Account,
    approver: Account,
    factory: Employer,
    workers: list[Person],
    member: Account,
    open_month: Month,
    as_actor: Callable[..., Actor],
    now: datetime,
    tmp_path: Path,
) -> None:
    site, name = live_server.url, "phone" if screen == PHONE else "desk"
    _last_month_is_paid(preparer, approver, factory, open_month - 1, as_actor, now)
    file = wage_file(tmp_path, workers, open_month)
    options: dict[str, Any] = {"viewport": screen, "locale": "lo-LA"}
    context = browser.new_context(**options)

    page = sign_in(context, site, preparer)
    assert_accessible(page)
    page.goto(f"{site}/employer/{factory.code}/{open_month}/")
    assert_accessible(page)
    page.set_input_files("input[type=file]", file)
    page.click("form:has(input[type=file]) button[type=submit]")
    page.wait_for_url(re.compile("/columns/"))
    assert_accessible(page)
    page.click("main form[data-unsaved] button[type=submit]")
    page.wait_for_url(re.compile("/check/"))
    assert_accessible(page)
    shoot(page, f"check-{name}")
    for_guide(page, "employer", "check-wide")
    assert page.locator("tr.err").count() == 2
    # The letter O: one click. The slip in the number: his own worker is offered.
    press(page, page.locator("tr.err button", has_text="3.000.000"))
    slip = page.locator("tr.err").first
    press(page, slip.locator("button[value^='number:']"))
    assert page.locator("tr.err").count() == 0
    shoot(page, f"mended-{name}")
    assert_accessible(page)
    press(page, page.locator("form[action$='/hand-over/'] button[type=submit]"))
    context.close()

    context = browser.new_context(**options)
    page = sign_in(context, site, approver)
    page.goto(f"{site}/employer/{factory.code}/{open_month}/approve/")
    shoot(page, f"approve-{name}")
    assert_accessible(page)
    page.click("button[value=approve]")
    page.wait_for_url(re.compile("/pay/"))
    shoot(page, f"pay-{name}")
    assert_accessible(page)
    reference = (
        page.locator("[data-copy]").first.get_attribute("data-copy")
        or page.locator(".big .num").first.inner_text()
    )
    form = page.request.get(f"{site}/employer/{factory.code}/{open_month}/form/")
    assert form.body().startswith(b"%PDF")

    _pay_at_the_bank(browser, sandboxes.bank, reference.replace(" ", ""))
    receipt = page.locator("a[href*='/receipt/']")
    expect(receipt.first).to_be_visible(timeout=30_000)  # the page changed by itself; nobody reloaded it
    assert_accessible(page)
    shoot(page, f"paid-{name}")
    paper = page.request.get(site + (receipt.first.get_attribute("href") or ""))
    assert paper.body().startswith(b"%PDF")
    number = (receipt.first.get_attribute("href") or "").rstrip("/").split("/")[-1]
    page.goto(f"{site}/check/{number}/")
    assert_accessible(page)
    assert "4.140.000" in page.inner_text("main")
    context.close()

    _the_member_sees_it(browser, site, sandboxes, workers[0], open_month)
    assert [finding.invariant for finding in reconcile.prove() if not finding.holds] == []


def _last_month_is_paid(
    preparer: Account,
    approver: Account,
    factory: Employer,
    month: Month,
    as_actor: Callable[..., Actor],
    now: datetime,
) -> None:
    sign(as_actor(preparer), as_actor(approver), wage_list(as_actor(preparer), factory, month))
    notice = collect.ask(as_actor(approver), factory, [month])
    paid = PaymentNotice(
        "HISTORY1", "", "", notice.amount, "LAK", datetime(2026, 1, 5, tzinfo=VIENTIANE), "CHAMPA", "01", notice.reference
    )  # fmt: skip
    collect.book(Actor.system(now, "bank sandbox"), "sandbox", "0100000000418", paid)
    assert declare.FIELDS


def _pay_at_the_bank(browser: Browser, bank: str, reference: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{bank}/?bill={reference}&amount=4140000")
    press(page, page.locator("form:has(input[name=way][value=exact]) button"))
    context.close()


def _the_member_sees_it(
    browser: Browser, site: str, sandboxes: Sandboxes, person: Person, month: Month
) -> None:
    context = browser.new_context(viewport=PHONE, locale="lo-LA")
    page = context.new_page()
    page.goto(f"{site}/member/")
    assert_accessible(page)
    page.fill("input[name=number]", person.number)
    page.fill("input[name=birth_date]", f"{person.birth_date:%d/%m/%Y}")
    page.click("main form button[type=submit]")
    handset = context.new_page()
    codes: list[str] = []
    for _ in range(100):
        handset.goto(f"{sandboxes.telco}/phone/{person.phone}")
        codes = re.findall(r"(?<!\d)(\d{6})(?!\d)", handset.inner_text("body"))
        if codes:
            break
        handset.wait_for_timeout(200)
    page.fill("input[name=code]", codes[0])
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    page.goto(f"{site}/member/")  # past the welcome, which offers a PIN
    assert_accessible(page)
    shoot(page, "member-home")
    page.goto(f"{site}/member/record/")
    shoot(page, "member-record")
    assert_accessible(page)
    page.goto(f"{site}/member/record/{month}/")
    assert_accessible(page)
    shoot(page, "member-month")
    seen = page.inner_text("main")
    assert "3.000.000" in seen and "180.000" in seen and "165.000" in seen
    page.goto(f"{site}/member/messages/")
    for _ in range(100):
        if "345.000" in page.inner_text("main"):
            break
        page.wait_for_timeout(200)
        page.reload()
    assert "345.000" in page.inner_text("main")
    assert_accessible(page)
    context.close()
