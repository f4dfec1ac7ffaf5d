"""The signature on a message between two machines: HMAC-SHA256 over the moment and the raw body.

Header `X-Signature: t=<unix seconds>,v1=<64 hex digits>` where v1 = HMAC-SHA256(key, f"{t}." + body).
The moment is signed too, so that a message caught on the way cannot be sent again next week.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

HEADER = "X-Signature"
TOLERANCE = 300  # seconds that two honest clocks may differ

_FORM = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})", re.ASCII)


class SignatureRefused(ValueError):
    """The message is not from who it says. `code`: missing, malformed, stale, wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _digest(key: bytes, moment: int, body: bytes) -> str:
    return hmac.new(key, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def sign(key: bytes, body: bytes, now: datetime) -> str:
    """The value of the header for `body` sent at `now` (aware)."""
    moment = int(now.timestamp())
    return f"t={moment},v1={_digest(key, moment, body)}"


def check(headers: Mapping[str, str], body: bytes, keys: Sequence[bytes], now: datetime) -> None:
    """Raises SignatureRefused unless `body` was signed with one of `keys` within five minutes of `now`.

    Two keys are given while a key is being changed. Header names are compared without regard to case.
    """
    value = next((text for name, text in headers.items() if name.lower() == HEADER.lower()), "")
    if not value:
        raise SignatureRefused("missing")
    found = _FORM.fullmatch(value.strip())
    if not found:
        raise SignatureRefused("malformed")
    moment = int(found[1])
    # Every key is tried, also after a match: the time taken says nothing about which one fitted.
    fits = [hmac.compare_digest(_digest(key, moment, body), found[2]) for key in keys if key]
    if not any(fits):
        raise SignatureRefused("wrong")
    if abs(now.timestamp() - moment) > TOLERANCE:
        raise SignatureRefused("stale")
