"""Check a sheet against the people we know and against the law: every problem at once, each with a way to mend it.

The whole sheet is checked after every change. It is set-wise (three queries, one column of wages), so ten thousand
rows take a fraction of a second, and no row can be forgotten by a clever shortcut.
"""

from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, cast

import numpy as np

from pakan.law.contributions.rule import Rates, Scheme, due
from pakan.law.contributions.values import REGISTRATION
from pakan.operations.law_in_force import in_force
from pakan.registers.columns import Column
from pakan.registers.contributions import actions, queries
from pakan.registers.contributions.models import Sheet, SheetLine
from pakan.registers.people import queries as people
from pakan.registers.people.queries import Known
from pakan.units.money import NotKip, read_kip
from pakan.units.month import Month
from pakan.units.name import search_key
from pakan.units.number import WrongNumber, clean_person_number, person_number_check, shown_person_number

WAGE_JUMP = 50  # percent against last month, assumption A-18
WORKING_AGE = 14  # contributions.md section 10, check 8
FULL_AGE = 18
NAMES_ALIKE = 0.7  # below it, two names are two people's
MISSING_SHOWN = 200
MOST_WAGE = (
    10**11
)  # a month's wage beyond it is a slip; sixty thousand such rows still add up within Kip's limit
ROWS_HELPED = 200  # a file with more unknown people than this is another company's, or another year's
REASONED = ("under_floor", "under_half_floor")
LEVELS = ("error", "question", "note")

Problem = dict[str, Any]


@dataclass
class Standing:
    """What a check needs to know, fetched once for all rows."""

    month: Month
    rates: Rates
    workers: dict[int, Known]
    by_number: dict[str, Known]
    last_wages: dict[int, int]
    last_month: Month | None
    twice: dict[int, int] = field(default_factory=dict)  # person id -> first row
    reasons: dict[tuple[int, str], tuple[int, str]] = field(default_factory=dict)  # stated last month
    kinds: dict[int, people.Kind] = field(default_factory=dict)  # of those who are not regular workers
    helped: int = 0

    @cached_property
    def names(self) -> people.Names:
        return people.Names(self.workers.values())


def standing(sheet: Sheet, numbers: set[str]) -> Standing:
    last = queries.last_declaration_before(sheet.employer, sheet.month)
    return Standing(
        month=sheet.month,
        rates=in_force().rates(cast(Scheme, sheet.employer.scheme), sheet.month),
        workers=people.workers_of(sheet.employer, sheet.month),
        by_number=people.by_number(numbers),
        last_wages=people.under_todays_ids(queries.wages_by_person(last)) if last else {},
        last_month=last.month if last else None,
        reasons=queries.reasons_given(last, REASONED) if last else {},
        kinds=people.kinds_of_work(sheet.employer, sheet.month),
    )


def recheck(sheet: Sheet, lines: list[SheetLine] | None = None, **kept: Any) -> Sheet:
    """Check all lines of `sheet` again and write what is found; `kept` adds to the summary (how long reading took).

    The sheet's `absences` say who is known to be missing. Returns the sheet with its new summary (not saved).
    """
    lines = queries.lines_of(sheet) if lines is None else lines
    actions.change_lines(judge(sheet, lines, **kept))
    return sheet


def judge(sheet: Sheet, lines: list[SheetLine], **kept: Any) -> list[SheetLine]:
    """Check `lines` and put what is found into them and into the sheet's summary; those that changed. Writes nothing."""
    cleaned = [_number(line) for line in lines]
    known = standing(sheet, {number for number, _ in cleaned if number})
    before = [_state(line) for line in lines]
    for line, (number, problems) in zip(lines, cleaned, strict=True):
        line.problems = [] if line.left_out else problems + _person(line, number, known) + _wage(line)
    _law(sheet, lines, known)
    _sums_offered(lines)
    for line in lines:
        line.problems = _unanswered(line)
    sheet.summary = _summary(sheet, lines, known) | {
        name: sheet.summary[name] for name in ("stated_total", "read_ms") if name in sheet.summary
    } | kept  # fmt: skip
    return [line for line, was in zip(lines, before, strict=True) if _state(line) != was]


