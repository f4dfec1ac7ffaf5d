"""Officers at the pages of late debts: what waits, who may decide, the account that the employer sees too."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from pakan.operations import clear, collect, dispute, plan
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.compliance.models import Matter
from pakan.registers.contributions.models import Obligation
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.operations.conftest import kham, noy
from tests.operations.debtors import debt, pays_late, rate

__all__ = ["debt", "kham", "noy", "rate"]  # fixtures
pytestmark = pytest.mark.django_db
WHY = "The flood of September took our stock."


def english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def asked(debt: Obligation, noy: Actor, factory: Employer) -> Matter:
    return plan.ask(noy, factory, 3, WHY, plan.preview(factory, 3, noy.today).seal)


def test_a_plan_is_decided_from_the_list(
    asked: Matter, finance: Account, client_of: Callable[[Account], Client]
) -> None:
    client = english(client_of(finance))
    assert asked.number in client.get("/office/debts/").content.decode()
    assert client.post(f"/office/debts/{asked.number}/", {"do": "yes", "text": ""}).status_code == 422
    answer = client.post(f"/office/debts/{asked.number}/", {"do": "yes", "text": "You pay on time since."})
    assert answer.status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by_id) == ("approved", finance.id)
    again = client.post(f"/office/debts/{asked.number}/", {"do": "no", "text": "You pay on time since."})
    assert again.status_code == 422 and "done this already" in again.content.decode()


def test_an_inspector_reads_but_grants_no_plan(
    asked: Matter, inspector: Account, client_of: Callable[[Account], Client]
) -> None:
    client = english(client_of(inspector))
    assert 'value="yes"' not in client.get(f"/office/debts/{asked.number}/").content.decode()
    answer = client.post(f"/office/debts/{asked.number}/", {"do": "yes", "text": "You pay on time since."})
    assert answer.status_code == 403
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_a_look_at_a_workers_line_is_seen_by_the_worker(
    debt: Obligation, kham: Actor, factory: Employer, workers: list[Person], finance: Account,
    client_of: Callable[[Account], Client],
) -> None:  # fmt: skip
    matter = dispute.line(kham, factory, debt.month, workers[0], WHY)
    client_of(finance).get(f"/office/debts/{matter.number}/")
    assert AuditRow.objects.filter(
        act="look", person_id=workers[0].id, object=f"matter {matter.number}"
    ).exists()


def test_who_proposes_an_assessment_does_not_confirm_it(
    factory: Employer,
    inspector: Account,
    finance: Account,
    client_of: Callable[[Account], Client],
    open_month: Month,
) -> None:
    first, second = english(client_of(inspector)), english(client_of(finance))
    address = f"/office/employers/{factory.code}/assess/"
    wrong = first.post(address, {"month": "", "workers": "0", "wage": "x", "text": ""})
    assert wrong.status_code == 422 and wrong.content.decode().count('class="error"') >= 4
    month = f"{(open_month - 2).month:02d}/{(open_month - 2).year}"
    sent = {"month": month, "workers": "10", "wage": "3.000.000", "text": "Seen at the visit of the works."}
    assert first.post(address, sent).status_code == 302
    matter = Matter.objects.get(kind="assessment")
    assert matter.amount == 3_450_000
    page = first.get(f"/office/debts/{matter.number}/").content.decode()
    assert "another officer decides" in page
    assert (
        first.post(f"/office/debts/{matter.number}/", {"do": "yes", "text": "I say it is so."}).status_code
        == 422
    )
    second.post(f"/office/debts/{matter.number}/", {"do": "yes", "text": "The visit is on record."})
    matter.refresh_from_db()
    assert matter.state == "shown"


def test_employer_and_officer_read_the_same_account(
    rate: None, debt: Obligation, kham: Actor, factory: Employer, approver: Account, finance: Account,
    client_of: Callable[[Account], Client],
) -> None:  # fmt: skip
    collect.ask(kham, factory, [debt.month])
    pays_late(debt, kham.at, 1_000_000, 10)

    def rows(client: Client, address: str) -> list[str]:
        page = english(client).get(address).content.decode()
        table = page[page.index("<tbody", page.index("Late charges (₭)")) :]
        return re.sub(r"<[^>]+>|\s+", " ", table[: table.index("</tbody>")]).split()

    own = rows(client_of(approver), f"/employer/{factory.code}/statement/")
    assert own == rows(client_of(finance), f"/office/employers/{factory.code}/") and len(own) > 8


def test_a_certificate_is_withdrawn_with_a_reason(
    factory: Employer, noy: Actor, finance: Account, client_of: Callable[[Account], Client], open_month: Month
) -> None:
    Employer.objects.filter(id=factory.id).update(first_month=(open_month + 1).first)
    made = clear.issue(noy, Employer.objects.get(id=factory.id))
    client = english(client_of(finance))
    assert client.post(f"/office/certificates/{made.number}/", {"text": ""}).status_code == 422
    assert (
        client.post(f"/office/certificates/{made.number}/", {"text": "A month is missing."}).status_code
        == 302
    )
    assert "A month is missing." in client.get(f"/office/certificates/{made.number}/").content.decode()


@pytest.mark.parametrize(("back", "blocked"), [(6, True), (-1, False)])
def test_an_officer_sees_at_once_that_an_employer_gets_no_certificate(
    back: int,
    blocked: bool,
    factory: Employer,
    finance: Account,
    open_month: Month,
    client_of: Callable[[Account], Client],
) -> None:
    """Six months of nothing are in the way; who begins next month has nothing to declare yet."""
    Employer.objects.filter(id=factory.id).update(first_month=(open_month - back).first)
    page = english(client_of(finance)).get(f"/office/employers/{factory.code}/").content.decode()
    assert ("Blocked: no clearance certificate" in page) is blocked
