"""Patterns that one claim alone does not show, and promises missed twice: plainly listed for who can look (A7, C51)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest
from django.test import Client

from pakan.registers.access.models import Account
from pakan.registers.access.roles import Role
from pakan.registers.benefits.models import Award, Claim, ClaimDecision, ClaimStep, PayeeAccount
from pakan.registers.benefits.watching import accounts, officer_days, pairs, splits
from pakan.registers.people.models import Person

pytestmark = pytest.mark.django_db
In = Callable[[Account], Client]
LIMIT = 10_000_000
numbers = count(1)


class Office:
    """Twelve officers, each pair of neighbours decides now and then; and people with an account of their own."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.officers = [
            Account.objects.create(
                sign_in=f"officer{at}", kind="staff", full_name=f"ພະນັກງານ {at}", made_at=now,
                staff_roles=[Role.BENEFITS_OFFICER.value],
            )
            for at in range(12)
        ]  # fmt: skip

    def person(self, account: str = "") -> tuple[Person, PayeeAccount]:
        at = next(numbers)
        made = Person.objects.create(
            number=f"66{at:05d}", given_name=f"ຄຳ{at}", family_name="ໄຊ", key="x", sex="f", registered_at=self.now,
            birth_date=self.now.date() - timedelta(days=9000),
        )  # fmt: skip
        payee = PayeeAccount.objects.create(
            person=made,
            bank="sandbox",
            number=account or f"77{at:08d}",
            name="X",
            asked_at=self.now,
            usable_from=self.now,
        )
        return made, payee

    def grant(
        self, one: int, two: int, kip: int, whom: tuple[Person, PayeeAccount] | None = None, days: int = 9
    ) -> None:
        person, payee = whom or self.person()
        at, place = self.now - timedelta(days=days), next(numbers)
        claim = Claim.objects.create(
            key=uuid4(), number=f"P{place}", person=person, insured=person, benefit="sickness", channel="office",
            started_at=at, saved_at=at,
        )  # fmt: skip
        decision = ClaimDecision.objects.create(
            claim=claim, version=1, facts={}, told={}, law=1, outcome="granted", confidence="high", estimate=False,
            proposed_by=self.officers[one], proposed_at=at, decided_by=self.officers[two], decided_at=at,
            letter_number=f"L{place}",
        )  # fmt: skip
        Award.objects.create(
            claim=claim, decision=decision, person=person, benefit="sickness", expense="5050", kind="lump_sum", label="x",
            kip=kip, start=at.date(), total=kip, payee=payee, payee_digest="x",
        )  # fmt: skip

    def honest(self) -> None:
        """Everybody decides with everybody: no pair has more than a fifth of anybody's decisions."""
        for one in range(12):
            for ahead in range(1, 12):
                self.grant(one, (one + ahead) % 12, 2_000_000, days=5 + ahead)


@pytest.fixture
def office(db: None, now: datetime) -> Office:
    return Office(now)


def since(now: datetime) -> datetime:
    return now - timedelta(days=365)


def test_abuse_A7_twenty_planted_patterns_are_listed_and_honest_work_is_not(
    office: Office, now: datetime
) -> None:
    office.honest()
    assert (pairs(since(now)), accounts(since(now)), splits(since(now), LIMIT)) == ([], [], [])
    for place in range(8):  # eight accounts that three persons' money goes to
        for _ in range(3):
            office.grant(
                place,
                place + 4 if place < 8 else 0,
                1_000_000,
                office.person(f"99{place:08d}"),
                days=40 + place,
            )
    for place in range(8):  # eight times one person, split into two below the limit within a month
        whom = office.person()
        for days in (30, 50):
            office.grant(place, (place + 3) % 12, 6_000_000, whom, days=days)
    for _ in range(30):  # two pairs
        office.grant(8, 9, 500_000)
        office.grant(10, 11, 500_000)
    for one in (0, 1):  # two officers, many grants just below the limit
        for ahead in range(1, 7):
            office.grant(one, (one + ahead) % 12, LIMIT - 10_000 * ahead)
    found = pairs(since(now))
    ids = [each.id for each in office.officers]
    assert {(one.one_id, one.two_id) for one in found} == {(ids[8], ids[9]), (ids[10], ids[11])}
    assert all(one.percent > 30 for one in found)
    shared = accounts(since(now))
    assert len(shared) == 8 and {one.people for one in shared} == {3}
    split = splits(since(now), LIMIT)
    assert len([one for one in split if one.person_id]) == 8
    assert {one.officer_id for one in split if one.person_id is None} == set(ids[:2])
    assert len(found) + len(shared) + len(split) == 20


def test_sums_of_an_officer_and_day_add_up(office: Office, now: datetime) -> None:
    for _ in range(3):
        office.grant(0, 1, 5_000_000)
    office.grant(2, 1, 4_000_000)
    found = officer_days(since(now))
    assert [(one.many, one.kip) for one in found] == [(3, 15_000_000), (1, 4_000_000)]


def test_the_auditor_reads_the_patterns_and_an_officer_does_not(
    office: Office, client_of: In, auditor: Account, benefits_officer: Account
) -> None:
    for _ in range(6):
        office.grant(0, 1, 500_000, office.person("9900000009"))
    shown = client_of(auditor).get("/office/patterns/").content.decode()
    assert "ພະນັກງານ 0" in shown and "••••0009" in shown and "9900000009" not in shown
    assert client_of(benefits_officer).get("/office/patterns/").status_code == 404


def test_a_promise_missed_twice_goes_to_an_officer_who_had_no_hand_in_the_claim(
    client_of: In,
    benefits_officer: Account,
    second_benefits_officer: Account,
    workers: list[Person],
    now: datetime,
) -> None:
    claim = Claim.objects.create(
        key=uuid4(), number="B26-9", person=workers[0], insured=workers[0], benefit="sickness", channel="office",
        started_at=now, saved_at=now, event_day=now.date(),
    )  # fmt: skip
    claim.state, claim.lodged_at, claim.promised_on = "lodged", now, now.date()
    claim.save()
    ClaimStep.objects.create(claim=claim, name="paper_accepted", account=benefits_officer, at=now)
    ClaimStep.objects.create(claim=claim, name="promise_missed", at=now)
    other = client_of(second_benefits_officer)
    assert "B26-9" not in other.get("/office/late-claims/").content.decode()
    ClaimStep.objects.create(claim=claim, name="promise_missed", at=now)
    assert "B26-9" in other.get("/office/late-claims/").content.decode()
    assert "B26-9" not in client_of(benefits_officer).get("/office/late-claims/").content.decode()
