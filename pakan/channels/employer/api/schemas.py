"""What the interface takes and gives, as its OpenAPI description shows it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, StrictBool, StrictInt, StrictStr
from pydantic_core import PydanticCustomError

MONTH = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"
MOST_LINES = 5000
MOST_NEW = 500
MOST_WAGE = 10**12  # the check tells of a slip long before
ZERO_WIDTH_SPACE = "\u200b"  # Lao typists' word breaks: they mean nothing here


def _plain(text: str) -> str:
    """No control letters, no half letters, nothing unseen."""
    kept = text.replace(ZERO_WIDTH_SPACE, "").strip()
    if not kept.isprintable():
        raise PydanticCustomError("plain_text", "plain text")
    return kept


def _written_day(value: object) -> object:
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError("a day such as 2026-10-31")
    return date.fromisoformat(value)


Plain = Annotated[StrictStr, AfterValidator(_plain)]
Text20 = Annotated[Plain, Field(max_length=20)]
Text60 = Annotated[Plain, Field(max_length=60)]
Text100 = Annotated[Plain, Field(max_length=100)]
Text200 = Annotated[Plain, Field(max_length=200)]
Text250 = Annotated[Plain, Field(max_length=250)]
Day = Annotated[date, BeforeValidator(_written_day), Field(json_schema_extra={"example": "2026-10-31"})]
MonthText = Annotated[StrictStr, Field(pattern=MONTH, json_schema_extra={"example": "2026-10"})]
Kip = Annotated[int, Field(description="Whole kip")]
Question = Literal[
    "name_differs", "joins", "young", "wage_jump", "under_floor", "under_half_floor", "zero_wage"
]
Category = Literal["regular", "temporary", "intern", "foreigner"]
LeaveReason = Literal["resigned", "dismissed", "contract_end", "retired", "died", "other"]
EventKind = Literal["declaration.approved", "declaration.refused", "notice.paid", "receipt.issued"]
State = Literal[
    "reading", "columns_needed", "refused", "preparing", "waiting_for_approval", "approved", "replaced"
]


class Told(Schema):
    """Sent to us: a name that is not known is an error, so that nothing is overlooked."""

    model_config = ConfigDict(extra="forbid")


class Words(Schema):
    lo: str
    en: str


# Sent


class AnswerIn(Told):
    question: Question
    reason: Text200 = Field("", description="Needed for under_floor and under_half_floor")


class LineIn(Told):
    number: Text60 = Field(description="Social security number, as on the card")
    name: Text250 = Field("", description="Compared with the name behind the number")
    wage: Annotated[StrictInt, Field(ge=0, le=MOST_WAGE, description="Whole kip")]
    remark: Text250 = ""
    answers: Annotated[list[AnswerIn], Field(max_length=7)] = []


class AbsenceIn(Told):
    number: Text20
    kind: Literal["leave", "left"]
    on: Day | None = Field(None, description="The last day of work, where kind is left")


class DeclarationIn(Told):
    month: MonthText
    lines: Annotated[list[LineIn], Field(max_length=MOST_LINES)] = []
    absences: Annotated[list[AbsenceIn], Field(max_length=MOST_LINES)] = []
    nobody_worked: StrictBool = False
    hand_over: StrictBool = Field(False, description="Hand it over at once if nothing is left to answer")


class HandOverIn(Told):
    revision: Annotated[StrictInt, Field(ge=1, le=2**31 - 1, description="The revision that was looked at")]


class ColumnsIn(Told):
    """Letters of the file's columns, once for a layout."""

    number: Text20 = ""
    name: Text20 = ""
    given: Text20 = ""
    family: Text20 = ""
    wage: Text20
    remark: Text20 = ""


class NoticeIn(Told):
    months: Annotated[list[MonthText], Field(min_length=1, max_length=24)]


class NewAnswerIn(Told):
    """To the question whether a new worker is somebody on record: one of the two."""

    same: Text20 = Field("", description="The sign beside the person whom it is")
    reason: Text200 = Field("", description="Why it is another person; an officer of the fund reads it")


