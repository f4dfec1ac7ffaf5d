"""Several people at one month at the same moment: colleagues who edit it, an approval while a new file comes, and a worker
whom two employers claim. On PostgreSQL, in threads with connections of their own. Nothing is lost, and `prove` finds nothing.
"""

from collections.abc import Callable
from typing import Any

import pytest

from pakan.operations import collect, declare, hire
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import AuditRow
from pakan.registers.access.roles import Role
from pakan.registers.contributions.models import Declaration, Obligation, Sheet
from pakan.registers.joining.models import HireList
from pakan.registers.people.actions import employ
from pakan.registers.people.models import Employer, Employment, Person
from pakan.registers.records import queries as records
from pakan.units.month import Month
from tests.operations.desk import acting, at_once, broken, declared, lines, pays, rows_of, sheet_of, sign
from tests.operations.test_hire import NEW

pytestmark = pytest.mark.django_db(transaction=True)
WAGE, MORE = 3_000_000, 3_200_000


def faults(results: list[Any]) -> list[Exception]:
    return [one for one in results if isinstance(one, Exception)]


# Two people editing the same month


def test_two_people_who_edit_the_same_month_keep_each_others_rows(
    kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month, system: Actor
) -> None:
    other = acting(system, "kongkeo@example.la", factory, Role.EMPLOYER_PREPARER)
    sheet = sheet_of(kham, factory, open_month, rows_of(workers))
    rows = sorted(lines(sheet))

    def writes(actor: Actor, row: int, wage: int) -> Callable[[], Sheet]:
        return lambda: declare.write_line(actor, sheet, row, wage=str(wage))

    mine = [writes(kham, row, MORE + row) for row in rows[:4]]
    theirs = [writes(other, row, MORE + row) for row in rows[4:8]]
    assert faults(at_once(*mine, *theirs)) == []
    written = {row: line.wage for row, line in lines(sheet).items()}
    assert written == {row: MORE + row for row in rows[:8]} | dict.fromkeys(rows[8:], WAGE)
    fresh = Sheet.objects.get(id=sheet.id)
    assert fresh.summary["wages"] == sum(written.values())
    assert (
        AuditRow.objects.filter(act="declare.mend", actor__in=[kham.name, other.name]).count() == 8
    )  # each with its writer

    with pytest.raises(declare.Refused):  # who still looks at the first revision hands over nothing
        declare.hand_over(kham, sheet, sheet.revision)
    fresh = declare.confirm_all(other, fresh, "wage_jump")
    signed = sign(other, noy, fresh)
    assert signed.wages_insured == sum(written.values()) and broken() == {}


def test_two_people_who_begin_the_same_month_have_one_open_sheet(
    kham: Actor, factory: Employer, workers: list[Person], open_month: Month, system: Actor
) -> None:
    other = acting(system, "kongkeo@example.la", factory, Role.EMPLOYER_PREPARER)
    results = at_once(
        *(
            lambda actor=actor, at=at: declare.start_typing(actor, factory, open_month, f"{actor.name} {at}")
            for at, actor in enumerate((kham, other) * 3)
        )
    )
    assert faults(results) == []
    open_ones = Sheet.objects.filter(employer=factory, state=Sheet.State.OPEN)
    assert open_ones.count() == 1
    replaced = next(one for one in results if one.id != open_ones.get().id)
    with pytest.raises(declare.Refused):  # the page of the one that was replaced changes nothing
        declare.write_line(kham, replaced, 1, wage=str(MORE))


# Approval racing a new upload


@pytest.mark.parametrize("turn", range(4))
def test_an_approval_racing_a_new_upload_signs_what_was_seen_or_nothing(
    turn: int, kham: Actor, noy: Actor, factory: Employer, workers: list[Person], open_month: Month
) -> None:
    seen = sheet_of(kham, factory, open_month, rows_of(workers))
    seen = declare.hand_over(kham, seen, seen.revision)
    acts: list[Callable[[], Any]] = [
        lambda: declare.approve(noy, seen, seen.revision),
        lambda: sheet_of(kham, factory, open_month, rows_of(workers, MORE), "the newer file"),
    ]
    results = at_once(*(acts if turn % 2 else reversed(acts)))
    refused = faults(results)
    assert all(isinstance(one, declare.Refused) for one in refused), results
    newer = Sheet.objects.get(key="the newer file")
    assert newer.state == Sheet.State.OPEN and newer.summary["wages"] == 12 * MORE
    if refused:
        assert Declaration.objects.count() == 0, "the file came first: nothing is signed that nobody saw"
        assert sign(kham, noy, newer).wages_insured == 12 * MORE
    else:
        assert Declaration.objects.get().wages_insured == 12 * WAGE, "the signature came first: what was seen"
        assert sign(kham, noy, newer).version == 2  # the newer file corrects it
    assert Obligation.objects.get().owed == 12 * MORE * 115 // 1000
    assert broken() == {}


# A worker whom two employers claim


def test_a_worker_claimed_by_two_employers_at_once_counts_with_each_and_lives_one_month(
    kham: Actor, noy: Actor, factory: Employer, other_factory: Employer, workers: list[Person], open_month: Month,
    system: Actor,
) -> None:  # fmt: skip
    """Two jobs are two insured jobs: each employer owes its own part, and neither can take the other's away."""
    shared = workers[0]
    employ(other_factory, [shared.id], open_month.first)
    theirs = acting(system, "bounmy@example.la", other_factory, Role.EMPLOYER_PREPARER)
    signs = acting(system, "ket@example.la", other_factory, Role.EMPLOYER_APPROVER)
    results = at_once(
        lambda: declared(kham, noy, factory, open_month),
        lambda: declared(theirs, signs, other_factory, open_month, MORE, "theirs"),
    )
    assert faults(results) == []
    assert Employment.objects.filter(person=shared, end=None).count() == 2
    notices = [collect.ask(noy, factory, [open_month]), collect.ask(signs, other_factory, [open_month])]
    paid = at_once(*(lambda one=one: pays(system.at, one, number=f"FT {one.id}") for one in notices))
    assert faults(paid) == []
    found = records.statement(shared.id, open_month)
    assert sorted(one.wage for one in found) == [WAGE, MORE]
    assert records.months_counted(shared.id) == 1
    assert broken() == {}


def test_a_newcomer_claimed_by_two_employers_at_once_is_one_person(
    kham: Actor, factory: Employer, other_factory: Employer, system: Actor
) -> None:
    theirs = acting(system, "bounmy@example.la", other_factory, Role.EMPLOYER_PREPARER)
    lists: list[tuple[Actor, Employer, HireList]] = [
        (kham, factory, hire.take_in(kham, factory, [NEW])),
        (theirs, other_factory, hire.take_in(theirs, other_factory, [NEW])),
    ]
    results = at_once(
        *(lambda actor=actor, at=at, one=one: hire.finish(actor, at, one.id) for actor, at, one in lists)
    )
    refused = faults(results)
    assert [type(one) for one in refused] == [hire.Refused], results
    assert Person.objects.filter(given_name=NEW["given_name"]).count() == 1
