"""What our interfaces for programs share: problem details (RFC 9457), and the words for a value of the wrong shape."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

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
    "string_too_short": ("ຕ້ອງມີ {min_length} ຕົວຂຶ້ນໄປ", "must be {min_length} letters or more"),
    "string_too_long": ("ຕ້ອງບໍ່ເກີນ {max_length} ຕົວ", "must be {max_length} letters or less"),
    "bool_type": ("ຕ້ອງແມ່ນ true ຫຼື false", "must be true or false"),
    "value_error": ("ຕ້ອງເປັນວັນທີ ເຊັ່ນ 2026-10-31", "must be a day such as 2026-10-31"),
    "list_type": ("ຕ້ອງເປັນລາຍການ", "must be a list"),
    "too_long": ("ຕ້ອງບໍ່ເກີນ {max_length} ຢ່າງ", "must hold {max_length} or less"),
    "too_short": ("ຕ້ອງມີ {min_length} ຢ່າງຂຶ້ນໄປ", "must hold {min_length} or more"),
    "dict_type": ("ຕ້ອງເປັນ object", "must be an object"),
    "model_type": ("ຕ້ອງເປັນ object", "must be an object"),
    "model_attributes_type": ("ຕ້ອງເປັນ object", "must be an object"),
    # ours
    "plain_text": (
        "ມີຕົວອັກສອນທີ່ເບິ່ງບໍ່ເຫັນ. ຂຽນດ້ວຍຕົວອັກສອນທຳມະດາ.",
        "holds letters that cannot be seen; write plain text",
    ),
}


class DescribedAPI(NinjaAPI):
    """NinjaAPI whose description names the content type of problems."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {
                            "application/problem+json": response["content"]["application/json"]
                        }
        return schema


def problem_answer(body: Mapping[str, Any], status: int, retry: int | None = None) -> HttpResponse:
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


def allowed_words(error: Mapping[str, Any]) -> tuple[str, str]:
    """What may stand there, in Lao and English, from one error of pydantic."""
    facts = {name: str(value) for name, value in (error.get("ctx") or {}).items()}
    lo, en = ALLOWED.get(str(error["type"]), ("ບໍ່ຖືກຕ້ອງ", "is not right"))
    return lo.format_map(facts), en.format_map(facts)
