"""How the interface reads: unchanged answers in short, faults in the language asked for, and a month checked without lodging."""

from collections.abc import Callable

import pytest

from pakan.operations import apikeys
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.contributions.models import Sheet
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.channels.partners.payroll import ROOT, Software, key_for, lines
from tests.channels.partners.test_employer_api import counts, prepared

pytestmark = pytest.mark.django_db
READS = ("employees", "notices", "receipts", "statement", "webhooks", "events")


def test_what_did_not_change_is_told_in_short(software: Software, workers: list[Person]) -> None:
    for path in READS:
        first = software.ask(path)
        mark = {"Authorization": f"Bearer {software.text}", "If-None-Match": first.headers["ETag"]}
        again = software.client.get(ROOT + path, headers=mark)
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["ETag"] == first.headers["ETag"] and "no-store" in again.headers["Cache-Control"]
        other = software.client.get(ROOT + path, headers=mark | {"If-None-Match": '"x", W/"y"'})
        assert (other.status_code, other.content) == (200, first.content), path
        head = software.client.head(ROOT + path, headers={"Authorization": f"Bearer {software.text}"})
        assert (head.status_code, head.headers["ETag"], head.content) == (200, first.headers["ETag"], b"")
    leave = {"day": "2026-10-31", "reason": "resigned"}
    before = software.ask(f"employees/{workers[0].number}").headers["ETag"]
    assert software.send(f"employees/{workers[0].number}/leave", leave).status_code == 200
    assert software.ask(f"employees/{workers[0].number}").headers["ETag"] != before
    assert "ETag" not in Software("live_x.y").ask("employees").headers, "a fault has no mark"


@pytest.mark.parametrize(
    ("asked", "name"), [("lo", "lo"), ("en-GB,en;q=0.9", "en"), ("fr", "lo"), ("", "lo")]
)
def test_a_fault_speaks_the_language_that_was_asked_for(software: Software, asked: str, name: str) -> None:
    told = software.client.get(
        f"{ROOT}declarations/x", headers=software.headers("") | {"Accept-Language": asked}
    )
    body = told.json()
    assert body["detail"] == body["says"][name] and told.headers["Content-Language"] == name
    assert body["title"] == {"lo": "ບໍ່ພົບ", "en": "Not found"}[name]
    assert "Accept-Language" in told.headers["Vary"]


def test_each_address_knows_its_own_parameters_only(software: Software) -> None:
    for path in (
        "declarations/x?cursor=1",
        "webhooks?limit=5",
        "notices?state=all",
        "statement?month=2026-10",
    ):
        refused = software.ask(path)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "parameter"), path
    assert software.ask("employees?limit=1&limit=2").json()["code"] == "repeated"
    wrong = software.client.put(f"{ROOT}employees", "{}", content_type="application/json")
    assert wrong.status_code == 405 and set(wrong.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_a_month_is_checked_without_lodging_it(
    software: Software, open_month: Month, workers: list[Person], administrator: Account, factory: Employer,
    as_actor: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """By a key that only reads, as often as the quota allows; the same answer as preparing gives, and nothing is kept."""
    reader = key_for(as_actor(administrator), factory, ["declarations:read"])[1]
    sent = lines(workers)
    sent[2]["wage"], sent[3]["name"] = 100_000, "ຄົນ ອື່ນ"
    body, before = {"month": str(open_month), "lines": sent}, counts()
    checked = [reader.send("declarations/check", body) for _ in range(2)]
    assert counts() == before and not Sheet.objects.exists()
    assert checked[0].status_code == 200 and checked[0].content == checked[1].content
    assert "id" not in checked[0].json()
    made = prepared(software, open_month, workers, lines=sent).json()
    assert {name: made[name] for name in checked[0].json()} == checked[0].json()
    assert (
        software.send("declarations/check", {"month": str(open_month)}).json()["errors"][0]["code"]
        == "lines_needed"
    )
    future = software.send("declarations/check", body | {"month": str(open_month + 3)})
    assert [(one["pointer"], one["code"]) for one in future.json()["errors"]] == [("/month", "future")]
    monkeypatch.setattr(apikeys, "USE", 0)
    often = reader.send("declarations/check", body)
    assert often.status_code == 429 and int(often.headers["Retry-After"]) > 0
