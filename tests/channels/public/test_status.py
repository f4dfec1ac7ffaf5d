"""Where a claim stands, by number and birth date, without signing in (C37): little, equally, and not often."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pakan.registers.access.models import Account
from pakan.registers.benefits.models import Claim
from pakan.units.number import benefit_number
from tests.channels.claimants import covered, lodged

__all__ = ["covered", "lodged"]  # fixtures


@pytest.fixture
def claim(
    lodged: Callable[[Client], Claim], member: Account, client_of: Callable[[Account], Client]
) -> Claim:
    return lodged(client_of(member))


@pytest.fixture
def visitor() -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def ask(visitor: Client, number: str, born: Any, **more: Any) -> tuple[int, str]:
    typed = born if isinstance(born, str) else f"{born:%d/%m/%Y}"
    answer = visitor.post("/status/", {"number": number, "born": typed}, **more)
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return answer.status_code, re.sub(r"\s+", " ", page)


def test_number_and_birth_date_show_the_named_steps_and_the_promised_day(
    visitor: Client, claim: Claim
) -> None:
    code, page = ask(visitor, claim.number.lower().replace("-", " "), claim.person.birth_date)
    assert code == 200
    for said in ("Received", "Papers checked", "Decided", "We promise an answer by", claim.number):
        assert said in page, said
    for secret in (claim.person.given_name, claim.person.number, "10,880,000", claim.person.phone):
        assert secret not in page


def test_lao_shows_the_same(claim: Claim) -> None:
    _code, page = ask(Client(), claim.number, claim.person.birth_date)
    assert 'lang="lo"' in page and claim.number in page


def test_abuse_an_unknown_number_and_a_wrong_birth_date_answer_alike(visitor: Client, claim: Claim) -> None:
    wrong = ask(visitor, claim.number, "01/01/1950")
    nobodys = benefit_number("B", 2026, 999_999)
    unknown = ask(visitor, nobodys, claim.person.birth_date)
    assert wrong[0] == unknown[0] == 422
    born = f"{claim.person.birth_date:%d/%m/%Y}"
    one = wrong[1].replace(claim.number, "N").replace("01/01/1950", "D")
    other = unknown[1].replace(nobodys, "N").replace(born, "D")
    assert one == other and "We find no such claim." in one


def test_abuse_the_sixth_question_about_one_number_within_an_hour_waits(
    visitor: Client, claim: Claim
) -> None:
    for _turn in range(5):
        assert ask(visitor, claim.number, "01/01/1950")[0] == 422
    assert ask(visitor, claim.number, claim.person.birth_date)[0] == 429
    other_place = ask(visitor, claim.number, claim.person.birth_date, REMOTE_ADDR="10.9.8.7")
    assert other_place[0] == 429


def test_a_draft_is_nobodys_business(visitor: Client, claim: Claim) -> None:
    Claim.objects.filter(id=claim.id).update(channel="member")
    draft = Claim.objects.create(
        key="6f9619ff-8b86-4d01-b42d-00cf4fc964aa", number=claim.number[:-3] + "999", person=claim.person,
        insured=claim.person, benefit="maternity", channel="member", started_at=claim.started_at, saved_at=claim.saved_at,
    )  # fmt: skip
    assert ask(visitor, draft.number, claim.person.birth_date)[0] == 422


@pytest.mark.parametrize(
    ("number", "born", "said"),
    [
        ("", "", "This field is required."),
        ("R26-0000123-4", "01/01/1990", "This is not the number of a claim."),
        ("B26", "31/02/1990", "Type day, month, year."),
        ("<script>", "1/1/1990", "This is not the number of a claim."),
    ],
)
def test_what_was_mistyped_is_told_at_its_field(
    db: None, visitor: Client, number: str, born: str, said: str
) -> None:
    code, page = ask(visitor, number, born)
    assert code == 422 and said in page and "data-error-summary" in page


def test_nothing_of_it_stands_in_an_address(db: None, visitor: Client) -> None:
    page = visitor.get("/status/?number=B26-0000123-4&born=01/01/1990").content.decode()
    assert 'method="post"' in page and 'value="01/01/1990"' not in page
