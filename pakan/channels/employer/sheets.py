"""A sheet's rows as the pages show them: what was written, what we found, and the buttons that mend it.

One button carries its whole act as text, `act:row:value`, so that a page of twenty rows is a single form.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Q, QuerySet, Value, When

from pakan.channels.employer import wording
from pakan.channels.kit.speech import kip_text
from pakan.registers.contributions.models import DeclaredWage, Sheet, SheetLine
from pakan.registers.contributions.queries import last_declaration_before
from pakan.units.number import clean_person_number

PAGE = 20
TYPED = 50
ERROR = [{"level": "error"}]
QUESTION = [{"level": "question"}]


@dataclass(frozen=True)
class Act:
    """A button (or, for a page of its own, a link)."""

    value: str
    label: str
    code: str = ""


@dataclass
class Found:
    """One problem of a row in words, with its mends."""

    code: str
    tone: str
    label: str
    says: str
    acts: list[Act] = field(default_factory=list)
    confirm: str = ""  # the act that answers it with a reason chosen beside it

    @property
    def icon(self) -> str:
        """A sign beside the label: colour alone says nothing."""
        return {"bad": "alert", "wait": "question"}.get(self.tone, "")


@dataclass
class Look:
    """A row that needs a look."""

    row: int
    cell: str
    number: str
    name: str
    wage_text: str
    before: int | None
    left_out: bool
    found: list[Found]
    wage_wrong: bool
    number_wrong: bool
    registers: bool
    person_id: int | None

    @property
    def person_number(self) -> str:
        """The number as stored, once it is known whose row it is."""
        return clean_person_number(self.number) if self.person_id else ""

    @property
    def css(self) -> str:
        tones = {one.tone for one in self.found}
        return "err" if "bad" in tones else "warn" if "wait" in tones else ""


@dataclass(frozen=True)
class Missing:
    """A worker of last month who is not in the list."""

    person: int
    number: str
    name: str
    wage: int | None


def to_look_at(sheet: Sheet) -> QuerySet[SheetLine]:
    """Rows with an error or an open question: errors first, each in the file's order."""
    return (
        SheetLine.objects.filter(sheet=sheet, left_out=False)
        .filter(Q(problems__contains=ERROR) | Q(problems__contains=QUESTION))
        .annotate(rank=Case(When(problems__contains=ERROR, then=Value(0)), default=Value(1)))
        .order_by("rank", "row")
    )


class Waiting(Sequence[Any]):
    """Everything that needs a look as one list: rows with errors, rows with questions, then missing workers."""

    def __init__(self, sheet: Sheet) -> None:
        self.rows = to_look_at(sheet)
        self.missing = missing_of(sheet)
        self.count_of_rows = int(sheet.summary.get("errors", 0)) + int(sheet.summary.get("questions", 0))

    def __len__(self) -> int:
        return self.count_of_rows + len(self.missing)

    def __getitem__(self, part: Any) -> Any:
        start, stop = part.start or 0, min(part.stop, len(self))
        rows = list(self.rows[start : min(stop, self.count_of_rows)]) if start < self.count_of_rows else []
        rest = self.missing[max(start - self.count_of_rows, 0) : max(stop - self.count_of_rows, 0)]
        return [*rows, *rest]


def missing_of(sheet: Sheet) -> list[Missing]:
    return [
        Missing(one["person"], one["number"], one["name"], one["wage"])
        for one in sheet.summary.get("missing", [])
    ]


def waiting_page(sheet: Sheet, number: str | None) -> Any:
    return Paginator(Waiting(sheet), PAGE).get_page(number)


def lines_page(sheet: Sheet, number: str | None, search: str = "", most: int = PAGE) -> Any:
    """All rows of the sheet, `most` a page; `search` narrows them by number or name."""
    lines = SheetLine.objects.filter(sheet=sheet).order_by("row")
    if search:
        lines = lines.filter(Q(number__icontains=search.replace(" ", "")) | Q(name__icontains=search))
    return Paginator(lines, most).get_page(number)


def wages_before(sheet: Sheet, people: Sequence[int | None]) -> dict[int, int]:
    """Last declared wages of a page of people. Two queries."""
    last = last_declaration_before(sheet.employer, sheet.month)
    if last is None:
        return {}
    ids = [person for person in people if person is not None]
    return dict(
        DeclaredWage.objects.filter(declaration=last, person_id__in=ids).values_list("person_id", "wage")
    )


def looks(sheet: Sheet, lines: Sequence[SheetLine]) -> list[Look]:
    before = wages_before(sheet, [line.person_id for line in lines])
    return [look_at(line, before.get(line.person_id or 0)) for line in lines]


def look_at(line: SheetLine, before: int | None) -> Look:
    wrong = {found["field"] for found in line.problems if found["level"] == "error"}
    return Look(
        row=line.row,
        cell=line.wage_cell or line.number_cell,
        number=line.number,
        name=line.name,
        wage_text=shown_wage(line.wage_text),
        before=before,
        left_out=line.left_out,
        found=[_found(line.row, one) for one in line.problems],
        wage_wrong="wage" in wrong,
        number_wrong="number" in wrong,
        registers=any(mend["act"] == "register" for one in line.problems for mend in one["mends"]),
        person_id=line.person_id,
    )


def shown_wage(text: str) -> str:
    """A plain figure in groups of three, to be read beside last month's; whatever else was written stays so."""
    return kip_text(int(text), "bare") if text.isascii() and text.isdigit() and len(text) <= 15 else text


def _found(row: int, problem: dict[str, Any]) -> Found:
    mends = problem["mends"]
    needs_reason = any(mend["act"] == "confirm" and mend["value"] == "reason" for mend in mends)
    code = problem["code"]
    acts = [
        Act(_value(mend, row, code), wording.mend_label(mend))
        for mend in mends
        if mend["act"] != "register" and not (mend["act"] == "confirm" and needs_reason)
    ]
    return Found(
        code=code,
        tone=wording.TONES[problem["level"]],
        label=wording.label_of(problem),
        says=wording.sentence_of(problem),
        acts=acts,
        confirm=f"confirm:{row}:{code}" if needs_reason else "",
    )


def _value(mend: dict[str, Any], row: int, code: str) -> str:
    value = code if mend["act"] == "confirm" else mend["value"]
    return f"{mend['act']}:{row}:{value}"


def questions_for_all(sheet: Sheet) -> list[Act]:
    """One button a question that stands in more than one row and needs no reason."""
    counted = sheet.summary.get("by_code", {})
    return [
        Act(f"confirm_all:0:{code}", wording.confirm_all_label(code, count))
        for code, count in sorted(counted.items())
        if count > 1 and code not in NEED_REASON
    ]


def reasons_for_all(sheet: Sheet) -> list[Act]:
    """Questions in more than one row that need a reason: answered together with one."""
    counted = sheet.summary.get("by_code", {})
    return [
        Act(f"confirm_all:0:{code}", wording.confirm_all_label(code, counted[code]), code)
        for code in NEED_REASON
        if counted.get(code, 0) > 1
    ]


NEED_REASON = ("under_floor", "under_half_floor")
