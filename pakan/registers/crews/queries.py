"""What is read about crews and days of work."""

from django.db.models import Count, Q, QuerySet, Sum

from pakan.registers.crews.models import Crew, DayVoucher
from pakan.registers.crews.states import State
from pakan.registers.people.models import Employer, Person
from pakan.units.month import Month


def crews_of(employer: Employer) -> QuerySet[Crew]:
    """The crews that exist now, with how many belong to each (`size`)."""
    return (
        Crew.objects.filter(employer=employer, ended_at=None)
        .annotate(size=Count("members", filter=Q(members__until=None)))
        .order_by("name")
    )


def crew(employer: Employer, crew_id: int) -> Crew | None:
    return (
        Crew.objects.select_related("employer").filter(employer=employer, id=crew_id, ended_at=None).first()
    )


def members_of(crew: Crew) -> list[Person]:
    """Its members today, in Lao order."""
    there = crew.members.filter(until=None).values("person_id")
    return list(Person.objects.filter(id__in=there).order_by("sort_key", "id"))


def vouchers_of(employer: Employer) -> QuerySet[DayVoucher]:
    return (
        DayVoucher.objects.select_related("person").filter(employer=employer).order_by("-changed_at", "-id")
    )


def voucher(employer: Employer, number: str) -> DayVoucher | None:
    return DayVoucher.objects.select_related("employer").filter(employer=employer, number=number).first()


def promised(employer: Employer) -> list[int]:
    """The wages of prepaid vouchers that may still be used: what credit is kept for."""
    issued = DayVoucher.objects.filter(employer=employer, state=State.ISSUED.value, prepaid=True)
    return list(issued.values_list("wage", flat=True))


def days_of_year(employer: Employer, person_ids: list[int], year: int) -> dict[int, int]:
    """How many days each of them worked at the employer in `year`."""
    used = DayVoucher.objects.filter(
        employer=employer, person_id__in=person_ids, state=State.USED.value, day__year=year
    )
    counted = used.values("person_id").annotate(days=Count("id"))
    return {row["person_id"]: row["days"] for row in counted}


def earned_in(employer: Employer, month: Month) -> dict[int, tuple[int, int]]:
    """Person id -> (wages of the single days of `month` together, days)."""
    used = DayVoucher.objects.filter(
        employer=employer, state=State.USED.value, day__gte=month.first, day__lte=month.last
    )
    rows = used.values("person_id").annotate(earned=Sum("wage"), days=Count("id"))
    return {row["person_id"]: (row["earned"], row["days"]) for row in rows}
