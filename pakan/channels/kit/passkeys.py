"""What a browser's passkey says, as every door reads it."""

import json
from typing import Any

from django.http import HttpRequest

MOST_BODY = 20_000  # bytes; a passkey's answer has about 2,000


def read_credential(request: HttpRequest) -> dict[str, Any]:
    """The browser's answer, or nothing where it is no JSON object of sensible size."""
    if len(request.body) > MOST_BODY:
        return {}
    try:
        found = json.loads(request.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
