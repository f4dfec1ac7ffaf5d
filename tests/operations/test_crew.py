"""Crews and single days of work: noted once, told to the worker, in the month's wages (C68, C69)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from pakan.operations import collect, crew, declare
from pakan.registers.access.actions import member_account
from pakan.registers.access.actor import Actor
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.contributions.queries import wages_by_person
from pakan.registers.crews import queries
from pakan.registers.crews.models import DayVoucher
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.operations.desk import acting, broken, declared, lines, pays, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(open_month: Month) -> date:
    return open_month.last


def note(
    kham: Actor, factory: Employer, people: list[Person], day: date, wage: int = 150_000, key: str = "k"
) -> crew.Noted:
    return crew.note_day(kham, factory, [person.number for person in people], day, wage, key)


def refused(codes: list[str], wrong: "pytest.ExceptionInfo[crew.Refused]") -> None:
    assert [code for code, _about in wrong.value.problems] == codes


def pay_in(kham: Actor, noy: Actor, factory: Employer, month: Month, more: int) -> None:
    """The month is declared and paid, with `more` kip than it costs: they are the employer's credit."""
    declared(kham, noy, factory, month)
    notice = collect.ask(kham, factory, [month])
    pays(kham.at, notice, notice.amount + more)


def test_a_crew_is_formed_changed_and_ended(kham: Actor, factory: Employer, workers: list[Person]) -> None:
    made = crew.form(kham, factory, "ກຸ່ມເກັບກາເຟ", [workers[0].number, workers[1].number])
    assert [one.size for one in queries.crews_of(factory)] == [2]
    crew.change(kham, made, [workers[1].number, workers[2].number])
    assert {one.id for one in queries.members_of(made)} == {workers[1].id, workers[2].id}
    with pytest.raises(crew.Refused) as wrong:
        crew.form(kham, factory, "ກຸ່ມເກັບກາເຟ")
    refused(["name_taken"], wrong)
    crew.end(kham, made)
    assert not queries.crews_of(factory)
    assert made.members.count() == 3  # what was stays on record


def test_every_number_that_is_none_is_told_at_once(
    kham: Actor, factory: Employer, workers: list[Person]
) -> None:
    with pytest.raises(crew.Refused) as wrong:
        crew.form(kham, factory, "ກຸ່ມ", ["x", workers[0].number, "0100000000"])
    assert len(wrong.value.problems) == 2


def test_a_day_is_noted_once_and_the_worker_hears_of_it(
    kham: Actor, factory: Employer, workers: list[Person], day: date
) -> None:
    account = member_account(workers[0], kham.at)
    first = note(kham, factory, workers[:2], day)
    again = note(kham, factory, workers[:2], day)  # the page was sent twice
    assert [one.id for one in first.vouchers] == [one.id for one in again.vouchers]
    other = note(kham, factory, workers[:3], day, key="another page")
    assert len(other.vouchers) == 1 and len(other.again) == 2
    assert Message.objects.filter(wording="day_work", account=account).count() == 1


def test_a_day_that_cannot_be_is_refused_with_every_reason(
    kham: Actor, factory: Employer, workers: list[Person]
) -> None:
    for when, code in (
        (kham.today + timedelta(days=1), "future"),
        (kham.today - timedelta(days=63), "too_old"),
    ):
        with pytest.raises(crew.Refused) as wrong:
            note(kham, factory, [], when)
        refused([code, "nobody"], wrong)
    for wage in (0, crew.MOST_WAGE + 1):
        with pytest.raises(crew.Refused) as wrong:
            note(kham, factory, workers[:1], kham.today, wage)
        refused(["wage"], wrong)


def test_a_worker_has_so_many_days_a_year(
    kham: Actor, factory: Employer, workers: list[Person], day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "DAYS_A_YEAR", 2)
    for back in range(2):
        note(kham, factory, workers[:1], day - timedelta(days=back), key=f"k{back}")
    with pytest.raises(crew.Refused) as wrong:
        note(kham, factory, workers[:2], day - timedelta(days=2), key="k3")
    assert wrong.value.problems == (("year_full", workers[0].number),)


