"""The link and the message centre as processes and sockets: each text once, whatever breaks, and its fate always told."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pakan.integrations.telcos import named
from pakan.integrations.telcos.sandbox.centre import Centre
from pakan.integrations.telcos.sandbox.mailbox import Mailbox
from pakan.integrations.telcos.smpp import pdu as smpp
from pakan.integrations.telcos.smpp.book import GRACE, Shelf
from pakan.integrations.telcos.smpp.client import Client
from pakan.integrations.telcos.smpp.link import WINDOW, CentreConfig, Link
from pakan.integrations.telcos.smpp.pdu import Pdu
from pakan.integrations.telcos.telco import (
    DeliveryReceipt,
    IncomingText,
    MessageRefused,
    TelcoConfig,
    TelcoUnreachable,
)

pytestmark = pytest.mark.enable_socket
PHONE = "+8562055551234"
KEY = "key of the tests"
PATIENCE = 60  # seconds until something is taken for lost; not a measure


def until(holds: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + PATIENCE
    while True:
        found = holds()
        if found:
            return found
        assert time.monotonic() < end, what
        time.sleep(0.02)


class World:
    """The centre, and a link to it in a thread. `told` is what would go to the product, oldest first."""

    def __init__(self, folder: Path, **more: Any) -> None:
        self.mailbox = Mailbox(folder / "telco.sqlite")
        self.centre = Centre(self.mailbox, KEY[:8])
        self.centre.start()
        self.shelf = Shelf(folder / "link.sqlite", more.pop("way", "udh"))
        config = CentreConfig("127.0.0.1", self.centre.port, "lsso", more.pop("password", KEY[:8]), **more)
        self.link = Link(self.shelf, config)
        self.thread = threading.Thread(target=lambda: asyncio.run(self.link.run()), daemon=True)
        self.thread.start()

    def end(self) -> None:
        self.link.end()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()
        self.centre.stop()

    def send(self, text: str, key: str, seconds: int = 3600, phone: str = PHONE) -> str:
        text_id = self.shelf.take(phone, "LSSO", text, key, seconds)
        self.link.wake()
        return text_id

    def told(self, text_id: str) -> list[tuple[str, str]]:
        rows = self.shelf.book.read("select body from notices where about = ? order by id", text_id)
        return [(told["stat"], told["reason"]) for told in (json.loads(row["body"]) for row in rows)]

    def fate(self, text_id: str) -> list[tuple[str, str]]:
        return until(lambda: self.told(text_id), "no fate was told")  # type: ignore[no-any-return]

    def states(self, text_id: str) -> list[str]:
        rows = self.shelf.book.read("select state from parts where text_id = ? order by number", text_id)
        return [row["state"] for row in rows]

    def shown(self, phone: str = PHONE) -> list[str]:
        return [message.text for message in self.mailbox.messages(phone)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(**more: Any) -> World:
        made.append(World(tmp_path, **more))
        return made[-1]

    yield make
    for one in made:
        one.end()


LONG = "ເດືອນ ຕຸລາ 2026: ໂຮງງານຕັດຫຍິບ ດອກຈຳປາ ຈ່າຍເງິນສົມທົບ 345.000 ກີບແລ້ວ. ເດືອນນີ້ນັບໃຫ້ທ່ານ. 🙂"


@pytest.mark.parametrize("way", ["udh", "sar", "payload"])
def test_a_long_lao_text_arrives_whole_and_its_delivery_is_told_once(
    world: Callable[..., World], way: str
) -> None:
    here = world(way=way)
    text_id = here.send(LONG, "1")
    assert here.fate(text_id) == [("DELIVRD", "")]
    assert here.shown() == [LONG]
    assert set(here.states(text_id)) == {"delivered"}
    assert len(here.states(text_id)) == (1 if way == "payload" else 2)
    assert here.send(LONG, "1") == text_id
    [row] = here.shelf.book.read("select text from texts")
    assert row["text"] == ""  # the centre has it; the link forgets the words


def test_what_goes_over_the_wire_is_what_the_standard_asks(world: Callable[..., World]) -> None:
    here = world()
    here.fate(here.send("Sign-in code: 123456.", "1", seconds=300))
    here.fate(here.send("ລະຫັດ", "2", phone="+66812345678"))
    code, lao = here.centre.submits
    assert (code.number("source_addr_ton"), code.number("source_addr_npi"), code.text("source_addr")) == (
        5,
        0,
        "LSSO",
    )
    assert (code.number("dest_addr_ton"), code.number("dest_addr_npi")) == (1, 1)
    assert code.text("destination_addr") == "8562055551234" and lao.text("destination_addr") == "66812345678"
    assert (code.number("data_coding"), lao.number("data_coding")) == (0, 8)
    assert (code.number("esm_class"), code.number("registered_delivery")) == (0, 1)
    assert code.text("validity_period") in ("000000000500000R", "000000000459000R", "000000000458000R")
    assert lao.text("validity_period")[:10] in ("0000000059", "0000000100")


@pytest.mark.parametrize("mode", ["hex", "tagged"])
def test_receipts_are_understood_as_this_centre_writes_them(world: Callable[..., World], mode: str) -> None:
    here = world()
    here.mailbox.turn(mode)
    assert here.fate(here.send("x", "1")) == [("DELIVRD", "")]


@pytest.mark.parametrize("mode", ["throttle", "full"])
def test_a_busy_centre_is_asked_again_and_gets_each_text_once(world: Callable[..., World], mode: str) -> None:
    here = world()
    here.mailbox.turn(mode)
    assert here.fate(here.send("x", "1")) == [("DELIVRD", "")]
    assert here.shown() == ["x"]
    assert len(here.centre.submits) == 3


@pytest.mark.parametrize(
    ("mode", "reason"), [("bad_number", "number"), ("bad_sender", "sender"), ("submit_failed", "submit")]
)
def test_a_refused_text_is_not_repeated_and_says_whose_fault_it_is(
    world: Callable[..., World], mode: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    here = world()
    here.mailbox.turn(mode)
    assert here.fate(here.send(LONG, "1")) == [("UNDELIV", reason)]
    assert here.shown() == []
    alarms = [line for line in caplog.records if line.name == "pakan.link" and line.levelname == "ERROR"]
    assert bool(alarms) == (reason != "number")
    assert PHONE not in caplog.text and "8562055551234" not in caplog.text and "345.000" not in caplog.text


def test_a_text_that_got_lost_is_told_as_failed(world: Callable[..., World]) -> None:
    here = world()
    here.mailbox.turn("lose")
    assert here.fate(here.send("x", "1")) == [("UNDELIV", "phone")]


def test_a_doubled_text_and_its_doubled_receipt_are_told_once(world: Callable[..., World]) -> None:
    here = world()
    here.mailbox.turn("double")
    text_id = here.send("x", "1")
    here.fate(text_id)
    until(lambda: not here.mailbox.outgoing(), "receipts are left")
    assert here.told(text_id) == [("DELIVRD", "")] and here.shown() == ["x", "x"]


def test_a_line_that_breaks_before_the_answer_never_sends_twice(world: Callable[..., World]) -> None:
    """Accept at most once: the part is of unknown fate, its receipt names an id that we never got."""
    here = world()
    here.mailbox.turn("drop")
    text_id = here.send("x", "1")
    until(lambda: here.states(text_id) == ["unknown"], "not unknown")
    assert here.fate(here.send("y", "2")) == [("DELIVRD", "")]  # bound again
    assert here.send("x", "1") == text_id
    assert here.fate(here.send("z", "3")) == [("DELIVRD", "")]
    assert sorted(here.shown()) == ["x", "y", "z"]
    with here.shelf.book.change() as base:
        base.execute("update texts set until = ?", (time.time() - GRACE - 1,))
    here.shelf.due(1)
    assert here.told(text_id) == [("UNDELIV", "expired")]


def test_a_late_delivery_wins_over_a_failure(world: Callable[..., World]) -> None:
    here = world()
    here.mailbox.turn("lose")
    text_id = here.send("x", "1")
    assert here.fate(text_id) == [("UNDELIV", "phone")]
    [row] = here.shelf.book.read("select smsc_id from parts")
    assert here.shelf.receipt(row["smsc_id"], "DELIVRD")
    assert here.shelf.receipt(row["smsc_id"], "UNDELIV")
    assert here.told(text_id) == [("UNDELIV", "phone"), ("DELIVRD", "")]
    assert not here.shelf.receipt("nobody's", "DELIVRD")


def test_a_text_that_outlived_its_worth_is_not_sent(world: Callable[..., World]) -> None:
    here = world(password="wrong")  # no bind: everything waits
    text_id = here.send("x", "1", seconds=1)
    with here.shelf.book.change() as base:
        base.execute("update texts set until = 0")
    assert here.shelf.due(1) == []
    assert here.fate(text_id) == [("UNDELIV", "expired")]
    assert here.centre.submits == []


def test_codes_go_before_notices(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "link.sqlite")
    ids = [shelf.take(PHONE, "LSSO", "x", str(at), 300 if at == 2 else 86400) for at in range(4)]
    assert [part.text_id for part in shelf.due(10)] == [ids[2], ids[0], ids[1], ids[3]]


def test_what_somebody_writes_comes_in_once(world: Callable[..., World]) -> None:
    here = world()
    until(lambda: here.link.is_bound, "no bind")
    here.mailbox.typed(PHONE, "ຢຸດ")
    until(lambda: not here.mailbox.outgoing(), "not told")
    [row] = here.shelf.book.read("select body from notices")
    told = json.loads(row["body"])
    assert (told["from"], told["text"]) == (PHONE, "ຢຸດ")


class Mute:
    """A centre that takes binds and submits and answers only when told to: how many questions are open is seen."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.units: list[Pdu] = []
        self.line: socket.socket | None = None
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        self.line, _ = self.server.accept()
        while head := self.line.recv(4, socket.MSG_WAITALL):
            rest = self.line.recv(int.from_bytes(head) - 4, socket.MSG_WAITALL)
            unit = smpp.decode(head + rest)
            if unit.command == smpp.BIND_TRANSCEIVER:
                self.answer(Pdu(smpp.BIND_TRANSCEIVER_RESP, unit.sequence, body={"system_id": b"mute"}))
            elif unit.command == smpp.ENQUIRE_LINK:
                self.units.append(unit)
                self.answer(Pdu(smpp.ENQUIRE_LINK_RESP, unit.sequence))
            else:
                self.units.append(unit)

    def answer(self, unit: Pdu) -> None:
        assert self.line is not None
        self.line.sendall(smpp.encode(unit))