def _state(line: SheetLine) -> tuple[Any, ...]:
    return line.person_id, line.wage, line.left_out, str(line.problems)


def problem(
    code: str, level: str, at: str, mends: list[dict[str, Any]] | None = None, **facts: Any
) -> Problem:
    return {"code": code, "level": level, "field": at, "facts": facts, "mends": mends or []}


LEAVE_OUT = {"act": "leave_out", "value": ""}
CONFIRM = {"act": "confirm", "value": ""}
GIVE_REASON = {"act": "confirm", "value": "reason"}


def _number(line: SheetLine) -> tuple[str, list[Problem]]:
    if line.left_out:
        return "", []
    if not line.number.strip():
        return "", []
    try:
        return clean_person_number(line.number), []
    except WrongNumber:
        return "", [problem("number_malformed", "error", "number", [LEAVE_OUT])]


def _person(line: SheetLine, number: str, known: Standing) -> list[Problem]:
    """Who is meant? By number first; the name is compared, since a typing slip can hit somebody else's number."""
    line.person_id = None
    if not number:
        malformed = bool(line.number.strip())
        return [] if malformed else _closest(line, "number_missing", known)
    person = known.by_number.get(number)
    if person is None:
        if len(number) == 10 and number.isdigit() and not person_number_check(number):
            return _closest(line, "number_check_digit", known, number)
        return _closest(line, "number_unknown", known, number)
    ours = person.id in known.workers or person.id in known.last_wages
    if line.name and not _same_name(line.name, person.key):
        # The name of a stranger is not ours to show.
        facts = {"name": person.name} if ours else {}
        mends = [CONFIRM, *_candidates(line, known, number)] if ours else _candidates(line, known, number)
        if not (ours and "name_differs" in line.confirmed):
            return [
                problem("name_differs", "question" if ours else "error", "name", [*mends, LEAVE_OUT], **facts)
            ]
    line.person_id = person.id
    first = known.twice.setdefault(person.id, line.row)
    if first != line.row:
        return [problem("twice", "error", "row", [{"act": "add_up", "value": first}, LEAVE_OUT], row=first)]
    found = []
    if person.number != number:
        found.append(problem("old_number", "note", "number", number=shown_person_number(person.number)))
    if person.id not in known.workers:  # also who left and is in the list again
        found.append(problem("joins", "question", "row", [CONFIRM], known=True))
    return found + _kind(person, known) + _age(person, known.month)


def _kind(person: Known, known: Standing) -> list[Problem]:
    """Temporary workers, interns and foreigners have questions of their own; none of them hinders (C71, A-60)."""
    kind = known.kinds.get(person.id)
    if kind is None:
        return []
    stay = REGISTRATION.on(known.month.last).foreigner_min_stay_months
    if kind.category == "foreigner" and stay and kind.until and kind.months <= stay:
        return [problem("short_stay", "question", "row", [CONFIRM, LEAVE_OUT], months=stay)]
    if kind.category == "intern":
        return [problem("intern", "question", "row", [CONFIRM, LEAVE_OUT])]
    if kind.until and kind.until < known.month.first:
        return [problem("contract_over", "question", "row", [CONFIRM, LEAVE_OUT])]
    return []


def _same_name(written: str, key: str) -> bool:
    mine = search_key(written)
    if not mine or mine == key:
        return True
    latin = mine.isascii() != key.isascii()
    return latin or _likeness(mine, key) >= NAMES_ALIKE


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(a=one, b=other, autojunk=False).ratio()


def _closest(line: SheetLine, code: str, known: Standing, number: str = "") -> list[Problem]:
    mends = _candidates(line, known, number)
    if line.name:
        mends.append({"act": "register", "value": ""})
    return [problem(code, "error", "number", [*mends, LEAVE_OUT])]


