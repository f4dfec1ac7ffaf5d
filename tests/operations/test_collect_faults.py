"""Money under bad conditions: doubled, forged, shuffled, early, late, at once, and with a fault after every write.

The bank is the sandbox bank as a process of its own; its notices are signed and sent over HTTP.
"""

import json
import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from pakan.integrations.banks.bank import BankUnreachable
from pakan.integrations.formats import signature
from pakan.operations import collect, declare, reconcile
from pakan.registers.access.actor import Actor
from pakan.registers.access.verbs import NotAllowed
from pakan.registers.contributions.models import Obligation
from pakan.registers.ledger.models import Posting
from pakan.registers.ledger.queries import balance
from pakan.registers.payments import queries as payments
from pakan.registers.payments.models import Allocation, BankMessage, Notice, Receipt
from pakan.registers.people.models import Employer
from pakan.registers.records.models import Credit
from pakan.units.month import Month
from pakan.units.number import check_receipt_number, creditor_reference
from tests.integrations.conftest import Process, Taker
from tests.integrations.conftest import taker as taker_of
from tests.operations.desk import (
    Fault,
    at_once,
    broken,
    declared,
    failing_after,
    ledger,
    pay,
    payment,
    pays,
    sign,
)

pytestmark = pytest.mark.django_db

KEY = b"sandbox-bank-key"
Told = tuple[dict[str, str], bytes]


@dataclass
class Counter:
    """The sandbox bank in its own process, and what it told us."""

    process: Process
    taker: Taker

    def pays(self, notice: Notice, way: str = "exact", amount: int | None = None, **form: str) -> list[str]:
        """Somebody pays at the counter; the bank references."""
        sent = {"way": way, "reference": notice.reference, "bill": notice.number, "payer": "CHAMPA GARMENT"}
        sent |= {"amount": str(notice.amount if amount is None else amount)} | form
        reply = self.process.post("/pay", sent)
        assert reply.status_code == 303, reply.text
        return parse_qs(urlsplit(reply.headers["Location"]).query)["new"][0].split(",")

    def told(self, reference: str, many: int = 1) -> list[Told]:
        """The notices of one payment, as soon as there are `many`."""
        with self.taker.came:
            assert self.taker.came.wait_for(lambda: len(self._of(reference)) >= many, timeout=60)
            return self._of(reference)

    def _of(self, reference: str) -> list[Told]:
        return [(headers, body) for headers, body in self.taker.taken if reference.encode() in body]

    def presses(self, button: str, reference: str) -> None:
        assert self.process.post(f"/{button}", {"bank_reference": reference}).status_code == 303


@pytest.fixture(scope="module")
def _counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    taking: Any = taker_of.__wrapped__()  # type: ignore[attr-defined]
    here = next(taking)
    place = tmp_path_factory.mktemp("bank") / "bank.sqlite3"
    process = Process(
        "pakan.integrations.banks.sandbox",
        "--data",
        str(place),
        "--notify",
        here.address,
        "--key",
        KEY.decode(),
    )
    yield Counter(process, here)
    process.kill()
    next(taking, None)


@pytest.fixture
def bank(_counter: Counter, settings: Any) -> Counter:
    settings.BANKS = {"sandbox": settings.BANKS["sandbox"] | {"url": _counter.process.address}}
    return _counter


@pytest.fixture
def notice(kham: Actor, noy: Actor, factory: Employer, open_month: Month) -> Notice:
    declared(kham, noy, factory, open_month)
    return collect.ask(noy, factory, [open_month])


def store(told: Told, at: datetime) -> int:
    return collect.store_notice("sandbox", told[0], told[1], at)


def signed(body: bytes, at: datetime, key: bytes = KEY) -> dict[str, str]:
    return {signature.HEADER: signature.sign(key, body, at)}


def clock() -> datetime:
    return datetime.now(UTC)


# What the bank tells


