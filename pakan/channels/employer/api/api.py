"""The interface for payroll software: people of the company, their declarations, notices, receipts and the statement.

A key has the role of a preparer: it prepares and hands over, and a person approves (C84). Every answer to an act is
kept with its Idempotency-Key for ever: sent twice, it is done once.
"""

import base64
import binascii
import json
import logging
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Body, File, Form, Header, Query
from ninja import Path as InPath
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.files import UploadedFile
from ninja.openapi.schema import OpenAPISchema

from pakan.channels.employer.api import faults, schemas, shown
from pakan.channels.employer.api.door import (
    Asking,
    Key,
    Strict,
    act_once,
    address,
    digest_of,
    key_of,
    said_before,
    sheet_key,
    too_often,
)
from pakan.channels.employer.api.faults import Fault, place
from pakan.channels.kit.api import DescribedAPI
from pakan.operations import account, apikeys, collect, declare, webhooks
from pakan.operations.apikeys import Caller
from pakan.registers.access.actor import Asked
from pakan.registers.access.models import ApiKey
from pakan.registers.contributions.models import Sheet
from pakan.registers.contributions.queries import obligations
from pakan.registers.payments.models import Notice, Receipt
from pakan.registers.people.models import Employment
from pakan.registers.webhooks.queries import endpoint_of, endpoints_of, events_of
from pakan.units.month import Month

log = logging.getLogger("pakan.api")
MOST_FILE = 5 * 1024 * 1024
Scope = ApiKey.Scope
Cursor = Annotated[str, Query(max_length=40, description="What the page before gave as next")]
Limit = Annotated[int, Query(ge=1, le=500)]
Id = Annotated[str, InPath(max_length=64)]
OnceKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        description="Yours: the same one with the same content has the first answer again",
    ),
]


class EmployerAPI(DescribedAPI):
    """Tells about the token address, for clients that make their tokens themselves."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        flow = {
            "tokenUrl": reverse("api-employer:token"),
            "scopes": {scope.value: scope.value for scope in Scope},
        }
        schema["components"]["securitySchemes"]["OAuth2"] = {
            "type": "oauth2",
            "flows": {"clientCredentials": flow},
        }
        return schema


api = EmployerAPI(
    title="Social security for employers, Lao PDR",
    version="1",
    description="Payroll software prepares declarations and reads what became of them. Whole kip; months 2026-10.",
    urls_namespace="api-employer",
    docs_url=None,
    parser=Strict(),
)


def _answers(kind: Any, *acts: int) -> dict[Any, Any]:
    told = (400, 401, 403, 404, 422, 429, *(409, 413, 415, 503) * bool(acts))
    return dict.fromkeys(acts or (200,), kind) | dict.fromkeys(sorted(told), schemas.ProblemOut)


# Faults


@api.exception_handler(Fault)
def fault(request: HttpRequest, fault: Fault) -> HttpResponse:
    return faults.answer(fault)


@api.exception_handler(ValidationError)
def wrong_shape(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    return faults.answer(Fault("wrong", faults.from_shape(fault.errors)))


@api.exception_handler(AuthenticationError)
def no_key(request: HttpRequest, fault: AuthenticationError) -> HttpResponse:
    response = faults.answer(Fault("no_key"))
    response["WWW-Authenticate"] = 'Bearer realm="employer"'
    return response


@api.exception_handler(Http404)
def not_there(request: HttpRequest, fault: Http404) -> HttpResponse:
    return faults.answer(Fault("not_found"))


@api.exception_handler(BadRequest)
@api.exception_handler(SuspiciousOperation)
@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Whatever breaks while a body is read comes wrapped; ours says more."""
    if isinstance(fault.__cause__, Fault):
        return faults.answer(fault.__cause__)
    return faults.answer(Fault("too_large" if isinstance(fault, RequestDataTooBig) else "not_readable"))


@api.exception_handler(Exception)
def broken(request: HttpRequest, fault: Exception) -> HttpResponse:
    log.exception("api broke", exc_info=fault)
    return faults.answer(Fault("broken"))


# Tokens