def _candidates(line: SheetLine, known: Standing, number: str) -> list[dict[str, Any]]:
    """Own workers who may be meant: a number one slip away, or the closest names."""
    known.helped += 1
    if known.helped > ROWS_HELPED:
        return []
    near = [person for person in known.workers.values() if number and _one_slip(number, person.number)]
    if line.name:
        near += [person for person, _ in known.names.like(line.name, least=NAMES_ALIKE) if person not in near]
    near = [person for person in near if person.id not in known.twice]
    if line.name:
        # The name tells more than the number: a slip in the number can be next to somebody else's.
        written = search_key(line.name)
        near.sort(key=lambda person: -_likeness(written, person.key))
    return [
        {
            "act": "number",
            "value": person.number,
            "name": person.name,
            "shown": shown_person_number(person.number),
        }
        for person in near[:3]
    ]


def _one_slip(typed: str, right: str) -> bool:
    """One digit wrong, or two neighbours swapped."""
    if len(typed) != len(right):
        return False
    at = [place for place in range(len(typed)) if typed[place] != right[place]]
    if len(at) == 1:
        return True
    swapped = len(at) == 2 and at[1] == at[0] + 1
    return swapped and typed[at[0]] == right[at[1]] and typed[at[1]] == right[at[0]]


def _age(person: Known, month: Month) -> list[Problem]:
    last = month.last
    born = person.birth_date
    age = last.year - born.year - ((last.month, last.day) < (born.month, born.day))
    if age < WORKING_AGE:
        return [problem("too_young", "error", "row", [LEAVE_OUT], age=age)]
    if age < FULL_AGE:
        return [problem("young", "question", "row", [CONFIRM], age=age)]
    return []


def _wage(line: SheetLine) -> list[Problem]:
    line.wage = None
    if line.flags.startswith("error:"):
        return [
            problem("wage_error_cell", "error", "wage", [LEAVE_OUT], error=line.flags.removeprefix("error:"))
        ]
    try:
        line.wage = read_kip(line.wage_text)
    except NotKip as fault:
        code = "wage_formula_text" if fault.code == "formula" else f"wage_{fault.code}"
        mends = [] if fault.suggestion is None else [{"act": "wage", "value": fault.suggestion}]
        return [problem(code, "error", "wage", [*mends, LEAVE_OUT])]
    if line.wage >= MOST_WAGE:
        line.wage = None
        return [problem("wage_too_large", "error", "wage", [LEAVE_OUT])]
    if "formula" in line.flags:
        return [problem("wage_from_formula", "note", "wage")]
    return []


def _sums_offered(lines: list[SheetLine]) -> None:
    """Two rows of one person can only be added up where both wages can be read."""
    wages = {line.row: line.wage for line in lines}
    for line in lines:
        for found in line.problems:
            if found["code"] == "twice" and None in (line.wage, wages[found["facts"]["row"]]):
                found["mends"] = [LEAVE_OUT]


def _law(sheet: Sheet, lines: list[SheetLine], known: Standing) -> None:
    """What the law and last month say about each readable wage."""
    rates = known.rates
    for line in lines:
        double = any(found["code"] == "twice" for found in line.problems)
        if line.left_out or line.wage is None or double:  # the sum of both rows is looked at when it is made
            continue
        if line.wage == 0:
            line.problems.append(problem("zero_wage", "question", "wage", [CONFIRM, LEAVE_OUT]))
        elif line.wage < rates.lowest:
            facts = {"floor": rates.floor, "lowest": rates.lowest}
            line.problems.append(problem("under_half_floor", "question", "wage", [GIVE_REASON], **facts))
        elif line.wage < rates.floor:
            line.problems.append(problem("under_floor", "question", "wage", [GIVE_REASON], floor=rates.floor))
        elif rates.ceiling is not None and line.wage > rates.ceiling:
            line.problems.append(problem("over_ceiling", "note", "wage", ceiling=rates.ceiling))
        _same_reason(line, known)
        before = known.last_wages.get(line.person_id or 0, 0)
        if before and abs(line.wage - before) * 100 > before * WAGE_JUMP and line.wage:
            percent = round((line.wage - before) * 100 / before)
            line.problems.append(
                problem("wage_jump", "question", "wage", [CONFIRM], percent=percent, before=before)
            )


