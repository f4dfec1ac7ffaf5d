"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """`actor` (absent on a fault before the door), and whether this is a demo with invented people."""
    return {"actor": getattr(request, "actor", None), "demo": settings.ENV == "demo"}
