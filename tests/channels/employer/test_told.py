"""What the fund wrote to a person of an employer stands on that employer's first page, and on no other's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from pakan.operations import chase
from pakan.operations.law_in_force import in_force
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from pakan.units.words import english_month

pytestmark = pytest.mark.django_db


def page(client: Client, employer: Employer) -> str:
    answer = client.get(f"/employer/{employer.code}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_first_page_shows_what_we_wrote_about_this_company_to_this_person(
    factory: Employer, other_factory: Employer, preparer: Account, approver: Account, reader: Account,
    other_preparer: Account, open_month: Month, system: Actor, client_of: Callable[[Account], Client],
) -> None:  # fmt: skip
    due = in_force().due_date(open_month)
    kham = client_of(preparer)
    kham.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "What we wrote to you" not in page(kham, factory)
    for before in (7, 3, 1):
        chase.remind_employers((due - timedelta(days=before)).isoformat())
    said = f"{factory.name_lo}: {english_month(open_month)} is not declared yet."
    assert page(kham, factory).count(said) == 3
    assert other_factory.name_lo + ": " not in page(kham, factory)
    bounmy = client_of(other_preparer)
    bounmy.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert said not in page(bounmy, other_factory) and "What we wrote to you" in page(bounmy, other_factory)
    ket = client_of(reader)  # may look, and was not written to
    ket.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "What we wrote to you" not in page(ket, factory)
