"""Declarations: prepared from lines or a file, checked, and handed to the person who approves."""

from typing import Annotated, Any
from uuid import uuid4

from django.http import Http404
from django.urls import reverse
from ninja import Body, File, Form
from ninja.files import UploadedFile

from pakan.channels.employer.api import schemas, shown
from pakan.channels.employer.api.calls import Id, OnceKey, acts, reads, reads_by_post, refused
from pakan.channels.employer.api.door import Asking, Done, Once, rolled_back
from pakan.channels.employer.api.faults import Fault, place
from pakan.operations import declare
from pakan.operations.apikeys import Caller
from pakan.registers.access.models import ApiKey
from pakan.registers.contributions.models import Sheet
from pakan.units.month import Month

MOST_FILE = 5 * 1024 * 1024
Scope = ApiKey.Scope

refused(declare.MonthRefused, lambda why: Fault("wrong", [place("/month", why.code)]))
refused(declare.RowsRefused, lambda why: Fault("wrong", [place(at, code) for at, code in why.places]))
refused(declare.ColumnsRefused, lambda why: Fault("wrong", [place("", code) for code in why.codes]))
refused(declare.Refused, lambda why: Fault(why.code))
refused(
    declare.FileRefused,
    lambda why: Fault(
        "wrong",
        [{"pointer": "/file", "code": why.code, "says": {name: why.message(name) for name in ("lo", "en")}}],
    ),
)


@acts("declarations", "declare", schemas.DeclarationOut, Scope.DECLARATIONS_WRITE)
def declare_lines(request: Asking, told: Annotated[schemas.DeclarationIn, Body()], key: OnceKey) -> Any:
    """Prepare a month from lines. What a person would be asked about is in `problems`; nothing is declared by this."""
    caller = request.auth
    once = Once(caller, key, "declarations", told.model_dump_json().encode())
    _one_or_the_other(told)

    def act() -> Done:
        sheet = _prepared(caller, told, once.sheet_key)
        if told.hand_over and sheet.state == Sheet.State.OPEN and not _left(sheet):
            sheet = declare.hand_over(caller.actor, sheet, sheet.revision)
        return 201, *told_of(caller, sheet)

    return once.do(act)


@reads_by_post(
    "declarations/check", "check", schemas.CheckOut, Scope.DECLARATIONS_READ, Scope.DECLARATIONS_WRITE
)
def check(request: Asking, told: Annotated[schemas.DeclarationIn, Body()]) -> Any:
    """Every row's problem and the totals, as `declare` would tell them; nothing is kept, and no Idempotency-Key needed."""
    caller = request.auth
    _one_or_the_other(told)
    with rolled_back():
        return shown.declaration(_prepared(caller, told, uuid4().hex), practice=caller.practises)


def _one_or_the_other(told: schemas.DeclarationIn) -> None:
    if bool(told.lines) == told.nobody_worked:
        raise Fault("wrong", [place("/lines", "lines_needed")])


def _prepared(caller: Caller, told: schemas.DeclarationIn, sheet_key: str) -> Sheet:
    month = Month.parse(told.month)
    if told.nobody_worked:
        return declare.no_workers(caller.actor, caller.employer, month, sheet_key)
    rows = [
        declare.Told(line.number, line.name, line.wage, line.remark, {one.question: one.reason for one in line.answers})
        for line in told.lines
    ]  # fmt: skip
    absences = [declare.Absent(one.number, one.kind, one.on) for one in told.absences]
    return declare.take_rows(caller.actor, caller.employer, month, rows, absences, sheet_key)


