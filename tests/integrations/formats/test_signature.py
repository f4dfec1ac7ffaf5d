"""A message between machines is believed only with a fresh signature by a key that we know."""

from datetime import UTC, datetime, timedelta

import pytest

from pakan.integrations.formats.signature import HEADER, SignatureRefused, check, sign

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BODY = b'{"refNo":"SB1"}'


def refused(
    headers: dict[str, str], body: bytes = BODY, keys: tuple[bytes, ...] = (b"new",), now: datetime = NOW
) -> str:
    with pytest.raises(SignatureRefused) as caught:
        check(headers, body, keys, now)
    return caught.value.code


def test_the_old_and_the_new_key_are_good_while_the_key_is_changed() -> None:
    for key in (b"old", b"new"):
        check({"x-signature": sign(key, BODY, NOW)}, BODY, [b"new", b"old"], NOW)


def test_a_changed_body_another_key_and_no_key_at_all_are_refused() -> None:
    signed = {HEADER: sign(b"new", BODY, NOW)}
    assert refused(signed, body=BODY + b" ") == "wrong"
    assert refused({HEADER: sign(b"other", BODY, NOW)}) == "wrong"
    assert refused(signed, keys=()) == "wrong"
    assert refused({HEADER: sign(b"", BODY, NOW)}, keys=(b"",)) == "wrong"


def test_the_moment_is_signed_and_may_be_five_minutes_off_and_no_more() -> None:
    signed = {HEADER: sign(b"new", BODY, NOW)}
    for off in (-300, 0, 300):
        check(signed, BODY, [b"new"], NOW + timedelta(seconds=off))
    assert refused(signed, now=NOW + timedelta(seconds=301)) == "stale"
    assert refused(signed, now=NOW - timedelta(seconds=301)) == "stale"
    later = int(NOW.timestamp()) + 600
    forged = {HEADER: f"t={later},v1=" + signed[HEADER].split("v1=")[1]}
    assert refused(forged, now=NOW + timedelta(seconds=600)) == "wrong"


@pytest.mark.parametrize(
    "value", ["", "v1=00", "t=x,v1=" + "0" * 64, "t=1,v1=" + "G" * 64, "t=໑,v1=" + "0" * 64]
)
def test_a_header_of_another_form_is_refused(value: str) -> None:
    assert refused({HEADER: value} if value else {}) == ("malformed" if value else "missing")
