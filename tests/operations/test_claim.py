"""A claim from the first answer to the desk: saved at each step, once whatever is sent twice, and never refused by a machine."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from pakan.law.decision import decision_from
from pakan.operations import assess, claim
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.benefits import queries
from pakan.registers.benefits.models import Claim, Evidence
from pakan.registers.benefits.states import State
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person
from pakan.units.month import Month
from tests.operations.claims import (
    FATHER,
    MOTHER,
    _vault,
    bank,
    chanthy,
    crew,
    drafted,
    father,
    firm,
    hands_in,
    lodged,
    mother,
    photo,
    run_jobs,
    vilay,
)
from tests.operations.desk import at_once, broken

__all__ = ["_vault", "bank", "chanthy", "crew", "father", "firm", "mother", "vilay"]
pytestmark = pytest.mark.django_db


# The draft


def test_a_draft_is_saved_at_each_answer_and_goes_on_on_another_device(mother: Actor) -> None:
    key = uuid4()
    first = claim.start(mother, "maternity", key)
    assert claim.start(mother, "maternity", key) == first and first.number.startswith("B")
    claim.answer(mother, key, {"children": 2})
    claim.answer(mother, key, {"leave_days": 120}, event_day=mother.today)
    kept = queries.by_key(first.person_id, key)
    assert kept is not None and kept.told == {"children": 2, "leave_days": 120}
    assert (kept.event_day, kept.state) == (mother.today, State.DRAFT)
    claim.answer(mother, key, {"children": None})
    assert Claim.objects.get(key=key).told == {"leave_days": 120}


def test_a_wrong_answer_is_named_and_nothing_of_it_is_saved(mother: Actor) -> None:
    made = drafted(mother, MOTHER)
    for told, field in (
        ({"leave_days": 400}, "leave_days"),
        ({"leave_from": "30/02/2026"}, "leave_from"),
        ({"nonsense": 1}, "nonsense"),
        ({"children": "two"}, "children"),
    ):
        with pytest.raises(claim.WrongSituation) as wrong:
            claim.answer(mother, made.key, {"pregnancy_days": 5} | told)
        assert wrong.value.fields == (field,)
    with pytest.raises(claim.WrongSituation):
        claim.answer(mother, made.key, {}, event_day=mother.today + timedelta(days=1))
    assert Claim.objects.get(key=made.key).told == MOTHER


def test_the_next_question_is_the_one_without_which_nobody_can_decide(mother: Actor) -> None:
    made = drafted(mother, {})
    asked = claim.next_question(made)
    assert asked is not None and asked.key == "leave_days"
    assert claim.next_question(claim.answer(mother, made.key, {"leave_days": 0})) is None


def test_the_preview_is_the_simulator_and_names_the_papers(mother: Actor, crew: list[Person]) -> None:
    made = drafted(mother, MOTHER)
    seen = claim.preview(made, mother.today)
    assert made.event_day is not None
    assert seen.decision == assess.estimate(crew[0], "maternity", MOTHER, made.event_day)
    assert seen.decision is not None and seen.decision.entitled
    assert [paper.key for paper in seen.papers if paper.open] == ["birth", "leave"]
    hands_in(mother, made.key, "birth")
    assert [paper.key for paper in claim.preview(made, mother.today).papers if paper.open] == ["leave"]
    early = drafted(mother, {})
    assert claim.preview(early, mother.today).decision is None


def test_nobody_touches_somebody_elses_claim(mother: Actor, father: Actor, crew: list[Person]) -> None:
    made = drafted(mother, MOTHER)
    for act in (
        lambda: claim.answer(father, made.key, {"children": 3}),
        lambda: claim.lodge(father, made.key),
        lambda: claim.withdraw(father, made.key),
        lambda: hands_in(father, made.key, "birth"),
        lambda: claim.supplied(father, made.key),
        lambda: claim.start(father, "maternity", uuid4(), person=crew[0]),
    ):
        with pytest.raises(claim.Refused, match="unknown"):
            act()
    with pytest.raises(claim.Refused, match="key_taken"):
        claim.start(father, "maternity", made.key)
    assert queries.by_key(father.person_id or 0, made.key) is None


def test_staff_start_a_claim_only_for_a_named_person(
    chanthy: Actor, crew: list[Person], finance: Account, as_actor: Callable[..., Actor]
) -> None:
    with pytest.raises(claim.Refused, match="unknown"):
        claim.start(chanthy, "maternity", uuid4())
    made = claim.start(chanthy, "maternity", uuid4(), person=crew[2], channel="counter")
    assert (made.person, made.channel) == (crew[2], "counter")
    row = AuditRow.objects.filter(act="claim.start").latest("number")
    assert (row.person_id, row.actor) == (crew[2].id, "chanthy")
    with pytest.raises(NotAllowed):
        claim.start(as_actor(finance), "maternity", uuid4(), person=crew[2])


def test_a_person_cannot_fill_the_desk_with_drafts(mother: Actor) -> None:
    for _ in range(claim.MOST_OPEN):
        claim.start(mother, "sickness", uuid4())
    with pytest.raises(claim.Refused, match="too_many"):
        claim.start(mother, "sickness", uuid4())
    with pytest.raises(claim.Refused, match="benefit"):
        claim.start(mother, "lottery", uuid4())


# Papers


def test_each_paper_gets_a_dated_receipt_and_is_kept_once(mother: Actor) -> None:
    made, key = drafted(mother, MOTHER), uuid4()
    first = claim.add_evidence(mother, made.key, "birth", key, "birth.jpg", "image/jpeg", photo())
    again = claim.add_evidence(mother, made.key, "birth", key, "birth.jpg", "image/jpeg", photo())
    assert first == again and first.receipt_number.startswith("E") and first.received_at == mother.at
    assert first.document.media_type == "image/jpeg" and Evidence.objects.count() == 1
    with pytest.raises(claim.Refused, match="key_taken"):
        claim.add_evidence(mother, made.key, "leave", key, "leave.jpg", "image/jpeg", photo())
    with pytest.raises(claim.Refused, match="kind"):
        hands_in(mother, made.key, "passport")
    with pytest.raises(claim.PaperRefused):
        claim.add_evidence(mother, made.key, "birth", uuid4(), "birth.jpg", "image/jpeg", b"MZ not a picture")


# Lodging


def test_lodged_twice_is_one_claim_with_a_number_a_promise_and_a_message(mother: Actor) -> None:
    made = lodged(mother, MOTHER)
    again = claim.lodge(mother, made.key)
    assert (again.state, again.lodged_at, again.promised_on) == (
        State.LODGED,
        made.lodged_at,
        made.promised_on,
    )
    days, day = 0, mother.today
    while made.promised_on and day < made.promised_on:
        day += timedelta(days=1)
        days += day.weekday() < 5
    assert days >= 15
    assert list(
        Message.objects.filter(wording="claim_received").values_list("values__number", flat=True)
    ) == [made.number]
    assert [step.name for step in made.steps.order_by("id")] == [
        "started",
        "paper_received",
        "paper_received",
        "lodged",
    ]
    with pytest.raises(claim.Refused, match="state"):
        claim.answer(mother, made.key, {"children": 2})
    assert broken() == {}


def test_what_is_not_told_is_named_all_at_once(mother: Actor) -> None:
    key = uuid4()
    claim.start(mother, "sickness", key)
    claim.answer(mother, key, {}, event_day=mother.today)
    with pytest.raises(claim.WrongSituation) as wrong:
        claim.lodge(mother, key)
    assert set(wrong.value.fields) == {"cause", "wage_stopped", "certificate"}
    undated = claim.start(mother, "maternity", uuid4())
    with pytest.raises(claim.WrongSituation) as wrong:
        claim.lodge(mother, undated.key)
    assert "day" in wrong.value.fields


def test_who_has_no_right_by_our_reading_may_lodge_all_the_same(mother: Actor) -> None:
    made = lodged(mother, {"leave_days": 30, "pregnancy_months": 1}, papers=())
    run_jobs()
    made.refresh_from_db()
    assert made.state == State.LODGED
    passed = made.steps.get(name="passed_to_person")
    assert "not_entitled" in passed.text


def test_a_claim_after_twelve_months_is_taken_and_left_to_people(
    mother: Actor, as_actor: Callable[..., Actor], now: datetime
) -> None:
    made = drafted(mother, MOTHER)
    much_later = as_actor(Account.objects.get(id=mother.account_id), now + timedelta(days=400))
    late = claim.lodge(much_later, made.key)
    assert late.late and late.steps.filter(name="late").exists()


def test_the_same_event_is_lodged_once_though_two_phones_made_two_keys(mother: Actor) -> None:
    lodged(mother, MOTHER)
    other = drafted(mother, MOTHER)
    with pytest.raises(claim.Refused, match="already"):
        claim.lodge(mother, other.key)
    assert Claim.objects.get(key=other.key).state == State.DRAFT


@pytest.mark.django_db(transaction=True)
def test_two_devices_that_send_one_claim_at_one_moment_make_one(mother: Actor) -> None:
    key = uuid4()

    def send() -> str:
        claim.start(mother, "maternity", key)
        claim.answer(mother, key, MOTHER, event_day=mother.today)
        return claim.lodge(mother, key).number

    results = at_once(send, send, send)
    numbers = {result for result in results if isinstance(result, str)}
    # Whoever comes after the lodging finds it lodged: its answers stay as they were handed over.
    assert all(isinstance(result, str) or str(result) == "state" for result in results), results
    assert len(numbers) == 1 and Claim.objects.count() == 1
    assert Claim.objects.get().steps.filter(name="lodged").count() == 1
    assert broken() == {}


def test_a_claim_is_taken_back_until_it_is_decided(mother: Actor) -> None:
    made = lodged(mother, MOTHER)
    assert claim.withdraw(mother, made.key).state == State.WITHDRAWN
    with pytest.raises(claim.Refused, match="state"):
        claim.withdraw(mother, made.key)
    with pytest.raises(claim.Refused, match="state"):
        claim.lodge(mother, made.key)


# Without signing in


def test_where_a_claim_stands_is_told_to_who_knows_number_and_birth_date(
    mother: Actor, crew: list[Person], now: datetime
) -> None:
    made = lodged(mother, MOTHER)
    born = crew[0].birth_date
    told = claim.status(made.number, born, "10.0.0.1", now)
    assert told is not None and (told.state, told.promised_on) == ("lodged", made.promised_on)
    assert claim.status(made.number, born + timedelta(days=1), "10.0.0.1", now) is None
    assert claim.status(drafted(mother, MOTHER).number, born, "10.0.0.1", now) is None
    assert claim.status("B26-9999999-9", born, "10.0.0.1", now) is None


def test_abuse_A12_five_questions_an_hour_about_one_number(
    crew: list[Person], mother: Actor, now: datetime
) -> None:
    made = lodged(mother, MOTHER)
    for guess in range(claim.LOOKS):
        assert claim.status(made.number, date(1980, 1, 1 + guess), f"10.0.0.{guess}", now) is None
    with pytest.raises(claim.TooOften):
        claim.status(made.number, crew[0].birth_date, "10.0.0.99", now)
    assert claim.status(made.number, crew[0].birth_date, "10.0.0.99", now + timedelta(hours=2)) is not None


def test_a_forgotten_draft_is_spoken_of_once(mother: Actor, now: datetime) -> None:
    made = drafted(mother, MOTHER)
    claim.remind_drafts()
    assert not Message.objects.filter(wording="claim_draft").exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE benefits_claim SET saved_at = saved_at - interval '4 days' WHERE id = %s", [made.id]
        )
    claim.remind_drafts()
    claim.remind_drafts()
    assert Message.objects.filter(wording="claim_draft").count() == 1


def test_the_record_and_the_claims_meet_in_the_law(
    father: Actor, crew: list[Person], open_month: Month
) -> None:
    made = drafted(father, FATHER)
    seen = claim.preview(made, father.today).decision
    assert seen is not None and not seen.estimate and seen.kip("lump_sum") == 2_400_000
    assert decision_from(seen.as_dict()) == seen
