"""Joining, choosing anew, and what was asked for. Every choice is written beside the one before."""

from datetime import datetime
from typing import Any

from pakan.registers.people.actions import take_numbers
from pakan.registers.people.models import District, Employer, Person
from pakan.registers.voluntary.models import Asked, Choice, Membership
from pakan.units.month import Month

FIRST_CODE = 9_000_000  # 9xxxxxx are contributors who are their own employer


def lock_person(person_id: int) -> Person:
    """Two taps at one moment wait for each other."""
    return (
        Person.objects.select_for_update(no_key=True, of=("self",))
        .select_related("district")
        .get(id=person_id)
    )


def contributor(person: Person, first_month: Month, at: datetime) -> Employer:
    """A contributor of his own, with the next code; in his district, or in the first of the office of his number."""
    district = person.district
    if district is None:
        of_office = District.objects.filter(province_id=person.number[:2]).order_by("code")
        district = of_office.first() or District.objects.order_by("code")[0]
    return Employer.objects.create(
        code=f"{FIRST_CODE + take_numbers('voluntary'):07d}", name_lo=person.name, name_en=person.name_latin,
        scheme=Employer.Scheme.VOLUNTARY, district=district, first_month=first_month, registered_at=at,
    )  # fmt: skip


def join(
    person: Person, employer: Employer, income: int, months_ahead: int, since: Month, at: datetime
) -> Membership:
    made = Membership.objects.create(
        person=person, employer=employer, income=income, months_ahead=months_ahead, since=since, joined_at=at, changed_at=at,
    )  # fmt: skip
    _write(made, at)
    return made


def lock(person_id: int) -> Membership:
    """The membership, held until the transaction ends. Raises Membership.DoesNotExist."""
    return (
        Membership.objects.select_for_update(of=("self",))
        .select_related("employer", "person")
        .get(person_id=person_id)
    )


def change(membership: Membership, at: datetime, **chosen: Any) -> None:
    for name, value in chosen.items():
        setattr(membership, name, value)
    membership.changed_at = at
    membership.save()
    _write(membership, at)


def _write(one: Membership, at: datetime) -> None:
    Choice.objects.create(
        membership=one,
        state=one.state,
        income=one.income,
        months_ahead=one.months_ahead,
        since=one.since,
        at=at,
    )


def keep_asked(membership: Membership, notice_number: str, law: int, at: datetime) -> Asked:
    return Asked.objects.create(
        membership=membership, notice_number=notice_number, income=membership.income, law=law, asked_at=at
    )
