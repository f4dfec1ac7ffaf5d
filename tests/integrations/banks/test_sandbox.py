"""The sandbox bank: money that is invented, and notices that are lost, late, doubled and forged like real ones."""

import json
import re
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

from pakan.integrations.banks import UnknownBank, named
from pakan.integrations.banks.bank import BankConfig, BankUnreachable, CodeOrder, DebitOrder, NoticeRefused
from pakan.integrations.banks.iin import OTHER, issuer
from pakan.integrations.banks.sandbox import dialect, pages
from pakan.integrations.banks.sandbox.client import Client
from pakan.integrations.banks.sandbox.drawing import Drawing
from pakan.integrations.banks.sandbox.server import Counter
from pakan.integrations.banks.sandbox.till import Till, Transfer
from pakan.integrations.banks.sandbox.vault import Conflict, Vault
from pakan.integrations.banks.sandbox.words import WORDS
from pakan.integrations.formats import emvco, signature
from pakan.integrations.formats.iso20022 import (
    NoLatinName,
    StatementRefused,
    compose_debit,
    parse,
    read_debit,
)
from pakan.integrations.sandbox.outbox import Sender, sent
from pakan.integrations.sandbox.web import Ask
from pakan.units.money import Kip

SAMPLE = Path(dialect.__file__).parent / "samples" / "notice.json"
MODULE = "pakan.integrations.banks.sandbox"
KEY = b"key of the tests"
NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
REFERENCE = "RF342602000104701"
BILL = {"bill": "2602000104701", "reference": REFERENCE, "amount": "517500"}
CONFIG = BankConfig("http://127.0.0.1:1", "token", "010000000001", "99990418", "SANDBOX0000001")


def signed(body: bytes, key: bytes = KEY, now: datetime = NOW) -> dict[str, str]:
    return {signature.HEADER: signature.sign(key, body, now)}


# Our side


def test_a_bank_is_found_by_the_name_of_its_folder_and_by_nothing_else() -> None:
    bank = named("sandbox", CONFIG)
    assert (bank.name, bank.account) == ("sandbox", "010000000001")
    for other in ("", "nowhere", "../telcos", "iin", "bank", "Sandbox", "sandbox.client"):
        with pytest.raises(UnknownBank):
            named(other, CONFIG)


def test_the_code_says_whom_how_much_and_for_which_bill() -> None:
    order = CodeOrder("2602000104701", REFERENCE, Kip(517_500), "SSO 2026-02", expires=NOW)
    code = Client(CONFIG).ask_for_code(order)
    bill = emvco.parse(code.text)
    assert (bill.amount, bill.number, bill.reference) == (517_500, "2602000104701", REFERENCE)
    assert (bill.iin, bill.name, code.made_by, code.expires) == (
        "99990418",
        "SOCIAL SECURITY FUND",
        "us",
        NOW,
    )


def test_a_signed_notice_is_read_into_our_words() -> None:
    body = SAMPLE.read_bytes()
    for keys in ([KEY], [b"next", KEY]):
        notice = Client(CONFIG).read_notice(signed(body), body, keys, NOW)
        assert (notice.bank_reference, notice.scheme_reference) == ("SB2603020A1B2C3D", "LQ0A1B2C3D4E5F")
        assert (notice.bill, notice.reference, notice.amount) == ("2602000104701", REFERENCE, 517_500)
        assert notice.paid_at.isoformat() == "2026-03-02T09:15:00+07:00"


def test_a_notice_comes_back_as_it_was_composed() -> None:
    told = json.loads(SAMPLE.read_text())
    assert dialect.compose_notice(dialect.read_payment(told)) == told


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"refNo": ""}, "unreadable"),
        ({"refNo": ["x"]}, "unreadable"),
        ({"sourceCurrency": "THB"}, "currency"),
        ({"txnAmount": "517500.5"}, "amount"),
        ({"txnAmount": "-5"}, "amount"),
        ({"txnAmount": "0"}, "amount"),
        ({"txnAmount": 517500.0}, "unreadable"),
        ({"txnAmount": "9" * 16}, "amount"),
        ({"txnDateTime": "29/02/2026 10:00:00"}, "time"),
        ({"txnDateTime": "2026-02-29 10:00:00"}, "time"),
    ],
)
def test_a_notice_that_makes_no_sense_is_refused_even_when_it_is_signed(
    change: dict[str, object], code: str
) -> None:
    body = json.dumps(json.loads(SAMPLE.read_text()) | change).encode()
    with pytest.raises(NoticeRefused) as caught:
        Client(CONFIG).read_notice(signed(body), body, [KEY], NOW)
    assert caught.value.code == code and caught.value.lo


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"null", b"[" * 100_000, b"{" + b" " * 70_000 + b"}"])
def test_a_body_that_is_no_notice_is_refused(body: bytes) -> None:
    with pytest.raises(NoticeRefused) as caught:
        Client(CONFIG).read_notice(signed(body), body, [KEY], NOW)
    assert caught.value.code == "unreadable"


