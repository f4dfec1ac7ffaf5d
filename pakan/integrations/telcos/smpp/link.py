"""The link at work: binds, submits with a window, takes receipts and texts, binds again when the line breaks."""

import asyncio
import contextlib
import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pakan.integrations.telcos.smpp import pdu as smpp
from pakan.integrations.telcos.smpp.book import Part, Shelf
from pakan.integrations.telcos.smpp.letters import pieces, read
from pakan.integrations.telcos.smpp.pdu import Malformed, Pdu
from pakan.integrations.telcos.smpp.receipts import is_receipt, receipt_of
from pakan.integrations.telcos.smpp.wire import ENQUIRE_EVERY, PATIENCE, Closed, Wire

log = logging.getLogger("pakan.link")

WINDOW = 10
LONGEST_WAIT = 60.0
LAST_ANSWERS = 5.0
BUSY = {smpp.QUEUE_FULL, smpp.THROTTLED, smpp.SYSTEM_ERROR}
# What the centre says no to for good. The first is about the number; the others are ours to mend, so they alarm.
REFUSED = {smpp.INVALID_DESTINATION: "number", smpp.INVALID_SOURCE: "sender", smpp.SUBMIT_FAILED: "submit"}
ALPHANUMERIC, SHORT_CODE, INTERNATIONAL, ISDN = 5, 3, 1, 1


@dataclass(frozen=True)
class CentreConfig:
    """How we reach the message centre."""

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    patience: float = PATIENCE
    enquire_every: float = ENQUIRE_EVERY


