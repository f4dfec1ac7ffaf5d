"""One SMPP connection, the same for both sides: units in and out, answers to questions, and a link that is kept alive."""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from pakan.integrations.telcos.smpp.pdu import (
    ENQUIRE_LINK,
    ENQUIRE_LINK_RESP,
    GENERIC_NACK,
    HEADER,
    INVALID_COMMAND,
    LONGEST,
    UNBIND,
    UNBIND_RESP,
    Malformed,
    Pdu,
    decode,
    encode,
)

log = logging.getLogger(__name__)

PATIENCE = 30.0  # seconds for an answer
ENQUIRE_EVERY = 30.0


class Closed(ConnectionError):
    """The connection ended before the answer: whether the other side acted is unknown."""


Handler = Callable[[Pdu], Awaitable[Pdu | None]]


class Wire:
    """`handle` answers what the other side asks (None: closed without an answer)."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Handler,
        patience: float = PATIENCE, enquire_every: float = ENQUIRE_EVERY,
    ) -> None:  # fmt: skip
        self.reader, self.writer, self.handle = reader, writer, handle
        self.patience, self.enquire_every = patience, enquire_every
        self.numbers = itertools.cycle(range(1, 0x7FFFFFFF))
        self.asked: dict[int, asyncio.Future[Pdu]] = {}
        self.closed = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._keep(self._read())
        self._keep(self._enquire())

    def _keep(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def ask(self, pdu: Pdu) -> Pdu:
        """The answer to a question. Raises Closed, also when the answer does not come in time."""
        if self.closed.is_set():
            raise Closed("closed")
        number = next(self.numbers)
        answer: asyncio.Future[Pdu] = asyncio.get_running_loop().create_future()
        self.asked[number] = answer
        try:
            await self._write(replace(pdu, sequence=number))
            async with asyncio.timeout(self.patience):
                return await answer
        except (TimeoutError, OSError) as error:
            await self.close()
            raise Closed(type(error).__name__) from error
        finally:
            self.asked.pop(number, None)

    async def _write(self, pdu: Pdu) -> None:
        self.writer.write(encode(pdu))
        await self.writer.drain()

    async def _read(self) -> None:
        try:
            while True:
                head = await self.reader.readexactly(4)
                length = int.from_bytes(head)
                if not HEADER <= length <= LONGEST:
                    # Where the next unit begins is not known any more.
                    raise Malformed("length", 2)
                await self._take(head + await self.reader.readexactly(length - 4))
        except (OSError, EOFError, Malformed) as error:
            log.info("connection ends: %s", type(error).__name__)
        finally:
            await self.close()

    async def _take(self, octets: bytes) -> None:
        try:
            pdu = decode(octets)
        except Malformed as fault:
            await self._write(Pdu(GENERIC_NACK, fault.sequence, fault.status))
            return
        if pdu.is_response:
            waiting = self.asked.get(pdu.sequence)
            if waiting is not None and not waiting.done():
                waiting.set_result(pdu)
        elif pdu.command == ENQUIRE_LINK:
            await self._write(Pdu(ENQUIRE_LINK_RESP, pdu.sequence))
        elif pdu.command == UNBIND:
            await self._write(Pdu(UNBIND_RESP, pdu.sequence))
            raise EOFError
        else:
            self._keep(self._answer(pdu))

    async def _answer(self, pdu: Pdu) -> None:
        try:
            answer = await self.handle(pdu)
            if answer is None:
                await self.close()
            else:
                await self._write(replace(answer, sequence=pdu.sequence))
        except (OSError, Malformed):
            await self.close()
        except Exception:  # one bad unit must not look like a dead centre
            log.exception("a unit could not be handled")
            with contextlib.suppress(OSError):
                await self._write(Pdu(GENERIC_NACK, pdu.sequence, INVALID_COMMAND))

    async def _enquire(self) -> None:
        while not self.closed.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.enquire_every):
                    await self.closed.wait()
            if not self.closed.is_set():
                with contextlib.suppress(Closed):
                    await self.ask(Pdu(ENQUIRE_LINK))

    async def close(self) -> None:
        """End it; whoever waits for an answer learns that none will come."""
        if self.closed.is_set():
            return
        self.closed.set()
        for waiting in list(self.asked.values()):
            if not waiting.done():
                waiting.set_exception(Closed("closed"))
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()
