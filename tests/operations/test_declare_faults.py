"""Approving under bad conditions: too early, too late, twice, at the same moment, and with a fault after every write."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pakan.law.contributions.rule import due, rates_for
from pakan.operations import collect, declare, enrol
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import AuditRow
from pakan.registers.access.roles import Role
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.contributions.models import Declaration, DeclaredWage, Obligation, Sheet
from pakan.registers.ledger.models import Posting
from pakan.registers.ledger.queries import balance
from pakan.registers.payments import queries as payments
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.people.models import Employer, Employment, Person, Series
from pakan.registers.records import queries as records
from pakan.units.money import Kip
from pakan.units.month import Month
from tests.operations.desk import (
    Fault,
    acting,
    at_once,
    broken,
    codes,
    declared,
    failing_after,
    ledger,
    lines,
    pays,
    rows_of,
    sheet_of,
    sign,
)

pytestmark = pytest.mark.django_db


def handed_over(kham: Actor, factory: Employer, workers: list[Person], month: Month) -> Sheet:
    sheet = sheet_of(kham, factory, month, rows_of(workers), f"page {month}")
    return declare.hand_over(kham, sheet, sheet.revision)


# Signing


def test_nothing_is_handed_over_while_an_error_a_question_or_a_missing_worker_remains(
    kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    wrong = rows_of(workers)
    wrong[0][3] = "x"
    asked = rows_of(workers)
    asked[0][3] = 0
    for at, rows in enumerate((wrong, asked, rows_of(workers[1:]))):
        sheet = sheet_of(kham, factory, open_month, rows, f"page {at}")
        with pytest.raises(declare.NotReady):
            declare.hand_over(kham, sheet, sheet.revision)
        sheet.refresh_from_db()
        assert sheet.state == Sheet.State.OPEN


def test_what_became_wrong_after_the_handing_over_is_not_signed(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month, system: Actor
) -> None:
    from tests.cast import people

    sheet = handed_over(kham, factory, workers, open_month)
    enrol.workers(system, factory, people(13)[12:], open_month.first)
    with pytest.raises(declare.NotReady):
        declare.approve(noy, sheet, sheet.revision)
    assert Declaration.objects.count() == 0
    sheet = declare.take_back(noy, sheet)
    assert (sheet.state, sheet.handed_over_by_id) == ("open", None)


def test_an_old_page_neither_hands_over_nor_signs_and_a_signed_sheet_changes_no_more(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    sheet = sheet_of(kham, factory, open_month, rows_of(workers))
    seen = sheet.revision
    sheet = declare.write_line(kham, sheet, 2, wage="3.100.000")
    with pytest.raises(declare.SheetChanged):
        declare.hand_over(kham, sheet, seen)
    sheet = declare.hand_over(kham, sheet, sheet.revision)
    with pytest.raises(declare.SheetChanged):
        declare.approve(noy, sheet, sheet.revision - 1)
    declare.approve(noy, sheet, sheet.revision)
    kept = (Sheet.objects.values().get(), [str(line.__dict__["wage"]) for line in lines(sheet).values()])
    for act in (
        lambda: declare.approve(noy, sheet, sheet.revision),
        lambda: declare.hand_over(kham, sheet, sheet.revision),
        lambda: declare.take_back(noy, sheet),
        lambda: declare.write_line(kham, sheet, 2, wage="1"),
        lambda: declare.write_wages(kham, sheet, {2: "1"}),
        lambda: declare.leave_out(kham, sheet, 2),
        lambda: declare.add_worker(kham, sheet, "1", "1"),
        lambda: declare.absent(kham, sheet, workers[0].id, "leave"),
        lambda: declare.confirm_all(kham, sheet, "joins"),
    ):
        with pytest.raises(declare.AlreadyApproved):
            act()
    assert (
        Sheet.objects.values().get(),
        [str(line.__dict__["wage"]) for line in lines(sheet).values()],
    ) == kept


def test_a_reader_and_a_former_approver_sign_nothing(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month, system: Actor
) -> None:
    sheet = handed_over(kham, factory, workers, open_month)
    reader = acting(system, "reader@example.la", factory, Role.EMPLOYER_READER)
    nobody = Actor("nobody", noy.at, "employer", noy.account_id)
    for actor in (reader, nobody, kham, system):
        with pytest.raises(NotAllowed):
            declare.approve(actor, sheet, sheet.revision)
    assert AuditRow.objects.filter(act="declare.approve").count() == 0


# Months


def test_months_that_cannot_be_declared(
    kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    read = declare.read_file(
        "w.xlsx", __import__("tests.operations.desk", fromlist=["x"]).file_of(rows_of(workers))
    )
    factory.last_month = open_month - 2
    factory.save()
    for month, code in (
        (Month.of(kham.today) + 1, "future"),
        (factory.first_month - 1, "before_start"),
        (open_month, "after_end"),
    ):
        for act in (
            lambda month=month: declare.take_in(kham, factory, month, read, "k"),
            lambda month=month: declare.start_typing(kham, factory, month, "k"),
            lambda month=month: declare.same_as_last_month(kham, factory, month, "k"),
            lambda month=month: declare.no_workers(kham, factory, month, "k"),
            lambda month=month: declare.correct(kham, factory, month, "k"),
        ):
            with pytest.raises(declare.MonthRefused) as refused:
                act()
            assert refused.value.code == code
    factory.first_month = Month(1990, 1)
    with pytest.raises(declare.MonthRefused) as refused:
        declare.open_month(factory, Month(1990, 1), kham.today)
    assert refused.value.code == "no_law"
    assert Sheet.objects.count() == 0


def test_the_month_begins_in_vientiane(kham: Actor, factory: Employer) -> None:
    eve = replace(kham, at=datetime(2026, 9, 30, 17, 1, tzinfo=UTC))  # one past midnight there
    declare.open_month(factory, Month(2026, 10), eve.today)
    with pytest.raises(declare.MonthRefused):
        declare.open_month(
            factory, Month(2026, 10), replace(eve, at=datetime(2026, 9, 30, 16, 59, tzinfo=UTC)).today
        )


def test_a_month_without_workers_keeps_everybody_employed(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month
) -> None:
    sheet = declare.no_workers(kham, factory, open_month, "nil")
    assert (sheet.summary["missing_count"], lines(sheet)) == (0, {})
    assert sign(kham, noy, sheet).workers == 0
    assert Employment.objects.filter(employer=factory, end=None).count() == 12
    assert broken() == {}


# Correction paths


def test_correcting_up_and_back_again_leaves_the_record_as_it_was(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month, now: datetime
) -> None:
    declared(kham, noy, factory, open_month)
    pays(now, collect.ask(noy, factory, [open_month]))
    for at, wage in enumerate(("3.500.000", "3.000.000"), 2):
        sheet = declare.write_line(kham, declare.correct(kham, factory, open_month, f"c{at}"), 2, wage=wage)
        sign(kham, noy, sheet)
        assert broken() == {}
    debt = Obligation.objects.get()
    assert (debt.owed, debt.settled, debt.credited_version) == (4_140_000, 4_140_000, 3)
    number = lines(sheet)[2].number
    person = Person.objects.get(number=number)
    assert [posted.wage for posted in records.statement(person.id)] == [3_000_000]
    assert (balance("1100"), payments.credit_of(factory.id)) == (0, 0)


def test_a_month_corrected_to_nothing_gives_everything_back_as_credit_and_clears_the_records(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month, now: datetime
) -> None:
    declared(kham, noy, factory, open_month)
    pays(now, collect.ask(noy, factory, [open_month]))
    sign(kham, noy, declare.no_workers(kham, factory, open_month, "nil"))
    assert payments.credit_of(factory.id) == 4_140_000
    assert [records.statement(worker.id) for worker in workers] == [[]] * 12
    assert broken() == {}


def test_a_correction_of_a_partly_paid_month_keeps_what_was_paid(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month, now: datetime
) -> None:
    declared(kham, noy, factory, open_month)
    notice = collect.ask(noy, factory, [open_month])
    pays(now, notice, 1_000_000)
    sheet = declare.write_line(kham, declare.correct(kham, factory, open_month, "c"), 1, wage="4.000.000")
    signed = sign(kham, noy, sheet)
    assert (signed.difference_up, collect.ask(noy, factory, [open_month]).amount) == (115_000, 3_255_000)
    assert broken() == {}


def test_incoming_numbers_follow_each_other_in_a_province_and_year(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month
) -> None:
    for at in range(3):
        declared(kham, noy, factory, open_month - at)
    numbers = list(Declaration.objects.order_by("id").values_list("incoming_number", flat=True))
    assert [number[-5:] for number in numbers] == ["00001", "00002", "00003"]
    assert {number[:2] for number in numbers} == {"01"}


# Wages that are already certain


def columns(people: list[int], wages: list[int]) -> tuple[Any, Any]:
    return np.array(people, dtype=np.int64), np.array(wages, dtype=np.int64)


@pytest.mark.parametrize("wages", [[1_000_000, -1], [1_000_000, 0]])
def test_certain_wages_are_above_zero(
    wages: list[int], system: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    with pytest.raises(ValueError, match="above zero"):
        declare.declare_wages(
            system, factory, open_month, *columns([worker.id for worker in workers[:2]], wages)
        )
    assert Declaration.objects.count() == 0


def test_certain_wages_name_everybody_once_and_somebody_who_exists(
    system: Actor, kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    from django.db import IntegrityError

    one = workers[0].id
    with pytest.raises(ValueError, match="once"):
        declare.declare_wages(system, factory, open_month, *columns([one, one], [1, 1]))
    with pytest.raises(ValueError):
        declare.declare_wages(system, factory, open_month, *columns([one], [10**17]))
    with pytest.raises(TypeError):
        declare.declare_wages(
            system, factory, open_month, np.array([one], dtype=np.int64), np.array([1.5], dtype=np.float64)
        )
    with pytest.raises(NotAllowed):
        declare.declare_wages(kham, factory, open_month, *columns([one], [3_000_000]))
    with pytest.raises(IntegrityError), transaction.atomic():
        declare.declare_wages(system, factory, open_month, *columns([10**12], [3_000_000]))
        connection.check_constraints()
    assert Declaration.objects.count() == 0


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.integers(1, 10**10),
            st.sampled_from([1, 1_249_999, 1_250_000, 2_499_999, 2_500_000, 4_499_999, 4_500_000, 4_500_001]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_each_declared_line_is_priced_as_the_law_prices_one_wage(
    system: Actor, factory: Employer, workers: list[Person], open_month: Month, wages: list[int]
) -> None:
    outside = transaction.savepoint()
    people = [worker.id for worker in workers[: len(wages)]]
    # Handed over in any order; kept by person.
    signed = declare.declare_wages(system, factory, open_month, *columns(people[::-1], wages[::-1]))
    rates = rates_for("enterprise", open_month)
    kept = DeclaredWage.objects.filter(declaration=signed).order_by("person_id")
    found = [
        (line.person_id, line.wage, line.insured, line.employer_share, line.worker_share) for line in kept
    ]
    priced = [(person, wage, due(Kip(wage), rates)) for person, wage in zip(people, wages, strict=True)]
    assert found == [(person, wage, one.insured, one.employer, one.worker) for person, wage, one in priced]
    assert signed.employer_share == sum(one.employer for _, _, one in priced)
    assert Obligation.objects.get().owed == sum(one.total for _, _, one in priced)
    transaction.savepoint_rollback(outside)


# At the same moment


@pytest.mark.django_db(transaction=True)
def test_abuse_A19_two_approvers_at_the_same_moment_sign_once(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month, system: Actor
) -> None:
    other = acting(system, "second@example.la", factory, Role.EMPLOYER_APPROVER)
    for month in (open_month, open_month - 1):
        sheet = handed_over(kham, factory, workers, month)
        results = at_once(
            *(
                lambda actor=actor, sheet=sheet: declare.approve(actor, sheet, sheet.revision)
                for actor in (noy, other) * 4
            )
        )
        signed = [one for one in results if isinstance(one, Declaration)]
        refused = [one for one in results if isinstance(one, declare.AlreadyApproved)]
        assert (len(signed), len(refused)) == (1, 7)
    assert (Declaration.objects.count(), Obligation.objects.count(), Posting.objects.count()) == (2, 2, 2)
    assert broken() == {}


@pytest.mark.django_db(transaction=True)
def test_abuse_A19_concurrent_filing_by_hand_file_and_software_leaves_versions_in_order(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month, system: Actor
) -> None:
    declared(kham, noy, factory, open_month)
    sheet = declare.correct(kham, factory, open_month, "c")
    sheet = declare.hand_over(kham, sheet, sheet.revision)
    people = [worker.id for worker in workers]

    def files(wage: int) -> Callable[[], Declaration]:
        return lambda: declare.declare_wages(system, factory, open_month, *columns(people, [wage] * 12))

    results = at_once(
        *(files(3_000_000 + at * 100_000) for at in range(6)),
        lambda: declare.approve(noy, sheet, sheet.revision),
        lambda: declare.take_back(noy, sheet),
    )
    filed = [one for one in results if isinstance(one, Declaration)]
    versions = list(Declaration.objects.order_by("version").values_list("version", flat=True))
    assert versions == list(range(1, len(filed) + 2)) and len(filed) >= 6
    debt = Obligation.objects.get()
    assert debt.declaration.version == versions[-1]
    assert broken() == {}


@pytest.mark.django_db(transaction=True)
def test_money_that_comes_while_a_correction_is_signed_still_finds_its_month(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month, now: datetime
) -> None:
    """The payment waits for the correction's lock and must then see the corrected debt, not lose sight of it."""
    import threading

    declared(kham, noy, factory, open_month)
    notice = collect.ask(noy, factory, [open_month])
    sheet = declare.write_line(kham, declare.correct(kham, factory, open_month, "c"), 1, wage="3.100.000")
    sheet = declare.hand_over(kham, sheet, sheet.revision)
    outcome: list[Any] = []

    def money() -> None:
        try:
            outcome.append(pays(now, notice))
        except Exception as fault:
            outcome.append(fault)
        finally:
            connection.close()

    with transaction.atomic():
        declare.approve(noy, sheet, sheet.revision)
        thread = threading.Thread(target=money)
        thread.start()
        # Not pg_stat_activity: within a transaction it keeps showing what it showed first.
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        for _ in range(400):
            with connection.cursor() as cursor:
                cursor.execute(waiting)
                if cursor.fetchone()[0]:
                    break
            thread.join(timeout=0.01)
        else:
            pytest.fail(f"the payment did not wait: {outcome}")
    thread.join(timeout=30)
    assert [type(one) for one in outcome] == [Receipt], outcome
    receipt = Receipt.objects.get()
    debt = Obligation.objects.get()
    assert (receipt.allocated, receipt.credited) == (notice.amount, 0)
    assert debt.open == 11_500 and broken() == {}