def test_a_notice_that_is_forged_or_old_is_refused() -> None:
    body = SAMPLE.read_bytes()
    for headers, now, code in (
        ({}, NOW, "missing"),
        (signed(body, b"forger"), NOW, "wrong"),
        (signed(body + b" "), NOW, "wrong"),
        (signed(body), NOW + timedelta(minutes=6), "stale"),
    ):
        with pytest.raises(NoticeRefused) as caught:
            Client(CONFIG).read_notice(headers, body, [KEY], now)
        assert caught.value.code == code


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(500),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"payments": [{"refNo": ""}]}),
        httpx.Response(200, json={"payments": 5}),
    ],
)
def test_a_bank_that_answers_nonsense_is_unreachable_and_nothing_is_known(reply: httpx.Response) -> None:
    with pytest.raises(BankUnreachable):
        Client(CONFIG, httpx.MockTransport(lambda _: reply)).state_of(REFERENCE)


def test_the_bank_of_a_number_is_shown_by_name_and_an_unknown_one_is_another_bank() -> None:
    assert issuer("27710418", date(2026, 3, 1)).bic == "COEBLALA"
    assert issuer("27710418", date(2026, 3, 1)).name_lo.startswith("ທະນາຄານ")
    assert issuer("27710418", date(2019, 3, 1)) is OTHER
    assert issuer("12340418", date(2026, 3, 1)) is OTHER


def test_the_sample_statement_is_read() -> None:
    statement = parse((SAMPLE.parent / "statement.xml").read_bytes())
    assert statement.balances and (statement.bank, statement.account) == ("SANDLALA", "010000000001")
    [entry] = statement.entries
    assert (entry.bank_reference, entry.remittance_reference) == ("SB2603020A1B2C3D", REFERENCE)


# The other side, without a network


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    till = Till(tmp_path / "bank.sqlite", "010000000001")
    sender = Sender(till.book, "http://127.0.0.1:1/", KEY, lambda *_, **__: httpx.Response(204))
    return Counter(till, sender, "token", "http://127.0.0.1:1/statement", lambda: NOW)


def form(path: str, fields: dict[str, str], origin: str = "http://bank") -> Ask:
    return Ask("POST", path, form=fields, headers={"host": "bank", "origin": origin})


def amounts(counter: Counter) -> list[int]:
    return sorted(payment.amount for payment in counter.till.latest())


@pytest.mark.parametrize(
    ("way", "more", "paid"),
    [
        ("exact", {}, [517_500]),
        ("twice", {}, [517_500, 517_500]),
        ("part", {"amount": "200.000"}, [200_000]),
        ("much", {"amount": "617,500"}, [617_500]),
        ("late", {"day": "2026-04-30"}, [517_500]),
        ("wrong", {"reference": "RF342602000104702", "bill": ""}, [517_500]),
        ("none", {"reference": "", "bill": ""}, [517_500]),
    ],
)
def test_there_are_seven_ways_to_pay(
    counter: Counter, way: str, more: dict[str, str], paid: list[int]
) -> None:
    reply = counter.answer(form("/pay", {**BILL, **more, "way": way}))
    assert reply.status == 303
    assert amounts(counter) == paid
    last = counter.till.latest()[0]
    assert last.reference == more.get("reference", REFERENCE)
    assert last.paid_at.date() == date.fromisoformat(more.get("day", "2026-03-02"))
    assert len({one.bank_reference for one in counter.till.latest()}) == len(paid)
    assert [notice.state for notice in sent(counter.till.book, last.bank_reference)] == ["waiting"]


