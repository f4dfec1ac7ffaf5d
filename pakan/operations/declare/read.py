"""The ways wages come in: a file in the employer's own layout, last month again, typing, nobody, or a correction."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pakan.integrations.formats.wagefile.gate import examine
from pakan.integrations.formats.wagefile.read import Reading, Row, read_all
from pakan.integrations.formats.wagefile.refusal import FileRefused
from pakan.integrations.formats.wagefile.table import Layout, OfferedColumn, find_table, recognise
from pakan.integrations.formats.wagefile.table import columns_offered as offered_of
from pakan.integrations.formats.wagefile.workbook import Workbook, open_file
from pakan.law.dated import NoLawYet
from pakan.operations import happened
from pakan.operations.declare.check import judge
from pakan.operations.declare.sign import AlreadyApproved
from pakan.operations.later import later
from pakan.operations.law_in_force import in_force
from pakan.registers.access.actor import Actor
from pakan.registers.access.audit import remember
from pakan.registers.access.verbs import verb
from pakan.registers.contributions import actions, queries
from pakan.registers.contributions.models import Declaration, Sheet, SheetLine
from pakan.registers.documents.actions import keep
from pakan.registers.documents.models import Document
from pakan.registers.people import queries as people
from pakan.registers.people.models import Employer
from pakan.units.month import Month

FIELDS = ("number", "name", "given", "family", "wage", "birth", "sex", "remark")
SUPPLEMENT = "supplement"  # origin of a sheet that adds forgotten workers to those declared (C82)
LARGE = 400_000  # bytes: some ten thousand rows, a second and a half; beyond, a job reads
MEDIA = "application/octet-stream"  # given back as it came, as a file, never shown by a browser


class MonthRefused(ValueError):
    """This month cannot be declared: 'future', 'before_start', 'after_end' or 'no_law'."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ColumnsRefused(ValueError):
    """The columns that were chosen do not make a wage list; every reason in `codes`."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


@dataclass(frozen=True)
class Upload:
    """A file that was read but belongs to nobody yet."""

    filename: str
    content: bytes
    workbook: Workbook
    layout: Layout
    read_ms: int


def open_month(employer: Employer, month: Month, today: date) -> None:
    """Raises MonthRefused if nothing can be declared for `month` (contributions.md section 10, check 6)."""
    if month.first > today:
        raise MonthRefused("future")
    if month < employer.first_month:
        raise MonthRefused("before_start")
    if employer.last_month and month > employer.last_month:
        raise MonthRefused("after_end")
    try:
        in_force().rates("public" if employer.scheme == "public" else "enterprise", month)
    except NoLawYet as fault:
        raise MonthRefused("no_law") from fault


def read_file(filename: str, content: bytes) -> Upload:
    """Examine and read a file, outside any transaction. Raises FileRefused with what to do about it."""
    began = time.perf_counter()
    workbook = open_file(filename, content)
    layout = recognise(find_table(workbook))
    return Upload(filename, content, workbook, layout, round((time.perf_counter() - began) * 1000))


def again(actor: Actor, employer: Employer, key: str) -> Sheet | None:
    """The sheet that this very page made before (sent twice, or after silence)."""
    return Sheet.objects.select_related("employer", "document").filter(key=key, employer=employer).first()


def _confirmed(upload: Upload, remembered: dict[str, Any] | None) -> Layout | None:
    if remembered is None:
        return None
    return upload.layout.with_columns(Layout.from_json(remembered).columns)


def _kept(actor: Actor, employer: Employer, filename: str, content: bytes) -> Document:
    return keep(
        kind="wage file",
        name=filename,
        media_type=MEDIA,
        content=content,
        employer=employer,
        account_id=actor.account_id,
        at=actor.at,
    )


@verb("declare.take_in")
def take_in(
    actor: Actor, employer: Employer, month: Month, upload: Upload, key: str, origin: str = "file"
) -> Sheet:
    """Keep the file and begin a sheet from it. State 'read' until its columns are confirmed once for this layout."""
    open_month(employer, month, actor.today)
    remember(f"{employer.code} {month}", file=upload.filename, size=len(upload.content))
    actions.lock_month(employer, month)  # before looking, so that a page sent twice at once finds its sheet
    if sheet := again(actor, employer, key):
        return sheet
    document = _kept(actor, employer, upload.filename, upload.content)
    layout = _confirmed(upload, queries.layout_remembered(employer, upload.layout.fingerprint))
    state = Sheet.State.OPEN if layout else Sheet.State.READ
    sheet = begin(actor, employer, month, origin, key, state=state, document=document)
    sheet.layout = (layout or upload.layout).to_json()
    sheet.summary = {"read_ms": upload.read_ms}
    if layout:
        _fill(actor, sheet, read_all(upload.workbook, layout))
    sheet.save()
    return sheet


@verb("declare.take_in_large")
def take_in_large(
    actor: Actor,
    employer: Employer,
    month: Month,
    filename: str,
    content: bytes,
    key: str,
    origin: str = "file",
) -> Sheet:
    """Keep a large file and let a job read it: nobody waits before a white page, and the time of arrival counts (C79).

    The gate has seen the file (`examine`); whatever else is wrong with it the job finds and the sheet tells.
    """
    open_month(employer, month, actor.today)
    remember(f"{employer.code} {month}", file=filename, size=len(content))
    actions.lock_month(employer, month)
    if sheet := again(actor, employer, key):
        return sheet
    document = _kept(actor, employer, filename, content)
    sheet = begin(actor, employer, month, origin, key, state=Sheet.State.WAITING, document=document)
    later("declare.read_large", sheet_id=sheet.id)
    return sheet


@app.task(name="declare.read_large", retry=RetryStrategy(max_attempts=6, wait=300))
def read_large(sheet_id: int) -> None:
    """Read a large file that waits. Each step is told at once; run twice, it reads once."""
    sheet = Sheet.objects.select_related("employer", "document").get(id=sheet_id)
    if sheet.state != Sheet.State.WAITING or sheet.document is None:
        return
    actions.tell_progress(sheet, step="reading")
    try:
        upload = read_file(sheet.document.name, bytes(sheet.document.content))
        layout = _confirmed(upload, queries.layout_remembered(sheet.employer, upload.layout.fingerprint))
        reading = read_all(upload.workbook, layout) if layout else None
    except FileRefused as refusal:
        _refuse_large(sheet, refusal)
        return
    actions.tell_progress(sheet, step="checking", rows=len(reading.rows) if reading else 0)
    _work_large(Actor.system(timezone.now(), "large file"), sheet, upload, layout, reading)


def _refuse_large(sheet: Sheet, refusal: FileRefused) -> None:
    told = {"declaration": sheet.key, "month": str(sheet.month), "why": "file"}
    with transaction.atomic():
        actions.tell_progress(sheet, refused={"lo": refusal.message("lo"), "en": refusal.message("en")})
        happened.tell(
            sheet.employer_id, "declaration.refused", f"unread:{sheet.id}", sheet.key, told, timezone.now()
        )


@verb("declare.work_large")
def _work_large(
    actor: Actor, sheet: Sheet, upload: Upload, layout: Layout | None, reading: Reading | None
) -> None:
    remember(f"{sheet.employer.code} {sheet.month} sheet {sheet.id}", read_ms=upload.read_ms)
    actions.lock_month(sheet.employer, sheet.month)
    sheet.refresh_from_db()
    if sheet.state != Sheet.State.WAITING:
        return  # replaced meanwhile, or another worker was first
    sheet.layout = (layout or upload.layout).to_json()
    sheet.summary = {"read_ms": upload.read_ms}
    sheet.state = Sheet.State.OPEN if layout else Sheet.State.READ
    if reading:
        _fill(actor, sheet, reading)
    actions.change_sheet(sheet, actor.at)


def _declared_already(sheet: Sheet, last_row: int) -> list[SheetLine]:
    """The lines of the latest declaration, below those of the file; whoever stands in both is asked about."""
    latest = queries.latest_declaration(sheet.employer, sheet.month)
    wages = queries.wages_by_person(latest) if latest else {}
    there = sorted(people.by_id(set(wages)).values(), key=lambda person: person.number)
    return [
        SheetLine(
            sheet=sheet, row=row, number=person.number, name=person.name, wage_text=str(wages[person.id])
        )
        for row, person in enumerate(there, last_row + 1)
    ]


def begin(actor: Actor, employer: Employer, month: Month, origin: str, key: str, **more: Any) -> Sheet:
    more = {"state": Sheet.State.OPEN, "document": None} | more
    return actions.open_sheet(
        employer, month, origin=origin, key=key, at=actor.at, account_id=actor.account_id, **more
    )


def _line(sheet: Sheet, row: Row) -> SheetLine:
    # An error in the number's or the name's cell shows there by itself; the wage beside it may be right.
    wrong = row.error in ("no_value", str(row.wage)) and row.error
    flags = f"error:{row.error}" if wrong else ("formula" if row.formula else row.note)
    wage = row.wage if isinstance(row.wage, str) else _plain(row.wage)
    return SheetLine(
        sheet=sheet,
        row=row.row,
        wage_cell=row.wage_cell,
        number_cell=row.number_cell,
        number=row.number[:60],
        name=row.name[:250],
        wage_text=wage[:60],
        remark=row.remark[:250],
        flags=flags[:60],
    )


def _plain(value: float) -> str:
    """A number cell as text that reads back as the same number: 2500000.0 -> '2500000', 1.5 -> '1.5'.

    Never with three decimals: typed '500.125' means five hundred thousand, a cell of 500.125 does not.
    """
    if value == int(value):
        return str(int(value))
    text = repr(value)
    return text + "0" if len(text.partition(".")[2]) == 3 else text


def _fill(actor: Actor, sheet: Sheet, reading: Reading) -> None:
    lines = [_line(sheet, row) for row in reading.rows]
    if sheet.origin == SUPPLEMENT:
        lines += _declared_already(sheet, max((line.row for line in lines), default=0))
    write(sheet, lines, stated_total=reading.stated_total)


def write(sheet: Sheet, lines: Iterable[SheetLine], **kept: Any) -> None:
    written = list(lines)
    judge(sheet, written, **kept)
    actions.write_lines(sheet, written)
    sheet.save()


def columns_offered(sheet: Sheet) -> list[OfferedColumn]:
    """Each column of the sheet's file with its header, samples and our guess. Raises FileRefused."""
    workbook, layout = _reopened(sheet)
    return offered_of(find_table(workbook, layout.sheet), layout)