@api.post(
    "token", response=_answers(schemas.TokenOut, 200), url_name="token", operation_id="token", auth=None
)
def token(
    request: Asked,
    grant_type: Annotated[str, Form(max_length=60)],
    client_id: Annotated[str, Form(max_length=60)] = "",
    client_secret: Annotated[str, Form(max_length=100)] = "",
    scope: Annotated[str, Form(max_length=300)] = "",
) -> Any:
    """Ten minutes of a key (OAuth 2.0 client credentials): client_id is the part before the dot, client_secret the rest."""
    if grant_type != "client_credentials":
        raise Fault("wrong", [_allowed("/grant_type", "client_credentials")], error="unsupported_grant_type")
    client_id, client_secret = _basic(request) or (client_id, client_secret)
    at, number = request.actor.at, request.META.get("PAKAN_REQUEST", "-")
    try:
        text, scopes = apikeys.token(client_id, client_secret, scope.split(), at, number, address(request))
    except apikeys.NoKey as refused:
        raise Fault(refused.code, error="invalid_client") from refused
    except apikeys.TooOften as often:
        raise too_often(request, often) from often
    except apikeys.ScopeRefused as refused:
        raise Fault("wrong", [_allowed("/scope", "the key's scopes")], error="invalid_scope") from refused
    life = int(apikeys.TOKEN_LIFE.total_seconds())
    return {
        "access_token": text,
        "token_type": "Bearer",
        "expires_in": life,
        "scope": " ".join(sorted(scopes)),
    }


def _allowed(pointer: str, what: str) -> faults.Place:
    says = {"lo": f"ຕ້ອງແມ່ນ: {what}", "en": f"must be: {what}"}
    return {"pointer": pointer, "code": "literal_error", "says": says}