@acts("declarations/file", "declare_file", schemas.DeclarationOut, Scope.DECLARATIONS_WRITE, made=(201, 202))
def declare_file(
    request: Asking,
    month: Annotated[str, Form(pattern=schemas.MONTH)],
    file: Annotated[UploadedFile, File()],
    key: OnceKey,
) -> Any:
    """Prepare a month from the same xlsx or csv that the pages take. A large one is read by a job (202): ask for it again."""
    caller, name, of = request.auth, (file.name or "wages.xlsx")[:120], Month.parse(month)
    if (file.size or 0) > MOST_FILE:
        raise Fault("too_large")
    content = file.read()
    once = Once(caller, key, f"file {month} {name}", content)
    if said := once.said():
        return said
    large = len(content) > declare.LARGE
    if large and caller.key.is_practice:
        raise Fault("too_large")  # practice writes nothing, so that no job could find the file
    if large:
        declare.examine(name, content)
    upload = None if large else declare.read_file(name, content)

    def act() -> Done:
        if upload is None:
            sheet = declare.take_in_large(caller.actor, caller.employer, of, name, content, once.sheet_key)
            return 202, *told_of(caller, sheet)
        return 201, *told_of(
            caller, declare.take_in(caller.actor, caller.employer, of, upload, once.sheet_key)
        )

    return once.do(act)


def _left(sheet: Sheet) -> bool:
    return any(sheet.summary.get(name) for name in ("errors", "questions", "missing_count"))


def told_of(caller: Caller, sheet: Sheet) -> tuple[str, str]:
    """The address of a declaration, and how it is told to who sent it."""
    out = shown.declaration(sheet, practice=caller.practises, most=shown.FIRST)
    location = reverse("api-employer:declaration", kwargs={"id": sheet.key})
    return location, schemas.DeclarationOut(**out).model_dump_json()


def own_sheet(caller: Caller, id: str) -> Sheet:
    """A declaration of the company; another company's is not there."""
    found = Sheet.objects.select_related("employer", "document", "declaration")
    sheet = found.filter(employer=caller.employer, key=id).first()
    if sheet is None:
        raise Http404
    return sheet


@reads(
    "declarations/{id}",
    "declaration",
    schemas.DeclarationOut,
    Scope.DECLARATIONS_READ,
    Scope.DECLARATIONS_WRITE,
)
def declaration(request: Asking, id: Id) -> Any:
    """Where a declaration stands, with the problem of every row: what it is and what to do."""
    return shown.declaration(own_sheet(request.auth, id), practice=request.auth.practises)


@acts(
    "declarations/{id}/columns",
    "confirm_columns",
    schemas.DeclarationOut,
    Scope.DECLARATIONS_WRITE,
    made=(200,),
)
def columns(request: Asking, id: Id, told: Annotated[schemas.ColumnsIn, Body()], key: OnceKey) -> Any:
    """Say once what the columns of a file mean; the layout is remembered for the company."""
    caller = request.auth
    once = Once(caller, key, f"columns {id}", told.model_dump_json().encode())
    sheet, chosen = own_sheet(caller, id), {name: text for name, text in told.model_dump().items() if text}
    wrong = [
        f"/{name}"
        for name, text in chosen.items()
        if not (text.isascii() and text.isalpha() and len(text) < 4)
    ]
    if wrong:
        raise Fault("wrong", [place(at, "letter") for at in wrong])
    if said := once.said():
        return said
    if sheet.document is None or sheet.layout is None:
        raise Fault("already_approved")

    def act() -> Done:
        letters = {name: text.upper() for name, text in chosen.items()}
        return 200, *told_of(caller, declare.confirm_columns(caller.actor, sheet, letters))

    return once.do(act)


@acts(
    "declarations/{id}/hand-over", "hand_over", schemas.DeclarationOut, Scope.DECLARATIONS_WRITE, made=(200,)
)
def hand_over(request: Asking, id: Id, told: Annotated[schemas.HandOverIn, Body()], key: OnceKey) -> Any:
    """Hand it to the person who approves. Approval stays with a person of the company, on our pages."""
    caller = request.auth
    once, sheet = Once(caller, key, f"hand over {id}", told.model_dump_json().encode()), own_sheet(caller, id)
    return once.do(lambda: (200, *told_of(caller, declare.hand_over(caller.actor, sheet, told.revision))))