class NewEmployeeIn(Told):
    number: Text60 = Field(
        "", description="If the worker has a card already: then both names are compared with it"
    )
    given_name: Text100
    family_name: Text100
    name_latin: Text200 = ""
    birth_date: Day | None = Field(None, description="Needed without a number")
    sex: Literal["f", "m", ""] = Field("", description="Needed without a number")
    phone: Text60 = ""
    national_id: Text20 = ""
    start: Day = Field(description="First day of work; at most 62 days ahead")
    category: Category = "regular"
    until: Day | None = Field(None, description="Last day of the contract or stay, where one is agreed")
    answer: NewAnswerIn = NewAnswerIn()  # type: ignore[call-arg]


class NewEmployeesIn(Told):
    employees: Annotated[list[NewEmployeeIn], Field(min_length=1, max_length=MOST_NEW)]


class LeaveIn(Told):
    day: Day = Field(description="Last day of work; at most 62 days ahead")
    reason: LeaveReason


class LeaverIn(LeaveIn):
    number: Text60 = Field(description="Social security number, as on the card")


class LeaversIn(Told):
    leavers: Annotated[list[LeaverIn], Field(min_length=1, max_length=MOST_NEW)]


class ApproveIn(Told):
    declaration: Text60 = Field(description="The id of a declaration that was handed over")


class PayIn(Told):
    notice: Text60 = Field(description="The number of an open notice")


class WebhookIn(Told):
    url: Annotated[StrictStr, Field(max_length=500)]
    events: Annotated[list[EventKind], Field(min_length=1, max_length=4)]


# Given


class LikeOut(Schema):
    """Somebody on record whom a new worker looks like: as little of him as a person would be shown."""

    sign: str = Field(description="To be sent back as answer.same, if it is this person")
    name: str
    year: int = Field(description="Of birth")
    masked: str = Field(description="The end of the number")
    signs: list[Literal["name", "latin", "birth", "birth_near", "national_id", "phone"]]
    number: str | None = Field(description="The whole number, if the person works at your company already")


class FaultOut(Schema):
    pointer: str = Field(description="JSON pointer into what was sent; ?name for a parameter")
    code: str
    says: Words
    like: list[LikeOut] = Field([], description="At looks_known: who it may be, the likeliest first")


class ProblemOut(Schema):
    type: str
    title: str
    status: int
    detail: str
    code: str
    says: Words = Field(description="What is wrong and what to do")
    errors: list[FaultOut]
    error: str | None = Field(None, description="At the token address, the word of RFC 6749")


class TokenOut(Schema):
    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="Seconds")
    scope: str


class Page(Schema):
    next: str | None = Field(description="Cursor of the next page; null on the last one")


class KeyOut(Schema):
    """What the key is that was sent, so that a program can warn before it ends."""

    name: str
    begins_with: str
    scopes: list[str]
    expires_at: datetime
    practice: bool = Field(description="Whether nothing that it does is real")
    dry_run: bool = Field(description="Whether everything is checked and rolled back")
    employer: str = Field(description="The code of the company")
    employer_name: Words


class EmploymentOut(Schema):
    start: date
    end: date | None = Field(description="Last day of work, once it is known")
    reason: LeaveReason | Literal[""]
    category: Category
    until: date | None = Field(description="Last day of the contract or stay, where one is agreed")
    state: Literal["working", "left"]


class EmployeeOut(EmploymentOut):
    number: str
    name: str


class EmployeesOut(Page):
    employees: list[EmployeeOut]


class OneEmployeeOut(Schema):
    number: str
    name: str
    name_latin: str
    state: Literal["working", "left"]
    employments: list[EmploymentOut] = Field(description="At your company, the newest first")


class RegisteredOut(Schema):
    pointer: str
    number: str
    name: str
    is_new: bool = Field(description="Whether the fund did not know this person before")
    start: date


class RegisteredAllOut(Schema):
    practice: bool
    registered: list[RegisteredOut] = Field(description="In the order in which they were sent")


class LeftOut(Schema):
    pointer: str = Field(description="The row that was sent, such as /leavers/0")
    number: str
    name: str
    end: date
    reason: LeaveReason


class LeftAllOut(Schema):
    practice: bool
    left: list[LeftOut]