def _basic(request: HttpRequest) -> tuple[str, str] | None:
    """Client id and secret of HTTP Basic, if they came so."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client, _, secret = base64.b64decode(text.strip(), validate=True).decode("ascii").partition(":")
    except (binascii.Error, ValueError) as wrong:
        raise Fault("unknown", error="invalid_client") from wrong
    return client, secret


# Pages


def _after(cursor: str) -> int | None:
    if not cursor:
        return None
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise Fault("wrong", [place("?cursor", "cursor")])
    return int(cursor)


def _paged(found: Any, cursor: str, limit: int, *, newest_first: bool = True) -> tuple[list[Any], str | None]:
    """A page by id, and the cursor of the next. Rows that are added meanwhile move nothing."""
    after = _after(cursor)
    if after is not None:
        found = found.filter(id__lt=after) if newest_first else found.filter(id__gt=after)
    rows = list(found.order_by("-id" if newest_first else "id")[: limit + 1])
    return rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None


# Employees


@api.get(
    "employees",
    response=_answers(schemas.EmployeesOut),
    url_name="employees",
    operation_id="employees",
    auth=Key(Scope.EMPLOYEES_READ),
)
def employees(request: Asking, cursor: Cursor = "", limit: Limit = 100) -> Any:
    """Who works at the company now."""
    there = Employment.objects.filter(employer=request.auth.employer, end=None).select_related("person")
    rows, after = _paged(there, cursor, limit, newest_first=False)
    people = [{"number": row.person.number, "name": row.person.name, "start": row.start} for row in rows]
    return {"employees": people, "next": after}


# Declarations


@api.post(
    "declarations",
    response=_answers(schemas.DeclarationOut, 201),
    url_name="declarations",
    operation_id="declare",
    auth=Key(Scope.DECLARATIONS_WRITE),
)
def declare_lines(request: Asking, told: Annotated[schemas.DeclarationIn, Body()], key: OnceKey) -> Any:
    """Prepare a month from lines. What a person would be asked about is in `problems`; nothing is declared by this."""
    caller, key = request.auth, key_of(key)
    if bool(told.lines) == told.nobody_worked:
        raise Fault("wrong", [place("/lines", "lines_needed")])
    month, digest = Month.parse(told.month), digest_of("declarations", told.model_dump_json().encode())
    rows = [
        declare.Told(line.number, line.name, line.wage, line.remark, {one.question: one.reason for one in line.answers})
        for line in told.lines
    ]  # fmt: skip
    absences = [declare.Absent(one.number, one.kind, one.on) for one in told.absences]

    def act() -> tuple[int, str, str]:
        sheet_id = sheet_key(caller, key, digest)
        if told.nobody_worked:
            sheet = declare.no_workers(caller.actor, caller.employer, month, sheet_id)
        else:
            sheet = declare.take_rows(caller.actor, caller.employer, month, rows, absences, sheet_id)
        if told.hand_over and sheet.state == Sheet.State.OPEN and not _left(sheet):
            sheet = declare.hand_over(caller.actor, sheet, sheet.revision)
        return 201, *_told(caller, sheet)

    return _careful(caller, key, digest, act)


@api.post(
    "declarations/file",
    response=_answers(schemas.DeclarationOut, 201, 202),
    url_name="declarations_file",
    operation_id="declare_file",
    auth=Key(Scope.DECLARATIONS_WRITE),
)
def declare_file(
    request: Asking,
    month: Annotated[str, Form(pattern=schemas.MONTH)],
    file: Annotated[UploadedFile, File()],
    key: OnceKey,
) -> Any:
    """Prepare a month from the same xlsx or csv that the pages take. A large one is read by a job (202): ask for it again."""
    caller, key, name = request.auth, key_of(key), (file.name or "wages.xlsx")[:120]
    if (file.size or 0) > MOST_FILE:
        raise Fault("too_large")
    content = file.read()
    digest, of = digest_of(f"file {month} {name}", content), Month.parse(month)
    if said := said_before(caller, key, digest):
        return said
    large = len(content) > declare.LARGE
    if large and caller.key.is_practice:
        raise Fault("too_large")  # practice writes nothing, so that no job could find the file
    try:
        if large:
            declare.examine(name, content)
        upload = None if large else declare.read_file(name, content)
    except declare.FileRefused as refusal:
        raise Fault("wrong", [_refusal(refusal)]) from refusal

    def act() -> tuple[int, str, str]:
        sheet_id = sheet_key(caller, key, digest)
        if upload is None:
            sheet = declare.take_in_large(caller.actor, caller.employer, of, name, content, sheet_id)
            return 202, *_told(caller, sheet)
        return 201, *_told(caller, declare.take_in(caller.actor, caller.employer, of, upload, sheet_id))

    return _careful(caller, key, digest, act)


def _refusal(refusal: declare.FileRefused) -> faults.Place:
    says = {name: refusal.message(name) for name in ("lo", "en")}
    return {"pointer": "/file", "code": refusal.code, "says": says}


def _left(sheet: Sheet) -> bool:
    return any(sheet.summary.get(name) for name in ("errors", "questions", "missing_count"))


def _told(caller: Caller, sheet: Sheet) -> tuple[str, str]:
    """The address of a declaration, and how it is told to who sent it."""
    out = shown.declaration(sheet, practice=caller.key.is_practice, most=shown.FIRST)
    location = reverse("api-employer:declaration", kwargs={"id": sheet.key})
    return location, schemas.DeclarationOut(**out).model_dump_json()


def _careful(caller: Caller, key: str, digest: str, act: Any) -> HttpResponse:
    """Do it once, and say in problem details why it was not done."""
    try:
        return act_once(caller, key, digest, act)
    except declare.MonthRefused as refused:
        raise Fault("wrong", [place("/month", refused.code)]) from refused
    except declare.RowsRefused as refused:
        raise Fault("wrong", [place(at, code) for at, code in refused.places]) from refused
    except declare.ColumnsRefused as refused:
        raise Fault("wrong", [place("", code) for code in refused.codes]) from refused
    except declare.Refused as refused:
        raise Fault(refused.code) from refused


def _sheet(caller: Caller, id: str) -> Sheet:
    """A declaration of the company; another company's is not there."""
    found = Sheet.objects.select_related("employer", "document", "declaration")
    sheet = found.filter(employer=caller.employer, key=id).first()
    if sheet is None:
        raise Http404
    return sheet


@api.get(
    "declarations/{id}",
    response=_answers(schemas.DeclarationOut),
    url_name="declaration",
    operation_id="declaration",
    auth=Key(Scope.DECLARATIONS_READ, Scope.DECLARATIONS_WRITE),
)
def declaration(request: Asking, id: Id) -> Any:
    """Where a declaration stands, with the problem of every row: what it is and what to do."""
    return shown.declaration(_sheet(request.auth, id), practice=request.auth.key.is_practice)


