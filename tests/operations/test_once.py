"""An act sent again with its id is done once; other content under the same id is refused; taps at one moment too."""

import threading
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import Error, connection, transaction

from pakan.operations import report
from pakan.operations.once import Answer, OtherContent, once
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.submissions.models import Submission
from pakan.units.month import Month

KEY = UUID("11111111-1111-4111-8111-111111111111")


def test_the_second_time_finds_the_first_answer(member: Account, as_actor: Callable[..., Actor]) -> None:
    done: list[int] = []

    def act() -> Answer:
        done.append(1)
        return Answer("/member/", (("success", f"number {len(done)}"),))

    first = once(as_actor(member), KEY, "a" * 64, act)
    again = once(as_actor(member), KEY, "a" * 64, act)
    assert first == again == Answer("/member/", (("success", "number 1"),))
    assert done == [1]


def test_other_content_under_the_same_id_is_refused(member: Account, as_actor: Callable[..., Actor]) -> None:
    once(as_actor(member), KEY, "a" * 64, lambda: Answer("/member/one/"))
    with pytest.raises(OtherContent) as other:
        once(as_actor(member), KEY, "b" * 64, lambda: Answer("/member/two/"))
    assert other.value.location == "/member/one/"
    assert Submission.objects.count() == 1


def test_the_same_id_of_another_account_is_another_act(
    member: Account, preparer: Account, as_actor: Callable[..., Actor]
) -> None:
    once(as_actor(member), KEY, "a" * 64, lambda: Answer("/one/"))
    assert once(as_actor(preparer), KEY, "b" * 64, lambda: Answer("/two/")) == Answer("/two/")


def test_what_was_not_done_leaves_the_id_free(member: Account, as_actor: Callable[..., Actor]) -> None:
    assert once(as_actor(member), KEY, "a" * 64, lambda: None) is None
    assert once(as_actor(member), KEY, "b" * 64, lambda: Answer("/done/")) == Answer("/done/")


def test_a_fault_leaves_neither_act_nor_answer(
    member: Account, as_actor: Callable[..., Actor], open_month: Month
) -> None:
    def act() -> Answer:
        report.open_case(as_actor(member), open_month, "other")
        raise RuntimeError("broken after the act")

    with pytest.raises(RuntimeError):
        once(as_actor(member), KEY, "a" * 64, act)
    assert not Submission.objects.exists()
    assert not AuditRow.objects.filter(act="report.open").exists()


def test_nobody_has_no_ids(as_actor: Callable[..., Actor], system: Actor) -> None:
    with pytest.raises(PermissionError):
        once(system, KEY, "a" * 64, lambda: Answer("/"))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE submissions_submission SET location = '/elsewhere/'", "DELETE FROM submissions_submission"],
)
def test_an_answer_stays(statement: str, member: Account, as_actor: Callable[..., Actor]) -> None:
    once(as_actor(member), KEY, "a" * 64, lambda: Answer("/"))
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_abuse_A19_taps_at_one_moment_are_one_act(
    member: Account, as_actor: Callable[..., Actor], open_month: Month
) -> None:
    """16 at once, 5 ids one after another: each id is one act with one answer."""
    actor = as_actor(member)
    for turn in range(5):
        key, answers = uuid4(), []
        start = threading.Barrier(16)

        def tap(
            key: UUID = key,
            answers: list[object] = answers,
            start: threading.Barrier = start,
            turn: int = turn,
        ) -> None:
            def act() -> Answer:
                case = report.open_case(actor, open_month - turn, "other")
                return Answer("/", (("success", case.number),))

            start.wait()
            try:
                answers.append(once(actor, key, "a" * 64, act))
            finally:
                connection.close()

        taps = [threading.Thread(target=tap) for _ in range(16)]
        for one in taps:
            one.start()
        for one in taps:
            one.join()
        assert len(answers) == 16 and len(set(answers)) == 1
        assert AuditRow.objects.filter(act="report.open").count() == turn + 1
