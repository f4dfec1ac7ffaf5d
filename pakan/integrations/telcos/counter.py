"""Taking a text over HTTP: the sandbox operator and our own link ask the same of it."""

import hmac
import json
import re
from dataclasses import dataclass

from pakan.integrations.sandbox.web import Ask, Reply
from pakan.integrations.telcos.dialect import LONGEST_TEXT
from pakan.integrations.telcos.telco import DAY

_LIFE = int(DAY.total_seconds())


@dataclass(frozen=True)
class Taken:
    """A text that can be sent. `seconds` is how long it is worth something."""

    to: str
    sender: str
    text: str
    key: str
    seconds: int


def accept(ask: Ask, token: str) -> Taken | Reply:
    """POST {to, text, key, sender, seconds}: what to send, or the answer 401 without the token, 422 for a wrong text."""
    given = ask.headers.get("authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {token}".encode()):
        return as_json({"error": "unauthorised"}, 401)
    try:
        told = json.loads(ask.body.decode())
        to, text, key = told["to"], told["text"], told["key"]
        sender, seconds = told.get("sender", ""), told.get("seconds", _LIFE)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return as_json({"error": "message"}, 422)
    if not all(isinstance(one, str) for one in (to, text, key, sender)) or not key or not is_phone(to):
        return as_json({"error": "message"}, 422)
    if not isinstance(seconds, int) or not 0 < seconds <= 7 * _LIFE:
        return as_json({"error": "seconds"}, 422)
    if not text.strip() or len(text) > LONGEST_TEXT:
        return as_json({"error": "text"}, 422)
    return Taken(to, sender[:20], text, key, seconds)


def is_phone(text: str) -> bool:
    # Lao numbers have 9 or 10 digits behind the country; a wrong length would be a bug of ours, seen here.
    return bool(re.fullmatch(r"\+856(20\d{8}|\d{8,9})|\+(?!856)[1-9]\d{6,14}", text, re.ASCII))


def as_json(content: dict[str, object], status: int = 200) -> Reply:
    return Reply(json.dumps(content).encode(), status, "application/json")