@api.post(
    "declarations/{id}/columns",
    response=_answers(schemas.DeclarationOut, 200),
    url_name="columns",
    operation_id="confirm_columns",
    auth=Key(Scope.DECLARATIONS_WRITE),
)
def columns(request: Asking, id: Id, told: Annotated[schemas.ColumnsIn, Body()], key: OnceKey) -> Any:
    """Say once what the columns of a file mean; the layout is remembered for the company."""
    caller, key = request.auth, key_of(key)
    sheet, chosen = _sheet(caller, id), {name: text for name, text in told.model_dump().items() if text}
    wrong = [
        f"/{name}"
        for name, text in chosen.items()
        if not (text.isascii() and text.isalpha() and len(text) < 4)
    ]
    if wrong:
        raise Fault("wrong", [place(at, "letter") for at in wrong])
    digest = digest_of(f"columns {id}", told.model_dump_json().encode())
    if said := said_before(caller, key, digest):
        return said
    if sheet.document is None or sheet.layout is None:
        raise Fault("already_approved")

    def act() -> tuple[int, str, str]:
        letters = {name: text.upper() for name, text in chosen.items()}
        return 200, *_told(caller, declare.confirm_columns(caller.actor, sheet, letters))

    return _careful(caller, key, digest, act)


@api.post(
    "declarations/{id}/hand-over",
    response=_answers(schemas.DeclarationOut, 200),
    url_name="hand_over",
    operation_id="hand_over",
    auth=Key(Scope.DECLARATIONS_WRITE),
)
def hand_over(request: Asking, id: Id, told: Annotated[schemas.HandOverIn, Body()], key: OnceKey) -> Any:
    """Hand it to the person who approves. Approval stays with a person of the company, on our pages."""
    caller, key = request.auth, key_of(key)
    sheet, digest = _sheet(caller, id), digest_of(f"hand over {id}", told.model_dump_json().encode())

    def act() -> tuple[int, str, str]:
        return 200, *_told(caller, declare.hand_over(caller.actor, sheet, told.revision))

    return _careful(caller, key, digest, act)


# Notices


