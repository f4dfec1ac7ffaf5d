"""The sandbox operator: each message once per key, shown on a telephone, and reported in a signed receipt."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from pakan.integrations.formats import signature
from pakan.integrations.sandbox.outbox import Sender, sent
from pakan.integrations.sandbox.web import Ask
from pakan.integrations.telcos import UnknownTelco, named
from pakan.integrations.telcos.dialect import STATES, compose_incoming, compose_receipt
from pakan.integrations.telcos.sandbox import handset, mailbox
from pakan.integrations.telcos.sandbox.client import Client
from pakan.integrations.telcos.sandbox.server import Exchange
from pakan.integrations.telcos.telco import (
    DeliveryReceipt,
    IncomingText,
    MessageRefused,
    ReceiptRefused,
    TelcoConfig,
    TelcoUnreachable,
)

MODULE = "pakan.integrations.telcos.sandbox"
NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
PHONE = "+8562055551234"
KEY = b"key of the tests"
CONFIG = TelcoConfig("http://127.0.0.1:1", "token")


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    box = mailbox.Mailbox(tmp_path / "telco.sqlite")
    sender = Sender(box.book, "http://127.0.0.1:1/", KEY, lambda *_, **__: httpx.Response(204))
    return Exchange(box, sender, "token", lambda: NOW)


def through(exchange: Exchange, token: str = "token") -> Client:
    """Our client, wired to the operator without a network."""

    def handle(request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = exchange.answer(Ask(request.method, request.url.path, headers=headers, body=request.content))
        return httpx.Response(reply.status, content=reply.body)

    return Client(TelcoConfig("http://operator", token), httpx.MockTransport(handle))


def choose(exchange: Exchange, mode: str, origin: str = "http://telco") -> int:
    headers = {"host": "telco", "origin": origin}
    return exchange.answer(Ask("POST", "/mode", form={"mode": mode}, headers=headers)).status


def texts(exchange: Exchange) -> list[str]:
    return [message.text for message in exchange.mailbox.messages(PHONE)]


def states(exchange: Exchange, message_id: str) -> list[str]:
    rows = exchange.mailbox.book.read("select body from notices where about = ?", message_id)
    return [json.loads(row["body"])["stat"] for row in rows]


def test_an_operator_is_found_by_the_name_of_its_folder() -> None:
    assert named("sandbox", CONFIG).name == "sandbox"
    for other in ("", "parts", "../banks", "nowhere"):
        with pytest.raises(UnknownTelco):
            named(other, CONFIG)


def test_the_same_key_is_one_message_however_often_it_is_sent(exchange: Exchange) -> None:
    client = through(exchange)
    first = client.send(PHONE, "ລະຫັດ 123456", "code:1")
    assert client.send(PHONE, "ລະຫັດ 123456", "code:1") == first
    assert client.send(PHONE, "ລະຫັດ 654321", "code:2") != first
    assert texts(exchange) == ["ລະຫັດ 654321", "ລະຫັດ 123456"]
    assert states(exchange, first) == ["DELIVRD"]
    assert exchange.sender.send_due() == 2
    assert [one.state for one in sent(exchange.mailbox.book, first)] == ["arrived"]


def test_a_message_can_be_lost_late_or_doubled(exchange: Exchange) -> None:
    client = through(exchange)
    assert choose(exchange, "lose") == 303
    lost = client.send(PHONE, "lost", "1")
    assert choose(exchange, "delay") == 303
    late = client.send(PHONE, "late", "2")
    assert choose(exchange, "double") == 303
    double = client.send(PHONE, "double", "3")
    assert texts(exchange) == ["double", "double"]
    assert states(exchange, lost) == ["EXPIRED"] and states(exchange, double) == ["DELIVRD", "DELIVRD"]
    assert exchange.sender.send_due() == 3
    with exchange.mailbox.book.change() as base:
        base.execute("update messages set shown_at = 0 where message_id = ?", (late,))
        base.execute("update notices set next_try = 0 where about = ?", (late,))
    assert texts(exchange) == ["double", "double", "late"]
    assert exchange.sender.send_due() == 1


@pytest.mark.parametrize(
    ("to", "text"), [("020 5555 1234", "x"), ("+85620555", "x"), (PHONE, " "), (PHONE, "x" * 1601)]
)
def test_a_message_that_can_never_be_sent_is_refused_for_good(exchange: Exchange, to: str, text: str) -> None:
    with pytest.raises(MessageRefused):
        through(exchange).send(to, text, "1")
    assert exchange.mailbox.phones() == []


def test_an_operator_that_does_not_answer_or_does_not_know_us_is_unreachable(exchange: Exchange) -> None:
    with pytest.raises(TelcoUnreachable):
        through(exchange, token="wrong").send(PHONE, "x", "1")
    for reply in (httpx.Response(500), httpx.Response(200, text="x"), httpx.Response(200, json=[])):
        with pytest.raises(TelcoUnreachable):
            Client(CONFIG, httpx.MockTransport(lambda _, reply=reply: reply)).send(PHONE, "x", "1")  # type: ignore[misc]


def test_the_telephone_shows_a_text_as_text(exchange: Exchange) -> None:
    through(exchange).send(PHONE, "<script>alert(1)</script> ສະບາຍດີ", "1")
    page = exchange.answer(Ask("GET", f"/phone/{PHONE}")).body.decode()
    assert "&lt;script&gt;" in page and "<script" not in page and "ສະບາຍດີ" in page
    assert 'http-equiv="refresh"' in page and handset.WORDS["banner"][0] in page
    home = exchange.answer(Ask("GET", "/", {"lang": "en"})).body.decode()
    assert "020 5555 1234" in home and handset.WORDS["banner"][1] in home
    for path in ("/phone/", "/phone/<b>", "/phone/1", "/x"):
        assert exchange.answer(Ask("GET", path)).status == 404


def test_a_person_may_write_to_the_fund_from_the_telephone_page_only(exchange: Exchange) -> None:
    def write(text: str, origin: str = "http://telco", phone: str = PHONE) -> int:
        headers = {"host": "telco", "origin": origin}
        return exchange.answer(Ask("POST", f"/reply/{phone}", form={"text": text}, headers=headers)).status

    assert [write("ຢຸດ"), write("STOP", "http://evil.example"), write(""), write("x" * 161)] == [
        303,
        403,
        422,
        422,
    ]
    assert write("x", phone="1") == 422
    assert exchange.mailbox.typed_by(PHONE) == ["ຢຸດ"]
    assert "ຢຸດ" in exchange.answer(Ask("GET", f"/phone/{PHONE}")).body.decode()


def test_another_page_cannot_change_the_network(exchange: Exchange) -> None:
    assert choose(exchange, "lose", "http://evil.example") == 403
    assert choose(exchange, "explode") == 422
    assert exchange.mailbox.mode == "normal"


def read(body: bytes, key: bytes = KEY) -> Any:
    headers = {signature.HEADER: signature.sign(key, body, NOW)}
    return Client(CONFIG).read_told(headers, body, [KEY], NOW)


def test_a_receipt_is_read_into_our_three_states() -> None:
    for stat, state in STATES.items():
        receipt = read(json.dumps(compose_receipt("SM1", PHONE, stat, NOW)).encode())
        assert (receipt.message_id, receipt.state, receipt.at) == ("SM1", state, NOW)


def test_a_text_for_us_is_read_and_cut_to_a_length() -> None:
    told = read(json.dumps(compose_incoming("MO1", PHONE, "ຢຸດ" * 2000, NOW)).encode())
    assert isinstance(told, IncomingText)
    assert (told.id, told.sender, len(told.text)) == ("MO1", PHONE, 1600)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"id":"","stat":"DELIVRD","at":"2026-03-02T00:00:00+07:00"}',
     b'{"id":"1","stat":"HAPPY","at":"2026-03-02T00:00:00+07:00"}', b'{"id":"1","stat":"DELIVRD","at":"2026-03-02"}',
     b'{"id":1,"stat":2,"at":3}'],
)  # fmt: skip
def test_a_receipt_that_makes_no_sense_is_refused(body: bytes) -> None:
    with pytest.raises(ReceiptRefused) as caught:
        read(body)
    assert caught.value.code == "unreadable" and caught.value.lo


def test_a_forged_receipt_is_refused() -> None:
    with pytest.raises(ReceiptRefused) as caught:
        read(b"{}", b"forger")
    assert caught.value.code == "wrong"


@pytest.mark.enable_socket
def test_a_killed_operator_remembers_and_reports_when_it_comes_back(
    process: Any, taker: Any, tmp_path: Path
) -> None:
    arguments = ("--data", str(tmp_path / "t.sqlite"), "--receipts", taker.address, "--key", KEY.decode())
    taker.says = 503
    operator = process(MODULE, *arguments)
    message_id = Client(TelcoConfig(operator.address, KEY.decode())).send(PHONE, "ສະບາຍດີ", "1")
    taker.wait_for(1)
    operator.kill()
    taker.says = 200
    operator = process(MODULE, *arguments)
    headers, body = taker.wait_for(2)[-1]
    client = Client(TelcoConfig(operator.address, KEY.decode()))
    receipt = client.read_told(headers, body, [KEY], datetime.now(UTC))
    assert isinstance(receipt, DeliveryReceipt)
    assert (receipt.message_id, receipt.state) == (message_id, "delivered")
    assert client.send(PHONE, "ສະບາຍດີ", "1") == message_id
    assert operator.get(f"/phone/{PHONE}").text.count('class="bubble"') == 1
    assert operator.stop() == 0
