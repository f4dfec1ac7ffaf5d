"""What is wrong with a question, as problem details (RFC 9457): every field at once, and what is allowed there."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from pakan.law.wrong import Problem

TITLES = {
    400: "The question could not be read",
    404: "There is no such thing",
    422: "Something in the question cannot be",
    429: "Too many questions from this address",
}

# By pydantic's name of the error; {…} are its facts.
ALLOWED: dict[str, tuple[str, str]] = {
    "missing": ("ຕ້ອງມີ", "is needed"),
    "extra_forbidden": ("ບໍ່ຮູ້ຈັກຊື່ນີ້", "is not a known name"),
    "int_type": ("ຕ້ອງເປັນຕົວເລກເຕັມ", "must be a whole number"),
    "int_parsing": ("ຕ້ອງເປັນຕົວເລກເຕັມ", "must be a whole number"),
    "int_from_float": ("ຕ້ອງເປັນຕົວເລກເຕັມ", "must be a whole number"),
    "int_parsing_size": ("ຕົວເລກໃຫຍ່ເກີນໄປ", "is too large"),
    "greater_than_equal": ("ຕ້ອງແຕ່ {ge} ຂຶ້ນໄປ", "must be {ge} or more"),
    "less_than_equal": ("ຕ້ອງບໍ່ເກີນ {le}", "must be {le} or less"),
    "literal_error": ("ຕ້ອງແມ່ນໜຶ່ງໃນ: {expected}", "must be one of: {expected}"),
    "string_pattern_mismatch": ("ຕ້ອງເປັນເດືອນ ເຊັ່ນ 2026-10", "must be a month such as 2026-10"),
    "string_type": ("ຕ້ອງເປັນຂໍ້ຄວາມ", "must be text"),
    "string_too_long": ("ຕ້ອງບໍ່ເກີນ {max_length} ຕົວ", "must be {max_length} letters or less"),
    "bool_type": ("ຕ້ອງແມ່ນ true ຫຼື false", "must be true or false"),
    "value_error": ("ຕ້ອງເປັນວັນທີ ເຊັ່ນ 2026-10-31", "must be a day such as 2026-10-31"),
    "list_type": ("ຕ້ອງເປັນລາຍການ", "must be a list"),
    "too_long": ("ຕ້ອງບໍ່ເກີນ {max_length} ຢ່າງ", "must hold {max_length} or less"),
    "dict_type": ("ຕ້ອງເປັນ object", "must be an object"),
    "model_type": ("ຕ້ອງເປັນ object", "must be an object"),
    "model_attributes_type": ("ຕ້ອງເປັນ object", "must be an object"),
}


def problem(
    request: HttpRequest, status: int, detail: str, problems: Iterable[Problem] = (), retry: int | None = None
) -> HttpResponse:
    """The same fault is told once, however many months it is in."""
    errors = {
        each.field: {"field": each.field, "allowed": {"lo": each.lo, "en": each.en}} for each in problems
    }
    body = {
        "type": "about:blank", "title": TITLES[status], "status": status, "detail": detail,
        "errors": list(errors.values()),
    }  # fmt: skip
    response = JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
    if retry is not None:
        response["Retry-After"] = str(retry)
    return response


def seconds_until(until: datetime, now: datetime) -> int:
    return max(1, math.ceil((until - now).total_seconds()))


def from_shape(errors: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """The problems of what has not even the right shape."""
    return [_from_one(error) for error in errors]


def _from_one(error: Mapping[str, Any]) -> Problem:
    facts = {name: str(value) for name, value in (error.get("ctx") or {}).items()}
    lo, en = ALLOWED.get(str(error["type"]), ("ບໍ່ຖືກຕ້ອງ", "is not right"))
    return Problem(_place(error["loc"]), lo.format_map(facts), en.format_map(facts))


def _place(loc: Sequence[int | str]) -> str:
    """('body', 'told', 'person', 'months', 0, 'wage') -> 'person.months[0].wage'."""
    parts = list(loc[2:] if loc[:1] == ("body",) else loc[1:])
    # A union names each kind that it tried; the field ends before that.
    parts = parts[: parts.index("answers") + 2] if "answers" in parts else parts
    place = ""
    for part in parts:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    return place or "body"
