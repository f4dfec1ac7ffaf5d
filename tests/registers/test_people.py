"""Persons, their numbers and where they work: found by spelling, employed once, sorted as Lao is read."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from pakan.registers.access.actor import Actor
from pakan.registers.people import actions, queries
from pakan.registers.people.models import District, Employer, Employment, Person, Province, Series
from pakan.units.month import Month
from pakan.units.name import search_key
from pakan.units.number import person_number_check

pytestmark = pytest.mark.django_db


def register(
    system: Actor, given: str, family: str, born: date = date(1990, 1, 1), office: str = "01"
) -> Person:
    return actions.register_person(
        at=system.at, office=office, given_name=given, family_name=family, birth_date=born, sex="f"
    )


def test_numbers_are_taken_without_a_gap_and_given_back_when_nothing_came_of_it() -> None:
    assert [actions.take_numbers("a"), actions.take_numbers("a", 5), actions.take_numbers("a")] == [1, 2, 7]
    assert actions.take_numbers("b") == 1
    with pytest.raises(RuntimeError), transaction.atomic():
        assert actions.take_numbers("a", 100) == 8
        raise RuntimeError
    assert actions.take_numbers("a") == 8
    assert Series.objects.get(name="a").last == 8


def test_one_and_many_registered_persons_look_alike(system: Actor) -> None:
    facts = {"given_name": "ຄຳແພງ", "family_name": "ແກ້ວມະນີ", "birth_date": date(1990, 1, 1), "sex": "f"}
    one = actions.register_person(at=system.at, office="07", **facts)
    [number] = actions.register_people(system.at, "07", [facts])
    many = Person.objects.get(number=number)
    one.refresh_from_db()
    for name in (
        "given_name",
        "family_name",
        "key",
        "grams",
        "sort_key",
        "birth_date",
        "sex",
        "phone",
        "village",
    ):
        assert getattr(one, name) == getattr(many, name), name
    assert person_number_check(one.number) and int(many.number[2:9]) == int(one.number[2:9]) + 1
    assert actions.register_people(system.at, "07", []) == []


@pytest.mark.parametrize(
    "written",
    ["ທ້າວ ຄຳແພງ ແກ້ວມະນີ", "ຄໍາແພງ ແກ້ວມະນີ", "ຄຳແພງແກ້ວມະນີ", "ຄຳແພງ ແກວມະນີ", "ຄຳແພງ ແກ້ວມະນິ", "ຄຳແພ ແກ້ວມະນີ"],
)
def test_a_person_is_found_by_another_spelling(written: str, system: Actor) -> None:
    person = register(system, "ຄຳແພງ", "ແກ້ວມະນີ")
    register(system, "ສົມສັກ", "ວົງສາ")
    assert [known.id for known in queries.named_like(written)] == [person.id]
    assert [known.id for known in queries.named_like(written, date(1990, 1, 1))] == [person.id]
    assert queries.named_like(written, date(1991, 1, 1)) == []


def test_the_nearest_name_comes_first_and_a_strange_one_finds_nobody(system: Actor) -> None:
    names = [("ບຸນມີ", "ພົມມະຈັນ"), ("ບຸນມາ", "ພົມມະຈັນ"), ("ບຸນທັນ", "ພົມມະລາດ"), ("ວັນນາ", "ສີລາ")]
    ids = [register(system, *name).id for name in names]
    index = queries.Names(queries.by_id(ids).values())
    scored = index.like("ບຸນມີ ພົມມະຈັນ")
    assert [person.id for person, _ in scored[:2]] == ids[:2] and scored[0][1] == 1.0
    assert index.like("ZZZ QQQ") == [] and index.like("") == []
    assert len(index.like("ບຸນມີ ພົມມະຈັນ", most=1)) == 1


def test_names_stand_in_the_order_in_which_lao_is_read(system: Actor) -> None:
    # A vowel that is written before its consonant is read after it.
    ordered = ["ກາ", "ເກສອນ", "ແກ້ວ", "ຂຽວ", "ໄຂ", "ຄຳ", "ຈັນ", "ສີ", "ແສງ", "ໂສພາ", "ໜຸ່ມ"]
    for name in reversed(ordered):
        register(system, name, "")
    found = [person.given_name for person in Person.objects.order_by("sort_key")]
    assert found.index("ເກສອນ") < found.index("ຂຽວ") and found.index("ແສງ") > found.index("ຈັນ")
    assert found == sorted(found, key=actions.sort_key)


@given(st.text(max_size=30), st.text(max_size=30))
def test_sort_keys_and_grams_take_any_text(one: str, other: str) -> None:
    assert isinstance(actions.sort_key(one), bytes)
    key = search_key(one)
    assert set(actions.grams(key)) == set(actions.grams(key)) and all(
        len(gram) == 3 for gram in actions.grams(key)
    )
    assert (actions.sort_key(one) < actions.sort_key(other)) in (True, False)


# Employment


@pytest.mark.parametrize(("start", "end"), [(0, None), (-5, 0), (5, 9), (-100, 100)])
def test_the_same_worker_is_not_twice_at_an_employer_on_one_day(
    start: int, end: int | None, factory: Employer, workers: list[Person]
) -> None:
    day = factory.first_month.first
    Employment.objects.filter(person=workers[0]).update(end=day + timedelta(days=30))
    with pytest.raises(IntegrityError, match="employment_once"), transaction.atomic():
        Employment.objects.create(
            person=workers[0],
            employer=factory,
            start=day + timedelta(days=start),
            end=None if end is None else day + timedelta(days=end),
        )


def test_employment_goes_forward(factory: Employer, workers: list[Person]) -> None:
    with pytest.raises(IntegrityError, match="employment_forward"), transaction.atomic():
        Employment.objects.filter(person=workers[0]).update(end=factory.first_month.first - timedelta(days=1))


def test_employing_again_changes_nothing_and_after_an_end_begins_anew(
    factory: Employer, other_factory: Employer, workers: list[Person], open_month: Month
) -> None:
    ids = [worker.id for worker in workers]
    actions.employ(factory, ids, open_month.first)
    assert Employment.objects.filter(employer=factory).count() == 12
    assert actions.end_employment(factory, ids[0], open_month.last)
    actions.employ(factory, iter(ids[:1]), open_month.last)  # still there on that day
    assert Employment.objects.filter(employer=factory).count() == 12
    actions.employ(factory, ids[:1], open_month.last + timedelta(days=1))
    assert Employment.objects.filter(employer=factory, person_id=ids[0]).count() == 2
    actions.employ(other_factory, ids[:1], open_month.first)  # two employers at once are two employments
    assert Employment.objects.filter(person_id=ids[0], end=None).count() == 2
    before = factory.first_month - 3
    actions.employ(factory, ids[1:2], before.first, before.last)
    assert Employment.objects.filter(employer=factory, person_id=ids[1]).count() == 2


def test_workers_of_a_month_are_those_of_at_least_one_day(
    factory: Employer, workers: list[Person], open_month: Month
) -> None:
    ids = [worker.id for worker in workers]
    actions.end_employment(factory, ids[0], open_month.first)
    actions.end_employment(factory, ids[1], open_month.first - timedelta(days=1))
    Employment.objects.filter(person_id=ids[2]).update(start=open_month.last)
    Employment.objects.filter(person_id=ids[3]).update(start=open_month.last + timedelta(days=1))
    assert set(queries.workers_of(factory, open_month)) == set(ids) - {ids[1], ids[3]}
    assert set(queries.workers_of(factory, open_month - 1)) == set(ids) - {ids[2], ids[3]}
    assert queries.workers_in_order(factory).count() == 10


def test_places_are_filled_by_the_migration() -> None:
    assert (Province.objects.count(), District.objects.count()) == (18, 148)
    assert all(district.code.startswith(district.province_id) for district in District.objects.all())
    assert District.objects.filter(name_lo="").count() == Province.objects.filter(name_lo="").count() == 0


def test_persons_and_employers_are_found_by_what_one_knows_already(
    factory: Employer, workers: list[Person]
) -> None:
    numbers = [worker.number for worker in workers[:2]]
    assert set(queries.by_number([*numbers, "nobody"])) == set(numbers)
    assert queries.by_number([]) == {} and queries.by_id([]) == {}
    assert queries.employers_by_code([factory.code, "0000000"]) == {factory.code: factory}
