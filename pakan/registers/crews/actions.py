"""What is written about crews and days of work."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from pakan.registers.crews.models import Crew, CrewMember, DayVoucher
from pakan.registers.crews.states import State, move
from pakan.registers.people.actions import take_numbers
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.number import day_voucher_number


class NameTaken(ValueError):
    """The employer has a crew of this name already."""


class DayTaken(ValueError):
    """This worker has this day at this employer already."""


def form(employer: Employer, name: str, at: datetime) -> Crew:
    """Raises NameTaken."""
    try:
        with transaction.atomic():
            return Crew.objects.create(employer=employer, name=name, made_at=at)
    except IntegrityError as fault:
        raise NameTaken(name) from fault


def change(crew: Crew, persons: Iterable[int], at: datetime) -> tuple[int, int]:
    """Make `persons` (ids) the members; how many came and how many went."""
    wanted = set(persons)
    there = set(CrewMember.objects.filter(crew=crew, until=None).values_list("person_id", flat=True))
    gone = CrewMember.objects.filter(crew=crew, until=None, person_id__in=there - wanted).update(until=at)
    CrewMember.objects.bulk_create(
        CrewMember(crew=crew, person_id=person, since=at) for person in sorted(wanted - there)
    )
    return len(wanted - there), gone


def end(crew: Crew, at: datetime) -> None:
    CrewMember.objects.filter(crew=crew, until=None).update(until=at)
    crew.ended_at = at
    crew.save(update_fields=["ended_at"])


def issue(
    employer: Employer, wage: Kip, count: int, expires_on: date, account_id: int, at: datetime, key: str
) -> list[DayVoucher]:
    """Prepaid vouchers with the next numbers; those of the same key if they are there already."""
    made = list(DayVoucher.objects.filter(key__startswith=f"{key}:").order_by("number"))
    if made:
        return made
    first = take_numbers(f"day voucher {at.year}", count)
    return DayVoucher.objects.bulk_create(
        DayVoucher(
            number=day_voucher_number(at.year, first + place), employer=employer, wage=wage, prepaid=True,
            state=State.ISSUED.value, issued_at=at, issued_by_id=account_id, expires_on=expires_on,
            key=f"{key}:{place}", changed_at=at,
        )
        for place in range(count)
    )  # fmt: skip


def note_day(
    employer: Employer, person_id: int, day: date, wage: Kip, account_id: int, at: datetime, key: str
) -> DayVoucher:
    """A day that was worked, to be paid with the month. Raises DayTaken."""
    known = DayVoucher.objects.filter(key=key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return DayVoucher.objects.create(
                number=day_voucher_number(at.year, take_numbers(f"day voucher {at.year}")), employer=employer,
                wage=wage, prepaid=False, state=State.USED.value, person_id=person_id, day=day, issued_at=at,
                issued_by_id=account_id, key=key, changed_at=at,
            )  # fmt: skip
    except IntegrityError as fault:
        raise DayTaken(str(day)) from fault


def use(voucher: DayVoucher, person_id: int, day: date, at: datetime) -> None:
    """Give an issued voucher to a worker for a day. Raises WrongMove, DayTaken."""
    state = move(voucher.state, State.USED)
    try:
        with transaction.atomic():
            voucher.state, voucher.person_id, voucher.day, voucher.changed_at = (
                state.value,
                person_id,
                day,
                at,
            )
            voucher.save(update_fields=["state", "person", "day", "changed_at"])
    except IntegrityError as fault:
        raise DayTaken(str(day)) from fault


def cancel(voucher: DayVoucher, at: datetime) -> None:
    """Raises WrongMove."""
    voucher.state, voucher.changed_at = move(voucher.state, State.CANCELLED).value, at
    voucher.save(update_fields=["state", "changed_at"])


def expire(today: date, at: datetime) -> int:
    """Issued vouchers past their day count no more; how many."""
    late = DayVoucher.objects.filter(state=State.ISSUED.value, expires_on__lt=today)
    return late.update(state=State.EXPIRED.value, changed_at=at)
