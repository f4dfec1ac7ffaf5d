"""Who lives, and who does not: the machine asks, people look twice, two decide; nothing of what was missed is lost (C46-C48)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, IntegrityError, connection, transaction

from pakan.operations import award, casework, claim, enter, life, merge
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.benefits.models import Award, Claim, Instalment, Overpayment
from pakan.registers.care.actions import issue
from pakan.registers.care.models import IssuedCard
from pakan.registers.ledger.queries import balance
from pakan.registers.lives import queries
from pakan.registers.lives.models import Death, LifeCheck, Stop
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.integrations.conftest import Process
from tests.operations.claims import (
    MOTHER,
    _vault,
    accepted,
    bank,
    chanthy,
    crew,
    father,
    firm,
    granted,
    hands_in,
    has_account,
    lodged,
    mother,
    run_jobs,
    vilay,
)
from tests.operations.desk import broken

__all__ = ["_vault", "bank", "chanthy", "crew", "father", "firm", "mother", "vilay"]
pytestmark = pytest.mark.django_db
As = Callable[..., Actor]
PENSION = 1_000_000
ROW = ("claim", "decision", "benefit", "expense", "kind", "kip", "payee", "payee_digest")  # of an award


@pytest.fixture
def pension(mother: Actor, chanthy: Actor, vilay: Actor, bank: Process, now: datetime) -> Award:
    """The first worker draws a million kip each month since over a year; written under a real decision."""
    has_account(mother)
    decision = granted(chanthy, vilay, lodged(mother, MOTHER))
    run_jobs()
    payee = decision.awards.order_by("id")[0].payee
    return Award.objects.create(
        claim=decision.claim, decision=decision, person_id=decision.claim.person_id, benefit="old_age", expense="5060",
        kind="monthly", label="pension", kip=PENSION, start=_back(now.date(), 400), payee=payee,
        payee_digest=decision.awards.order_by("id")[0].payee_digest,
    )  # fmt: skip


def _back(day: date, days: int) -> date:
    return (day - timedelta(days=days)).replace(day=1)


def paid_until_now(pension: Award, at: datetime) -> int:
    award.pay._fall_due(Actor.system(at, "benefits"), pension.id)
    run_jobs()
    return pension.instalments.filter(state="paid").count()


def overdue(pension: Award, now: datetime) -> LifeCheck:
    """A case whose day has passed."""
    found, _ = life.actions.open_check(
        pension.person_id, "yearly", now.date() - timedelta(days=1), now - timedelta(days=40)
    )
    return found


def two_tries(officer: Actor, person: Person) -> None:
    for days in (9, 2):
        life.tried(officer, person, officer.today - timedelta(days=days), "call", "nobody", "ໂທແລ້ວບໍ່ຮັບ")


def suspended(pension: Award, chanthy: Actor, vilay: Actor) -> None:
    overdue(pension, chanthy.at)
    two_tries(chanthy, pension.person)
    life.propose_stop(chanthy, pension.person, "ບໍ່ພົບຢູ່ບ່ອນໃດ")
    life.decide_stop(vilay, pension.person, True)


def test_the_machine_asks_each_year_and_reminds_and_nothing_stops(
    pension: Award, now: datetime, monkeypatch: Any
) -> None:
    before = paid_until_now(pension, now)
    for ahead in (0, 1, 30, 90, 200, 600):
        monkeypatch.setattr(life.timezone, "now", lambda ahead=ahead: now + timedelta(days=ahead))
        life.watch()
        life.watch()
    assert LifeCheck.objects.count() == 1 and not Stop.objects.exists()
    told = Message.objects.filter(person_id=pension.person_id, wording__startswith="life_")
    assert sorted(told.values_list("wording", flat=True)) == ["life_over", "life_wanted"]
    assert paid_until_now(pension, now + timedelta(days=62)) >= before + 2


@pytest.mark.parametrize("route", ["app", "counter", "village", "home", "phone"])
def test_each_way_of_showing_life_closes_the_case_for_a_year(
    route: str, pension: Award, mother: Actor, chanthy: Actor, now: datetime
) -> None:
    overdue(pension, now)
    key, person = uuid4(), pension.person
    if route == "app":
        life.show_living(mother, key)
        life.show_living(mother, key)
    elif route == "phone":
        with pytest.raises(life.Refused, match="call"):
            life.heard(chanthy, person, key)
        call = enter.begin_call(chanthy, person, "question")
        assert enter.answer_call(chanthy, call, enter.halves(call)[1])
        life.heard(chanthy, person, key)
    else:
        life.seen(chanthy, person, key, route, chanthy.today, paper="id_card", witness="ນາຍບ້ານ ສົມໝາຍ")
    assert queries.check_of(person.id) is None
    due = life.due_on(person.id, chanthy.today)
    assert due is not None and due.year == chanthy.today.year + 1
    assert Message.objects.filter(wording="life_seen", person_id=person.id).count() == 1


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"route": "app"}, "route"),
        ({"route": "counter"}, "paper"),
        ({"route": "village", "paper": "id_card"}, "witness"),
        ({"route": "home", "witness": "x", "days": 31}, "day"),
        ({"route": "home", "witness": "x", "days": -1}, "day"),
    ],
)
def test_a_proof_says_who_saw_what_and_when(
    facts: dict[str, Any], code: str, pension: Award, chanthy: Actor
) -> None:
    day = chanthy.today - timedelta(days=facts.pop("days", 0))
    with pytest.raises(life.Refused, match=code):
        life.seen(chanthy, pension.person, uuid4(), seen_on=day, **facts)


def test_abuse_A4_nobody_living_is_stopped_by_a_machine_or_by_one_person_or_before_two_tries_on_two_days(
    pension: Award, chanthy: Actor, vilay: Actor, now: datetime
) -> None:
    person = pension.person
    with pytest.raises(life.Refused, match="no_check"):
        life.propose_stop(chanthy, person, "ບໍ່ພົບ")
    check, _ = life.actions.open_check(person.id, "yearly", chanthy.today, now - timedelta(days=40))
    two_tries(chanthy, person)
    with pytest.raises(life.Refused, match="not_due"):
        life.propose_stop(chanthy, person, "ບໍ່ພົບ")
    life.seen(chanthy, person, uuid4(), "counter", chanthy.today, paper="id_card")
    check = overdue(pension, now)
    life.tried(chanthy, person, chanthy.today, "call", "nobody", "ບໍ່ຮັບ")
    life.tried(vilay, person, chanthy.today, "visit", "nobody", "ບໍ່ຢູ່")
    life.tried(vilay, person, chanthy.today - timedelta(days=3), "village", "alive", "ຍັງຢູ່")
    with pytest.raises(life.Refused, match="tries"):
        life.propose_stop(chanthy, person, "ບໍ່ພົບ")
    with pytest.raises(Error, match="days of tries"), transaction.atomic():
        Stop.objects.create(
            check_of=check, person=person, reason="x", proposed_by_id=chanthy.account_id, proposed_at=now
        )
    life.tried(chanthy, person, chanthy.today - timedelta(days=3), "call", "nobody", "ບໍ່ຮັບ")
    life.propose_stop(chanthy, person, "ບໍ່ພົບ")
    assert queries.stands_still(person.id) == ""
    with pytest.raises(life.Refused, match="same_person"):
        life.decide_stop(chanthy, person, True)
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        Stop.objects.update(agreed=True, decided_by_id=chanthy.account_id, decided_at=now)
    for verb in (life.propose_stop, life.decide_stop):
        with pytest.raises(NotAllowed):
            verb(Actor.system(now, "life"), person, "x")  # type: ignore[operator]
    life.decide_stop(vilay, person, False)
    assert queries.stands_still(person.id) == "" and paid_until_now(pension, now) > 0
    assert broken() == {}


def test_what_was_suspended_is_paid_with_all_its_months_at_the_next_proof(
    pension: Award, mother: Actor, chanthy: Actor, vilay: Actor, now: datetime
) -> None:
    before = paid_until_now(pension, now)
    suspended(pension, chanthy, vilay)
    assert award.calendar(pension.person_id, now.year + 1, now.date()) == []
    later = now + timedelta(days=100)
    assert paid_until_now(pension, later) == before
    assert pension.ended_on is None and Message.objects.filter(wording="life_stopped").count() == 1
    life.show_living(mother, uuid4())
    run_jobs()
    assert Message.objects.filter(wording="life_goes_on").count() == 1
    assert paid_until_now(pension, later) >= before + 3
    assert broken() == {}


def test_money_on_its_way_waits_while_suspended_and_goes_on_after(
    pension: Award, mother: Actor, chanthy: Actor, vilay: Actor, now: datetime
) -> None:
    award.pay._fall_due(Actor.system(now, "benefits"), pension.id)
    suspended(pension, chanthy, vilay)
    run_jobs()
    assert set(pension.instalments.values_list("state", "why")) == {("held", "no_proof")}
    life.seen(chanthy, pension.person, uuid4(), "home", chanthy.today, witness="ນາງ ຄຳ, ເຈົ້າໜ້າທີ່")
    run_jobs()
    assert set(pension.instalments.values_list("state", flat=True)) == {"paid"}
    assert broken() == {}


def died(pension: Award, chanthy: Actor, vilay: Actor, days: int) -> Death:
    life.note_death(
        chanthy, pension.person, chanthy.today - timedelta(days=days), "certificate", "ມຕ 12/2026"
    )
    return life.confirm_death(vilay, pension.person)


def test_a_confirmed_death_ends_payments_and_cards_and_what_came_after_is_too_much(
    pension: Award, chanthy: Actor, vilay: Actor, now: datetime
) -> None:
    before = paid_until_now(pension, now)
    issue(pension.person_id, "phone", now.date() + timedelta(days=60), "k", now, "enterprise")
    life.note_death(chanthy, pension.person, chanthy.today - timedelta(days=70), "certificate", "ມຕ 12/2026")
    assert queries.stands_still(pension.person_id) == ""
    assert Message.objects.filter(wording="death_noted").exists()
    with pytest.raises(life.Refused, match="same_person"):
        life.confirm_death(chanthy, pension.person)
    life.confirm_death(vilay, pension.person)
    run_jobs()
    month = Month.of(chanthy.today - timedelta(days=70))
    paid = Instalment.objects.filter(
        award__person=pension.person, state="paid"
    )  # of every award of the person
    after = paid.filter(month__gt=month)
    assert Overpayment.objects.count() == after.count() >= 1
    assert balance("1300") == sum(after.values_list("kip", flat=True))
    assert not IssuedCard.objects.filter(person=pension.person, revoked_at=None).exists()
    assert paid_until_now(pension, now + timedelta(days=90)) == before
    assert broken() == {}


def test_whoever_was_seen_after_that_day_is_not_dead_and_a_mistake_is_taken_back(
    pension: Award, mother: Actor, chanthy: Actor, vilay: Actor, now: datetime
) -> None:
    before = paid_until_now(pension, now)
    died(pension, chanthy, vilay, 0)
    life.show_living(mother, uuid4())  # a phone alone does not undo what two officers confirmed
    assert queries.stands_still(pension.person_id) == "dead"
    life.withdraw_death(chanthy, pension.person, "ຄົນຊື່ດຽວກັນ")
    run_jobs()
    assert paid_until_now(pension, now + timedelta(days=62)) >= before + 2
    with pytest.raises(life.Refused, match="alive"):
        life.note_death(chanthy, pension.person, chanthy.today - timedelta(days=9), "certificate", "1")
    assert broken() == {}


@pytest.fixture
def old_number(pension: Award, chanthy: Actor, vilay: Actor, workers: list[Person], now: datetime) -> Person:
    """The number that the pension was granted under is an old one; the person uses another today (C8)."""
    alias = merge.actions.propose_alias(
        pension.person, workers[1], "national_id", chanthy.account_id or 0, now
    )
    assert alias is not None
    facts = {"agreed_at": now, "agreed_how": "paper", "agreed_by": chanthy.account_id}
    merge.actions.change_alias(alias, **facts, merged_at=now, merged_by=vilay.account_id)
    return workers[1]


def test_a_person_with_two_numbers_is_asked_once_and_lives_under_both(
    old_number: Person, pension: Award, chanthy: Actor, vilay: Actor, now: datetime
) -> None:
    second = {"label": "second", "person_id": old_number.id, "start": pension.start}
    Award.objects.create(**{name: getattr(pension, name) for name in ROW} | second)
    life.watch()
    asked = LifeCheck.objects.get(closed_at=None)
    assert asked.person_id == old_number.id, "under the number that is in use"
    LifeCheck.objects.update(closed_at=now)
    overdue(pension, now)
    two_tries(chanthy, pension.person)
    life.propose_stop(chanthy, old_number, "ບໍ່ພົບຢູ່ບ່ອນໃດ")
    life.decide_stop(vilay, pension.person, True)
    assert {queries.stands_still(one.id) for one in (old_number, pension.person)} == {"no_proof"}
    life.seen(vilay, pension.person, uuid4(), "counter", vilay.today, paper="ບັດປະຈຳຕົວ")
    assert {queries.stands_still(one.id) for one in (old_number, pension.person)} == {""}
    assert life.due_on(old_number.id, now.date()) == life.due_on(pension.person_id, now.date())
    life.watch()
    assert not LifeCheck.objects.filter(closed_at=None).exists()


def test_a_death_under_one_number_ends_what_is_paid_under_the_other(
    old_number: Person, pension: Award, chanthy: Actor, vilay: Actor, now: datetime
) -> None:
    before = paid_until_now(pension, now)
    day = chanthy.today - timedelta(days=70)
    life.note_death(chanthy, old_number, day, "certificate", "ມຕ 12/2026")
    with pytest.raises(life.Refused, match="state"):
        life.note_death(chanthy, pension.person, day, "certificate", "ມຕ 12/2026")
    life.confirm_death(vilay, pension.person)
    run_jobs()
    assert queries.stands_still(pension.person_id) == "dead"
    assert Overpayment.objects.count() >= 1
    assert paid_until_now(pension, now + timedelta(days=90)) == before
    life.withdraw_death(chanthy, old_number, "ຄົນຊື່ດຽວກັນ")
    run_jobs()
    assert paid_until_now(pension, now + timedelta(days=62)) >= before + 2
    assert broken() == {}


def test_the_family_finds_its_claims_filled_in_once_the_death_is_confirmed(
    pension: Award, father: Actor, chanthy: Actor, vilay: Actor
) -> None:
    person, day = pension.person, chanthy.today - timedelta(days=20)
    key = uuid4()
    for number, born in ((person.number, date(1901, 1, 1)), ("9999999", person.birth_date)):
        with pytest.raises(life.Refused, match="unknown"):
            life.report_death(father, key, number, born, "spouse", day)
    for _ in range(2):
        life.report_death(father, key, person.number, person.birth_date, "spouse", day)
    assert queries.check_of(person.id) is not None and queries.stands_still(person.id) == ""
    assert not Claim.objects.filter(
        person_id=father.person_id
    ).exists()  # nothing of the record is shown before
    died(pension, chanthy, vilay, 20)
    report = queries.reports_of(person.id)[0]
    life.open_claims(chanthy, report.id)
    found = {one.benefit: one for one in Claim.objects.filter(person_id=father.person_id)}
    assert set(found) == {"death", "survivors"} and {one.state for one in found.values()} == {"draft"}
    assert {one.insured_id for one in found.values()} == {person.id}
    assert {one.event_day for one in found.values()} == {day}
    assert found["death"].told == {"who_died": "insured", "certificate": True}
    assert found["survivors"].family["spouse"]["sex"] == "m"
    assert Message.objects.filter(wording="death_claims", person_id=father.person_id).count() == 1


def test_one_death_is_granted_once_whoever_of_the_family_claims(
    pension: Award,
    father: Actor,
    crew: list[Person],
    chanthy: Actor,
    vilay: Actor,
    as_actor: As,
    now: datetime,
) -> None:
    daughter, person = as_actor(member_account(crew[2], now)), pension.person
    for who, relation in ((father, "spouse"), (daughter, "child")):
        has_account(who, name="SOMSAK V")
        life.report_death(
            who, uuid4(), person.number, person.birth_date, relation, chanthy.today - timedelta(days=3)
        )
    died(pension, chanthy, vilay, 3)
    claims = []
    for who in (father, daughter):
        made = Claim.objects.get(person_id=who.person_id, benefit="death")
        for paper in casework.papers(made):
            if paper.open:
                hands_in(who, made.key, paper.key)
        claims.append(claim.lodge(who, made.key))
        accepted(chanthy, claims[-1])
    run_jobs()
    assert not Award.objects.filter(benefit="death").exists()  # the machine leaves it to people
    first, second = claims
    for each in claims:
        award.propose(chanthy, each.number, "granted")
    award.decide(vilay, first.number, True)
    with pytest.raises(award.Refused, match="granted_already"):
        award.decide(vilay, second.number, True)
    award.decide(vilay, second.number, False, "ຈ່າຍແລ້ວ")
    with pytest.raises(award.Refused, match="granted_already"):
        award.propose(chanthy, second.number, "granted")
    assert Award.objects.filter(benefit="death").count() == 1


def test_abuse_A4_thirty_planted_deaths_are_thirty_cases_within_a_week_and_none_of_the_living_stops(
    pension: Award, mother: Actor, now: datetime, monkeypatch: Any, firm: Employer
) -> None:
    """A relative claims after each of thirty deaths; five pensioners live on. The day's job finds exactly the thirty."""
    origin = Person.objects.get(id=pension.person_id)
    people = []
    for at in range(35):
        facts = {
            "number": f"77{at:05d}",
            "birth_date": date(1950, 1, 1),
            "sex": "f",
            "key": "x",
            "registered_at": now,
        }
        people.append(Person(given_name=f"ບົວ{at}", family_name="ໄຊ", **facts))
    Person.objects.bulk_create(people)
    for person in people:
        Award.objects.create(
            claim=pension.claim, decision=pension.decision, person=person, benefit="old_age", expense="5060",
            kind="monthly", label=f"pension {person.number}", kip=PENSION, start=now.date() - timedelta(days=30),
            payee=pension.payee, payee_digest=pension.payee_digest,
        )  # fmt: skip
    for person in people[:30]:
        made = Claim.objects.create(
            key=uuid4(), number=f"T{person.number}", person=origin, insured=person, benefit="death", channel="office",
            started_at=now, saved_at=now, event_day=now.date() - timedelta(days=5),
        )  # fmt: skip
        made.state, made.lodged_at, made.promised_on = "lodged", now, now.date()
        made.save()
    for ahead in range(1, 8):
        monkeypatch.setattr(life.timezone, "now", lambda ahead=ahead: now + timedelta(days=ahead))
        life.watch()
    found = LifeCheck.objects.filter(why="claimed")
    assert set(found.values_list("person_id", flat=True)) == {one.id for one in people[:30]}
    assert not Stop.objects.exists() and not Death.objects.exists()


def test_what_was_seen_tried_and_decided_stays(pension: Award, chanthy: Actor, vilay: Actor) -> None:
    suspended(pension, chanthy, vilay)
    for statement in (
        "UPDATE lives_contact SET on_day = on_day - 1",
        "DELETE FROM lives_stop",
        "UPDATE lives_stop SET reason = 'x'",
        "UPDATE lives_lifecheck SET due_on = due_on + 1",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
