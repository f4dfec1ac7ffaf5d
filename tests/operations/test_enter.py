"""Getting in, without pages: codes, the authenticator, passkeys, and those who guess."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.operations import enter
from pakan.registers.access.actor import Actor
from pakan.registers.access.models import Account, AuditRow, Passkey, PhoneCode
from pakan.registers.messages.models import Message
from pakan.registers.people.models import Person

Act = Callable[..., Actor]
MINUTE = timedelta(minutes=1)
FORGED = {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}


def code_sent() -> str:
    return str(Message.objects.filter(wording="code").latest("id").values["code"])


def another_code(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def ask(person: Person, at: datetime, address: str = "10.0.0.1") -> str:
    return enter.ask_code(person.number, person.birth_date, at, address)


def current(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key):06d}"


def test_the_code_goes_to_the_phone_on_record_by_a_job(member_person: Person, now: datetime) -> None:
    token = ask(member_person, now)
    sent = Message.objects.get(wording="code")
    assert (sent.phone, sent.person_id, sent.state) == (member_person.phone, member_person.id, "queued")
    assert sent.values["purpose"] == "sign_in"
    assert len(sent.values["code"]) == 6
    assert sent.values["code"].isdigit()
    assert ProcrastinateJob.objects.get(task_name="notify.send").args == {"message_ids": [sent.id]}
    account = enter.use_code(token, sent.values["code"], now)
    assert account is not None
    assert (account.person_id, account.kind) == (member_person.id, "member")


def test_a_code_is_kept_hashed(member_person: Person, now: datetime) -> None:
    ask(member_person, now)
    kept = PhoneCode.objects.values().get()
    assert code_sent() not in [str(value) for value in kept.values()]


def test_lao_digits_and_gaps_are_welcome(member_person: Person, now: datetime) -> None:
    lao = str.maketrans("0123456789", "໐໑໒໓໔໕໖໗໘໙")
    shown = f"{member_person.number[:2]} {member_person.number[2:6]} {member_person.number[6:]}"
    token = enter.ask_code(shown.translate(lao), member_person.birth_date, now, "10.0.0.1")
    code = code_sent().translate(lao)
    assert enter.use_code(token, f"{code[:3]} {code[3:]}", now) is not None


def test_a_code_serves_once(member_person: Person, now: datetime) -> None:
    token = ask(member_person, now)
    assert enter.use_code(token, code_sent(), now) is not None
    assert enter.use_code(token, code_sent(), now) is None


@pytest.mark.parametrize(("after", "opens"), [(timedelta(minutes=4, seconds=59), True), (5 * MINUTE, False)])
def test_a_code_lives_five_minutes(
    member_person: Person, now: datetime, after: timedelta, opens: bool
) -> None:
    token = ask(member_person, now)
    assert (enter.use_code(token, code_sent(), now + after) is not None) is opens


def test_the_sixth_try_is_too_late(member_person: Person, now: datetime) -> None:
    token = ask(member_person, now)
    for _ in range(5):
        assert enter.use_code(token, another_code(code_sent()), now) is None
    assert enter.use_code(token, code_sent(), now) is None


def test_a_code_belongs_to_its_own_request(workers: list[Person], now: datetime) -> None:
    """Two open requests: the code of one opens nothing with the token of the other."""
    first = ask(workers[0], now)
    first_code = code_sent()
    second = ask(workers[1], now)
    second_code = code_sent()
    if first_code != second_code:
        assert enter.use_code(second, first_code, now) is None
    account = enter.use_code(first, first_code, now)
    assert account is not None
    assert account.person_id == workers[0].id
    other = enter.use_code(second, second_code, now)
    assert other is not None
    assert other.person_id == workers[1].id


def statements(asked: Callable[[], object]) -> list[str]:
    """The kinds of statements that run, so that two ways can be compared."""
    with CaptureQueriesContext(
        connection,
    ) as seen:
        asked()
    return [
        " ".join(query["sql"].split()[:3])
        for query in seen.captured_queries
        if "SAVEPOINT" not in query["sql"]
    ]


def test_abuse_A12_enumeration_the_same_work_for_the_known_and_the_unknown(
    member_person: Person, now: datetime
) -> None:
    silent = Person.objects.exclude(id=member_person.id).first()
    assert silent is not None
    Person.objects.filter(id=silent.id).update(phone="")
    known = statements(lambda: ask(member_person, now))
    ways = {
        "no such number": lambda: enter.ask_code("0999999999", member_person.birth_date, now, "10.0.0.2"),
        "other birth date": lambda: enter.ask_code(member_person.number, date(1950, 1, 1), now, "10.0.0.2"),
        "no phone": lambda: enter.ask_code(silent.number, silent.birth_date, now, "10.0.0.2"),
        "nonsense": lambda: enter.ask_code("); drop", member_person.birth_date, now, "10.0.0.2"),
    }
    assert {way: statements(asked) for way, asked in ways.items()} == dict.fromkeys(ways, known)
    assert Message.objects.filter(wording="code").count() == 1
    assert ProcrastinateJob.objects.filter(task_name="notify.send").count() == 1


def test_abuse_A12_enumeration_wrong_codes_are_answered_alike(member_person: Person, now: datetime) -> None:
    known, unknown = ask(member_person, now), enter.ask_code("0999999999", date(1990, 1, 1), now, "10.0.0.1")
    wrong = another_code(code_sent())
    answers = [
        [enter.use_code(token, wrong, now, number=number) for _ in range(7)]
        for token, number in ((known, member_person.number), (unknown, "0999999999"))
    ]
    assert answers == [[None] * 7, [None] * 7]


def test_abuse_A12_enumeration_one_address_is_stopped(member_person: Person, now: datetime) -> None:
    answered = 0
    with pytest.raises(enter.TooOften) as fault:
        for number in range(10_000):
            enter.ask_code(f"{number:010d}", date(1990, 1, 1), now, "10.0.0.9")
            answered += 1
    assert answered == 30
    assert now < fault.value.until <= now + timedelta(minutes=10)
    assert ask(member_person, now, "10.0.0.10")


def test_abuse_A12_enumeration_one_customers_many_ipv6_addresses_are_one(db: None, now: datetime) -> None:
    with pytest.raises(enter.TooOften):
        for number in range(31):
            enter.ask_code(f"{number:010d}", date(1990, 1, 1), now, f"2001:db8:1:2::{number:x}")
    assert enter.ask_code("0000000001", date(1990, 1, 1), now, "2001:db8:1:3::1")


def test_abuse_A11_code_bombing_the_eleventh_code_of_a_day_is_not_sent(
    member_person: Person, now: datetime
) -> None:
    for minute in range(24 * 60):
        with suppress(enter.TooOften):
            ask(member_person, now + minute * MINUTE, f"10.0.{minute // 250}.{minute % 250}")
        if minute == 59:
            assert Message.objects.filter(wording="code").count() == 5
    assert Message.objects.filter(wording="code").count() == 10


def test_abuse_A11_code_guessing_fifty_tries_a_day_at_most(member_person: Person, now: datetime) -> None:
    """Every code asked for, every code guessed at as often as can be: 50 guesses in a million."""
    tried = 0
    for hour in range(24):
        at = now + timedelta(hours=hour)
        for turn in range(6):
            with suppress(enter.TooOften):
                token = ask(member_person, at, f"10.1.{hour}.{turn}")
                wrong = another_code(code_sent())
                for _ in range(8):
                    enter.use_code(token, wrong, at, number=member_person.number)
    tried = sum(PhoneCode.objects.values_list("tries", flat=True))
    assert 0 < tried <= 50


def test_abuse_A11_code_guessing_a_new_code_does_not_clear_the_failures(
    member_person: Person, now: datetime
) -> None:
    for _ in range(4):
        token = ask(member_person, now)
        for _ in range(5):
            assert enter.use_code(token, another_code(code_sent()), now, number=member_person.number) is None
    token = ask(member_person, now)
    with pytest.raises(enter.TooOften):
        enter.use_code(token, code_sent(), now, number=member_person.number)


def test_limits_fade(member_person: Person, now: datetime) -> None:
    for _ in range(5):
        ask(member_person, now)
    with pytest.raises(enter.TooOften) as fault:
        ask(member_person, now)
    assert ask(member_person, fault.value.until)


def test_the_authenticators_code_counts_once(preparer: Account) -> None:
    code = current(TOTPDevice.objects.get(user=preparer))
    assert enter.check_totp(preparer, code)
    assert not enter.check_totp(preparer, code)


def test_after_a_wrong_code_there_is_a_pause(preparer: Account) -> None:
    right = current(TOTPDevice.objects.get(user=preparer))
    assert not enter.check_totp(preparer, another_code(right))
    with pytest.raises(enter.TooOften):
        enter.check_totp(preparer, right)


def test_an_authenticator_counts_only_after_its_first_code(preparer: Account) -> None:
    TOTPDevice.objects.filter(user=preparer).delete()
    assert not enter.has_second(preparer)
    enter.prepare_totp(preparer)
    enter.prepare_totp(preparer)
    device = TOTPDevice.objects.get(user=preparer)
    assert not enter.has_second(preparer)
    assert not enter.check_totp(preparer, current(device))
    needed = enter.enrolment(preparer)
    assert needed is not None
    assert needed.picture.startswith("data:image/svg+xml")
    assert enter.confirm_totp(preparer, current(device))
    assert enter.has_second(preparer)
    assert enter.enrolment(preparer) is None


def test_nobody_adds_an_authenticator_beside_the_one_that_is_there(preparer: Account) -> None:
    enter.prepare_totp(preparer)
    assert TOTPDevice.objects.filter(user=preparer).count() == 1
    other = TOTPDevice.objects.create(user=preparer, confirmed=False)
    assert not enter.confirm_totp(preparer, current(other))


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"rawId": ""},
        {"rawId": "AAAA", "id": "AAAA", "type": "public-key", "response": {}},
        {"rawId": 7},
        {"rawId": "!!"},
        {"rawId": "AAAA", "id": "AAAA", "type": "public-key", "response": FORGED},
        {"rawId": "AAAA", "response": None},
    ],
)  # fmt: skip
def test_a_passkey_that_is_none_opens_nothing(
    preparer: Account, now: datetime, answer: dict[str, object]
) -> None:
    Passkey.objects.create(
        account=preparer, credential_id=b"\0\0\0", public_key=b"none", name="x", made_at=now
    )
    assert enter.passkey_check(answer, "00" * 32, now) is None
    assert enter.passkey_check(answer, "", now) is None


def test_a_passkey_is_kept_only_if_the_browsers_answer_holds(preparer: Account, as_actor: Act) -> None:
    _options, challenge = enter.passkey_options(preparer)
    assert enter.passkey_register(as_actor(preparer), preparer.id, {"id": "x"}, challenge, "mine") is None
    assert not Passkey.objects.exists()


def test_nobody_touches_another_accounts_ways_in(
    preparer: Account, approver: Account, as_actor: Act, now: datetime
) -> None:
    kept = Passkey.objects.create(
        account=preparer, credential_id=b"1", public_key=b"2", name="x", made_at=now
    )
    with pytest.raises(PermissionError):
        enter.drop_passkey(as_actor(approver), preparer.id, kept.id)
    assert not enter.drop_passkey(as_actor(approver), approver.id, kept.id)
    with pytest.raises(PermissionError):
        enter.passkey_register(as_actor(approver), preparer.id, {}, "00", "x")
    assert enter.drop_passkey(as_actor(preparer), preparer.id, kept.id)
    assert AuditRow.objects.filter(act="enter.drop_passkey", account_id=preparer.id).exists()


def test_reading_the_inbox_is_ones_own(
    member: Account, preparer: Account, as_actor: Act, now: datetime
) -> None:
    row = {"key": "a", "wording": "month_credited", "person_id": member.person_id}
    from pakan.registers.messages.actions import queue

    queue([row], now)
    enter.read_messages(as_actor(member))
    assert Message.objects.get(key="a").read_at is not None