def run_link(link: Link, while_it_runs: Callable[[], None]) -> None:
    thread = threading.Thread(target=lambda: asyncio.run(link.run()), daemon=True)
    thread.start()
    try:
        while_it_runs()
    finally:
        link.end()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_no_more_than_a_window_of_questions_is_open(tmp_path: Path) -> None:
    centre, shelf = Mute(), Shelf(tmp_path / "link.sqlite")
    for at in range(25):
        shelf.take(PHONE, "LSSO", "x", str(at), 3600)

    def look() -> None:
        until(lambda: len(centre.units) == WINDOW, "not a window")
        for at in range(5):
            centre.answer(
                Pdu(smpp.SUBMIT_SM_RESP, centre.units[at].sequence, body={"message_id": b"%d" % at})
            )
        until(lambda: len(centre.units) == WINDOW + 5, "the window did not move")
        assert len(centre.units) == WINDOW + 5

    run_link(Link(shelf, CentreConfig("127.0.0.1", centre.port, "lsso", "x", patience=2)), look)
    states = [row["state"] for row in shelf.book.read("select state from parts")]
    assert (
        states.count("unknown") == WINDOW and states.count("accepted") == 5 and states.count("waiting") == 10
    )


def test_the_line_is_asked_whether_it_lives_and_strange_units_are_answered(tmp_path: Path) -> None:
    centre, shelf = Mute(), Shelf(tmp_path / "link.sqlite")

    def look() -> None:
        until(
            lambda: [one for one in centre.units if one.command == smpp.ENQUIRE_LINK],
            "nobody asked",
        )
        assert centre.line is not None
        centre.line.sendall(bytes.fromhex("00000010 00000103 00000000 00000007"))  # data_sm is none of ours
        nack = until(
            lambda: [one for one in centre.units if one.command == smpp.GENERIC_NACK], "no answer to nonsense"
        )[0]
        assert (nack.sequence, nack.status) == (7, smpp.INVALID_COMMAND)

    config = CentreConfig("127.0.0.1", centre.port, "lsso", "x", enquire_every=0.2)
    run_link(Link(shelf, config), look)


