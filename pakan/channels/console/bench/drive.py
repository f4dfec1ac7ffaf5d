"""Asks pages at a fixed rate, whether or not the earlier ones came: as people do. A process of its own; no Django.

`python -m pakan.channels.console.bench.drive <port> <rate> <seconds>` with the session keys on the standard input prints
one JSON line: milliseconds of each answer as its caller waited, by page; what was lost; and the processor time of this
process itself.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

PAGES = ("/member/", "/member/record/", "/member/card/")
LINES = 64  # connections kept open
KEPT = f"language=lo; csrf={'x' * 32}"  # what each phone has after its first page
PATIENCE = 30.0  # seconds, after which a person has gone away
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Driven:
    waited: dict[str, list[float]] = field(default_factory=lambda: {page: [] for page in PAGES})
    lost: list[str] = field(default_factory=list)


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, page: str, session: str) -> int:
    """The status of one answer, read whole."""
    head = f"GET {page} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nCookie: session={session}; {KEPT}\r\n\r\n"
    writer.write(head.encode())
    answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = next((line for line in answer.split("\r\n") if line.startswith("content-length:")), "")
    if length:
        await reader.readexactly(int(length.split(":")[1]))
    else:
        while (size := int((await reader.readline()).strip() or b"0", 16)) > 0:
            await reader.readexactly(size + 2)
        await reader.readline()
    return int(answer.split(" ", 2)[1])


async def drive(port: int, rate: float, seconds: float, sessions: Sequence[str]) -> Driven:
    """Waiting times in ms by page, from the moment an answer was due to be asked for, also when no line was free then."""
    free: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(LINES):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    found, began = Driven(), time.perf_counter()

    async def one(number: int, due: float) -> None:
        page = PAGES[number % len(PAGES)]
        line = await free.get()
        try:
            key = sessions[(number // len(PAGES)) % len(sessions)]
            status = await asyncio.wait_for(_ask(*line, page, key), PATIENCE)
        except (TimeoutError, OSError, EOFError) as fault:
            found.lost.append(f"{page} {type(fault).__name__}")
            line[1].close()
            line = await asyncio.open_connection("127.0.0.1", port)
        else:
            if status == 200:
                found.waited[page].append((time.perf_counter() - due) * 1000)
            else:
                found.lost.append(f"{page} {status}")
        free.put_nowait(line)

    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(number, due))
    return found


if __name__ == "__main__":
    keys = sys.stdin.read().split()
    done = asyncio.run(drive(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), keys))
    print(json.dumps({"waited": done.waited, "lost": done.lost, "cpu": time.process_time()}))
