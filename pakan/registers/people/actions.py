"""What is written about people: register, employ, end."""

import functools
import struct
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from pyuca.collator import Collator_9_0_0

from pakan.registers.columns import copy_rows
from pakan.registers.people.models import Alias, District, Employer, Employment, Person, Suspension
from pakan.units.month import Month
from pakan.units.name import search_key
from pakan.units.number import issue_person_number


@functools.cache
def _collator() -> Any:
    return Collator_9_0_0()  # type: ignore[no-untyped-call]


def sort_key(name: str) -> bytes:
    """`name` in the Unicode order with the Lao rules, as bytes that PostgreSQL compares in the same order."""
    weights = _collator().sort_key(name)
    return struct.pack(f">{len(weights)}H", *(min(weight, 0xFFFF) for weight in weights))


def grams(key: str) -> list[str]:
    """The 3-grams of a search key, by which a name is found though a letter differs."""
    padded = f"  {key} "
    return sorted({padded[at : at + 3] for at in range(len(padded) - 2)})


def take_numbers(series: str, count: int = 1) -> int:
    """Take `count` numbers of a series without a gap; the first of them. Held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_series (name, last) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET last = people_series.last + EXCLUDED.last RETURNING last",
            [series, count],
        )
        last: int = cursor.fetchone()[0]
    return last - count + 1


def lock_newcomers() -> None:
    """Whoever registers a newcomer after looking for doubles waits here, so that two who look at once make nobody twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(1513, 1)")


def register_person(*, at: datetime, office: str, given_name: str, family_name: str, **facts: Any) -> Person:
    """Register one person and give the number (2 digits office, 7 serial, 1 check). `facts` are Person's columns."""
    number = issue_person_number(office, take_numbers(f"person {office}"))
    key = search_key(f"{given_name} {family_name}")
    return Person.objects.create(
        number=number,
        given_name=given_name,
        family_name=family_name,
        key=key,
        grams=grams(key),
        sort_key=sort_key(f"{given_name} {family_name}"),
        registered_at=at,
        **facts,
    )


PERSON_COLUMNS = (
    "number", "given_name", "family_name", "name_latin", "key", "grams", "sort_key", "birth_date", "sex", "phone",
    "national_id", "village", "district_id", "registered_at",
)  # fmt: skip


def register_people(at: datetime, office: str, people: Sequence[dict[str, Any]]) -> list[str]:
    """Register many at once (a new employer's list); returns the numbers in the same order."""
    first = take_numbers(f"person {office}", len(people))
    numbers = [issue_person_number(office, first + ahead) for ahead in range(len(people))]
    rows = []
    for number, person in zip(numbers, people, strict=True):
        name = f"{person['given_name']} {person['family_name']}"
        key = search_key(name)
        full = {"name_latin": "", "phone": "", "national_id": "", "village": "", "district_id": None} | person
        full |= {
            "number": number,
            "key": key,
            "grams": grams(key),
            "sort_key": sort_key(name),
            "registered_at": at,
        }
        rows.append([full[column] for column in PERSON_COLUMNS])
    copy_rows(Person, PERSON_COLUMNS, rows)
    return numbers


def correct_person(person: Person, facts: dict[str, Any]) -> None:
    """Change facts of a (locked) person; what a name is found by follows it."""
    for name, value in facts.items():
        setattr(person, name, value)
    full = f"{person.given_name} {person.family_name}"
    person.key = search_key(full)
    person.grams, person.sort_key = grams(person.key), sort_key(full)
    person.save()


def register_employer(
    *, at: datetime, code: str, name_lo: str, district: District, first_month: Month, **facts: Any
) -> Employer:
    return Employer.objects.create(
        code=code, name_lo=name_lo, name_key=search_key(name_lo), district=district, first_month=first_month,
        registered_at=at, **facts,
    )  # fmt: skip


def correct_employer(employer: Employer, facts: dict[str, Any]) -> None:
    """Change facts of a (locked) employer; the name's key follows it."""
    for name, value in facts.items():
        setattr(employer, name, value)
    employer.name_key = search_key(employer.name_lo)
    employer.save()


def suspend(employer: Employer, first: Month) -> None:
    """From `first` on the employer works not at all and declares nothing, until `resume`."""
    Suspension.objects.create(employer=employer, first_month=first)


def resume(employer: Employer, first: Month) -> None:
    """It works again from `first` on."""
    Suspension.objects.filter(employer=employer, last_month=None).update(last_month=first - 1)


def close_employer(employer: Employer, last: Month) -> None:
    """Nothing is declared after `last`; who still works there ends with it."""
    employer.last_month = last
    employer.save(update_fields=["last_month"])
    there = Employment.objects.filter(employer=employer, end=None)
    there.filter(start__lte=last.last).update(end=last.last, end_reason="closed")


def reopen_employer(employer: Employer, first: Month) -> None:
    """It declares again from `first` on; the months in between were none of its own."""
    assert employer.last_month is not None
    if employer.last_month + 1 < first:
        Suspension.objects.create(
            employer=employer, first_month=employer.last_month + 1, last_month=first - 1
        )
    employer.last_month = None
    employer.save(update_fields=["last_month"])


def employ(
    employer: Employer, people: Iterable[int], start: date, end: date | None = None, **facts: Any
) -> None:
    """Begin the employment of persons (ids) on `start`; those already there then or later are left as they are.

    `facts` are Employment's other columns.
    """
    people = list(people)
    stretches = Employment.objects.filter(employer=employer, person_id__in=people).exclude(end__lt=start)
    if end is not None:
        stretches = stretches.filter(start__lte=end)
    there = set(stretches.values_list("person_id", flat=True))
    Employment.objects.bulk_create(
        [
            Employment(person_id=person, employer=employer, start=start, end=end, **facts)
            for person in people
            if person not in there
        ]
    )


def end_employment(employer: Employer, person: int, end: date, reason: str = "") -> bool:
    """End a worker's open employment on `end`. False if there was none: then nothing changed."""
    return bool(
        Employment.objects.filter(employer=employer, person_id=person, end=None, start__lte=end).update(
            end=end, end_reason=reason
        )
    )


# Old numbers of one person (C8)


def propose_alias(old: Person, person: Person, why: str, by: int, at: datetime) -> Alias | None:
    """A number that may be the same person's; None if it is in such a pair already. Nobody becomes an alias of an alias."""
    # In the order of their ids, so that two officers who propose the pair both ways do not wait for each other.
    list(Person.objects.select_for_update(no_key=True).filter(id__in=[old.id, person.id]).order_by("id"))
    living = Alias.objects.filter(refused_at=None, ended_at=None)
    chained = living.filter(old_id__in=[old.id, person.id]) | living.filter(person=old)
    if old.id == person.id or chained.exists():
        return None
    return Alias.objects.create(old=old, person=person, why=why, found_by=by, found_at=at)


def change_alias(alias: Alias, **facts: Any) -> None:
    """Write what happened to a (locked) pair; who proposed and what was alike never change."""
    for name, value in facts.items():
        setattr(alias, name, value)
    alias.save(update_fields=list(facts))
