"""What is on record about an employer is changed on request (C72); a closed one does not come back quietly (A3)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from pakan.operations import alter, join
from pakan.operations.registration import issue
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow, Mandate
from pakan.registers.access.roles import Role
from pakan.registers.contributions.filing import standing
from pakan.registers.contributions.queries import months_missing
from pakan.registers.joining import queries
from pakan.registers.joining.models import Change
from pakan.registers.messages.models import Message
from pakan.registers.people.models import District, Employer, Employment
from pakan.units.month import Month
from tests.cast import enrol_factory
from tests.operations.test_join import photo

pytestmark = pytest.mark.django_db
PAPER = ("paper.jpg", "image/jpeg", photo())


@pytest.fixture
def boss(administrator: Account, as_actor: Callable[..., Actor]) -> Actor:
    return as_actor(administrator)


@pytest.fixture
def first(registrar: Account, as_actor: Callable[..., Actor]) -> Actor:
    return as_actor(registrar)


@pytest.fixture
def second(second_registrar: Account, as_actor: Callable[..., Actor]) -> Actor:
    return as_actor(second_registrar)


def test_a_new_name_needs_a_paper_and_two_officers(
    boss: Actor, factory: Employer, first: Actor, second: Actor
) -> None:
    issue(factory, boss.at)
    old = join.of_employer(factory)
    wanted = {"name_lo": "ໂຮງງານ ດອກຄູນ", "name_en": "Dok Khoun"}
    with pytest.raises(alter.Refused):
        alter.ask(boss, factory, "name", wanted)
    one = alter.ask(boss, factory, "name", wanted, paper=PAPER)
    alter.decide(first, one.number, True, "")
    with pytest.raises(alter.Refused):
        alter.decide(first, one.number, True, "")
    factory.refresh_from_db()
    assert factory.name_lo == one.was["name_lo"]
    alter.decide(second, one.number, True, "")

    factory.refresh_from_db()
    new = join.of_employer(factory)
    assert factory.name_lo == "ໂຮງງານ ດອກຄູນ" and new is not None and new.name_lo == factory.name_lo
    assert old is not None and queries.is_certificate_withdrawn(old.number)
    assert Change.objects.get().was["name_lo"] == old.name_lo
    assert Message.objects.filter(wording="change_done").exists()


def test_the_telephone_is_changed_by_one_officer_and_a_no_has_a_reason(
    boss: Actor, factory: Employer, first: Actor
) -> None:
    one = alter.ask(boss, factory, "contact", {"phone": "020 5555 9999", "email": "new@example.la"})
    with pytest.raises(alter.Refused):
        alter.decide(first, one.number, False, " ")
    alter.decide(first, one.number, True, "")
    factory.refresh_from_db()
    assert (factory.phone, factory.email) == ("+8562055559999", "new@example.la")
    with pytest.raises(alter.Refused):
        alter.decide(first, one.number, True, "")


@pytest.mark.parametrize(
    ("kind", "wanted", "field"),
    [
        ("contact", {"phone": "12"}, "phone"),
        ("address", {"district_id": "9999", "village": "x"}, "district_id"),
        ("branch", {"district_id": "0102", "village": ""}, "village"),
        ("suspend", {"month": "1999-01"}, "month"),
        ("resume", {"month": "2026-12"}, "month"),
    ],
)
def test_what_cannot_be_is_named(
    boss: Actor, factory: Employer, kind: str, wanted: dict[str, str], field: str
) -> None:
    with pytest.raises(alter.Refused) as refused:
        alter.ask(boss, factory, kind, wanted)
    assert refused.value.code == field


def test_a_branch_has_the_same_five_digits(boss: Actor, factory: Employer, first: Actor) -> None:
    one = alter.ask(boss, factory, "branch", {"district_id": "0601", "village": "ບ້ານ ຊຽງທອງ"})
    alter.decide(first, one.number, True, "")
    branch = Employer.objects.exclude(id=factory.id).get(code__startswith=factory.code[:5])
    assert branch.code != factory.code and branch.district_id == "0601"
    assert Mandate.objects.filter(
        account_id=boss.account_id, employer=branch, role=Role.EMPLOYER_ADMINISTRATOR
    ).exists()
    assert join.of_employer(branch) is not None


def test_in_suspended_months_nothing_is_missing(boss: Actor, factory: Employer, first: Actor) -> None:
    now = Month.of(boss.today)
    before = months_missing(factory, now + 3)
    one = alter.ask(boss, factory, "suspend", {"month": str(now + 1)})
    alter.decide(first, one.number, True, "")
    assert months_missing(factory, now + 3) == before[:-3]
    assert factory not in standing(now + 2) and factory in standing(now)
    back = alter.ask(boss, factory, "resume", {"month": str(now + 2)})
    alter.decide(first, back.number, True, "")
    assert months_missing(factory, now + 3) == [month for month in before if month != now + 1]


def closed(boss: Actor, employer: Employer, first: Actor, second: Actor) -> None:
    one = alter.ask(boss, employer, "close", {"month": str(Month.of(boss.today))}, paper=PAPER)
    alter.decide(first, one.number, True, "")
    alter.decide(second, one.number, True, "")
    employer.refresh_from_db()


def test_an_end_tells_what_remains_and_hinders_nothing(
    boss: Actor, factory: Employer, first: Actor, second: Actor
) -> None:
    now = Month.of(boss.today)
    undeclared, _owed = alter.remaining(factory, now)
    assert len(undeclared) == 14
    closed(boss, factory, first, second)
    assert factory.last_month == now
    assert not Employment.objects.filter(employer=factory, end=None).exists()
    assert Employment.objects.filter(employer=factory, end=now.last, end_reason="closed").count() == 12


def revive(boss: Actor, employer: Employer, first: Actor, second: Actor) -> Change:
    one = alter.ask(boss, employer, "reopen", {"month": str(Month.of(boss.today) + 1)}, paper=PAPER)
    alter.decide(first, one.number, True, "")
    return alter.decide(second, one.number, True, "")


def test_abuse_A3_a_closed_employer_needs_two_people_and_stands_on_the_list(
    boss: Actor, factory: Employer, first: Actor, second: Actor
) -> None:
    closed(boss, factory, first, second)
    one = alter.ask(boss, factory, "reopen", {"month": str(Month.of(boss.today) + 1)}, paper=PAPER)
    alter.decide(first, one.number, True, "")
    with pytest.raises(alter.Refused):
        alter.decide(first, one.number, True, "")
    with pytest.raises(DatabaseError), transaction.atomic():
        Change.objects.filter(id=one.id).update(state="approved", decided_by=first.account_id)
    factory.refresh_from_db()
    assert factory.last_month is not None
    alter.decide(second, one.number, True, "")
    factory.refresh_from_db()
    assert factory.last_month is None
    assert [each.employer for each in queries.revivals()] == [factory]


def test_abuse_A3_the_third_in_thirty_days_alarms(
    boss: Actor, system: Actor, first: Actor, second: Actor, open_month: Month
) -> None:
    assert District.objects.exists()
    for at in range(3):
        employer = enrol_factory(system, f"09{at}0001", f"ຮ້ານ {at}", open_month - 3, 1)
        actor = replace(boss, employers={employer.id: frozenset({Role.EMPLOYER_ADMINISTRATOR})})
        closed(actor, employer, first, second)
        revive(actor, employer, first, second)
        assert AuditRow.objects.filter(act="alarm").count() == (1 if at == 2 else 0)
    assert queries.revived_since(boss.at - timedelta(days=30)) == 3
