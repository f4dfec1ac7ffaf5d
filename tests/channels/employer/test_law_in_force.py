"""What the pages of employers and members say after a decree: today's law for today's work, the old for the old."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pakan.law.calendar.due import due_date
from pakan.operations import declare
from pakan.operations.law_in_force import in_force, one_law
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.contributions.models import Declaration
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from pakan.units.words import english_date
from tests.operations.desk import declared
from tests.operations.lawyers import approved, entry, law_officer

pytestmark = pytest.mark.django_db
Act = Callable[..., Actor]


def english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_a_line_is_explained_by_the_law_that_priced_it(
    preparer: Account, approver: Account, member: Account, factory: Employer, workers: list[Person],
    open_month: Month, system: Actor, as_actor: Act, client_of: Callable[[Account], Client],
) -> None:  # fmt: skip
    by, signer = as_actor(preparer), as_actor(approver)
    declared(by, signer, factory, open_month, wage=5_000_000)
    officers = [law_officer(system, name) for name in ("khamla", "sisavath", "bouakham")]
    approved(officers, entry({"ceiling": "6.000.000"}, open_month.first))
    client = english(client_of(preparer))
    address = f"/employer/{factory.code}/{open_month}/worker/{workers[0].number}/"
    before = client.get(address).content.decode()
    assert "only 4,500,000 kip count" in before and "Decision 1740/MOLSW" in before
    sheet = declare.correct(by, factory, open_month, "again")
    after = client.get(address).content.decode()
    assert "only 4,500,000 kip count" not in after and "5,000,000" in after
    sheet = declare.hand_over(by, sheet, sheet.revision)
    correction = declare.approve(signer, sheet, sheet.revision)
    assert (correction.law, correction.wages_insured) == (1, 12 * 5_000_000)
    assert Declaration.objects.get(version=1).wages_insured == 12 * 4_500_000
    page = english(client_of(member)).get(f"/member/record/{open_month}/").content.decode()
    assert "5.000.000" in page or "5,000,000" in page


def test_a_holiday_that_staff_added_moves_the_day_that_the_employer_sees(
    preparer: Account,
    factory: Employer,
    open_month: Month,
    system: Actor,
    client_of: Callable[[Account], Client],
) -> None:
    usual = due_date(open_month)
    officers = [law_officer(system, name) for name in ("khamla", "sisavath", "bouakham")]
    named = {"days": usual.isoformat(), "name_lo": "ວັນພັກ", "name_en": "Holiday"}
    approved(officers, entry(named, usual, group="holidays"))
    page = english(client_of(preparer)).get(f"/employer/{factory.code}/{open_month}/").content.decode()
    assert english_date(due_date(open_month, [usual])) in page


def test_a_page_shows_one_law_from_top_to_bottom_and_the_next_page_the_new_one(
    preparer: Account,
    factory: Employer,
    open_month: Month,
    system: Actor,
    client_of: Callable[[Account], Client],
) -> None:
    client, officers = (
        client_of(preparer),
        [law_officer(system, one) for one in ("khamla", "sisavath", "boua")],
    )
    with one_law():
        assert in_force().number == 0
        approved(officers, entry({"ceiling": "6.000.000"}, open_month.first))
        assert in_force().number == 0
    assert in_force().number == 1
    client.get(f"/employer/{factory.code}/{open_month}/")  # the chain of decrees is read once in this process
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/employer/{factory.code}/{open_month}/")
    assert sum("decrees_decree" in one["sql"] for one in asked.captured_queries) == 1
