"""Old numbers of one person: found with a stated recall, merged by people only, counted together, and undone (C8, A5)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from pakan.operations import enter, merge
from pakan.operations.assess import insured_of
from pakan.operations.proofs import findings
from pakan.registers.access import actions as access
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow
from pakan.registers.messages.models import Message
from pakan.registers.people.actions import register_person
from pakan.registers.people.models import Alias, Person
from pakan.registers.people.queries import by_number, likely_doubles
from pakan.registers.records.models import Credit
from pakan.registers.records.queries import months_counted, statement
from pakan.units.month import Month
from tests.cast import FAMILY, GIVEN

Act = Callable[..., Actor]


def person(now: Any, given: str, family: str, born: date, **facts: Any) -> Person:
    return register_person(
        at=now, office="01", given_name=given, family_name=family, birth_date=born, **({"sex": "f"} | facts)
    )


@pytest.fixture
def pair(db: None, now: Any) -> tuple[Person, Person]:
    """The person of today, and his old number with another spelling."""
    facts = {"phone": "+8562055512345"}
    return (
        person(now, "ນ້ອຍ", "ສີສະຫວັດ", date(1990, 5, 6), **facts),
        person(now, "ນາງ ນ້ອຍ", "ສີສະຫວັດ", date(1990, 5, 6)),
    )


def merged(pair: tuple[Person, Person], first: Actor, second: Actor) -> Alias:
    made = merge.propose(first, pair[0], pair[1].id)
    merge.paper(first, made.id)
    merge.decide(second, made.id, True)
    return made


def test_abuse_A5_one_person_twice_recall_and_precision(db: None, now: Any) -> None:
    """Planted: 40 doubles of five kinds, and 60 pairs that look like doubles and are two people."""
    real, wanted = [], set()
    for at in range(100):
        given, family = GIVEN[at % 12], FAMILY[(at + at // 12) % 12] + GIVEN[(at * 5) % 12]
        born = date(1960 + at % 40, 1 + at % 12, 1 + at % 28)
        latin = f"Person {chr(97 + at % 26)}{chr(97 + at // 26)} Family{at}"
        real.append(
            person(
                now, given, family, born, name_latin=latin, national_id=f"N{at:05d}", phone=f"+856205{at:07d}"
            )
        )
    for at, one in enumerate(real[:40]):
        facts: dict[str, Any] = {
            "given_name": one.given_name,
            "family_name": one.family_name,
            "born": one.birth_date,
        }
        facts |= [
            {"given_name": f"ນາງ {one.given_name}"},
            {"given_name": one.name_latin.upper(), "family_name": ""},
            {"born": date(1950, 1, 1), "national_id": one.national_id},
            {"born": one.birth_date.replace(year=one.birth_date.year - 1), "phone": one.phone},
            {"family_name": one.family_name + "ນ"},
        ][at % 5]
        double = person(now, facts.pop("given_name"), facts.pop("family_name"), facts.pop("born"), **facts)
        wanted.add((one.id, double.id))
    for at, one in enumerate(real[40:]):
        kind = at % 3
        if kind == 0:  # a twin: same day and family, another given name
            person(now, GIVEN[(at + 5) % 12] + "ພອນ", one.family_name, one.birth_date)
        elif kind == 1:  # a namesake, years apart
            person(now, one.given_name, one.family_name, one.birth_date.replace(year=one.birth_date.year - 7))
        else:  # a namesake of the same day with a card of his own
            person(now, one.given_name, one.family_name, one.birth_date, national_id=f"X{at:05d}")
    found = {(one.id, other.id) for one in real for other, _why in likely_doubles(one)}
    right = found & wanted
    assert len(right) / len(wanted) >= 0.95, wanted - found
    assert len(right) / len(found) >= 0.90, found - wanted
    assert not Alias.objects.exists()


def test_two_officers_and_the_person_merge(
    pair: tuple[Person, Person], registrar: Account, second_registrar: Account, as_actor: Act
) -> None:
    first, second = as_actor(registrar), as_actor(second_registrar)
    made = merge.propose(first, pair[0], pair[1].id)
    for step in (lambda: merge.decide(second, made.id, True), lambda: merge.decide(first, made.id, False)):
        with pytest.raises(merge.Refused):
            step()
    merge.paper(first, made.id)
    with pytest.raises(merge.Refused, match="same_officer"):
        merge.decide(first, made.id, True)
    assert by_number([pair[1].number])[pair[1].number].id == pair[1].id
    merge.decide(second, made.id, True)
    assert by_number([pair[1].number])[pair[1].number].number == pair[0].number
    assert set(Message.objects.filter(wording="numbers_merged").values_list("person_id", flat=True)) == {
        pair[0].id, pair[1].id,
    }  # fmt: skip
    acts = AuditRow.objects.filter(act__startswith="merge.", person_id=pair[0].id).values_list(
        "act", flat=True
    )
    assert list(acts.order_by("number")) == ["merge.propose", "merge.paper", "merge.decide"]


def test_the_person_agrees_or_not_and_nobody_else_for_him(
    pair: tuple[Person, Person],
    registrar: Account,
    second_registrar: Account,
    as_actor: Act,
    member: Account,
    now: Any,
) -> None:
    from pakan.registers.access.actions import member_account

    made = merge.propose(as_actor(registrar), pair[0], pair[1].id)
    with pytest.raises(merge.Refused, match="gone"):
        merge.answer(as_actor(member), made.id, True)
    merge.answer(as_actor(member_account(pair[0], now)), made.id, False)
    with pytest.raises(merge.Refused, match="gone"):
        merge.decide(as_actor(second_registrar), made.id, True)
    again = merge.propose(as_actor(registrar), pair[0], pair[1].id)
    assert again.id != made.id


def test_an_officer_does_not_merge_his_own_number(
    pair: tuple[Person, Person], registrar: Account, as_actor: Act
) -> None:
    registrar.person = pair[1]
    registrar.save()
    with pytest.raises(merge.Refused, match="own"):
        merge.propose(as_actor(registrar), pair[0], pair[1].id)


def test_who_is_not_alike_is_not_proposed_and_nobody_is_an_alias_of_an_alias(
    pair: tuple[Person, Person], registrar: Account, second_registrar: Account, as_actor: Act, now: Any
) -> None:
    first, second = as_actor(registrar), as_actor(second_registrar)
    stranger = person(now, "ແກ້ວ", "ວົງສາ", date(1971, 1, 1))
    third = person(now, "ນ້ອຍ", "ສີສະຫວັດ", date(1990, 5, 6))
    with pytest.raises(merge.Refused, match="unlikely"):
        merge.propose(first, pair[0], stranger.id)
    merged(pair, first, second)
    with pytest.raises(merge.Refused, match="paired"):
        merge.propose(first, pair[1], third.id)
    with pytest.raises(merge.Refused, match="paired"):
        merge.propose(first, third, pair[0].id)
    assert merge.propose(first, pair[0], third.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alias.objects.create(old=pair[1], person=third, why="x", found_by=1, found_at=now)
    assert all(finding.holds for finding in findings(now) if finding.invariant == "A5")
    Alias.objects.create(old=pair[0], person=stranger, why="x", found_by=1, found_at=now)
    assert not all(finding.holds for finding in findings(now) if finding.invariant == "A5")


def test_months_of_both_numbers_count_together_until_two_part_them(
    pair: tuple[Person, Person], factory: Any, other_factory: Any, registrar: Account, second_registrar: Account,
    as_actor: Act, now: Any,
) -> None:  # fmt: skip
    month = Month(2026, 3)
    for owner, employer, of in (
        (pair[0], factory, month),
        (pair[1], other_factory, month),
        (pair[1], other_factory, month - 1),
    ):
        _credit(owner, employer, of, now)
    assert (months_counted(pair[0].id), months_counted(pair[1].id)) == (1, 2)
    first, second = as_actor(registrar), as_actor(second_registrar)
    made = merged(pair, first, second)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(statement(pair[0].id)) == 3
    assert len(asked) == 1
    assert months_counted(pair[0].id) == 2
    assert len(insured_of(pair[0]).months) == 2
    assert len(insured_of(pair[0]).months[month]) == 2
    assert Credit.objects.filter(person=pair[1]).count() == 2
    assert merge.undo(first, made.id) is False
    with pytest.raises(merge.Refused, match="same_officer"):
        merge.undo(first, made.id)
    assert months_counted(pair[0].id) == 2
    assert merge.undo(second, made.id) is True
    assert months_counted(pair[0].id) == 1


def _credit(owner: Person, employer: Any, month: Month, now: Any) -> None:
    Credit.objects.create(
        person=owner, employer=employer, month=month, version=1, wage=2_000_000, insured=2_000_000,
        employer_share=120_000, worker_share=110_000, credited_at=now,
    )  # fmt: skip


# Getting in


def code_to(person: Person, number: str, now: Any) -> tuple[str, Message | None]:
    before = Message.objects.filter(wording="code").count()
    token = enter.ask_code(number, person.birth_date, now, "10.0.0.1")
    sent = Message.objects.filter(wording="code").order_by("-id").first()
    return token, sent if Message.objects.filter(wording="code").count() > before else None


def test_an_old_number_signs_in_to_the_one_account_and_back_after_the_undoing(
    pair: tuple[Person, Person], registrar: Account, second_registrar: Account, as_actor: Act, now: Any
) -> None:
    one, two = as_actor(registrar), as_actor(second_registrar)
    current, old = pair
    Person.objects.filter(id=old.id).update(phone="+8562099900011")
    before = access.member_account(Person.objects.get(id=old.id), now)
    Account.objects.filter(id=before.id).update(pin="argon2-of-a-pin")
    made = merged(pair, one, two)
    before.refresh_from_db()
    assert before.pin == "", "its proofs open nothing any more"

    token, sent = code_to(old, old.number, now)
    assert sent is not None and (sent.phone, sent.person_id) == (current.phone, current.id)
    account = enter.use_code(token, sent.values["code"], now)
    assert account is not None and account.person_id == current.id
    assert code_to(current, current.number, now)[1] is not None

    merge.undo(one, made.id)
    merge.undo(two, made.id)
    token, sent = code_to(old, old.number, now)
    assert sent is not None and sent.phone == "+8562099900011"
    assert enter.use_code(token, sent.values["code"], now) == before


def test_abuse_A10_the_phone_of_an_old_number_opens_nothing(
    pair: tuple[Person, Person], registrar: Account, second_registrar: Account, as_actor: Act, now: Any
) -> None:
    """Who took over the old number's phone asks for a code: it goes to the other phone, or to none."""
    current, old = pair
    Person.objects.filter(id=old.id).update(phone="+8562099900011")
    old.refresh_from_db()
    token, on_its_way = code_to(old, old.number, now)
    assert on_its_way is not None
    merged(pair, as_actor(registrar), as_actor(second_registrar))
    assert enter.use_code(token, on_its_way.values["code"], now) is None
    Person.objects.filter(id=current.id).update(phone="")
    assert code_to(old, old.number, now)[1] is None


def test_an_old_number_asks_the_same_statements(
    pair: tuple[Person, Person], registrar: Account, second_registrar: Account, as_actor: Act, now: Any
) -> None:
    merged(pair, as_actor(registrar), as_actor(second_registrar))
    asked = []
    for number in (pair[0].number, pair[1].number):
        with CaptureQueriesContext(connection) as seen:
            enter.ask_code(number, pair[0].birth_date, now, "10.0.0.9")
        asked.append(len(seen))
    assert len(set(asked)) == 1


def test_the_counter_hands_the_paper_of_the_one_account(
    pair: tuple[Person, Person], registrar: Account, second_registrar: Account, as_actor: Act, now: Any
) -> None:
    merged(pair, as_actor(registrar), as_actor(second_registrar))
    secret = enter.hand_paper(as_actor(registrar), pair[1], "id_card")
    used = enter.use_paper(pair[1].number, secret, now, "10.0.0.1")
    assert used is not None and used[0].person_id == pair[0].id
