"""What is written about contributions: sheets while people work on them, declarations when they sign."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection

from pakan.registers.access.actor import VIENTIANE
from pakan.registers.columns import Column, copy_columns, copy_rows
from pakan.registers.contributions import postings
from pakan.registers.contributions.models import (
    Declaration,
    DeclaredWage,
    Layout,
    Obligation,
    Sheet,
    SheetLine,
)
from pakan.registers.contributions.queries import OPEN_STATES
from pakan.registers.documents.models import Document
from pakan.registers.ledger.actions import post
from pakan.registers.people.actions import take_numbers
from pakan.registers.people.models import Employer
from pakan.units.money import Kip
from pakan.units.month import Month
from pakan.units.number import incoming_number


def lock_month(employer: Employer, month: Month) -> None:
    """Everything that changes a month of an employer waits here: locks in one order (employer, month, ...)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [employer.id, month.number])


def open_sheet(
    employer: Employer,
    month: Month,
    *,
    origin: str,
    key: str,
    at: datetime,
    account_id: int | None,
    state: str,
    document: Document | None = None,
) -> Sheet:
    """A new working sheet; the one before steps back and stays readable."""
    lock_month(employer, month)
    Sheet.objects.filter(employer=employer, month=month, state__in=OPEN_STATES).update(
        state=Sheet.State.REPLACED, changed_at=at
    )
    return Sheet.objects.create(
        employer=employer, month=month, origin=origin, key=key, state=state, document=document,
        made_at=at, made_by_id=account_id, changed_at=at,
    )  # fmt: skip


LINE_COLUMNS = (
    "sheet_id",
    "row",
    "wage_cell",
    "number_cell",
    "number",
    "name",
    "wage_text",
    "remark",
    "flags",
    "person_id",
    "wage",
    "left_out",
    "confirmed",
    "problems",
)


def write_lines(sheet: Sheet, lines: Iterable[SheetLine]) -> None:
    """Replace all lines of a sheet."""
    SheetLine.objects.filter(sheet=sheet).delete()
    copy_rows(
        SheetLine,
        LINE_COLUMNS,
        (
            (
                sheet.id, line.row, line.wage_cell, line.number_cell, line.number, line.name, line.wage_text, line.remark,
                line.flags, line.person_id, line.wage, line.left_out, _json(line.confirmed), _json(line.problems),
            )
            for line in lines
        ),
    )  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


# One statement for any number of lines: Django's bulk_update spends seven milliseconds of each line on its CASE.
CHANGE_LINES = """
UPDATE contributions_sheetline l SET number = n.number, name = n.name, wage_text = n.wage_text, remark = n.remark,
    person_id = n.person_id, wage = n.wage, left_out = n.left_out, confirmed = n.confirmed::jsonb, problems = n.problems::jsonb
FROM unnest(%s::bigint[], %s::integer[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],
    %s::boolean[], %s::text[], %s::text[])
    AS n (sheet_id, row, number, name, wage_text, remark, person_id, wage, left_out, confirmed, problems)
WHERE l.sheet_id = n.sheet_id AND l.row = n.row
"""


def change_lines(lines: Sequence[SheetLine]) -> None:
    """Write what a check found in these lines."""
    rows = [
        (
            line.sheet_id, line.row, line.number, line.name, line.wage_text, line.remark, line.person_id, line.wage,
            line.left_out, _json(line.confirmed), _json(line.problems),
        )
        for line in lines
    ]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(CHANGE_LINES, [list(column) for column in zip(*rows, strict=True)])


def tell_progress(sheet: Sheet, **told: Any) -> None:
    """How far the job is that reads a large file; of use to no one but the page that waits."""
    Sheet.objects.filter(id=sheet.id, state=Sheet.State.WAITING).update(summary=told)


def change_sheet(sheet: Sheet, at: datetime, **values: Any) -> None:
    """Change the sheet and raise its revision, so that a page that lay open finds out."""
    for name, value in values.items():
        setattr(sheet, name, value)
    sheet.revision += 1
    sheet.changed_at = at
    sheet.save()


def remember_layout(employer: Employer, fingerprint: str, layout: dict[str, Any], at: datetime) -> None:
    Layout.objects.update_or_create(
        employer=employer, fingerprint=fingerprint, defaults={"layout": layout, "confirmed_at": at}
    )


@dataclass(frozen=True)
class Priced:
    """The lines of a month as columns, sorted by person: whole kip each."""

    person: Column
    wage: Column
    insured: Column
    employer_share: Column
    worker_share: Column

    def sums(self) -> tuple[int, int, int, int]:
        return (
            int(self.wage.sum()),
            int(self.insured.sum()),
            int(self.employer_share.sum()),
            int(self.worker_share.sum()),
        )


@dataclass(frozen=True)
class Signed:
    """Who signs, on what basis, and who came and went (the counts of form 2-01)."""

    prepared_by: int | None
    approved_by: int | None
    at: datetime
    sheet: Sheet | None = None
    carried_up: Kip = Kip(0)  # noqa: RUF009 - a number; differences of earlier months, line 3 of the form
    carried_down: Kip = Kip(0)  # noqa: RUF009 - credit that this month may use, line 4
    joined_new: int = 0
    joined_known: int = 0
    left_before: int = 0
    law: int = 0  # number of the newest decree that the prices rest on


