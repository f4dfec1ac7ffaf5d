"""Whose company it is: strangers find nothing, readers change nothing, and every page stays small whatever the size."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pakan.channels.employer.urls import urlpatterns
from pakan.operations import enrol
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.access.roles import EMPLOYER_ROLES, Role, permissions
from pakan.registers.contributions.models import Declaration, Sheet
from pakan.registers.payments.models import Receipt
from pakan.registers.people.models import Employer, Person
from tests.channels.employer.conftest import Desk, rows_of, wage_file
from tests.channels.employer.test_sign_and_pay import debt_of, notice_of

MOST_QUERIES = 20
Counted = Callable[[int], Any]


def addresses(
    employer: Employer, month: object, worker: Person, receipt: str = "R26-0000001-0"
) -> Iterator[tuple[str, str]]:
    """Every address of the channel about one company."""
    for pattern in urlpatterns:
        names = pattern.pattern.regex.groupindex
        values = {"code": employer.code, "month": month, "row": 1}
        number = receipt if pattern.name == "receipt" else worker.number
        given = {name: values.get(name, number) for name in names}
        if given:
            yield str(pattern.name), reverse(f"employer:{pattern.name}", kwargs=given)


def test_every_address_is_in_the_permission_table_for_employers_only() -> None:
    table = permissions().addresses
    for pattern in urlpatterns:
        # A signed ticket is the way into the practice house; how programs ask is everybody's to read.
        if pattern.name not in ("practice_enter", "developers"):
            assert table[f"employer:{pattern.name}"] <= EMPLOYER_ROLES, pattern.name


def test_a_foreign_company_is_not_there(
    client_of: Callable[[Account], Client], other_preparer: Account, kham: Desk, workers: list[Person]
) -> None:
    stranger = client_of(other_preparer)
    kham.upload(wage_file(rows_of(workers)))
    for name, address in addresses(kham.employer, kham.month, workers[0]):
        for answer in (
            stranger.get(address),
            stranger.post(address, {"sheet": kham.sheet.id, "do": "leave_out:1:"}),
        ):
            assert answer.status_code in (404, 405), (name, answer.status_code)
        if name not in ("mend", "hand_over", "add_days", "access"):
            assert stranger.get(address).status_code == 404, name
    assert kham.sheet.summary["left_out"] == 0


def test_a_foreign_receipt_is_not_there(
    kham: Desk,
    declared: Declaration,
    bank_tells: Callable[..., Receipt],
    client_of: Callable[[Account], Client],
    other_preparer: Account,
    other_factory: Employer,
) -> None:
    receipt = bank_tells(notice_of(kham), debt_of(kham).owed)
    address = reverse("employer:receipt", args=[other_factory.code, receipt.number])
    assert client_of(other_preparer).get(address).status_code == 404


def test_nobody_comes_in_without_signing_in(
    client: Client, factory: Employer, workers: list[Person], open_month: object
) -> None:
    for name, address in addresses(factory, open_month, workers[0]):
        answer = client.get(address)
        assert answer.status_code == 302 and "sign-in" in answer["Location"], (name, answer.status_code)


def test_a_reader_looks_and_changes_nothing(
    at_desk: Callable[[Account], Desk], reader: Account, kham: Desk, workers: list[Person]
) -> None:
    kham.upload(wage_file(rows_of(workers[1:])))
    ket, sheet = at_desk(reader), kham.sheet
    page = ket.look("check/")
    assert workers[0].name in page and "Hand over" not in page and 'name="wage-' not in page
    assert "Upload and read" not in ket.look()
    tries: list[tuple[str, dict[str, object]]] = [
        ("", {"way": "last", "key": "r1"}),
        ("", {"way": "type", "key": "r2"}),
        ("", {"way": "nobody", "key": "r3"}),
        ("", {"key": "r4", "file": wage_file(rows_of(workers))}),
        ("columns/", {"A": "number", "C": "wage"}),
        ("correct/", {"key": "r5"}),
        ("mend/", {"sheet": sheet.id, "do": "leave_out:2:"}),
        ("new/2/", {"given_name": "ໃໝ່", "family_name": "ໃໝ່", "birth_date": "2000-01-01", "sex": "f"}),
        ("hand-over/", {"sheet": sheet.id, "revision": sheet.revision}),
        ("approve/", {"do": "approve", "revision": sheet.revision}),
    ]
    for page_name, data in tries:
        answer = ket.client.post(ket.at(page_name), data)
        refused = answer.status_code in (403, 404)
        nothing_to_do = answer.status_code == 302 and page_name in ("approve/", "correct/")
        assert refused or nothing_to_do, (page_name, answer.status_code)
    assert Sheet.objects.count() == 1 and kham.sheet.revision == sheet.revision


def test_a_form_from_elsewhere_is_refused(kham: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = kham.client.cookies
    assert strict.post(kham.at(), {"way": "type", "key": "k"}).status_code == 403
    assert not Sheet.objects.exists()


def test_one_company_opens_at_once(kham: Desk) -> None:
    assert kham.client.get("/employer/")["Location"] == f"/employer/{kham.employer.code}/"


def test_an_accountant_sees_all_companies_and_what_is_due_where(
    kham: Desk,
    other_factory: Employer,
    preparer: Account,
    system: Actor,
    django_assert_max_num_queries: Counted,
) -> None:
    enrol.mandate(system, other_factory, preparer, Role.EMPLOYER_PREPARER)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = kham.client.get("/employer/").content.decode()
    assert kham.employer.name_en in page and other_factory.name_en in page and page.count("not declared") == 2


def test_the_menu_leads_to_what_is_due(kham: Desk, last_month: Declaration) -> None:
    """The oldest month that is not done comes first: here the first month of the company."""
    answer = kham.client.get(f"/employer/{kham.employer.code}/due/")
    assert answer["Location"] == f"/employer/{kham.employer.code}/{kham.employer.first_month}/"


def test_people_with_access_and_their_roles(kham: Desk) -> None:
    page = kham.client.get(f"/employer/{kham.employer.code}/people/").content.decode()
    assert "prepares the declaration" in page and "approves and signs" in page and "noy@example.la" in page


def test_workers_are_found_by_name_and_number(kham: Desk, workers: list[Person]) -> None:
    address = f"/employer/{kham.employer.code}/workers/"
    assert "12 workers" in kham.client.get(address).content.decode()
    for search in (workers[3].number, workers[3].given_name):
        page = kham.client.get(address, {"q": search}).content.decode()
        assert workers[3].name in page and workers[5].name not in page
    assert "Nobody was found" in kham.client.get(address, {"q": "zzz"}).content.decode()


PAGES = ["", "workers/", "statement/", "people/"]
MONTH_PAGES = ["", "columns/", "check/", "rows/", "typing/", "correct/", "marked/", "template/"]


@pytest.mark.parametrize("language", ["lo", "en"])
def test_every_page_is_whole_and_asks_little(
    kham: Desk,
    last_month: Declaration,
    workers: list[Person],
    language: str,
    django_assert_max_num_queries: Counted,
) -> None:
    rows = rows_of(workers[2:])
    rows[0] = (rows[0][0], rows[0][1], "32OO000")
    rows[1] = (rows[1][0], rows[1][1], "9800000")
    kham.upload(wage_file(rows))
    kham.client.cookies["language"] = language
    company = f"/employer/{kham.employer.code}/"
    for address in [company + page for page in PAGES] + [kham.at(page) for page in MONTH_PAGES]:
        with django_assert_max_num_queries(MOST_QUERIES):
            answer = kham.client.get(address, follow=True)
        assert answer.status_code == 200, address
        if answer["Content-Type"].startswith("text/html"):
            page = answer.content.decode()
            title = page.split("<title>")[1].split("</title>")[0]
            assert f'<html lang="{language}">' in page and page.count("<h1") == 1, address
            assert "<" not in title, title


@pytest.mark.parametrize("language", ["lo", "en"])
def test_signing_and_paying_ask_little(
    kham: Desk, declared: Declaration, language: str, django_assert_max_num_queries: Counted
) -> None:
    kham.send("correct/", key="again")
    kham.send("hand-over/", sheet=kham.sheet.id, revision=kham.sheet.revision)
    kham.client.cookies["language"] = language
    for page in ("approve/", "pay/", "pay/state/", "notice/", "form/", "correct/"):
        with django_assert_max_num_queries(MOST_QUERIES):
            answer = kham.client.get(kham.at(page))
        assert answer.status_code == 200, page
