"""Which column is what: by the words of its header and by what stands under it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Final

from .words import WAGE_KINDS, kind_of_header, rough_amount, tidy
from .workbook import Cell

_DATE: Final = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}")
_NUMBER: Final = re.compile(r"[A-Za-z]{0,4}\d{5,20}[A-Za-z]?")
_LAO: Final = re.compile("[\u0e81-\u0edf]")
_LATIN: Final = re.compile("[A-Za-z]")
_SEXES: Final = frozenset({"m", "f", "male", "female", "ຊ", "ຍ", "ຊາຍ", "ຍິງ", "ຊ.", "ຍ."})
# A month's wage in kip lies between these; outside, a column of amounts is something else.
_WAGE_FROM: Final = 100_000
_WAGE_TO: Final = 10_000_000_000


@dataclass
class Assignment:
    """Field -> column index, how sure, and for fields in doubt every column that could be meant."""

    columns: dict[str, int] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    candidates: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Column:
    """What a glance at up to 300 values tells; shares are of the filled cells."""

    index: int
    kind: str
    sure: float
    filled: int
    amounts: float
    wages: float
    numbers: float
    lao: float
    latin: float
    dates: float
    sexes: float
    counting: float
    distinct: float
    middle: float
    several_words: float


def assign(headers: list[str], rows: list[list[Cell]]) -> Assignment:
    """The likeliest field of every column. Content alone, without words, never exceeds 0.55."""
    width = max([len(headers), *(len(cells) for cells in rows)], default=0)
    columns = [_look(index, headers, rows) for index in range(width)]
    result = Assignment()
    _assign_row_number(columns, result)
    _assign_number(columns, result)
    _assign_names(columns, result)
    _assign_wage(columns, result)
    for name in ("birth", "sex", "remark"):
        _take(result, name, [(column.sure, column) for column in columns if column.kind == name])
    if "birth" not in result.columns:
        _take(
            result, "birth", [(0.5, column) for column in columns if _unnamed(column) and column.dates > 0.8]
        )
    if "sex" not in result.columns:
        _take(
            result, "sex", [(0.55, column) for column in columns if _unnamed(column) and column.sexes > 0.8]
        )
    return result


def _unnamed(column: _Column) -> bool:
    return not column.kind and column.filled > 0


def _look(index: int, headers: list[str], rows: list[list[Cell]]) -> _Column:
    kind, sure = kind_of_header(headers[index]) if index < len(headers) else ("", 0.0)
    values = [cells[index] for cells in rows if index < len(cells) and cells[index] != ""]
    texts = [tidy(str(value)) for value in values]
    amounts = [amount for value in values if (amount := rough_amount(value)) is not None]
    count = len(values) or 1

    def share(test: Callable[[str], object]) -> float:
        return sum(bool(test(text)) for text in texts) / count

    steps = sum(later - earlier == 1 for earlier, later in pairwise(amounts))
    return _Column(
        index=index,
        kind=kind,
        sure=sure,
        filled=len(values),
        amounts=len(amounts) / count,
        wages=sum(_WAGE_FROM <= amount <= _WAGE_TO for amount in amounts) / count,
        numbers=share(lambda text: _NUMBER.fullmatch(re.sub(r"[\s\-/]", "", text))),
        lao=share(lambda text: len(_LAO.findall(text)) > len(text) / 2),
        latin=share(lambda text: len(_LATIN.findall(text)) > len(text) / 2),
        dates=share(_DATE.match),
        sexes=share(lambda text: text.casefold() in _SEXES),
        counting=steps / max(count - 1, 1) if amounts and max(amounts) < 100_000 else 0.0,
        distinct=len(set(texts)) / count,
        middle=float(median(amounts)) if amounts else 0.0,
        several_words=share(lambda text: " " in text),
    )


def _take(result: Assignment, name: str, scored: list[tuple[float, _Column]]) -> None:
    """Give `name` the surest column that is still free; the leftmost among equals."""
    free = [
        (sure, column) for sure, column in scored if column.index not in result.columns.values() and sure > 0
    ]
    if free:
        sure, column = max(free, key=lambda pair: (pair[0], -pair[1].index))
        result.columns[name] = column.index
        result.confidence[name] = round(sure, 2)


def _assign_row_number(columns: list[_Column], result: Assignment) -> None:
    named = [
        (column.sure, column)
        for column in columns
        if column.kind == "row_no" and not (column.numbers > 0.5 and column.counting < 0.5)
    ]
    unnamed = [(0.5, column) for column in columns[:3] if not column.kind and column.counting > 0.7]
    _take(result, "row_no", named or unnamed)


def _assign_number(columns: list[_Column], result: Assignment) -> None:
    scored = []
    for column in columns:
        if column.kind == "number":
            scored.append(
                (column.sure if _fits(column.numbers, column.filled) else column.sure * 0.6, column)
            )
        elif column.kind == "row_no" and column.numbers > 0.5:
            scored.append((0.6, column))
    if not scored:
        scored = [
            (0.55, column)
            for column in columns
            if not column.kind and column.numbers > 0.7 and column.distinct > 0.9 and not _round_sums(column)
        ]
    _take(result, "number", scored)
    _note_candidates(result, "number", [column for _, column in scored])


def _fits(share: float, filled: int) -> bool:
    return share >= 0.4 or not filled


def _round_sums(column: _Column) -> bool:
    """Wages repeat and end in zeros; numbers of persons do not."""
    return column.wages > 0.7 and column.middle % 1000 == 0 and column.middle < 1_000_000_000


def _assign_names(columns: list[_Column], result: Assignment) -> None:
    given = [column for column in columns if column.kind == "given"]
    family = [column for column in columns if column.kind == "family"]
    full = [column for column in columns if column.kind == "name"]
    if family and not given:
        # "Name" beside "Surname" means the given name, unless whole names stand under it.
        given = [column for column in full if column.several_words < 0.3]
        full = [column for column in full if column not in given]
    # "Name" may stand over Latin letters beside a Lao name; content decides.
    lao_names = [column for column in full + given if column.lao >= column.latin]
    latin = [column for column in full if column.latin > 0.6 and lao_names and column not in lao_names]
    _take(
        result,
        "latin_name",
        [(c.sure, c) for c in columns if c.kind == "latin_name"] + [(0.6, c) for c in latin],
    )
    full = [column for column in full if column.index not in result.columns.values()]
    if full:
        _take(
            result, "name", [(column.sure * (0.5 if column.amounts > 0.5 else 1), column) for column in full]
        )
    elif given and family:
        _take(result, "given", [(column.sure, column) for column in given])
        _take(result, "family", [(column.sure, column) for column in family])
    elif given:
        _split_or_single(max(given, key=lambda column: column.sure), columns, result)
    else:
        texts = [c for c in columns if not c.kind and c.distinct > 0.6 and c.filled and c.amounts < 0.1]
        _take(result, "name", [(0.55, c) for c in texts if c.lao > 0.6])
        if "name" not in result.columns:
            _take(result, "name", [(0.45, c) for c in texts if c.latin > 0.8])


def _split_or_single(given: _Column, columns: list[_Column], result: Assignment) -> None:
    """One header over two columns: the family name stands in the next one, without a header of its own."""
    after = columns[given.index + 1] if given.index + 1 < len(columns) else None
    if (
        after
        and not after.kind
        and after.filled > given.filled / 2
        and after.lao > 0.6
        and after.distinct > 0.3
    ):
        _take(result, "given", [(given.sure, given)])
        _take(result, "family", [(0.5, after)])
    else:
        _take(result, "name", [(given.sure, given)])


def _assign_wage(columns: list[_Column], result: Assignment) -> None:
    named = [column for column in columns if column.kind in WAGE_KINDS]
    if named:
        scored = []
        for column in named:
            sure = column.sure if column.amounts >= 0.3 or not column.filled else column.sure * 0.3
            # The order of kinds decides between columns whose words are equally sure.
            scored.append((sure - 0.1 * WAGE_KINDS.index(column.kind), sure, column))
        _, sure, column = max(scored, key=lambda item: (item[0], -item[2].index))
        doubtful = len(named) > 1 and column.kind != "wage_insured"
        _take(result, "wage", [(min(sure, 0.6) if doubtful else sure, column)])
    else:
        named = [
            column
            for column in columns
            if not column.kind and column.wages > 0.6 and column.index not in result.columns.values()
        ]
        _take(result, "wage", [(0.55 if len(named) == 1 else 0.4, column) for column in named])
    _note_candidates(result, "wage", named)


def _note_candidates(result: Assignment, name: str, columns: list[_Column]) -> None:
    if len(columns) > 1:
        result.candidates[name] = [column.index for column in columns]
