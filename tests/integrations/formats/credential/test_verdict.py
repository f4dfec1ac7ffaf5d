"""The verdict that readers give without a network, and the two signed lists that they carry."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from pakan.integrations.formats.credential import (
    CredentialRefused,
    PublicKey,
    PublishedKey,
    RevokedList,
    Series,
    compose_revoked,
    judge,
    read_keys,
    read_revoked,
    signing_key,
)
from pakan.integrations.formats.credential.keys import refuse_published
from pakan.integrations.formats.credential.lists import MARK, mark_of
from tests.integrations.formats.credential.corpus import (
    CARD,
    FOREIGN,
    ISSUER,
    KEYS,
    MINE,
    NOW,
    Case,
    cases,
    key_file,
    mutations,
    revoked,
    revoked_file,
)

ROOTS = {key.id: key for key in KEYS.values() if key.purpose == "keys"}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_each_code_has_its_verdict(case: Case) -> None:
    assert judge(case.text, KEYS, NOW, revoked(), NOW).code == case.says


def test_abuse_A23_ten_thousand_altered_cards_are_refused() -> None:
    said = {judge(text, KEYS, NOW, revoked(), NOW).code for text in mutations(10_000)}
    assert said <= {"not_genuine", "not_ours", "not_readable"}


def test_the_age_of_the_lists_is_said() -> None:
    good, day = cases()[0].text, timedelta(days=1)
    old = RevokedList(NOW - 8 * day, revoked().marks)
    assert judge(good, KEYS, NOW, old, NOW).code == "list_old"
    assert judge(good, KEYS, NOW, None, NOW).code == "list_old"
    assert judge(good, KEYS, NOW - 89 * day, old, NOW).code == "list_old"
    assert judge(good, KEYS, NOW - 91 * day, revoked(), NOW).code == "too_old"
    shown = judge(good, KEYS, NOW, old, NOW)
    assert shown.is_good and shown.found is not None and shown.found.document == CARD
    assert judge(cases()[5].text, KEYS, NOW, revoked(), NOW).found is None


def test_a_withdrawn_number_is_found_among_thousands_and_no_other() -> None:
    serials = [f"N{number}" for number in range(5_000)]
    content = compose_revoked(serials, ISSUER, NOW, MINE.key("lists", 2026))
    found = read_revoked(content, KEYS)
    assert len(content) < 5_000 * MARK + 250
    assert all(serial in found for serial in serials)
    assert not any(f"M{number}" in found for number in range(5_000))
    assert "N1" not in read_revoked(compose_revoked([], ISSUER, NOW, MINE.key("lists", 2026)), KEYS)
    assert b"N4999" not in content and mark_of("N1") in content


def test_the_key_list_tells_what_each_key_may_sign() -> None:
    found = read_keys(key_file(), ROOTS)
    assert found.keys == {id: replace(key) for id, key in KEYS.items()}
    assert (found.made_at, found.issuer, found.guarantee) == (NOW, ISSUER, 2_000_000)


def test_a_list_is_signed_by_the_key_for_it_alone() -> None:
    with pytest.raises(ValueError, match="may not sign the list"):
        compose_revoked(["x"], ISSUER, NOW, MINE.key("card", 2026))
    for content in (revoked_file()[:-1], revoked_file() + b"\x00", b""):
        with pytest.raises(CredentialRefused):
            read_revoked(content, KEYS)
    with pytest.raises(CredentialRefused, match="wrong_kind"):
        read_revoked(key_file(), KEYS)
    with pytest.raises(CredentialRefused, match="wrong_kind"):
        read_keys(revoked_file(), KEYS)
    with pytest.raises(CredentialRefused, match="not_genuine"):
        read_revoked(compose_revoked(["x"], ISSUER, NOW, FOREIGN.key("lists", 2026)), KEYS)
    stolen = {id: replace(key, is_stolen=True) for id, key in KEYS.items()}
    with pytest.raises(CredentialRefused, match="wrong_kind"):
        read_revoked(revoked_file(), stolen)


def test_every_bit_of_a_list_counts() -> None:
    content = compose_revoked(["one", "two"], ISSUER, NOW, MINE.key("lists", 2026))
    for bit in range(len(content) * 8):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CredentialRefused):
            read_revoked(bytes(changed), KEYS)


RFC8032 = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"


@pytest.mark.parametrize("secret", [bytes.fromhex(RFC8032), RFC8032.encode(), RFC8032.upper().encode()])
def test_a_secret_out_of_public_test_vectors_signs_nothing(secret: bytes) -> None:
    with pytest.raises(PublishedKey):
        refuse_published(secret)
    with pytest.raises(PublishedKey):
        signing_key(secret, "card", 2026)
    with pytest.raises(PublishedKey):
        Series("", secret).key("card", 2026)
    refuse_published(b"a secret of our own, thirty-two letters or more")


def test_a_new_series_has_other_keys_under_other_names() -> None:
    one, other = Series("", bytes(32)), Series("b", bytes(32))
    names = {series.key("card", 2026).public.id for series in (one, other)}
    raws = {series.key("card", 2026).public.raw for series in (one, other)}
    assert names == {"card-2026", "card-2026-b"} and len(raws) == 2
    assert repr(other) == "Series('b')"
    ended = Series("", bytes(32), NOW.astimezone(UTC), True).key("card", 2026).public
    assert isinstance(ended, PublicKey) and ended.is_stolen and ended.ended_at == NOW