def _reopened(sheet: Sheet) -> tuple[Workbook, Layout]:
    assert sheet.document is not None and sheet.layout is not None
    return open_file(sheet.document.name, bytes(sheet.document.content)), Layout.from_json(sheet.layout)


def _judge(columns: dict[str, str]) -> None:
    codes = []
    if not {"number", "name", "given"} & columns.keys():
        codes.append("number_or_name_needed")
    if "wage" not in columns:
        codes.append("wage_needed")
    if len(set(columns.values())) < len(columns):
        codes.append("twice")
    if codes:
        raise ColumnsRefused(codes)


def confirm_columns(actor: Actor, sheet: Sheet, columns: dict[str, str]) -> Sheet:
    """Take the columns as a person confirmed them (field -> letter), remember them, and read the rows."""
    chosen = {name: letter for name, letter in columns.items() if letter and name in FIELDS}
    _judge(chosen)
    workbook, layout = _reopened(sheet)  # before the transaction: a child process reads the file
    confirmed = layout.with_columns(chosen)
    return _confirm(actor, sheet, confirmed, read_all(workbook, confirmed))


@verb("declare.confirm_columns")
def _confirm(actor: Actor, sheet: Sheet, layout: Layout, reading: Reading) -> Sheet:
    remember(f"{sheet.employer.code} {sheet.month}", columns=layout.columns)
    actions.lock_month(sheet.employer, sheet.month)
    sheet.refresh_from_db()
    if sheet.state not in (Sheet.State.READ, Sheet.State.OPEN):
        raise AlreadyApproved
    actions.remember_layout(sheet.employer, layout.fingerprint, layout.to_json(), actor.at)
    sheet.layout = layout.to_json()
    sheet.state = Sheet.State.OPEN
    _fill(actor, sheet, reading)
    actions.change_sheet(sheet, actor.at)
    return sheet


