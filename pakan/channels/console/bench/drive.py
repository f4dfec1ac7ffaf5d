"""Asks pages at a fixed rate, whether or not the earlier ones came: as people do. A process of its own; no Django.

`python -m pakan.channels.console.bench.drive <port> <rate> <seconds>` with the session keys on the standard input prints
one JSON line: milliseconds of each answer as its caller waited, by page.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence

PAGES = ("/member/", "/member/record/", "/member/card/")
LINES = 48  # connections kept open


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, page: str, session: str) -> int:
    """The status of one answer, read whole."""
    head = f"GET {page} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nCookie: session={session}; language=lo\r\n\r\n"
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


async def drive(port: int, rate: float, seconds: float, sessions: Sequence[str]) -> dict[str, list[float]]:
    """Waiting times in ms by page, from the moment an answer was due to be asked for. Raises for any other than 200."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(LINES):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    found: dict[str, list[float]] = {page: [] for page in PAGES}
    began = time.perf_counter()

    async def one(number: int, due: float) -> None:
        line = await free.get()
        page = PAGES[number % len(PAGES)]
        status = await _ask(*line, page, sessions[(number // len(PAGES)) % len(sessions)])
        found[page].append((time.perf_counter() - due) * 1000)
        free.put_nowait(line)
        if status != 200:
            raise RuntimeError(f"{page} answered {status}")

    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(number, due))
    return found


if __name__ == "__main__":
    keys = sys.stdin.read().split()
    print(json.dumps(asyncio.run(drive(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), keys))))
