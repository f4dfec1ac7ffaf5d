"""Large files in the background, and forgotten workers as a file of their own (C79, C82)."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.operations import declare
from pakan.operations.declare.read import read_large
from pakan.registers.access.actor import Actor
from pakan.registers.contributions.actions import remember_layout
from pakan.registers.contributions.models import Sheet
from pakan.registers.contributions.queries import wages_by_person
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month
from tests.operations.desk import WAGE, codes, declared, file_of, lines, rows_of, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(workers: list[Person]) -> bytes:
    return file_of(rows_of(workers))


def waiting(kham: Actor, factory: Employer, month: Month, content: bytes, key: str = "large") -> Sheet:
    return declare.take_in_large(kham, factory, month, "wages.xlsx", content, key)


def test_a_large_file_waits_for_a_job_and_is_read_once(
    kham: Actor, factory: Employer, open_month: Month, content: bytes
) -> None:
    sheet = waiting(kham, factory, open_month, content)
    assert sheet.state == Sheet.State.WAITING and sheet.made_at == kham.at
    assert waiting(kham, factory, open_month, content).id == sheet.id  # the page was sent twice
    jobs = ProcrastinateJob.objects.filter(task_name="declare.read_large")
    assert [job.args for job in jobs] == [{"sheet_id": sheet.id}]
    read_large(sheet.id)
    sheet.refresh_from_db()
    assert sheet.state == Sheet.State.READ  # its columns are confirmed once, as with a small file
    revision = sheet.revision
    read_large(sheet.id)
    sheet.refresh_from_db()
    assert sheet.revision == revision


def test_with_known_columns_it_is_checked_at_once(
    kham: Actor, factory: Employer, open_month: Month, content: bytes
) -> None:
    layout = declare.read_file("wages.xlsx", content).layout
    remember_layout(factory, layout.fingerprint, layout.to_json(), kham.at)
    sheet = waiting(kham, factory, open_month, content)
    read_large(sheet.id)
    sheet.refresh_from_db()
    assert sheet.state == Sheet.State.OPEN
    assert sheet.summary["wages"] == 12 * WAGE and len(lines(sheet)) == 12


def test_a_file_that_cannot_be_read_is_told_on_the_sheet(
    kham: Actor, factory: Employer, open_month: Month
) -> None:
    sheet = waiting(kham, factory, open_month, file_of([["no", "table", "here", "at all"]])[:900])
    read_large(sheet.id)
    sheet.refresh_from_db()
    assert sheet.state == Sheet.State.WAITING
    assert set(sheet.summary["refused"]) == {"lo", "en"}


def test_a_newer_file_replaces_one_that_is_still_read(
    kham: Actor, factory: Employer, open_month: Month, content: bytes
) -> None:
    first = waiting(kham, factory, open_month, content, "first")
    second = waiting(kham, factory, open_month, content, "second")
    read_large(first.id)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (Sheet.State.REPLACED, Sheet.State.WAITING)
    assert not lines(first)


def test_forgotten_workers_join_those_already_declared(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month, workers: list[Person]
) -> None:
    sheet = declare.start_typing(kham, factory, open_month, "typed")
    sheet = declare.write_wages(kham, sheet, dict.fromkeys(lines(sheet), str(WAGE)))
    for row in (11, 12):
        sheet = declare.leave_out(kham, sheet, row)
    for person in workers[10:]:
        sheet = declare.absent(kham, sheet, person.id, "leave")
    first = sign(kham, noy, sheet)
    assert first.workers == 10
    missing = file_of(rows_of(workers[10:], 4_000_000))
    sheet = declare.take_in(
        kham, factory, open_month, declare.read_file("more.xlsx", missing), "more", declare.SUPPLEMENT
    )
    offered = {column.field: column.letter for column in declare.columns_offered(sheet) if column.field}
    sheet = declare.confirm_columns(kham, sheet, offered)
    assert len(lines(sheet)) == 12
    second = sign(kham, noy, declare.confirm_all(kham, sheet, "wage_jump"))
    assert (second.version, second.workers) == (2, 12)
    wages = wages_by_person(second)
    assert [wages[person.id] for person in workers] == [WAGE] * 10 + [4_000_000] * 2


def test_whoever_is_declared_already_is_asked_about(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month, workers: list[Person]
) -> None:
    declared(kham, noy, factory, open_month)
    again = file_of(rows_of(workers[:1], 9_000_000))
    sheet = declare.take_in(
        kham, factory, open_month, declare.read_file("more.xlsx", again), "more", declare.SUPPLEMENT
    )
    offered = {column.field: column.letter for column in declare.columns_offered(sheet) if column.field}
    sheet = declare.confirm_columns(kham, sheet, offered)
    assert any("duplicate" in of_row or "twice" in of_row for of_row in codes(sheet).values()), codes(sheet)
