"""Who insures himself: no debt before the money, every kip found again, and no list of employers shows him."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from pakan.operations import reconcile, voluntary
from pakan.operations.law_in_force import in_force
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.contributions.filing import standing
from pakan.registers.contributions.models import Declaration, Obligation
from pakan.registers.messages.models import Message
from pakan.registers.payments.models import Notice
from pakan.registers.payments.queries import credit_of
from pakan.registers.people.models import Employment, Person
from pakan.registers.records.queries import statement
from pakan.registers.voluntary.models import Choice, Membership
from pakan.units.money import Kip
from pakan.units.month import Month
from tests.operations.lawyers import approved, entry, law_officer
from tests.operations.test_main_job import assert_proven, payment
from tests.operations.test_main_job import pay as paid_at_bank

INCOME, COST = 1_200_000, 108_000  # the law's own example: 9 % of 1,200,000


@pytest.fixture
def day() -> datetime:
    """A day on which this month and the last one can be paid."""
    return datetime(2026, 11, 10, 3, tzinfo=UTC)


@pytest.fixture
def me(member: Account, as_actor: Callable[..., Actor], day: datetime) -> Actor:
    return as_actor(member, day)


@pytest.fixture
def joined(me: Actor) -> Membership:
    return voluntary.join(me, INCOME, 3, Month(2026, 11))


def pays(notice: Notice, amount: int, when: datetime, number: str = "VF1") -> None:
    told = payment(notice, amount, number=number)
    paid_at_bank(
        when, type(told)(**{name: getattr(told, name) for name in told.__slots__} | {"paid_at": when})
    )


def told() -> list[str]:
    from pakan.operations import voluntary as room

    for job in _jobs():
        room.tell(**job)
    return list(Message.objects.filter(wording__startswith="voluntary").values_list("wording", flat=True))


def _jobs() -> list[dict[str, object]]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    return [job.args for job in ProcrastinateJob.objects.filter(task_name="voluntary.tell")]


def test_joining_owes_nothing_and_is_no_employer(
    me: Actor, joined: Membership, member_person: Person
) -> None:
    assert joined.employer.code.startswith("9") and joined.employer.scheme == "voluntary"
    assert voluntary.join(me, INCOME, 1, Month(2026, 11)).id == joined.id
    assert not Obligation.objects.filter(employer=joined.employer).exists()
    assert joined.employer not in standing(Month(2026, 11))
    assert not Employment.objects.filter(employer=joined.employer).exists()
    assert Choice.objects.count() == 1


def test_asking_owes_nothing_and_money_makes_the_months_in_one_step(
    me: Actor, joined: Membership, member_person: Person, day: datetime
) -> None:
    notice = voluntary.ask(me, 3)
    assert notice is not None and notice.amount == 3 * COST
    assert voluntary.ask(me, 3) == notice
    assert not Declaration.objects.filter(employer=joined.employer).exists()
    pays(notice, notice.amount, day)
    months = [row.month for row in statement(member_person.id)]
    assert months == [Month(2027, 1), Month(2026, 12), Month(2026, 11)]
    assert {row.insured for row in statement(member_person.id)} == {INCOME}
    notice.refresh_from_db()
    assert notice.state == Notice.State.PAID
    assert told() == ["voluntary_paid"] == told()
    assert not Message.objects.filter(wording="month_credited").exists()
    assert_proven()


def test_the_same_money_told_twice_and_paid_twice(me: Actor, joined: Membership, day: datetime) -> None:
    notice = voluntary.ask(me, 1)
    assert notice is not None
    for number in ("VF1", "VF1", "VF2"):
        pays(notice, notice.amount, day, number)
    assert Obligation.objects.filter(employer=joined.employer).count() == 1
    assert credit_of(joined.employer_id) == COST
    assert voluntary.ask(me, 1) is None  # the next month is paid from what is kept
    assert credit_of(joined.employer_id) == 0
    assert Obligation.objects.filter(employer=joined.employer).count() == 2
    assert sorted(told()) == ["voluntary_kept", "voluntary_paid"]
    assert_proven()


def test_a_part_pays_whole_months_only_and_the_rest_is_used_later(
    me: Actor, joined: Membership, day: datetime
) -> None:
    notice = voluntary.ask(me, 3)
    assert notice is not None
    pays(notice, 2 * COST + 8_000, day)
    assert Obligation.objects.filter(employer=joined.employer).count() == 2
    assert not any(debt.open for debt in Obligation.objects.all())
    again = voluntary.ask(me, 1)
    assert again is not None and again.amount == COST - 8_000
    pays(again, again.amount, day, "VF2")
    assert Obligation.objects.filter(employer=joined.employer).count() == 3
    assert credit_of(joined.employer_id) == 0
    assert_proven()


def test_too_little_is_kept_and_makes_no_debt(me: Actor, joined: Membership, day: datetime) -> None:
    notice = voluntary.ask(me, 1)
    assert notice is not None
    pays(notice, 1_000, day)
    assert not Obligation.objects.filter(employer=joined.employer).exists()
    assert credit_of(joined.employer_id) == 1_000
    assert told() == ["voluntary_kept"]
    assert_proven()


def test_late_money_pays_for_later_months_and_nobody_is_insured_backwards(
    me: Actor, joined: Membership, member_person: Person
) -> None:
    notice = voluntary.ask(me, 1)
    assert notice is not None and notice.expires_on == in_force().due_date(Month(2026, 11))
    late = datetime.combine(notice.expires_on, datetime.min.time(), VIENTIANE) + timedelta(days=5)
    pays(notice, notice.amount, late)
    assert [row.month for row in statement(member_person.id)] == [Month(2026, 12)]
    assert told() == ["voluntary_moved"]
    assert_proven()


def test_money_paid_in_time_but_told_late_counts_for_its_month(
    me: Actor, joined: Membership, member_person: Person, day: datetime
) -> None:
    notice = voluntary.ask(me, 1)
    assert notice is not None
    told_of = payment(notice, notice.amount, number="VF1")  # paid on 10 November
    paid_at_bank(day + timedelta(days=120), told_of)
    assert [row.month for row in statement(member_person.id)] == [Month(2026, 11)]


def test_pausing_makes_no_arrears(
    me: Actor, joined: Membership, member: Account, as_actor: Callable[..., Actor]
) -> None:
    voluntary.pause(me)
    with pytest.raises(voluntary.Refused, match="state"):
        voluntary.ask(me, 1)
    later = as_actor(member, datetime(2027, 6, 10, 3, tzinfo=UTC))
    voluntary.resume(later)
    notice = voluntary.ask(later, 1)
    assert notice is not None
    assert [line.month for line in notice.lines.all()] == [Month(2027, 6)]
    assert notice.amount == COST


def test_money_that_comes_after_leaving_is_not_lost(
    me: Actor, joined: Membership, member_person: Person, day: datetime
) -> None:
    notice = voluntary.ask(me, 1)
    assert notice is not None
    voluntary.leave(me)
    pays(notice, notice.amount, day)
    assert len(statement(member_person.id)) == 1
    back = voluntary.join(me, INCOME, 1, Month(2026, 12))
    assert back.id == joined.id and back.employer_id == joined.employer_id
    assert_proven()


def test_another_income_makes_another_notice_and_the_old_one_is_still_taken(
    me: Actor, joined: Membership, member_person: Person, day: datetime
) -> None:
    first = voluntary.ask(me, 1)
    voluntary.choose(me, 2_000_000, 1)
    second = voluntary.ask(me, 1)
    assert first is not None and second is not None
    assert (first.id, second.amount) != (second.id, first.amount)
    assert second.amount == 180_000
    pays(first, first.amount, day)  # he paid the picture that he had saved
    assert [row.insured for row in statement(member_person.id)] == [INCOME]
    assert_proven()


def test_a_rate_that_rose_between_asking_and_paying_is_handled_openly(
    me: Actor, joined: Membership, member_person: Person, day: datetime, system: Actor
) -> None:
    notice = voluntary.ask(me, 3)
    assert notice is not None
    officers = [law_officer(system, name) for name in ("khamla", "sisavath", "bouakham")]
    approved(officers, entry({"worker": "10 %"}, date(2026, 12, 1), "voluntary"))
    pays(notice, notice.amount, day)  # 324,000: 108,000 and 120,000, and 96,000 are not enough for the third
    assert [row.worker_share for row in statement(member_person.id)] == [120_000, COST]
    assert credit_of(joined.employer_id) == 96_000
    assert told() == ["voluntary_part"]
    assert_proven()


@pytest.mark.parametrize(
    ("income", "months", "since", "code"),
    [
        (1_199_999, 1, Month(2026, 11), "income"),
        (2_700_001, 1, Month(2026, 11), "income"),
        (INCOME, 2, Month(2026, 11), "months"),
        (INCOME, 1, Month(2026, 10), "since"),
        (INCOME, 1, Month(2027, 1), "since"),
    ],
)
def test_what_the_law_does_not_allow_is_refused(
    me: Actor, income: int, months: int, since: Month, code: str
) -> None:
    with pytest.raises(voluntary.Refused, match=code):
        voluntary.join(me, income, months, since)
    assert not Membership.objects.exists()


@pytest.mark.parametrize(("years", "joins"), [(14, False), (15, True), (60, True), (61, False)])
def test_the_age_at_entry(me: Actor, member_person: Person, years: int, joins: bool) -> None:
    Person.objects.filter(id=member_person.id).update(birth_date=date(2026 - years, 11, 1))
    if joins:
        assert voluntary.join(me, INCOME, 1, Month(2026, 11))
    else:
        with pytest.raises(voluntary.Refused, match="age"):
            voluntary.join(me, INCOME, 1, Month(2026, 11))


def test_unmatched_money_that_an_officer_gives_him_is_kept_and_told(
    me: Actor, joined: Membership, day: datetime, finance: Account, as_actor: Callable[..., Actor]
) -> None:
    receipt = paid_at_bank(day, payment(None, COST, reference="my month", number="VF9"))
    reconcile.settle(as_actor(finance), receipt.id, joined.employer)
    assert credit_of(joined.employer_id) == Kip(COST)
    assert told() == ["voluntary_kept"]
    assert voluntary.ask(me, 1) is None
    assert_proven()


def test_each_month_that_came_into_being_stands_in_the_trail_of_its_person(
    me: Actor, joined: Membership, member_person: Person, day: datetime
) -> None:
    notice = voluntary.ask(me, 3)
    assert notice is not None
    pays(notice, notice.amount, day)
    assert AuditRow.objects.filter(act="declare.voluntary", person_id=member_person.id).count() == 3