@api.get(
    "notices",
    response=_answers(schemas.NoticesOut),
    url_name="notices",
    operation_id="notices",
    auth=Key(Scope.NOTICES_WRITE, Scope.RECEIPTS_READ),
)
def notices(request: Asking, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Payment notices, the newest first."""
    found = Notice.objects.filter(employer=request.auth.employer).prefetch_related("lines")
    rows, after = _paged(found, cursor, limit)
    return {"notices": [shown.notice(one, request.auth.actor.today) for one in rows], "next": after}


@api.post(
    "notices",
    response=_answers(schemas.NoticeOut, 201),
    url_name="notices_ask",
    operation_id="ask_notice",
    auth=Key(Scope.NOTICES_WRITE),
)
def ask_notice(request: Asking, told: Annotated[schemas.NoticeIn, Body()], key: OnceKey) -> Any:
    """One reference and one LAO QR for what is open in these months; the open notice again, while it says the truth."""
    caller, key = request.auth, key_of(key)
    months = sorted({Month.parse(text) for text in told.months})
    digest = digest_of("notices", json.dumps([str(month) for month in months]).encode())
    if said := said_before(caller, key, digest):
        return said
    try:
        out = _rehearsed(caller, months) if caller.key.is_practice else _asked(caller, months)
    except collect.NothingToPay as nothing:
        raise Fault("nothing_to_pay") from nothing
    except collect.BankUnreachable as silent:
        raise Fault("bank_silent", retry=60) from silent
    except collect.AmountChanged as changed:
        raise Fault("amount_changed") from changed
    body = schemas.NoticeOut(**out).model_dump_json()
    return act_once(caller, key, digest, lambda: (201, reverse("api-employer:notices"), body))


def _asked(caller: Caller, months: list[Month]) -> Mapping[str, Any]:
    """The bank is asked between two transactions, so this stands outside of the one that keeps the answer."""
    made = collect.ask(caller.actor, caller.employer, months)
    return shown.notice(made, caller.actor.today)


def _rehearsed(caller: Caller, months: list[Month]) -> Mapping[str, Any]:
    lines = collect.rehearse(caller.actor, caller.employer, months)
    if not lines:
        raise collect.NothingToPay
    due = (
        obligations(caller.employer)
        .filter(month__in=[month for month, _, _ in lines])
        .values_list("due_on", flat=True)
    )
    return {
        "number": "PRACTICE", "reference": "PRACTICE", "state": "practice", "qr": None, "practice": True,
        "amount": sum(amount + charges for _, amount, charges in lines), "due_on": min(due),
        "expires_on": caller.actor.today + collect.NOTICE_LIFE,
        "months": [{"month": str(month), "amount": amount, "charges": charges} for month, amount, charges in lines],
    }  # fmt: skip


# Receipts and the statement


@api.get(
    "receipts",
    response=_answers(schemas.ReceiptsOut),
    url_name="receipts",
    operation_id="receipts",
    auth=Key(Scope.RECEIPTS_READ),
)
def receipts(request: Asking, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Money that arrived, and the months it was set against; the newest first."""
    found = Receipt.objects.filter(employer=request.auth.employer).select_related("notice")
    rows, after = _paged(found.prefetch_related("allocations"), cursor, limit)
    return {"receipts": [shown.receipt(one) for one in rows], "next": after}


@api.get(
    "statement",
    response=_answers(schemas.StatementOut),
    url_name="statement",
    operation_id="statement",
    auth=Key(Scope.STATEMENT_READ),
)
def statement(request: Asking, cursor: Cursor = "", limit: Limit = 24) -> Any:
    """The account month by month, the newest first: the same rows that the company's pages and the office read."""
    told, before = account.account(request.auth.employer, request.auth.actor.today), _after(cursor)
    rows = [row for row in told.rows if before is None or row.month.number < before]
    sums = {name: getattr(told, name) for name in ("day", "open", "charges", "running", "credit", "total")}
    after = str(rows[limit - 1].month.number) if len(rows) > limit else None
    return sums | {"months": [shown.statement_row(row) for row in rows[:limit]], "next": after}


# Webhooks


@api.get(
    "webhooks",
    response=_answers(schemas.WebhooksOut),
    url_name="webhooks",
    operation_id="webhooks",
    auth=Key(Scope.WEBHOOKS_WRITE),
)
def webhooks_there(request: Asking) -> Any:
    """The addresses that are told."""
    caller = request.auth
    there: Iterable[Any] = endpoints_of(caller.employer.id)
    return {"webhooks": [shown.webhook(one, practice=caller.key.is_practice) for one in there]}


@api.post(
    "webhooks",
    response=_answers(schemas.WebhookMadeOut, 201),
    url_name="webhooks_register",
    operation_id="register_webhook",
    auth=Key(Scope.WEBHOOKS_WRITE),
)
def register_webhook(request: Asking, told: Annotated[schemas.WebhookIn, Body()], key: OnceKey) -> Any:
    """Have events told at a public https address, signed with the secret that GET webhooks tells."""
    caller, key = request.auth, key_of(key)
    digest = digest_of("webhooks", told.model_dump_json().encode())

    def act() -> tuple[int, str, str]:
        made = webhooks.register(caller.actor, caller.employer, told.url, told.events)
        out = shown.webhook(made, practice=caller.key.is_practice)
        return 201, reverse("api-employer:webhooks"), schemas.WebhookMadeOut(**out).model_dump_json()

    try:
        return act_once(caller, key, digest, act)
    except webhooks.AddressRefused as refused:
        raise Fault("wrong", [place("/url", "inner_address")]) from refused
    except webhooks.TooMany as many:
        raise Fault("wrong", [place("/url", "too_many_endpoints")]) from many


@api.delete(
    "webhooks/{id}",
    response={204: None} | {status: kind for status, kind in _answers(None).items() if status != 200},
    url_name="webhook",
    operation_id="remove_webhook",
    auth=Key(Scope.WEBHOOKS_WRITE),
)
def remove_webhook(request: Asking, id: Id) -> Any:
    """Tell nothing more there."""
    caller = request.auth
    if endpoint_of(caller.employer.id, id) is None:
        raise Http404
    if not caller.key.is_practice:
        webhooks.remove(caller.actor, caller.employer, id)
    return HttpResponse(status=204)


@api.get(
    "events",
    response=_answers(schemas.EventsOut),
    url_name="events",
    operation_id="events",
    auth=Key(Scope.WEBHOOKS_WRITE),
)
def events(request: Asking, cursor: Cursor = "", limit: Limit = 100) -> Any:
    """What was told, the oldest first: to be fetched again after a loss."""
    rows, after = _paged(events_of(request.auth.employer.id), cursor, limit, newest_first=False)
    return {"events": [webhooks.envelope(one) for one in rows], "next": after}
