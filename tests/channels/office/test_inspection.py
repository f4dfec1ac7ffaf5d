"""The inspector's check on the spot, by number or by the signed code of the worker's card (C126, A23)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from pakan.operations import certify, issuing
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.care.models import IssuedCard
from pakan.registers.people.models import Employer, Person
from tests.operations.conftest import kham
from tests.operations.families import confirmed

__all__ = ["kham"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def check(
    inspector: Account, factory: Employer, client_of: Callable[[Account], Client]
) -> Callable[[str], str]:
    client = client_of(inspector)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def post(number: str) -> str:
        sent = {"employer": factory.code, "number": number, "purpose": "visit"}
        return client.post("/office/check-worker/", sent).content.decode()

    return post


def card_of(person: Person, now: datetime, days: int = 30) -> tuple[IssuedCard, str]:
    issued = issuing.issue_card(now, person.id, "phone", now.date() + timedelta(days=days))
    return issued, issuing.card_code(issued)


def test_a_worker_is_checked_by_the_code_of_the_card(
    check: Callable[[str], str], factory: Employer, workers: list[Person], now: datetime
) -> None:
    _, code = card_of(workers[0], now)
    page = check(code)
    assert "Registered here" in page and workers[0].name in page and code not in page
    assert f'value="{factory.code}"' in page and f'value="{workers[0].number}"' in page
    assert "Registered here" in check(workers[0].number)
    assert (
        AuditRow.objects.filter(act="inspect.worker", person_id=workers[0].id, purpose="visit").count() == 2
    )


def test_abuse_A23_a_false_withdrawn_or_foreign_card_gives_no_worker(
    check: Callable[[str], str],
    workers: list[Person],
    registrar: Account,
    as_actor: Callable[..., Actor],
    now: datetime,
) -> None:
    issued, code = card_of(workers[0], now)
    turned = code[:60] + ("A" if code[60] != "A" else "B") + code[61:]
    for wrong in (turned, code[:-30], "x" * 100):
        page = check(wrong)
        assert "Registered here" not in page and workers[0].name not in page and 'class="error"' in page
    certify.withdraw(as_actor(registrar), issued.serial, "lost")
    assert "This card was withdrawn" in check(code)
    _, old = card_of(workers[1], now - timedelta(days=90))
    assert "The time of this card is over" in check(old)
    assert not AuditRow.objects.filter(act="inspect.worker").exists(), "nobody was looked at"


def test_the_card_of_a_child_is_not_the_workers(
    check: Callable[[str], str], member: Account, member_person: Person, registrar: Account,
    as_actor: Callable[..., Actor], now: datetime,
) -> None:  # fmt: skip
    child = confirmed(as_actor(member), as_actor(registrar))
    until = now.date() + timedelta(days=30)
    issued = issuing.issue_card(now, member_person.id, "phone", until, member=child)
    page = check(issuing.card_code(issued))
    assert "This is the card of a family member" in page and child.name not in page