def declare(
    employer: Employer, month: Month, priced: Priced, signed: Signed
) -> tuple[Declaration, Declaration | None]:
    """Keep the next version of a month's declaration with its lines; it and the version before.

    The month must be locked. Lines 3 and 4: an original carries the differences of earlier months; a correction of a
    month of which something was paid states its own difference to the version before.
    """
    before = Declaration.objects.filter(employer=employer, month=month).order_by("-version").first()
    paid = (
        before is not None
        and Obligation.objects.filter(employer=employer, month=month, settled__gt=0).exists()
    )
    wages, insured, employers, workers = priced.sums()
    difference = employers + workers - (before.employer_share + before.worker_share if before else 0)
    year, province = signed.at.astimezone(VIENTIANE).year, employer.district_id[:2]
    declaration = Declaration.objects.create(
        employer=employer,
        month=month,
        version=before.version + 1 if before else 1,
        kind=Declaration.Kind.CORRECTION if before else Declaration.Kind.ORIGINAL,
        incoming_number=incoming_number(int(province), take_numbers(f"incoming {year} {province}")),
        incoming_year=year,
        sheet=signed.sheet,
        scheme=employer.scheme,
        workers=len(priced.person),
        wages_declared=wages,
        wages_insured=insured,
        employer_share=employers,
        worker_share=workers,
        difference_up=signed.carried_up if before is None else max(difference, 0) if paid else 0,
        difference_down=signed.carried_down if before is None else max(-difference, 0) if paid else 0,
        joined_new=signed.joined_new,
        joined_known=signed.joined_known,
        left_before=signed.left_before,
        prepared_by_id=signed.prepared_by,
        approved_by_id=signed.approved_by,
        declared_at=signed.at,
        law=signed.law,
    )
    _keep_wages(declaration, priced)
    return declaration, before


def _keep_wages(declaration: Declaration, priced: Priced) -> None:
    if not len(priced.person):
        return
    copy_columns(
        DeclaredWage,
        {
            "declaration_id": np.full(len(priced.person), declaration.id, dtype=np.int64),
            "person_id": priced.person,
            "wage": priced.wage,
            "insured": priced.insured,
            "employer_share": priced.employer_share,
            "worker_share": priced.worker_share,
        },
    )


def owe(declaration: Declaration, before: Declaration | None, due_on: date) -> tuple[Obligation, Kip]:
    """Open the debt, or change it by the difference; in the ledger too. Also the excess that became credit (0 mostly)."""
    total = declaration.employer_share + declaration.worker_share
    post(postings.owed(declaration, before), declaration.declared_at)
    if before is None:
        made = Obligation.objects.create(
            employer_id=declaration.employer_id, month=declaration.month, declaration=declaration, due_on=due_on,
            owed=total, settled_at=declaration.declared_at if total == 0 else None,
        )  # fmt: skip
        return made, Kip(0)
    obligation = Obligation.objects.select_for_update().get(
        employer_id=declaration.employer_id, month=declaration.month
    )
    excess = Kip(max(obligation.settled - total, 0))
    obligation.declaration = declaration
    obligation.owed = total
    obligation.settled -= excess
    obligation.settled_at = obligation.settled_at if obligation.settled == total else None
    obligation.save()
    post(postings.returned(declaration, excess), declaration.declared_at)
    return obligation, excess


def move_due(day: date, to: date) -> int:
    """Debts that are due on `day` are due on `to`: the service was down on that day (C86). How many."""
    return Obligation.objects.filter(due_on=day).update(due_on=to)


def settle(
    obligation: Obligation, amount: Kip, at: datetime, key: str, *, from_credit: bool = False
) -> Obligation:
    """Set money against a month: at most what is open. Raises ValueError beyond it."""
    if not 0 < amount <= obligation.open:
        raise ValueError(f"{amount} kip cannot be set against {obligation.open} open kip")
    obligation.settled += amount
    if obligation.open == 0:
        obligation.settled_at = at
    obligation.save(update_fields=["settled", "settled_at"])
    post(postings.settled(obligation.employer_id, obligation.month, amount, key, from_credit), at)
    return obligation


def lock_obligations(employer_id: int, months: Iterable[Month]) -> list[Obligation]:
    """The debts of these months, oldest first, locked.

    Locked first and read afterwards: a row that a correction changed while we waited no longer joins the declaration
    that our statement saw, and would silently be missing.
    """
    debts = Obligation.objects.filter(employer_id=employer_id, month__in=[month.first for month in months])
    list(debts.select_for_update().order_by("month").values_list("id"))
    return list(debts.select_related("declaration").order_by("month"))


def mark_credited(obligation: Obligation, version: int) -> None:
    obligation.credited_version = version
    obligation.save(update_fields=["credited_version"])
