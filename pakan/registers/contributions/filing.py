"""Who had to declare a month, and who is behind: not declared, not paid, paid in part (C123). Read only."""

from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from pakan.registers.contributions.models import Obligation
from pakan.registers.people.models import Employer, Suspension
from pakan.units.month import Month

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

NOT_DECLARED, NOT_PAID, PART_PAID = "not_declared", "not_paid", "part_paid"
BEHIND = (NOT_DECLARED, NOT_PAID, PART_PAID)


def standing(month: Month) -> QuerySet[Employer]:
    """Employers that had to declare this month; whoever insures himself never has to (A-12)."""
    there = Employer.objects.filter(Q(last_month=None) | Q(last_month__gte=month), first_month__lte=month)
    rests = Suspension.objects.filter(
        Q(last_month=None) | Q(last_month__gte=month), employer=OuterRef("id"), first_month__lte=month
    )
    return there.exclude(scheme=Employer.Scheme.VOLUNTARY).exclude(Exists(rests))


class Filing(TypedDict):
    """What is known of an employer and a month: `open` in kip, None while nothing is declared."""

    state: str
    open: int | None


def behind(month: Month) -> "QuerySet[WithAnnotations[Employer, Filing]]":
    """Those of them that did not declare or pay it in full, with `state` and, once declared, `open` kip."""
    debts = Obligation.objects.filter(employer=OuterRef("id"), month=month)
    unpaid = debts.filter(settled__lt=F("owed"))
    state = Case(
        When(~Exists(debts), then=Value(NOT_DECLARED)),
        When(Exists(unpaid.filter(settled=0)), then=Value(NOT_PAID)),
        When(Exists(unpaid), then=Value(PART_PAID)),
        default=Value(""),
        output_field=CharField(),
    )
    left = Subquery(unpaid.values(left=F("owed") - F("settled"))[:1])
    return standing(month).annotate(state=state, open=left).exclude(state="")


def behind_by_district(month: Month) -> dict[str, dict[str, int]]:
    """How many by district code and state."""
    counted: dict[str, dict[str, int]] = {}
    rows = behind(month).values_list("district_id", "state").annotate(count=Count("id")).order_by()
    for district, state, count in rows.values_list("district_id", "state", "count"):
        counted.setdefault(district, dict.fromkeys(BEHIND, 0))[state] += count
    return counted


def standing_by_district(month: Month) -> dict[str, int]:
    rows = standing(month).values("district_id").annotate(count=Count("id")).order_by()
    return dict(rows.values_list("district_id", "count"))
