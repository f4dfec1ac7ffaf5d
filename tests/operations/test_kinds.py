"""Temporary workers, interns and foreigners raise questions of their own, never errors (C71, A-60)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from pakan.operations import declare
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account
from pakan.registers.contributions.queries import lines_of
from pakan.registers.people.models import Employer, Employment, Person
from pakan.registers.people.queries import Kind
from pakan.units.month import Month

pytestmark = pytest.mark.django_db


def asked(kham: Actor, factory: Employer, month: Month, person: Person, **facts: object) -> dict[str, str]:
    """What the check says of this worker whose wage is in order: code and level."""
    Employment.objects.filter(person=person, employer=factory).update(**facts)
    sheet = declare.start_typing(kham, factory, month, f"{facts['category']} {facts['until']}")
    row = next(line.row for line in lines_of(sheet) if line.number == person.number)
    sheet = declare.write_line(kham, sheet, row, wage="3000000")
    line = next(line for line in lines_of(sheet) if line.row == row)
    return {found["code"]: found["level"] for found in line.problems}


def test_each_kind_has_its_own_question(
    preparer: Account,
    as_actor: Callable[..., Actor],
    factory: Employer,
    workers: list[Person],
    open_month: Month,
) -> None:
    kham, person = as_actor(preparer), workers[0]
    start = Employment.objects.get(person=person, employer=factory).start
    short, long = start + timedelta(days=300), start + timedelta(days=900)
    cases: list[tuple[str, date | None, dict[str, str]]] = [
        ("regular", None, {}),
        ("foreigner", short, {"short_stay": "question"}),
        ("foreigner", long, {}),
        ("foreigner", None, {}),
        ("intern", None, {"intern": "question"}),
        ("temporary", open_month.first - timedelta(days=1), {"contract_over": "question"}),
        ("temporary", long, {}),
    ]
    for category, until, expected in cases:
        assert asked(kham, factory, open_month, person, category=category, until=until) == expected, category


@pytest.mark.parametrize(
    ("until", "months"),
    [(date(2027, 1, 14), 12), (date(2027, 1, 15), 13), (date(2026, 1, 31), 1)],
)
def test_months_of_a_stay(until: date, months: int) -> None:
    assert Kind("foreigner", date(2026, 1, 15), until).months == months