@verb("declare.same_as_last_month")
def same_as_last_month(actor: Actor, employer: Employer, month: Month, key: str) -> Sheet:
    """Last month's workers and wages again; whoever left since is not in it."""
    last = queries.last_declaration_before(employer, month)
    return _from(actor, employer, month, key, "last month", queries.wages_by_person(last) if last else {})


@verb("declare.start_typing")
def start_typing(actor: Actor, employer: Employer, month: Month, key: str) -> Sheet:
    """The workers of the month with no wages yet, to be typed."""
    workers = people.workers_of(employer, month)
    return _from(actor, employer, month, key, "typed", dict.fromkeys(workers))


@verb("declare.no_workers")
def no_workers(actor: Actor, employer: Employer, month: Month, key: str) -> Sheet:
    """A month in which nobody worked (C81): an empty list; everybody is on leave without pay unless said otherwise."""
    return _from(actor, employer, month, key, "nil", {})


@verb("declare.correct")
def correct(actor: Actor, employer: Employer, month: Month, key: str) -> Sheet:
    """Begin a correction: the month's latest declaration, to be changed and signed as the next version."""
    latest = queries.latest_declaration(employer, month)
    wages = queries.wages_by_person(latest) if latest else {}
    return _from(actor, employer, month, key, "correction", wages, latest)


