"""What the interface takes and gives, as its OpenAPI description shows it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict, StrictBool, StrictInt, StrictStr

from pakan.law.insured import Sex
from pakan.units.money import KIP_LIMIT

MONTH = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"
SchemeName = Literal["enterprise", "public", "voluntary"]
Level = Literal["high", "medium", "low"]


def _written_day(value: object) -> object:
    """A day is text; a number is not read as seconds since 1970."""
    if not isinstance(value, str):
        raise ValueError("a day such as 2026-10-31")
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_written_day), Field(json_schema_extra={"example": "2026-10-31"})]
MonthText = Annotated[str, Field(pattern=MONTH, json_schema_extra={"example": "2026-10"})]
KipIn = Annotated[StrictInt, Field(ge=0, le=KIP_LIMIT, description="Whole kip")]
Kip = Annotated[int, Field(description="Whole kip")]


class Told(Schema):
    """Sent to us: a name that is not known is an error, so that no fact is overlooked."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Words(Schema):
    lo: str
    en: str


# Sent


class MonthsIn(Told):
    """One month, or several with the same wage. A later line for the same month and employer corrects an earlier one."""

    first: MonthText = Field(alias="from")
    last: MonthText = Field(alias="to", description="The last of these months, itself included")
    wage: KipIn
    insured: KipIn | None = Field(
        None, description="Where it is known already; else the law of the month says it"
    )
    scheme: SchemeName = "enterprise"
    employer: Annotated[StrictStr, Field(max_length=40)] = "1"
    paid: StrictBool = True


class MembershipIn(Told):
    scheme: SchemeName
    start: Day
    end: Day | None = None
    hazardous: StrictBool = False


class SpouseIn(Told):
    born: Day
    sex: Sex
    has_income: StrictBool = False
    remarried: StrictBool = False
    invalid: StrictBool = False
    other_benefit: StrictBool = False


class ChildIn(Told):
    born: Day
    student: StrictBool = False
    disabled: StrictBool = False


class ParentIn(Told):
    born: Day
    sex: Sex
    supported: StrictBool = True


class FamilyIn(Told):
    spouse: SpouseIn | None = None
    children: Annotated[list[ChildIn], Field(max_length=30)] = []
    parents: Annotated[list[ParentIn], Field(max_length=2)] = []


class EventIn(Told):
    """A benefit that was drawn before."""

    benefit: Annotated[StrictStr, Field(max_length=40)]
    start: Day
    end: Day | None = None


class PersonIn(Told):
    born: Day
    sex: Sex
    months: Annotated[list[MonthsIn], Field(max_length=1200)] = []
    memberships: Annotated[list[MembershipIn], Field(max_length=50)] = []
    family: FamilyIn = FamilyIn()
    events: Annotated[list[EventIn], Field(max_length=100)] = []
    died: Day | None = None

    def told(self) -> Mapping[str, Any]:
        """As the law reads it from a file."""
        plain: dict[str, Any] = self.model_dump(by_alias=True, exclude_none=True)
        return plain


class EstimateIn(Told):
    day: Day
    person: PersonIn
    answers: dict[str, StrictBool | StrictInt | StrictStr] = Field(
        default={}, description="One for each question of the benefit; see GET benefits/{name}"
    )


# Given


class StepOut(Schema):
    label: str
    lo: str
    en: str
    inputs: dict[str, str]
    result: Kip
    cite: str
    article: str
    confidence: Level
    assumption: str


class ConditionOut(Schema):
    label: str
    lo: str
    en: str
    needed: int | bool | str | None = Field(union_mode="left_to_right")
    found: int | bool | str | None = Field(union_mode="left_to_right")
    met: bool
    met_from: date | None
    cite: str
    article: str
    confidence: Level
    assumption: str


class AmountOut(Schema):
    kind: Literal["lump_sum", "monthly", "period", "cover"]
    label: str
    lo: str
    en: str
    kip: Kip
    start: date | None
    end: date | None


class NoteOut(Schema):
    label: str
    lo: str
    en: str
    day: date | None
    cite: str
    article: str
    confidence: Level
    assumption: str


class DecisionOut(Schema):
    """Not a promise: `estimate` says that something in it is not certain, `assumptions` what."""

    benefit: str
    title_lo: str
    title_en: str
    day: date
    entitled: bool
    confidence: Level
    estimate: bool
    assumptions: list[str]
    missing: list[str]
    first_day: date | None
    conditions: list[ConditionOut]
    steps: list[StepOut]
    amounts: list[AmountOut]
    notes: list[NoteOut]
    kept_back: bool = Field(
        description="An amount exists whose formula is not published; an officer works it out"
    )


class ContributionOut(Schema):
    scheme: SchemeName
    month: str
    wage: Kip
    insured: Kip
    employer: Kip
    worker: Kip
    total: Kip
    standing: Literal["ok", "under_half_floor", "under_floor", "over_ceiling"]
    assumptions: list[str]
    steps: list[StepOut]


class GroupOut(Schema):
    name: str
    title: Words
    benefit: bool


class GroupsOut(Schema):
    groups: list[GroupOut]


class ChangeOut(Schema):
    """`value`: whole kip, a whole number, a rate such as '5.5 %', a list or words; none if there is no value."""

    since: date
    value: int | list[int] | str | None = Field(union_mode="left_to_right")
    says: Words
    cite: str
    article: str
    url: str
    note: str
    confidence: Level
    assumption: str


class ValueOut(Schema):
    name: str
    kind: Literal["kip", "rate", "whole", "list", "text"]
    title: Words
    changes: list[ChangeOut]


class HistoryOut(GroupOut):
    values: list[ValueOut]


class ChoiceOut(Words):
    key: str


class QuestionOut(Words):
    key: str
    kind: Literal["day", "whole", "yes_no", "choice", "kip"]
    required: bool
    default: int | bool | str | None = Field(union_mode="left_to_right")
    least: int
    most: int
    choices: list[ChoiceOut]


class PaperOut(Words):
    key: str
    assumption: str


class BenefitsOut(Schema):
    benefits: list[GroupOut]


class BenefitOut(Schema):
    name: str
    title: Words
    event: Words
    facts: list[str] = Field(description="Which parts of the person the rule reads")
    questions: list[QuestionOut]
    evidence: list[PaperOut]


class VectorOut(Schema):
    """A wage, and what is owed for it."""

    says: str
    scheme: SchemeName
    month: str
    wage: Kip
    insured: Kip
    employer: Kip
    worker: Kip
    total: Kip
    assumptions: list[str]


class DueVectorOut(Schema):
    month: str
    due: date


class BenefitVectorOut(Schema):
    """A situation on a day: either the answer, or which fields are refused."""

    benefit: str
    says: str
    on: date
    person: dict[str, Any]
    given: dict[str, Any]
    answer: dict[str, Any] | None = None
    refused: list[str] | None = None


class VectorsOut(Schema):
    contributions: list[VectorOut]
    due_dates: list[DueVectorOut]
    benefits: list[BenefitVectorOut]


class WrongOut(Schema):
    field: str
    allowed: Words


class ProblemOut(Schema):
    """Problem details, RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[WrongOut]