@pytest.mark.parametrize(
    "change",
    [{"amount": "0"}, {"amount": "-5"}, {"amount": "12.5"}, {"amount": "1e9"}, {"amount": "໕໐໐"}, {"way": "steal"},
     {"amount": "9" * 13}, {"way": "late", "day": "2026-02-30"}, {"way": "late", "day": "0001-01-01"}],
)  # fmt: skip
def test_a_wrong_form_pays_nothing(counter: Counter, change: dict[str, str]) -> None:
    assert counter.answer(form("/pay", {**BILL, "way": "exact"} | change)).status == 422
    assert amounts(counter) == []


def test_another_page_cannot_pay(counter: Counter) -> None:
    for origin in ("https://evil.example", "null", ""):
        assert counter.answer(form("/pay", {**BILL, "way": "exact"}, origin)).status == 403
    assert amounts(counter) == []


def test_the_bill_of_a_code_is_shown_in_both_languages_and_nothing_typed_becomes_markup(
    counter: Counter,
) -> None:
    code = (
        Client(CONFIG).ask_for_code(CodeOrder("2602000104701", REFERENCE, Kip(517_500), "SSO 2026-02")).text
    )
    for language in ("lo", "en"):
        text = counter.answer(Ask("GET", "/", {"q": code, "lang": language})).body.decode()
        assert "517.500" in text and "SOCIAL SECURITY FUND" in text
        assert WORDS["banner"][0 if language == "lo" else 1] in text
        assert all(WORDS[way][0 if language == "lo" else 1] in text for way in pages.WAYS)
    evil = "\"><script>alert('1')</script>"
    for ask in ({"q": evil}, {"bill": evil, "amount": evil, "payer": evil}, {"q": "0002" + evil}):
        assert "<script" not in counter.answer(Ask("GET", "/", ask)).body.decode()


def test_a_link_with_reference_and_amount_leads_to_the_same_bill(counter: Counter) -> None:
    text = counter.answer(Ask("GET", "/", {"bill": REFERENCE, "amount": "517500"})).body.decode()
    assert "517.500" in text and 'name="bill" value="2602000104701"' in text
    wrong = counter.answer(Ask("GET", "/", {"bill": REFERENCE[:-1] + "9", "lang": "en"})).body.decode()
    assert WORDS["wrong_check"][1] in wrong


def test_the_bank_tells_only_who_has_its_key(counter: Counter) -> None:
    counter.answer(form("/pay", {**BILL, "way": "exact"}))
    for path, query in (("/state", {"reference": REFERENCE}), ("/statement", {"day": "2026-03-02"})):
        for headers in ({}, {"authorization": "Bearer wrong"}):
            assert counter.answer(Ask("GET", path, query, headers=headers)).status == 401
        good = counter.answer(Ask("GET", path, query, headers={"authorization": "Bearer token"}))
        assert good.status == 200 and b"517500" in good.body


def test_a_statement_follows_the_one_before_and_balances(counter: Counter) -> None:
    for way, day in (("late", "2026-03-01"), ("late", "2026-03-02"), ("twice", "")):
        counter.answer(form("/pay", {**BILL, "way": way, "day": day}))
    first, second = counter.till.statement(date(2026, 3, 1)), counter.till.statement(date(2026, 3, 2))
    assert first.balances and second.balances
    assert (first.opening, first.closing, second.opening) == (0, 517_500, 517_500)
    assert len(second.entries) == 3 and second.entries[0].remittance_reference == REFERENCE
    assert counter.till.statement(date(2026, 3, 9)).opening == second.closing


def test_a_hundred_people_pay_at_once(counter: Counter) -> None:
    def pay() -> None:
        for _ in range(10):
            assert counter.answer(form("/pay", {**BILL, "way": "exact"})).status == 303

    payers = [threading.Thread(target=pay) for _ in range(10)]
    for payer in payers:
        payer.start()
    for payer in payers:
        payer.join()
    [row] = counter.till.book.read(
        "select count(distinct bank_reference) as n, sum(amount) as s from payments"
    )
    assert (row["n"], row["s"]) == (100, 100 * 517_500)
    assert counter.sender.send_due() == 100


