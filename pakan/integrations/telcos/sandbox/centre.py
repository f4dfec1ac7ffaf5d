"""The sandbox operator's message centre: the other side of SMPP 3.4, on this machine only.

Wayward on request (see `mailbox.MODES`): it loses, delays, doubles, throttles, refuses, breaks the line.
"""

import asyncio
import contextlib
import hmac
import threading
from datetime import UTC, datetime, timedelta, timezone

from pakan.integrations.telcos.counter import is_phone
from pakan.integrations.telcos.sandbox.mailbox import Mailbox, Outgoing
from pakan.integrations.telcos.smpp import pdu as smpp
from pakan.integrations.telcos.smpp.letters import UCS2, read
from pakan.integrations.telcos.smpp.pdu import Pdu
from pakan.integrations.telcos.smpp.receipts import IS_RECEIPT, STATE_NUMBERS, receipt_text
from pakan.integrations.telcos.smpp.wire import Closed, Wire

VIENTIANE = timezone(timedelta(hours=7))
OUR_NUMBER = b"1508"
SAYS_NO = {
    "throttle": smpp.THROTTLED,
    "full": smpp.QUEUE_FULL,
    "bad_number": smpp.INVALID_DESTINATION,
    "bad_sender": smpp.INVALID_SOURCE,
    "submit_failed": smpp.SUBMIT_FAILED,
}


class Centre:
    """Runs in a thread with a loop of its own."""

    def __init__(self, mailbox: Mailbox, password: str, enquire_every: float = 30.0) -> None:
        self.mailbox, self.password, self.enquire_every = mailbox, password, enquire_every
        self.port = 0
        self.bound: list[Wire] = []
        self.submits: list[Pdu] = []  # what came, for tests that look at the wire
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="centre", daemon=True)
        self._wanted = 0

    def start(self, port: int = 0) -> None:
        self._wanted = port
        self._thread.start()
        self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._meet, "127.0.0.1", self._wanted)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        while not self._end.is_set():
            await self._tell()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    await self._end.wait()
        server.close()
        for wire in list(self.bound):
            await wire.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visitor = Visitor(self, reader, writer)
        visitor.wire.start()
        await visitor.wire.closed.wait()
        if visitor.wire in self.bound:
            self.bound.remove(visitor.wire)

    async def _tell(self) -> None:
        """Receipts and typed texts, to the first that holds a bind; again until it says yes."""
        if not self.bound:
            return
        for one in self.mailbox.outgoing():
            try:
                answer = await self.bound[0].ask(deliver(one, self.mailbox.mode))
            except (Closed, IndexError):
                self.mailbox.told(one.id, False)
                return
            self.mailbox.told(one.id, answer.status == smpp.OK)


class Visitor:
    """One connection: it must bind before it may submit."""

    def __init__(self, centre: Centre, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.centre = centre
        self.wire = Wire(reader, writer, self.handle, enquire_every=centre.enquire_every)

    async def handle(self, asked: Pdu) -> Pdu | None:
        if asked.command == smpp.BIND_TRANSCEIVER:
            return self._bind(asked)
        if asked.command != smpp.SUBMIT_SM:
            return Pdu(smpp.GENERIC_NACK, status=smpp.INVALID_COMMAND)
        if self.wire not in self.centre.bound:
            return Pdu(smpp.SUBMIT_SM_RESP, status=smpp.INVALID_BIND)
        return self._submit(asked)

    def _bind(self, asked: Pdu) -> Pdu:
        if not hmac.compare_digest(asked.text("password").encode(), self.centre.password.encode()):
            return Pdu(smpp.BIND_TRANSCEIVER_RESP, status=smpp.BIND_FAILED)
        self.centre.bound.append(self.wire)
        return Pdu(smpp.BIND_TRANSCEIVER_RESP, body={"system_id": b"sandbox"})

    def _submit(self, asked: Pdu) -> Pdu | None:
        self.centre.submits.append(asked)
        mailbox = self.centre.mailbox
        mode = mailbox.passing()
        phone = f"+{asked.text('destination_addr')}"
        if mode in SAYS_NO or not is_phone(phone):
            return Pdu(smpp.SUBMIT_SM_RESP, status=SAYS_NO.get(mode, smpp.INVALID_DESTINATION))
        now = datetime.now(UTC).astimezone(VIENTIANE)
        message_id = mailbox.take_part(phone, asked.text("source_addr"), read(asked), now, mode)
        if mode == "drop":
            return None
        return Pdu(smpp.SUBMIT_SM_RESP, body={"message_id": message_id.encode()})


def deliver(one: Outgoing, mode: str) -> Pdu:
    """The deliver_sm of a receipt, or of what somebody typed."""
    body: dict[str, smpp.Value] = {
        "source_addr_ton": 1, "source_addr_npi": 1, "source_addr": one.phone.lstrip("+").encode(),
        "destination_addr": one.sender.encode("ascii", "replace") or OUR_NUMBER,
    }  # fmt: skip
    if not one.stat:
        body |= {"data_coding": UCS2, "short_message": one.text[:127].encode("utf-16-be")}
        return Pdu(smpp.DELIVER_SM, body=body)
    message_id = f"{int(one.message_id):X}" if mode == "hex" else one.message_id
    body["esm_class"] = IS_RECEIPT
    if mode == "tagged":
        number = next(at for at, stat in STATE_NUMBERS.items() if stat == one.stat)
        tags = {smpp.RECEIPTED_ID: message_id.encode() + b"\0", smpp.MESSAGE_STATE: bytes([number])}
        return Pdu(smpp.DELIVER_SM, body=body, tagged=tags)
    words = one.text[:20].encode("ascii", "replace").decode()
    body["short_message"] = receipt_text(message_id, one.stat, one.made, one.made, words).encode("ascii")
    return Pdu(smpp.DELIVER_SM, body=body)