class MendOut(Schema):
    act: str
    value: str


class RowOut(Schema):
    row: int
    pointer: str | None = Field(description="Into the lines that were sent; null for a file")
    cell: str | None = Field(description="Of the file that was sent")
    number: str
    code: str
    level: Literal["error", "question", "note"]
    says: Words = Field(description="What is wrong and what to do")
    mends: list[MendOut]


class MissingOut(Schema):
    number: str
    last_wage: int | None


class TotalsOut(Schema):
    workers: int
    wages: Kip
    insured: Kip
    employer_share: Kip
    worker_share: Kip
    total: Kip


class AcceptedOut(Schema):
    incoming_number: str
    version: int
    declared_at: datetime
    due_on: date


class CheckOut(Schema):
    month: str
    totals: TotalsOut | None
    errors: int
    questions: int
    missing_count: int
    missing: list[MissingOut] = Field(description="Workers of the month without a line; at most 200")
    problems: list[RowOut] = Field(description="Every row's; the first 100 in the answer to sending")
    problems_in_all: int


class DeclarationOut(CheckOut):
    id: str
    state: State
    says: Words = Field(description="Where it stands and what happens next")
    practice: bool
    revision: int
    received_at: datetime
    accepted: AcceptedOut | None


class NoticeLineOut(Schema):
    month: str
    amount: Kip
    charges: Kip


class OtherFundOut(Schema):
    """Another fund's part: no contribution, passed on to it."""

    fund: str = Field(description="Its short code")
    month: str
    reference: str = Field(description="That fund's own")
    amount: Kip


class NoticeOut(Schema):
    number: str
    reference: str
    state: Literal["open", "paid", "superseded", "expired", "practice"]
    amount: Kip
    due_on: date
    expires_on: date
    qr: str | None = Field(description="The text of the LAO QR; null unless it can be paid")
    months: list[NoticeLineOut]
    other_funds: list[OtherFundOut] = Field(
        description="Parts of the amount that are other funds'; mostly none"
    )
    practice: bool


class NoticesOut(Page):
    notices: list[NoticeOut]


class PartOut(Schema):
    month: str
    amount: Kip
    to_charges: bool


class ReceiptOut(Schema):
    number: str
    amount: Kip
    bank: str
    bank_reference: str
    paid_at: datetime
    received_at: datetime
    confirmed_on: date | None
    notice: str | None
    kept_as_credit: Kip
    months: list[PartOut]
    other_funds: list[OtherFundOut]


class ReceiptsOut(Page):
    receipts: list[ReceiptOut]


class StatementRowOut(Schema):
    month: str
    state: Literal["nothing", "paid", "overdue", "part", "to_pay"]
    due_on: date
    version: int
    workers: int
    wages: Kip
    owed: Kip
    settled: Kip
    open: Kip
    charges_open: Kip
    charges_running: Kip
    receipts: list[str]


class StatementOut(Page):
    day: date
    open: Kip
    charges: Kip
    running: Kip
    credit: Kip
    total: Kip
    months: list[StatementRowOut]


class WebhookMadeOut(Schema):
    """The secret is not here, since this answer is kept for ever: ask for the addresses to read it."""

    id: str
    url: str
    events: list[EventKind]
    practice: bool


class WebhookOut(WebhookMadeOut):
    secret: str = Field(description="The newest; signatures are checked with it")


class WebhooksOut(Schema):
    webhooks: list[WebhookOut]


class DeliveryOut(Schema):
    """One event for one address: whether it was taken, and when it is tried next."""

    event: str = Field(description="The id of the event")
    type: str
    subject: str
    test: bool
    happened_at: datetime
    state: Literal["waiting", "delivered", "given up"]
    tries: int
    tried_at: datetime | None
    next_at: datetime | None = Field(description="When it is tried next; null if it is not")
    answer: str = Field(description="The HTTP status of the last try, or why there was none; empty before")


class DeliveriesOut(Page):
    deliveries: list[DeliveryOut]


class EventOut(Schema):
    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    data: dict[str, Any]


class EventsOut(Page):
    events: list[EventOut]