class Link:
    """Runs until `end`. `wake` and `end` are thread-safe; `wake` says that a text was taken.

    Ended by a flag, not by cancelling: a cancelled wait that comes true at the same moment forgets that it was cancelled.
    """

    def __init__(self, shelf: Shelf, centre: CentreConfig, told: Callable[[], None] = lambda: None) -> None:
        self.shelf, self.centre, self.told = shelf, centre, told
        self.window = asyncio.Semaphore(WINDOW)
        self.is_bound = False
        self.paused_until = 0.0
        self.is_ending = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()

    def wake(self) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._wake.set)

    def end(self) -> None:
        self.is_ending = True
        self.wake()

    async def _rest(self, seconds: float) -> None:
        """Until somebody wakes us, or so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        lost = self.shelf.after_a_crash()
        if lost:
            log.warning("parts of unknown fate after a crash: %d", lost)
        wait = 0.5
        while not self.is_ending:
            self._wake.clear()
            try:
                wire = await self._bind()
            except (OSError, Closed, Malformed, TimeoutError) as error:
                log.warning("no bind: %s; again in %g s", type(error).__name__, wait)
                await self._pause(wait)
                wait = min(wait * 2, LONGEST_WAIT)
                continue
            wait = 0.5
            self.is_bound = True
            try:
                await self._carry(wire)
            finally:
                self.is_bound = False
                await self._unbind(wire)

    async def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.is_ending and time.monotonic() < until:
            self._wake.clear()
            await self._rest(until - time.monotonic())

    async def _bind(self) -> Wire:
        async with asyncio.timeout(self.centre.patience):
            reader, writer = await asyncio.open_connection(self.centre.host, self.centre.port)
        wire = Wire(reader, writer, self.handle, self.centre.patience, self.centre.enquire_every)
        wire.start()
        body: dict[str, smpp.Value] = {
            "system_id": self.centre.system_id.encode(),
            "password": self.centre.password.encode(),
            "interface_version": 0x34,
        }
        answer = await wire.ask(Pdu(smpp.BIND_TRANSCEIVER, body=body))
        if answer.command != smpp.BIND_TRANSCEIVER_RESP or answer.status != smpp.OK:
            log.error("the centre refuses our bind: 0x%02x", answer.status)
            await wire.close()
            raise Closed("bind refused")
        return wire

    @staticmethod
    async def _unbind(wire: Wire) -> None:
        if not wire.closed.is_set():
            with contextlib.suppress(Closed, TimeoutError):
                async with asyncio.timeout(LAST_ANSWERS):
                    await wire.ask(Pdu(smpp.UNBIND))
        await wire.close()

    async def _carry(self, wire: Wire) -> None:
        """Submit what is due while the line holds; at most a window of answers is open."""
        leaving: set[asyncio.Task[None]] = set()
        try:
            while not wire.closed.is_set() and not self.is_ending:
                self._wake.clear()
                if time.time() >= self.paused_until:
                    for part in self.shelf.due(WINDOW):
                        await self.window.acquire()
                        if wire.closed.is_set():
                            self.window.release()
                            break
                        self.shelf.submitting(part)
                        task = asyncio.create_task(self._submit(wire, part))
                        leaving.add(task)
                        task.add_done_callback(leaving.discard)
                        task.add_done_callback(lambda _: self.wake())
                await self._rest(0.5)
        finally:
            if leaving:
                # Asked to end: answers that are under way may still come.
                await asyncio.wait(leaving, timeout=LAST_ANSWERS)
                await wire.close()
                await asyncio.gather(*leaving, return_exceptions=True)

    async def _submit(self, wire: Wire, part: Part) -> None:
        try:
            answer = await wire.ask(submit(part, self.shelf))
        except Closed:
            self.shelf.unknown(part)
            log.warning("a part left and no answer came")
        except Malformed:
            self.shelf.end(part.text_id, part.number, "failed", "number")
        else:
            self._answered(part, answer)
        finally:
            self.window.release()
            self.told()

    def _answered(self, part: Part, answer: Pdu) -> None:
        if answer.command == smpp.SUBMIT_SM_RESP and answer.status == smpp.OK:
            self.shelf.accepted(part, answer.text("message_id"))
        elif answer.status in BUSY:
            pause = min(2.0**part.tries * 0.5, LONGEST_WAIT)
            self.shelf.wait(part, pause)
            self.paused_until = time.time() + pause  # all of us: the centre counts us together
        else:
            reason = REFUSED.get(answer.status, "submit")
            self.shelf.end(part.text_id, part.number, "failed", reason)
            if reason != "number":
                log.error("the centre refuses our texts: 0x%02x", answer.status)

    async def handle(self, asked: Pdu) -> Pdu | None:
        """deliver_sm: kept before it is answered, so that what is answered is never lost."""
        if asked.command != smpp.DELIVER_SM:
            return Pdu(smpp.GENERIC_NACK, status=smpp.INVALID_COMMAND)
        try:
            if is_receipt(asked):
                told = receipt_of(asked)
                if told is None or not self.shelf.receipt(told.message_id, told.stat):
                    log.info("a receipt for an unknown id")
            else:
                sender = "+" + asked.text("source_addr").lstrip("+")
                self.shelf.heard(_id_of(asked), sender, read(asked).text)
        except OSError:
            return Pdu(smpp.DELIVER_SM_RESP, status=smpp.SYSTEM_ERROR)
        self.told()
        return Pdu(smpp.DELIVER_SM_RESP)


def _id_of(asked: Pdu) -> str:
    """An incoming text has no id in SMPP: the same words of the same number in the same minute are one."""
    minute = int(time.time() // 60)
    whole = f"{asked.text('source_addr')}|{minute}|".encode() + asked.message
    return "MO" + hashlib.sha256(whole).hexdigest()[:20]


def submit(part: Part, shelf: Shelf) -> Pdu:
    """The submit_sm of a part (standards of messages, section 3)."""
    piece = pieces(part.text, part.reference, shelf.way)[part.number - 1]
    body: dict[str, smpp.Value] = {
        "source_addr_ton": SHORT_CODE if part.sender.isdigit() else ALPHANUMERIC,
        "source_addr_npi": 0,
        "source_addr": part.sender.encode("ascii", "replace"),
        "dest_addr_ton": INTERNATIONAL,
        "dest_addr_npi": ISDN,
        "destination_addr": part.phone.lstrip("+").encode(),
        "esm_class": piece.esm_class,
        "validity_period": validity(part.until - time.time()).encode(),
        "registered_delivery": 1,
        "data_coding": piece.data_coding,
        "short_message": piece.short_message,
    }
    return Pdu(smpp.SUBMIT_SM, body=body, tagged=piece.tagged)


def validity(seconds: float) -> str:
    """Relative time of SMPP, YYMMDDhhmmss000R: so much longer is the text worth delivering."""
    left = max(1, int(seconds))
    days, rest = divmod(left, 86400)
    return f"0000{min(days, 31):02}{rest // 3600:02}{rest // 60 % 60:02}{rest % 60:02}000R"
