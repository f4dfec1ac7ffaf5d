"""What is read about contributions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from pakan.registers.access.actor import VIENTIANE
from pakan.registers.columns import Column, read_columns
from pakan.registers.contributions.models import (
    Declaration,
    DeclaredWage,
    Layout,
    Obligation,
    Sheet,
    SheetLine,
)
from pakan.registers.kept import kept
from pakan.registers.people.models import Employer
from pakan.registers.people.queries import employer_columns, employer_of_columns, same_person
from pakan.units.money import Kip
from pakan.units.month import Month

OPEN_STATES = (Sheet.State.WAITING, Sheet.State.READ, Sheet.State.OPEN, Sheet.State.HANDED_OVER)


def open_sheet(employer: Employer, month: Month) -> Sheet | None:
    """The sheet that people work on, if there is one."""
    return (
        Sheet.objects.select_related("employer", "document", "made_by", "handed_over_by")
        .filter(employer=employer, month=month, state__in=OPEN_STATES)
        .first()
    )


def lines_of(sheet: Sheet) -> list[SheetLine]:
    return list(SheetLine.objects.filter(sheet=sheet).order_by("row"))


def lines_with_problems(sheet: Sheet, start: int = 0, most: int = 20) -> list[SheetLine]:
    """Lines that need a look, errors and questions, in the file's order."""
    found = SheetLine.objects.filter(sheet=sheet).exclude(problems=[]).select_related("person")
    return list(found.order_by("row")[start : start + most])


def layout_remembered(employer: Employer, fingerprint: str) -> dict[str, Any] | None:
    return (
        Layout.objects.filter(employer=employer, fingerprint=fingerprint)
        .values_list("layout", flat=True)
        .first()
    )


def latest_declaration(employer: Employer, month: Month) -> Declaration | None:
    return (
        Declaration.objects.select_related("employer", "prepared_by", "approved_by")
        .filter(employer=employer, month=month)
        .order_by("-version")
        .first()
    )


def declarations(employer: Employer, month: Month) -> list[Declaration]:
    return list(Declaration.objects.filter(employer=employer, month=month).order_by("version"))


def last_declaration_before(employer: Employer, month: Month) -> Declaration | None:
    """The latest version of the last month declared before `month`."""
    return (
        Declaration.objects.filter(employer=employer, month__lt=month).order_by("-month", "-version").first()
    )


def wages_by_person(declaration: Declaration) -> dict[int, int]:
    return dict(DeclaredWage.objects.filter(declaration=declaration).values_list("person_id", "wage"))


def reasons_given(declaration: Declaration, codes: Sequence[str]) -> dict[tuple[int, str], tuple[int, str]]:
    """The reasons stated in a signed sheet: (person id, code) -> (wage, reason)."""
    lines = SheetLine.objects.filter(
        sheet__declaration=declaration, person__isnull=False, confirmed__has_any_keys=list(codes)
    )
    return {
        (int(person), code): (int(wage), str(confirmed[code]))
        for person, wage, confirmed in lines.values_list("person_id", "wage", "confirmed")
        for code in codes
        if confirmed.get(code) and person is not None and wage is not None
    }


WAGE_NAMES = ("person", "wage", "insured", "employer_share", "worker_share")


def wages_as_columns(declaration_id: int) -> dict[str, Column]:
    """All lines of a declaration as int64 columns, sorted by person."""
    return read_columns(
        "SELECT person_id, wage, insured, employer_share, worker_share FROM contributions_declaredwage"
        " WHERE declaration_id = %s ORDER BY person_id",
        WAGE_NAMES,
        [declaration_id],
    )


def changes_as_columns(declaration_id: int, before_id: int) -> dict[str, Column]:
    """The lines that differ from an earlier version, sorted by person; a worker taken out stands with zeros."""
    return read_columns(
        "SELECT coalesce(n.person_id, o.person_id), coalesce(n.wage, 0), coalesce(n.insured, 0),"
        " coalesce(n.employer_share, 0), coalesce(n.worker_share, 0)"
        " FROM (SELECT * FROM contributions_declaredwage WHERE declaration_id = %s) n"
        " FULL JOIN (SELECT * FROM contributions_declaredwage WHERE declaration_id = %s) o USING (person_id)"
        " WHERE (n.wage, n.insured, n.employer_share, n.worker_share)"
        " IS DISTINCT FROM (o.wage, o.insured, o.employer_share, o.worker_share) ORDER BY 1",
        WAGE_NAMES,
        [declaration_id, before_id],
    )


def wages_page(declaration: Declaration, start: int = 0, most: int = 20) -> list[DeclaredWage]:
    """Lines of a declaration with their person, in Lao alphabetical order."""
    lines = DeclaredWage.objects.filter(declaration=declaration).select_related("person")
    return list(lines.order_by("person__sort_key", "person_id")[start : start + most])


def obligation(employer: Employer, month: Month) -> Obligation | None:
    return Obligation.objects.select_related("declaration").filter(employer=employer, month=month).first()


def obligations(employer: Employer) -> QuerySet[Obligation]:
    """All months of an employer with their latest declaration, newest first."""
    return Obligation.objects.select_related("declaration").filter(employer=employer).order_by("-month")