def test_a_notice_of_the_bank_becomes_a_receipt_and_a_credited_month(
    bank: Counter, notice: Notice, factory: Employer
) -> None:
    [reference] = bank.pays(notice)
    message = store(bank.told(reference)[0], clock())
    assert Receipt.objects.count() == 0  # acknowledged, not yet believed
    job = ProcrastinateJob.objects.get(task_name="collect.work_on")
    assert job.args == {"message_id": message}
    collect.work_on(**job.args)
    receipt = Receipt.objects.get()
    assert (receipt.bank_reference, receipt.state, receipt.allocated) == (reference, "matched", notice.amount)
    assert (Credit.objects.count(), BankMessage.objects.get().state) == (12, "worked")
    assert broken() == {}
    assert collect.receipt_pdf(receipt).startswith(b"%PDF")
    collect.work_on(message)  # the job again, after a crash before its end was noted
    assert Receipt.objects.count() == 1


def test_abuse_A17_a_repeated_notice_is_one_receipt(bank: Counter, notice: Notice) -> None:
    [reference] = bank.pays(notice)
    [first] = bank.told(reference)
    bank.presses("again", reference)
    second = bank.told(reference, 2)[1]
    ids = [store(told, clock()) for told in (first, first, second, first)]
    assert len(set(ids)) <= 2 and BankMessage.objects.get(id=ids[0]).times >= 3
    for message in set(ids):
        collect.work_on(message)
    assert (Receipt.objects.count(), balance("1010")) == (1, notice.amount)
    assert broken() == {}


def test_paying_twice_in_part_and_too_much_at_the_counter(
    bank: Counter, notice: Notice, factory: Employer
) -> None:
    def come(*references: str) -> None:
        for reference in references:
            collect.work_on(store(bank.told(reference)[0], clock()))

    come(*bank.pays(notice, "part", 140_000))
    assert (Obligation.objects.get().settled, Credit.objects.count()) == (140_000, 0)
    assert ProcrastinateJob.objects.filter(task_name="collect.ask_again").count() == 1
    come(*bank.pays(notice, "twice", notice.amount - 140_000))
    assert (Obligation.objects.get().open, Credit.objects.count()) == (0, 12)
    assert payments.credit_of(factory.id) == notice.amount - 140_000
    come(*bank.pays(notice, "much", 7))
    assert payments.credit_of(factory.id) == notice.amount - 140_000 + 7
    assert broken() == {}


def test_a_notice_left_partly_unpaid_gets_a_successor_by_its_job(notice: Notice, now: datetime) -> None:
    pays(now, notice, 140_000)
    job = ProcrastinateJob.objects.get(task_name="collect.ask_again")
    for _ in range(2):
        collect.ask_again(**job.args)
    rest = Notice.objects.get(state="open")
    assert (rest.amount, Notice.objects.count()) == (4_000_000, 2)
    pays(now, rest, number="FT2")
    collect.ask_again(**job.args)  # late: nothing is owed any more
    assert Notice.objects.filter(state="open").count() == 0


def test_money_without_a_reference_we_know_waits_for_a_person(bank: Counter, notice: Notice) -> None:
    [wrong] = bank.pays(notice, "wrong", reference=notice.reference[:-1] + "X", bill="")
    [none] = bank.pays(notice, "none", reference="", bill="")
    for reference in (wrong, none):
        collect.work_on(store(bank.told(reference)[0], clock()))
    assert [receipt.state for receipt in payments.unmatched()] == ["unmatched"] * 2
    assert (balance("2100"), Obligation.objects.get().settled) == (-2 * notice.amount, 0)
    assert broken() == {}


