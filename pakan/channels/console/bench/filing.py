"""Files one month for many employers at a fixed rate, as their people do on the last evening. A process of its own; no Django.

`python -m pakan.channels.console.bench.filing <address> <filings a minute>` with a JSON list of [session, code, month] on the
standard input prints one JSON line: for each filing the seconds of the whole evening's path and of its receipt alone.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Sequence

import httpx

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SHEET = re.compile(r'name="sheet" value="(\d+)"')
REVISION = re.compile(r'name="revision" value="(\d+)"')
PATIENCE = 60.0  # seconds for one answer
Filing = tuple[str, str, str]  # session, code of the employer, month


class Lost(RuntimeError):
    """A filing that did not come to its receipt."""


def _found(pattern: re.Pattern[str], page: httpx.Response) -> str:
    match = pattern.search(page.text)
    if match is None:
        raise Lost(f"{page.request.url} ({page.status_code}) has no {pattern.pattern[:20]}")
    return match[1]


async def file(address: str, filing: Filing) -> tuple[float, float]:
    """Same as last month, hand over, approve, see the receipt: seconds of all of it, and of approving alone."""
    session, code, month = filing
    base = f"{address}/employer/{code}/{month}/"
    began = time.perf_counter()
    cookies = {"session": session, "language": "lo"}
    async with httpx.AsyncClient(
        cookies=cookies, headers={"Referer": base}, timeout=PATIENCE, follow_redirects=True, trust_env=False
    ) as visitor:
        start = await visitor.get(base)
        form = {"csrfmiddlewaretoken": _found(TOKEN, start), "way": "last", "key": f"{code}-{month}"}
        check = await visitor.post(base, data=form)
        form = {
            "csrfmiddlewaretoken": _found(TOKEN, check),
            "sheet": _found(SHEET, check),
            "revision": _found(REVISION, check),
        }
        approve = await visitor.post(f"{base}hand-over/", data=form)
        if "approve" not in str(approve.url):
            approve = await visitor.get(f"{base}approve/")
        signed = time.perf_counter()
        form = {
            "csrfmiddlewaretoken": _found(TOKEN, approve),
            "revision": _found(REVISION, approve),
            "do": "approve",
        }
        receipt = await visitor.post(f"{base}approve/", data=form)
        if receipt.status_code != 200 or not str(receipt.url).endswith("/pay/"):
            raise Lost(f"{receipt.url} answered {receipt.status_code}")
    return time.perf_counter() - began, time.perf_counter() - signed


async def evening(address: str, a_minute: float, filings: Sequence[Filing]) -> dict[str, object]:
    """Begin a filing every 60 / `a_minute` seconds, whether or not the earlier ones are through."""
    began, took, lost = time.perf_counter(), [], []

    async def one(filing: Filing) -> None:
        try:
            took.append(await file(address, filing))
        except (Lost, httpx.HTTPError) as fault:
            lost.append(f"{filing[1]}: {type(fault).__name__} {fault}")

    async with asyncio.TaskGroup() as group:
        for number, filing in enumerate(filings):
            await asyncio.sleep(max(0.0, began + number * 60 / a_minute - time.perf_counter()))
            group.create_task(one(filing))
    return {"seconds": time.perf_counter() - began, "took": took, "lost": lost}


if __name__ == "__main__":
    told = [(session, code, month) for session, code, month in json.loads(sys.stdin.read())]
    print(json.dumps(asyncio.run(evening(sys.argv[1], float(sys.argv[2]), told))))