def test_the_days_of_a_month_go_into_its_wages(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    for back, wage in enumerate((100_000, 120_000)):
        note(kham, factory, workers[:2], open_month.last - timedelta(days=back), wage, f"k{back}")
    sheet = declare.no_workers(kham, factory, open_month, "nil")
    missing = crew.not_in(factory, open_month, [])
    sheet = declare.add_workers(
        kham,
        sheet,
        [(person.number, person.name, wage) for person, wage, _days in missing.values()],  # type: ignore[misc]
    )
    assert len(lines(sheet)) == 2
    assert not crew.not_in(factory, open_month, [line.person_id for line in lines(sheet).values()])
    for row, line in lines(sheet).items():
        for problem in line.problems:
            if problem["level"] == "question":
                sheet = declare.confirm(kham, sheet, row, problem["code"], "part_time")
    declaration = sign(kham, noy, sheet)
    assert wages_by_person(declaration) == {workers[0].id: 220_000, workers[1].id: 220_000}
    with pytest.raises(crew.Refused) as wrong:
        note(kham, factory, workers[:1], open_month.last - timedelta(days=5), key="late")
    refused(["declared"], wrong)
    with pytest.raises(crew.Refused) as wrong:
        crew.cancel(kham, DayVoucher.objects.first())  # type: ignore[arg-type]
    refused(["declared"], wrong)


def test_vouchers_are_covered_by_credit_and_no_kip_is_promised_twice(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month, workers: list[Person]
) -> None:
    with pytest.raises(crew.Refused) as wrong:
        crew.issue(kham, factory, 100_000, 1, "k")
    refused(["not_covered"], wrong)
    pay_in(kham, noy, factory, open_month, 1_200_000)  # more than the month costs, by this
    needed, free = crew.cover(factory, 100_000, 3, open_month)
    # Each may be some worker's only day of a month, which counts at least half the minimum wage.
    assert (needed, free) == (3 * 143_750, 1_200_000)
    made = crew.issue(kham, factory, 100_000, 8, "k")
    assert len(made) == 8 and crew.cover(factory, 1, 0, open_month)[1] == 1_200_000 - 8 * 143_750
    assert crew.issue(kham, factory, 100_000, 8, "k") == made
    with pytest.raises(crew.Refused):
        crew.issue(kham, factory, 100_000, 1, "other")
    used = crew.use(kham, made[0], workers[0].number, kham.today)
    assert (used.state, used.person_id) == ("used", workers[0].id)
    with pytest.raises(crew.Refused) as wrong:
        crew.use(kham, made[1], workers[0].number, kham.today)
    refused(["taken"], wrong)
    with pytest.raises(crew.WrongMove):
        crew.use(kham, used, workers[1].number, kham.today)
    assert broken() == {}


def test_a_voucher_nobody_used_ends(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month, workers: list[Person]
) -> None:
    pay_in(kham, noy, factory, open_month, 200_000)
    (made,) = crew.issue(kham, factory, 100_000, 1, "k")
    late = replace(kham, at=kham.at + timedelta(days=91))
    with pytest.raises(crew.Refused) as wrong:
        crew.use(late, made, workers[0].number, late.today)
    assert "expired" in [code for code, _about in wrong.value.problems]
    crew.actions.expire(late.today, late.at)
    made.refresh_from_db()
    assert made.state == "expired"
    assert crew.cover(factory, 1, 0, open_month)[1] == 200_000


def test_the_database_refuses_what_the_table_does_not_list(
    kham: Actor, factory: Employer, workers: list[Person], day: date
) -> None:
    (voucher,) = note(kham, factory, workers[:1], day).vouchers
    for words in ("wage = 1", "state = 'issued'", f"person_id = {workers[1].id}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE crews_dayvoucher SET {words} WHERE id = %s", [voucher.id])
    crew.cancel(kham, voucher)
    assert len(note(kham, factory, workers[:1], day, key="again").vouchers) == 1


def test_only_those_who_prepare_may_note(
    system: Actor, factory: Employer, workers: list[Person], day: date
) -> None:
    reader = acting(system, "reads@example.la", factory, Role.EMPLOYER_READER)
    with pytest.raises(NotAllowed):
        note(reader, factory, workers[:1], day)