@pytest.mark.parametrize("written", ["small letters", "spaces", "bill number", "in the text", "lao digits"])
def test_a_reference_is_read_however_it_was_written(written: str, notice: Notice, now: datetime) -> None:
    reference = notice.reference
    told = {
        "small letters": {"reference": reference.lower()},
        "spaces": {"reference": " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))},
        "bill number": {"reference": "", "bill": notice.number},
        "in the text": {"reference": "", "text": reference},
        "lao digits": {"reference": reference.translate(str.maketrans("0123456789", "໐໑໒໓໔໕໖໗໘໙"))},
    }[written]
    assert pay(now, payment(notice.amount, **({"reference": ""} | told))).notice == notice


def test_money_before_the_declaration_was_approved_is_unmatched_and_never_lost(
    kham: Actor, noy: Actor, dara: Actor, factory: Employer, open_month: Month, now: datetime
) -> None:
    early = creditor_reference(f"{open_month.year % 100}{open_month.month:02d}{factory.code}01")
    receipt = pay(now, payment(4_140_000, early))
    assert receipt.state == Receipt.State.UNMATCHED
    declared(kham, noy, factory, open_month)
    notice = collect.ask(noy, factory, [open_month])
    assert notice.reference == early
    assert reconcile.suggest(receipt)[0].employer == factory
    settled = reconcile.settle(dara, receipt.id, factory, None)
    assert (settled.allocated, Obligation.objects.get().open, Credit.objects.count()) == (4_140_000, 0, 12)
    notice.refresh_from_db()
    assert notice.state == Notice.State.PAID and broken() == {}


def test_an_expired_reference_still_finds_its_debt_and_asking_again_issues_another(
    noy: Actor, notice: Notice, factory: Employer, open_month: Month, now: datetime
) -> None:
    assert collect.ask(noy, factory, [open_month]) == notice
    Notice.objects.update(expires_on=noy.today - timedelta(days=1))
    following = collect.ask(noy, factory, [open_month])
    assert following.id != notice.id and following.number[-2:] == "02"
    receipt = pays(now, notice)
    assert (receipt.notice, receipt.state, receipt.allocated) == (notice, "matched", notice.amount)
    following.refresh_from_db()
    assert following.state == Notice.State.PAID and broken() == {}


def test_a_replaced_reference_finds_the_corrected_debt(
    kham: Actor, noy: Actor, notice: Notice, factory: Employer, open_month: Month, now: datetime
) -> None:
    sheet = declare.write_line(kham, declare.correct(kham, factory, open_month, "c"), 1, wage="2.500.000")
    sign(kham, noy, sheet)
    receipt = pays(now, notice)  # more than the corrected month costs
    assert (receipt.allocated, receipt.credited) == (notice.amount - 57_500, 57_500)
    assert Credit.objects.count() == 12 and broken() == {}


# Forgeries


def test_abuse_A16_forged_notices_change_nothing_and_are_kept_to_be_seen(
    bank: Counter, notice: Notice, caplog: pytest.LogCaptureFixture
) -> None:
    before = ledger()
    [reference] = bank.pays(notice)
    bank.presses("forge", reference)
    true, false = bank.told(reference, 2)
    now = clock()
    body = true[1]
    dearer = json.dumps(json.loads(body) | {"txnAmount": "999999999"}).encode()
    forged: list[tuple[Told, str]] = [
        (false, "wrong"),
        ((true[0], dearer), "wrong"),
        (({}, body), "missing"),
        (({signature.HEADER: "t=1,v1=abc"}, body), "malformed"),
        ((signed(body, now, b"another key"), body), "wrong"),
        ((signed(body, now, b""), body), "wrong"),
        ((signed(body, now - timedelta(minutes=6)), body), "stale"),
        ((signed(body, now + timedelta(minutes=6)), body), "stale"),
        ((signed(b"[]", now), b"[]"), "unreadable"),
        ((signed(b"\x00\xff", now), b"\x00\xff"), "unreadable"),
    ]
    with caplog.at_level(logging.INFO):
        for told, why in forged:
            message = store(told, now)
            collect.work_on(message)
            kept = BankMessage.objects.get(id=message)
            assert (kept.state, kept.why, bytes(kept.body)) == ("refused", why, told[1])
            collect.work_on(message)
    assert (ledger(), Receipt.objects.count()) == (before, 0)
    assert len(payments.messages_refused()) == len(forged)
    assert (
        "CHAMPA" not in caplog.text and notice.reference not in caplog.text and "999999999" not in caplog.text
    )
    collect.work_on(store(true, clock()))  # the true one is believed all the same
    assert Receipt.objects.get().amount == notice.amount


def test_abuse_A15_extra_fields_in_a_notice_move_nothing(
    bank: Counter, notice: Notice, other_factory: Employer
) -> None:
    [reference] = bank.pays(notice)
    [(_, body)] = bank.told(reference)
    extra = {
        "employer_id": other_factory.id,
        "state": "matched",
        "allocated": 1,
        "txnAmount": "1",
        "creditorReference": "RF00",
        "settled_by": 1,
        "__class__": "Receipt",
    }
    written = json.dumps(json.loads(body) | extra).encode()
    collect.work_on(store((signed(written, clock()), written), clock()))
    receipt = Receipt.objects.get()
    # What the bank answers when asked is the truth; the notice was only a hint.
    assert (receipt.amount, receipt.employer_id, receipt.notice) == (
        notice.amount,
        notice.employer_id,
        notice,
    )
    assert receipt.settled_by_id is None and broken() == {}


def test_money_that_the_bank_does_not_know_is_refused(bank: Counter, notice: Notice) -> None:
    [reference] = bank.pays(notice)
    [(_, body)] = bank.told(reference)
    unknown = body.replace(reference.encode(), b"SB00000000000000")
    message = store((signed(unknown, clock()), unknown), clock())
    collect.work_on(message)
    kept = BankMessage.objects.get()
    assert (kept.state, kept.why, Receipt.objects.count()) == ("refused", "unknown to the bank", 0)


def test_a_bank_that_does_not_answer_leaves_the_notice_waiting_until_the_sweep(
    bank: Counter, notice: Notice, settings: Any
) -> None:
    [reference] = bank.pays(notice)
    told = bank.told(reference)[0]
    there = settings.BANKS
    settings.BANKS = {"sandbox": there["sandbox"] | {"url": "http://127.0.0.1:9"}}
    message = store(told, clock())
    for _ in range(2):
        with pytest.raises(BankUnreachable):
            collect.work_on(message)
    kept = BankMessage.objects.get()
    assert (kept.state, kept.why, Receipt.objects.count()) == ("waiting", "bank does not answer", 0)
    assert collect.sweep_messages(clock()) == 0
    assert (
        collect.sweep_messages(clock() + timedelta(minutes=16)) == 0
    )  # its job still waits for its next try
    with connection.cursor() as cursor:  # all its tries are used up
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    assert [collect.sweep_messages(clock() + timedelta(minutes=16)) for _ in range(3)] == [1, 0, 0]
    settings.BANKS = there
    for job in ProcrastinateJob.objects.filter(task_name="collect.work_on"):
        collect.work_on(**job.args)
    assert (BankMessage.objects.get().state, Receipt.objects.count()) == ("worked", 1)
    assert collect.sweep_messages(clock() + timedelta(minutes=16)) == 0


# In any order


def test_abuse_A18_a_hundred_shuffled_and_doubled_payments_give_the_reference_ledger(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month, now: datetime
) -> None:
    notices = []
    for back in range(5):
        declared(kham, noy, factory, open_month - back)
        notices.append(collect.ask(noy, factory, [open_month - back]))
    paid = [
        payment(part, notice.reference if part % 7 else "RF00", f"FT{at}-{nth}")
        for at, notice in enumerate(notices)
        for nth, part in enumerate([notice.amount // 18] * 19 + [7_000_007])
    ]
    assert len(paid) == 100
    assert len({one.bank_reference for one in paid}) == 100

    def outcome(order: list[Any]) -> tuple[Any, ...]:
        before = transaction.savepoint()
        for one in order:
            pay(now, one)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT e.account_id, p.employer_id, p.month, sum(e.debit) - sum(e.credit) FROM ledger_entry e"
                " JOIN ledger_posting p ON p.id = e.posting_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
            )
            sums = [row for row in cursor.fetchall() if row[3] or row[0] != "2100"]
        result = (
            sums,
            sorted(Obligation.objects.values_list("month", "owed", "settled", "credited_version")),
            sorted(Receipt.objects.values_list("bank_reference", "amount", "state")),
            payments.credit_of(factory.id),
            Credit.objects.count(),
            [check_receipt_number(number)[4:11] for number in _numbers()],
            broken(),
        )
        transaction.savepoint_rollback(before)
        return result

    reference = outcome(paid)
    doubled = [one for one in paid for _ in range(2)]
    random.Random(42).shuffle(doubled)
    told = outcome(doubled)
    assert told == reference
    assert told[-1] == {} and told[1][0][1] == told[1][0][2]
    assert told[5] == [f"{serial:07d}" for serial in range(1, 101)]


def _numbers() -> list[str]:
    return list(Receipt.objects.order_by("number").values_list("number", flat=True))


# At the same moment


@pytest.mark.django_db(transaction=True)
def test_abuse_A17_the_same_notice_in_eight_threads_is_one_receipt_and_one_posting(
    bank: Counter, notice: Notice
) -> None:
    [reference] = bank.pays(notice)
    [first] = bank.told(reference)
    bank.presses("again", reference)
    told = [first, bank.told(reference, 2)[1]]
    ids = at_once(*(lambda at=at: store(told[at % 2], clock()) for at in range(8)))
    assert len(set(ids)) == BankMessage.objects.count() <= 2, ids
    assert ProcrastinateJob.objects.filter(task_name="collect.work_on").count() == BankMessage.objects.count()
    results = at_once(*(lambda at=at: collect.work_on(ids[at]) for at in range(8)))
    assert results == [None] * 8
    assert (Receipt.objects.count(), Allocation.objects.count(), Credit.objects.count()) == (1, 1, 12)
    assert Posting.objects.filter(key__startswith="received:").count() == 1
    assert broken() == {}


@pytest.mark.django_db(transaction=True)
def test_abuse_A19_payments_of_one_notice_at_once_never_settle_more_than_is_owed(
    notice: Notice, factory: Employer, now: datetime
) -> None:
    results = at_once(*(lambda at=at: pays(now, notice, 1_000_000, f"FT{at}") for at in range(6)))
    assert [type(one) for one in results] == [Receipt] * 6
    assert Obligation.objects.get().open == 0
    assert payments.credit_of(factory.id) == 6_000_000 - notice.amount
    assert sorted(int(number[4:11]) for number in _numbers()) == [1, 2, 3, 4, 5, 6]
    assert broken() == {}


@pytest.mark.django_db(transaction=True)
def test_asking_at_once_gives_one_open_notice(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month
) -> None:
    declared(kham, noy, factory, open_month)
    results = at_once(*(lambda: collect.ask(noy, factory, [open_month]),) * 6)
    assert {getattr(one, "id", one) for one in results} == {Notice.objects.get().id}


@pytest.mark.django_db(transaction=True)
def test_the_same_credit_is_not_used_for_two_months_asked_for_at_once(
    kham: Actor, noy: Actor, factory: Employer, open_month: Month, now: datetime
) -> None:
    months = [open_month - 2, open_month - 1, open_month]
    for month in months:
        declared(kham, noy, factory, month)
    pays(now, collect.ask(noy, factory, [months[0]]), 4_140_000 + 500_000)
    at_once(*(lambda month=month: collect.ask(noy, factory, [month]) for month in months[1:] * 2))
    assert payments.credit_of(factory.id) == 0
    assert sum(debt.open for debt in Obligation.objects.all()) == 2 * 4_140_000 - 500_000
    assert broken() == {}


# A fault after every write


def state() -> tuple[Any, ...]:
    return (
        ledger(),
        sorted(Receipt.objects.values_list("number", "state", "allocated", "credited")),
        sorted(Obligation.objects.values_list("id", "settled", "credited_version")),
        sorted(Notice.objects.values_list("number", "state")),
        sorted(Allocation.objects.values_list("id", "amount")),
        Credit.objects.count(),
        ProcrastinateJob.objects.count(),
    )


def survives_every_fault(act: Callable[[], Any]) -> int:
    before, write = state(), 0
    while True:
        write += 1
        try:
            with failing_after(write) as seen:
                act()
        except Fault:
            assert state() == before, seen
            continue
        assert state() != before
        return write - 1


def test_a_fault_after_any_write_of_a_booking_leaves_nothing(notice: Notice, now: datetime) -> None:
    assert survives_every_fault(lambda: pays(now, notice, 1_000_000)) >= 8
    rest = survives_every_fault(lambda: pays(now, notice, notice.amount, "FT2"))
    assert rest >= 10 and broken() == {}
    assert [number[4:11] for number in _numbers()] == ["0000001", "0000002"]


def test_a_fault_after_any_write_of_asking_leaves_no_notice(
    kham: Actor, noy: Actor, notice: Notice, factory: Employer, open_month: Month
) -> None:
    sheet = declare.write_line(kham, declare.correct(kham, factory, open_month, "c"), 1, wage="2.500.000")
    sign(kham, noy, sheet)
    assert survives_every_fault(lambda: collect.ask(noy, factory, [open_month])) >= 3
    assert Notice.objects.filter(state="open").count() == 1


def test_a_fault_after_storing_a_message_leaves_neither_message_nor_job(now: datetime) -> None:
    with pytest.raises(Fault), failing_after(1):
        collect.store_notice("sandbox", {}, b"{}", now)
    assert (BankMessage.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)


def test_abuse_A42_no_gap_in_receipt_numbers_after_bookings_that_were_rolled_back(
    notice: Notice, now: datetime
) -> None:
    for at in range(5):
        for write in (2, 4):
            with pytest.raises(Fault), failing_after(write):
                pays(now, notice, 1_000, f"FT{at}")
        pays(now, notice, 1_000, f"FT{at}")
    assert [check_receipt_number(number)[4:11] for number in _numbers()] == [
        f"{serial:07d}" for serial in range(1, 6)
    ]


def test_abuse_A42_a_phantom_receipt_number_is_not_found(notice: Notice, now: datetime) -> None:
    real = pays(now, notice).number
    assert payments.receipt_by_number(real) is not None
    assert payments.receipt_by_number(real.replace("0000001", "0000002")) is None


# Who may


def test_abuse_A13_nobody_asks_or_books_for_another_employer(
    notice: Notice, factory: Employer, other_factory: Employer, open_month: Month, now: datetime,
    stranger_at: Callable[[Employer], Actor],
) -> None:  # fmt: skip
    other = stranger_at(other_factory)
    before = state()
    with pytest.raises(NotAllowed):
        collect.ask(other, factory, [open_month])
    with pytest.raises(NotAllowed):
        collect.book(other, "sandbox", "1", payment(1, notice.reference))
    assert state() == before


@pytest.mark.parametrize("amount", [0, -1])
def test_no_money_is_no_receipt(amount: int, notice: Notice, now: datetime) -> None:
    with pytest.raises((IntegrityError, ValueError)), transaction.atomic():
        pay(now, payment(amount, notice.reference))
    assert Receipt.objects.count() == 0


def test_papers_and_code_of_a_notice_open(notice: Notice) -> None:
    assert collect.notice_pdf(notice).startswith(b"%PDF")
    assert collect.code_svg(notice).lstrip().startswith("<svg") and "<script" not in collect.code_svg(notice)