def _same_reason(line: SheetLine, known: Standing) -> None:
    """The reason for a low wage that was signed last month holds for the same wage again; a new wage is asked about."""
    for code in REASONED:
        wage, reason = known.reasons.get((line.person_id or 0, code), (None, ""))
        if reason and wage == line.wage and any(found["code"] == code for found in line.problems):
            line.confirmed.setdefault(code, reason)


def _unanswered(line: SheetLine) -> list[Problem]:
    """Questions that were answered are kept as notes, so that whoever signs sees the answer."""
    result = []
    for found in line.problems:
        if found["level"] == "question" and found["code"] in line.confirmed:
            reason = line.confirmed[found["code"]]
            found = found | {
                "level": "note",
                "mends": [],
                "facts": found["facts"] | {"reason": reason, "answered": True},
            }
        result.append(found)
    return sorted(result, key=lambda found: LEVELS.index(found["level"]))


def good_lines(lines: list[SheetLine]) -> list[SheetLine]:
    """Lines that count: a person, a wage, no error."""
    return [
        line
        for line in lines
        if not line.left_out
        and line.person_id is not None
        and line.wage is not None
        and not any(found["level"] == "error" for found in line.problems)
    ]


def columns_of(lines: list[SheetLine]) -> tuple[Column, Column]:
    """Persons and wages of lines as columns, sorted by person."""
    person = np.array([line.person_id for line in lines], dtype=np.int64)
    wage = np.array([line.wage for line in lines], dtype=np.int64)
    order = np.argsort(person, kind="stable")
    return person[order], wage[order]


def _summary(sheet: Sheet, lines: list[SheetLine], known: Standing) -> dict[str, Any]:
    good = good_lines(lines)
    _, wages = columns_of(good)
    priced = due(wages, known.rates)
    there = {line.person_id for line in lines if line.person_id is not None and not line.left_out}
    missing = [
        person for id, person in known.workers.items() if id not in there and str(id) not in sheet.absences
    ]
    missing.sort(key=lambda person: person.number)
    levels: Counter[str] = Counter()
    by_code: Counter[str] = Counter()
    for line in lines:
        worst = min((LEVELS.index(found["level"]) for found in line.problems), default=2)
        levels[LEVELS[worst]] += 1 if worst < 2 else 0
        by_code.update(found["code"] for found in line.problems if found["level"] == "question")
    ceiling = known.rates.ceiling
    return {
        "lines": len(lines),
        "workers": int((wages > 0).sum()),
        "errors": levels["error"],
        "questions": levels["question"],
        "by_code": dict(by_code),
        "joined": sum(1 for id in there if id not in known.last_wages),
        "left": sum(1 for id in known.last_wages if id not in there),
        "missing": [
            {
                "person": person.id,
                "number": person.number,
                "name": person.name,
                "wage": known.last_wages.get(person.id),
            }
            for person in missing[:MISSING_SHOWN]
        ],
        "missing_count": len(missing),
        "wages": int(wages.sum()),
        "insured": int(priced.insured.sum()),
        "employer_share": int(priced.employer.sum()),
        "worker_share": int(priced.worker.sum()),
        "at_ceiling": int((wages >= ceiling).sum()) if ceiling is not None else 0,
        "left_out": sum(1 for line in lines if line.left_out),
        "last_month": str(known.last_month) if known.last_month else None,
        "last_workers": len(known.last_wages),
    }


def ready(sheet: Sheet) -> bool:
    """Nothing stands in the way of signing."""
    summary = sheet.summary
    return not (summary.get("errors") or summary.get("questions") or summary.get("missing_count"))
