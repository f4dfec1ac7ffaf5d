"""What banks and operators say at the door: stored first, believed later, and the same whatever the order."""

import io
import json
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.integrations.banks.bank import BankUnreachable
from pakan.integrations.formats import signature
from pakan.operations import collect
from pakan.operations.reconcile import prove
from pakan.registers.access.actor import Actor
from pakan.registers.contributions.models import Obligation
from pakan.registers.messages.actions import queue, sent
from pakan.registers.messages.models import Message
from pakan.registers.payments.models import Allocation, BankMessage, Receipt
from pakan.registers.people.models import Employer
from pakan.units.month import Month
from tests.channels.partners.bank_hall import DOOR, Hall, declares, work

pytestmark = pytest.mark.django_db


def jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name="collect.work_on").count()


def ledger() -> list[tuple[Any, ...]]:
    """Every entry without the numbers that only say when it was written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.key, e.account_id, e.debit, e.credit FROM ledger_entry e JOIN ledger_posting p ON p.id = e.posting_id"
            " ORDER BY 1, 2, 3, 4"
        )
        return list(cursor.fetchall())


def proven() -> None:
    assert [finding for finding in prove() if finding.differences] == []


# The door itself


def test_a_notice_is_stored_raw_and_acknowledged_before_anything_is_believed(hall: Hall) -> None:
    body = hall.notice(hall.pays(500_000, "RF00"))
    answer = hall.tells(body)
    assert (answer.status_code, answer.json()) == (202, {"received": True})
    stored = BankMessage.objects.get()
    assert (bytes(stored.body), stored.state, stored.times) == (body, "new", 1)
    assert (jobs(), Receipt.objects.count()) == (1, 0)
    assert not answer.cookies


def test_the_same_notice_again_is_the_same_row_and_no_second_job(hall: Hall) -> None:
    body = hall.notice(hall.pays(500_000))
    headers = hall.headers(body)
    for _ in range(3):
        assert hall.tells(body, headers).status_code == 202
    assert (BankMessage.objects.get().times, jobs()) == (3, 1)


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head"])
def test_only_a_post_is_a_notice(method: str) -> None:
    assert getattr(Client(), method)(DOOR).status_code == 405
    assert getattr(Client(), method)("/partners/telcos/sandbox/receipt/").status_code == 405


@pytest.mark.parametrize("address", ["/partners/banks/bcel/notice/", "/partners/telcos/unitel/receipt/"])
def test_a_bank_that_nobody_wired_is_not_there(address: str) -> None:
    assert Client().post(address, b"{}", content_type="application/json").status_code == 404


@pytest.mark.parametrize("address", [DOOR, "/partners/telcos/sandbox/receipt/"])
def test_too_long_empty_and_cut_bodies_are_told_so_and_not_kept(address: str) -> None:
    send = Client().post
    assert send(address, b"x" * (64 * 1024 + 1), content_type="application/json").status_code == 413
    assert send(address, b"", content_type="application/json").status_code == 400
    cut: Any = {"wsgi.input": io.BytesIO(b'{"refNo"'), "CONTENT_LENGTH": "900"}
    assert send(address, b"{}", content_type="application/json", **cut).status_code == 400
    assert not BankMessage.objects.exists()


def test_a_notice_just_within_the_limit_is_taken_in_and_refused_by_the_job(hall: Hall) -> None:
    body = b"{" + b" " * (64 * 1024 - 2) + b"}"
    assert hall.tells(body).status_code == 202
    work()
    assert (BankMessage.objects.get().state, BankMessage.objects.get().why) == ("refused", "unreadable")


# What becomes of notices (A16-A18)


def forgeries(hall: Hall, reference: str) -> list[tuple[str, bytes, dict[str, str]]]:
    true = hall.notice(reference)
    richer = hall.notice(reference, txnAmount="900000000")
    old = hall.now - timedelta(minutes=6)
    return [
        ("missing", true, {}),
        ("malformed", true, {signature.HEADER: "t=now,v1=abc"}),
        ("wrong", true, hall.headers(true, key=b"another key")),
        ("wrong", richer, hall.headers(true)),
        ("stale", true, hall.headers(true, at=old)),
        ("stale", true, hall.headers(true, at=hall.now + timedelta(minutes=7))),
    ]


def test_abuse_A16_forged_notices_are_kept_to_be_seen_and_change_nothing(hall: Hall) -> None:
    reference = hall.pays(700_000, "RF00")
    forged = forgeries(hall, reference)
    for _, body, headers in forged:
        assert hall.tells(body, headers).status_code == 202
    work()
    assert sorted(BankMessage.objects.values_list("why", flat=True)) == sorted(why for why, _, _ in forged)
    assert set(BankMessage.objects.values_list("state", flat=True)) == {"refused"}
    assert (Receipt.objects.count(), ledger()) == (0, [])


def test_a_rightly_signed_notice_of_money_that_the_bank_does_not_know_changes_nothing(hall: Hall) -> None:
    hall.tells(hall.notice(hall.pays(700_000), refNo="SB000000NOTHING0"))
    work()
    assert (BankMessage.objects.get().state, Receipt.objects.count()) == ("refused", 0)


def test_the_amount_is_what_the_bank_says_when_asked_not_what_the_notice_says(hall: Hall) -> None:
    hall.tells(hall.notice(hall.pays(700_000), txnAmount="900000000"))
    work()
    assert Receipt.objects.get().amount == 700_000


def test_a_key_in_change_is_accepted_beside_the_new_one(hall: Hall, settings: Any) -> None:
    wired = settings.BANKS["sandbox"]
    settings.BANKS = {"sandbox": wired | {"keys": [wired["keys"][0], "the key before"]}}
    body = hall.notice(hall.pays(700_000))
    hall.tells(body, hall.headers(body, key=b"the key before"))
    work()
    assert Receipt.objects.get().amount == 700_000


def test_abuse_A17_A18_doubled_and_shuffled_notices_give_one_ledger(
    hall: Hall, system: Actor, factory: Employer, open_month: Month
) -> None:
    """Part payment, the rest twice over, and forgeries between: in every order of telling, the same money."""
    debt = declares(system, factory, open_month)
    owed = debt.employer_share + debt.worker_share
    notice = collect.ask(system, factory, [open_month])
    paid = [
        hall.pays(owed - 100_000, notice.reference),
        hall.pays(100_000, notice.reference),
        hall.pays(50_000, notice.reference),
    ]
    told = [hall.notice(reference) for reference in paid]
    endings = []
    for order in permutations(range(3)):
        before = transaction.savepoint()
        for at in order:
            for body in (told[at], told[at]):
                hall.tells(body)
            _, forged, headers = forgeries(hall, paid[at])[3]
            hall.tells(forged, headers)
            work()
        for body in told:
            hall.tells(body, hall.headers(body, at=hall.now + timedelta(seconds=30)))
        work()
        proven()
        state = Obligation.objects.get()
        kept = sorted(Receipt.objects.values_list("bank_reference", "amount"))
        split = sum(Allocation.objects.values_list("amount", flat=True))
        credit = sum(Receipt.objects.values_list("credited", flat=True))
        balances: dict[str, int] = {}
        for _, account, debit, credit_side in ledger():
            balances[account] = balances.get(account, 0) + debit - credit_side
        endings.append((state.settled, state.owed, kept, split, credit, sorted(balances.items())))
        transaction.savepoint_rollback(before)
    assert endings[0][0] == endings[0][1] == owed
    assert endings[0][4] == 50_000
    assert all(ending == endings[0] for ending in endings)


def test_a_bank_that_does_not_answer_leaves_the_notice_waiting_and_a_later_try_books_it(
    hall: Hall, settings: Any
) -> None:
    there = settings.BANKS
    hall.tells(hall.notice(hall.pays(700_000)))
    settings.BANKS = {"sandbox": there["sandbox"] | {"url": "http://127.0.0.1:9"}}
    with pytest.raises(BankUnreachable):
        work()
    assert (BankMessage.objects.get().state, Receipt.objects.count()) == ("waiting", 0)
    settings.BANKS = there
    work()
    assert (BankMessage.objects.get().state, Receipt.objects.get().amount) == ("worked", 700_000)


# Operators


def delivery(message_id: str, stat: str, now: datetime, key: bytes = b"sandbox-telco-key") -> int:
    body = json.dumps(
        {"id": message_id, "to": "+8562055500001", "stat": stat, "at": now.isoformat()}
    ).encode()
    headers = {signature.HEADER: signature.sign(key, body, now)}
    address = "/partners/telcos/sandbox/receipt/"
    return (
        Client(enforce_csrf_checks=True)
        .post(address, body, content_type="application/json", headers=headers)
        .status_code
    )


@pytest.fixture
def message(now: datetime) -> Message:
    row = {"key": "test", "wording": "code", "values": {"code": "1"}, "phone": "+8562055500001"}
    [message_id] = queue([row], now)
    sent(message_id, "sandbox", "T1", now)
    return Message.objects.get(id=message_id)


def test_an_operators_receipt_is_believed_when_signed(message: Message, now: datetime) -> None:
    assert delivery("T1", "DELIVRD", now) == 202
    message.refresh_from_db()
    assert message.state == "delivered"


def test_abuse_A41_a_forged_receipt_of_an_operator_is_refused_and_changes_nothing(
    message: Message, now: datetime
) -> None:
    assert delivery("T1", "DELIVRD", now, key=b"another key") == 403
    assert delivery("T1", "DELIVRD", now - timedelta(minutes=6)) == 403
    message.refresh_from_db()
    assert message.state == "sent"


def test_late_delivered_wins_over_failed_and_unknown_ids_are_acknowledged(
    message: Message, now: datetime
) -> None:
    assert [delivery("T1", stat, now) for stat in ("UNDELIV", "DELIVRD", "UNDELIV")] == [202, 202, 202]
    assert delivery("nobody's", "DELIVRD", now) == 202
    message.refresh_from_db()
    assert message.state == "delivered"
