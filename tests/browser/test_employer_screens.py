"""Every page of a company that its people reach by their links, and those of a month at work: in Lao at 320 pixels, by night
in both languages and wider. The question about doubles is asked by typing somebody who is on record.
"""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from pakan.operations import collect, declare, plan
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.contributions.models import SheetLine
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.browser.screens import Screens, reached, screens
from tests.browser.stage import assert_accessible, shoot
from tests.operations.conftest import dara, kham, noy
from tests.operations.desk import declared, lines, pays, sheet_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["dara", "kham", "noy", "screens"]  # fixtures
WHO = ("preparer", "approver", "administrator")


@pytest.fixture
def at_work(
    kham: Actor, noy: Actor, dara: Actor, factory: Employer, other_factory: Employer, workers: list[Person],
    open_month: Month, now: datetime,
) -> dict[str, str]:  # fmt: skip
    """A company with a month of each kind: paid, owed in a plan, billed, handed over, and half checked. What to look at."""
    paid, owed, billed, handed, half = (open_month - back for back in (4, 3, 2, 1, 0))
    Employer.objects.filter(id=factory.id).update(first_month=paid.first)
    declared(kham, noy, factory, paid)
    pays(now, collect.ask(noy, factory, [paid]))
    declared(kham, noy, factory, owed)
    asked = plan.ask(noy, factory, 3, "The flood took our stock.", plan.preview(factory, 3, noy.today).seal)
    plan.decide(dara, asked, True, "We looked into it and agree.")
    declared(kham, noy, factory, billed)
    collect.ask(noy, factory, [billed])
    sheet = declare.start_typing(kham, factory, handed, "handed")
    sheet = declare.write_wages(kham, sheet, dict.fromkeys(lines(sheet), "3200000"))
    for code in list(sheet.summary["by_code"]):
        sheet = declare.confirm_all(kham, sheet, code)
    declare.hand_over(kham, sheet, sheet.revision)
    like = Person.objects.filter(employments__employer=other_factory).order_by("id")[0]
    wages = ["32OO000", "9800000", *["3000000"] * 8]
    rows = [[at, one.number, one.name, wages[at]] for at, one in enumerate(workers[2:])]
    open_sheet = sheet_of(kham, factory, half, [*rows, [11, "", like.name, "2600000"]])
    new = SheetLine.objects.get(sheet=open_sheet, number="")
    return {
        "preparer check": f"{half}/check/", "preparer rows": f"{half}/rows/", "preparer typing": f"{half}/typing/",
        "preparer register": f"{half}/new/{new.row}/", "preparer forgotten": f"{billed}/forgotten/",
        "preparer correct": f"{billed}/correct/",
        "preparer cost": f"workers/one-more/?wage=3200000&month={half.month:02d}/{half.year}",
        "approver approve": f"{handed}/approve/", "approver pay": f"{billed}/pay/", "approver plan": "debts/plan/?count=3",
        "approver matter": f"debts/matter/{asked.number}/", "administrator debit": "debit/",
    }  # fmt: skip


def test_every_page_of_a_company(
    screens: Screens, at_work: dict[str, str], factory: Employer, other_factory: Employer,
    client_of: Callable[[Account], Client], request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    walked, start = set[str](), f"/employer/{factory.code}/"
    for who in WHO:
        client = client_of(request.getfixturevalue(who))
        found = {name: at for name, at in reached(client, screens.wrong, start).items() if name not in walked}
        walked |= set(found)
        found |= {key.replace(" ", ":"): start + at for key, at in at_work.items() if key.startswith(who)}
        screens.walk(client, found)
        if who == "preparer":
            asks_about_doubles(screens, client, start + at_work["preparer register"], other_factory)
    assert not screens.wrong, "\n".join(screens.wrong)
    assert len(walked) > 22, sorted(walked)


def asks_about_doubles(screens: Screens, client: Client, address: str, other_factory: Employer) -> None:
    """Type somebody who works elsewhere: the question comes first, and does not say the whole number."""
    like = Person.objects.filter(employments__employer=other_factory).order_by("id")[0]
    page = screens.page_of(client, "lo")
    page.goto(screens.site + address)
    page.fill("[name=given_name]", like.given_name)
    page.fill("[name=family_name]", like.family_name)
    page.fill("[name=birth_date]", f"{like.birth_date:%d/%m/%Y}")
    page.check(f"[name=sex][value={like.sex}]")
    page.click("main form button[type=submit]")
    page.wait_for_selector(f"[name=same][value='{like.id}']")
    assert like.number not in page.content()
    assert_accessible(page)
    shoot(page, "employer-doubles-lo")
    page.context.close()