@pytest.mark.django_db(transaction=True)
def test_numbers_of_persons_registered_at_once_are_never_the_same(
    kham: Actor, factory: Employer, other_factory: Employer, open_month: Month, system: Actor, now: datetime
) -> None:
    from tests.cast import people

    before = Person.objects.count()
    results = at_once(
        *(lambda: enrol.workers(system, factory, people(5, phone=False), open_month.first),) * 4
    )
    numbers = [number for one in results for number in one]
    assert len(set(numbers)) == 20 and Person.objects.count() == before + 20
    serials = sorted(int(number[2:9]) for number in Person.objects.values_list("number", flat=True))
    assert serials == list(range(1, before + 21))
    assert now - timedelta(days=1) < system.at


# A fault after every write


def everything() -> tuple[Any, ...]:
    """What there is, to be compared before and after a fault."""
    return (
        ledger(),
        sorted(Sheet.objects.values_list("id", "state", "revision")),
        Declaration.objects.count(),
        DeclaredWage.objects.count(),
        sorted(Obligation.objects.values_list("id", "owed", "settled", "declaration_id", "credited_version")),
        sorted(Notice.objects.values_list("id", "state")),
        sorted(Employment.objects.values_list("person_id", "start", "end")),
        sorted(Series.objects.values_list("name", "last")),
        AuditRow.objects.count(),
        payments.credit_of(Employer.objects.earliest("id").id),
    )