# Processes


@pytest.fixture
def centre(process: Any, tmp_path: Path) -> tuple[Any, str]:
    operator = process(
        "pakan.integrations.telcos.sandbox", "--data", str(tmp_path / "t.sqlite"), "--key", KEY, "--smpp-port", "0"
    )  # fmt: skip
    return operator, operator.process.stdout.readline().strip().split(" on ")[1]


@pytest.fixture
def link(
    process: Any, taker: Any, tmp_path: Path, centre: tuple[Any, str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    monkeypatch.setenv("PAKAN_LINK_KEY", KEY)
    monkeypatch.setenv("PAKAN_SMPP_PASSWORD", KEY)

    def start(*more: str) -> Any:
        return process(
            "pakan.integrations.telcos.smpp", "--data", str(tmp_path / "link.sqlite"), "--receipts", taker.address,
            "--centre", centre[1], *more,
        )  # fmt: skip

    return start


def ours(address: str) -> Client:
    client = named("smpp", TelcoConfig(address, KEY))
    assert isinstance(client, Client)
    return client


def tells(taker: Any, client: Client, many: int) -> list[DeliveryReceipt | IncomingText]:
    return [
        client.read_told(headers, body, [KEY.encode()], datetime.now(UTC))
        for headers, body in taker.wait_for(many)
    ]


def test_from_our_worker_to_the_telephone_and_back(
    link: Callable[..., Any], taker: Any, centre: tuple[Any, str]
) -> None:
    running = link()
    client = ours(running.address)
    text_id = client.send(PHONE, LONG, "k1", timedelta(minutes=5))
    assert client.send(PHONE, LONG, "k1") == text_id
    [told] = tells(taker, client, 1)
    assert isinstance(told, DeliveryReceipt) and (told.message_id, told.state) == (text_id, "delivered")
    page = centre[0].get(f"/phone/{PHONE}").text
    assert page.count('class="bubble"') == 1 and "ດອກຈຳປາ" in page and "2 ສ່ວນ" in page
    assert centre[0].post(f"/reply/{PHONE}", {"text": "ຍອດ"}).status_code == 303
    wrote = tells(taker, client, 2)[-1]
    assert isinstance(wrote, IncomingText) and (wrote.sender, wrote.text) == (PHONE, "ຍອດ")
    with pytest.raises(MessageRefused):
        client.send("020", "x", "k2")
    with pytest.raises(TelcoUnreachable):
        named("smpp", TelcoConfig(running.address, "wrong")).send(PHONE, "x", "k3")
    assert running.get("/health").json() == {"bound": True}
    assert running.get("/messages").status_code == 404
    assert running.stop() == 0


def test_a_link_killed_in_the_middle_sends_nothing_twice_and_nothing_is_lost(
    link: Callable[..., Any], taker: Any, centre: tuple[Any, str]
) -> None:
    """Kill it with a heap of texts on the way: each arrives once, or is known to be unknown; what waited is sent."""
    running = link()
    client = ours(running.address)
    keys = [f"k{at}" for at in range(60)]
    ids = [client.send(PHONE, f"text {key}", key) for key in keys]
    running.kill()
    running = link()
    client = ours(running.address)
    # Workers ask again with the same key after their time-out.
    assert [client.send(PHONE, f"text {key}", key) for key in keys] == ids
    shelf = Shelf(Path(running.process.args[running.process.args.index("--data") + 1]))

    def is_settled() -> bool:
        rows = shelf.book.read(
            "select count(*) as many from parts where state not in ('delivered', 'unknown')"
        )
        return bool(rows[0]["many"] == 0)

    until(is_settled, "texts are left")
    shown = Mailbox(shelf.book.path.with_name("t.sqlite")).messages(PHONE)
    texts = [message.text for message in shown]
    assert len(texts) == len(set(texts))
    unknown = shelf.book.read("select count(*) as many from parts where state = 'unknown'")[0]["many"]
    assert len(texts) >= len(keys) - unknown
    assert running.stop() == 0