def _from(
    actor: Actor,
    employer: Employer,
    month: Month,
    key: str,
    origin: str,
    wages: dict[int, int] | dict[int, None],
    latest: Declaration | None = None,
) -> Sheet:
    open_month(employer, month, actor.today)
    remember(f"{employer.code} {month}", origin=origin, workers=len(wages))
    actions.lock_month(employer, month)
    if sheet := again(actor, employer, key):
        return sheet
    present = people.workers_of(employer, month)
    there = (
        people.by_id(set(wages))
        if origin == "correction"
        else {id: present[id] for id in wages if id in present}
    )
    sheet = begin(actor, employer, month, origin, key)
    if origin == "correction" and latest is not None and latest.sheet is not None:
        # Why somebody was missing was said once and need not be said again.
        sheet.absences = {id: why for id, why in latest.sheet.absences.items() if int(id) not in wages}
    if origin == "nil":
        sheet.absences = {str(id): {"kind": "leave", "on": None} for id in present}
    order = sorted(there.values(), key=lambda person: person.number)
    lines = [
        SheetLine(
            sheet=sheet,
            row=row,
            number=person.number,
            name=person.name,
            wage_text="" if wages[person.id] is None else str(wages[person.id]),
        )
        for row, person in enumerate(order, 1)
    ]
    write(sheet, lines)
    return sheet


__all__ = [
    "FIELDS",
    "LARGE",
    "SUPPLEMENT",
    "ColumnsRefused",
    "FileRefused",
    "MonthRefused",
    "Upload",
    "columns_offered",
    "confirm_columns",
    "correct",
    "examine",
    "no_workers",
    "open_month",
    "read_file",
    "same_as_last_month",
    "start_typing",
    "take_in",
    "take_in_large",
]