def test_a_notice_is_repeated_until_it_arrives_and_a_forged_one_is_tried_once(tmp_path: Path) -> None:
    till = Till(tmp_path / "bank.sqlite", "1")
    status = [500]
    bodies: list[tuple[bytes, str]] = []

    def call(address: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        bodies.append((content, headers[signature.HEADER]))
        return httpx.Response(status[0])

    sender = Sender(till.book, "http://127.0.0.1:1/", KEY, call)
    [reference] = till.pay(Transfer(5, REFERENCE, "", "P", "1", "", NOW))
    assert sender.send_due() == 1 and sender.send_due() == 0
    till.book.turn("held", "1")
    with till.book.change() as base:
        base.execute("update notices set next_try = 0")
    assert sender.send_due() == 0
    till.book.turn("held", "0")
    status[0] = 204
    assert sender.send_due() == 1
    assert [(one.state, one.attempts) for one in sent(till.book, reference)] == [("arrived", 2)]
    assert bodies[0][0] == bodies[1][0]
    status[0] = 403
    assert till.notify_again(reference, forged=True) and not till.notify_again("SB0")
    assert sender.send_due() == 1
    assert [one.state for one in sent(till.book, reference)] == ["arrived", "refused"]
    with pytest.raises(signature.SignatureRefused):
        signature.check({signature.HEADER: bodies[2][1]}, bodies[2][0], [KEY], datetime.now(UTC))


def test_every_word_is_there_in_both_languages() -> None:
    assert all(lao and english and lao != english for lao, english in WORDS.values())
    assert all(re.search("[ກ-ໝ]", lao) for lao, _ in WORDS.values())


# The whole bank, as a process


@pytest.mark.enable_socket
def test_a_killed_bank_sends_what_it_owed_when_it_comes_back(
    process: Any, taker: Any, tmp_path: Path
) -> None:
    data = str(tmp_path / "b.sqlite")
    arguments = (
        "--data",
        data,
        "--notify",
        taker.address,
        "--key",
        KEY.decode(),
        "--account",
        CONFIG.account,
    )
    taker.says = 503
    bank = process(MODULE, *arguments)
    assert bank.post("/pay", {**BILL, "way": "twice"}).status_code == 303
    taker.wait_for(2)
    bank.kill()
    taker.says = 204
    bank = process(MODULE, *arguments)
    taken = taker.wait_for(4)
    assert {body for _, body in taken[:2]} == {body for _, body in taken[2:]}
    client = Client(BankConfig(bank.address, KEY.decode(), "010000000001", "99990418", "R"))
    notices = [client.read_notice(headers, body, [KEY], datetime.now(UTC)) for headers, body in taken[2:]]
    assert [notice.amount for notice in notices] == [517_500, 517_500]
    state = client.state_of(REFERENCE)
    assert state.paid and sorted(state.payments, key=str) == sorted(notices, key=str)
    assert not client.state_of("RF000000000000000").paid
    statement = client.fetch_statement(notices[0].paid_at.date())
    assert statement.balances and statement.account == client.account
    assert {entry.bank_reference for entry in statement.entries} == {one.bank_reference for one in notices}
    assert bank.stop() == 0


@pytest.mark.enable_socket
def test_the_pages_pass_a_strict_content_policy(process: Any, tmp_path: Path) -> None:
    bank = process(
        MODULE, "--data", str(tmp_path / "b.sqlite"), "--key", "k", "--statement-url", "http://127.0.0.1:1/"
    )
    bank.post("/pay", {**BILL, "way": "exact"})
    for path in ("/", f"/?bill={REFERENCE}&amount=517500", "/payments", "/day"):
        page = bank.get(path)
        assert page.status_code == 200
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "<script" not in page.text and " style=" not in page.text and "<style" not in page.text
        assert WORDS["banner"][0] in page.text
    assert bank.get("/style.css").headers["Content-Type"].startswith("text/css")
    assert bank.get("/nothing").status_code == 404
    assert bank.post("/pay", {**BILL, "way": "exact"}, origin="http://evil.example").status_code == 403
    assert bank.post("/send", {"day": "2026-03-02"}).headers["Location"].endswith("outcome=not_sent")
    with pytest.raises(BankUnreachable):
        Client(BankConfig(bank.address, "wrong", "1", "99990418", "R")).state_of(REFERENCE)


# Direct debit


def order(**change: Any) -> DebitOrder:
    told: dict[str, Any] = {
        "number": "H26-0000001-1", "mandate": "G26-0000001-1", "given_on": date(2026, 1, 5), "amount": Kip(517_500),
        "day": date(2026, 3, 19), "account": "0101000000777", "name": "CHAMPA GARMENT", "reference": REFERENCE,
        "announced_at": NOW,
    }  # fmt: skip
    return DebitOrder(**(told | change))


def test_a_debit_is_read_as_it_was_written_and_the_same_order_is_the_same_file() -> None:
    debit = dialect.debit_of(order(), CONFIG)
    file = compose_debit(debit)
    assert read_debit(file) == debit and compose_debit(debit) == file
    assert b"<PmtMtd>DD</PmtMtd>" in file and b'<InstdAmt Ccy="LAK">517500</InstdAmt>' in file
    assert b"<Cd>SCOR</Cd>" in file and REFERENCE.encode() in file
    with pytest.raises(NoLatinName):
        compose_debit(replace(debit, debtor="ໂຮງງານ"))


# As it was valid against the published schema (docs/reference/bank-formats.md): ISO 20022 wants this order.
VALID_DEBIT = """GrpHdr(MsgId CreDtTm NbOfTxs CtrlSum InitgPty(Nm)) PmtInf(PmtInfId PmtMtd BtchBookg PmtTpInf(SeqTp)
ReqdColltnDt Cdtr(Nm) CdtrAcct(Id(Othr(Id)) Ccy) CdtrAgt(FinInstnId(Othr(Id))) ChrgBr DrctDbtTxInf(PmtId(InstrId EndToEndId)
InstdAmt DrctDbtTx(MndtRltdInf(MndtId DtOfSgntr)) DbtrAgt(FinInstnId(Othr(Id))) Dbtr(Nm) DbtrAcct(Id(Othr(Id)))
RmtInf(Strd(CdtrRefInf(Tp(CdOrPrtry(Cd)) Ref)))))"""


def outline(element: Any) -> str:
    """The names of all elements below, in their order."""
    inside = " ".join(outline(child) for child in element)
    name = etree.QName(element).localname
    return f"{name}({inside})" if inside else name


def test_a_debit_stands_in_the_order_that_the_schema_wants() -> None:
    document = etree.fromstring(compose_debit(dialect.debit_of(order(), CONFIG)))
    assert outline(document) == f"Document(CstmrDrctDbtInitn({' '.join(VALID_DEBIT.split())}))"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<NbOfTxs>1<", b"<NbOfTxs>2<", "amount"), (b"<CtrlSum>517500<", b"<CtrlSum>517501<", "amount"),
        (b"2026-03-19", b"2026-02-30", "day"), (b"pain.008.001.08", b"pain.008.001.02", "message"),
        (b"</Document>", b"", "xml"),
    ],
)  # fmt: skip
def test_a_debit_that_does_not_add_up_is_refused(old: bytes, new: bytes, code: str) -> None:
    with pytest.raises(StatementRefused) as refused:
        read_debit(compose_debit(dialect.debit_of(order(), CONFIG)).replace(old, new))
    assert refused.value.code == code


