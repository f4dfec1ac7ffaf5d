"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """`actor` (absent on a fault before the door), whether this is a demo with invented people, or the practice house."""
    found = {
        "actor": getattr(request, "actor", None),
        "demo": settings.ENV == "demo" and not settings.PRACTICE,
    }
    return found | {"practice": settings.PRACTICE, "practice_back": settings.PRACTICE_BACK}
