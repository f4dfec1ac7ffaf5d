"""A decree that officers approved is at once everyone's law: on the pages and in the interface."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from pakan.registers.access.actor import Actor
from pakan.units.month import Month
from tests.operations.lawyers import approved, entry, law_officer

pytestmark = pytest.mark.django_db
API = "/api/v1/law/"


@pytest.fixture
def since(system: Actor, open_month: Month) -> date:
    """The first day of a new ceiling of 6,000,000 kip."""
    officers = [law_officer(system, name) for name in ("khamla", "sisavath")]
    day = (open_month + 2).first
    approved(officers, entry({"ceiling": "6.000.000"}, day))
    return day


def owed(client: Client, month: Month) -> int:
    asked = f"{API}contribution?scheme=enterprise&wage=9000000&month={month}"
    return int(client.get(asked).json()["insured"])


def test_the_interface_reckons_with_it_from_its_first_day(client: Client, since: date) -> None:
    month = Month.of(since)
    assert (owed(client, month - 1), owed(client, month)) == (4_500_000, 6_000_000)
    values = client.get(f"{API}histories/enterprise").json()["values"]
    changes = next(value for value in values if value["name"] == "ceiling")["changes"]
    assert (changes[-1]["since"], changes[-1]["value"]) == (since.isoformat(), 6_000_000)


def test_a_benefit_counts_the_new_wage(client: Client, since: date) -> None:
    month = Month.of(since)
    body = {
        "day": (month + 6).first.isoformat(),
        "person": {
            "born": "1990-05-01",
            "sex": "f",
            "months": [{"from": str(month - 12), "to": str(month + 5), "wage": 9_000_000}],
        },
        "answers": {"leave_days": 0},
    }
    told = client.post(f"{API}benefits/maternity/estimate", body, content_type="application/json").json()
    assert [each["kip"] for each in told["amounts"]] == [3_600_000]


def test_the_pages_reckon_with_it_and_show_it(client: Client, since: date) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    asked = {"wage": "9000000", "month": f"{since:%m/%Y}", "workers": "1", "scheme": "enterprise"}
    assert "360,000 kip" in client.get("/law/contribution/", asked).content.decode()
    shown = client.get("/law/values/enterprise/").content.decode()
    assert "6,000,000 kip" in shown
    assert shown.index("6,000,000 kip") < shown.index("1 January 2017")