def test_the_bank_draws_once_a_number_and_the_money_is_a_payment_of_the_bill(tmp_path: Path) -> None:
    till = Till(tmp_path / "bank.sqlite3", CONFIG.account)
    drawing = Drawing(till, Vault(till.book))
    debit = dialect.debit_of(order(), CONFIG)
    drawn = [drawing.take(debit, "file", NOW) for _ in range(3)]
    assert {one.bank_reference for one in drawn} == {drawn[0].bank_reference} and drawn[0].status == "ACSC"
    [paid] = till.state_of(REFERENCE)
    assert (paid.bank_reference, paid.amount, paid.bill) == (drawn[0].bank_reference, 517_500, BILL["bill"])
    assert len(sent(till.book, paid.bank_reference)) == 1, (
        "and its notice is on its way, like every payment's"
    )
    with pytest.raises(Conflict):
        drawing.take(replace(debit, amount=Kip(1)), "file", NOW)
    drawing.withdraw(debit.mandate)
    assert drawing.take(replace(debit, number="H26-0000002-2"), "file", NOW).reason == "MD01"
    closed = replace(debit, number="H26-0000003-3", mandate="G2", debtor_account="0101000")
    assert drawing.take(closed, "file", NOW).reason == "AC01"
    assert len(till.latest()) == 1
