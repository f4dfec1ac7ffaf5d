"""Does a value keep a JSON schema, as far as our description uses them? Any other keyword fails, so nothing is let pass."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "boolean": (bool,), "null": (type(None),),
}  # fmt: skip
WORDS = {"title", "description", "default", "example"}


def faults(value: Any, schema: Mapping[str, Any], parts: Mapping[str, Any], at: str = "") -> list[str]:
    """Where `value` breaks `schema`; `parts` are the description's components."""
    found: list[str] = []
    for word, wanted in schema.items():
        if word not in WORDS:
            found += RULES[word](value, wanted, parts, at)
    if schema.get("type") == "object" and isinstance(value, dict) and "additionalProperties" not in schema:
        known = schema.get("properties", {})
        found += [f"{at}.{name}: not described" for name in value.keys() - known.keys()]
    return found


def _type(value: Any, wanted: str, parts: Any, at: str) -> list[str]:
    right = isinstance(value, TYPES[wanted]) and not (wanted == "integer" and isinstance(value, bool))
    return [] if right else [f"{at}: {value!r} is no {wanted}"]


def _ref(value: Any, wanted: str, parts: Any, at: str) -> list[str]:
    return faults(value, parts["schemas"][wanted.rsplit("/", 1)[1]], parts, at)


def _any(value: Any, wanted: Any, parts: Any, at: str) -> list[str]:
    return (
        []
        if any(not faults(value, each, parts, at) for each in wanted)
        else [f"{at}: {value!r} is none of them"]
    )


def _properties(value: Any, wanted: Any, parts: Any, at: str) -> list[str]:
    here = value if isinstance(value, dict) else {}
    return [
        f
        for name in wanted.keys() & here.keys()
        for f in faults(here[name], wanted[name], parts, f"{at}.{name}")
    ]


def _additional(value: Any, wanted: Any, parts: Any, at: str) -> list[str]:
    if wanted is True or not isinstance(value, dict):
        return []
    return [f for name in value for f in faults(value[name], wanted, parts, f"{at}.{name}")]


def _items(value: Any, wanted: Any, parts: Any, at: str) -> list[str]:
    return [
        f for place, each in enumerate(value or ()) for f in faults(each, wanted, parts, f"{at}[{place}]")
    ]


def _required(value: Any, wanted: Any, parts: Any, at: str) -> list[str]:
    return [f"{at}.{name}: missing" for name in wanted if not isinstance(value, dict) or name not in value]


def _format(value: Any, wanted: str, parts: Any, at: str) -> list[str]:
    assert wanted == "date"
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) and date.fromisoformat(value):
        return []
    return [f"{at}: {value!r} is no day"]


def _enum(value: Any, wanted: Any, parts: Any, at: str) -> list[str]:
    return [] if value in wanted else [f"{at}: {value!r} is none of {wanted}"]


RULES = {
    "type": _type, "$ref": _ref, "anyOf": _any, "properties": _properties, "additionalProperties": _additional,
    "items": _items, "required": _required, "format": _format, "enum": _enum,
}  # fmt: skip