def open_obligations(employer_id: int) -> list[Obligation]:
    return list(
        Obligation.objects.select_related("declaration")
        .filter(employer_id=employer_id, settled__lt=F("owed"))
        .order_by("month")
    )


def open_corrections(employer_id: int, besides: Month) -> list[Obligation]:
    """Months that were paid once and cost more since a correction: line 3 of the next form asks for the difference."""
    debts = Obligation.objects.filter(
        employer_id=employer_id, settled__gt=0, settled__lt=F("owed"), declaration__version__gt=1
    )
    return list(debts.exclude(month=besides).order_by("month"))


def owed_in_all(employer_id: int) -> Kip:
    sums = Obligation.objects.filter(employer_id=employer_id).aggregate(open=Sum(F("owed") - F("settled")))
    return Kip(int(sums["open"] or 0))


def months_missing(employer: Employer, until: Month) -> list[Month]:
    """Months from the employer's first to `until` with no declaration."""
    declared = set(Obligation.objects.filter(employer=employer).values_list("month", flat=True))
    last = min(until, employer.last_month) if employer.last_month else until
    rests = list(employer.suspensions.all())
    return [
        month
        for month in employer.first_month.until(last)
        if month not in declared and not any(rest.covers(month) for rest in rests)
    ]


@dataclass(frozen=True)
class Declared:
    """What an employer declared for one person and month (the version that counts), and whether it is paid."""

    month: Month
    employer: Employer
    scheme: str
    version: int
    wage: Kip
    insured: Kip
    employer_share: Kip
    worker_share: Kip
    declared_on: date
    due_on: date
    paid_on: date | None
    credited: bool
    law: int  # number of the newest decree that it was priced with


@kept(int)
def _declared(person_id: int) -> QuerySet[DeclaredWage, tuple[Any, ...]]:
    """Columns instead of objects: the page that everybody opens reads two years of them."""
    lines = DeclaredWage.objects.filter(same_person(person_id), declaration__obligation__isnull=False)
    return lines.order_by("-declaration__month", "declaration__employer_id").values_list(
        "declaration__month", "declaration__scheme", "declaration__version", "wage", "insured", "employer_share",
        "worker_share", "declaration__declared_at", "declaration__obligation__due_on",
        "declaration__obligation__settled_at", "declaration__obligation__credited_version", "declaration__law",
        *employer_columns("declaration__employer__"),
    )  # fmt: skip


def declared_for(person_id: int, month: Month | None = None) -> list[Declared]:
    """All months declared for a person, newest first: declared, paid, and whether credited, as three things."""
    lines = _declared(person_id)
    if month is not None:
        lines = list(_declared.queryset(person_id).filter(declaration__month=month))
    known: dict[int, Employer] = {}
    return [
        Declared(
            month=told,
            employer=employer_of_columns(employer, known),
            scheme=scheme,
            version=version,
            wage=Kip(wage),
            insured=Kip(insured),
            employer_share=Kip(employer_share),
            worker_share=Kip(worker_share),
            declared_on=declared_at.astimezone(VIENTIANE).date(),
            due_on=due_on,
            paid_on=settled_at.astimezone(VIENTIANE).date() if settled_at else None,
            credited=credited_version >= version,
            law=law,
        )
        for (
            told, scheme, version, wage, insured, employer_share, worker_share, declared_at, due_on, settled_at,
            credited_version, law, *employer,
        ) in lines
    ]  # fmt: skip


LINE_NAMES = ("wage", "employer", "workers", "scheme", "district")
SCHEME_CODES = ("enterprise", "public", "voluntary")  # as the column `scheme` counts them, from 0


def months_declared() -> list[tuple[Month, int]]:
    """Each month with declarations and how many workers stand in them (versions that count), newest first."""
    return list(
        Obligation.objects.values_list("month").annotate(n=Sum("declaration__workers")).order_by("-month")
    )


def month_as_columns(month: Month) -> dict[str, Column]:
    """Every declared wage of a month (versions that count) with its employer, the employer's number of workers,
    scheme (a place in SCHEME_CODES) and district (its code as a number): int64 columns."""
    return read_columns(
        "SELECT w.wage, o.employer_id, d.workers::bigint,"
        " (CASE d.scheme WHEN 'enterprise' THEN 0 WHEN 'public' THEN 1 ELSE 2 END)::bigint, e.district_id::bigint"
        " FROM contributions_obligation o JOIN contributions_declaration d ON d.id = o.declaration_id"
        " JOIN contributions_declaredwage w ON w.declaration_id = d.id JOIN people_employer e ON e.id = o.employer_id"
        " WHERE o.month = %s ORDER BY o.employer_id, w.person_id",
        LINE_NAMES,
        [month.first],
    )


def late_debts(since: Month, today: date) -> QuerySet[Obligation]:
    """Months paid after their due date, or still open after it, with employer and declaration."""
    late = Q(settled_at__date__gt=F("due_on")) | Q(settled__lt=F("owed"), due_on__lt=today)
    return Obligation.objects.select_related("employer", "declaration").filter(late, month__gte=since)
