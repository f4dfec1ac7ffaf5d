"""Two jobs in a month (C80, A-08): officers see them, with the sum against the ceiling; employers never hear of it."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.test import Client

from pakan.operations import declare, enrol
from pakan.operations.declare.check import recheck
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.contributions.queries import lines_of
from pakan.registers.contributions.two_jobs import in_month
from pakan.registers.people.models import Alias, Employer, Person
from pakan.units.month import Month
from tests.cast import people
from tests.channels.employer.conftest import Desk, at_desk, english, kham, wage_file

pytestmark = pytest.mark.django_db
__all__ = ["at_desk", "english", "kham"]  # fixtures


def declares(system: Actor, employer: Employer, month: Month, wages: dict[Person, int]) -> None:
    ids = np.array(sorted(person.id for person in wages), dtype=np.int64)
    by_id = {person.id: wage for person, wage in wages.items()}
    kip = np.array([by_id[int(id)] for id in ids], dtype=np.int64)
    declare.declare_wages(system, employer, month, ids, kip)


@pytest.fixture
def in_two(
    system: Actor, factory: Employer, other_factory: Employer, workers: list[Person], open_month: Month
) -> list[Person]:
    """Two workers of the factory whom the other one declares too: the first above the ceiling together, the second not."""
    declares(system, factory, open_month, dict.fromkeys(workers, 3_000_000))
    declares(system, other_factory, open_month, {workers[0]: 4_000_000, workers[1]: 1_400_000})
    return workers[:2]


@pytest.fixture
def desk(client_of: Callable[[Account], Client], inspector: Account) -> Client:
    client = client_of(inspector)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_who_stands_in_two_declarations_is_listed_the_highest_sum_first(
    in_two: list[Person], open_month: Month
) -> None:
    assert [(one.person_id, one.jobs, one.insured) for one in in_month(open_month)] == [
        (in_two[0].id, 2, 7_000_000),
        (in_two[1].id, 2, 4_400_000),
    ]
    assert in_month(open_month - 1) == []


def test_only_the_version_that_counts_is_counted(
    in_two: list[Person], system: Actor, other_factory: Employer, open_month: Month
) -> None:
    declares(system, other_factory, open_month, {in_two[0]: 1_300_000})
    assert [(one.person_id, one.insured) for one in in_month(open_month)] == [(in_two[0].id, 4_300_000)]


def test_an_old_number_of_the_same_person_is_no_second_person(
    system: Actor, other_factory: Employer, factory: Employer, workers: list[Person], open_month: Month, now: datetime
) -> None:  # fmt: skip
    old = Person.objects.filter(employments__employer=other_factory).order_by("number")[0]
    declares(system, factory, open_month, dict.fromkeys(workers, 3_000_000))
    declares(system, other_factory, open_month, {old: 2_000_000})
    assert in_month(open_month) == []
    Alias.objects.create(
        old=old, person=workers[3], why="national_id", found_by=1, found_at=now, agreed_at=now, merged_by=2, merged_at=now
    )  # fmt: skip
    assert [(one.person_id, one.insured) for one in in_month(open_month)] == [(workers[3].id, 5_000_000)]


def test_the_list_marks_what_lies_above_the_ceiling_and_tells_no_wage(
    desk: Client, in_two: list[Person], open_month: Month
) -> None:
    page = desk.get("/office/two-jobs/")
    assert [(person, over) for _one, person, over in page.context["rows"]] == [
        (in_two[0], True),
        (in_two[1], False),
    ]
    assert "3,000,000" not in page.content.decode() and "7,000,000" not in page.content.decode()
    only = desk.get(f"/office/two-jobs/?month={open_month}&kind=over").context
    assert len(only["rows"]) == only["over"]
    empty = desk.get(f"/office/two-jobs/?month={open_month - 1}").content.decode()
    assert "when two employers declared the same month" in empty


def test_a_look_at_the_wages_of_one_is_kept_for_the_worker(
    desk: Client, in_two: list[Person], workers: list[Person], open_month: Month, client_of: Callable[[Account], Client],
    member: Account,
) -> None:  # fmt: skip
    page = desk.get(f"/office/two-jobs/{open_month}/{in_two[0].id}/").content.decode()
    assert "7,000,000 kip" in page and "3,000,000 kip" in page and "0451201" in page.replace("-", "")
    row = AuditRow.objects.filter(act="look").latest("number")
    assert (row.person_id, row.purpose) == (in_two[0].id, "two jobs")
    assert "ນາຍຈ້າງສອງບ່ອນ" in client_of(member).get("/member/looks/").content.decode()
    # Somebody with one employer, a month that is none, nobody: nothing to see here.
    for rest in (f"{open_month}/{workers[5].id}", f"1999-01/{in_two[0].id}", f"{open_month}/99999999"):
        assert desk.get(f"/office/two-jobs/{rest}/").status_code == 404


def test_an_employer_never_learns_that_a_worker_has_another_one(
    kham: Desk, workers: list[Person], system: Actor, other_factory: Employer
) -> None:
    """Privacy, item 4: the check of the wage sheet says the same whether or not the worker is declared elsewhere."""
    kham.upload(wage_file([(one.number, one.name, "3000000") for one in workers]))
    before = [(line.row, line.problems) for line in lines_of(kham.sheet)], kham.sheet.summary
    page = without_tokens(kham.look("check/"))
    declares(system, other_factory, kham.month, {workers[0]: 4_000_000})
    sheet = recheck(kham.sheet)
    assert ([(line.row, line.problems) for line in lines_of(sheet)], sheet.summary) == before
    assert without_tokens(kham.look("check/")) == page


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", page)


def test_the_list_stays_within_its_questions_and_goes_page_by_page(
    desk: Client, system: Actor, factory: Employer, other_factory: Employer, open_month: Month,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    enrol.workers(system, factory, people(45, 1985, phone=False), open_month.first)
    many = dict.fromkeys(Person.objects.filter(employments__employer=factory), 2_000_000)
    declares(system, factory, open_month, many)
    declares(system, other_factory, open_month, many)
    desk.get("/office/two-jobs/")
    with django_assert_max_num_queries(16):
        page = desk.get("/office/two-jobs/?page=2")
    assert len(page.context["rows"]) == 20 and page.context["count"] == len(many)
