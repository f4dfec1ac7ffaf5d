"""'This is wrong' on the page of a month: a case at one tap, its state and answer on the same page (C18)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from pakan.operations import report
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.cases.models import Case
from pakan.registers.people.models import Employer
from pakan.units.month import Month


def text(client: Client, month: Month) -> str:
    return re.sub(r"\s+", " ", client.get(f"/member/record/{month}/").content.decode())


def kinds(page: str) -> list[str]:
    return re.findall(r'name="kind" value="(\w+)"', page)


def test_one_tap_opens_a_case_with_that_month_and_employer(
    phone: Client, declared: Any, factory: Employer, open_month: Month
) -> None:
    declared()
    assert kinds(text(phone, open_month)) == ["wrong_wage", "not_there", "missing", "other"]
    sent = {"kind": "wrong_wage", "employer": factory.code, "text": "I earn <b>3.500.000</b>"}
    answer = phone.post(f"/member/record/{open_month}/wrong/", sent)
    assert answer["Location"] == f"/member/record/{open_month}/"
    case = Case.objects.get()
    assert (case.month, case.employer, case.kind) == (open_month, factory, "wrong_wage")
    page = text(phone, open_month)
    assert f"We have it. Your number: {case.number}" in page
    assert "What you told us" in page and "we look at it" in page
    assert "&lt;b&gt;3.500.000&lt;/b&gt;" in page and "<b>3.500.000" not in page
    phone.post(f"/member/record/{open_month}/wrong/", sent)
    assert Case.objects.count() == 1


def test_the_answer_stands_on_the_page_of_the_month(
    phone: Client, finance: Account, as_actor: Callable[[Account], Actor], open_month: Month
) -> None:
    phone.post(f"/member/record/{open_month}/wrong/", {"kind": "missing"})
    case = Case.objects.get()
    report.answer(as_actor(finance), case.number, "We asked.\nThey pay.", closes=True)
    page = text(phone, open_month)
    assert "We asked.<br>They pay." in page and "answered" in page
    assert case.number not in text(phone, open_month - 1)


def test_a_month_without_an_employer_can_be_wrong_too(phone: Client, open_month: Month) -> None:
    long_ago = open_month - 60
    assert kinds(text(phone, long_ago)) == ["missing", "other"]
    phone.post(f"/member/record/{long_ago}/wrong/", {"kind": "missing"})
    assert Case.objects.get().employer is None


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"kind": "nonsense"}, "Choose what is wrong."),
        ({}, "Choose what is wrong."),
        ({"kind": "other", "text": "x" * 501}, "Choose what is wrong."),
        ({"kind": "not_there", "employer": "0777702"}, "You have nothing to do with this employer."),
    ],
)
def test_what_cannot_be_said_is_answered_in_words(
    sent: dict[str, str], said: str, phone: Client, other_factory: Employer, open_month: Month
) -> None:
    phone.post(f"/member/record/{open_month}/wrong/", sent)
    assert said in text(phone, open_month) and not Case.objects.exists()


def test_a_month_that_has_not_come_or_is_none(phone: Client, open_month: Month) -> None:
    phone.post(f"/member/record/{open_month + 3}/wrong/", {"kind": "other"})
    assert not Case.objects.exists()
    assert phone.post("/member/record/2026-13/wrong/", {"kind": "other"}).status_code == 404
    nobody = {"kind": "other", "employer": "9999999"}
    assert phone.post(f"/member/record/{open_month}/wrong/", nobody).status_code == 404
    assert phone.get(f"/member/record/{open_month}/wrong/").status_code == 405


def test_another_member_sees_nothing_of_it(
    phone: Client, open_month: Month, workers: Any, now: Any, client_of: Callable[[Account], Client]
) -> None:
    phone.post(f"/member/record/{open_month}/wrong/", {"kind": "other", "text": "mine alone"})
    page = text(client_of(member_account(workers[1], now)), open_month)
    assert "mine alone" not in page and Case.objects.get().number not in page


def test_the_page_stays_within_its_questions(
    phone: Client, declared: Any, open_month: Month, django_assert_max_num_queries: Any
) -> None:
    declared()
    for kind in Case.Kind.values:
        phone.post(f"/member/record/{open_month}/wrong/", {"kind": kind})
    text(phone, open_month)
    with django_assert_max_num_queries(12):
        text(phone, open_month)
