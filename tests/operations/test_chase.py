"""The fund speaks up by itself: before a month is late, and when it did not arrive (C17, C92)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.operations import chase, collect, enrol, notify
from pakan.operations.law_in_force import in_force
from pakan.operations.speak import after_quiet
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import VIENTIANE, Actor
from pakan.registers.access.models import Account, Mandate
from pakan.registers.access.roles import Role
from pakan.registers.contributions.models import Obligation
from pakan.registers.messages import queries
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Employer, Employment, Person
from pakan.units.month import Month
from pakan.units.number import shown_creditor_reference
from pakan.units.words import english_month, lao_date, lao_month
from tests.operations.desk import declared, pays

pytestmark = pytest.mark.django_db
PHONES = {"kham.desk@example.la": "+8562055550001", "noy.desk@example.la": ""}


@pytest.fixture
def due(open_month: Month) -> date:
    return in_force().due_date(open_month)


@pytest.fixture
def late_day(open_month: Month, due: date) -> date:
    return max((open_month + 1).first.replace(day=25), due + timedelta(days=1))


@pytest.fixture
def desk(kham: Actor, noy: Actor) -> list[Account]:
    """Kham has a phone, Noy reads English and has none."""
    for name, phone in PHONES.items():
        Account.objects.filter(sign_in=name).update(phone=phone)
    Account.objects.filter(id=noy.account_id).update(language="en")
    return list(Account.objects.filter(id__in=[kham.account_id, noy.account_id]).order_by("id"))


@pytest.fixture
def members(workers: list[Person], now: datetime) -> list[Account]:
    return [member_account(worker, now) for worker in workers[:3]]


def remind(due: date, before: int) -> list[Message]:
    chase.remind_employers((due - timedelta(days=before)).isoformat())
    return list(Message.objects.order_by("id"))


# Reminders before the due date


def test_an_employer_without_a_declaration_is_reminded_at_7_3_and_1_days(
    factory: Employer, desk: list[Account], due: date, open_month: Month
) -> None:
    told = {}
    for before in range(12, -3, -1):
        count = Message.objects.count()
        told[before] = len(remind(due, before)) - count
    assert {before for before, count in told.items() if count} == {7, 3, 1}
    kham, noy = Message.objects.filter(key__contains=f"{open_month}:7:").order_by("id")
    assert [(kham.account_id, kham.state), (noy.account_id, noy.state)] == [
        (desk[0].id, "queued"),
        (desk[1].id, "queued"),
    ]
    assert notify.text_of(kham) == (
        f"{factory.name_lo}: ຍັງບໍ່ໄດ້ແຈ້ງເດືອນ {lao_month(open_month)}. ກະລຸນາແຈ້ງ ແລະ ຈ່າຍກ່ອນ {lao_date(due)}."
    )
    assert notify.text_of(noy).startswith(
        f"Factory 0451201: {english_month(open_month)} is not declared yet."
    )


@pytest.mark.parametrize(("lost", "made_good"), [(7, 6), (3, 2), (1, 0)])
def test_a_day_without_a_worker_is_made_good_on_the_next(
    factory: Employer, desk: list[Account], due: date, lost: int, made_good: int
) -> None:
    assert len(remind(due, made_good)) == 2
    assert len(remind(due, lost)) == 2  # the lost day's job came after all


def test_each_job_may_run_any_number_of_times(
    factory: Employer, desk: list[Account], members: list[Account], due: date, late_day: date
) -> None:
    for _ in range(3):
        remind(due, 7)
        chase.tell_missing_months(late_day.isoformat())
    assert Message.objects.filter(wording="remind_declare").count() == 2
    assert Message.objects.filter(wording="month_not_declared").count() == 3
    sends = ProcrastinateJob.objects.filter(task_name="notify.send")
    assert [len(job.args["message_ids"]) for job in sends.order_by("id")] == [2, 3]


def test_who_declared_and_has_not_paid_reads_amount_and_reference_of_the_open_notice(
    kham: Actor, noy: Actor, factory: Employer, desk: list[Account], due: date, open_month: Month
) -> None:
    declared(kham, noy, factory, open_month)
    [first, _] = remind(due, 7)
    assert first.wording == "remind_pay_no_notice" and first.values["amount"] == "4.140.000"
    notice = collect.ask(noy, factory, [open_month])
    [*_, third, fourth] = remind(due, 3)
    assert third.wording == fourth.wording == "remind_pay"
    text = notify.text_of(third)
    assert "4.140.000 ກີບ" in text and shown_creditor_reference(notice.reference) in text
    notice.expires_on = due - timedelta(days=2)
    notice.save()
    [*_, last] = remind(due, 1)
    assert last.wording == "remind_pay_no_notice"  # an expired reference is not told


def test_who_paid_or_has_ended_or_not_begun_hears_nothing(
    kham: Actor, noy: Actor, factory: Employer, other_factory: Employer, desk: list[Account], due: date,
    open_month: Month, now: datetime, stranger_at: Callable[[Employer], Actor],
) -> None:  # fmt: skip
    stranger_at(other_factory)
    declared(kham, noy, factory, open_month)
    pays(now, collect.ask(noy, factory, [open_month]))
    Employer.objects.filter(id=other_factory.id).update(last_month=open_month - 1)
    assert remind(due, 7) == []
    Employer.objects.filter(id=other_factory.id).update(last_month=None, first_month=open_month + 1)
    assert remind(due, 7) == []
    Employer.objects.filter(id=other_factory.id).update(first_month=open_month)
    [message] = remind(due, 7)  # three mandates of one person are one message
    assert message.values["code"] == other_factory.code


def test_a_revoked_mandate_and_a_closed_account_hear_nothing(
    factory: Employer, desk: list[Account], due: date, now: datetime, system: Actor
) -> None:
    Mandate.objects.filter(account=desk[0]).update(end=now)
    Account.objects.filter(id=desk[1].id).update(is_active=False)
    reader = enrol.account(system, "reads@example.la", "employer", "ຜູ້ອ່ານ")
    enrol.mandate(system, factory, reader, "employer_reader")  # type: ignore[arg-type]
    assert remind(due, 7) == []


# A month that did not arrive


def test_abuse_A1_each_worker_of_an_employer_that_deducts_and_does_not_pay_is_told_by_the_25th(
    kham: Actor, noy: Actor, factory: Employer, members: list[Account], open_month: Month, late_day: date
) -> None:
    """Told that it is declared and not paid; never what the employer owes in all."""
    declared(kham, noy, factory, open_month)
    chase.tell_missing_months((late_day - timedelta(days=1)).isoformat())
    assert not Message.objects.exists()
    chase.tell_missing_months(late_day.isoformat())
    told = list(Message.objects.order_by("id"))
    assert [message.account_id for message in told] == [member.id for member in members]
    assert {message.wording for message in told} == {"month_not_paid"}
    debt = Obligation.objects.get(employer=factory, month=open_month)
    for message in told:
        for language in ("lo", "en"):
            text = notify.text_of(message, language)
            assert factory.name_lo in text and "1508" in text
            assert f"{debt.owed:,}".replace(",", ".") not in text and "ກີບ" not in text and "kip" not in text
    assert set(told[0].values) == {"month_lo", "month_en", "employer"}


def test_not_declared_and_not_paid_are_told_apart_worker_by_worker(
    kham: Actor, noy: Actor, factory: Employer, members: list[Account], workers: list[Person],
    open_month: Month, late_day: date,
) -> None:  # fmt: skip
    """The second worker began after the declaration was signed: nobody declared him."""
    Employment.objects.filter(person=workers[1]).update(start=open_month.last + timedelta(days=1))
    declared(kham, noy, factory, open_month)
    Employment.objects.filter(person=workers[1]).update(start=open_month.first)
    chase.tell_missing_months(late_day.isoformat())
    assert dict(Message.objects.values_list("account_id", "wording")) == {
        members[0].id: "month_not_paid",
        members[1].id: "month_not_declared",
        members[2].id: "month_not_paid",
    }


def test_nobody_is_told_of_a_month_that_was_paid_or_was_not_worked_or_without_account(
    kham: Actor, noy: Actor, factory: Employer, members: list[Account], workers: list[Person],
    open_month: Month, late_day: date, now: datetime,
) -> None:  # fmt: skip
    Employment.objects.filter(person=workers[0]).update(end=open_month.first - timedelta(days=1))
    Employment.objects.filter(person=workers[1]).update(start=open_month.last + timedelta(days=1))
    chase.tell_missing_months(late_day.isoformat())
    assert [message.account_id for message in Message.objects.all()] == [members[2].id]
    Message.objects.all().delete()
    declared(kham, noy, factory, open_month)
    pays(now, collect.ask(noy, factory, [open_month]))
    chase.tell_missing_months(late_day.isoformat())
    assert not Message.objects.exists()


def test_questions_do_not_grow_with_the_number_of_people(
    factory: Employer, desk: list[Account], workers: list[Person], due: date, late_day: date, now: datetime,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for worker in workers:
        member_account(worker, now)
    with django_assert_max_num_queries(12):
        remind(due, 7)
    with django_assert_max_num_queries(12):
        chase.tell_missing_months(late_day.isoformat())
    assert Message.objects.count() == 2 + len(workers)


# Quiet hours


@pytest.mark.parametrize(
    ("hour", "minute", "then"),
    [(6, 59, (24, 7)), (7, 0, None), (8, 0, None), (19, 59, None), (20, 0, (25, 7)), (23, 0, (25, 7)), (0, 0, (24, 7))],
)  # fmt: skip
def test_phones_do_not_ring_at_night(hour: int, minute: int, then: tuple[int, int] | None) -> None:
    at = datetime(2026, 11, 24, hour, minute, tzinfo=VIENTIANE)
    expected = datetime(2026, 11, then[0], then[1], tzinfo=VIENTIANE) if then else None
    assert after_quiet(at) == expected


def test_a_message_of_the_night_is_sent_in_the_morning(
    factory: Employer, desk: list[Account], due: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = datetime(2126, 11, 24, 22, tzinfo=VIENTIANE)
    monkeypatch.setattr("pakan.operations.chase.timezone.now", lambda: night)
    remind(due, 7)
    [job] = ProcrastinateJob.objects.filter(task_name="notify.send")
    assert job.scheduled_at == datetime(2126, 11, 25, 7, tzinfo=VIENTIANE)


def test_an_accountant_of_several_companies_hears_once_a_day_of_all_of_them(
    factory: Employer,
    other_factory: Employer,
    desk: list[Account],
    due: date,
    open_month: Month,
    system: Actor,
) -> None:
    enrol.mandate(system, other_factory, desk[0], Role.EMPLOYER_PREPARER)
    remind(due, 7)
    remind(due, 7)
    [kham] = Message.objects.filter(account=desk[0])
    assert (kham.wording, kham.values["count"]) == ("remind_declare_many", "2")
    assert set(kham.values["codes"]) == {factory.code, other_factory.code}
    assert "2 ບໍລິສັດ" in notify.text_of(kham)
    assert [one.wording for one in Message.objects.filter(account=desk[1])] == ["remind_declare"]
    for employer in (factory, other_factory):
        assert queries.told_of_employer(desk[0].id, employer.code) == [kham]