def survives_every_fault(act: Callable[[], Any]) -> int:
    """Let the act fail after each of its writes; nothing may be left. Then it works. How many writes it makes."""
    before = everything()
    write = 0
    while True:
        write += 1
        try:
            with failing_after(write) as seen:
                act()
        except Fault:
            assert everything() == before, seen
            continue
        assert everything() != before
        return write - 1


def test_a_fault_after_any_write_of_an_approval_leaves_nothing(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month, system: Actor, now: datetime
) -> None:  # fmt: skip
    declared(kham, noy, factory, open_month - 1)
    pays(now, collect.ask(noy, factory, [open_month - 1]))
    sheet = sheet_of(
        kham, factory, open_month, [*rows_of(workers[1:]), [13, "", "ວຽງສະຫວັນ ສຸກສະຫວັດ", 2_700_000]]
    )
    sheet = declare.absent(kham, sheet, workers[0].id, "left", open_month.first)
    sheet = declare.register_new(
        kham,
        sheet,
        13,
        given_name="ວຽງສະຫວັນ",
        family_name="ສຸກສະຫວັດ",
        birth_date=workers[0].birth_date,
        sex="f",
    )
    sheet = declare.hand_over(kham, sheet, sheet.revision)
    assert survives_every_fault(lambda: declare.approve(noy, sheet, sheet.revision)) >= 8
    assert broken() == {}


def test_a_fault_after_any_write_of_a_correction_that_gives_money_back_leaves_nothing(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month, now: datetime
) -> None:
    declared(kham, noy, factory, open_month)
    pays(now, collect.ask(noy, factory, [open_month]))
    sheet = declare.write_line(kham, declare.correct(kham, factory, open_month, "c"), 1, wage="2.500.000")
    assert codes(sheet) == {}
    sheet = declare.hand_over(kham, sheet, sheet.revision)
    assert survives_every_fault(lambda: declare.approve(noy, sheet, sheet.revision)) >= 10
    assert payments.credit_of(factory.id) == 57_500
    assert broken() == {}


def test_a_fault_after_any_write_of_taking_in_a_list_leaves_nothing(
    kham: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    first = sheet_of(kham, factory, open_month, rows_of(workers), "learned")
    assert survives_every_fault(lambda: declare.start_typing(kham, factory, open_month, "typed")) >= 4
    first.refresh_from_db()
    assert first.state == Sheet.State.REPLACED
