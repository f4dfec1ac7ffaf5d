"""Who on record may be the person that somebody wants to register: by names, birth date and numbers (A5).

A telephone alone says nothing (families share one), nor does a name alone (many share one). What is found is a question.
Below the verbs, since lists of new workers and wage sheets ask the same.
"""

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Q

from pakan.registers.people.models import Person
from pakan.units.name import search_key

NEAR = 0.8  # of two search keys: a letter or two differ
MOST = 3
LEAST_REASON, MOST_REASON = 3, 300


@dataclass(frozen=True)
class Double:
    """Somebody on record, and what agrees: 'name', 'latin', 'birth', 'birth_near', 'national_id', 'phone'."""

    person: Person
    signs: tuple[str, ...]


def near(one: str, other: str) -> bool:
    """Two search keys that are equal, or differ by a letter or two."""
    return bool(one and other) and (
        one == other or SequenceMatcher(a=one, b=other, autojunk=False).ratio() >= NEAR
    )


def _swapped(day: date) -> date | None:
    """Day and month the other way round, as one mistypes them."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else None


def _birth_sign(told: date, known: date) -> str:
    if told == known:
        return "birth"
    same = (told.year == known.year) + (told.month == known.month) + (told.day == known.day)
    return "birth_near" if same == 2 or _swapped(told) == known else ""


def doubles_of(name: str, name_latin: str, birth_date: date, phone: str, national_id: str) -> list[Double]:
    """The likeliest first. Narrowed by indexes: the same birth date, name key, telephone or national number."""
    key, latin = search_key(name), search_key(name_latin)
    days = [day for day in (birth_date, _swapped(birth_date)) if day]
    wanted = Q(birth_date__in=days) | Q(key=key)
    if phone:
        wanted |= Q(phone=phone)
    if national_id:
        wanted |= Q(national_id=national_id)
    found = []
    for person in Person.objects.filter(wanted).order_by("id")[:2000]:
        signs = _signs(person, key, latin, birth_date, phone, national_id)
        if _likely(set(signs)):
            found.append(Double(person, tuple(signs)))
    return sorted(found, key=lambda double: (-len(double.signs), double.person.id))[:MOST]


def shown(double: Double) -> dict[str, Any]:
    """All that an employer is told of somebody else's worker."""
    person = double.person
    return {
        "id": person.id,
        "name": person.name,
        "year": person.birth_date.year,
        "masked": f"•••• {person.number[-3:]}",
        "signs": list(double.signs),
    }


def is_reason(text: str) -> bool:
    """Whether this is a reason for calling somebody another person: a registrar will read it."""
    return LEAST_REASON <= len(text.strip()) <= MOST_REASON


def _signs(person: Person, key: str, latin: str, birth: date, phone: str, national_id: str) -> list[str]:
    signs = []
    if near(key, person.key):
        signs.append("name")
    if near(latin, search_key(person.name_latin)):
        signs.append("latin")
    if sign := _birth_sign(birth, person.birth_date):
        signs.append(sign)
    if national_id and national_id == person.national_id:
        signs.append("national_id")
    if phone and phone == person.phone:
        signs.append("phone")
    return signs


def _likely(signs: set[str]) -> bool:
    named, born = signs & {"name", "latin"}, signs & {"birth", "birth_near"}
    return (
        "national_id" in signs
        or bool(named and born)
        or bool(named and "phone" in signs)
        or {"birth", "phone"} <= signs
    )
