"""The family of an insured person: who asks never decides, a no has a reason, nobody stands twice, and the law says who
is covered on each day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import Error, IntegrityError, connection, transaction

from pakan.law.insured import months_later
from pakan.operations import assess, family, merge, wish
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.families import queries
from pakan.registers.families.models import FamilyMember
from pakan.registers.families.states import MOVES, State
from pakan.registers.lives.models import Death
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person
from pakan.units.month import Month
from pakan.units.words import english_date
from tests.channels.member.months import declared, paid
from tests.operations.families import CHILD, SPOUSE, STUDENT, asked, confirmed, entered, paper, photo

__all__ = ["declared", "paid"]  # fixtures
Act = Callable[..., Actor]


@pytest.fixture
def me(member: Account, as_actor: Act) -> Actor:
    return as_actor(member)


@pytest.fixture
def first(registrar: Account, as_actor: Act) -> Actor:
    return as_actor(registrar)


@pytest.fixture
def second(second_registrar: Account, as_actor: Act) -> Actor:
    return as_actor(second_registrar)


def wrong(act: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(family.Refused) as refusal:
        act()
    return refusal.value.fields


def told() -> list[str]:
    return list(
        Message.objects.filter(wording__startswith="family").order_by("id").values_list("wording", flat=True)
    )


def test_a_member_asks_with_a_paper_and_an_officer_confirms(
    me: Actor, first: Actor, member_person: Person
) -> None:
    made = family.ask(me, CHILD, paper())
    assert (made.state, made.since, made.number[:4]) == (
        "asked",
        CHILD.birth_date,
        "F26-" if me.today.year == 2026 else made.number[:4],
    )
    assert [one.number for one in queries.waiting()] == [made.number]
    (kept,) = made.papers.all()
    assert kept.document.media_type == "image/jpeg" and kept.document.content != photo()
    family.decide(first, made.number, True)
    made.refresh_from_db()
    assert (made.state, made.waits_since, made.decided_by_id) == ("confirmed", None, first.account_id)
    assert told() == ["family_confirmed"]
    message = Message.objects.get(wording="family_confirmed")
    assert message.person_id == member_person.id and list(message.values) == ["number"]
    acts = AuditRow.objects.filter(person_id=member_person.id, act__startswith="family.")
    assert set(acts.values_list("act", flat=True)) == {"family.ask", "family.decide"}
    with pytest.raises(family.WrongMove):
        family.decide(first, made.number, False, "late")


def test_a_no_has_a_reason_and_leaves_room_for_another_try(me: Actor, first: Actor) -> None:
    made = asked(me)
    assert wrong(lambda: family.decide(first, made.number, False, " ")) == {"answer": "answer"}
    assert family.decide(first, made.number, False, "ອ່ານໃບບໍ່ອອກ").state == "refused"
    assert told() == ["family_refused"]
    assert asked(me).number != made.number


def test_abuse_A5_who_enters_from_paper_does_not_confirm_and_nobody_his_own(
    me: Actor, first: Actor, second: Actor, member_person: Person
) -> None:
    made = entered(first, member_person, CHILD)
    assert wrong(lambda: family.decide(first, made.number, True)) == {"all": "same person"}
    with pytest.raises(IntegrityError), transaction.atomic():
        FamilyMember.objects.filter(id=made.id).update(state="confirmed", decided_by_id=first.account_id)
    with pytest.raises(NotAllowed):
        family.decide(me, made.number, True)
    assert family.decide(second, made.number, True).state == "confirmed"
    himself = replace(first, person_id=member_person.id)
    assert wrong(lambda: entered(himself, member_person, SPOUSE)) == {"all": "own"}
    other = asked(me, SPOUSE)
    assert wrong(lambda: family.decide(himself, other.number, True)) == {"all": "own"}


def test_what_cannot_be_is_told_at_once_with_every_field(me: Actor, member_person: Person) -> None:
    tomorrow = me.today + timedelta(1)
    assert wrong(
        lambda: asked(
            me, relation="cousin", given_name=" ", sex="x", birth_date=tomorrow, national_id="n" * 21
        )
    ) == {
        "relation": "choose",
        "given_name": "empty",
        "sex": "choose",
        "birth_date": "day",
        "national_id": "number",
    }
    assert wrong(lambda: asked(me, birth_date=member_person.birth_date)) == {"birth_date": "older"}
    assert wrong(lambda: asked(me, SPOUSE, since=None)) == {"since": "needed"}
    assert wrong(lambda: asked(me, SPOUSE, since=tomorrow)) == {"since": "day"}
    himself = {"given_name": member_person.given_name, "family_name": member_person.family_name}
    assert wrong(lambda: asked(me, SPOUSE, birth_date=member_person.birth_date, **himself)) == {
        "given_name": "self"
    }
    with pytest.raises(family.PaperRefused):
        family.ask(me, CHILD, ("birth.jpg", "image/jpeg", b"no picture"))
    assert not FamilyMember.objects.exists()


def test_nobody_stands_twice_and_there_is_one_spouse(me: Actor, first: Actor) -> None:
    confirmed(me, first)
    asked(me, SPOUSE)
    assert wrong(lambda: asked(me)) == {"given_name": "same"}
    assert wrong(lambda: asked(me, given_name="ດາວ ")) == {"given_name": "same"}
    assert wrong(lambda: asked(me, SPOUSE, given_name="ບຸນ", family_name="ວົງສາ")) == {"relation": "spouse"}
    # A letter differs: the same child written otherwise, or her twin; only people know.
    assert wrong(lambda: asked(me, given_name="ດາວໆ")) == {"why": "alike"}
    assert asked(me, given_name="ດາວໆ", why="ຝາແຝດ").override == "ຝາແຝດ"
    # Whoever goes around the verb meets the database.
    for told_of in (CHILD, SPOUSE):
        row = FamilyMember.objects.get(given_name=told_of.given_name)
        row.pk, row.number, row.state, row.decided_by = None, "F26-9999999-9", "asked", None
        row.key += "x" if told_of is SPOUSE else ""
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_a_child_of_two_insured_parents_is_shown_and_a_second_marriage_needs_a_reason(
    me: Actor, first: Actor, second: Actor, workers: list[Person]
) -> None:
    confirmed(me, first)
    wife = confirmed(me, first, SPOUSE)
    again = entered(first, workers[1], CHILD)
    seen = family.seen(again)
    assert [one.insured_id for one in seen.elsewhere] == [me.person_id] and not seen.needs_reason(again)
    assert family.decide(second, again.number, True).state == "confirmed"
    third = entered(first, workers[2], CHILD)
    assert wrong(lambda: family.decide(second, third.number, True)) == {"override": "needed"}
    married = entered(first, workers[3], SPOUSE)
    assert [one.number for one in family.seen(married).elsewhere] == [wife.number]
    assert wrong(lambda: family.decide(second, married.number, True)) == {"override": "needed"}
    assert family.decide(second, married.number, True, override="ຢ່າແລ້ວ ເຫັນໃບຢ່າ").override


def test_who_is_insured_herself_is_found_by_the_machine_and_named_by_the_officer(
    me: Actor, first: Actor, workers: list[Person]
) -> None:
    she = workers[4]
    facts = {
        "given_name": she.given_name,
        "family_name": she.family_name,
        "birth_date": she.birth_date,
        "sex": she.sex,
    }
    made = asked(me, SPOUSE, **facts)
    assert [one.person.id for one in family.seen(made).persons] == [she.id]
    assert wrong(lambda: family.decide(first, made.number, True, own_number=workers[5].number)) == {
        "own_number": "unknown"
    }
    assert family.decide(first, made.number, True, own_number=she.number).own_id == she.id


def test_an_end_takes_two_and_a_no_leaves_everything(me: Actor, first: Actor, second: Actor) -> None:
    wife = confirmed(me, first, SPOUSE)
    assert wrong(lambda: family.ask_end(me, wife.number, "why", SPOUSE.birth_date)) == {
        "why": "choose",
        "on": "day",
    }
    assert wrong(lambda: family.ask_end(me, wife.number, "other", me.today)) == {"text": "needed"}
    family.ask_end(first, wife.number, "divorce", first.today)
    assert [one.number for one in queries.waiting()] == [wife.number]
    assert wrong(lambda: family.ask_end(me, wife.number, "divorce", me.today)) == {"all": "open"}
    assert wrong(lambda: family.decide_end(first, wife.number, True)) == {"all": "same person"}
    assert wrong(lambda: family.decide_end(second, wife.number, False)) == {"answer": "answer"}
    assert family.decide_end(second, wife.number, False, "ບໍ່ມີໃບຢ່າ").end_at is None
    assert not queries.waiting()
    family.ask_end(me, wife.number, "divorce", me.today - timedelta(1))
    ended = family.decide_end(first, wife.number, True)
    assert (ended.state, ended.until) == ("ended", me.today - timedelta(1))
    assert told() == ["family_confirmed", "family_stays", "family_ended"]
    # And there is room for another marriage.
    assert asked(me, SPOUSE, given_name="ແກ້ວ", since=me.today).state == "asked"


def test_a_member_takes_back_her_own_and_reaches_nobody_elses(
    me: Actor, first: Actor, workers: list[Person], as_actor: Act
) -> None:
    made, theirs = asked(me), entered(first, workers[1], CHILD)
    for number in (theirs.number, "F26-0000000-0"):
        assert wrong(lambda number=number: family.withdraw(me, number)) == {"all": "unknown"}
        assert wrong(lambda number=number: family.ask_end(me, number, "divorce", me.today)) == {
            "all": "unknown"
        }
        assert wrong(lambda number=number: family._prove_study(me, number, me.today, paper())) == {
            "all": "unknown"
        }
    assert family.withdraw(me, made.number).waits_since is None
    with pytest.raises(family.WrongMove):
        family.withdraw(me, made.number)
    assert asked(me).number != made.number


@pytest.fixture
def covered(paid: Any, open_month: Month) -> None:
    for back in range(3, -1, -1):
        paid(open_month - back)


def test_the_family_is_covered_as_the_insured_is(
    covered: None, me: Actor, first: Actor, member_person: Person
) -> None:
    child = confirmed(me, first)
    own = assess.estimate(member_person, "health", {}, me.today)
    answer = assess.cover_of(child, me.today)
    assert answer.entitled and [each.end for each in answer.amounts] == [own.amounts[0].end]


def test_a_student_is_covered_with_an_accepted_proof_of_this_year(
    covered: None, me: Actor, first: Actor, second: Actor
) -> None:
    child = confirmed(me, first, STUDENT)

    def missing() -> list[str]:
        found = queries.by_number(child.number)
        assert found is not None
        return [each.label for each in assess.cover_of(found, me.today).missing]

    assert missing() == ["study_proof_none"]
    old = me.today - timedelta(400)
    assert wrong(lambda: family._prove_study(me, child.number, old, paper())) == {"dated": "day"}
    proof = family._prove_study(me, child.number, me.today - timedelta(20), paper())
    assert missing() == ["study_proof_none"] and [one.number for one in queries.waiting()] == [child.number]
    assert wrong(lambda: family._prove_study(me, child.number, me.today, paper())) == {"all": "open"}
    assert wrong(lambda: family.judge_study(first, child.number, proof.id, False)) == {"answer": "answer"}
    family.judge_study(first, child.number, proof.id, False, "ບໍ່ມີກາປະທັບ")
    again = family._prove_study(first, child.number, me.today - timedelta(20), paper())
    assert wrong(lambda: family.judge_study(first, child.number, again.id, True)) == {"all": "same person"}
    assert wrong(lambda: family.judge_study(second, child.number, proof.id, True)) == {"all": "state"}
    family.judge_study(second, child.number, again.id, True)
    assert missing() == [] and not queries.waiting()
    assert told() == ["family_confirmed", "family_study_refused", "family_study"]
    wife = confirmed(me, first, SPOUSE)
    assert wrong(lambda: family._prove_study(me, wife.number, me.today, paper())) == {"all": "state"}


def test_a_month_before_a_proof_runs_out_the_next_is_asked_for_once(
    me: Actor, first: Actor, second: Actor, system: Actor
) -> None:
    today = me.today
    son = confirmed(me, first, STUDENT)
    near = months_later(today, -12) + timedelta(20)
    proof = family._prove_study(me, son.number, near, paper())
    assert family.ask_for_study(system) == 0
    family.judge_study(first, son.number, proof.id, True)
    nearly = confirmed(me, first, given_name="ໃກ້", birth_date=months_later(today, -18 * 12) + timedelta(10))
    confirmed(me, first, given_name="ໄກ", birth_date=months_later(today, -18 * 12) + timedelta(60))
    grown = confirmed(me, first, given_name="ໃຫຍ່", birth_date=months_later(today, -25 * 12) + timedelta(10))
    last = family._prove_study(me, grown.number, near, paper())
    family.judge_study(first, grown.number, last.id, True)  # at 25 no proof helps any more
    assert family.ask_for_study(system) == 2
    assert family.ask_for_study(system) == 0
    found = Message.objects.filter(wording="family_study_due").order_by("id")
    assert [one.values["number"] for one in found] == [son.number, nearly.number]
    assert found[0].values["day_en"] == english_date(
        near + timedelta(days=(months_later(near, 12) - near).days - 1)
    )


def test_after_the_death_three_months_remain(
    covered: None, me: Actor, first: Actor, second: Actor, member_person: Person, now: datetime
) -> None:
    child, died = confirmed(me, first), me.today - timedelta(3)
    death = Death.objects.create(
        person=member_person, died_on=died, paper="certificate", paper_number="1", noted_by_id=first.account_id, noted_at=now,
    )  # fmt: skip
    # Noted by one officer only, it changes nothing yet.
    assert assess.cover_of(child, me.today).conditions[0].label == "months_in_last"
    Death.objects.filter(id=death.id).update(confirmed_by_id=second.account_id, confirmed_at=now)
    answer = assess.cover_of(child, me.today)
    assert answer.entitled and [each.end for each in answer.amounts] == [(Month.of(died) + 3).last]
    assert not assess.cover_of(child, (Month.of(died) + 4).first).entitled


def test_the_family_follows_a_merged_number(
    covered: None, me: Actor, first: Actor, second: Actor, member_person: Person, system: Actor, now: datetime
) -> None:
    old = Person.objects.create(
        number="0100000999", given_name=member_person.given_name, family_name=member_person.family_name,
        key=member_person.key, birth_date=member_person.birth_date, sex=member_person.sex, registered_at=now,
    )  # fmt: skip
    child = entered(first, old, CHILD)
    assert not queries.of_insured(member_person.id)
    alias = merge.propose(first, member_person, old.id)
    merge.answer(me, alias.id, True)
    merge.decide(second, alias.id, True)
    assert [one.number for one in queries.of_insured(member_person.id)] == [child.number]
    assert wrong(lambda: asked(me)) == {"given_name": "same"}
    family.decide(second, child.number, True)
    found = queries.by_number(child.number)
    assert found is not None and assess.cover_of(found, me.today).entitled
    assert Message.objects.get(wording="family_confirmed").person_id == member_person.id
    assert family.ask_end(me, child.number, "mistake", me.today, "ບໍ່ແມ່ນລູກ").end_at is not None


def test_a_copy_of_own_data_holds_the_family(me: Actor, first: Actor, member_person: Person) -> None:
    child = confirmed(me, first)
    (row,) = wish.gathered(member_person)["families.FamilyMember"]
    assert row["number"] == child.number and "key" not in row


def test_python_and_the_database_know_the_same_moves(me: Actor, first: Actor) -> None:
    for at, before in enumerate(State):
        made = asked(me, birth_date=date(2010 + at, 1, 1))
        if before in (State.CONFIRMED, State.ENDED, State.REFUSED):
            family.decide(first, made.number, before != State.REFUSED, "ok")
        if before == State.ENDED:
            family.ask_end(me, made.number, "divorce", me.today)
            family.decide_end(first, made.number, True)
        if before == State.WITHDRAWN:
            family.withdraw(me, made.number)
        for then in set(State) - {before}:
            moved(made, then, first.account_id, me, then in MOVES[before])


def moved(made: FamilyMember, then: State, officer: int | None, me: Actor, allowed: bool) -> None:
    """Tried past the program, and undone."""
    decided = None if then in (State.ASKED, State.WITHDRAWN) else officer
    ends = [me.today, "divorce", me.account_id, officer] if then == State.ENDED else [None, "", None, None]
    statement = (
        "UPDATE families_familymember SET state=%s, decided_by_id=%s, answer='x', until=%s, end_why=%s, end_by_id=%s,"
        " ended_by_id=%s WHERE id=%s"
    )
    point = transaction.savepoint()
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, [then.value, decided, *ends, made.id])
        assert allowed, f"{made.state} became {then}"
    except Error as fault:
        assert not allowed and "does not become" in str(fault), fault
    finally:
        transaction.savepoint_rollback(point)


def test_what_was_told_and_papers_stay(me: Actor) -> None:
    asked(me)
    for statement in (
        "UPDATE families_familymember SET birth_date = birth_date - 1",
        "DELETE FROM families_familymember",
        "UPDATE families_familypaper SET kept_at = kept_at + interval '1 day'",
        "DELETE FROM families_familypaper",
    ):
        with pytest.raises(Error, match="stay"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_abuse_A5_a_list_of_invented_children_ends(me: Actor) -> None:
    for at in range(family.MOST):
        asked(
            me,
            given_name=f"ດາວ{chr(0xE81 + at) if at != 2 else ''}ກ{at}",
            birth_date=date(2000 + at % 20, 1 + at % 12, 1 + at % 28),
        )
    assert wrong(lambda: asked(me, given_name="ອີກ")) == {"all": "most"}
