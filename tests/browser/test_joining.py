"""Joining in Chromium: an enterprise from the first question to its first administrator; a worker who may be known; a shop."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from pakan.operations import enrol, join
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.joining.models import Request, State
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.browser.stage import NARROW, WAYS, assert_accessible, for_guide, shoot
from tests.browser.test_small_pages import visit
from tests.cast import enrol_factory
from tests.operations.test_join import photo

__all__ = ["visit"]  # fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def go_on(page: Page) -> None:
    page.locator("main form button[type=submit]").first.click()


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_an_enterprise_registers_itself(
    visit: Callable[..., Page], live_server: Any, registrar: Account, second_registrar: Account,
    client_of: Callable[[Account], Client], as_actor: Callable[..., Actor], tmp_path: Path,
    language: str, width: int,
) -> None:  # fmt: skip
    paper = tmp_path / "paper.jpg"
    paper.write_bytes(photo())
    page = visit(language, width)

    def look(name: str) -> None:
        assert_accessible(page)
        shoot(page, f"join-{name}-{language}-{width}")
        for_guide(page, "employer", f"join-{name}")

    page.goto(f"{live_server.url}/join/")
    look("1-kind")
    page.locator("input[name=kind][value=enterprise]").check()
    go_on(page)
    look("2-code")
    number, code = page.locator("main .huge").all_inner_texts()
    page.locator("main a.btn.wide").click()
    page.fill("[name=tax_number]", "123")
    go_on(page)
    look("3-wrong")
    assert page.locator("[name=tax_number]").input_value() == "123"
    page.fill("[name=name_lo]", "ຮ້ານ ຕັດຫຍິບ ຄຳຫຼ້າ")
    page.fill("[name=enterprise_number]", "01-0009912")
    page.fill("[name=tax_number]", "123456789000")
    go_on(page)
    page.select_option("[name=district]", "0102")
    page.fill("[name=village]", "ໜອງບົວທອງ")
    look("4-place")
    go_on(page)
    page.fill("[name=contact]", "ຄຳຫຼ້າ ວົງສາ")
    page.fill("[name=phone]", "020 5555 0101")
    go_on(page)
    began = as_actor(registrar).today - timedelta(days=5)
    page.fill("[name=first_hire]", f"{began:%d/%m/%Y}")
    page.locator("input[name=alone][value=yes]").check()
    go_on(page)
    for kind in ("certificate", "tax", "workers", "ids"):
        page.set_input_files(f"#paper-{kind}", str(paper))
        page.locator(f"form:has(#paper-{kind}) button[type=submit]").click()
    look("5-papers")
    page.goto(f"{live_server.url}/join/check/")
    look("6-check")
    page.locator("main button.wide").first.click()
    look("7-sent")
    assert Request.objects.get().state == State.WAITING
    page.context.close()

    office = visit(language, width, client_of(registrar))
    office.goto(f"{live_server.url}/office/joining/")
    assert_accessible(office)
    office.goto(f"{live_server.url}/office/joining/{number}/")
    assert_accessible(office)
    shoot(office, f"join-8-office-{language}-{width}")
    office.locator("button[value=propose]").click()
    office.context.close()
    join.decide(as_actor(second_registrar), number, True, "")

    page = visit(language, width)
    page.goto(f"{live_server.url}/join/again/")
    look("9-again")
    page.fill("[name=number]", number)
    page.fill("[name=code]", code)
    go_on(page)
    look("10-approved")
    page.locator("form[action$='/access/'] button").click()
    look("11-access")
    page.locator("main a.btn.wide").click()
    assert "/invited/accept/" in page.url
    assert_accessible(page)
    page.context.close()


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_worker_who_may_be_known_and_a_change(
    visit: Callable[..., Page], live_server: Any, administrator: Account, factory: Employer, workers: list[Person],
    client_of: Callable[[Account], Client], language: str, width: int,
) -> None:  # fmt: skip
    page = visit(language, width, client_of(administrator))
    here = f"{live_server.url}/employer/{factory.code}"
    page.goto(f"{here}/workers/new/")
    assert_accessible(page)
    shoot(page, f"hire-1-{language}-{width}")
    known = workers[0]
    page.fill("[name=given_name]", known.given_name)
    page.fill("[name=family_name]", known.family_name)
    page.fill("[name=birth_date]", f"{known.birth_date:%d/%m/%Y}")
    page.locator(f"input[name=sex][value={known.sex}]").check()
    page.fill("[name=start]", "02/11/2026")
    page.locator("form:has([name=given_name]) button[type=submit]").click()
    assert_accessible(page)
    shoot(page, f"hire-2-question-{language}-{width}")
    text = page.locator("main").inner_text()
    assert str(known.birth_date.year) in text and known.number not in text.replace(" ", "")
    page.fill("[name=reason]", "ລູກແຝດ ບັດຄົນລະໃບ")
    page.locator("button[value=new]").click()
    page.locator("button[value=finish]").click()
    assert Person.objects.filter(key=known.key).count() == 2
    for name in ("workers", f"workers/{known.number}/leaves", "record", "record/name", "record/close"):
        page.goto(f"{here}/{name}/")
        assert_accessible(page)
        shoot(page, f"record-{name.replace('/', '-')}-{language}-{width}")
    page.context.close()


@pytest.mark.parametrize(("language", "width"), NARROW)
def test_a_shop_with_three_workers_is_done_in_four_screens(
    visit: Callable[..., Page], live_server: Any, administrator: Account, system: Actor, open_month: Month,
    client_of: Callable[[Account], Client], language: str, width: int,
) -> None:  # fmt: skip
    shop = enrol_factory(system, "0888801", "ຮ້ານ ສາມຄົນ", open_month, 3, one_person_may_approve=True)
    for role in (Role.EMPLOYER_ADMINISTRATOR, Role.EMPLOYER_APPROVER):
        enrol.mandate(system, shop, administrator, role)
    page = visit(language, width, client_of(administrator))
    page.goto(f"{live_server.url}/employer/{shop.code}/simple/")
    assert_accessible(page)
    for place, field in enumerate(page.locator("input.money").all()):
        field.fill(str(3_000_000 + place * 100_000))
    shoot(page, f"simple-1-{language}-{width}")
    go_on(page)
    assert_accessible(page)
    shoot(page, f"simple-2-{language}-{width}")
    page.locator("button[value=approve]").click()
    assert page.url.endswith("/pay/")
    page.goto(f"{live_server.url}/employer/{shop.code}/{open_month}/slips/")
    assert_accessible(page)
    shoot(page, f"simple-slips-{language}-{width}")
    page.goto(f"{live_server.url}/employer/{shop.code}/{open_month + 1}/simple/")
    assert_accessible(page)
    shoot(page, f"simple-same-{language}-{width}")
    page.locator("button[value=same]").click()
    page.locator("button[value=approve]").click()
    assert page.url.endswith("/pay/")
    page.context.close()
