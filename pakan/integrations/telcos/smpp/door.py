"""The link's small HTTP door for our workers, and its start."""

import argparse
import asyncio
import logging
import os
import signal
import threading
from pathlib import Path

from pakan.integrations.sandbox.outbox import Sender, post
from pakan.integrations.sandbox.web import Ask, Reply, serve
from pakan.integrations.telcos.counter import accept, as_json
from pakan.integrations.telcos.smpp.book import Shelf
from pakan.integrations.telcos.smpp.link import CentreConfig, Link


class Door:
    """POST /messages as any operator takes them; GET /health says whether the bind holds."""

    def __init__(self, shelf: Shelf, link: Link, token: str) -> None:
        self.shelf, self.link, self.token = shelf, link, token

    def answer(self, ask: Ask) -> Reply:
        if ask.method == "GET" and ask.path == "/health":
            return as_json({"bound": self.link.is_bound}, 200 if self.link.is_bound else 503)
        if ask.method != "POST" or ask.path != "/messages":
            return as_json({"error": "not found"}, 404)
        taken = accept(ask, self.token)
        if isinstance(taken, Reply):
            return taken
        text_id = self.shelf.take(taken.to, taken.sender, taken.text, taken.key, taken.seconds)
        self.link.wake()
        return as_json({"id": text_id}, 201)


async def _run(link: Link) -> None:
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, link.end)
    await link.run()


def main(arguments: list[str] | None = None) -> None:
    """Serve until a signal says stop."""
    reader = argparse.ArgumentParser(prog="python -m pakan.integrations.telcos.smpp", description=__doc__)
    reader.add_argument("--port", type=int, default=8003)
    reader.add_argument("--data", type=Path, required=True, help="SQLite file, made if it is not there")
    reader.add_argument("--receipts", required=True, help="address that takes receipts and incoming texts")
    reader.add_argument("--centre", default="127.0.0.1:2775", help="host:port of the message centre")
    reader.add_argument("--system-id", default=os.environ.get("PAKAN_SMPP_ID", "lsso"))
    reader.add_argument("--way", choices=("udh", "sar", "payload"), default="udh", help="how long texts go")
    reader.add_argument("--patience", type=float, default=30.0, help="seconds for an answer")
    given = reader.parse_args(arguments)
    key, password = os.environ.get("PAKAN_LINK_KEY", ""), os.environ.get("PAKAN_SMPP_PASSWORD", "")
    if not key or not password:
        reader.error("set PAKAN_LINK_KEY and PAKAN_SMPP_PASSWORD")
    logging.basicConfig(level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    host, _, port = given.centre.rpartition(":")
    shelf = Shelf(given.data, given.way)
    sender = Sender(shelf.book, given.receipts, key.encode(), post)
    link = Link(
        shelf, CentreConfig(host, int(port), given.system_id, password[:8], given.patience), sender.wake
    )
    server = serve(given.port, Door(shelf, link, key).answer)
    sender.start()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    print(f"link on http://127.0.0.1:{server.server_address[1]}", flush=True)
    try:
        asyncio.run(_run(link))
    finally:
        server.shutdown()
        server.server_close()
        sender.stop()
